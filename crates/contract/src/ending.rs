//! Articles 13, 15, 16, 19, 38 and 41: renewal, cancellation, termination, and what is left
//! to do when a contract has ended.

pub(crate) mod agreed;
pub(crate) mod arrivals;
pub mod cancellation;
pub mod ended;
pub(crate) mod ends;
pub(crate) mod notices;
pub(crate) mod rights;
pub mod termination;
pub mod use_period;
