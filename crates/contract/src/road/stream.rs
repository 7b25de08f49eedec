//! The streams of an account, and what stands in them.

use std::fmt;
use std::str::FromStr;

use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::LawId;

use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::ids::{AccountId, ApplicationId, ConsequenceId, ContractId, InputId};
use crate::declare::reason::{Because, Finding};
use crate::notices::given::DeliveryId;
use crate::road::editions::Edition;
use crate::who::actor::Actor;

/// A stream within one account: its text is stored.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum Stream {
    Application(ApplicationId),
    Contract(ContractId),
    Ledger,
    /// A notice on its way to the customer.
    Notice(DeliveryId),
    /// What concerns the company itself: checks, quotations, registered data,
    /// filed documents.
    Company,
}

impl From<&ApplicationId> for Stream {
    fn from(id: &ApplicationId) -> Stream {
        Stream::Application(id.clone())
    }
}

impl From<&ContractId> for Stream {
    fn from(id: &ContractId) -> Stream {
        Stream::Contract(id.clone())
    }
}

impl From<&Stream> for Stream {
    fn from(stream: &Stream) -> Stream {
        stream.clone()
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stream::Application(id) => write!(f, "application/{id}"),
            Stream::Contract(id) => write!(f, "contract/{id}"),
            Stream::Ledger => f.write_str("ledger"),
            Stream::Notice(id) => write!(f, "notice/{id}"),
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
            Some(("notice", id)) => Ok(Stream::Notice(DeliveryId(id.to_owned()))),
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

impl Body {
    /// The consequence that it adds or takes back.
    pub fn consequence(&self) -> Option<&ConsequenceId> {
        match self {
            Body::Follows { id, .. } | Body::Retracted { of: id } => Some(id),
            Body::Registered { .. } | Body::Done { .. } | Body::Refused { .. } => None,
        }
    }
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
