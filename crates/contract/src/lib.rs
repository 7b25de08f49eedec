//! What the terms say about what happened.
//!
//! One module per family of articles answers a question of the terms
//! ([`cancellation::effective`], [`late_interest::on`], …). [`unfold`] puts the
//! answers together into everything that follows from a case, and [`decide`]
//! turns one input into events with their reasons. Nothing here reads a clock,
//! a file or a random number.

#![deny(clippy::float_arithmetic)]

pub mod act;
mod before_acceptance;
pub mod bounds;
pub mod cancellation;
pub mod case;
pub mod charges;
pub mod checks;
pub mod compare;
pub mod consequence;
mod correction;
pub mod credit_note;
mod decide;
pub mod editions;
pub mod ending;
pub mod fact;
pub mod fees;
pub mod filing;
mod form;
pub mod formation;
pub mod ids;
pub mod interrupt;
pub mod invoice;
pub mod late_interest;
pub mod minimum_term;
pub mod notice;
pub mod parties;
pub mod plausible;
pub mod quote;
pub mod reason;
pub mod removal;
pub mod roles;
pub mod rules;
pub mod stated;
pub mod stream;
pub mod suspension;
pub mod takeover;
pub mod termination;
mod unfold;
pub mod use_period;
pub mod what_if;

pub use decide::{Decision, Foreseen, decide, evaluate_act, foresee};
pub use form::*;
pub use interrupt::{Interrupt, Interrupted};
pub use unfold::*;
