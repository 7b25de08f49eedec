//! Checkpoints: one hash over the ends of all chains, chained to the last one.
//! Whoever keeps a printed one can tell later that nothing before was changed.

use reckon::Moment;
use sqlx::{AnyConnection, AnyPool};

use crate::chain::digest_of;
use crate::columns::CHECKPOINT;
use crate::dialect;
use crate::failure::Result;
use crate::seal::Seals;

/// Writes a checkpoint and returns its hash. Tables of an older program have no
/// seals yet.
pub(crate) async fn write(writer: &AnyPool, seals: Option<&Seals>, at: Moment) -> Result<String> {
    let mut tx = dialect::begin(writer).await?;
    dialect::alone(&mut tx, "checkpoint").await?;
    let leaves = leaves(&mut tx).await?;
    let heads = leaves.len();
    let root = merkle_root(leaves);
    let last: Option<(i64, String)> =
        sqlx::query_as("SELECT seq, hash FROM checkpoint ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *tx)
            .await?;
    let (seq, prev_hash) = last.unwrap_or_default();
    let hash = link(seq + 1, at.unix_seconds(), &root, &prev_hash);
    let (made_at, heads) = (at.unix_seconds(), heads as i64);
    let row = [
        (seq + 1).into(),
        made_at.into(),
        heads.into(),
        (&root).into(),
        (&prev_hash).into(),
        (&hash).into(),
    ];
    let seal = seals.map(|seals| seals.of(&CHECKPOINT, &row)).transpose()?;
    let query = sqlx::query(match seal {
        Some(_) => {
            "INSERT INTO checkpoint (seq, made_at, heads, root, prev_hash, hash, seal) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        }
        None => {
            "INSERT INTO checkpoint (seq, made_at, heads, root, prev_hash, hash) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        }
    });
    let query =
        query.bind(seq + 1).bind(made_at).bind(heads).bind(&root).bind(&prev_hash).bind(&hash);
    let query = if let Some(seal) = seal { query.bind(seal) } else { query };
    query.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(hash)
}

/// The Merkle root over the ends of all chains as they are now.
pub(crate) async fn root(conn: &mut AnyConnection) -> Result<String> {
    Ok(merkle_root(leaves(conn).await?))
}

async fn leaves(conn: &mut AnyConnection) -> Result<Vec<String>> {
    let heads: Vec<(String, String, i64, String)> =
        sqlx::query_as("SELECT account, stream, seq, hash FROM head ORDER BY account, stream")
            .fetch_all(conn)
            .await?;
    let leaves = heads.iter().map(|(account, stream, seq, hash)| {
        leaf(&[account.as_bytes(), stream.as_bytes(), &seq.to_be_bytes(), hash.as_bytes()])
    });
    Ok(leaves.collect())
}

/// The hash of a checkpoint.
pub(crate) fn link(seq: i64, made_at: i64, root: &str, prev_hash: &str) -> String {
    let (seq, made_at) = (seq.to_be_bytes(), made_at.to_be_bytes());
    digest_of(&[prev_hash.as_bytes(), &seq, &made_at, root.as_bytes()])
}

fn leaf(parts: &[&[u8]]) -> String {
    digest_of(&[b"leaf", digest_of(parts).as_bytes()])
}

/// Leaves and nodes are hashed differently, so that none can pass for the other;
/// an odd one out goes up as it is.
fn merkle_root(mut level: Vec<String>) -> String {
    while level.len() > 1 {
        let pairs = level.chunks(2).map(|pair| match pair {
            [left, right] => digest_of(&[b"node", left.as_bytes(), right.as_bytes()]),
            alone => alone[0].clone(),
        });
        level = pairs.collect();
    }
    level.pop().unwrap_or_else(|| digest_of(&[b"empty"]))
}
