//! Acts: what a person wants to do. They may be refused, with every ground.

use reckon::Yen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::LawError;

pub use crate::application::acceptance::AcceptApplication;
pub use crate::application::refusal::RefuseApplication;
pub use crate::correction::entry::{CorrectEntry, MovePayment, VoidEntry};
pub use crate::ending::agreed::AgreeCancellation;
pub use crate::ending::arrivals::{ConfirmArrival, DeclineArrival};
pub use crate::ending::erasure::{ConfirmErasure, OrderErasure};
pub use crate::ending::renewal::DeclineRenewal;
pub use crate::ending::terminating::Terminate;
pub use crate::money::amendment_costs::ChargeAmendmentCosts;
pub use crate::money::credit_note::CorrectInvoices;
pub use crate::money::held::{OffsetHeld, ReturnHeld};
pub use crate::money::payment::{ApplyPayment, UndoCashApplication};
pub use crate::money::waiver::{WaiveFee, WaiveInterest};
pub use crate::road::proposals::{Approve, Decline, Propose};
pub use crate::service::suspending::{Resume, Suspend};
pub use crate::takeover::VerifyTakeover;

use crate::declare::reason::Finding;
use crate::declare::words::Reader;
use crate::declare::{Asked, Deed, Entry, Kind, Second};
use crate::road::state::AccountState;
use crate::road::stream::Stream;
use crate::who::roles::{Permission, Role};

acts! {
    /// Something that a person with the role may do; a right is exercised only so.
    AcceptApplication,
    RefuseApplication,
    Suspend,
    Resume,
    Terminate,
    DeclineRenewal,
    ConfirmArrival,
    DeclineArrival,
    OrderErasure,
    ConfirmErasure,
    VerifyTakeover,
    VoidEntry,
    CorrectEntry,
    MovePayment,
    CorrectInvoices,
    UndoCashApplication,
    ApplyPayment,
    OffsetHeld,
    ReturnHeld,
    WaiveInterest,
    WaiveFee,
    ChargeAmendmentCosts,
    AgreeCancellation,
    Propose,
    Approve,
    Decline,
}

impl Act {
    /// Whether it can only be done by approving a proposal of somebody else. Acceptance
    /// and erasure have a second person of their own: whoever registered the
    /// application, and whoever ordered the erasure.
    pub fn needs_approval(&self) -> bool {
        matches!(self.second(), Second::Proposed | Second::Correction)
    }

    /// Whether it mends what was entered, charged, applied or agreed before.
    pub fn is_correction(&self) -> bool {
        self.second() == Second::Correction
    }

    /// Whether it takes another person than the step before it.
    pub fn needs_second_person(&self) -> bool {
        matches!(self.second(), Second::Other | Second::Proposed)
    }

    /// Whether a role may do it, or approve a proposal of it.
    pub fn may(&self, role: Role) -> bool {
        match self {
            Act::Decline(decline) => decline.act.may(role) || decline.act.may_propose(role),
            act => act.doers().contains(&role),
        }
    }

    /// Whether a role may put it before a second person.
    pub fn may_propose(&self, role: Role) -> bool {
        self.proposers().contains(&role)
    }

    /// The act that is done by this one: that of an approved proposal, or itself.
    pub fn done(&self) -> &Act {
        match self {
            Act::Approve(approve) => &approve.act,
            other => other,
        }
    }

    /// What the terms say against it now.
    pub(crate) fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let mut findings = self.against_entry(asked)?;
        if self.is_correction() && self.amount().is_some_and(|amount| !amount.is_positive()) {
            findings.push(Finding::blocking("24-1", "no_amount", ""));
        }
        Ok(findings)
    }
}
