//! Who may do what, and what needs a second person: law as much as any clause.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declare::act::{Act, Actor};
use crate::declare::fact::Fact;
use crate::declare::reason::Finding;
use crate::ending::use_period::Side;

/// In which part somebody acts: of the customer's side, of the provider's, of the
/// installation, or the system itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 利用申込者: has no contract yet.
    Applicant,
    /// 利用責任者 (30-1), who speaks for the customer.
    CustomerAdministrator,
    CustomerStaff,
    /// 認定利用者 (11-1, 38-1).
    AuthorisedUser,
    OrderDesk,
    ContractApprover,
    Billing,
    Collections,
    Operations,
    /// Approves suspension and termination.
    SuspensionApprover,
    /// Abuse cases (35-3).
    Security,
    Support,
    /// Confidential and personal data.
    PrivacyOfficer,
    Legal,
    /// Terms, prices, calendars.
    Publisher,
    /// Of a subcontractor (22-1).
    Subcontractor,
    Auditor,
    /// Runs the installation: people, keys, backups. No part in the business.
    Administrator,
    /// Timers and workers: they open rights, extend, compute and send what is
    /// owed. They never suspend, terminate, erase or waive.
    System,
}

use Role::{
    Administrator, Applicant, Auditor, AuthorisedUser, Billing, Collections, ContractApprover,
    CustomerAdministrator, CustomerStaff, Legal, Operations, OrderDesk, PrivacyOfficer, Publisher,
    Security, Subcontractor, Support, SuspensionApprover, System,
};

impl Role {
    /// Every role, in the order in which they are declared.
    pub const ALL: [Role; 19] = [
        Applicant,
        CustomerAdministrator,
        CustomerStaff,
        AuthorisedUser,
        OrderDesk,
        ContractApprover,
        Billing,
        Collections,
        Operations,
        SuspensionApprover,
        Security,
        Support,
        PrivacyOfficer,
        Legal,
        Publisher,
        Subcontractor,
        Auditor,
        Administrator,
        System,
    ];

    /// Of the customer's side: sees and does only what is of its own account.
    pub fn is_customers(self) -> bool {
        matches!(self, Applicant | CustomerAdministrator | CustomerStaff | AuthorisedUser)
    }

    /// Whether this role holds a permission.
    pub fn holds(self, permission: Permission) -> bool {
        permission.roles().contains(&self)
    }
}

/// What a page, a route of the API or a command asks of whoever uses it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Contracts, applications, dates, tasks, rights and their story.
    ReadBook,
    /// Invoices, receivables, payments, rows of bank files.
    ReadMoney,
    /// Names and addresses of people, papers and mails as they came.
    ReadPersonal,
    /// The record itself: entries with who and why, what left, what was refused.
    ReadRecord,
    /// Bring in applications, forms, papers, contacts, statements.
    RegisterArrival,
    /// Record a check or a judgement on a customer.
    RegisterJudgement,
    /// let rights be used again after an insolvency.
    ReleaseInsolvency,
    /// Bring in bank files and payments.
    RegisterMoney,
    RunBilling,
    /// Record that a service began, stopped or resumed; bring in usage.
    RegisterOperation,
    /// Propose, approve or decline something; which, the act itself decides.
    Act,
    /// Take over an existing book, compare it with the old way.
    TakeOver,
    /// The customer's own contract, dates and notices.
    ReadOwn,
    /// The customer's own invoices.
    ReadOwnMoney,
    /// The customer's own commands: change data, cancel, object to renewal.
    AskOwn,
    /// Send and withdraw an application.
    Apply,
    /// Use the own account.
    UseOwn,
    ManagePeople,
    /// The access log and the quarterly review of who may do what.
    ReviewAccess,
    /// Backups, keys of programs, the state of the installation.
    RunInstallation,
    /// After a restore: say what left the house since the backup.
    SettleRestore,
    /// Move a clock that people move by hand.
    MoveClock,
}

/// Everybody of the provider who works with contracts.
const BUSINESS: &[Role] = &[
    OrderDesk,
    ContractApprover,
    Billing,
    Collections,
    Operations,
    SuspensionApprover,
    Security,
    Support,
    PrivacyOfficer,
    Legal,
];

impl Permission {
    pub const ALL: [Permission; 22] = [
        Permission::ReadBook,
        Permission::ReadMoney,
        Permission::ReadPersonal,
        Permission::ReadRecord,
        Permission::RegisterArrival,
        Permission::RegisterJudgement,
        Permission::ReleaseInsolvency,
        Permission::RegisterMoney,
        Permission::RunBilling,
        Permission::RegisterOperation,
        Permission::Act,
        Permission::TakeOver,
        Permission::ReadOwn,
        Permission::ReadOwnMoney,
        Permission::AskOwn,
        Permission::Apply,
        Permission::UseOwn,
        Permission::ManagePeople,
        Permission::ReviewAccess,
        Permission::RunInstallation,
        Permission::SettleRestore,
        Permission::MoveClock,
    ];

    /// The roles that hold it.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Permission::ReadBook => &[
                OrderDesk,
                ContractApprover,
                Billing,
                Collections,
                Operations,
                SuspensionApprover,
                Security,
                Support,
                PrivacyOfficer,
                Legal,
                Publisher,
                Auditor,
            ],
            Permission::ReadMoney => {
                &[ContractApprover, Billing, Collections, SuspensionApprover, Legal, Auditor]
            }
            Permission::ReadPersonal => {
                &[OrderDesk, ContractApprover, Billing, Collections, PrivacyOfficer, Legal, Auditor]
            }
            Permission::ReadRecord => &[ContractApprover, PrivacyOfficer, Legal, Auditor],
            Permission::RegisterArrival => &[OrderDesk, ContractApprover],
            Permission::RegisterJudgement => &[ContractApprover, Collections, Security, Legal],
            Permission::ReleaseInsolvency => &[Legal],
            Permission::RegisterMoney | Permission::RunBilling => &[Billing],
            Permission::RegisterOperation => &[Operations],
            Permission::Act => BUSINESS,
            Permission::TakeOver => &[OrderDesk, ContractApprover, Billing],
            Permission::ReadOwn => &[Applicant, CustomerAdministrator, CustomerStaff],
            Permission::ReadOwnMoney | Permission::AskOwn => &[CustomerAdministrator],
            Permission::Apply => &[Applicant, CustomerAdministrator],
            Permission::UseOwn => {
                &[Applicant, CustomerAdministrator, CustomerStaff, AuthorisedUser, Subcontractor]
            }
            Permission::ManagePeople | Permission::RunInstallation => &[Administrator],
            // What is said becomes a fact: the administrator has no part in it.
            Permission::SettleRestore => &[ContractApprover, Billing],
            Permission::ReviewAccess => &[Auditor, Administrator],
            Permission::MoveClock => &[
                OrderDesk,
                ContractApprover,
                Billing,
                Collections,
                Operations,
                SuspensionApprover,
                Security,
                Support,
                PrivacyOfficer,
                Legal,
                Publisher,
                Auditor,
                Administrator,
            ],
        }
    }
}

/// Whether a role may do an act, or approve a proposal of it.
pub fn may_act(role: Role, act: &Act) -> bool {
    match act {
        Act::AcceptApplication { .. } => role == ContractApprover,
        // 9-10(5) rests on a judgement alone: it needs legal.
        Act::RefuseApplication { ground, .. } if ground == "9-10(5)" => role == Legal,
        Act::RefuseApplication { .. } => matches!(role, ContractApprover | Legal),
        Act::Suspend { .. } | Act::Terminate { .. } => role == SuspensionApprover,
        Act::DeclineRenewal { .. } => matches!(role, ContractApprover | Legal),
        Act::Resume { .. } => matches!(role, SuspensionApprover | Operations),
        Act::ConfirmArrival { .. } | Act::DeclineArrival { .. } => {
            matches!(role, OrderDesk | ContractApprover)
        }
        Act::OrderErasure { .. } | Act::ConfirmErasure { .. } => role == PrivacyOfficer,
        Act::VerifyTakeover { .. } => matches!(role, ContractApprover | OrderDesk),
        // Money within what was paid is settled by billing, by two persons of it.
        Act::UndoCashApplication { .. } | Act::ApplyPayment { .. } | Act::OffsetHeld { .. } => {
            matches!(role, Billing | ContractApprover | Legal)
        }
        Act::Propose { act } => may_propose(role, act),
        Act::Approve { act, .. } => may_act(role, act),
        Act::Decline { act, .. } => may_act(role, act) || may_propose(role, act),
        other => other.is_correction() && matches!(role, ContractApprover | Legal),
    }
}

/// Whether a role may put an act before a second person.
pub fn may_propose(role: Role, act: &Act) -> bool {
    match act {
        Act::Suspend { .. } => {
            matches!(role, Collections | Billing | Security | SuspensionApprover)
        }
        Act::Terminate { .. } => {
            matches!(role, Collections | Legal | Security | SuspensionApprover)
        }
        Act::DeclineRenewal { .. } => {
            matches!(role, OrderDesk | Collections | ContractApprover | Legal)
        }
        Act::VoidEntry { .. } | Act::CorrectEntry { .. } => matches!(
            role,
            OrderDesk | ContractApprover | Billing | Collections | Operations | Legal
        ),
        Act::AgreeCancellation { .. } => matches!(role, OrderDesk | ContractApprover | Legal),
        Act::ChargeAmendmentCosts { .. } => matches!(role, OrderDesk | Billing),
        Act::WaiveInterest { .. } | Act::WaiveFee { .. } => matches!(role, Billing | Collections),
        act => act.is_correction() && role == Billing,
    }
}

/// Whether a person of this role may register a fact by hand.
pub fn may_register(role: Role, fact: &Fact) -> bool {
    registered_with(fact).is_some_and(|permission| role.holds(permission))
}

/// What it takes to register a fact by hand. What the engine itself did (sent, issued,
/// imported, erased), and what comes by another road (a takeover, a correction), nobody
/// registers so.
pub fn registered_with(fact: &Fact) -> Option<Permission> {
    Some(match fact {
        // 13-1b: two persons decide on it, and it is made by its notice.
        Fact::NonRenewalStated { statement, .. } if statement.by == Side::Provider => return None,
        Fact::ApplicationReceived(_)
        | Fact::PaperFormReceived { .. }
        | Fact::ApplicationWithdrawn { .. }
        | Fact::ContactChanged { .. }
        | Fact::DataChangeNotified(_)
        | Fact::PurchaseOrderReceived(_)
        | Fact::DocumentFiled(_)
        | Fact::MaterialDisposed { .. }
        | Fact::NonRenewalStated { .. }
        | Fact::CancellationFormArrived { .. } => Permission::RegisterArrival,
        Fact::InsolvencyReleased { .. } => Permission::ReleaseInsolvency,
        // It ends the lock as well.
        Fact::GroundLifted { clause, .. } if clause == "16-1(5)" => Permission::ReleaseInsolvency,
        Fact::JudgementRecorded { .. }
        | Fact::CureDemanded { .. }
        | Fact::GroundLifted { .. }
        | Fact::CheckRecorded(_) => Permission::RegisterJudgement,
        Fact::PaymentCredited(_) | Fact::HeldReturned { .. } => Permission::RegisterMoney,
        Fact::ServiceStarted { .. }
        | Fact::UpstreamSuspended { .. }
        | Fact::UpstreamResumed { .. } => Permission::RegisterOperation,
        Fact::AcceptanceMailSent { .. }
        | Fact::RefusalSent { .. }
        | Fact::OrderAcceptanceSent { .. }
        | Fact::MailRefused { .. }
        | Fact::ReceiptNoticeSent { .. }
        | Fact::TerminationNoticeSent { .. }
        | Fact::QuoteIssued(_)
        | Fact::InvoiceIssued(_)
        | Fact::InvoiceSent { .. }
        | Fact::UsageImported(_)
        | Fact::MaterialErased { .. }
        | Fact::CertificateSent { .. }
        | Fact::ContractTakenOver(_)
        | Fact::ReceivableTakenOver(_)
        | Fact::CreditNoteIssued(_)
        | Fact::CreditNoteSent { .. }
        | Fact::AgreementNoticeSent { .. }
        | Fact::EntryVoided { .. } => return None,
    })
}

/// The findings that keep this actor from this act.
///
/// `earlier` is the person who did the step before: registered the application,
/// proposed the act, ordered the erasure.
pub fn permission(actor: &Actor, act: &Act, earlier: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !may_act(actor.role, act) {
        let detail = format!("{} ({:?})", actor.id, actor.role);
        findings.push(Finding::blocking("roles", "not_permitted", detail));
    }
    if needs_second_person(act) && earlier.is_some_and(|person| actor.stands_for(person)) {
        findings.push(Finding::blocking("roles", "same_person", actor.id.clone()));
    }
    if let (Act::Approve { .. }, Some(amount), Some(limit)) =
        (act, act.amount(), actor.approves_up_to)
        && amount > limit
    {
        let detail = format!("{amount} > {limit}");
        findings.push(Finding::blocking("roles", "above_limit", detail));
    }
    findings
}

/// Whether somebody in this role can be the second of two persons: accepts, confirms
/// or approves what another one began.
pub fn can_be_second_person(role: Role) -> bool {
    matches!(
        role,
        OrderDesk | ContractApprover | Billing | SuspensionApprover | PrivacyOfficer | Legal
    )
}

/// Whether an act takes another person than the step before it.
pub fn needs_second_person(act: &Act) -> bool {
    matches!(
        act,
        Act::AcceptApplication { .. }
            | Act::Suspend { .. }
            | Act::Terminate { .. }
            | Act::ConfirmArrival { .. }
            | Act::DeclineArrival { .. }
            | Act::ConfirmErasure { .. }
            | Act::VerifyTakeover { .. }
            | Act::Approve { .. }
    )
}
