//! Articles 13, 15, 16, 19, 38 and 41: renewal, cancellation, termination, and what is left
//! to do when a contract has ended.

pub mod agreed;
pub mod arrivals;
pub mod calendar;
pub mod cancellation;
pub mod cure;
pub mod ended;
pub mod ends;
pub mod erasure;
pub mod judgement;
pub mod letters;
pub mod renewal;
pub mod rights;
pub mod termination;
