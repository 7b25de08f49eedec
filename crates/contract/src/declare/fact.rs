//! Facts: what happened. They are never refused; at worst they have no effect.

use std::collections::BTreeMap;

use reckon::{Day, Decimal, Moment, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::application::checks::Check;
use crate::application::form::{
    ApplicationForm, CancellationForm, LineWish, PersonRole, SpecialTerm,
};
use crate::application::quote::{PurchaseOrder, Quote};
use crate::declare::ids::{AccountId, ApplicationId, ContractId, InputId, PersonId};
use crate::ending::use_period::Statement;
use crate::money::credit_note::CreditNote;
use crate::money::invoice::Invoice;
use crate::notices::notice::Channel;
use crate::registered::filing::FiledDocument;
use crate::registered::parties::DataChange;
use crate::takeover::{TakenOverContract, TakenOverReceivable};

/// Something that happened, as it was registered.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Fact {
    /// 9-2, 9-7: an application or an application for a change came in.
    ApplicationReceived(Box<Application>),
    /// 9-2b: the paper that follows an application mail.
    PaperFormReceived {
        application: ApplicationId,
    },
    /// 9-4: the outgoing server took the acceptance mail. Forms the contract.
    AcceptanceMailSent {
        application: ApplicationId,
        message_id: String,
    },
    /// 9-3b.
    RefusalSent {
        application: ApplicationId,
        message_id: String,
    },
    /// 9-5, 9-8: the order acceptance (申込請書) went out, for a change contract
    /// that of its application.
    OrderAcceptanceSent {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ApplicationId>,
        message_id: String,
    },
    /// The own server refused a mail for good: it was never sent.
    MailRefused {
        about: String,
        mail: String,
        reply: String,
    },
    /// Withdrawal of an application; after formation with its costs (9-9).
    ApplicationWithdrawn {
        application: ApplicationId,
        #[serde(default)]
        costs: Vec<Yen>,
    },
    /// 10-1, 30-2: a person to write to changed; the row holds who it is now.
    ContactChanged {
        application: ApplicationId,
        role: PersonRole,
        person: PersonId,
        /// The row that stays with the accounting records, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<PersonId>,
    },
    /// 10-1: a change of registered data was notified, with its planned day.
    DataChangeNotified(Box<DataChange>),
    /// A quotation (見積書) was issued. It never changes.
    QuoteIssued(Box<Quote>),
    /// The customer's order on a quotation (発注書) came in.
    PurchaseOrderReceived(Box<PurchaseOrder>),
    /// A paper or file was filed, to be found by day, counterparty and amount.
    DocumentFiled(Box<FiledDocument>),
    /// The use of a service line began.
    ServiceStarted {
        contract: ContractId,
        line: u32,
        on: Day,
    },
    /// 13-1b: a statement that the contract shall not be extended.
    NonRenewalStated {
        contract: ContractId,
        statement: Statement,
    },
    /// 15-1: a cancellation form arrived.
    CancellationFormArrived {
        contract: ContractId,
        channel: Channel,
        arrived_at: Moment,
        form: CancellationForm,
    },
    /// 15-1: the receipt notice went out, naming this day.
    ReceiptNoticeSent {
        contract: ContractId,
        effective: Day,
        message_id: String,
    },
    /// 16-1, 3-2: the notice of termination went out that carries out an act; of
    /// older notices it is not known which.
    TerminationNoticeSent {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<InputId>,
        message_id: String,
    },
    /// A ground that a person found, with the document that shows it.
    JudgementRecorded {
        clause: String,
        about: String,
        document: String,
    },
    /// 16-1(7): the correction of a breach was demanded (是正催告), with so many days
    /// from the day on which the demand took effect.
    CureDemanded {
        contract: ContractId,
        effective_on: Day,
        cure_days: u32,
        document: String,
    },
    /// A judged ground is gone: it was cured, lifted, or never was.
    GroundLifted {
        clause: String,
        contract: ContractId,
        document: String,
    },
    /// legal has looked at an insolvency and the rights may be used.
    InsolvencyReleased {
        contract: ContractId,
        document: String,
    },
    /// 19-1: the customer has returned or destroyed what it was lent.
    MaterialDisposed {
        contract: ContractId,
        on: Day,
        document: String,
    },
    /// 9-10(3), 9-10(5): a check of the applicant was made (反社, 与信).
    CheckRecorded(Check),
    /// An invoice was issued. It never changes.
    InvoiceIssued(Box<Invoice>),
    /// The mail with an invoice went out.
    InvoiceSent {
        number: String,
        message_id: String,
    },
    /// Money was credited to the provider's account.
    PaymentCredited(Payment),
    /// Usage of a file, summed up for this account.
    UsageImported(UsageImported),
    /// The upstream was suspended or resumed, by hand or by an adapter.
    UpstreamSuspended {
        contract: ContractId,
    },
    UpstreamResumed {
        contract: ContractId,
    },
    /// 19-2: keys and rows were destroyed.
    MaterialErased {
        contract: ContractId,
        erased: Vec<ErasedClass>,
        by: String,
        confirmed_by: String,
    },
    /// The erasure certificate went out.
    CertificateSent {
        contract: ContractId,
        message_id: String,
    },
    /// A running contract of an earlier book.
    ContractTakenOver(Box<TakenOverContract>),
    /// An open invoice of an earlier book.
    ReceivableTakenOver(Box<TakenOverReceivable>),
    /// A credit note (返還請求書) was issued. It never changes.
    CreditNoteIssued(Box<CreditNote>),
    /// The mail with a credit note went out.
    CreditNoteSent {
        number: String,
        message_id: String,
    },
    /// Money held was transferred back to the customer.
    HeldReturned {
        on: Day,
        amount: Yen,
        /// Of the transfer, as the bank names it.
        reference: String,
    },
    /// The notice of what was agreed on a cancellation went out: its new last
    /// day, or none when the contract goes on.
    AgreementNoticeSent {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Day>,
        message_id: String,
    },
    /// An earlier entry was wrong: it counts no longer. Written before such a
    /// correction needed two persons (`Act::VoidEntry`).
    EntryVoided {
        of: InputId,
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Application {
    pub application: ApplicationId,
    /// Message-ID of the mail, or the number stamped on the paper.
    pub reference: String,
    pub channel: Channel,
    pub sent_at: Moment,
    pub received_at: Moment,
    pub wish: Wish,
    /// False, mistaken or missing entries (9-10(2)), by place in the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form_faults: Vec<String>,
    #[serde(default)]
    pub people: BTreeMap<PersonRoleKey, PersonId>,
    pub registered_by: String,
    /// Terminated contracts of other accounts that resemble this applicant, as
    /// the register showed them at registration: hints, no ground (9-10(1)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resembles: Vec<EarlierTermination>,
}

/// A contract that the provider terminated (16-1, 39-2(2)).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct EarlierTermination {
    pub account: AccountId,
    pub contract: ContractId,
    pub on: Day,
    pub same: Vec<Resemblance>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Resemblance {
    /// The trade name, now or earlier, without its legal form.
    Name,
    Address,
    /// A name under which money came.
    Payer,
}

/// Roles as map keys: their text is stored.
pub type PersonRoleKey = String;

impl PersonRole {
    pub fn key(self) -> PersonRoleKey {
        match self {
            PersonRole::ResponsiblePerson => "responsible_person",
            PersonRole::Billing => "billing",
            PersonRole::Technical => "technical",
            PersonRole::Emergency => "emergency",
        }
        .to_owned()
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "an application stands in a box of its own")]
pub enum Wish {
    /// A new contract.
    New { form: ApplicationForm },
    /// A form with faults, as far as it can be read: who applies. It is answered with
    /// its faults and can be refused (9-10(2)); there is nothing in it to accept.
    Faulty { applicant: String },
    /// A change contract (利用変更契約, 9-7).
    Change { contract: ContractId, from: Day, changes: Vec<Change> },
}

impl Wish {
    /// What a change contract changes.
    pub fn changes(&self) -> &[Change] {
        match self {
            Wish::New { .. } | Wish::Faulty { .. } => &[],
            Wish::Change { changes, .. } => changes,
        }
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    AddLine {
        line: LineWish,
    },
    SetQuantity {
        line: u32,
        quantity: u32,
    },
    SetAgreedFee {
        line: u32,
        fee: Yen,
    },
    SpecialTerm {
        term: SpecialTerm,
    },
    /// The line ends with this day, its fee with that month; what it then owes
    /// of its minimum term (14-2) is as agreed here, without tax.
    RemoveLine {
        line: u32,
        last_day: Day,
        #[serde(default, skip_serializing_if = "Yen::is_zero")]
        residual: Yen,
    },
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Payment {
    pub on: Day,
    pub amount: Yen,
    pub payer: String,
    /// Invoices that the payer named; the oldest due first when none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// What a usage file added for one account (23-1).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UsageImported {
    pub file: String,
    /// With what the names of its segments begin: one a contract.
    pub segment: String,
    /// Of the file, as it came.
    pub sha256: String,
    pub accepted: u64,
    pub refused: u64,
    pub totals: Vec<UsageTotal>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UsageTotal {
    pub contract: ContractId,
    pub line: u32,
    pub resource: String,
    pub item: String,
    /// The upstream's fee month (UTC).
    pub month: Month,
    pub quantity: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ErasedClass {
    /// `contact`, `application_file`, `usage_detail`, …
    pub class: String,
    pub count: u64,
    pub method: String,
}
