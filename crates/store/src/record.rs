//! Inputs and the events that came of them.

use std::collections::{BTreeMap, HashMap};

use contract::declare::ids::AccountId;
use contract::road::stream::{Event, Input, Record, Stream};
use engine::listed::{ListFound, ListQuery};
use engine::{NewRecord, RecordsPart, StoreError};
use reckon::Moment;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, AnyPool, Row};
use terms::LawId;

use crate::bulk;
use crate::chain::{Covered, Heads, OPERATOR, input_digest};
use crate::columns::INPUT;
use crate::failure::{Failure, Result};
use crate::list::{self, Shelf};
use crate::seal::Seals;

/// The version under which payloads are written at present.
pub(crate) const PAYLOAD_VERSION: i64 = 1;

/// A row of the event table.
#[derive(Debug)]
pub(crate) struct EventRow {
    pub account: String,
    pub stream: String,
    pub seq: i64,
    pub input: Option<String>,
    pub at_index: i64,
    pub entry_key: Option<String>,
    pub kind: String,
    pub law: Option<String>,
    pub payload: String,
    pub prev_hash: String,
    pub hash: String,
}

/// What the store reads of an event's payload to name and check it.
#[derive(Debug, Deserialize)]
pub(crate) struct Outline {
    pub stream: String,
    body: BodyOutline,
}

#[derive(Debug, Deserialize)]
struct BodyOutline {
    event: String,
    consequence: Option<ConsequenceOutline>,
}

#[derive(Debug, Deserialize)]
struct ConsequenceOutline {
    #[serde(rename = "type")]
    kind: String,
}

impl Outline {
    /// `registered`, `follows/contract_formed`, …
    pub(crate) fn kind(&self) -> String {
        match &self.body.consequence {
            Some(consequence) => format!("{}/{}", self.body.event, consequence.kind),
            None => self.body.event.clone(),
        }
    }
}

/// Writes an input and chains its events, which the caller inserts at the end.
pub(crate) async fn append(
    conn: &mut AnyConnection,
    new: &NewRecord,
    recorded_at: Option<Moment>,
    seals: &Seals,
    heads: &mut Heads,
) -> Result<Vec<EventRow>> {
    let Record { input, law, events } = &new.record;
    if input.account.0 == OPERATOR {
        return Err(Failure::broken("an account cannot be called \"operator\""));
    }
    let known: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM input WHERE id = $1")
        .bind(&input.id.0)
        .fetch_optional(&mut *conn)
        .await?;
    if known.is_some() {
        return Err(Failure::duplicate(&input.id.0));
    }
    count_input(conn, new).await?;
    let payload = serde_json::to_string(input).expect("plain data");
    let recorded_at = recorded_at.map(Moment::unix_seconds);
    sqlx::query(
        "INSERT INTO input (id, account, position, law, occurred_at, known_at, recorded_at, \
         payload, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&input.id.0)
    .bind(&input.account.0)
    .bind(new.after as i64 + 1)
    .bind(&law.0)
    .bind(input.occurred_at.unix_seconds())
    .bind(input.known_at.unix_seconds())
    .bind(recorded_at)
    .bind(&payload)
    .bind(seals.of(&INPUT, &[recorded_at.into()])?)
    .execute(&mut *conn)
    .await?;
    let digest = input_digest(payload.as_bytes());
    let mut rows = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        let payload = serde_json::to_string(event).expect("plain data");
        let outline: Outline = serde_json::from_str(&payload).expect("an event as just written");
        let stream = event.stream.to_string();
        let covered = Covered {
            account: &input.account.0,
            stream: &stream,
            payload: payload.as_bytes(),
            digest: &digest,
        };
        let (before, link) = heads.extend(conn, covered).await?;
        rows.push(EventRow {
            account: input.account.0.clone(),
            stream,
            seq: link.seq,
            input: Some(input.id.0.clone()),
            at_index: index as i64,
            entry_key: None,
            kind: outline.kind(),
            law: Some(law.0.clone()),
            payload,
            prev_hash: before.hash,
            hash: link.hash,
        });
    }
    Ok(rows)
}

/// Counts the input up from exactly the number on which its decision rested.
async fn count_input(conn: &mut AnyConnection, new: &NewRecord) -> Result<()> {
    let account = &new.record.input.account;
    sqlx::query("INSERT INTO account (id, inputs) VALUES ($1, 0) ON CONFLICT (id) DO NOTHING")
        .bind(&account.0)
        .execute(&mut *conn)
        .await?;
    let counted = sqlx::query(
        "UPDATE account SET inputs = inputs + 1, next_due = $3 WHERE id = $1 AND inputs = $2",
    )
    .bind(&account.0)
    .bind(new.after as i64)
    .bind(new.next_due.map(Moment::unix_seconds))
    .execute(conn)
    .await?;
    match counted.rows_affected() {
        0 => Err(StoreError::Conflict(account.clone()).into()),
        _ => Ok(()),
    }
}

/// Inserts chained events.
pub(crate) async fn insert_events(conn: &mut AnyConnection, rows: &[EventRow]) -> Result<()> {
    for chunk in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "event (account, stream, seq, input, at_index, entry_key, type, version, law, \
             payload, prev_hash, hash)",
            12,
            chunk.len(),
            "",
        );
        let mut query = sqlx::query(sql);
        for row in chunk {
            query = query
                .bind(&row.account)
                .bind(&row.stream)
                .bind(row.seq)
                .bind(&row.input)
                .bind(row.at_index)
                .bind(&row.entry_key)
                .bind(&row.kind)
                .bind(PAYLOAD_VERSION)
                .bind(&row.law)
                .bind(&row.payload)
                .bind(&row.prev_hash)
                .bind(&row.hash);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The records of an account after the first so many, in the order of registration.
pub(crate) async fn read(pool: &AnyPool, account: &AccountId, first: u64) -> Result<Vec<Record>> {
    let first = i64::try_from(first).unwrap_or(i64::MAX);
    let inputs: Vec<(String, String)> = sqlx::query_as(
        "SELECT law, payload FROM input WHERE account = $1 AND position > $2 ORDER BY position",
    )
    .bind(&account.0)
    .bind(first)
    .fetch_all(pool)
    .await?;
    let mut records = Vec::with_capacity(inputs.len());
    for (law, payload) in inputs {
        let input = parse(&payload)?;
        records.push(Record { input, law: LawId(law), events: Vec::new() });
    }
    if records.is_empty() {
        return Ok(records);
    }
    // Read second and up to the last input only: what was added meanwhile is
    // left out as a whole, without holding a transaction.
    let events: Vec<(i64, String)> = sqlx::query_as(
        "SELECT i.position, e.payload FROM input i JOIN event e ON e.input = i.id \
         WHERE i.account = $1 AND i.position > $2 AND i.position <= $3 \
         ORDER BY i.position, e.at_index",
    )
    .bind(&account.0)
    .bind(first)
    .bind(first + records.len() as i64)
    .fetch_all(pool)
    .await?;
    for (position, payload) in events {
        let event: Event = parse(&payload)?;
        let record = usize::try_from(position - 1 - first).ok().and_then(|at| records.get_mut(at));
        record.ok_or_else(|| gap(account))?.events.push(event);
    }
    Ok(records)
}

/// See [`engine::Store::newest_records`].
pub(crate) async fn newest(
    pool: &AnyPool,
    account: &AccountId,
    streams: &[Stream],
    before: u64,
    entries: u32,
) -> Result<RecordsPart> {
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let (mut places, mut first) = (BTreeMap::new(), None);
    for stream in streams {
        let stream = stream.to_string();
        let of_stream = places_in(pool, account, &stream, before, entries).await?;
        if of_stream.len() == entries as usize
            && let Some((last, _)) = of_stream.last()
            && !places_in(pool, account, &stream, *last, 1).await?.is_empty()
        {
            // What another stream has before that is for the next part.
            first = first.max(Some(*last));
        }
        places.extend(of_stream);
    }
    let places = places.split_off(&first.unwrap_or_default());
    let records = with_ids(pool, places.into_values().collect()).await?;
    Ok(RecordsPart { records, earlier_than: first.map(i64::unsigned_abs) })
}

/// The places of the newest entries of a stream, and whose they are.
async fn places_in(
    pool: &AnyPool,
    account: &AccountId,
    stream: &str,
    before: i64,
    entries: u32,
) -> Result<Vec<(i64, String)>> {
    let found = sqlx::query_as(
        "SELECT i.position, i.id FROM event e JOIN input i ON i.id = e.input \
         WHERE e.account = $1 AND e.stream = $2 AND i.position < $3 ORDER BY e.seq DESC LIMIT $4",
    )
    .bind(&account.0)
    .bind(stream)
    .bind(before)
    .bind(i64::from(entries))
    .fetch_all(pool)
    .await?;
    Ok(found)
}

/// The records of these inputs, in their order.
async fn with_ids(pool: &AnyPool, ids: Vec<String>) -> Result<Vec<Record>> {
    let (mut inputs, mut events) = (HashMap::new(), Vec::new());
    for ids in ids.chunks(bulk::ROWS) {
        let sql = bulk::within("SELECT id, law, payload FROM input WHERE id", ids.len());
        let mut query = sqlx::query_as(sql);
        for id in ids {
            query = query.bind(id);
        }
        let found: Vec<(String, String, String)> = query.fetch_all(pool).await?;
        inputs.extend(found.into_iter().map(|(id, law, payload)| (id, (law, payload))));
        let sql = bulk::within("SELECT input, at_index, payload FROM event WHERE input", ids.len());
        let mut query = sqlx::query_as(sql);
        for id in ids {
            query = query.bind(id);
        }
        let found: Vec<(String, i64, String)> = query.fetch_all(pool).await?;
        events.extend(found);
    }
    events.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        let Some((law, payload)) = inputs.remove(&id) else { continue };
        let first = events.partition_point(|(input, ..)| *input < id);
        let own = events[first..].iter().take_while(|(input, ..)| *input == id);
        let events = own.map(|(_, _, payload)| parse(payload)).collect::<Result<_>>()?;
        records.push(Record { input: parse(&payload)?, law: LawId(law), events });
    }
    Ok(records)
}

/// When each record of an account was written down, in their order.
pub(crate) async fn recorded_at(
    pool: &AnyPool,
    account: &AccountId,
) -> Result<Vec<Option<Moment>>> {
    let sql = "SELECT recorded_at FROM input WHERE account = $1 ORDER BY position";
    let rows: Vec<(Option<i64>,)> = sqlx::query_as(sql).bind(&account.0).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(at,)| at.map(Moment::from_unix_seconds)).collect())
}

/// Inputs that are asked for, without their events.
pub(crate) async fn listed(pool: &AnyPool, query: &ListQuery) -> Result<ListFound<Input>> {
    list::find(pool, Shelf::Inputs, query, |row| parse(&row.try_get::<String, _>("payload")?)).await
}

fn gap(account: &AccountId) -> Failure {
    Failure::broken(format!("the inputs of account {account} have a gap: run the chain check"))
}

/// Reads a stored payload.
pub(crate) fn parse<T: DeserializeOwned>(payload: &str) -> Result<T> {
    serde_json::from_str(payload)
        .map_err(|error| Failure::broken(format!("a stored payload cannot be read: {error}")))
}
