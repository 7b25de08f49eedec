//! The store, as a trait: what one transaction may hold, and what can be asked.
//!
//! Everything that must stand or fall together is one [`Transaction`]. The store
//! knows tables and hashes; it decides nothing.

use std::collections::BTreeMap;

use async_trait::async_trait;
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::Sentence;
use contract::road::stream::{Input, Record, Stream};
use contract::sentence;
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::keeping::identity::Identity;
use crate::keeping::listed::{ListFound, ListOf, ListQuery};
use crate::keeping::numbered::{ShortNumber, ToNumber};

/// What is written in one go, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    /// When it is recorded: for the archive only, no rule reads it.
    pub recorded_at: Option<Moment>,
    /// Laws that the records name; an id that is known already is left alone.
    pub laws: Vec<(String, String)>,
    pub records: Vec<NewRecord>,
    /// Only the queue: when something follows next in an account that has this
    /// many records; without effect when it has got more meanwhile.
    pub due: Vec<(AccountId, u64, Option<Moment>)>,
    /// Entries of the operator's own streams.
    pub operator: Vec<OperatorEntry>,
    /// Operator's streams on which the step rests, with the number of entries that
    /// were read. Another number in the store is [`StoreError::Conflict`].
    pub operator_after: Vec<(String, u64)>,
    pub outbox: Vec<OutboxRow>,
    pub outbox_updates: Vec<OutboxUpdate>,
    /// Claimed accounts that are let go of. Their effects that are still being
    /// performed were left without an answer: they wait again, as `maybe_sent`.
    pub released: Vec<AccountId>,
    pub views: Vec<ViewRow>,
    /// What is to have a short number from now on; what has one keeps it.
    pub numbered: Vec<ToNumber>,
    pub personal: Vec<PersonalRow>,
    pub documents: Vec<DocumentRow>,
    pub drafts: Vec<DraftRow>,
    pub drafts_issued: Vec<String>,
    pub usage: Vec<UsageSegment>,
    pub refused_rows: Vec<RefusedRow>,
    /// Movements of the bank that wait for a person; one that waits already is left alone.
    pub movements: Vec<WaitingMovement>,
    pub movement_marks: Vec<MovementMark>,
}

/// A record of one account, on top of the records that were read.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// How many records of the account the decision rested on. Another number in
    /// the store is [`StoreError::Conflict`]: load and decide again.
    pub after: u64,
    pub record: Record,
    /// When something follows by itself; `None` takes the account off the queue.
    pub next_due: Option<Moment>,
}

/// An entry of an operator's stream (`billing-run/…`, `numbers/…`, `bank-file/…`).
/// The pair of stream and key is unique: a second one is [`StoreError::Duplicate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperatorEntry {
    pub stream: String,
    pub key: String,
    pub kind: String,
    pub payload: serde_json::Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// To be performed when `next_at` has come.
    Waiting,
    /// A worker has it; after a restart it may or may not have been performed.
    Performing,
    Done,
    /// Refused for good, or its guard no longer holds: a person looks at it.
    Refused,
    /// Waits for a person to do it by hand.
    ByHand,
    /// After a restore: it may have been performed since the backup, and a
    /// person decides.
    Held,
    /// It was refused, and a person has answered that: it is tried again under
    /// another id, or nobody needs it.
    Settled,
}

/// An effect that has to be performed outside, at least once.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OutboxRow {
    /// Made from the event that asked for it, so that it is asked for once.
    pub id: String,
    pub account: AccountId,
    /// `mail`, `cloud`, `erase`.
    pub kind: String,
    pub payload: serde_json::Value,
    pub state: OutboxState,
    pub attempts: u32,
    pub next_at: Moment,
    pub expires_at: Option<Moment>,
    /// True once an attempt ended without an answer.
    pub maybe_sent: bool,
    pub last_reply: String,
}

/// What an attempt changed.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxUpdate {
    pub id: String,
    pub state: OutboxState,
    pub attempts: u32,
    pub next_at: Moment,
    pub maybe_sent: bool,
    pub last_reply: String,
}

/// A row of a read model, replaced as a whole. It can be made again from the
/// streams at any time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewRow {
    /// `account`, `contract`, `application`, `invoice`, `task`, `right`.
    pub kind: String,
    pub id: String,
    pub account: AccountId,
    pub content: serde_json::Value,
}

/// What an account came to after so many records, to go on from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkedOut {
    pub records: u64,
    pub fold: Fold,
    /// As `contract` writes it.
    pub body: Vec<u8>,
}

/// By which code and under which law an account was worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    pub version: u32,
    pub law: String,
}

/// A row of a read model as it is stored: content that may be no JSON any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredView {
    pub kind: String,
    pub id: String,
    pub content: Vec<u8>,
    /// By what it is found.
    pub sought: Vec<u8>,
}

/// Personal data, free text or a raw file: encrypted under the key of its
/// subject, which lives outside the database. Forgetting destroys both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonalRow {
    pub id: String,
    /// Whose key: a contract or application id.
    pub subject: String,
    pub account: AccountId,
    /// `contact`, `mail`, `file`, `usage_detail`.
    pub class: String,
    pub name: String,
    pub content: Vec<u8>,
}

/// An issued document or a mail as it was sent: kept for its statutory time.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRow {
    pub id: String,
    pub account: AccountId,
    /// `invoice`, `order_acceptance`, `receipt_notice`, `certificate`, `mail`.
    pub kind: String,
    pub name: String,
    pub mime: String,
    pub bytes: Vec<u8>,
}

/// A draft with the number that the billing run gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    pub id: String,
    pub run: String,
    pub account: AccountId,
    pub number: String,
    pub content: serde_json::Value,
}

/// Usage of one file: an immutable segment and the keys that tell duplicates.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageSegment {
    pub name: String,
    pub file: String,
    pub sha256: String,
    pub rows: Vec<UsageRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageRow {
    /// Source and id of the row, unique over all months.
    pub source: String,
    pub id: String,
    pub row: u32,
    pub account: AccountId,
    pub contract: String,
    pub line: u32,
    pub resource: String,
    pub item: String,
    pub quantity: String,
    pub unit: String,
    pub from: Moment,
    pub to: Moment,
}

/// A usage row that was taken, by the name under which it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUsage {
    pub source: String,
    pub id: String,
    pub segment: String,
}

/// A row of a file that was not taken, and why: it stays visible.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct RefusedRow {
    pub file: String,
    pub row: u32,
    /// In one language where an older program kept it.
    pub reason: Sentence,
    pub content: String,
}

impl RefusedRow {
    /// The row with its reason.
    pub(crate) fn told(&self) -> Sentence {
        let (row, Sentence { ja, en }) = (self.row, &self.reason);
        sentence!("{row}行目{ja}。", "row {row}, {en}")
    }
}

/// A movement of the bank account that a person has to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingMovement {
    /// Of the movement, whatever file it stands in.
    pub id: String,
    /// The file in which it was read first, and its row there.
    pub file: String,
    pub row: u32,
    pub reason: String,
    /// What the bank says of it and whose it may be; null for those of older programs.
    pub content: serde_json::Value,
}

/// Whether a movement waits from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementMark {
    pub id: String,
    pub waits: bool,
}

/// What waits: for monitoring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many effects stand in each state, and the earliest next attempt.
    pub effects: Vec<(OutboxState, u64, Moment)>,
    /// The earliest moment at which something follows by itself in an account.
    pub oldest_due: Option<Moment>,
}

impl Backlog {
    /// Seconds for which something has been due that nobody brought or performed.
    pub fn age(&self, now: Moment) -> i64 {
        let waiting = |(state, _, at): &(OutboxState, u64, Moment)| {
            (*state == OutboxState::Waiting).then_some(*at)
        };
        let oldest = self.effects.iter().filter_map(waiting).chain(self.oldest_due).min();
        oldest.map_or(0, |at| (now.unix_seconds() - at.unix_seconds()).max(0))
    }
}

/// A place where the store does not hold what was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{table} {row}, {column}: {problem}")]
pub struct Fault {
    pub table: String,
    /// The parts of its key, as they are stored now.
    pub row: String,
    pub column: String,
    pub problem: String,
}

impl Fault {
    pub fn at(
        table: &str,
        row: impl Into<String>,
        column: &str,
        problem: impl Into<String>,
    ) -> Fault {
        let (table, column) = (table.to_owned(), column.to_owned());
        Fault { table, row: row.into(), column, problem: problem.into() }
    }
}

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("somebody else wrote to account {0} meanwhile: load it again")]
    Conflict(AccountId),
    #[error("{0} is recorded already")]
    Duplicate(String),
    #[error(
        "the data folder cannot be written: {0}. Nothing of this step was applied; free space or repair the folder and try again"
    )]
    Full(String),
    #[error("the store failed: {0}")]
    Broken(String),
}

/// A part of a list: the rows after one id, in the order of ids.
#[derive(Debug, Clone, Copy)]
pub struct ListPart<'a> {
    /// The id of the last row that was had; empty for the beginning.
    pub after: &'a str,
    /// Only what belongs to this account.
    pub account: Option<&'a AccountId>,
    /// How many rows at the most.
    pub limit: u32,
}

/// Some of an account's records, in the order of registration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordsPart {
    pub records: Vec<Record>,
    /// The place of the first of them where there are earlier ones: the first record of an
    /// account is its first place.
    pub earlier_than: Option<u64>,
}

/// A store; one conformance suite for all.
#[async_trait]
pub trait Store: Send + Sync {
    /// Writes all of it or nothing.
    async fn commit(&self, transaction: &Transaction) -> Result<(), StoreError>;

    /// All records of an account in the order of registration.
    async fn records(&self, account: &AccountId) -> Result<Vec<Record>, StoreError> {
        self.records_after(account, 0).await
    }

    /// Those that were registered after the first so many.
    async fn records_after(
        &self,
        account: &AccountId,
        first: u64,
    ) -> Result<Vec<Record>, StoreError>;

    /// Of an account the newest records before a place of which something stands in one of
    /// these streams: those of at least so many entries, as far as there are.
    async fn newest_records(
        &self,
        account: &AccountId,
        streams: &[Stream],
        before: u64,
        entries: u32,
    ) -> Result<RecordsPart, StoreError>;

    /// When each record of an account was written down, in the order of registration.
    async fn recorded_at(&self, account: &AccountId) -> Result<Vec<Option<Moment>>, StoreError>;

    /// Inputs without their events, by `known_at` (seconds) and their own paths, such as
    /// `payload.actor.id`.
    async fn list_inputs(&self, query: &ListQuery) -> Result<ListFound<Input>, StoreError>;

    async fn accounts(&self) -> Result<Vec<AccountId>, StoreError>;

    /// True when an input with this id has been recorded for any account.
    async fn has_input(&self, id: &InputId) -> Result<bool, StoreError>;

    async fn law(&self, id: &str) -> Result<Option<String>, StoreError>;

    /// Accounts in which something follows by itself up to `until`, earliest first,
    /// whoever is at them.
    async fn due(&self, until: Moment, limit: u32) -> Result<Vec<(Moment, AccountId)>, StoreError>;

    /// When something follows by itself in this account, if anything does.
    async fn due_of(&self, account: &AccountId) -> Result<Option<Moment>, StoreError>;

    /// Claims accounts in which something follows by itself up to `until`, earliest
    /// first. A claimed account is not given out again before it is released.
    async fn claim_due(
        &self,
        until: Moment,
        limit: u32,
    ) -> Result<Vec<(Moment, AccountId)>, StoreError>;

    /// The earliest moment at which anything is due: a consequence or an effect.
    async fn next_due(&self) -> Result<Option<Moment>, StoreError>;

    /// Takes waiting rows whose time has come, in their order, and marks them as
    /// being performed. Their accounts are claimed as by [`Store::claim_due`]; rows
    /// of accounts that are claimed already stay.
    async fn claim(&self, now: Moment, limit: u32) -> Result<Vec<OutboxRow>, StoreError>;

    /// Ends the claims of workers that are gone. Rows that they were performing go
    /// back to waiting, marked `maybe_sent`; returns how many.
    async fn recover(&self) -> Result<u64, StoreError>;

    async fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError>;

    /// The rows of the outbox in one state, in the order of their next attempt.
    async fn outbox_in(&self, state: OutboxState) -> Result<Vec<OutboxRow>, StoreError>;

    /// Rows of the outbox, by their columns and by paths in `payload`.
    async fn list_effects(&self, query: &ListQuery) -> Result<ListFound<OutboxRow>, StoreError>;

    /// One row of the outbox.
    async fn effect(&self, id: &str) -> Result<Option<OutboxRow>, StoreError>;

    /// How much waits and since when, without reading the rows.
    async fn backlog(&self) -> Result<Backlog, StoreError>;

    /// Writes something that changes nothing, beside the keys too: an error says that
    /// nothing can be written now.
    async fn probe(&self) -> Result<(), StoreError>;

    async fn views(&self, kind: &str) -> Result<Vec<ViewRow>, StoreError>;

    /// Rows of read models, by paths in their content.
    async fn list_views(
        &self,
        of: ListOf<'_>,
        query: &ListQuery,
    ) -> Result<ListFound<ViewRow>, StoreError>;

    async fn view(&self, kind: &str, id: &str) -> Result<Option<ViewRow>, StoreError>;

    /// The short numbers of things, by their ids. What has none is left out.
    async fn short_numbers(&self, ids: &[&str]) -> Result<BTreeMap<String, String>, StoreError>;

    /// The id of what has this short number.
    async fn numbered(&self, number: &ShortNumber) -> Result<Option<String>, StoreError>;

    /// Every row that an account has written, as it is stored and whatever it is.
    async fn views_of(&self, account: &AccountId) -> Result<Vec<StoredView>, StoreError>;

    /// The version of the code that made the read models; none before the first.
    async fn read_models(&self) -> Result<Option<u32>, StoreError>;

    /// Puts rows in the place of all those of an account that has this many records.
    /// Another number in the store is [`StoreError::Conflict`].
    async fn replace_views(
        &self,
        account: &AccountId,
        records: u64,
        rows: &[ViewRow],
    ) -> Result<(), StoreError>;

    /// Takes note that all read models are made by this version.
    async fn note_read_models(&self, version: u32) -> Result<(), StoreError>;

    /// What an account came to, as it was stored; none where nothing is, or where it was
    /// changed. Nothing rests on it that the records do not give.
    async fn worked_out(&self, account: &AccountId) -> Result<Option<WorkedOut>, StoreError>;

    /// Stores what an account came to, over what stood there.
    async fn put_worked_out(&self, account: &AccountId, row: &WorkedOut) -> Result<(), StoreError>;

    /// Accounts after an id that have so many records, and of which nothing is stored
    /// under this fold, or nothing of the last so many records.
    async fn behind(
        &self,
        after: &str,
        by: u64,
        fold: &Fold,
        limit: u32,
    ) -> Result<Vec<AccountId>, StoreError>;

    /// A part of the rows of a kind.
    async fn views_part(&self, kind: &str, part: ListPart<'_>) -> Result<Vec<ViewRow>, StoreError>;

    /// A part of the outbox.
    async fn outbox_part(&self, part: ListPart<'_>) -> Result<Vec<OutboxRow>, StoreError>;

    /// A part of the rows that were not taken, each under its id; of one file
    /// unless `file` is empty. They belong to no account.
    async fn refused_part(
        &self,
        file: &str,
        part: ListPart<'_>,
    ) -> Result<Vec<(String, RefusedRow)>, StoreError>;

    /// Decrypted; `None` when it was never there or has been erased.
    async fn personal(&self, id: &str) -> Result<Option<PersonalRow>, StoreError>;

    /// Ids and classes of what is kept under a subject.
    async fn personal_of(&self, subject: &str) -> Result<Vec<(String, String)>, StoreError>;

    /// Destroys the key and the rows of a subject, and lists it for restores.
    /// Returns how many rows of each class were destroyed.
    async fn erase(&self, subject: &str, at: Moment) -> Result<Vec<(String, u64)>, StoreError>;

    async fn document(&self, id: &str) -> Result<Option<DocumentRow>, StoreError>;

    /// Hashes (BLAKE3, in hexadecimal) of the bytes of documents and personal rows, by
    /// their ids. What was never there, or has been erased, has none.
    async fn hashes_of(&self, ids: &[&str]) -> Result<BTreeMap<String, String>, StoreError>;

    /// Ids, kinds and names, without the bytes.
    async fn documents(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(String, String, String)>, StoreError>;

    async fn operator_stream(&self, stream: &str) -> Result<Vec<OperatorEntry>, StoreError>;

    /// The entry of an operator's stream under a key.
    async fn operator_entry(
        &self,
        stream: &str,
        key: &str,
    ) -> Result<Option<OperatorEntry>, StoreError>;

    /// The last entry of an operator's stream.
    async fn operator_last(&self, stream: &str) -> Result<Option<OperatorEntry>, StoreError>;

    /// How many entries an operator's stream has.
    async fn operator_stream_length(&self, stream: &str) -> Result<u64, StoreError>;

    /// Drafts that have a number and are not issued yet, in the order of numbers.
    async fn unissued(&self, run: &str) -> Result<Vec<DraftRow>, StoreError>;

    /// All drafts of an account, and whether each is issued.
    async fn drafts_of(&self, account: &AccountId) -> Result<Vec<(DraftRow, bool)>, StoreError>;

    /// Those of the (source, id) pairs that an earlier import holds already, each with
    /// the segment that took it first.
    async fn known_usage(&self, keys: &[(String, String)]) -> Result<Vec<KnownUsage>, StoreError>;

    async fn usage_segment(&self, name: &str) -> Result<Option<UsageSegment>, StoreError>;

    /// How many usage rows are kept for a contract.
    async fn count_usage(&self, contract: &str) -> Result<u64, StoreError>;

    /// Destroys the usage rows of a contract; what was charged for them stays in
    /// the charge lines. Returns how many there were.
    async fn erase_usage(&self, contract: &str) -> Result<u64, StoreError>;

    /// Movements of the bank account that wait for a person, by file and row.
    async fn waiting_movements(&self) -> Result<Vec<WaitingMovement>, StoreError>;

    /// Those of them that are asked for, by their columns and by paths in `content`.
    async fn list_movements(
        &self,
        query: &ListQuery,
    ) -> Result<ListFound<WaitingMovement>, StoreError>;

    /// How many movements wait.
    async fn count_movements(&self) -> Result<u64, StoreError>;

    /// A movement that waits, or has waited.
    async fn movement(&self, id: &str) -> Result<Option<WaitingMovement>, StoreError>;

    async fn refused_rows(&self) -> Result<Vec<RefusedRow>, StoreError>;

    /// Rows that were not taken, by their columns (`file`, `line_no`, `content`).
    async fn list_refused(&self, query: &ListQuery) -> Result<ListFound<RefusedRow>, StoreError>;

    /// Computes every chain and seal again over the stored bytes, and makes again what
    /// the store itself can derive.
    async fn check_chains(&self) -> Result<Vec<Fault>, StoreError>;

    /// Writes a checkpoint: the Merkle root of all heads, chained to the last.
    async fn checkpoint(&self, at: Moment) -> Result<String, StoreError>;

    /// Credentials, sessions, keys and the access log.
    fn identity(&self) -> &dyn Identity;
}
