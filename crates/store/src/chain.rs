//! Hash chains: every entry of a stream names the hash of the one before it.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use crate::bulk;
use crate::failure::Result;

/// The account under which the operator's own streams are kept.
pub(crate) const OPERATOR: &str = "operator";

/// Where an entry stands in its chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Link {
    pub seq: i64,
    pub hash: String,
}

/// What the hash of an entry covers, besides the hash before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Covered<'a> {
    pub account: &'a str,
    pub stream: &'a str,
    pub payload: &'a [u8],
    /// The digest of the input; empty in the operator's streams.
    pub digest: &'a str,
}

impl Link {
    /// The link that follows this one; the first of a stream follows the default.
    pub(crate) fn next(&self, covered: Covered<'_>) -> Link {
        let seq = self.seq + 1;
        let hash = digest_of(&[
            self.hash.as_bytes(),
            covered.account.as_bytes(),
            covered.stream.as_bytes(),
            &seq.to_be_bytes(),
            covered.payload,
            covered.digest.as_bytes(),
        ]);
        Link { seq, hash }
    }
}

/// BLAKE3 over parts, each with its length so that no two lists look alike.
pub(crate) fn digest_of(parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().to_string()
}

/// The digest of an input over its stored bytes, as `Input::digest` makes it.
pub(crate) fn input_digest(payload: &[u8]) -> String {
    blake3::hash(payload).to_hex()[..32].to_owned()
}

/// The ends of the chains that one transaction extends.
#[derive(Debug, Default)]
pub(crate) struct Heads(BTreeMap<(String, String), Link>);

impl Heads {
    /// Extends a chain by one entry; returns the link before it and its own.
    pub(crate) async fn extend(
        &mut self,
        conn: &mut AnyConnection,
        covered: Covered<'_>,
    ) -> Result<(Link, Link)> {
        let name = (covered.account.to_owned(), covered.stream.to_owned());
        let before = match self.0.get(&name) {
            Some(link) => link.clone(),
            None => stored(conn, covered.account, covered.stream).await?,
        };
        let link = before.next(covered);
        self.0.insert(name, link.clone());
        Ok((before, link))
    }

    /// Writes the new ends.
    pub(crate) async fn save(self, conn: &mut AnyConnection) -> Result<()> {
        let heads: Vec<_> = self.0.into_iter().collect();
        for chunk in heads.chunks(bulk::ROWS) {
            let sql = bulk::insert(
                "head (account, stream, seq, hash)",
                4,
                chunk.len(),
                " ON CONFLICT (account, stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            );
            let mut query = sqlx::query(sql);
            for ((account, stream), link) in chunk {
                query = query.bind(account).bind(stream).bind(link.seq).bind(&link.hash);
            }
            query.execute(&mut *conn).await?;
        }
        Ok(())
    }
}

async fn stored(conn: &mut AnyConnection, account: &str, stream: &str) -> Result<Link> {
    let found: Option<(i64, String)> =
        sqlx::query_as("SELECT seq, hash FROM head WHERE account = $1 AND stream = $2")
            .bind(account)
            .bind(stream)
            .fetch_optional(conn)
            .await?;
    Ok(found.map(|(seq, hash)| Link { seq, hash }).unwrap_or_default())
}
