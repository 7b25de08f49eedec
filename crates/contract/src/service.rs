//! Articles 12, 14, 23: what runs under a contract, from its start through suspension.

pub(crate) mod contract;
pub mod minimum_term;
pub mod removal;
pub mod suspension;
