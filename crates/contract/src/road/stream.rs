//! The streams of an account, and what stands in them.

use std::fmt;
use std::str::FromStr;

use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use terms::LawId;

use crate::declare::act::{Act, Actor};
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::ids::{AccountId, ApplicationId, ConsequenceId, ContractId, InputId};
use crate::declare::reason::{Because, Finding};
use crate::road::editions::Edition;

/// A stream within one account: its text is stored.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum Stream {
    Application(ApplicationId),
    Contract(ContractId),
    Ledger,
    /// What concerns the company itself: checks, quotations, registered data,
    /// filed documents.
    Company,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stream::Application(id) => write!(f, "application/{id}"),
            Stream::Contract(id) => write!(f, "contract/{id}"),
            Stream::Ledger => f.write_str("ledger"),
            Stream::Company => f.write_str("company"),
        }
    }
}

impl FromStr for Stream {
    type Err = String;

    fn from_str(text: &str) -> Result<Stream, String> {
        match text.split_once('/') {
            Some(("application", id)) => Ok(Stream::Application(id.into())),
            Some(("contract", id)) => Ok(Stream::Contract(id.into())),
            None if text == "ledger" => Ok(Stream::Ledger),
            None if text == "company" => Ok(Stream::Company),
            _ => Err(format!("\"{text}\" is no stream of an account")),
        }
    }
}

impl From<Stream> for String {
    fn from(stream: Stream) -> String {
        stream.to_string()
    }
}

impl TryFrom<String> for Stream {
    type Error = String;
    fn try_from(text: String) -> Result<Stream, String> {
        text.parse()
    }
}

/// What is brought to the engine: one fact, one act, or the passing of time.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Input {
    pub id: InputId,
    pub account: AccountId,
    /// When it happened, in law.
    pub occurred_at: Moment,
    /// When the provider knew.
    pub known_at: Moment,
    pub actor: Actor,
    /// Where it comes from: a file and row, a mail, a page.
    pub source: String,
    /// Names of stored evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Of the rules that decided it.
    #[serde(default, skip_serializing_if = "Edition::is_first")]
    pub edition: Edition,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Fact(Fact),
    Act(Act),
    /// Nothing but time: bring what has become due.
    Clock,
    /// Nothing but the rules: what follows only because a newer edition decides.
    Edition,
}

/// One entry of a stream.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Event {
    pub stream: Stream,
    pub occurred_at: Moment,
    pub body: Body,
    pub because: Because,
}

/// What an entry says. Facts and acts stand in their input, which the digest
/// binds to the stream; they are not written twice.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Body {
    /// A fact was registered.
    Registered { input: InputId, digest: String },
    /// An act was done; the warnings did not stand in its way.
    Done { input: InputId, digest: String, warnings: Vec<Finding> },
    /// The terms or the roles did not allow an act.
    Refused { input: InputId, digest: String, findings: Vec<Finding> },
    /// Something follows.
    Follows { id: ConsequenceId, consequence: Consequence },
    /// A consequence no longer follows from what is known.
    Retracted { of: ConsequenceId },
}

/// An input and the events that came of it: the unit that is stored.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Record {
    pub input: Input,
    pub law: LawId,
    pub events: Vec<Event>,
}

impl Input {
    /// Hash of the input as it is stored.
    pub fn digest(&self) -> String {
        let bytes = serde_json::to_vec(self).expect("plain data");
        blake3::hash(&bytes).to_hex()[..32].to_owned()
    }
}

impl Fact {
    /// The stream in which a fact stands.
    pub fn stream(&self) -> Stream {
        match self {
            Fact::ApplicationReceived(a) => Stream::Application(a.application.clone()),
            Fact::PaperFormReceived { application }
            | Fact::AcceptanceMailSent { application, .. }
            | Fact::RefusalSent { application, .. }
            | Fact::ContactChanged { application, .. }
            | Fact::ApplicationWithdrawn { application, .. } => {
                Stream::Application(application.clone())
            }
            Fact::OrderAcceptanceSent { contract, .. }
            | Fact::ServiceStarted { contract, .. }
            | Fact::NonRenewalStated { contract, .. }
            | Fact::CancellationFormArrived { contract, .. }
            | Fact::ReceiptNoticeSent { contract, .. }
            | Fact::TerminationNoticeSent { contract, .. }
            | Fact::UpstreamSuspended { contract }
            | Fact::UpstreamResumed { contract }
            | Fact::MaterialErased { contract, .. }
            | Fact::CertificateSent { contract, .. }
            | Fact::CureDemanded { contract, .. }
            | Fact::GroundLifted { contract, .. }
            | Fact::InsolvencyReleased { contract, .. }
            | Fact::MaterialDisposed { contract, .. }
            | Fact::AgreementNoticeSent { contract, .. } => Stream::Contract(contract.clone()),
            Fact::CheckRecorded(_)
            | Fact::DataChangeNotified(_)
            | Fact::QuoteIssued(_)
            | Fact::PurchaseOrderReceived(_)
            | Fact::DocumentFiled(_) => Stream::Company,
            Fact::ContractTakenOver(taken) => Stream::Contract(taken.contract.clone()),
            Fact::MailRefused { .. }
            | Fact::JudgementRecorded { .. }
            | Fact::InvoiceIssued(_)
            | Fact::InvoiceSent { .. }
            | Fact::PaymentCredited(_)
            | Fact::UsageImported(_)
            | Fact::ReceivableTakenOver(_)
            | Fact::CreditNoteIssued(_)
            | Fact::CreditNoteSent { .. }
            | Fact::HeldReturned { .. }
            | Fact::EntryVoided { .. } => Stream::Ledger,
        }
    }
}

impl Act {
    pub fn stream(&self) -> Stream {
        match self {
            Act::AcceptApplication { application } | Act::RefuseApplication { application, .. } => {
                Stream::Application(application.clone())
            }
            Act::Suspend { contract, .. }
            | Act::Resume { contract }
            | Act::Terminate { contract, .. }
            | Act::DeclineRenewal { contract, .. }
            | Act::ConfirmArrival { contract, .. }
            | Act::DeclineArrival { contract, .. }
            | Act::OrderErasure { contract }
            | Act::ConfirmErasure { contract }
            | Act::VerifyTakeover { contract }
            | Act::AgreeCancellation { contract, .. } => Stream::Contract(contract.clone()),
            Act::ChargeAmendmentCosts { application, .. } => {
                Stream::Application(application.clone())
            }
            Act::VoidEntry { .. }
            | Act::CorrectEntry { .. }
            | Act::MovePayment { .. }
            | Act::CorrectInvoices { .. }
            | Act::UndoCashApplication { .. }
            | Act::ApplyPayment { .. }
            | Act::OffsetHeld { .. }
            | Act::ReturnHeld { .. }
            | Act::WaiveInterest { .. }
            | Act::WaiveFee { .. } => Stream::Ledger,
            Act::Propose { act } | Act::Approve { act, .. } | Act::Decline { act, .. } => {
                act.stream()
            }
        }
    }
}
