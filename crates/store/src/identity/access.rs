//! The access log, and what the record holds of each person.

use std::collections::BTreeMap;

use contract::road::stream::{Content, Input};
use engine::listed::{ListFound, ListQuery};
use engine::{Access, AccessQuery, Doings};
use reckon::Moment;
use sqlx::{AnyPool, FromRow};

use crate::columns::ACCESS_LOG;
use crate::dialect;
use crate::failure::Result;
use crate::list::{self, Shelf};
use crate::record::parse;
use crate::sql_store::SqlStore;

/// How many inputs are read at once.
const CHUNK: i64 = 2_000;

pub(super) async fn note(store: &SqlStore, access: &Access) -> Result<()> {
    let values = [
        (&access.id).into(),
        access.at.unix_seconds().into(),
        (&access.person).into(),
        (&access.key).into(),
        (&access.kind).into(),
        (&access.what).into(),
        (&access.origin).into(),
        (&access.detail).into(),
    ];
    sqlx::query(
        "INSERT INTO access_log (id, at, person, api_key, kind, what, origin, detail, seal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&access.id)
    .bind(access.at.unix_seconds())
    .bind(&access.person)
    .bind(&access.key)
    .bind(&access.kind)
    .bind(&access.what)
    .bind(&access.origin)
    .bind(&access.detail)
    .bind(store.seals.of(&ACCESS_LOG, &values)?)
    .execute(&store.writer)
    .await?;
    Ok(())
}

type Row = (String, i64, String, String, String, String, String, String);

pub(super) async fn log(pool: &AnyPool, query: &AccessQuery) -> Result<Vec<Access>> {
    // An empty text stands for "any", so that one statement serves all.
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, person, api_key, kind, what, origin, detail FROM access_log \
         WHERE ($1 = '' OR id < $1) AND ($2 = '' OR person = $2) AND ($3 = '' OR kind = $3) \
         AND at >= $4 AND at <= $5 ORDER BY id DESC LIMIT $6",
    )
    .bind(query.before.clone().unwrap_or_default())
    .bind(query.person.clone().unwrap_or_default())
    .bind(query.kind.clone().unwrap_or_default())
    .bind(query.from.map_or(i64::MIN, Moment::unix_seconds))
    .bind(query.until.map_or(i64::MAX, Moment::unix_seconds))
    .bind(i64::from(query.limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(access).collect())
}

/// Those that are asked for.
pub(super) async fn listed(pool: &AnyPool, query: &ListQuery) -> Result<ListFound<Access>> {
    list::find(pool, Shelf::Access, query, |row| Ok(access(Row::from_row(row)?))).await
}

fn access((id, at, person, key, kind, what, origin, detail): Row) -> Access {
    let at = Moment::from_unix_seconds(at);
    Access { id, at, person, key, kind, what, origin, detail }
}

pub(super) async fn last_sign_ins(pool: &AnyPool, until: Moment) -> Result<Vec<(String, Moment)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT person, MAX(at) FROM access_log WHERE kind = 'sign_in' AND at <= $1 \
         GROUP BY person ORDER BY person",
    )
    .bind(until.unix_seconds())
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(person, at)| (person, Moment::from_unix_seconds(at))).collect())
}

pub(super) async fn forget(pool: &AnyPool, before: Moment) -> Result<u64> {
    let mut tx = dialect::begin(pool).await?;
    let before = before.unix_seconds();
    let log =
        sqlx::query("DELETE FROM access_log WHERE at < $1").bind(before).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM session WHERE ends_at < $1").bind(before).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM set_up_link WHERE expires_at < $1")
        .bind(before)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(log.rows_affected())
}

/// Reads the inputs of a time in chunks, in the order of their ids.
pub(super) async fn doings(
    pool: &AnyPool,
    from: Moment,
    until: Moment,
) -> Result<Vec<(String, Doings)>> {
    let mut found: BTreeMap<String, Doings> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, payload FROM input WHERE known_at >= $1 AND known_at <= $2 AND id > $3 \
             ORDER BY id LIMIT $4",
        )
        .bind(from.unix_seconds())
        .bind(until.unix_seconds())
        .bind(&last)
        .bind(CHUNK)
        .fetch_all(pool)
        .await?;
        let Some((id, _)) = rows.last() else { break };
        last.clone_from(id);
        for (_, payload) in &rows {
            let input: Input = parse(payload)?;
            let doings = found.entry(input.actor.id).or_default();
            match input.content {
                Content::Fact(_) => doings.facts += 1,
                Content::Act(_) => doings.acts += 1,
                Content::Clock | Content::Edition => continue,
            }
            doings.last = doings.last.max(Some(input.known_at));
        }
    }
    Ok(found.into_iter().collect())
}
