//! Where everything stands at a moment: what pages show and what is billed.

use std::collections::BTreeMap;
use std::sync::Arc;

use reckon::{Day, Moment, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{ConfirmGround, Law, Override};

use crate::application::checks::Check;
use crate::application::form::{ApplicationForm, Company, LineWish, UsePeriod};
use crate::application::quote::{PurchaseOrder, Quote};
use crate::declare::act::Act;
use crate::declare::fact::Application;
use crate::declare::ids::{ApplicationId, ContractId, InputId};
use crate::declare::task::TaskKind;
use crate::matters::matter::{Matter, MatterId};
use crate::money::credit_note::CreditNote;
use crate::money::invoice::{ChargeKind, Invoice};
use crate::money::receivables::Receivables;
use crate::notices::effective::Notice;
use crate::notices::given::DeliveryId;
use crate::registered::parties::Parties;
use crate::road::kept::Kept;
use crate::service::minimum_term::EndCause;
use crate::service::usage::UsageTotal;
use crate::takeover::Origin;

/// The whole account at a moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountState {
    pub applications: BTreeMap<ApplicationId, Kept<ApplicationState>>,
    pub contracts: BTreeMap<ContractId, Kept<ContractState>>,
    pub receivables: Receivables,
    pub rights: Vec<OpenRight>,
    pub tasks: Vec<OpenTask>,
    /// What waits for a second person.
    pub proposals: Vec<OpenProposal>,
    /// Paid in excess, held until it is offset or returned (仮受金).
    pub held: Yen,
    /// Checks of the company in the order in which they were made (9-10).
    pub checks: Vec<(InputId, Check)>,
    /// What is registered of the company, dated (10-1).
    pub parties: Parties,
    /// Quotations by number (見積書).
    pub quotes: BTreeMap<String, QuoteState>,
    /// Of what is held: approved for return, and not yet transferred.
    pub to_return: Yen,
    /// Transferred back so far.
    pub returned: Yen,
    /// What is held, by payment, the earliest first.
    pub held_parts: Vec<HeldPart>,
    /// By their numbers.
    pub credit_notes: BTreeMap<String, Arc<CreditNote>>,
    pub waivers: Vec<Waiver>,
    pub matters: BTreeMap<MatterId, Arc<Matter>>,
    pub notices: BTreeMap<DeliveryId, Kept<Notice>>,
    pub usage: Vec<(InputId, Moment, UsageTotal)>,
}

/// What is held of one payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldPart {
    pub payment: InputId,
    /// The day on which it was credited.
    pub on: Day,
    pub amount: Yen,
}

/// A charge, or a part of it, that is not asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiver {
    pub fact: InputId,
    pub kind: ChargeKind,
    pub contract: ContractId,
    pub line: u32,
    pub month: Month,
    pub amount: Yen,
}

impl AccountState {
    /// The contracting party of a contract as it was registered on a day.
    pub fn company_on<'a>(&'a self, contract: &'a ContractState, day: Day) -> &'a Company {
        self.parties.company_on(day).unwrap_or(&contract.form.applicant)
    }

    /// Whether anything of the customer goes on: a contract, or an application that
    /// waits for its answer.
    pub fn goes_on(&self) -> bool {
        let over = |status| matches!(status, ContractStatus::Ended | ContractStatus::Erased);
        let waits =
            |status| matches!(status, ApplicationStatus::Received | ApplicationStatus::Accepting);
        self.contracts.values().any(|contract| !over(contract.status))
            || self.applications.values().any(|application| waits(application.status))
    }

    /// Whether there were contracts, and nothing goes on.
    pub fn is_over(&self) -> bool {
        !self.contracts.is_empty() && !self.goes_on()
    }

    /// Whether something is still to be paid, or to be given back.
    pub fn is_unsettled(&self) -> bool {
        self.held.is_positive() || self.receivables.outstanding().is_positive()
    }

    /// The credit notes against an invoice, by their numbers.
    pub fn notes_on<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a CreditNote> {
        self.credit_notes.values().map(Arc::as_ref).filter(move |note| note.invoice == number)
    }

    /// The open rights that concern a contract: its own, and those that rest on
    /// an invoice of it.
    pub fn rights_on<'a>(&'a self, id: &'a ContractId) -> impl Iterator<Item = &'a OpenRight> {
        let billed = move |number: &str| {
            self.receivables.get(number).is_some_and(|r| r.invoice.contracts().contains(&id))
        };
        self.rights.iter().filter(move |right| right.about == id.0 || billed(&right.about))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    Received,
    /// Accepted by a person; the mail has not left yet.
    Accepting,
    Formed,
    Refused,
    Withdrawn,
    WithdrawnAfterFormation,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationState {
    pub status: ApplicationStatus,
    pub received_at: Moment,
    pub formed_at: Option<Moment>,
    pub registered_by: String,
    pub grounds: Vec<String>,
    pub content: Application,
    pub input: InputId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    Formed,
    Active,
    ExpiryScheduled,
    CancellationRequested,
    CancellationScheduled,
    Ended,
    /// Ended, and what was left of it is erased.
    Erased,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provision {
    NotStarted,
    InService,
    Suspended,
    Ended,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContractState {
    pub application: ApplicationId,
    pub formed_at: Moment,
    pub version: String,
    pub status: ContractStatus,
    pub provision: Provision,
    pub period: UsePeriod,
    /// Last day on which a statement against the next extension is in time.
    pub renewal_limit: Option<Day>,
    pub lines: Vec<LineState>,
    pub end: Option<EndState>,
    /// Arrivals that a second person looks at before their receipt notice.
    pub arrivals: Vec<ArrivalState>,
    pub erasure_ordered_by: Option<String>,
    /// Where it comes from, when it was taken over from an earlier book.
    pub taken_over: Option<TakenOverState>,
    pub form: ApplicationForm,
    pub agreements: Vec<Override>,
    pub stops: Vec<Stop>,
    pub formed_by: InputId,
    /// an insolvency was found, and legal has not released it.
    pub locked_by_insolvency: bool,
    /// What a withdrawal after formation costs (9-9).
    pub withdrawal_costs: Option<(InputId, Vec<Yen>)>,
    /// What amendments after formation cost (9-9).
    pub amendment_costs: Vec<AmendmentCosts>,
}

/// Costs of one change contract, approved by a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmendmentCosts {
    pub fact: InputId,
    /// The entry of the application for the change.
    pub application: InputId,
    pub approved_on: Day,
    pub costs: Vec<Yen>,
}

/// What a taken-over contract was before, and whether somebody has verified it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TakenOverState {
    /// Its number in the earlier book.
    pub number: String,
    pub origin: Origin,
    pub on: Day,
    /// Who loaded it.
    pub by: String,
    pub charge_from: Month,
    pub unverified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_on: Option<Day>,
}

impl ContractState {
    pub fn is_over(&self) -> bool {
        matches!(self.status, ContractStatus::Ended | ContractStatus::Erased)
    }

    /// True while a contract that was taken over has not been compared with its
    /// papers.
    pub fn is_unverified(&self) -> bool {
        self.taken_over.as_ref().is_some_and(|taken| taken.unverified)
    }

    /// True while the service is suspended and somebody has decided to resume it.
    pub fn is_resumption_decided(&self) -> bool {
        let open = self.stops.last().filter(|stop| stop.to.is_none());
        open.is_some_and(|stop| stop.resumption_decided.is_some())
    }

    /// The version of the terms under which the contract stands on a day: that of its
    /// formation, until one comes into force after it (4-1b, A-82).
    pub fn version_on(&self, law: &Law, day: Day) -> String {
        version_on(law, self.formed_at.day(), &self.version, day)
    }
}

/// The version of the terms on a day of what was formed under one (4-1b, A-82).
pub fn version_on(law: &Law, formed_on: Day, version: &str, day: Day) -> String {
    let later = law
        .versions
        .iter()
        .filter(|version| version.in_force_from > formed_on && version.in_force_from <= day);
    let later = later.max_by_key(|version| version.in_force_from);
    later.map_or_else(|| version.to_owned(), |later| later.version.clone())
}

/// A time during which the service was suspended; its fee runs on (24-3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    pub from: Moment,
    pub to: Option<Moment>,
    /// When somebody decided that the service is resumed.
    pub resumption_decided: Option<Moment>,
    pub fact: InputId,
}

/// A quotation, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteState {
    pub quote: Quote,
    /// Applications that name it, or that an order ties to it.
    pub applications: Vec<ApplicationId>,
    pub orders: Vec<PurchaseOrder>,
    pub issued_by: InputId,
}

/// The arrival of a cancellation form that is to be confirmed (15-1, 30-1).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ArrivalState {
    /// The input that registered it.
    pub arrival: InputId,
    pub arrived_at: Moment,
    pub effective: Day,
    pub confirm: Vec<ConfirmGround>,
    pub registered_by: String,
    pub status: ArrivalStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalStatus {
    Open,
    Confirmed,
    Declined,
}

/// An end that is known: past or to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndState {
    pub on: Day,
    pub cause: EndCause,
    /// The instant at which it is over.
    pub at: Moment,
    pub facts: Vec<InputId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineState {
    pub number: u32,
    pub item: String,
    pub quantity: u32,
    pub started_on: Option<Day>,
    pub minimum_term: Option<UsePeriod>,
    pub started_by: Option<InputId>,
    pub wish: LineWish,
    /// Quantity and agreed fee from a day on, the first from the start.
    pub versions: Vec<LineVersion>,
    /// Set when a change contract ended it.
    pub removal: Option<Removal>,
}

/// How a change contract ended a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    pub last_day: Day,
    /// Agreed for the rest of its minimum term (14-2), without tax.
    pub residual: Yen,
    pub fact: InputId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineVersion {
    pub from: Day,
    pub quantity: u32,
    pub agreed_fee: Option<Yen>,
    pub fact: InputId,
}

impl LineState {
    /// Whether no change contract has ended it before a day.
    pub fn runs_on(&self, day: Day) -> bool {
        self.removal.as_ref().is_none_or(|removal| day <= removal.last_day)
    }

    /// The version in force on a day; the first one before that.
    pub fn at(&self, day: Day) -> &LineVersion {
        let in_force = self.versions.iter().rfind(|v| v.from <= day);
        in_force.unwrap_or(&self.versions[0])
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receivable {
    pub total: Yen,
    /// What credit notes took off it.
    pub credited: Yen,
    pub outstanding: Yen,
    pub due: Day,
    /// The day on which nothing was left of it.
    pub paid_on: Option<Day>,
    /// Late interest that is owed for it and not yet invoiced is no part of it.
    pub late_interest: Yen,
    /// Where it comes from, when an earlier book issued it.
    pub taken_over: Option<OpeningState>,
    pub invoice: Arc<Invoice>,
    pub issued_by: InputId,
    pub payments: Vec<Applied>,
    pub credits: Vec<Credited>,
    /// The moment at which nothing was left of it.
    pub settled_at: Option<Moment>,
    pub interest: Option<InterestOwed>,
}

/// What an opening receivable was before.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OpeningState {
    pub origin: Origin,
    /// Late interest that the earlier book has invoiced for it.
    pub interest_charged: Yen,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Applied {
    pub payment: InputId,
    pub on: Day,
    pub at: Moment,
    pub amount: Yen,
    /// The act that applied it, where it was held before.
    pub act: Option<InputId>,
}

/// What a credit note took off a receivable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credited {
    pub note: String,
    pub fact: InputId,
    pub on: Day,
    pub at: Moment,
    pub amount: Yen,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterestOwed {
    pub amount: Yen,
    pub paid_on: Day,
    pub because: crate::declare::reason::Because,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OpenRight {
    pub right: String,
    pub about: String,
    pub from: Day,
}

/// An act that one person proposed and nobody has approved or declined.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OpenProposal {
    pub id: InputId,
    pub by: String,
    pub proposed_at: Moment,
    pub act: Act,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OpenTask {
    pub task: TaskKind,
    pub about: String,
    pub opened_at: Moment,
    pub remind_on: Day,
}
