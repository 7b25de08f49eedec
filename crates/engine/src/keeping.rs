//! What the engine needs of the world, and what keeps it whole: claims, faults, erasure.

pub mod clock;
pub mod counted;
pub mod erasure;
pub mod fault;
pub mod identity;
pub mod in_hand;
pub mod listed;
pub mod numbered;
pub mod ports;
pub mod restored;
pub mod sought;
pub mod store;
pub mod subjects;
