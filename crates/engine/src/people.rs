//! The people: who may act in which role, from when until when, up to how many
//! yen, and in whose place.
//!
//! The persons of the operator's file come first. Everything later is an entry of
//! the operator's chained stream `people`, so that it can be shown who had which
//! right on which day, who gave it and why.

mod against;
mod approver;
mod change;
mod fold;
mod manage;
pub mod operator;
pub mod stream;

pub use approver::{is_approver, sleeps_after_link};
pub use change::{Belongs, PeopleChange, PeopleEntry};
pub use fold::{Address, Deputy, Hat, Limit, Member, People};
pub(crate) use manage::contact_subject;
pub use manage::{PersonContact, Wanted};
pub use stream::{PEOPLE, PeopleCache};
