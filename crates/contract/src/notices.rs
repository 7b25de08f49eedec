//! Articles 3 and 4: how a notice goes out, and when it takes effect.

pub mod automatic;
pub mod delivery;
pub mod effective;
pub mod given;
pub mod notice;
pub mod refused;
