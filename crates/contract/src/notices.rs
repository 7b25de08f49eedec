//! Articles 3 and 4: how a notice goes out, and when it takes effect.

pub mod notice;
pub mod refused;
