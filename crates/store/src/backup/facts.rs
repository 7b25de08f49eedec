//! What stands in a database, as a manifest and a restore tell it.

use reckon::Moment;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::manifest::LastCheckpoint;
use super::{BackupError, Result};
use crate::failure;

/// How much there is, so that a person can tell one backup from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub accounts: i64,
    pub inputs: i64,
    pub events: i64,
    pub documents: i64,
    pub personal_rows: i64,
    /// Effects that had not been finished.
    pub effects_open: i64,
    /// When the newest entry was known, on the clock of the record.
    pub newest_entry: Option<Moment>,
}

/// The last thing that is recorded of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastEntry {
    pub account: String,
    /// How many entries the account has.
    pub entries: i64,
    pub input: String,
    pub known_at: Moment,
}

pub(crate) async fn contents(conn: &mut AnyConnection) -> Result<Contents> {
    let (accounts, inputs, events, documents, personal_rows, effects_open, newest): (
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        Option<i64>,
    ) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM account), (SELECT COUNT(*) FROM input), \
         (SELECT COUNT(*) FROM event), (SELECT COUNT(*) FROM document), \
         (SELECT COUNT(*) FROM personal), \
         (SELECT COUNT(*) FROM outbox WHERE state NOT IN ('done', 'refused')), \
         (SELECT MAX(known_at) FROM input)",
    )
    .fetch_one(conn)
    .await?;
    let newest_entry = newest.map(Moment::from_unix_seconds);
    Ok(Contents { accounts, inputs, events, documents, personal_rows, effects_open, newest_entry })
}

/// Every account with its last entry, the newest first.
pub(crate) async fn last_entries(conn: &mut AnyConnection) -> Result<Vec<LastEntry>> {
    let rows: Vec<(String, i64, String, i64)> = sqlx::query_as(
        "SELECT a.id, a.inputs, i.id, i.known_at FROM account a \
         JOIN input i ON i.account = a.id AND i.position = a.inputs \
         ORDER BY i.known_at DESC, a.id",
    )
    .fetch_all(conn)
    .await?;
    let entry = |(account, entries, input, known_at)| LastEntry {
        account,
        entries,
        input,
        known_at: Moment::from_unix_seconds(known_at),
    };
    Ok(rows.into_iter().map(entry).collect())
}

pub(crate) async fn last_checkpoint(conn: &mut AnyConnection) -> Result<Option<LastCheckpoint>> {
    let row: Option<(i64, i64, String, String)> =
        sqlx::query_as("SELECT seq, made_at, root, hash FROM checkpoint ORDER BY seq DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(seq, made_at, root, hash)| LastCheckpoint {
        seq,
        made_at: Moment::from_unix_seconds(made_at),
        root,
        hash,
    }))
}

/// Where a checkpoint that somebody kept stands in this record.
pub(crate) async fn checkpoint_seq(conn: &mut AnyConnection, hash: &str) -> Result<Option<i64>> {
    let found: Option<(i64,)> = sqlx::query_as("SELECT seq FROM checkpoint WHERE hash = $1")
        .bind(hash)
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|(seq,)| seq))
}

pub(crate) async fn schema_version(conn: &mut AnyConnection) -> failure::Result<i64> {
    let (version,): (i64,) =
        sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM schema").fetch_one(conn).await?;
    Ok(version)
}

/// Marks of keys under which rows are sealed.
pub(crate) async fn marks_in_use(conn: &mut AnyConnection) -> failure::Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT key_mark FROM personal ORDER BY key_mark")
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(mark,)| mark).collect())
}

/// Those of the marks for which this key database has neither key nor erasure.
pub(crate) async fn unknown_marks(
    keys: &mut AnyConnection,
    marks: &[String],
) -> failure::Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT key_mark FROM subject_key UNION SELECT key_mark FROM erasure")
            .fetch_all(keys)
            .await?;
    let known: std::collections::BTreeSet<_> = rows.into_iter().map(|(mark,)| mark).collect();
    Ok(marks.iter().filter(|mark| !known.contains(*mark)).cloned().collect())
}

/// SQLite's own look at a file: pages, indexes, everything.
pub(crate) async fn integrity(conn: &mut AnyConnection, name: &str) -> Result<()> {
    let rows: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check(5)").fetch_all(conn).await?;
    let faults: Vec<_> = rows.into_iter().map(|(line,)| line).filter(|l| l != "ok").collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(BackupError::Damaged(faults.iter().map(|fault| format!("{name}: {fault}")).collect()))
}
