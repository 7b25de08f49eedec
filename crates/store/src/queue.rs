//! When something follows by itself.

use contract::declare::ids::AccountId;
use reckon::Moment;
use sqlx::{AnyConnection, AnyPool};

use crate::failure::Result;

/// Puts an account on the queue or takes it off, unless somebody has written to
/// it since it was read: what that writer set is newer.
pub(crate) async fn set_if_unchanged(
    conn: &mut AnyConnection,
    account: &AccountId,
    records: u64,
    at: Option<Moment>,
) -> Result<()> {
    sqlx::query("UPDATE account SET next_due = $1 WHERE id = $2 AND inputs = $3")
        .bind(at.map(Moment::unix_seconds))
        .bind(&account.0)
        .bind(records as i64)
        .execute(conn)
        .await?;
    Ok(())
}

/// Accounts that are due up to `until`, earliest first.
pub(crate) async fn due(
    pool: &AnyPool,
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

/// When an account is due, if ever.
pub(crate) async fn of(pool: &AnyPool, account: &AccountId) -> Result<Option<Moment>> {
    let found: Option<(Option<i64>,)> =
        sqlx::query_as("SELECT next_due FROM account WHERE id = $1")
            .bind(&account.0)
            .fetch_optional(pool)
            .await?;
    Ok(found.and_then(|(at,)| at).map(Moment::from_unix_seconds))
}

/// The earliest moment of any consequence or effect.
pub(crate) async fn next(pool: &AnyPool) -> Result<Option<Moment>> {
    let (at,): (Option<i64>,) = sqlx::query_as(
        "SELECT MIN(earliest) FROM ( \
         SELECT MIN(next_due) AS earliest FROM account WHERE next_due IS NOT NULL UNION ALL \
         SELECT MIN(next_at) AS earliest FROM outbox WHERE state = 'waiting') AS both_queues",
    )
    .fetch_one(pool)
    .await?;
    Ok(at.map(Moment::from_unix_seconds))
}

/// The earliest moment of any consequence.
pub(crate) async fn oldest(pool: &AnyPool) -> Result<Option<Moment>> {
    let (at,): (Option<i64>,) =
        sqlx::query_as("SELECT MIN(next_due) FROM account").fetch_one(pool).await?;
    Ok(at.map(Moment::from_unix_seconds))
}

/// Every account with a record.
pub(crate) async fn accounts(pool: &AnyPool) -> Result<Vec<AccountId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM account WHERE inputs > 0 ORDER BY id")
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
