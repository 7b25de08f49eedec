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
mod step;

pub use expect::Check;
pub use mailbox::Mailbox;
pub use notices::PublicPages;
pub use play::{Files, Player, Report, StepReport};
pub use step::{Action, Scenario, Step};
