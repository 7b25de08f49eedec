//! Load, decide, append: the road of a fact.

pub mod examples;
mod ports;
mod store;

pub use ports::*;
pub use store::*;
