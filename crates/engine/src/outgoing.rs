//! What leaves: the list of effects, letters and works, the outbox, and what could not be done.

pub mod compose;
pub mod declare;
pub mod determined;
pub mod draft;
pub mod kept_mails;
pub mod letters;
pub mod list;
pub mod mending;
pub mod numbered;
pub mod outbox;
pub mod own_mail;
pub mod papers;
pub mod prelude;
pub mod replies;
pub mod said;
pub mod tries;
pub mod works;
