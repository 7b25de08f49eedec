//! The people: who may act in which role, from when until when, up to how many
//! yen, and in whose place.
//!
//! The persons of the operator's file come first. Everything later is an entry of
//! the operator's chained stream `people`, so that it can be shown who had which
//! right on which day, who gave it and why.

mod against;
mod change;
mod fold;
mod manage;
pub mod operator;

pub use change::{Belongs, PeopleChange, PeopleEntry};
pub use fold::{Address, Deputy, Hat, Limit, Member, People};
pub(crate) use manage::contact_subject;
pub use manage::{PeopleCache, PersonContact, Wanted};

use contract::who::roles::Role;

/// The operator's stream in which changes stand.
pub const PEOPLE: &str = "people";

/// Roles that decide over others or over the people: to give one takes two
/// administrators.
pub fn is_approver(role: Role) -> bool {
    matches!(
        role,
        Role::ContractApprover
            | Role::SuspensionApprover
            | Role::PrivacyOfficer
            | Role::Legal
            | Role::Administrator
    )
}

/// Roles that sleep once somebody's password was set with a link: in all of them one
/// is the second of two persons.
pub fn sleeps_after_link(role: Role) -> bool {
    is_approver(role) || role.can_be_second_person()
}
