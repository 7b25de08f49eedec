//! Articles 12, 14, 23: what runs under a contract, from its start through suspension.

pub mod contract;
pub mod minimum_term;
pub mod removal;
pub mod start;
pub mod suspension;
pub mod usage;
