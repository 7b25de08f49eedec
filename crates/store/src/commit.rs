//! One transaction, whole or not at all.

use bytes::Bytes;
use engine::Transaction;

use crate::chain::Heads;
use crate::failure::Result;
use crate::sql_store::SqlStore;
use crate::{
    claim, dialect, document, movement, operator, outbox, parquet_file, personal, queue, record,
    refused, shelf, short_number, sqlite, usage, usage_erasure, view,
};

/// How often a step is repeated that met another one.
pub(crate) const MOST_TRIES: u32 = 10;

/// Writes everything that stands in the transaction.
///
/// Two steps that add the same row in PostgreSQL are told so only at the row. The
/// later one is repeated, and then finds what the earlier one left.
pub(crate) async fn write(store: &SqlStore, transaction: &Transaction) -> Result<()> {
    let mut files = Vec::with_capacity(transaction.usage.len());
    for segment in &transaction.usage {
        files.push(parquet_file::write(&segment.rows)?);
    }
    let mut tries = 1;
    loop {
        match try_write(store, transaction, &files).await {
            Err(failure) if failure.is_collision() && tries < MOST_TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn try_write(store: &SqlStore, transaction: &Transaction, files: &[Bytes]) -> Result<()> {
    let seals = &store.seals;
    let mut tx = dialect::begin(&store.writer).await?;
    for (id, content) in &transaction.laws {
        sqlx::query("INSERT INTO law (id, content) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(id)
            .bind(content)
            .execute(&mut *tx)
            .await?;
    }
    let mut heads = Heads::default();
    let mut events = Vec::new();
    for new in &transaction.records {
        events.extend(
            record::append(&mut tx, new, transaction.recorded_at, seals, &mut heads).await?,
        );
    }
    let (entries, after) = (&transaction.operator, &transaction.operator_after);
    events.extend(operator::append(&mut tx, entries, after, &mut heads).await?);
    record::insert_events(&mut tx, &events).await?;
    heads.save(&mut tx).await?;
    for (account, records, at) in &transaction.due {
        queue::set_if_unchanged(&mut tx, account, *records, *at).await?;
    }
    outbox::insert(&mut tx, seals, &transaction.outbox).await?;
    for update in &transaction.outbox_updates {
        outbox::update(&mut tx, seals, update).await?;
    }
    claim::release(&mut tx, store, &transaction.released).await?;
    view::replace(&mut tx, &transaction.views).await?;
    short_number::give(&mut tx, seals, &transaction.numbered).await?;
    for row in &transaction.documents {
        document::keep(&mut tx, seals, row).await?;
    }
    for row in &transaction.drafts {
        document::keep_draft(&mut tx, seals, row).await?;
    }
    for id in &transaction.drafts_issued {
        document::issue_draft(&mut tx, seals, id).await?;
    }
    for row in &transaction.refused_rows {
        refused::keep(&mut tx, seals, row).await?;
    }
    for row in &transaction.movements {
        movement::keep(&mut tx, seals, row).await?;
    }
    for mark in &transaction.movement_marks {
        movement::mark(&mut tx, seals, mark).await?;
    }
    if !transaction.usage.is_empty() {
        dialect::alone(&mut tx, usage_erasure::SEGMENTS).await?;
    }
    for (segment, file) in transaction.usage.iter().zip(files) {
        usage::enter(&mut tx, seals, segment, &shelf::name_of(file)).await?;
    }
    // After everything that may be refused, so that a refused import leaves no
    // file; a crash before the commit leaves one that no row names.
    for file in files {
        store.shelf.put(file.clone()).await?;
    }
    // Last, since a key that is drawn stays even when the rest is taken back.
    if !transaction.personal.is_empty() {
        personal::beside_erasures(&mut tx).await?;
    }
    for row in &transaction.personal {
        personal::keep(&mut tx, &store.keys, seals, row).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes a page of the database and one of the keys, each to the disk and for
/// nothing.
pub(crate) async fn probe(store: &SqlStore) -> Result<()> {
    for pool in [&store.writer, store.keys.pool()] {
        sqlite::refuse_missing_file(pool).await?;
        let mut tx = dialect::begin(pool).await?;
        // There and back: SQLite writes no page for a value that is the same.
        for _ in 0..2 {
            sqlx::query("UPDATE schema SET version = -version").execute(&mut *tx).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
