//! [`engine::Store`], each question handed to the module of its tables.

use std::collections::BTreeMap;
use std::time::Instant;

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

use crate::failure::Failure;
use crate::sql_store::SqlStore;
use crate::{
    audit, checkpoint, claim, commit, document, movement, operator, outbox, personal, queue,
    record, refused, short_number, usage, usage_erasure, view, worked_out,
};

/// How long transactions take, from asking for the writer to the last sync.
pub const COMMIT_SECONDS: &str = "yakkan_commit_seconds";

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl Store for SqlStore {
    async fn commit(&self, transaction: &Transaction) -> Answer<()> {
        let began = Instant::now();
        let written = commit::write(self, transaction).await;
        metrics::histogram!(COMMIT_SECONDS).record(began.elapsed());
        Ok(written?)
    }

    async fn records_after(&self, account: &AccountId, first: u64) -> Answer<Vec<Record>> {
        Ok(record::read(&self.readers, account, first).await?)
    }

    async fn newest_records(
        &self,
        account: &AccountId,
        streams: &[Stream],
        before: u64,
        entries: u32,
    ) -> Answer<RecordsPart> {
        Ok(record::newest(&self.readers, account, streams, before, entries).await?)
    }

    async fn recorded_at(&self, account: &AccountId) -> Answer<Vec<Option<Moment>>> {
        Ok(record::recorded_at(&self.readers, account).await?)
    }

    async fn list_inputs(&self, query: &ListQuery) -> Answer<ListFound<Input>> {
        Ok(record::listed(&self.readers, query).await?)
    }

    async fn accounts(&self) -> Answer<Vec<AccountId>> {
        Ok(queue::accounts(&self.readers).await?)
    }

    async fn has_input(&self, id: &InputId) -> Answer<bool> {
        let found: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM input WHERE id = $1")
            .bind(&id.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(Failure::from)?;
        Ok(found.is_some())
    }

    async fn law(&self, id: &str) -> Answer<Option<String>> {
        let found: Option<(String,)> = sqlx::query_as("SELECT content FROM law WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.readers)
            .await
            .map_err(Failure::from)?;
        Ok(found.map(|(content,)| content))
    }

    async fn short_numbers(&self, ids: &[&str]) -> Answer<BTreeMap<String, String>> {
        Ok(short_number::of(&self.readers, ids).await?)
    }

    async fn numbered(&self, number: &ShortNumber) -> Answer<Option<String>> {
        Ok(short_number::named(&self.readers, number).await?)
    }

    async fn due(&self, until: Moment, limit: u32) -> Answer<Vec<(Moment, AccountId)>> {
        Ok(queue::due(&self.readers, until, limit).await?)
    }

    async fn next_due(&self) -> Answer<Option<Moment>> {
        Ok(queue::next(&self.readers).await?)
    }

    async fn due_of(&self, account: &AccountId) -> Answer<Option<Moment>> {
        Ok(queue::of(&self.readers, account).await?)
    }

    async fn claim(&self, now: Moment, limit: u32) -> Answer<Vec<OutboxRow>> {
        Ok(claim::effects(self, now, limit).await?)
    }

    async fn claim_due(&self, until: Moment, limit: u32) -> Answer<Vec<(Moment, AccountId)>> {
        Ok(claim::due(self, until, limit).await?)
    }

    async fn recover(&self) -> Answer<u64> {
        Ok(claim::recover(self).await?)
    }

    async fn outbox(&self) -> Answer<Vec<OutboxRow>> {
        Ok(outbox::all(&self.readers).await?)
    }

    async fn list_effects(&self, query: &ListQuery) -> Answer<ListFound<OutboxRow>> {
        Ok(outbox::listed(&self.readers, query).await?)
    }

    async fn list_views(&self, of: ListOf<'_>, query: &ListQuery) -> Answer<ListFound<ViewRow>> {
        Ok(view::listed(&self.readers, of, query).await?)
    }

    async fn list_movements(&self, query: &ListQuery) -> Answer<ListFound<WaitingMovement>> {
        Ok(movement::listed(&self.readers, query).await?)
    }

    async fn list_refused(&self, query: &ListQuery) -> Answer<ListFound<RefusedRow>> {
        Ok(refused::listed(&self.readers, query).await?)
    }

    async fn outbox_in(&self, state: OutboxState) -> Answer<Vec<OutboxRow>> {
        Ok(outbox::in_state(&self.readers, state).await?)
    }

    async fn effect(&self, id: &str) -> Answer<Option<OutboxRow>> {
        Ok(outbox::one(&self.readers, id).await?)
    }

    async fn backlog(&self) -> Answer<Backlog> {
        let effects = outbox::by_state(&self.readers).await?;
        Ok(Backlog { effects, oldest_due: queue::oldest(&self.readers).await? })
    }

    async fn probe(&self) -> Answer<()> {
        Ok(commit::probe(self).await?)
    }

    async fn views(&self, kind: &str) -> Answer<Vec<ViewRow>> {
        Ok(view::of_kind(&self.readers, kind).await?)
    }

    async fn view(&self, kind: &str, id: &str) -> Answer<Option<ViewRow>> {
        Ok(view::one(&self.readers, kind, id).await?)
    }

    async fn views_of(&self, account: &AccountId) -> Answer<Vec<StoredView>> {
        Ok(view::of_account(&self.readers, account).await?)
    }

    async fn read_models(&self) -> Answer<Option<u32>> {
        Ok(view::version(&self.readers).await?)
    }

    async fn worked_out(&self, account: &AccountId) -> Answer<Option<WorkedOut>> {
        Ok(worked_out::read(&self.readers, &self.seals, account).await?)
    }

    async fn put_worked_out(&self, account: &AccountId, row: &WorkedOut) -> Answer<()> {
        Ok(worked_out::put(&self.writer, &self.seals, account, row).await?)
    }

    async fn behind(
        &self,
        after: &str,
        by: u64,
        fold: &Fold,
        limit: u32,
    ) -> Answer<Vec<AccountId>> {
        Ok(worked_out::behind(&self.readers, after, by, fold, limit).await?)
    }

    async fn replace_views(
        &self,
        account: &AccountId,
        records: u64,
        rows: &[ViewRow],
    ) -> Answer<()> {
        Ok(view::replace_all(&self.writer, account, records, rows).await?)
    }

    async fn note_read_models(&self, version: u32) -> Answer<()> {
        Ok(view::note_version(&self.writer, version).await?)
    }

    async fn views_part(&self, kind: &str, part: ListPart<'_>) -> Answer<Vec<ViewRow>> {
        Ok(view::part(&self.readers, kind, part).await?)
    }

    async fn outbox_part(&self, part: ListPart<'_>) -> Answer<Vec<OutboxRow>> {
        Ok(outbox::part(&self.readers, part).await?)
    }

    async fn refused_part(
        &self,
        file: &str,
        part: ListPart<'_>,
    ) -> Answer<Vec<(String, RefusedRow)>> {
        Ok(refused::part(&self.readers, file, part).await?)
    }

    async fn personal(&self, id: &str) -> Answer<Option<PersonalRow>> {
        Ok(personal::read(&self.readers, &self.keys, id).await?)
    }

    async fn personal_of(&self, subject: &str) -> Answer<Vec<(String, String)>> {
        Ok(personal::list(&self.readers, subject).await?)
    }

    async fn erase(&self, subject: &str, at: Moment) -> Answer<Vec<(String, u64)>> {
        let counts = personal::erase(self, subject, at).await?;
        self.empty_logs().await?;
        Ok(counts)
    }

    async fn document(&self, id: &str) -> Answer<Option<DocumentRow>> {
        Ok(document::read(&self.readers, id).await?)
    }

    async fn hashes_of(&self, ids: &[&str]) -> Answer<BTreeMap<String, String>> {
        let mut hashes = BTreeMap::new();
        for ids in ids.chunks(personal::AT_ONCE) {
            let documents = document::hashes(&self.readers, ids).await?;
            let is_other = |id: &&str| !documents.contains_key(*id);
            let others: Vec<_> = ids.iter().copied().filter(is_other).collect();
            if !others.is_empty() {
                hashes.extend(personal::hashes(&self.readers, &self.keys, &others).await?);
            }
            hashes.extend(documents);
        }
        Ok(hashes)
    }

    async fn documents(&self, account: &AccountId) -> Answer<Vec<(String, String, String)>> {
        Ok(document::list(&self.readers, account).await?)
    }

    async fn operator_stream(&self, stream: &str) -> Answer<Vec<OperatorEntry>> {
        Ok(operator::read(&self.readers, stream).await?)
    }

    async fn operator_entry(&self, stream: &str, key: &str) -> Answer<Option<OperatorEntry>> {
        Ok(operator::entry(&self.readers, stream, key).await?)
    }

    async fn operator_last(&self, stream: &str) -> Answer<Option<OperatorEntry>> {
        Ok(operator::last(&self.readers, stream).await?)
    }

    async fn operator_stream_length(&self, stream: &str) -> Answer<u64> {
        Ok(operator::length(&self.readers, stream).await?)
    }

    async fn unissued(&self, run: &str) -> Answer<Vec<DraftRow>> {
        Ok(document::unissued(&self.readers, run).await?)
    }

    async fn drafts_of(&self, account: &AccountId) -> Answer<Vec<(DraftRow, bool)>> {
        Ok(document::drafts_of(&self.readers, account).await?)
    }

    async fn known_usage(&self, keys: &[(String, String)]) -> Answer<Vec<KnownUsage>> {
        Ok(usage::known_rows(&self.readers, keys).await?)
    }

    async fn usage_segment(&self, name: &str) -> Answer<Option<UsageSegment>> {
        Ok(usage::segment(&self.readers, &self.shelf, name).await?)
    }

    async fn count_usage(&self, contract: &str) -> Answer<u64> {
        Ok(usage::count(&self.readers, contract).await?)
    }

    async fn erase_usage(&self, contract: &str) -> Answer<u64> {
        let count = usage_erasure::erase(self, contract).await?;
        self.empty_logs().await?;
        Ok(count)
    }

    async fn waiting_movements(&self) -> Answer<Vec<WaitingMovement>> {
        Ok(movement::waiting(&self.readers).await?)
    }

    async fn count_movements(&self) -> Answer<u64> {
        Ok(movement::count(&self.readers).await?)
    }

    async fn movement(&self, id: &str) -> Answer<Option<WaitingMovement>> {
        Ok(movement::one(&self.readers, id).await?)
    }

    async fn refused_rows(&self) -> Answer<Vec<RefusedRow>> {
        Ok(refused::all(&self.readers).await?)
    }

    async fn check_chains(&self) -> Answer<Vec<Fault>> {
        Ok(audit::check(self).await?)
    }

    async fn checkpoint(&self, at: Moment) -> Answer<String> {
        Ok(checkpoint::write(&self.writer, Some(&self.seals), at).await?)
    }

    fn identity(&self) -> &dyn Identity {
        self
    }
}
