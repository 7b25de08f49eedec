//! The chain check: every hash again, over the bytes as they are stored.

mod walk;

use engine::{ChainFault, StoreError};
use sqlx::{AnyConnection, AnyPool};

use crate::failure::{Failure, Result};
use crate::shelf::Shelf;
use crate::{checkpoint, dialect};

/// Walks all chains, checkpoints and segments; an untouched store has no faults.
pub(crate) async fn check(pool: &AnyPool, shelf: &Shelf) -> Result<Vec<ChainFault>> {
    // One snapshot: a step that is written meanwhile must not look like a fault.
    let mut tx = dialect::begin_look(pool).await?;
    let mut faults = entries(&mut tx).await?;
    let segments: Vec<(String, String)> =
        sqlx::query_as("SELECT name, stored_as FROM usage_segment ORDER BY name")
            .fetch_all(&mut *tx)
            .await?;
    tx.rollback().await?;
    for (name, stored_as) in segments {
        if let Some(fault) = segment(shelf, &name, &stored_as).await
            && is_named(pool, &name, &stored_as).await?
        {
            faults.push(fault);
        }
    }
    Ok(faults)
}

/// Every entry, input and checkpoint as this connection sees them.
pub(crate) async fn entries(conn: &mut AnyConnection) -> Result<Vec<ChainFault>> {
    let mut faults = walk::events(&mut *conn).await?;
    inputs(&mut *conn, &mut faults).await?;
    checkpoints(conn, &mut faults).await?;
    Ok(faults)
}

/// What is wrong with the file of a segment.
pub(crate) async fn segment(shelf: &Shelf, name: &str, stored_as: &str) -> Option<ChainFault> {
    let failure = shelf.get(stored_as).await.err()?;
    Some(fault(&format!("usage/{name}"), 0, unreadable(failure)))
}

/// False when an erasure has put the segment without some rows meanwhile.
async fn is_named(pool: &AnyPool, name: &str, stored_as: &str) -> Result<bool> {
    let sql = "SELECT name FROM usage_segment WHERE name = $1 AND stored_as = $2";
    let found: Option<(String,)> =
        sqlx::query_as(sql).bind(name).bind(stored_as).fetch_optional(pool).await?;
    Ok(found.is_some())
}

pub(crate) fn fault(stream: &str, seq: i64, problem: impl Into<String>) -> ChainFault {
    ChainFault { stream: stream.to_owned(), seq: seq.unsigned_abs(), problem: problem.into() }
}

/// As many inputs as were counted, numbered without a gap.
async fn inputs(conn: &mut AnyConnection, faults: &mut Vec<ChainFault>) -> Result<()> {
    let wrong: Vec<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT a.id, a.inputs, COUNT(i.id), COALESCE(MAX(i.position), 0) \
         FROM account a LEFT JOIN input i ON i.account = a.id GROUP BY a.id, a.inputs \
         HAVING COUNT(i.id) <> a.inputs OR COALESCE(MAX(i.position), 0) <> a.inputs \
         ORDER BY a.id",
    )
    .fetch_all(conn)
    .await?;
    for (account, counted, present, last) in wrong {
        let problem = format!("{counted} inputs were counted, {present} are there up to {last}");
        faults.push(fault(&format!("{account}/inputs"), last, problem));
    }
    Ok(())
}

async fn checkpoints(conn: &mut AnyConnection, faults: &mut Vec<ChainFault>) -> Result<()> {
    let rows: Vec<(i64, i64, String, String, String)> =
        sqlx::query_as("SELECT seq, made_at, root, prev_hash, hash FROM checkpoint ORDER BY seq")
            .fetch_all(conn)
            .await?;
    let mut last = (0, String::new());
    for (seq, made_at, root, prev_hash, hash) in rows {
        if (seq, &prev_hash) != (last.0 + 1, &last.1) {
            faults.push(fault("checkpoint", seq, "does not follow the one before it"));
        }
        if checkpoint::link(seq, made_at, &root, &prev_hash) != hash {
            faults.push(fault("checkpoint", seq, "was changed"));
        }
        last = (seq, hash);
    }
    Ok(())
}

fn unreadable(failure: Failure) -> String {
    StoreError::from(failure).to_string()
}
