//! Who may do what, and what needs a second person: law as much as any clause.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Actor};
use crate::reason::Finding;

/// The roles of the provider, and the system itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    OrderDesk,
    ContractApprover,
    Billing,
    Collections,
    Operations,
    /// Approves suspension and termination.
    SuspensionApprover,
    /// Confidential and personal data.
    PrivacyOfficer,
    Legal,
    Auditor,
    /// Timers and workers: they open rights, extend, compute and send what is
    /// owed. They never suspend, terminate, erase or waive.
    System,
}

fn may(role: Role, act: &Act) -> bool {
    match act {
        Act::AcceptApplication { .. } | Act::RefuseApplication { .. } => {
            role == Role::ContractApprover
        }
        Act::Suspend { .. } | Act::Terminate { .. } => role == Role::SuspensionApprover,
        Act::Resume { .. } => matches!(role, Role::SuspensionApprover | Role::Operations),
        Act::OrderErasure { .. } | Act::ConfirmErasure { .. } => role == Role::PrivacyOfficer,
    }
}

/// The findings that keep this actor from this act.
///
/// `earlier` is the person who did the step before: registered the application,
/// proposed the suspension, ordered the erasure.
pub fn permission(actor: &Actor, act: &Act, earlier: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !may(actor.role, act) {
        let detail = format!("{} ({:?})", actor.id, actor.role);
        findings.push(Finding::blocking("roles", "not_permitted", detail));
    }
    if earlier == Some(actor.id.as_str()) && needs_second_person(act) {
        findings.push(Finding::blocking("roles", "same_person", actor.id.clone()));
    }
    findings
}

fn needs_second_person(act: &Act) -> bool {
    matches!(
        act,
        Act::AcceptApplication { .. }
            | Act::Suspend { .. }
            | Act::Terminate { .. }
            | Act::ConfirmErasure { .. }
    )
}
