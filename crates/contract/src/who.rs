//! Who acts, in which role, and what a role may do. Knows no entry.

pub mod actor;
pub mod roles;
