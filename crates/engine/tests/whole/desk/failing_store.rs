//! A store whose disk runs full when a test says so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use async_trait::async_trait;
use contract::declare::ids::{AccountId, InputId};
use contract::road::stream::{Input, Record, Stream};
use engine::listed::{ListFound, ListOf, ListQuery};
use engine::{
    Backlog, DocumentRow, DraftRow, Fault, Fold, Identity, KnownUsage, ListPart, OperatorEntry,
    OutboxRow, OutboxState, PersonalRow, RecordsPart, RefusedRow, ShortNumber, Store, StoreError,
    StoredView, Transaction, UsageSegment, ViewRow, WaitingMovement, WorkedOut,
};
use reckon::Moment;

pub struct FailingStore {
    inner: Arc<dyn Store>,
    full: AtomicBool,
    was_full: AtomicBool,
    /// Counted from [`FailingStore::count_from_now`] on.
    commits: AtomicU32,
    counting: AtomicBool,
    fill_at: AtomicU32,
}

impl FailingStore {
    pub fn over(inner: Arc<dyn Store>) -> FailingStore {
        FailingStore {
            inner,
            full: AtomicBool::new(false),
            was_full: AtomicBool::new(false),
            commits: AtomicU32::new(0),
            counting: AtomicBool::new(false),
            fill_at: AtomicU32::new(u32::MAX),
        }
    }

    pub fn fill(&self) {
        self.full.store(true, SeqCst);
    }

    /// The disk runs full at this commit, counted from [`FailingStore::count_from_now`].
    pub fn fill_at(&self, commit: u32) {
        self.fill_at.store(commit, SeqCst);
    }

    pub fn free(&self) {
        self.full.store(false, SeqCst);
    }

    pub fn was_full(&self) -> bool {
        self.was_full.load(SeqCst)
    }

    pub fn commits(&self) -> u32 {
        self.commits.load(SeqCst)
    }

    pub fn count_from_now(&self) {
        self.counting.store(true, SeqCst);
    }

    fn count(&self) {
        if !self.counting.load(SeqCst) {
            return;
        }
        let number = self.commits.fetch_add(1, SeqCst) + 1;
        if number == self.fill_at.load(SeqCst) {
            self.fill();
        }
    }

    fn writable(&self) -> Result<(), StoreError> {
        if !self.full.load(SeqCst) {
            return Ok(());
        }
        self.was_full.store(true, SeqCst);
        Err(StoreError::Full("no space left on device".to_owned()))
    }
}

/// Passes questions on to the store behind.
macro_rules! passed_on {
    ($($name:ident($($of:ident: $kind:ty),*) -> $found:ty;)*) => {
        #[async_trait]
        impl Store for FailingStore {
            async fn commit(&self, transaction: &Transaction) -> Result<(), StoreError> {
                self.count();
                self.writable()?;
                self.inner.commit(transaction).await
            }

            async fn claim(&self, now: Moment, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
                self.writable()?;
                self.inner.claim(now, limit).await
            }

            async fn claim_due(
                &self,
                until: Moment,
                limit: u32,
            ) -> Result<Vec<(Moment, AccountId)>, StoreError> {
                self.writable()?;
                self.inner.claim_due(until, limit).await
            }

            fn identity(&self) -> &dyn Identity {
                self.inner.identity()
            }

            $(async fn $name(&self, $($of: $kind),*) -> Result<$found, StoreError> {
                self.inner.$name($($of),*).await
            })*
        }
    };
}

passed_on! {
    records_after(account: &AccountId, first: u64) -> Vec<Record>;
    newest_records(
        account: &AccountId,
        streams: &[Stream],
        before: u64,
        entries: u32
    ) -> RecordsPart;
    list_inputs(query: &ListQuery) -> ListFound<Input>;
    short_numbers(ids: &[&str]) -> BTreeMap<String, String>;
    numbered(number: &ShortNumber) -> Option<String>;
    list_effects(query: &ListQuery) -> ListFound<OutboxRow>;
    list_views(of: ListOf<'_>, query: &ListQuery) -> ListFound<ViewRow>;
    list_movements(query: &ListQuery) -> ListFound<WaitingMovement>;
    list_refused(query: &ListQuery) -> ListFound<RefusedRow>;
    accounts() -> Vec<AccountId>;
    has_input(id: &InputId) -> bool;
    law(id: &str) -> Option<String>;
    due(until: Moment, limit: u32) -> Vec<(Moment, AccountId)>;
    next_due() -> Option<Moment>;
    recover() -> u64;
    outbox() -> Vec<OutboxRow>;
    outbox_in(state: OutboxState) -> Vec<OutboxRow>;
    effect(id: &str) -> Option<OutboxRow>;
    backlog() -> Backlog;
    probe() -> ();
    recorded_at(account: &AccountId) -> Vec<Option<Moment>>;
    due_of(account: &AccountId) -> Option<Moment>;
    drafts_of(account: &AccountId) -> Vec<(DraftRow, bool)>;
    views_of(account: &AccountId) -> Vec<StoredView>;
    read_models() -> Option<u32>;
    worked_out(account: &AccountId) -> Option<WorkedOut>;
    put_worked_out(account: &AccountId, row: &WorkedOut) -> ();
    behind(after: &str, by: u64, fold: &Fold, limit: u32) -> Vec<AccountId>;
    replace_views(account: &AccountId, records: u64, rows: &[ViewRow]) -> ();
    note_read_models(version: u32) -> ();
    views(kind: &str) -> Vec<ViewRow>;
    view(kind: &str, id: &str) -> Option<ViewRow>;
    views_part(kind: &str, part: ListPart<'_>) -> Vec<ViewRow>;
    outbox_part(part: ListPart<'_>) -> Vec<OutboxRow>;
    refused_part(file: &str, part: ListPart<'_>) -> Vec<(String, RefusedRow)>;
    personal(id: &str) -> Option<PersonalRow>;
    personal_of(subject: &str) -> Vec<(String, String)>;
    erase(subject: &str, at: Moment) -> Vec<(String, u64)>;
    document(id: &str) -> Option<DocumentRow>;
    hashes_of(ids: &[&str]) -> BTreeMap<String, String>;
    documents(account: &AccountId) -> Vec<(String, String, String)>;
    operator_stream(stream: &str) -> Vec<OperatorEntry>;
    operator_stream_length(stream: &str) -> u64;
    unissued(run: &str) -> Vec<DraftRow>;
    waiting_movements() -> Vec<WaitingMovement>;
    count_movements() -> u64;
    movement(id: &str) -> Option<WaitingMovement>;
    known_usage(keys: &[(String, String)]) -> Vec<KnownUsage>;
    operator_entry(stream: &str, key: &str) -> Option<OperatorEntry>;
    operator_last(stream: &str) -> Option<OperatorEntry>;
    usage_segment(name: &str) -> Option<UsageSegment>;
    count_usage(contract: &str) -> u64;
    erase_usage(contract: &str) -> u64;
    refused_rows() -> Vec<RefusedRow>;
    check_chains() -> Vec<Fault>;
    checkpoint(at: Moment) -> String;
}
