//! The operator's own streams, chained as those of an account are.

use engine::OperatorEntry;
use sqlx::{SqliteConnection, SqlitePool};

use crate::chain::{Covered, Heads, OPERATOR};
use crate::failure::{Failure, Result};
use crate::record::{EventRow, parse};

/// Chains the entries of one transaction, which the caller inserts at the end.
pub(crate) async fn append(
    conn: &mut SqliteConnection,
    entries: &[OperatorEntry],
    heads: &mut Heads,
) -> Result<Vec<EventRow>> {
    let mut rows: Vec<EventRow> = Vec::with_capacity(entries.len());
    for entry in entries {
        let same = |row: &EventRow| {
            row.stream == entry.stream && row.entry_key.as_ref() == Some(&entry.key)
        };
        if rows.iter().any(same) || is_known(conn, entry).await? {
            return Err(Failure::duplicate(format!("{} in {}", entry.key, entry.stream)));
        }
        let payload = serde_json::to_string(entry).expect("plain data");
        let covered = Covered {
            account: OPERATOR,
            stream: &entry.stream,
            payload: payload.as_bytes(),
            digest: "",
        };
        let (before, link) = heads.extend(conn, covered).await?;
        rows.push(EventRow {
            account: OPERATOR.to_owned(),
            stream: entry.stream.clone(),
            seq: link.seq,
            input: None,
            at_index: 0,
            entry_key: Some(entry.key.clone()),
            kind: entry.kind.clone(),
            law: None,
            payload,
            prev_hash: before.hash,
            hash: link.hash,
        });
    }
    Ok(rows)
}

async fn is_known(conn: &mut SqliteConnection, entry: &OperatorEntry) -> Result<bool> {
    let found: Option<(i64,)> = sqlx::query_as(
        "SELECT seq FROM event WHERE account = $1 AND stream = $2 AND entry_key = $3",
    )
    .bind(OPERATOR)
    .bind(&entry.stream)
    .bind(&entry.key)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// The entries of one stream in their order.
pub(crate) async fn read(pool: &SqlitePool, stream: &str) -> Result<Vec<OperatorEntry>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT payload FROM event WHERE account = $1 AND stream = $2 ORDER BY seq")
            .bind(OPERATOR)
            .bind(stream)
            .fetch_all(pool)
            .await?;
    rows.iter().map(|(payload,)| parse(payload)).collect()
}
