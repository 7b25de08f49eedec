//! What is counted for monitoring: kinds and outcomes, never ids or persons.

use std::fmt::Write;

use contract::road::stream::{Content, Input};

use crate::keeping::ports::Delivery;
use crate::road::outcome::Outcome;

/// Inputs that were registered, by kind; `refused` counts acts only.
pub const REGISTRATIONS: &str = "yakkan_registrations_total";
/// Attempts to hand a mail to the outgoing server, by outcome.
pub const MAILS: &str = "yakkan_mails_total";

pub(crate) fn registered(input: &Input, outcome: &Outcome) {
    let (content, kind) = kind(&input.content);
    let refused = if outcome.refused { "true" } else { "false" };
    metrics::counter!(REGISTRATIONS, "content" => content, "kind" => kind, "refused" => refused)
        .increment(1);
}

pub(crate) fn mail(delivery: &Delivery) {
    let outcome = match delivery {
        Delivery::Accepted { .. } => "accepted",
        Delivery::Deferred { .. } => "deferred",
        Delivery::Refused { .. } => "refused",
        Delivery::Unclear { .. } => "unclear",
    };
    metrics::counter!(MAILS, "outcome" => outcome).increment(1);
}

/// `fact`, `act` or `clock`, and the name of the variant.
pub(crate) fn kind(content: &Content) -> (&'static str, String) {
    match content {
        Content::Fact(fact) => ("fact", variant(fact)),
        Content::Act(act) => ("act", act.name().to_owned()),
        Content::Clock => ("clock", "clock".to_owned()),
        Content::Edition => ("edition", "edition".to_owned()),
    }
}

/// The name that a derived `Debug` writes first, in snake case. Nothing of the
/// content is looked at.
fn variant(of: &impl std::fmt::Debug) -> String {
    let mut name = FirstWord(String::new());
    // Ends with an error on purpose, at the first sign that is no letter.
    let _ = write!(name, "{of:?}");
    name.0
}

struct FirstWord(String);

impl Write for FirstWord {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for sign in text.chars() {
            if !sign.is_ascii_alphabetic() {
                return Err(std::fmt::Error);
            }
            if sign.is_ascii_uppercase() && !self.0.is_empty() {
                self.0.push('_');
            }
            self.0.push(sign.to_ascii_lowercase());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::declare::fact::{Fact, UpstreamSuspended};
    use contract::declare::ids::ContractId;

    #[test]
    fn a_kind_is_the_name_of_the_variant_and_nothing_of_its_content() {
        let contract = ContractId("K-1 山田".to_owned());
        let fact = Content::Fact(Fact::UpstreamSuspended(UpstreamSuspended { contract }));
        assert_eq!(kind(&fact), ("fact", "upstream_suspended".to_owned()));
        assert_eq!(kind(&Content::Clock).0, "clock");
    }
}
