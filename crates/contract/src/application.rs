//! Articles 9 and 20: who applies, what is looked at, acceptance, refusal, and what a
//! contract is formed on.

pub mod acceptance;
pub mod before_acceptance;
pub mod checks;
pub mod form;
pub mod grounds;
pub mod order_acceptance;
pub mod quote;
pub mod receiving;
pub mod refusal;
pub mod withdrawal;
