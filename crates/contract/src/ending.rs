//! Articles 13, 15, 16, 19, 38 and 41: renewal, cancellation, termination, and what is left
//! to do when a contract has ended.

pub mod agreed;
pub mod arrivals;
pub mod calendar;
pub mod cancellation;
pub mod cancellation_form;
pub mod ended;
pub mod ends;
pub mod erasure;
pub mod judgement;
pub mod notices;
pub mod renewal;
pub mod rights;
pub mod terminating;
pub mod termination;
pub mod use_period;
