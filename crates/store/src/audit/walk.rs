//! The walk over all entries in the order of their chains.

use std::collections::BTreeMap;

use engine::ChainFault;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow, Row};

use super::fault;
use crate::chain::{Covered, Link, OPERATOR, input_digest};
use crate::dialect::Dialect;
use crate::failure::Result;
use crate::record::Outline;

/// Entries that are read at a time.
const PAGE: i64 = 2000;

/// An entry with its input. Texts that may have been tampered with are bytes.
struct Entry {
    account: String,
    stream: String,
    seq: i64,
    kind: String,
    law: Option<String>,
    payload: Vec<u8>,
    prev_hash: String,
    hash: String,
    input_law: Option<String>,
    input_payload: Option<Vec<u8>>,
}

impl FromRow<'_, AnyRow> for Entry {
    fn from_row(row: &AnyRow) -> sqlx::Result<Entry> {
        Ok(Entry {
            account: row.try_get("account")?,
            stream: row.try_get("stream")?,
            seq: row.try_get("seq")?,
            kind: row.try_get("type")?,
            law: row.try_get("law")?,
            payload: row.try_get("payload")?,
            prev_hash: row.try_get("prev_hash")?,
            hash: row.try_get("hash")?,
            input_law: row.try_get("input_law")?,
            input_payload: row.try_get("input_payload")?,
        })
    }
}

type Chain = (String, String);

/// Checks every entry, then the heads against the last entries.
pub(crate) async fn events(conn: &mut AnyConnection) -> Result<Vec<ChainFault>> {
    let mut faults = Vec::new();
    let mut ends: BTreeMap<Chain, Link> = BTreeMap::new();
    let mut place = (String::new(), String::new(), i64::MIN);
    loop {
        let page = page(conn, &place).await?;
        let Some(last) = page.last() else { break };
        place = (last.account.clone(), last.stream.clone(), last.seq);
        for entry in page {
            let end = ends.entry((entry.account.clone(), entry.stream.clone())).or_default();
            let name = format!("{}/{}", entry.account, entry.stream);
            let mut report = |problem: String| faults.push(fault(&name, entry.seq, problem));
            check_link(&entry, end, &mut report);
            check_content(&entry, &mut report);
            *end = Link { seq: entry.seq, hash: entry.hash };
        }
    }
    heads(conn, ends, &mut faults).await?;
    Ok(faults)
}

async fn page(conn: &mut AnyConnection, after: &(String, String, i64)) -> Result<Vec<Entry>> {
    let dialect = Dialect::of(conn);
    let (event, input) = (dialect.bytes_of("e.payload"), dialect.bytes_of("i.payload"));
    let sql = AssertSqlSafe(format!(
        "SELECT e.account, e.stream, e.seq, e.type, e.law, {event} AS payload, e.prev_hash, \
         e.hash, i.law AS input_law, {input} AS input_payload \
         FROM event e LEFT JOIN input i ON i.id = e.input \
         WHERE (e.account, e.stream, e.seq) > ($1, $2, $3) \
         ORDER BY e.account, e.stream, e.seq LIMIT $4"
    ));
    let query = sqlx::query_as(sql).bind(&after.0).bind(&after.1).bind(after.2).bind(PAGE);
    Ok(query.fetch_all(conn).await?)
}

fn check_link(entry: &Entry, end: &Link, report: &mut impl FnMut(String)) {
    if entry.seq != end.seq + 1 {
        report(format!("there is a gap after entry {}", end.seq));
    }
    if entry.prev_hash != end.hash {
        report("does not follow the entry before it".to_owned());
    }
    let digest = entry.input_payload.as_deref().map(input_digest).unwrap_or_default();
    let covered = Covered {
        account: &entry.account,
        stream: &entry.stream,
        payload: &entry.payload,
        digest: &digest,
    };
    let before = Link { seq: entry.seq - 1, hash: entry.prev_hash.clone() };
    if before.next(covered).hash != entry.hash {
        report("the entry or its input was changed".to_owned());
    }
}

/// What the columns beside the payload say must be what the payload says.
fn check_content(entry: &Entry, report: &mut impl FnMut(String)) {
    if entry.account == OPERATOR {
        return;
    }
    let Ok(outline) = serde_json::from_slice::<Outline>(&entry.payload) else {
        return report("the payload cannot be read".to_owned());
    };
    if outline.kind() != entry.kind {
        report(format!("the type column says {}, the payload {}", entry.kind, outline.kind()));
    }
    let Some(input) = &entry.input_payload else {
        return report("its input is missing".to_owned());
    };
    if outline.digest().is_some_and(|digest| digest != input_digest(input)) {
        report("its input is not the one whose digest it names".to_owned());
    }
    if entry.law != entry.input_law {
        report("its law is not the law of its input".to_owned());
    }
}

async fn heads(
    conn: &mut AnyConnection,
    mut ends: BTreeMap<Chain, Link>,
    faults: &mut Vec<ChainFault>,
) -> Result<()> {
    let heads: Vec<(String, String, i64, String)> =
        sqlx::query_as("SELECT account, stream, seq, hash FROM head ORDER BY account, stream")
            .fetch_all(conn)
            .await?;
    for (account, stream, seq, hash) in heads {
        let name = format!("{account}/{stream}");
        let end = ends.remove(&(account, stream)).unwrap_or_default();
        if end != (Link { seq, hash }) {
            let problem = format!("the stream ends with entry {}, its head is {seq}", end.seq);
            faults.push(fault(&name, end.seq, problem));
        }
    }
    for ((account, stream), end) in ends {
        faults.push(fault(&format!("{account}/{stream}"), end.seq, "the stream has no head"));
    }
    Ok(())
}
