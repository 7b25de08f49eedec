//! Personal rows, and their destruction.

use std::collections::BTreeSet;

use contract::ids::AccountId;
use engine::PersonalRow;
use reckon::Moment;
use sqlx::{AnyConnection, AnyPool};

use crate::failure::{Failure, Result};
use crate::keyring::{ALL_ERASURES, Erasure, Keyring, insert_erasures};
use crate::{dialect, sealed};

/// An erasure waits for the steps that may be writing under the key, and those
/// that come later draw a new one.
const ERASURE: &str = "erasure";

/// Before the first [`keep`] of a step.
pub(crate) async fn beside_erasures(conn: &mut AnyConnection) -> Result<()> {
    dialect::beside(conn, ERASURE).await
}

/// Seals and keeps a row. The same row again is left alone; another under its
/// id is refused, unless what it held can no longer be read.
pub(crate) async fn keep(
    conn: &mut AnyConnection,
    keys: &Keyring,
    row: &PersonalRow,
) -> Result<()> {
    let present = stored(&mut *conn, &row.id).await?;
    let statement = match present {
        None => INSERT,
        Some(_) => UPDATE,
    };
    if let Some((mark, sealed, present)) = present
        && let Some(secret) = keys.secret(&mark).await?
    {
        let present = sealed::open(&secret, &sealed, present)?;
        return if present == *row { Ok(()) } else { Err(Failure::duplicate(&row.id)) };
    }
    let key = keys.of_subject(&row.subject).await?;
    sqlx::query(statement)
        .bind(&row.id)
        .bind(&row.subject)
        .bind(&row.account.0)
        .bind(&row.class)
        .bind(key.mark)
        .bind(sealed::seal(&key.secret, row)?)
        .execute(conn)
        .await?;
    Ok(())
}

const INSERT: &str = "INSERT INTO personal (id, subject, account, class, key_mark, sealed) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const UPDATE: &str = "UPDATE personal SET subject = $2, account = $3, class = $4, key_mark = $5, \
     sealed = $6 WHERE id = $1";

/// A row in clear; `None` when it is not there or its key was destroyed.
pub(crate) async fn read(pool: &AnyPool, keys: &Keyring, id: &str) -> Result<Option<PersonalRow>> {
    let Some((mark, sealed, row)) = stored(pool, id).await? else { return Ok(None) };
    match keys.secret(&mark).await? {
        Some(secret) => sealed::open(&secret, &sealed, row).map(Some),
        None => Ok(None),
    }
}

/// The mark of its key, what is sealed, and the rest of a row.
type Stored = (String, Vec<u8>, PersonalRow);

async fn stored<'c>(from: impl sqlx::any::AnyExecutor<'c>, id: &str) -> Result<Option<Stored>> {
    let row: Option<(String, String, String, String, Vec<u8>)> = sqlx::query_as(
        "SELECT subject, account, class, key_mark, sealed FROM personal WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(from)
    .await?;
    Ok(row.map(|(subject, account, class, mark, sealed)| {
        let (name, content) = Default::default();
        let account = AccountId(account);
        (mark, sealed, PersonalRow { id: id.to_owned(), subject, account, class, name, content })
    }))
}

/// One line for every row that cannot be opened though its key was never
/// destroyed.
pub(crate) async fn unreadable(pool: &AnyPool, keys: &Keyring) -> Result<Vec<String>> {
    let ids: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM personal ORDER BY id").fetch_all(pool).await?;
    let mut lines = Vec::new();
    for (id,) in ids {
        match read(pool, keys, &id).await {
            Ok(Some(_)) => {}
            Ok(None) => lines.push(format!("personal row {id}: there is no key for it")),
            Err(failure) => {
                lines.push(engine::StoreError::from(failure).to_string());
            }
        }
    }
    Ok(lines)
}

/// Ids and classes under a subject.
pub(crate) async fn list(pool: &AnyPool, subject: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, class FROM personal WHERE subject = $1 ORDER BY id";
    Ok(sqlx::query_as(sql).bind(subject).fetch_all(pool).await?)
}

/// Destroys key and rows of a subject; returns what was ever destroyed of it.
///
/// The key goes first: when the second step fails, what is left cannot be read,
/// and the same call again finishes it with the same counts.
pub(crate) async fn erase(
    writer: &AnyPool,
    keys: &Keyring,
    subject: &str,
    at: Moment,
) -> Result<Vec<(String, u64)>> {
    let mut tx = dialect::begin(writer).await?;
    dialect::alone(&mut tx, ERASURE).await?;
    let marks: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT key_mark FROM personal WHERE subject = $1")
            .bind(subject)
            .fetch_all(&mut *tx)
            .await?;
    let marks = marks.into_iter().map(|(mark,)| mark).collect();
    let erasures = keys.destroy(subject, marks, at).await?;
    insert_erasures(&mut tx, &erasures).await?;
    destroy_listed(&mut tx).await?;
    let counts: Vec<(String, i64)> = sqlx::query_as(
        "SELECT class, destroyed FROM erased_class WHERE subject = $1 ORDER BY class",
    )
    .bind(subject)
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(counts.into_iter().map(|(class, count)| (class, count.unsigned_abs())).collect())
}

/// Repeats every erasure that either database lists: a restored copy of one
/// knows nothing of those that came after it.
pub(crate) async fn replay(writer: &AnyPool, keys: &Keyring) -> Result<()> {
    let mut tx = dialect::begin(writer).await?;
    dialect::alone(&mut tx, ERASURE).await?;
    let here: Vec<Erasure> = sqlx::query_as(ALL_ERASURES).fetch_all(&mut *tx).await?;
    let here: BTreeSet<_> = here.into_iter().collect();
    let there: BTreeSet<_> = keys.erasures().await?.into_iter().collect();
    let only_here: Vec<_> = here.difference(&there).cloned().collect();
    let only_there: Vec<_> = there.difference(&here).cloned().collect();
    keys.list(&only_here).await?;
    insert_erasures(&mut tx, &only_there).await?;
    destroy_listed(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Counts and deletes the rows under destroyed keys.
async fn destroy_listed(conn: &mut AnyConnection) -> Result<()> {
    sqlx::query(
        "INSERT INTO erased_class (subject, class, destroyed) \
         SELECT subject, class, COUNT(*) FROM personal \
         WHERE key_mark IN (SELECT key_mark FROM erasure) GROUP BY subject, class \
         ON CONFLICT (subject, class) DO UPDATE SET \
         destroyed = erased_class.destroyed + excluded.destroyed",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM personal WHERE key_mark IN (SELECT key_mark FROM erasure)")
        .execute(conn)
        .await?;
    Ok(())
}
