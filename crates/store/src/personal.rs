//! Personal rows, and their destruction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contract::declare::ids::AccountId;
use engine::{Fault, PersonalRow, StoreError};
use reckon::Moment;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, FromRow, Row};

use crate::columns::{ERASED_CLASS, PERSONAL};
use crate::failure::{Failure, Result};
use crate::keyring::{ALL_ERASURES, Erasure, Keyring, insert_erasures};
use crate::seal::Seals;
use crate::sql_store::SqlStore;
use crate::{bulk, dialect, sealed};

/// Rows that are opened at a time: each may be a paper of ten megabytes.
pub(crate) const AT_ONCE: usize = 20;

/// An erasure waits for the steps that may be writing under the key, and those
/// that come later draw a new one.
const ERASURE: &str = "erasure";

/// Lets no erasure begin before the end of the step.
pub(crate) async fn without_erasures(conn: &mut AnyConnection) -> Result<()> {
    dialect::alone(conn, ERASURE).await
}

/// Before the first [`keep`] of a step.
pub(crate) async fn beside_erasures(conn: &mut AnyConnection) -> Result<()> {
    dialect::beside(conn, ERASURE).await
}

/// Seals and keeps a row. The same row again is left alone; another under its
/// id is refused, unless what it held can no longer be read.
pub(crate) async fn keep(
    conn: &mut AnyConnection,
    keys: &Keyring,
    seals: &Seals,
    row: &PersonalRow,
) -> Result<()> {
    let present = stored(&mut *conn, &row.id).await?;
    let statement = match present {
        None => INSERT,
        Some(_) => UPDATE,
    };
    if let Some(Stored { mark, sealed, row: present }) = present
        && let Some(secret) = keys.secret(&mark).await?
    {
        let present = sealed::open(&secret, &sealed, present)?;
        return if present == *row { Ok(()) } else { Err(Failure::duplicate(&row.id)) };
    }
    let key = keys.of_subject(&row.subject).await?;
    let content = sealed::seal(&key.secret, row)?;
    let (id, subject, account) = (&row.id, &row.subject, &row.account.0);
    let values =
        [id.into(), subject.into(), account.into(), (&row.class).into(), (&key.mark).into()];
    let values: Vec<_> = values.into_iter().chain([(&content).into()]).collect();
    let seal = seals.of(&PERSONAL, &values)?;
    sqlx::query(statement)
        .bind(id)
        .bind(subject)
        .bind(account)
        .bind(&row.class)
        .bind(key.mark)
        .bind(content)
        .bind(seal)
        .execute(conn)
        .await?;
    Ok(())
}

const INSERT: &str = "INSERT INTO personal (id, subject, account, class, key_mark, sealed, seal) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const UPDATE: &str = "UPDATE personal SET subject = $2, account = $3, class = $4, key_mark = $5, \
     sealed = $6, seal = $7 WHERE id = $1";

/// A row in clear; `None` when it is not there or its key was destroyed.
pub(crate) async fn read(pool: &AnyPool, keys: &Keyring, id: &str) -> Result<Option<PersonalRow>> {
    let Some(Stored { mark, sealed, row }) = stored(pool, id).await? else { return Ok(None) };
    match keys.secret(&mark).await? {
        Some(secret) => sealed::open(&secret, &sealed, row).map(Some),
        None => Ok(None),
    }
}

/// As it is stored: what is sealed, and the mark of its key.
struct Stored {
    mark: String,
    sealed: Vec<u8>,
    /// Without name and content.
    row: PersonalRow,
}

impl FromRow<'_, AnyRow> for Stored {
    fn from_row(row: &AnyRow) -> sqlx::Result<Stored> {
        Ok(Stored {
            mark: row.try_get("key_mark")?,
            sealed: row.try_get("sealed")?,
            row: PersonalRow {
                id: row.try_get("id")?,
                subject: row.try_get("subject")?,
                account: AccountId(row.try_get("account")?),
                class: row.try_get("class")?,
                name: String::new(),
                content: Vec::new(),
            },
        })
    }
}

async fn stored<'c>(from: impl sqlx::any::AnyExecutor<'c>, id: &str) -> Result<Option<Stored>> {
    let sql = "SELECT id, subject, account, class, key_mark, sealed FROM personal WHERE id = $1";
    Ok(sqlx::query_as(sql).bind(id).fetch_optional(from).await?)
}

/// The hash of the content of each of some rows that can be read.
pub(crate) async fn hashes(
    pool: &AnyPool,
    keys: &Keyring,
    ids: &[&str],
) -> Result<BTreeMap<String, String>> {
    let sql = bulk::within(
        "SELECT id, subject, account, class, key_mark, sealed FROM personal WHERE id",
        ids.len(),
    );
    let mut query = sqlx::query_as(sql);
    for id in ids {
        query = query.bind(*id);
    }
    let rows: Vec<Stored> = query.fetch_all(pool).await?;
    let mut ring = HashMap::new();
    let mut hashes = BTreeMap::new();
    for Stored { mark, sealed, row } in rows {
        if !ring.contains_key(&mark) {
            ring.insert(mark.clone(), keys.secret(&mark).await?);
        }
        if let Some(Some(secret)) = ring.get(&mark) {
            let row = sealed::open(secret, &sealed, row)?;
            hashes.insert(row.id, blake3::hash(&row.content).to_string());
        }
    }
    Ok(hashes)
}

/// One line for every row that cannot be opened.
pub(crate) async fn unreadable(pool: &AnyPool, keys: &AnyPool) -> Result<Vec<String>> {
    let mut conn = pool.acquire().await?;
    Ok(faults(&mut conn, keys).await?.iter().map(ToString::to_string).collect())
}

/// Rows that cannot be opened: an erasure takes a row away together with its key,
/// so each that is there needs one.
pub(crate) async fn faults(conn: &mut AnyConnection, keys: &AnyPool) -> Result<Vec<Fault>> {
    let ring: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT key_mark, secret FROM subject_key").fetch_all(keys).await?;
    let ring: HashMap<_, _> = ring.into_iter().collect();
    let mut faults = Vec::new();
    let mut after = String::new();
    loop {
        let rows: Vec<Stored> = sqlx::query_as(
            "SELECT id, subject, account, class, key_mark, sealed FROM personal \
             WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(&after)
        .bind(AT_ONCE as i64)
        .fetch_all(&mut *conn)
        .await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.row.id);
        for Stored { mark, sealed, row } in rows {
            let id = row.id.clone();
            let Some(secret) = ring.get(&mark) else {
                let problem = "there is no key for it, and no erasure is recorded";
                faults.push(Fault::at("personal", &id, "key_mark", problem));
                continue;
            };
            if let Err(failure) = sealed::open(secret, &sealed, row) {
                let problem = StoreError::from(failure).to_string();
                faults.push(Fault::at("personal", &id, "sealed", problem));
            }
        }
    }
    Ok(faults)
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
    store: &SqlStore,
    subject: &str,
    at: Moment,
) -> Result<Vec<(String, u64)>> {
    let mut tx = dialect::begin(&store.writer).await?;
    dialect::alone(&mut tx, ERASURE).await?;
    let marks: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT key_mark FROM personal WHERE subject = $1")
            .bind(subject)
            .fetch_all(&mut *tx)
            .await?;
    let marks = marks.into_iter().map(|(mark,)| mark).collect();
    let erasures = store.keys.destroy(subject, marks, at).await?;
    insert_erasures(&mut tx, &store.seals, &erasures).await?;
    destroy_listed(&mut tx, &store.seals).await?;
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
pub(crate) async fn replay(store: &SqlStore) -> Result<()> {
    let (keys, seals) = (&store.keys, &store.seals);
    let mut tx = dialect::begin(&store.writer).await?;
    dialect::alone(&mut tx, ERASURE).await?;
    let here: Vec<Erasure> = sqlx::query_as(ALL_ERASURES).fetch_all(&mut *tx).await?;
    let here: BTreeSet<_> = here.into_iter().collect();
    let there: BTreeSet<_> = keys.erasures().await?.into_iter().collect();
    let only_here: Vec<_> = here.difference(&there).cloned().collect();
    let only_there: Vec<_> = there.difference(&here).cloned().collect();
    keys.list(&only_here).await?;
    insert_erasures(&mut tx, seals, &only_there).await?;
    destroy_listed(&mut tx, seals).await?;
    Ok(tx.commit().await?)
}

/// Counts and deletes the rows under destroyed keys.
async fn destroy_listed(conn: &mut AnyConnection, seals: &Seals) -> Result<()> {
    let counts: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT subject, class, COUNT(*) FROM personal \
         WHERE key_mark IN (SELECT key_mark FROM erasure) GROUP BY subject, class",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (subject, class, count) in counts {
        count_erased(conn, seals, &subject, &class, count).await?;
    }
    sqlx::query("DELETE FROM personal WHERE key_mark IN (SELECT key_mark FROM erasure)")
        .execute(conn)
        .await?;
    Ok(())
}

async fn count_erased(
    conn: &mut AnyConnection,
    seals: &Seals,
    subject: &str,
    class: &str,
    count: i64,
) -> Result<()> {
    let seal = seals.of(&ERASED_CLASS, &[subject.into(), class.into(), count.into()])?;
    let new = sqlx::query(
        "INSERT INTO erased_class (subject, class, destroyed, seal) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (subject, class) DO NOTHING",
    )
    .bind(subject)
    .bind(class)
    .bind(count)
    .bind(seal)
    .execute(&mut *conn)
    .await?;
    if new.rows_affected() == 1 {
        return Ok(());
    }
    let more = "UPDATE erased_class SET destroyed = destroyed + $3 \
                WHERE subject = $1 AND class = $2";
    sqlx::query(more).bind(subject).bind(class).bind(count).execute(&mut *conn).await?;
    seals.written(conn, &ERASED_CLASS, &[subject, class], &["destroyed"]).await
}
