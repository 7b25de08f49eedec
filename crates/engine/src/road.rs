//! The road of a fact: load the account, decide, append, and what lists need of it.

pub mod cases;
pub mod edition_step;
pub mod engine;
pub mod evidence;
pub mod read_models;
pub mod register;
pub mod views;
pub mod written;
