//! Billing runs, credit notes and moved payments, and the books.

pub mod billing;
pub mod crediting;
pub mod journal;
