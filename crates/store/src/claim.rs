//! Who is at work on which account: no two workers, nor two steps of one, take up
//! the same account at once.

use std::collections::BTreeSet;

use contract::declare::ids::AccountId;
use engine::OutboxRow;
use reckon::Moment;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::bulk;
use crate::commit::MOST_TRIES;
use crate::dialect;
use crate::failure::Result;
use crate::outbox;
use crate::sql_store::SqlStore;

/// Takes what has come due of accounts on which nobody is at work, in the order in
/// which it is to be performed.
///
/// Two who let go of some and take others can wait for each other: the one who is
/// told so begins again.
pub(crate) async fn effects(store: &SqlStore, now: Moment, limit: u32) -> Result<Vec<OutboxRow>> {
    let mut tries = 1;
    loop {
        match try_effects(store, now, limit).await {
            Err(failure) if failure.is_collision() && tries < MOST_TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn try_effects(store: &SqlStore, now: Moment, limit: u32) -> Result<Vec<OutboxRow>> {
    let mut tx = dialect::begin(&store.writer).await?;
    loop {
        let found: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, account FROM outbox WHERE state = 'waiting' AND next_at <= $1 \
             AND account NOT IN (SELECT account FROM claim) ORDER BY next_at, id LIMIT $2",
        )
        .bind(now.unix_seconds())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let accounts = found.iter().map(|(_, account)| account.as_str()).collect();
        let taken = take(&mut tx, &store.worker.id, &accounts).await?;
        let ids: Vec<_> = found
            .iter()
            .filter(|(_, account)| taken.contains(account))
            .map(|(id, _)| id.as_str())
            .collect();
        let rows = outbox::begin(&mut tx, &store.seals, &ids, now).await?;
        // Another worker was quicker with these and has let go of them again.
        let idle =
            taken.iter().filter(|account| !rows.iter().any(|row| row.account.0 == **account));
        let idle: Vec<_> = idle.map(|account| AccountId(account.clone())).collect();
        release(&mut tx, store, &idle).await?;
        if !rows.is_empty() {
            tx.commit().await?;
            return Ok(rows);
        }
    }
}

/// Takes accounts in which something follows by itself, earliest first.
pub(crate) async fn due(
    store: &SqlStore,
    until: Moment,
    limit: u32,
) -> Result<Vec<(Moment, AccountId)>> {
    let mut tx = dialect::begin(&store.writer).await?;
    loop {
        let found: Vec<(i64, String)> = sqlx::query_as(
            "SELECT next_due, id FROM account WHERE next_due <= $1 \
             AND id NOT IN (SELECT account FROM claim) ORDER BY next_due, id LIMIT $2",
        )
        .bind(until.unix_seconds())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let accounts = found.iter().map(|(_, account)| account.as_str()).collect();
        let taken = take(&mut tx, &store.worker.id, &accounts).await?;
        if !taken.is_empty() {
            tx.commit().await?;
            let own = found.into_iter().filter(|(_, account)| taken.contains(account));
            let own = own.map(|(at, id)| (Moment::from_unix_seconds(at), AccountId(id)));
            return Ok(own.collect());
        }
    }
}

/// Those of the accounts that are the worker's now. In one order, so that two who
/// want the same do not wait for each other.
async fn take(
    conn: &mut AnyConnection,
    worker: &str,
    accounts: &BTreeSet<&str>,
) -> Result<BTreeSet<String>> {
    let mut taken = BTreeSet::new();
    let accounts: Vec<_> = accounts.iter().collect();
    for chunk in accounts.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "claim (account, worker)",
            2,
            chunk.len(),
            " ON CONFLICT (account) DO NOTHING RETURNING account",
        );
        let mut query = sqlx::query_as(sql);
        for account in chunk {
            query = query.bind(**account).bind(worker);
        }
        let rows: Vec<(String,)> = query.fetch_all(&mut *conn).await?;
        taken.extend(rows.into_iter().map(|(account,)| account));
    }
    Ok(taken)
}

/// Lets go of accounts. An effect of theirs that is still being performed was left
/// without an answer.
pub(crate) async fn release(
    conn: &mut AnyConnection,
    store: &SqlStore,
    accounts: &[AccountId],
) -> Result<()> {
    for chunk in accounts.chunks(bulk::ROWS) {
        let own = bulk::list(2, chunk.len());
        let sql =
            format!("DELETE FROM claim WHERE worker = $1 AND account IN {own} RETURNING account");
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(&store.worker.id);
        for account in chunk {
            query = query.bind(&account.0);
        }
        let rows: Vec<(String,)> = query.fetch_all(&mut *conn).await?;
        let accounts: Vec<_> = rows.iter().map(|(account,)| account.as_str()).collect();
        outbox::put_back(&mut *conn, &store.seals, &accounts).await?;
    }
    Ok(())
}

/// Ends the claims of workers that are gone. What they were performing, and what
/// is being performed under nobody's claim, waits again; returns how many effects.
pub(crate) async fn recover(store: &SqlStore) -> Result<u64> {
    let workers: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT worker FROM claim").fetch_all(&store.readers).await?;
    let mut gone = Vec::new();
    for (worker,) in workers {
        if !store.worker.is_alive(&worker)? {
            gone.push(worker);
        }
    }
    let left: Option<(String,)> =
        sqlx::query_as(LEFT_BEHIND).fetch_optional(&store.readers).await?;
    if gone.is_empty() && left.is_none() {
        return Ok(0);
    }
    let mut tx = dialect::begin(&store.writer).await?;
    dialect::alone(&mut tx, "recover").await?;
    for worker in gone {
        sqlx::query("DELETE FROM claim WHERE worker = $1").bind(worker).execute(&mut *tx).await?;
    }
    let rows: Vec<(String,)> = sqlx::query_as(LEFT_BEHIND).fetch_all(&mut *tx).await?;
    let accounts: BTreeSet<_> = rows.iter().map(|(account,)| account.as_str()).collect();
    outbox::put_back(&mut tx, &store.seals, &accounts.into_iter().collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(rows.len() as u64)
}

const LEFT_BEHIND: &str = "SELECT account FROM outbox WHERE state = 'performing' \
     AND account NOT IN (SELECT account FROM claim)";
