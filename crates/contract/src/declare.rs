//! What can be registered, done, or follow; why; and the words for it.

pub mod act;
pub mod consequence;
pub mod fact;
pub mod ids;
pub mod reason;
pub mod rules;
