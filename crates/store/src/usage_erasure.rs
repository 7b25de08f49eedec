//! Destruction of a contract's usage rows.
//!
//! The contract is listed first, next to the keys; then its segments are put
//! without its rows, and the old files are doomed in the same transaction. Each
//! step is repeated at the next start when the process dies before the next.

use sqlx::AnyConnection;

use crate::columns::{USAGE_DOOMED, USAGE_SEGMENT};
use crate::dialect;
use crate::failure::Result;
use crate::parquet_file;
use crate::seal::Seals;
use crate::shelf::{Shelf, name_of};
use crate::sql_store::SqlStore;

/// No segment comes in while files are rewritten or removed.
pub(crate) const SEGMENTS: &str = "segments";

/// Destroys the rows of a contract and returns how many there were. Their keys
/// stay, as hashes: the same rows are not taken again.
pub(crate) async fn erase(store: &SqlStore, contract: &str) -> Result<u64> {
    store.keys.list_usage(contract).await?;
    let count = take_out(store, contract).await?;
    sweep(store).await?;
    Ok(count)
}

/// Repeats listed erasures, of which a restored copy knows nothing, and removes
/// files that a crash left behind.
pub(crate) async fn replay(store: &SqlStore) -> Result<()> {
    for (contract,) in store.keys.usage_erasures().await? {
        take_out(store, &contract).await?;
    }
    sweep(store).await
}

async fn take_out(store: &SqlStore, contract: &str) -> Result<u64> {
    let mut tx = dialect::begin(&store.writer).await?;
    dialect::alone(&mut tx, SEGMENTS).await?;
    let segments: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT s.name, s.stored_as, s.row_count, c.row_count \
         FROM usage_contract c JOIN usage_segment s ON s.name = c.segment \
         WHERE c.contract = $1 ORDER BY s.name",
    )
    .bind(contract)
    .fetch_all(&mut *tx)
    .await?;
    let mut count = 0;
    for (name, stored_as, all, own) in segments {
        // Without a look at the file when it goes as a whole: a restored folder
        // may not have it any more.
        let others = if own == all {
            Vec::new()
        } else {
            others(&store.shelf, &stored_as, contract).await?
        };
        let file = parquet_file::write(&others)?;
        doom(&mut tx, &store.seals, &stored_as).await?;
        sqlx::query("UPDATE usage_segment SET stored_as = $2, row_count = $3 WHERE name = $1")
            .bind(&name)
            .bind(name_of(&file))
            .bind(others.len() as i64)
            .execute(&mut *tx)
            .await?;
        let columns = ["stored_as", "row_count"];
        store.seals.written(&mut tx, &USAGE_SEGMENT, &[&name], &columns).await?;
        store.shelf.put(file).await?;
        count += own.unsigned_abs();
    }
    sqlx::query("DELETE FROM usage_contract WHERE contract = $1")
        .bind(contract)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(count)
}

async fn others(shelf: &Shelf, stored_as: &str, contract: &str) -> Result<Vec<engine::UsageRow>> {
    let mut rows = parquet_file::read(shelf.get(stored_as).await?)?;
    rows.retain(|row| row.contract != contract);
    Ok(rows)
}

async fn doom(conn: &mut AnyConnection, seals: &Seals, stored_as: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO usage_doomed (stored_as, seal) VALUES ($1, $2) \
         ON CONFLICT (stored_as) DO NOTHING",
    )
    .bind(stored_as)
    .bind(seals.of(&USAGE_DOOMED, &[stored_as.into()])?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes doomed files that no segment names.
async fn sweep(store: &SqlStore) -> Result<()> {
    let mut tx = dialect::begin(&store.writer).await?;
    dialect::alone(&mut tx, SEGMENTS).await?;
    let doomed: Vec<(String,)> = sqlx::query_as(
        "SELECT stored_as FROM usage_doomed d WHERE NOT EXISTS \
         (SELECT 1 FROM usage_segment s WHERE s.stored_as = d.stored_as)",
    )
    .fetch_all(&mut *tx)
    .await?;
    for (stored_as,) in doomed {
        store.shelf.remove(&stored_as).await?;
        sqlx::query("DELETE FROM usage_doomed WHERE stored_as = $1")
            .bind(stored_as)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}
