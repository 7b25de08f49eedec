//! The operator's own streams, chained as those of an account are.

use std::collections::BTreeSet;

use contract::declare::ids::AccountId;
use engine::{OperatorEntry, StoreError};
use sqlx::{Any, AnyConnection, AnyPool, Executor};

use crate::chain::{Covered, Heads, OPERATOR};
use crate::dialect;
use crate::failure::{Failure, Result};
use crate::record::{EventRow, parse};

/// Chains the entries of one transaction, which the caller inserts at the end.
pub(crate) async fn append(
    conn: &mut AnyConnection,
    entries: &[OperatorEntry],
    after: &[(String, u64)],
    heads: &mut Heads,
) -> Result<Vec<EventRow>> {
    let streams = entries.iter().map(|entry| &entry.stream);
    for stream in streams.chain(after.iter().map(|(stream, _)| stream)).collect::<BTreeSet<_>>() {
        dialect::alone(conn, &format!("stream/{stream}")).await?;
    }
    for (stream, count) in after {
        if length(&mut *conn, stream).await? != *count {
            return Err(StoreError::Conflict(AccountId(OPERATOR.to_owned())).into());
        }
    }
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

async fn is_known(conn: &mut AnyConnection, entry: &OperatorEntry) -> Result<bool> {
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

/// How many entries a stream has.
pub(crate) async fn length<'c>(
    from: impl Executor<'c, Database = Any>,
    stream: &str,
) -> Result<u64> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM event WHERE account = $1 AND stream = $2")
            .bind(OPERATOR)
            .bind(stream)
            .fetch_one(from)
            .await?;
    Ok(count.unsigned_abs())
}

/// The entry of a stream under a key.
pub(crate) async fn entry(
    pool: &AnyPool,
    stream: &str,
    key: &str,
) -> Result<Option<OperatorEntry>> {
    let sql = "SELECT payload FROM event WHERE account = $1 AND stream = $2 AND entry_key = $3";
    let row: Option<(String,)> =
        sqlx::query_as(sql).bind(OPERATOR).bind(stream).bind(key).fetch_optional(pool).await?;
    row.map(|(payload,)| parse(&payload)).transpose()
}

/// The last entry of a stream.
pub(crate) async fn last(pool: &AnyPool, stream: &str) -> Result<Option<OperatorEntry>> {
    let sql = "SELECT payload FROM event WHERE account = $1 AND stream = $2 \
               ORDER BY seq DESC LIMIT 1";
    let row: Option<(String,)> =
        sqlx::query_as(sql).bind(OPERATOR).bind(stream).fetch_optional(pool).await?;
    row.map(|(payload,)| parse(&payload)).transpose()
}

/// The entries of one stream in their order.
pub(crate) async fn read(pool: &AnyPool, stream: &str) -> Result<Vec<OperatorEntry>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT payload FROM event WHERE account = $1 AND stream = $2 ORDER BY seq")
            .bind(OPERATOR)
            .bind(stream)
            .fetch_all(pool)
            .await?;
    rows.iter().map(|(payload,)| parse(payload)).collect()
}
