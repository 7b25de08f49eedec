//! Articles 9 and 20: who applies, what is looked at, acceptance, refusal, and what a
//! contract is formed on.

pub(crate) mod before_acceptance;
pub mod checks;
pub(crate) mod form;
pub mod formation;
pub(crate) mod grounds;
pub(crate) mod order_acceptance;
pub mod quote;
pub(crate) mod receiving;
