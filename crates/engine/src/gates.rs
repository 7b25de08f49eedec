//! What comes in: forms, files, checks, changes, a book that is taken over.

pub mod arrivals;
pub mod bank;
pub mod checks;
pub mod filing;
pub mod intake;
pub mod parties;
pub mod quotes;
pub mod reading;
pub mod requests;
pub mod stopping;
pub mod takeover;
pub mod usage;
