//! The walk over all entries in the order of their chains.

use std::collections::{BTreeMap, BTreeSet};

use engine::Fault;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow, Row};

use crate::chain::{Covered, Link, OPERATOR, input_digest};
use crate::dialect::Dialect;
use crate::failure::Result;
use crate::record::{Outline, PAYLOAD_VERSION};

/// Entries that are read at a time.
const PAGE: i64 = 2000;

/// An entry with its input. Texts that may have been tampered with are bytes.
struct Entry {
    account: String,
    stream: String,
    seq: i64,
    input: Option<String>,
    entry_key: Option<String>,
    kind: String,
    version: i64,
    law: Option<String>,
    payload: Vec<u8>,
    prev_hash: String,
    hash: String,
    input_account: Option<String>,
    input_law: Option<String>,
    input_payload: Option<Vec<u8>>,
}

impl FromRow<'_, AnyRow> for Entry {
    fn from_row(row: &AnyRow) -> sqlx::Result<Entry> {
        Ok(Entry {
            account: row.try_get("account")?,
            stream: row.try_get("stream")?,
            seq: row.try_get("seq")?,
            input: row.try_get("input")?,
            entry_key: row.try_get("entry_key")?,
            kind: row.try_get("type")?,
            version: row.try_get("version")?,
            law: row.try_get("law")?,
            payload: row.try_get("payload")?,
            prev_hash: row.try_get("prev_hash")?,
            hash: row.try_get("hash")?,
            input_account: row.try_get("input_account")?,
            input_law: row.try_get("input_law")?,
            input_payload: row.try_get("input_payload")?,
        })
    }
}

impl Entry {
    fn name(&self) -> String {
        format!("{}/{}/{}", self.account, self.stream, self.seq)
    }

    /// The link that this entry makes after a hash.
    fn after(&self, prev_hash: &str) -> Link {
        let digest = self.input_payload.as_deref().map(input_digest).unwrap_or_default();
        let before = Link { seq: self.seq - 1, hash: prev_hash.to_owned() };
        before.next(Covered {
            account: &self.account,
            stream: &self.stream,
            payload: &self.payload,
            digest: &digest,
        })
    }
}

/// How far a chain has been walked.
#[derive(Default)]
struct End {
    stored: Link,
    /// The hash that the last entry makes, where it is not the stored one: which of
    /// the two is wrong, the next entry tells.
    doubt: Option<Doubt>,
}

struct Doubt {
    row: String,
    made: String,
    rests_on_changed: bool,
}

type Chains = BTreeMap<(String, String), End>;

/// Checks every entry, then the heads against the last entries.
pub(super) async fn events(
    conn: &mut AnyConnection,
    changed_inputs: &BTreeSet<String>,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let mut ends = Chains::new();
    let mut place = (String::new(), String::new(), i64::MIN);
    loop {
        let page = page(conn, &place).await?;
        let Some(last) = page.last() else { break };
        place = (last.account.clone(), last.stream.clone(), last.seq);
        for entry in page {
            let end = ends.entry((entry.account.clone(), entry.stream.clone())).or_default();
            link(&entry, end, changed_inputs, faults);
            let row = entry.name();
            content(&entry, &mut |column, problem| {
                faults.push(Fault::at("event", &row, column, problem));
            });
        }
    }
    indexes(conn, faults).await?;
    heads(conn, ends, faults).await
}

async fn page(conn: &mut AnyConnection, after: &(String, String, i64)) -> Result<Vec<Entry>> {
    let dialect = Dialect::of(conn);
    let (event, input) = (dialect.bytes_of("e.payload"), dialect.bytes_of("i.payload"));
    let sql = AssertSqlSafe(format!(
        "SELECT e.account, e.stream, e.seq, e.input, e.entry_key, e.type, e.version, e.law, \
         {event} AS payload, e.prev_hash, e.hash, i.account AS input_account, \
         i.law AS input_law, {input} AS input_payload \
         FROM event e LEFT JOIN input i ON i.id = e.input \
         WHERE (e.account, e.stream, e.seq) > ($1, $2, $3) \
         ORDER BY e.account, e.stream, e.seq LIMIT $4"
    ));
    let query = sqlx::query_as(sql).bind(&after.0).bind(&after.1).bind(after.2).bind(PAGE);
    Ok(query.fetch_all(conn).await?)
}

fn link(entry: &Entry, end: &mut End, changed: &BTreeSet<String>, faults: &mut Vec<Fault>) {
    let row = entry.name();
    if entry.seq != end.stored.seq + 1 {
        let problem = format!("there is a gap after entry {}", end.stored.seq);
        faults.push(Fault::at("event", &row, "seq", problem));
    }
    let follows = entry.prev_hash == end.stored.hash;
    let doubted = end.doubt.take();
    let follows_made = doubted.as_ref().is_some_and(|doubt| doubt.made == entry.prev_hash);
    faults.extend(doubted.and_then(|doubt| settled(doubt, follows_made)));
    let mut doubt = None;
    if entry.after(&entry.prev_hash).hash != entry.hash {
        // With the right hash before it, it is the name of that hash that is wrong.
        if !follows && entry.after(&end.stored.hash).hash == entry.hash {
            faults.push(Fault::at("event", &row, "prev_hash", "does not follow the entry before"));
        } else {
            let rests_on_changed = entry.input.as_ref().is_some_and(|id| changed.contains(id));
            let made = entry.after(&entry.prev_hash).hash;
            doubt = Some(Doubt { row, made, rests_on_changed });
        }
    } else if !follows && !follows_made {
        faults.push(Fault::at("event", &row, "prev_hash", "does not follow the entry before"));
    }
    *end = End { stored: Link { seq: entry.seq, hash: entry.hash.clone() }, doubt };
}

/// What is wrong with an entry, once it is known whether the next one follows the
/// hash that it makes.
fn settled(doubt: Doubt, follows_made: bool) -> Option<Fault> {
    let (column, problem) = match (follows_made, doubt.rests_on_changed) {
        (true, _) => ("hash", "is not the hash of the entry"),
        (false, true) => return None,
        (false, false) => ("payload", "the entry or its input was changed"),
    };
    Some(Fault::at("event", doubt.row, column, problem))
}

/// What the columns beside the payload say must be what the payload says.
fn content(entry: &Entry, report: &mut impl FnMut(&str, String)) {
    if entry.version != PAYLOAD_VERSION {
        report("version", format!("no payload was ever written under version {}", entry.version));
    }
    match &entry.input {
        None => operators(entry, report),
        Some(input) => of_account(entry, input, report),
    }
}

fn operators(entry: &Entry, report: &mut impl FnMut(&str, String)) {
    if entry.account != OPERATOR {
        report("account", format!("an entry without input is of {OPERATOR}"));
    }
    let said: engine::OperatorEntry = match serde_json::from_slice(&entry.payload) {
        Ok(said) => said,
        Err(error) => return report("payload", format!("cannot be read: {error}")),
    };
    for (column, same) in [
        ("stream", said.stream == entry.stream),
        ("entry_key", Some(&said.key) == entry.entry_key.as_ref()),
        ("type", said.kind == entry.kind),
        ("law", entry.law.is_none()),
    ] {
        if !same {
            report(column, "is not what the payload says".to_owned());
        }
    }
}

fn of_account(entry: &Entry, input: &str, report: &mut impl FnMut(&str, String)) {
    let Ok(outline) = serde_json::from_slice::<Outline>(&entry.payload) else {
        return report("payload", "cannot be read".to_owned());
    };
    if outline.kind() != entry.kind {
        report("type", format!("says {}, the payload {}", entry.kind, outline.kind()));
    }
    if outline.stream != entry.stream {
        report("stream", format!("the payload says {}", outline.stream));
    }
    if entry.entry_key.is_some() {
        report("entry_key", "only entries of the operator have one".to_owned());
    }
    if entry.input_payload.is_none() {
        return report("input", format!("there is no input {input}"));
    }
    if entry.input_account.as_ref() != Some(&entry.account) {
        report("account", "is not the account of its input".to_owned());
    }
    if entry.law != entry.input_law {
        report("law", "is not the law of its input".to_owned());
    }
}

/// The entries of an input are numbered from 0, each number once.
async fn indexes(conn: &mut AnyConnection, faults: &mut Vec<Fault>) -> Result<()> {
    let wrong: Vec<(String,)> = sqlx::query_as(
        "SELECT input FROM event WHERE input IS NOT NULL GROUP BY input \
         HAVING MIN(at_index) <> 0 OR MAX(at_index) <> COUNT(*) - 1 \
         OR COUNT(DISTINCT at_index) <> COUNT(*)",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (input,) in wrong {
        let entries: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT at_index, account, stream, seq FROM event WHERE input = $1 ORDER BY at_index",
        )
        .bind(&input)
        .fetch_all(&mut *conn)
        .await?;
        let twice = |at: i64| entries.iter().filter(|entry| entry.0 == at).count() > 1;
        for (expected, (at, account, stream, seq)) in (0..).zip(&entries) {
            if *at != expected || twice(*at) {
                let problem = format!("is {at} among the entries of input {input}");
                let row = format!("{account}/{stream}/{seq}");
                faults.push(Fault::at("event", row, "at_index", problem));
            }
        }
    }
    let operators: Vec<(String, i64)> = sqlx::query_as(
        "SELECT stream, seq FROM event WHERE input IS NULL AND at_index <> 0 ORDER BY stream, seq",
    )
    .fetch_all(conn)
    .await?;
    for (stream, seq) in operators {
        let row = format!("{OPERATOR}/{stream}/{seq}");
        faults.push(Fault::at("event", row, "at_index", "is 0 in an entry without input"));
    }
    Ok(())
}

async fn heads(conn: &mut AnyConnection, mut ends: Chains, faults: &mut Vec<Fault>) -> Result<()> {
    let heads: Vec<(String, String, i64, String)> =
        sqlx::query_as("SELECT account, stream, seq, hash FROM head ORDER BY account, stream")
            .fetch_all(conn)
            .await?;
    for (account, stream, seq, hash) in heads {
        let row = format!("{account}/{stream}");
        let known_account = ends.keys().any(|(of, _)| *of == account);
        let Some(end) = ends.remove(&(account, stream)) else {
            let column = if known_account { "stream" } else { "account" };
            faults.push(Fault::at("head", row, column, "there is no such stream"));
            continue;
        };
        let follows_made = end.doubt.as_ref().is_some_and(|doubt| doubt.made == hash);
        if seq != end.stored.seq {
            let problem =
                format!("the stream ends with entry {}, its head is {seq}", end.stored.seq);
            faults.push(Fault::at("head", &row, "seq", problem));
        }
        if hash != end.stored.hash && !follows_made {
            faults.push(Fault::at("head", &row, "hash", "is not that of the last entry"));
        }
        faults.extend(end.doubt.and_then(|doubt| settled(doubt, follows_made)));
    }
    for ((account, stream), end) in ends {
        let row = format!("{account}/{stream}");
        faults.push(Fault::at("head", row, "stream", "the stream has no head"));
        faults.extend(end.doubt.and_then(|doubt| settled(doubt, false)));
    }
    Ok(())
}
