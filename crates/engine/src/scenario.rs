//! Scenarios: a whole life as a file, played on a manual clock against the real
//! engine, with expectations. The format is described in `docs/scenarios.md`.

/// The enum of a chapter of steps, with the names that `do` can have in it.
macro_rules! steps { (
    $(#[$about:meta])*
    pub enum $chapter:ident { $($(#[$doc:meta])* $step:ident $body:tt),* $(,)? }
) => {
    $(#[$about])*
    #[derive(Debug, Clone, Deserialize)]
    #[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
    pub enum $chapter { $($(#[$doc])* $step $body),* }

    impl $chapter {
        pub(super) fn names() -> impl Iterator<Item = String> {
            [$(stringify!($step)),*].into_iter().map(crate::scenario::name_of)
        }
    }
} }

mod action;
mod arrivals;
mod correction;
mod desk;
mod expect;
mod files;
mod form;
mod mailbox;
mod notices;
mod play;
mod public_pages;
mod step;
mod when;

pub use action::Action;
pub use expect::Check;
pub use mailbox::Mailbox;
pub use play::{Files, Player, Report, StepReport};
pub use public_pages::PublicPages;
pub use step::{Scenario, Step};

/// The name of a step as files have it: `apply_payment` of `ApplyPayment`.
fn name_of(step: &str) -> String {
    let mut name = String::new();
    for letter in step.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
