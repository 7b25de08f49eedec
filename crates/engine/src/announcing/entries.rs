//! The operator's stream of notices: what was written, approved, posted and given out.

use std::collections::BTreeMap;

use contract::declare::ids::{AccountId, ContractId};
use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use reckon::Moment;
use serde::{Deserialize, Serialize};

use super::audience::{Addressed, Audience};
use crate::keeping::store::{OperatorEntry, Store, StoreError};

/// The operator's stream of notices.
pub const NOTICES: &str = "notices";
/// Customers in one entry of those to whom a notice goes.
pub(super) const CUSTOMERS_AN_ENTRY: usize = 500;

/// What is said of a notice, one entry after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeEntry {
    pub notice: NoticeId,
    pub by: Actor,
    pub at: Moment,
    #[serde(flatten)]
    pub what: NoticeStep,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NoticeStep {
    Written(Box<Written>),
    /// It may leave.
    Approved(Approved),
    /// It does not leave.
    Dropped {
        reason: String,
    },
    /// It could be read on the homepage.
    Posted(Posted),
    /// So many customers were given it, in the order in which they stand.
    GivenUpTo {
        customers: u64,
    },
    /// Nobody waits for it any more; so many were given it.
    GivenToAll {
        customers: u64,
    },
    /// Everybody's account knows that it was posted.
    PostingTold,
}

/// A notice as it was written. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// Of the form: a form that is sent twice writes one notice.
    pub form: String,
    /// A kind of the pack.
    pub kind: String,
    pub title: String,
    /// What the kind asks for, by the names of its fields; and what was written besides.
    /// `None` where it stands sealed, under the key of the contract that it is about.
    pub words: Option<Words>,
    /// The sealed row with the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
    /// BLAKE3 over title and words.
    pub text_hash: String,
    pub audience: Audience,
    pub channels: Vec<Channel>,
    /// From when what it announces holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_effect: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure_days: Option<u32>,
    /// The notice that it withdraws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<NoticeId>,
}

/// What a notice says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub fields: BTreeMap<String, String>,
    pub text: String,
}

/// How many customers and contracts it goes to; who they are stands in a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    pub customers: u64,
    pub contracts: u64,
}

/// Where it could be read, and the hash of what was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub page: String,
    pub page_hash: String,
}

impl NoticeStep {
    fn name(&self) -> &'static str {
        match self {
            NoticeStep::Written(_) => "written",
            NoticeStep::Approved(_) => "approved",
            NoticeStep::Dropped { .. } => "dropped",
            NoticeStep::Posted(_) => "posted",
            NoticeStep::GivenUpTo { .. } => "given_up_to",
            NoticeStep::GivenToAll { .. } => "given_to_all",
            NoticeStep::PostingTold => "posting_told",
        }
    }
}

impl NoticeEntry {
    /// As it is stored. A step of a notice is taken once.
    pub(super) fn stored(&self) -> OperatorEntry {
        let step = self.what.name();
        let key = match &self.what {
            NoticeStep::GivenUpTo { customers } => format!("{step}/{customers:08}"),
            _ => step.to_owned(),
        };
        OperatorEntry {
            stream: NOTICES.to_owned(),
            key: format!("{}/{key}", self.notice),
            kind: format!("notice_{step}"),
            payload: serde_json::to_value(self).expect("plain data"),
        }
    }
}

/// Everything that was said of notices, in its order.
pub(super) async fn entries(store: &dyn Store) -> Result<Vec<NoticeEntry>, StoreError> {
    let entries = store.operator_stream(NOTICES).await?;
    let read = entries.into_iter().map(|entry| {
        serde_json::from_value(entry.payload).map_err(|error| {
            StoreError::Broken(format!("entry {} of {NOTICES}: {error}", entry.key))
        })
    });
    read.collect()
}

/// To whom a notice goes, as it was approved: so many customers an entry.
pub(super) fn addressed_entries(notice: &NoticeId, to: &[Addressed]) -> Vec<OperatorEntry> {
    let chunks = to.chunks(CUSTOMERS_AN_ENTRY).enumerate();
    let entries = chunks.map(|(number, chunk)| OperatorEntry {
        stream: stream_of(notice),
        key: chunk_key(number),
        kind: "notice_addressed".to_owned(),
        payload: serde_json::to_value(chunk).expect("plain data"),
    });
    entries.collect()
}

/// A part of those to whom a notice goes; none after the last.
pub(super) async fn addressed_chunk(
    store: &dyn Store,
    notice: &NoticeId,
    number: usize,
) -> Result<Option<Vec<Addressed>>, StoreError> {
    let entry = store.operator_entry(&stream_of(notice), &chunk_key(number)).await?;
    let read = entry.map(|entry| {
        serde_json::from_value(entry.payload).map_err(|error| {
            StoreError::Broken(format!("entry {} of {}: {error}", entry.key, entry.stream))
        })
    });
    read.transpose()
}

fn stream_of(notice: &NoticeId) -> String {
    format!("{NOTICES}/{notice}")
}

fn chunk_key(number: usize) -> String {
    format!("to/{number:05}")
}

/// The id of the input by which a customer is given a notice.
/// Of what it says: after a restore its number may be given to another.
pub(super) fn given_id(notice: &NoticeId, text_hash: &str, account: &AccountId) -> String {
    format!("notice-{notice}-{}-{account}", &text_hash[..8])
}

/// The contracts of somebody to whom a notice goes.
impl Addressed {
    pub fn first(&self) -> &ContractId {
        &self.contracts[0]
    }
}
