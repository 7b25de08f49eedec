//! Inputs: what stands beside a payload must be what the payload says, and they are
//! counted and numbered without a gap.

use std::collections::BTreeSet;

use engine::Fault;
use reckon::Moment;
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow, Row};

use crate::chain::input_digest;
use crate::dialect::Dialect;
use crate::failure::Result;

/// Inputs that are read at a time.
const PAGE: i64 = 1000;

/// An input beside the events that rest on it.
struct Stored {
    id: String,
    account: String,
    position: i64,
    law: String,
    occurred_at: i64,
    known_at: i64,
    payload: Vec<u8>,
    /// What its first event says, which names its digest.
    event: Option<Vec<u8>>,
    law_known: i64,
}

impl FromRow<'_, AnyRow> for Stored {
    fn from_row(row: &AnyRow) -> sqlx::Result<Stored> {
        Ok(Stored {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            position: row.try_get("position")?,
            law: row.try_get("law")?,
            occurred_at: row.try_get("occurred_at")?,
            known_at: row.try_get("known_at")?,
            payload: row.try_get("payload")?,
            event: row.try_get("event")?,
            law_known: row.try_get("law_known")?,
        })
    }
}

#[derive(Deserialize)]
struct Said {
    id: String,
    account: String,
    occurred_at: Moment,
    known_at: Moment,
}

/// Returns the inputs whose payload was changed: entries that rest on one of them
/// are not at fault themselves.
pub(super) async fn check(
    conn: &mut AnyConnection,
    faults: &mut Vec<Fault>,
) -> Result<BTreeSet<String>> {
    let mut changed = BTreeSet::new();
    let mut place = (String::new(), i64::MIN);
    let mut before: Option<(String, i64)> = None;
    loop {
        let page = page(conn, &place).await?;
        let Some(last) = page.last() else { break };
        place = (last.account.clone(), last.position);
        for input in page {
            let mut report = |column: &str, problem: String| {
                faults.push(Fault::at("input", &input.id, column, problem));
            };
            let expected = match &before {
                Some((account, position)) if *account == input.account => position + 1,
                _ => 1,
            };
            if input.position != expected {
                report("position", format!("is {}, and {expected} comes next", input.position));
            }
            if input.law_known == 0 {
                report("law", format!("there is no law {}", input.law));
            }
            if is_changed(&input) {
                report("payload", "is not what its entry names by its digest".to_owned());
                changed.insert(input.id.clone());
            }
            compare(&input, &mut report);
            before = Some((input.account, input.position));
        }
    }
    counts(conn, faults).await?;
    Ok(changed)
}

async fn page(conn: &mut AnyConnection, after: &(String, i64)) -> Result<Vec<Stored>> {
    let dialect = Dialect::of(conn);
    let (input, event) = (dialect.bytes_of("i.payload"), dialect.bytes_of("e.payload"));
    let sql = AssertSqlSafe(format!(
        "SELECT i.id, i.account, i.position, i.law, i.occurred_at, i.known_at, \
         {input} AS payload, {event} AS event, \
         (SELECT COUNT(*) FROM law l WHERE l.id = i.law) AS law_known \
         FROM input i LEFT JOIN event e ON e.input = i.id AND e.at_index = 0 \
         WHERE (i.account, i.position) > ($1, $2) ORDER BY i.account, i.position LIMIT $3"
    ));
    Ok(sqlx::query_as(sql).bind(&after.0).bind(after.1).bind(PAGE).fetch_all(conn).await?)
}

/// Only an entry that registers names a digest; the chain tells of the others.
fn is_changed(input: &Stored) -> bool {
    #[derive(Deserialize)]
    struct Event {
        body: Body,
    }
    #[derive(Deserialize)]
    struct Body {
        digest: Option<String>,
    }
    let event = input.event.as_deref().and_then(|event| serde_json::from_slice(event).ok());
    let named = event.and_then(|event: Event| event.body.digest);
    named.is_some_and(|digest| digest != input_digest(&input.payload))
}

fn compare(input: &Stored, report: &mut impl FnMut(&str, String)) {
    let said: Said = match serde_json::from_slice(&input.payload) {
        Ok(said) => said,
        Err(error) => return report("payload", format!("cannot be read: {error}")),
    };
    let moments = (said.occurred_at.unix_seconds(), said.known_at.unix_seconds());
    for (column, same) in [
        ("id", said.id == input.id),
        ("account", said.account == input.account),
        ("occurred_at", moments.0 == input.occurred_at),
        ("known_at", moments.1 == input.known_at),
    ] {
        if !same {
            report(column, "is not what the payload says".to_owned());
        }
    }
}

/// As many inputs as were counted, and an account for each.
async fn counts(conn: &mut AnyConnection, faults: &mut Vec<Fault>) -> Result<()> {
    let wrong: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT a.id, a.inputs, COUNT(i.id) FROM account a LEFT JOIN input i ON i.account = a.id \
         GROUP BY a.id, a.inputs HAVING COUNT(i.id) <> a.inputs ORDER BY a.id",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (account, counted, present) in wrong {
        let column = if present == 0 { "id" } else { "inputs" };
        let problem = format!("{counted} inputs were counted, {present} are there");
        faults.push(Fault::at("account", account, column, problem));
    }
    let lost: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT account FROM input WHERE account NOT IN (SELECT id FROM account)",
    )
    .fetch_all(conn)
    .await?;
    for (account,) in lost {
        faults.push(Fault::at("account", account, "id", "has inputs and is not there"));
    }
    Ok(())
}
