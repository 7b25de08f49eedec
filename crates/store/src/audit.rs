//! Looking at every stored byte with fresh eyes: chains and seals are computed again,
//! and what the store itself can derive is made again and compared. What only the
//! record can tell (read models, queue, effects) the engine makes again.

mod inputs;
mod keys;
mod seals;
mod usage;
mod walk;

use engine::{Fault, StoreError};
use sqlx::AnyConnection;

use crate::failure::{Failure, Result};
use crate::seal::Seals;
use crate::shelf::Shelf;
use crate::sql_store::SqlStore;
use crate::{checkpoint, dialect, schema, short_number};

/// An untouched store has no faults.
pub(crate) async fn check(store: &SqlStore) -> Result<Vec<Fault>> {
    // One snapshot: a step that is written meanwhile must not look like a fault.
    let mut tx = dialect::begin_look(&store.readers).await?;
    let mut faults = entries(&mut tx).await?;
    seals::main(&mut tx, &store.seals, &mut faults).await?;
    versions(&mut tx, schema::MAIN.len(), &mut faults).await?;
    views_of_nobody(&mut tx, &mut faults).await?;
    short_number::check(&mut tx, &mut faults).await?;
    let segments = usage::segments(&mut tx).await?;
    usage::keys(&mut tx, &store.shelf, &segments, &mut faults).await?;
    tx.rollback().await?;
    for segment in &segments {
        let found = usage::file(&store.shelf, segment).await;
        // An erasure may have put it without some rows meanwhile.
        if !found.is_empty() && usage::is_named(&store.readers, segment).await? {
            faults.extend(found);
        }
    }
    keys::check(store, &mut faults).await?;
    seals::name_lost_key(store, faults).await
}

/// What can be told of a copy of the database alone: chains, columns and, where the
/// tables have them, seals.
pub(crate) async fn copy(conn: &mut AnyConnection, seals: Option<&Seals>) -> Result<Vec<Fault>> {
    let mut faults = entries(&mut *conn).await?;
    if let Some(seals) = seals {
        seals::main(conn, seals, &mut faults).await?;
    }
    Ok(faults)
}

/// Every entry, input and checkpoint as this connection sees them.
async fn entries(conn: &mut AnyConnection) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let changed = inputs::check(&mut *conn, &mut faults).await?;
    walk::events(&mut *conn, &changed, &mut faults).await?;
    checkpoints(conn, &mut faults).await?;
    Ok(faults)
}

/// What is wrong with the file under a name.
pub(crate) async fn segment(shelf: &Shelf, stored_as: &str) -> Option<Fault> {
    let failure = shelf.get(stored_as).await.err()?;
    Some(Fault::at("usage_segment", stored_as, "stored_as", unreadable(failure)))
}

async fn checkpoints(conn: &mut AnyConnection, faults: &mut Vec<Fault>) -> Result<()> {
    let rows: Vec<(i64, i64, String, String, String)> =
        sqlx::query_as("SELECT seq, made_at, root, prev_hash, hash FROM checkpoint ORDER BY seq")
            .fetch_all(conn)
            .await?;
    let mut last = (0, String::new());
    for (seq, made_at, root, prev_hash, hash) in rows {
        if (seq, &prev_hash) != (last.0 + 1, &last.1) {
            faults.push(at_checkpoint(seq, "prev_hash", "does not follow the one before it"));
        }
        if checkpoint::link(seq, made_at, &root, &prev_hash) != hash {
            faults.push(at_checkpoint(seq, "hash", "the checkpoint was changed"));
        }
        last = (seq, hash);
    }
    Ok(())
}

fn at_checkpoint(seq: i64, column: &str, problem: &str) -> Fault {
    Fault::at("checkpoint", seq.to_string(), column, problem)
}

/// The engine looks at the rows of every account that there is.
async fn views_of_nobody(conn: &mut AnyConnection, faults: &mut Vec<Fault>) -> Result<()> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT kind, id FROM view_row WHERE account NOT IN (SELECT id FROM account) \
         ORDER BY kind, id",
    )
    .fetch_all(conn)
    .await?;
    for (kind, id) in rows {
        faults.push(Fault::at("view_row", format!("{kind}/{id}"), "account", "is none there is"));
    }
    Ok(())
}

/// The steps of the tables, each once.
async fn versions(conn: &mut AnyConnection, steps: usize, faults: &mut Vec<Fault>) -> Result<()> {
    let present: Vec<(i64,)> =
        sqlx::query_as("SELECT version FROM schema ORDER BY version").fetch_all(conn).await?;
    let steps = 1..=steps as i64;
    let mut report = |version: i64, problem: &str| {
        faults.push(Fault::at("schema", version.to_string(), "version", problem));
    };
    for (version,) in present.iter().filter(|(version,)| !steps.contains(version)) {
        report(*version, "there is no such step");
    }
    for step in steps.filter(|step| !present.contains(&(*step,))) {
        report(step, "was applied and is not listed");
    }
    Ok(())
}

fn unreadable(failure: Failure) -> String {
    StoreError::from(failure).to_string()
}
