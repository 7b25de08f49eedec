//! Usage: the manifest of segments, and the keys that tell duplicates.

use std::collections::{BTreeMap, HashMap};

use engine::{KnownUsage, UsageSegment};
use sqlx::{AnyConnection, AnyPool};

use crate::columns::USAGE_SEGMENT;
use crate::failure::{Failure, Result};
use crate::seal::Seals;
use crate::shelf::Shelf;
use crate::{bulk, parquet_file, usage_keys};

/// 128 bits of a hash: no two of a trillion rows share one by chance.
pub(crate) type Key = [u8; 16];

/// The name under which a row is known over all imports.
pub(crate) fn key_of(source: &str, id: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(source.as_bytes()).update(&[0]).update(id.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}

/// Enters a segment whose file is put on the shelf before the commit. The same
/// segment again is left alone; a row that any segment holds already is refused.
pub(crate) async fn enter(
    conn: &mut AnyConnection,
    seals: &Seals,
    segment: &UsageSegment,
    stored_as: &str,
) -> Result<()> {
    let present: Option<(String, String, String)> =
        sqlx::query_as("SELECT file, sha256, stored_as FROM usage_segment WHERE name = $1")
            .bind(&segment.name)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some((file, sha256, bytes)) = present {
        let same = file == segment.file && sha256 == segment.sha256 && bytes == stored_as;
        return if same { Ok(()) } else { Err(Failure::duplicate(&segment.name)) };
    }
    let (name, file, sha256) = (&segment.name, &segment.file, &segment.sha256);
    let rows = segment.rows.len() as i64;
    let keys_hash = usage_keys::hash_of(keys_of(segment).iter().map(|(key, _)| key.as_slice()));
    let values = [
        name.into(),
        file.into(),
        sha256.into(),
        stored_as.into(),
        rows.into(),
        (&keys_hash).into(),
    ];
    let seal = seals.of(&USAGE_SEGMENT, &values)?;
    sqlx::query(
        "INSERT INTO usage_segment (name, file, sha256, stored_as, row_count, keys_hash, seal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(name)
    .bind(file)
    .bind(sha256)
    .bind(stored_as)
    .bind(rows)
    .bind(keys_hash)
    .bind(seal)
    .execute(&mut *conn)
    .await?;
    enter_contracts(conn, segment).await?;
    enter_keys(conn, segment).await
}

async fn enter_contracts(conn: &mut AnyConnection, segment: &UsageSegment) -> Result<()> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &segment.rows {
        *counts.entry(&row.contract).or_default() += 1;
    }
    for (contract, count) in counts {
        sqlx::query(
            "INSERT INTO usage_contract (contract, segment, row_count) VALUES ($1, $2, $3)",
        )
        .bind(contract)
        .bind(&segment.name)
        .bind(count)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The keys of the rows in their order, with the place of each row.
fn keys_of(segment: &UsageSegment) -> Vec<(Key, usize)> {
    let rows = segment.rows.iter().enumerate();
    let mut keys: Vec<_> = rows.map(|(at, row)| (key_of(&row.source, &row.id), at)).collect();
    keys.sort_unstable();
    keys
}

/// In the order of the keys: each page of the index is then touched once.
async fn enter_keys(conn: &mut AnyConnection, segment: &UsageSegment) -> Result<()> {
    let keys = keys_of(segment);
    let held = |at: usize| {
        let row = &segment.rows[at];
        Failure::duplicate(format!("usage row {} of {}", row.id, row.source))
    };
    if let Some(twice) = keys.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(held(twice[1].1));
    }
    for chunk in keys.chunks(bulk::ROWS) {
        let names: Vec<Key> = chunk.iter().map(|(key, _)| *key).collect();
        if let Some((known, _)) = known(&mut *conn, &names).await?.first() {
            let (_, at) = chunk.iter().find(|(key, _)| key == known).expect("asked for it");
            return Err(held(*at));
        }
        let sql = bulk::insert("usage_key (key, segment)", 2, chunk.len(), "");
        let mut query = sqlx::query(sql);
        for (key, _) in chunk {
            query = query.bind(key.to_vec()).bind(&segment.name);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Those of the keys that are held, each with its segment.
async fn known<'c>(
    from: impl sqlx::any::AnyExecutor<'c>,
    keys: &[Key],
) -> Result<Vec<(Key, String)>> {
    let sql = bulk::within("SELECT key, segment FROM usage_key WHERE key", keys.len());
    let mut query = sqlx::query_as(sql);
    for key in keys {
        query = query.bind(key.to_vec());
    }
    let found: Vec<(Vec<u8>, String)> = query.fetch_all(from).await?;
    let keyed = |(key, segment)| Some((Key::try_from(key).ok()?, segment));
    Ok(found.into_iter().filter_map(keyed).collect())
}

/// Those of the rows that a segment holds already, in the order of the question.
pub(crate) async fn known_rows(
    pool: &AnyPool,
    rows: &[(String, String)],
) -> Result<Vec<KnownUsage>> {
    let mut places: HashMap<Key, usize> = HashMap::with_capacity(rows.len());
    for (at, (source, id)) in rows.iter().enumerate() {
        places.entry(key_of(source, id)).or_insert(at);
    }
    let mut keys: Vec<Key> = places.keys().copied().collect();
    keys.sort_unstable();
    let mut found = Vec::new();
    for chunk in keys.chunks(bulk::ROWS) {
        let known = known(pool, chunk).await?;
        found.extend(known.into_iter().map(|(key, segment)| (places[&key], segment)));
    }
    found.sort_unstable();
    let named = |(at, segment): (usize, String)| {
        let (source, id) = rows[at].clone();
        KnownUsage { source, id, segment }
    };
    Ok(found.into_iter().map(named).collect())
}

/// A segment with its rows.
pub(crate) async fn segment(
    pool: &AnyPool,
    shelf: &Shelf,
    name: &str,
) -> Result<Option<UsageSegment>> {
    let found: Option<(String, String, String)> =
        sqlx::query_as("SELECT file, sha256, stored_as FROM usage_segment WHERE name = $1")
            .bind(name)
            .fetch_optional(pool)
            .await?;
    let Some((file, sha256, stored_as)) = found else { return Ok(None) };
    let rows = parquet_file::read(shelf.get(&stored_as).await?)?;
    Ok(Some(UsageSegment { name: name.to_owned(), file, sha256, rows }))
}

/// How many rows are kept for a contract.
pub(crate) async fn count(pool: &AnyPool, contract: &str) -> Result<u64> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(row_count), 0) AS BIGINT) FROM usage_contract \
         WHERE contract = $1",
    )
    .bind(contract)
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}
