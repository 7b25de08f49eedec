//! Acts: what a person wants to do. They may be refused, with every ground.

use reckon::{Day, Moment, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declare::fact::Fact;
use crate::declare::ids::{AccountId, ApplicationId, ContractId, InputId};
use crate::money::invoice::ChargeKind;
use crate::who::roles::Role;

/// Who did or registered something, in which role, and within which bounds. What
/// a rule needs to know of a person travels with every input.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Actor {
    pub id: String,
    pub role: Role,
    /// The person whose role this one exercises for a time (代理).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<String>,
    /// What this person may approve at the most; without a limit, any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves_up_to: Option<Yen>,
    /// The account to which a customer's person belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl Actor {
    /// A person in a role of their own, without a limit.
    ///
    /// ```
    /// use contract::declare::act::Actor;
    /// use contract::who::roles::Role;
    /// assert_eq!(Actor::new("sato", Role::OrderDesk).deputy_for, None);
    /// ```
    pub fn new(id: impl Into<String>, role: Role) -> Actor {
        Actor { id: id.into(), role, deputy_for: None, approves_up_to: None, account: None }
    }

    /// Whether this is the person, or somebody who acts in that person's place.
    pub fn stands_for(&self, person: &str) -> bool {
        self.id == person || self.deputy_for.as_deref() == Some(person)
    }
}

/// Something that a person with the role may do; a right is exercised only so.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// 9-3: let the acceptance mail go out. The contract is formed when it has
    /// been sent, not by this.
    AcceptApplication { application: ApplicationId },
    /// 9-3b, 9-10: decline, naming the ground.
    RefuseApplication { application: ApplicationId, ground: String },
    /// 12-3: suspend on an open ground.
    Suspend {
        contract: ContractId,
        ground: String,
        /// Only in entries from before there were proposals.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        proposed_by: String,
    },
    /// Resume after the ground is gone (A-32).
    Resume { contract: ContractId },
    /// 16-1: terminate on an open ground. Takes effect by the notice (A-30).
    Terminate {
        contract: ContractId,
        ground: String,
        /// Only in entries from before there were proposals.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        proposed_by: String,
        /// A later end than the notice, if one is set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Day>,
        /// 16-2: by when what is unpaid shall be paid.
        payable_by: Day,
    },
    /// 13-1b: the provider states that the contract is not extended beyond this expiry.
    /// Takes effect by its notice (3-2).
    DeclineRenewal { contract: ContractId, against: Day },
    /// 15-1: the arrival of a cancellation form is as it was registered; the
    /// receipt notice may go out. By somebody else than who registered it.
    ConfirmArrival { contract: ContractId, arrival: InputId },
    /// 15-1, 30-1: it is not; the form has no effect.
    DeclineArrival { contract: ContractId, arrival: InputId },
    /// 19-2: ask for the erasure of what the contract left.
    OrderErasure { contract: ContractId },
    /// The second person: keys and rows are then destroyed.
    ConfirmErasure { contract: ContractId },
    /// A contract that was taken over has been compared with its papers: clears
    /// the mark "unverified".
    VerifyTakeover { contract: ContractId },
    /// An entry was wrong: it counts no longer.
    VoidEntry { of: InputId },
    /// An entry was wrong, and this is what happened instead, and when.
    CorrectEntry { of: InputId, by: Box<Fact>, occurred_at: Moment },
    /// Money that was booked here belongs to another account: it counts no longer
    /// here, and is entered there by a second step.
    MovePayment { payment: InputId, to: AccountId, amount: Yen },
    /// A-50: credit notes (返還請求書) for what was charged in excess up to this
    /// service month; `amount` is what they come to, with tax.
    CorrectInvoices { month: Month, amount: Yen },
    /// What a payment settled of an invoice is taken back, and held.
    UndoCashApplication { payment: InputId, number: String, amount: Yen },
    /// What is held of a payment settles these invoices, as of its own day.
    ApplyPayment { payment: InputId, to: Vec<Part> },
    /// Money held (仮受金) is set off against a receivable.
    OffsetHeld { number: String, amount: Yen },
    /// A-50: money held is to be transferred back. The transfer is a fact.
    ReturnHeld { amount: Yen },
    /// 26-1: late interest of this invoice is not asked for.
    WaiveInterest { number: String, amount: Yen },
    /// 24-1, 14-2, 9-9: a charge, or a part of it, without tax, is not asked for, as far
    /// as it has not been paid (24-2); usage only by the provider's fault (32-3b).
    WaiveFee { kind: ChargeKind, contract: ContractId, line: u32, month: Month, amount: Yen },
    /// 9-9: what an amendment after formation cost, beside its change contract.
    ChargeAmendmentCosts { application: ApplicationId, costs: Vec<Yen> },
    /// Before the end: both sides agree that the contract goes on, or that it
    /// ends on another day than the form of the customer came to.
    AgreeCancellation {
        contract: ContractId,
        /// The entry of the cancellation form.
        form: InputId,
        /// The agreed last day; none when the cancellation is withdrawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Day>,
        /// The paper with the customer's consent.
        document: String,
    },
    /// Puts an act that needs two persons before the second one (起案).
    Propose { act: Box<Act> },
    /// Approves a proposal: the act is done now, by the one who approves. It is
    /// repeated here, so that nobody approves what they have not seen (承認).
    Approve { proposal: InputId, act: Box<Act> },
    /// Turns a proposal down, or takes back one's own (却下).
    Decline { proposal: InputId, act: Box<Act> },
}

/// An invoice, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Part {
    pub number: String,
    pub amount: Yen,
}

impl Act {
    /// The name by which permissions and pages know it.
    pub fn name(&self) -> &'static str {
        match self {
            Act::AcceptApplication { .. } => "accept_application",
            Act::RefuseApplication { .. } => "refuse_application",
            Act::Suspend { .. } => "suspend",
            Act::Resume { .. } => "resume",
            Act::Terminate { .. } => "terminate",
            Act::DeclineRenewal { .. } => "decline_renewal",
            Act::ConfirmArrival { .. } => "confirm_arrival",
            Act::DeclineArrival { .. } => "decline_arrival",
            Act::OrderErasure { .. } => "order_erasure",
            Act::ConfirmErasure { .. } => "confirm_erasure",
            Act::VerifyTakeover { .. } => "verify_takeover",
            Act::VoidEntry { .. } => "void_entry",
            Act::CorrectEntry { .. } => "correct_entry",
            Act::MovePayment { .. } => "move_payment",
            Act::CorrectInvoices { .. } => "correct_invoices",
            Act::UndoCashApplication { .. } => "undo_cash_application",
            Act::ApplyPayment { .. } => "apply_payment",
            Act::OffsetHeld { .. } => "offset_held",
            Act::ReturnHeld { .. } => "return_held",
            Act::WaiveInterest { .. } => "waive_interest",
            Act::WaiveFee { .. } => "waive_fee",
            Act::ChargeAmendmentCosts { .. } => "charge_amendment_costs",
            Act::AgreeCancellation { .. } => "agree_cancellation",
            Act::Propose { .. } => "propose",
            Act::Approve { .. } => "approve",
            Act::Decline { .. } => "decline",
        }
    }

    /// Whether it can only be done by approving a proposal of somebody else.
    /// Acceptance and erasure have a second person of their own: whoever
    /// registered the application, and whoever ordered the erasure.
    pub fn needs_approval(&self) -> bool {
        matches!(self, Act::Suspend { .. } | Act::Terminate { .. } | Act::DeclineRenewal { .. })
            || self.is_correction()
    }

    /// Whether it mends what was entered, charged, applied or agreed before.
    pub fn is_correction(&self) -> bool {
        matches!(
            self,
            Act::VoidEntry { .. }
                | Act::CorrectEntry { .. }
                | Act::MovePayment { .. }
                | Act::CorrectInvoices { .. }
                | Act::UndoCashApplication { .. }
                | Act::ApplyPayment { .. }
                | Act::OffsetHeld { .. }
                | Act::ReturnHeld { .. }
                | Act::WaiveInterest { .. }
                | Act::WaiveFee { .. }
                | Act::ChargeAmendmentCosts { .. }
                | Act::AgreeCancellation { .. }
        )
    }

    /// The yen that it moves, which the limit of the approver must cover.
    pub fn amount(&self) -> Option<Yen> {
        match self {
            Act::Propose { act } | Act::Approve { act, .. } => act.amount(),
            Act::MovePayment { amount, .. }
            | Act::CorrectInvoices { amount, .. }
            | Act::UndoCashApplication { amount, .. }
            | Act::OffsetHeld { amount, .. }
            | Act::ReturnHeld { amount }
            | Act::WaiveInterest { amount, .. }
            | Act::WaiveFee { amount, .. } => Some(*amount),
            Act::ApplyPayment { to, .. } => Some(to.iter().map(|part| part.amount).sum()),
            Act::ChargeAmendmentCosts { costs, .. } => Some(costs.iter().copied().sum()),
            Act::CorrectEntry { by, .. } => match by.as_ref() {
                Fact::PaymentCredited(payment) => Some(payment.amount),
                _ => None,
            },
            _ => None,
        }
    }

    /// The act that is done by this one: that of an approved proposal, or itself.
    pub fn done(&self) -> &Act {
        match self {
            Act::Approve { act, .. } => act,
            other => other,
        }
    }
}
