//! What the terms say about what happened.
//!
//! One module per family of articles answers a question of the terms
//! ([`ending::cancellation::effective`], [`money::late_interest::on`], …). [`unfold`] puts the
//! answers together into everything that follows from a case, and [`decide`]
//! turns one input into events with their reasons. Nothing here reads a clock,
//! a file or a random number.

#![deny(clippy::float_arithmetic)]

pub mod application;
pub mod compare;
pub mod conduct;
pub mod correction;
pub mod declare;
pub mod ending;
pub mod matters;
pub mod money;
pub mod notices;
pub mod registered;
pub mod road;
pub mod service;
pub mod takeover;
pub mod who;

pub use application::form::*;
pub use road::account::Account;
pub use road::decide::{Decision, Foreseen, decide, evaluate_act};
pub use road::interrupt::{Interrupt, Interrupted};
pub use road::kept::Kept;
pub use road::unfold::*;
