//! Sign-ins that last for a while. An ended one is gone.

use engine::{Session, Stage, WaysEnded};
use reckon::Moment;
use sqlx::AnyPool;

use super::key;
use crate::columns::SESSION;
use crate::dialect;
use crate::failure::{Failure, Result};
use crate::sql_store::SqlStore;

type Row = (String, String, String, String, i64, i64, i64, String, String);

fn session(row: Row) -> Result<Session> {
    let (id, token_hash, person, stage, opened_at, seen_at, ends_at, origin, agent) = row;
    let known = Stage::ALL.into_iter().find(|known| known.name() == stage);
    Ok(Session {
        id,
        token_hash,
        person,
        stage: known.ok_or_else(|| Failure::broken(format!("a session of stage {stage}")))?,
        opened_at: Moment::from_unix_seconds(opened_at),
        seen_at: Moment::from_unix_seconds(seen_at),
        ends_at: Moment::from_unix_seconds(ends_at),
        origin,
        agent,
    })
}

pub(super) async fn open(store: &SqlStore, session: &Session) -> Result<()> {
    let values = [
        (&session.id).into(),
        (&session.token_hash).into(),
        (&session.person).into(),
        session.stage.name().into(),
        session.opened_at.unix_seconds().into(),
        session.seen_at.unix_seconds().into(),
        session.ends_at.unix_seconds().into(),
        (&session.origin).into(),
        (&session.agent).into(),
    ];
    sqlx::query(
        "INSERT INTO session (id, token_hash, person, stage, opened_at, seen_at, ends_at, \
         origin, agent, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&session.id)
    .bind(&session.token_hash)
    .bind(&session.person)
    .bind(session.stage.name())
    .bind(session.opened_at.unix_seconds())
    .bind(session.seen_at.unix_seconds())
    .bind(session.ends_at.unix_seconds())
    .bind(&session.origin)
    .bind(&session.agent)
    .bind(store.seals.of(&SESSION, &values)?)
    .execute(&store.writer)
    .await?;
    Ok(())
}

pub(super) async fn of_token(pool: &AnyPool, token_hash: &str) -> Result<Option<Session>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, token_hash, person, stage, opened_at, seen_at, ends_at, origin, agent \
         FROM session WHERE token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(pool)
    .await?;
    row.map(session).transpose()
}

pub(super) async fn of_person(pool: &AnyPool, person: &str) -> Result<Vec<Session>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, token_hash, person, stage, opened_at, seen_at, ends_at, origin, agent \
         FROM session WHERE person = $1 ORDER BY opened_at, id",
    )
    .bind(person)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(session).collect()
}

pub(super) async fn touch(store: &SqlStore, id: &str, at: Moment) -> Result<()> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done = sqlx::query("UPDATE session SET seen_at = $1 WHERE id = $2 AND seen_at < $1")
        .bind(at.unix_seconds())
        .bind(id)
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 1 {
        store.seals.written(&mut tx, &SESSION, &[id], &["seen_at"]).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn end(pool: &AnyPool, person: &str, id: &str) -> Result<bool> {
    let done = sqlx::query("DELETE FROM session WHERE person = $1 AND id = $2")
        .bind(person)
        .bind(id)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn end_all(pool: &AnyPool, person: &str, but: Option<&str>) -> Result<u64> {
    let done = sqlx::query("DELETE FROM session WHERE person = $1 AND id <> $2")
        .bind(person)
        .bind(but.unwrap_or_default())
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}

/// Sessions and links are gone; keys stay visible as revoked.
pub(super) async fn end_all_ways(store: &SqlStore, at: Moment) -> Result<WaysEnded> {
    let mut tx = dialect::begin(&store.writer).await?;
    let sessions = sqlx::query("DELETE FROM session").execute(&mut *tx).await?;
    let links = sqlx::query("DELETE FROM set_up_link").execute(&mut *tx).await?;
    let keys = key::revoke_where(&mut tx, &store.seals, at, "").await?;
    tx.commit().await?;
    Ok(WaysEnded { sessions: sessions.rows_affected(), links: links.rows_affected(), keys })
}
