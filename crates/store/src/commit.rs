//! One transaction, whole or not at all.

use engine::Transaction;

use crate::chain::Heads;
use crate::failure::Result;
use crate::sqlite::SqliteStore;
use crate::{
    document, operator, outbox, parquet_file, personal, queue, record, refused, shelf, usage, view,
};

/// Writes everything that stands in the transaction.
pub(crate) async fn write(store: &SqliteStore, transaction: &Transaction) -> Result<()> {
    let mut files = Vec::with_capacity(transaction.usage.len());
    for segment in &transaction.usage {
        files.push(parquet_file::write(&segment.rows)?);
    }
    let mut tx = store.writer.begin_with("BEGIN IMMEDIATE").await?;
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
        events.extend(record::append(&mut tx, new, transaction.recorded_at, &mut heads).await?);
    }
    events.extend(operator::append(&mut tx, &transaction.operator, &mut heads).await?);
    record::insert_events(&mut tx, &events).await?;
    heads.save(&mut tx).await?;
    for (account, records, at) in &transaction.due {
        queue::set_if_unchanged(&mut tx, account, *records, *at).await?;
    }
    outbox::insert(&mut tx, &transaction.outbox).await?;
    for update in &transaction.outbox_updates {
        outbox::update(&mut tx, update).await?;
    }
    view::replace(&mut tx, &transaction.views).await?;
    for row in &transaction.documents {
        document::keep(&mut tx, row).await?;
    }
    for row in &transaction.drafts {
        document::keep_draft(&mut tx, row).await?;
    }
    for id in &transaction.drafts_issued {
        document::issue_draft(&mut tx, id).await?;
    }
    for row in &transaction.refused_rows {
        refused::keep(&mut tx, row).await?;
    }
    for (segment, file) in transaction.usage.iter().zip(&files) {
        usage::enter(&mut tx, segment, &shelf::name_of(file)).await?;
    }
    // After everything that may be refused, so that a refused import leaves no
    // file; a crash before the commit leaves one that no row names.
    for file in files {
        store.shelf.put(file).await?;
    }
    // Last, since a key that is drawn stays even when the rest is taken back.
    for row in &transaction.personal {
        personal::keep(&mut tx, &store.keys, row).await?;
    }
    Ok(tx.commit().await?)
}
