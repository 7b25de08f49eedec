//! What is done outside and is no mail, each with all that is known of it.

pub(super) mod book_payment;
pub(super) mod cloud;
pub(super) mod credit_notes;
pub(super) mod erase;
