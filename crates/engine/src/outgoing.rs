//! What leaves: effects, the outbox, letters and papers, and what could not be done.

pub mod determined;
pub mod effects;
pub mod kept_mails;
pub mod letters;
pub mod mending;
pub mod outbox;
pub mod own_mail;
pub mod papers;
pub mod said;
pub mod told;
pub mod tries;
