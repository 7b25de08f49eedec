//! When something follows by itself.

use contract::ids::AccountId;
use reckon::Moment;
use sqlx::{SqliteConnection, SqlitePool};

use crate::failure::Result;

/// Puts an account on the queue, or takes it off.
pub(crate) async fn set(
    conn: &mut SqliteConnection,
    account: &AccountId,
    at: Option<Moment>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO account (id, inputs, next_due) VALUES ($1, 0, $2) \
         ON CONFLICT (id) DO UPDATE SET next_due = excluded.next_due",
    )
    .bind(&account.0)
    .bind(at.map(Moment::unix_seconds))
    .execute(conn)
    .await?;
    Ok(())
}

/// Accounts that are due up to `until`, earliest first.
pub(crate) async fn due(
    pool: &SqlitePool,
    until: Moment,
    limit: u32,
) -> Result<Vec<(Moment, AccountId)>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT next_due, id FROM account WHERE next_due <= $1 ORDER BY next_due, id LIMIT $2",
    )
    .bind(until.unix_seconds())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(at, id)| (Moment::from_unix_seconds(at), AccountId(id))).collect())
}

/// The earliest moment of any consequence or effect.
pub(crate) async fn next(pool: &SqlitePool) -> Result<Option<Moment>> {
    let (at,): (Option<i64>,) = sqlx::query_as(
        "SELECT MIN(earliest) FROM ( \
         SELECT MIN(next_due) AS earliest FROM account WHERE next_due IS NOT NULL UNION ALL \
         SELECT MIN(next_at) AS earliest FROM outbox WHERE state = 'waiting') AS both_queues",
    )
    .fetch_one(pool)
    .await?;
    Ok(at.map(Moment::from_unix_seconds))
}

/// Every account with a record.
pub(crate) async fn accounts(pool: &SqlitePool) -> Result<Vec<AccountId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM account WHERE inputs > 0 ORDER BY id")
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
