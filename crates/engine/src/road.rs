//! The road of a fact: load the account, decide, append, and what lists need of it.

pub mod accounts;
pub mod edition;
pub mod engine;
pub mod evidence;
pub mod laws;
pub mod outcome;
pub mod plausible;
pub mod read_models;
pub mod reason;
pub mod register;
pub mod sealing;
pub mod terminated;
pub mod views;
pub mod worked_out;
