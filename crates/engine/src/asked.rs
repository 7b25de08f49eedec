//! What is asked and answered: why, what if, is the record sound, all of it.

pub mod ahead;
pub mod audit;
pub mod explain;
pub mod export;
pub mod preview;
pub mod story;
