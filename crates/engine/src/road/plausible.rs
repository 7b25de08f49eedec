//! What nobody can have meant is refused before it goes down the road.

use contract::declare::fact::{Fact, HeldReturned};
use contract::road::bounds::YEARS;
use contract::road::plausible::implausible;
use contract::road::stream::{Content, Input};

use crate::road::outcome::EngineError;

/// What nobody can have meant: money of a later day, half of what needs two
/// persons, something that happens after it is known, amounts and days with
/// which no rule can count.
pub(crate) fn check_entry(input: &Input) -> Result<(), EngineError> {
    let today = input.known_at.day();
    let problem = match &input.content {
        _ if input.occurred_at > input.known_at => {
            format!("{} is later than now, {}", input.occurred_at, input.known_at)
        }
        Content::Fact(Fact::PaymentCredited(payment)) if payment.on > today => {
            format!("the payment is of {}, later than today", payment.on)
        }
        Content::Fact(Fact::HeldReturned(HeldReturned { on, .. })) if *on > today => {
            format!("the transfer is of {on}, later than today")
        }
        Content::Act(act) if act.needs_approval() => {
            format!("\"{}\" needs two persons: one proposes it, another approves", act.name())
        }
        content => match implausible(content) {
            Some(problem) => problem,
            None if !YEARS.contains(&input.occurred_at.day().year()) => {
                format!("occurred_at is {}, in no plausible year", input.occurred_at)
            }
            None => return Ok(()),
        },
    };
    Err(EngineError::Refused(problem))
}
