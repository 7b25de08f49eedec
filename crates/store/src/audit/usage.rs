//! Segments: the files against the hash that is their name, and the counts and keys
//! made again from the rows in them.

use std::collections::{BTreeMap, BTreeSet};

use engine::Fault;
use sqlx::{AnyConnection, AnyPool};

use super::unreadable;
use crate::failure::Result;
use crate::shelf::Shelf;
use crate::{parquet_file, usage, usage_keys};

/// A segment as the database tells of it.
pub(super) struct Segment {
    name: String,
    stored_as: String,
    row_count: i64,
    keys_hash: Option<String>,
    /// Rows by contract.
    contracts: BTreeMap<String, i64>,
}

pub(super) async fn segments(conn: &mut AnyConnection) -> Result<Vec<Segment>> {
    let rows: Vec<(String, String, i64, Option<String>)> = sqlx::query_as(
        "SELECT name, stored_as, row_count, keys_hash FROM usage_segment ORDER BY name",
    )
    .fetch_all(&mut *conn)
    .await?;
    let counts: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT segment, contract, row_count FROM usage_contract")
            .fetch_all(conn)
            .await?;
    let mut of_segment: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for (segment, contract, count) in counts {
        of_segment.entry(segment).or_default().insert(contract, count);
    }
    let mut segments: Vec<_> = rows
        .into_iter()
        .map(|(name, stored_as, row_count, keys_hash)| {
            let contracts = of_segment.remove(&name).unwrap_or_default();
            Segment { name, stored_as, row_count, keys_hash, contracts }
        })
        .collect();
    // Counts of a segment that does not exist: told below as too many.
    let lost = |(name, contracts)| {
        let (stored_as, row_count, keys_hash) = (String::new(), 0, None);
        Segment { name, stored_as, row_count, keys_hash, contracts }
    };
    segments.extend(of_segment.into_iter().map(lost));
    Ok(segments)
}

/// What is wrong with a file, and with the counts of its rows.
pub(super) async fn file(shelf: &Shelf, segment: &Segment) -> Vec<Fault> {
    if segment.stored_as.is_empty() {
        let rows = segment.contracts.keys().map(|contract| (contract, "segment"));
        let problem = "there is no such segment";
        return rows.map(|(of, column)| at_contract(of, segment, column, problem)).collect();
    }
    let read = match shelf.get(&segment.stored_as).await {
        Ok(bytes) => parquet_file::read(bytes),
        Err(failure) => Err(failure),
    };
    let rows = match read {
        Ok(rows) => rows,
        Err(failure) => {
            let problem = unreadable(failure);
            return vec![Fault::at("usage_segment", &segment.name, "stored_as", problem)];
        }
    };
    let mut faults = Vec::new();
    if rows.len() as i64 != segment.row_count {
        let problem = format!("the file has {} rows", rows.len());
        faults.push(Fault::at("usage_segment", &segment.name, "row_count", problem));
    }
    let mut counted: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &rows {
        *counted.entry(&row.contract).or_default() += 1;
    }
    for (contract, count) in &segment.contracts {
        match counted.remove(contract.as_str()) {
            None => {
                faults.push(at_contract(contract, segment, "contract", "has no row in the file"))
            }
            Some(found) if found != *count => {
                let problem = format!("the file has {found} rows of it");
                faults.push(at_contract(contract, segment, "row_count", &problem));
            }
            Some(_) => {}
        }
    }
    for contract in counted.into_keys() {
        faults.push(at_contract(contract, segment, "contract", "its rows are not counted"));
    }
    faults
}

fn at_contract(contract: &str, segment: &Segment, column: &str, problem: &str) -> Fault {
    Fault::at("usage_contract", format!("{contract}/{}", segment.name), column, problem)
}

/// False when the segment has another file by now, or none.
pub(super) async fn is_named(pool: &AnyPool, segment: &Segment) -> Result<bool> {
    if segment.stored_as.is_empty() {
        return Ok(true);
    }
    let sql = "SELECT name FROM usage_segment WHERE name = $1 AND stored_as = $2";
    let found: Option<(String,)> = sqlx::query_as(sql)
        .bind(&segment.name)
        .bind(&segment.stored_as)
        .fetch_optional(pool)
        .await?;
    Ok(found.is_some())
}

/// The keys that came with each segment, against the hash over them.
pub(super) async fn keys(
    conn: &mut AnyConnection,
    shelf: &Shelf,
    segments: &[Segment],
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let mut hashes = usage_keys::hashes(&mut *conn).await?;
    for segment in segments {
        // A segment without rows has no key either.
        let none = || usage_keys::hash_of(std::iter::empty());
        let found = hashes.remove(&segment.name).unwrap_or_else(none);
        let noted = segment.keys_hash.clone().unwrap_or_else(none);
        if segment.stored_as.is_empty() || found == noted {
            continue;
        }
        faults.extend(changed_keys(conn, shelf, segment).await?);
    }
    for name in hashes.into_keys() {
        for key in keys_of(conn, &name).await? {
            let problem = format!("there is no segment {name}");
            faults.push(Fault::at("usage_key", hex(&key), "segment", problem));
        }
    }
    Ok(())
}

/// Which keys differ is told by the rows, as long as none is erased.
async fn changed_keys(
    conn: &mut AnyConnection,
    shelf: &Shelf,
    segment: &Segment,
) -> Result<Vec<Fault>> {
    let present: BTreeSet<_> = keys_of(conn, &segment.name).await?.into_iter().collect();
    let rows = match shelf.get(&segment.stored_as).await {
        Ok(bytes) => parquet_file::read(bytes).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let made: BTreeSet<_> =
        rows.iter().map(|row| usage::key_of(&row.source, &row.id).to_vec()).collect();
    let problem = format!("is no key of a row of segment {}", segment.name);
    let mut faults: Vec<_> = present
        .difference(&made)
        .map(|key| Fault::at("usage_key", hex(key), "key", problem.clone()))
        .collect();
    for key in made.difference(&present) {
        let sql = "SELECT segment FROM usage_key WHERE key = $1";
        let other: Option<(String,)> =
            sqlx::query_as(sql).bind(key.clone()).fetch_optional(&mut *conn).await?;
        let (column, problem) = match other {
            Some((other,)) => {
                ("segment", format!("is {}, and the key is of {other}", segment.name))
            }
            None => ("key", format!("is missing: a row of segment {} has it", segment.name)),
        };
        faults.push(Fault::at("usage_key", hex(key), column, problem));
    }
    if faults.is_empty() {
        let problem = "is not over the keys that came with it";
        faults.push(Fault::at("usage_segment", &segment.name, "keys_hash", problem));
    }
    Ok(faults)
}

async fn keys_of(conn: &mut AnyConnection, segment: &str) -> Result<Vec<Vec<u8>>> {
    let rows: Vec<(Vec<u8>,)> =
        sqlx::query_as("SELECT key FROM usage_key WHERE segment = $1 ORDER BY key")
            .bind(segment)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
