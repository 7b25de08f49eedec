//! The roles, and what each may see and bring: law as much as any clause. Who may do an
//! act, and which second person it takes, stands with the act.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

    /// Whether somebody in this role can be the second of two persons: accepts, confirms
    /// or approves what another one began.
    pub fn can_be_second_person(self) -> bool {
        matches!(
            self,
            OrderDesk | ContractApprover | Billing | SuspensionApprover | PrivacyOfficer | Legal
        )
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
    /// Open matters (reports, requests, claims), note on them and close them.
    SeeToMatters,
    /// Write and approve notices to customers, and record what becomes of them. Which kind
    /// somebody may write or approve, the pack says.
    Announce,
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
    pub const ALL: [Permission; 24] = [
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
        Permission::SeeToMatters,
        Permission::Announce,
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
            Permission::SeeToMatters => &[OrderDesk, Operations, Security, Support, Legal],
            Permission::Announce => &[
                OrderDesk,
                ContractApprover,
                Collections,
                Operations,
                Security,
                Support,
                Legal,
                Publisher,
            ],
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
