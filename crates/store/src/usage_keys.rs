//! The keys that tell a usage row that was taken before, hashed for each segment:
//! they stay when the rows themselves are erased, and nothing else tells them then.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use crate::failure::Result;

/// Keys that are read at a time.
const PAGE: i64 = 5000;

/// The hash over keys in their order.
pub(crate) fn hash_of<'k>(keys: impl Iterator<Item = &'k [u8]>) -> String {
    let mut hasher = blake3::Hasher::new();
    keys.for_each(|key| {
        hasher.update(key);
    });
    hasher.finalize().to_hex().to_string()
}

/// The hash over the keys of each segment as they stand now.
pub(crate) async fn hashes(conn: &mut AnyConnection) -> Result<BTreeMap<String, String>> {
    let mut hashers: BTreeMap<String, blake3::Hasher> = BTreeMap::new();
    let mut after = Vec::new();
    loop {
        let page: Vec<(Vec<u8>, String)> = sqlx::query_as(
            "SELECT key, segment FROM usage_key WHERE key > $1 ORDER BY key LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(&mut *conn)
        .await?;
        let Some((last, _)) = page.last() else { break };
        after = last.clone();
        for (key, segment) in page {
            hashers.entry(segment).or_default().update(&key);
        }
    }
    Ok(hashers
        .into_iter()
        .map(|(name, hash)| (name, hash.finalize().to_hex().to_string()))
        .collect())
}

/// Notes the hash of every segment of a store that had none yet.
pub(crate) async fn hash_all(conn: &mut AnyConnection) -> Result<()> {
    for (name, hash) in hashes(conn).await? {
        sqlx::query("UPDATE usage_segment SET keys_hash = $2 WHERE name = $1")
            .bind(name)
            .bind(hash)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
