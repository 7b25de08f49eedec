//! Effects that wait, are being performed, or were.

use contract::declare::ids::AccountId;
use engine::listed::{ListFound, ListQuery};
use engine::{ListPart, OutboxRow, OutboxState, OutboxUpdate};
use reckon::Moment;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row};

use crate::bulk;
use crate::columns::OUTBOX;
use crate::dialect::storable;
use crate::failure::{Failure, Result};
use crate::list::{self, Shelf};
use crate::record::parse;
use crate::seal::Seals;

/// Adds effects; one that was asked for before is left as it stands.
pub(crate) async fn insert(
    conn: &mut AnyConnection,
    seals: &Seals,
    rows: &[OutboxRow],
) -> Result<()> {
    for chunk in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "outbox (id, account, kind, payload, state, attempts, next_at, expires_at, \
             maybe_sent, last_reply, seal)",
            11,
            chunk.len(),
            " ON CONFLICT (id) DO NOTHING",
        );
        let mut query = sqlx::query(sql);
        for row in chunk {
            let (payload, state) = (row.payload.to_string(), state_text(row.state));
            let (attempts, next_at) = (i64::from(row.attempts), row.next_at.unix_seconds());
            let expires_at = row.expires_at.map(Moment::unix_seconds);
            let maybe_sent = i64::from(row.maybe_sent);
            let values = [
                (&row.id).into(),
                (&row.account.0).into(),
                (&row.kind).into(),
                (&payload).into(),
                state.into(),
                attempts.into(),
                next_at.into(),
                expires_at.into(),
                maybe_sent.into(),
                (&row.last_reply).into(),
            ];
            let seal = seals.of(&OUTBOX, &values)?;
            query = query
                .bind(&row.id)
                .bind(&row.account.0)
                .bind(&row.kind)
                .bind(payload)
                .bind(state)
                .bind(attempts)
                .bind(next_at)
                .bind(expires_at)
                .bind(maybe_sent)
                .bind(&row.last_reply)
                .bind(seal);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes what an attempt changed.
pub(crate) async fn update(
    conn: &mut AnyConnection,
    seals: &Seals,
    update: &OutboxUpdate,
) -> Result<()> {
    let changed = sqlx::query(
        "UPDATE outbox SET state = $2, attempts = $3, next_at = $4, maybe_sent = $5, \
         last_reply = $6 WHERE id = $1",
    )
    .bind(&update.id)
    .bind(state_text(update.state))
    .bind(i64::from(update.attempts))
    .bind(update.next_at.unix_seconds())
    .bind(i64::from(update.maybe_sent))
    .bind(storable(&update.last_reply))
    .execute(&mut *conn)
    .await?;
    let columns = ["state", "attempts", "next_at", "maybe_sent", "last_reply"];
    match changed.rows_affected() {
        0 => Err(Failure::broken(format!("there is no effect {} to update", update.id))),
        _ => seals.written(conn, &OUTBOX, &[&update.id], &columns).await,
    }
}

/// Marks those of the effects that still wait as being performed, in the order in
/// which they are to be.
pub(crate) async fn begin(
    conn: &mut AnyConnection,
    seals: &Seals,
    ids: &[&str],
    now: Moment,
) -> Result<Vec<OutboxRow>> {
    let mut rows: Vec<Stored> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(bulk::ROWS) {
        let sql = format!(
            "UPDATE outbox SET state = 'performing' WHERE state = 'waiting' AND next_at <= $1 \
             AND id IN {} RETURNING {COLUMNS}",
            bulk::list(2, chunk.len())
        );
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(now.unix_seconds());
        for id in chunk {
            query = query.bind(*id);
        }
        rows.extend(query.fetch_all(&mut *conn).await?);
    }
    for row in &rows {
        seals.written(conn, &OUTBOX, &[&row.id], &["state"]).await?;
    }
    // RETURNING promises no order.
    rows.sort_by(|a, b| (a.next_at, &a.id).cmp(&(b.next_at, &b.id)));
    rows.into_iter().map(Stored::into_row).collect()
}

/// Puts back what is being performed for these accounts, without an answer.
pub(crate) async fn put_back(
    conn: &mut AnyConnection,
    seals: &Seals,
    accounts: &[&str],
) -> Result<()> {
    for chunk in accounts.chunks(bulk::ROWS) {
        let update = format!(
            "UPDATE outbox SET state = 'waiting', maybe_sent = 1 \
             WHERE state = 'performing' AND account IN {} RETURNING id",
            bulk::list(1, chunk.len())
        );
        let mut query = sqlx::query_as(AssertSqlSafe(update));
        for account in chunk {
            query = query.bind(*account);
        }
        let back: Vec<(String,)> = query.fetch_all(&mut *conn).await?;
        for (id,) in back {
            seals.written(conn, &OUTBOX, &[&id], &["state", "maybe_sent"]).await?;
        }
    }
    Ok(())
}

const COLUMNS: &str = "id, account, kind, payload, state, attempts, next_at, expires_at, \
                       maybe_sent, last_reply";

/// Every effect, in the order of its next attempt.
pub(crate) async fn all(pool: &AnyPool) -> Result<Vec<OutboxRow>> {
    let rows: Vec<Stored> =
        sqlx::query_as("SELECT * FROM outbox ORDER BY next_at, id").fetch_all(pool).await?;
    rows.into_iter().map(Stored::into_row).collect()
}

/// Those in one state, as [`all`].
pub(crate) async fn in_state(pool: &AnyPool, state: OutboxState) -> Result<Vec<OutboxRow>> {
    const ROWS: &str = "SELECT * FROM outbox WHERE state = $1 ORDER BY next_at, id";
    let rows: Vec<Stored> = sqlx::query_as(ROWS).bind(state_text(state)).fetch_all(pool).await?;
    rows.into_iter().map(Stored::into_row).collect()
}

pub(crate) async fn one(pool: &AnyPool, id: &str) -> Result<Option<OutboxRow>> {
    let row: Option<Stored> =
        sqlx::query_as("SELECT * FROM outbox WHERE id = $1").bind(id).fetch_optional(pool).await?;
    row.map(Stored::into_row).transpose()
}

/// How many effects stand in each state, and the earliest next attempt.
pub(crate) async fn by_state(pool: &AnyPool) -> Result<Vec<(OutboxState, u64, Moment)>> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT state, COUNT(*), MIN(next_at) FROM outbox GROUP BY state ORDER BY state",
    )
    .fetch_all(pool)
    .await?;
    let counted = |(state, count, at): (String, i64, i64)| {
        Ok((state_of(&state)?, count.unsigned_abs(), Moment::from_unix_seconds(at)))
    };
    rows.into_iter().map(counted).collect()
}

/// A part of them, by id.
pub(crate) async fn part(pool: &AnyPool, part: ListPart<'_>) -> Result<Vec<OutboxRow>> {
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT * FROM outbox WHERE id > $1 AND ($2 = '' OR account = $2) ORDER BY id LIMIT $3",
    )
    .bind(part.after)
    .bind(part.account.map_or("", |account| &account.0))
    .bind(i64::from(part.limit))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Stored::into_row).collect()
}

/// Those that are asked for.
pub(crate) async fn listed(pool: &AnyPool, query: &ListQuery) -> Result<ListFound<OutboxRow>> {
    list::find(pool, Shelf::Outbox, query, |row| Stored::from_row(row)?.into_row()).await
}

struct Stored {
    id: String,
    account: String,
    kind: String,
    payload: String,
    state: String,
    attempts: i64,
    next_at: i64,
    expires_at: Option<i64>,
    maybe_sent: i64,
    last_reply: String,
}

impl FromRow<'_, AnyRow> for Stored {
    fn from_row(row: &AnyRow) -> sqlx::Result<Stored> {
        Ok(Stored {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            kind: row.try_get("kind")?,
            payload: row.try_get("payload")?,
            state: row.try_get("state")?,
            attempts: row.try_get("attempts")?,
            next_at: row.try_get("next_at")?,
            expires_at: row.try_get("expires_at")?,
            maybe_sent: row.try_get("maybe_sent")?,
            last_reply: row.try_get("last_reply")?,
        })
    }
}

impl Stored {
    fn into_row(self) -> Result<OutboxRow> {
        Ok(OutboxRow {
            payload: parse(&self.payload)?,
            state: state_of(&self.state)?,
            id: self.id,
            account: AccountId(self.account),
            kind: self.kind,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            next_at: Moment::from_unix_seconds(self.next_at),
            expires_at: self.expires_at.map(Moment::from_unix_seconds),
            maybe_sent: self.maybe_sent != 0,
            last_reply: self.last_reply,
        })
    }
}

fn state_text(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Waiting => "waiting",
        OutboxState::Performing => "performing",
        OutboxState::Done => "done",
        OutboxState::Refused => "refused",
        OutboxState::ByHand => "by_hand",
        OutboxState::Held => "held",
        OutboxState::Settled => "settled",
    }
}

fn state_of(text: &str) -> Result<OutboxState> {
    match text {
        "waiting" => Ok(OutboxState::Waiting),
        "performing" => Ok(OutboxState::Performing),
        "done" => Ok(OutboxState::Done),
        "refused" => Ok(OutboxState::Refused),
        "by_hand" => Ok(OutboxState::ByHand),
        "held" => Ok(OutboxState::Held),
        "settled" => Ok(OutboxState::Settled),
        other => Err(Failure::broken(format!("an effect stands in no known state: {other}"))),
    }
}
