//! The road of an input: the streams of an account, the case, one decision, and everything
//! that follows.

pub mod account;
pub mod bounds;
pub mod case;
pub mod cells;
pub mod decide;
pub mod editions;
pub mod found;
pub(crate) mod frames;
pub mod happenings;
pub mod interrupt;
pub mod kept;
pub mod lives;
pub mod plausible;
pub mod proposals;
pub(crate) mod reach;
pub mod shown;
pub(crate) mod skeleton;
pub mod state;
pub mod stated;
pub mod stored;
pub mod stream;
pub mod unfold;
pub mod what_if;
