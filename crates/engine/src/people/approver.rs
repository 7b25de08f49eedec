//! Roles that decide over others, and what of them sleeps for a while.

use contract::who::roles::Role;

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
