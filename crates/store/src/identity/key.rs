//! Keys of programs. A revoked one stays, so that the review can show it.

use contract::declare::ids::AccountId;
use engine::ApiKey;
use reckon::Moment;
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe};

use crate::columns::API_KEY;
use crate::dialect;
use crate::failure::{Failure, Result};
use crate::seal::{self, Seals};
use crate::sql_store::SqlStore;

const COLUMNS: &str = "SELECT id, secret_hash, person, role, account, label, made_at, made_by, \
                       expires_at, revoked_at, used_at FROM api_key";

type Row = (
    String,
    String,
    String,
    String,
    Option<String>,
    String,
    i64,
    String,
    i64,
    Option<i64>,
    Option<i64>,
);

fn api_key(row: Row) -> Result<ApiKey> {
    let (id, secret_hash, person, role, account, label, made, made_by, expires, revoked, used) =
        row;
    let role = serde_json::from_value(Value::String(role))
        .map_err(|error| Failure::broken(format!("key {id}: {error}")))?;
    Ok(ApiKey {
        id,
        secret_hash,
        person,
        role,
        account: account.map(AccountId),
        label,
        made_at: Moment::from_unix_seconds(made),
        made_by,
        expires_at: Moment::from_unix_seconds(expires),
        revoked_at: revoked.map(Moment::from_unix_seconds),
        used_at: used.map(Moment::from_unix_seconds),
    })
}

pub(super) async fn keep(store: &SqlStore, key: &ApiKey) -> Result<()> {
    let role = serde_json::to_value(key.role).expect("plain data");
    let role = role.as_str().unwrap_or_default();
    let account = key.account.as_ref().map(|account| account.0.as_str());
    let values = [
        (&key.id).into(),
        (&key.secret_hash).into(),
        (&key.person).into(),
        role.into(),
        account.into(),
        (&key.label).into(),
        key.made_at.unix_seconds().into(),
        (&key.made_by).into(),
        key.expires_at.unix_seconds().into(),
        seal::Value::Null,
        seal::Value::Null,
    ];
    sqlx::query(
        "INSERT INTO api_key (id, secret_hash, person, role, account, label, made_at, made_by, \
         expires_at, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&key.id)
    .bind(&key.secret_hash)
    .bind(&key.person)
    .bind(role)
    .bind(account)
    .bind(&key.label)
    .bind(key.made_at.unix_seconds())
    .bind(&key.made_by)
    .bind(key.expires_at.unix_seconds())
    .bind(store.seals.of(&API_KEY, &values)?)
    .execute(&store.writer)
    .await?;
    Ok(())
}

pub(super) async fn of(pool: &AnyPool, id: &str) -> Result<Option<ApiKey>> {
    let sql = AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
    let row: Option<Row> = sqlx::query_as(sql).bind(id).fetch_optional(pool).await?;
    row.map(api_key).transpose()
}

pub(super) async fn all(pool: &AnyPool) -> Result<Vec<ApiKey>> {
    let sql = AssertSqlSafe(format!("{COLUMNS} ORDER BY made_at, id"));
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(pool).await?;
    rows.into_iter().map(api_key).collect()
}

pub(super) async fn touch(store: &SqlStore, id: &str, at: Moment) -> Result<()> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done = sqlx::query("UPDATE api_key SET used_at = $1 WHERE id = $2")
        .bind(at.unix_seconds())
        .bind(id)
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 1 {
        store.seals.written(&mut tx, &API_KEY, &[id], &["used_at"]).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn revoke(store: &SqlStore, id: &str, at: Moment) -> Result<bool> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done =
        sqlx::query("UPDATE api_key SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(at.unix_seconds())
            .bind(id)
            .execute(&mut *tx)
            .await?;
    if done.rows_affected() == 1 {
        store.seals.written(&mut tx, &API_KEY, &[id], &["revoked_at"]).await?;
    }
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn revoke_of(store: &SqlStore, person: &str, at: Moment) -> Result<u64> {
    let mut tx = dialect::begin(&store.writer).await?;
    let count = revoke_where(&mut tx, &store.seals, at, person).await?;
    tx.commit().await?;
    Ok(count)
}

/// Revokes the keys of a person, or of everybody without a name.
pub(super) async fn revoke_where(
    conn: &mut AnyConnection,
    seals: &Seals,
    at: Moment,
    person: &str,
) -> Result<u64> {
    let revoked: Vec<(String,)> = sqlx::query_as(
        "UPDATE api_key SET revoked_at = $1 WHERE revoked_at IS NULL \
         AND ($2 = '' OR person = $2) RETURNING id",
    )
    .bind(at.unix_seconds())
    .bind(person)
    .fetch_all(&mut *conn)
    .await?;
    for (id,) in &revoked {
        seals.written(conn, &API_KEY, &[id], &["revoked_at"]).await?;
    }
    Ok(revoked.len() as u64)
}
