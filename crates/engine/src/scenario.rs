//! Scenarios: a whole life as a file, played on a manual clock against the real
//! engine, with expectations. The format is described in `docs/scenarios.md`.

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

pub use expect::Check;
pub use mailbox::Mailbox;
pub use play::{Files, Player, Report, StepReport};
pub use public_pages::PublicPages;
pub use step::{Action, Scenario, Step};
