//! What stands in `keys.db`, and whether both databases say the same.

use std::collections::BTreeSet;

use engine::Fault;

use super::{seals, versions};
use crate::failure::Result;
use crate::keyring::{ALL_ERASURES, Erasure};
use crate::seal::Seals;
use crate::sql_store::SqlStore;
use crate::{columns, dialect, personal, schema};

pub(super) async fn check(store: &SqlStore, faults: &mut Vec<Fault>) -> Result<()> {
    let mut conn = store.keys.pool().acquire().await?;
    seals::tables(&mut conn, &store.seals, columns::KEYS, faults).await?;
    versions(&mut conn, schema::KEYS.len(), faults).await?;
    drop(conn);
    if Seals::of_keys(store.keys.pool()).await?.as_ref() != Some(&store.seals) {
        let problem = "is not the key under which this program seals";
        faults.push(Fault::at("seal_key", "keys.db", "secret", problem));
    }
    installation(store, faults).await?;
    let mut conn = store.readers.acquire().await?;
    let unopened = personal::faults(&mut conn, store.keys.pool()).await?;
    drop(conn);
    // An erasure goes through both databases: what differs is looked at again while
    // none is under way.
    let mut tx = dialect::begin(&store.writer).await?;
    personal::without_erasures(&mut tx).await?;
    if !unopened.is_empty() {
        faults.extend(personal::faults(&mut tx, store.keys.pool()).await?);
    }
    let here: Vec<Erasure> = sqlx::query_as(ALL_ERASURES).fetch_all(&mut *tx).await?;
    let there: BTreeSet<_> = store.keys.erasures().await?.into_iter().collect();
    tx.rollback().await?;
    let here: BTreeSet<_> = here.into_iter().collect();
    for (subject, mark, _) in here.symmetric_difference(&there) {
        let problem = "yakkan.db and keys.db do not list the same";
        faults.push(Fault::at("erasure", format!("{subject}/{mark}"), "erased_at", problem));
    }
    Ok(())
}

async fn installation(store: &SqlStore, faults: &mut Vec<Fault>) -> Result<()> {
    let sql = "SELECT id FROM installation ORDER BY id";
    let here: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&store.readers).await?;
    let there: Vec<(String,)> = sqlx::query_as(sql).fetch_all(store.keys.pool()).await?;
    if here != there {
        let name = |rows: &[(String,)]| rows.first().map(|(id,)| id.clone()).unwrap_or_default();
        let problem = format!("yakkan.db says {}, keys.db {}", name(&here), name(&there));
        for rows in [&here, &there] {
            faults.push(Fault::at("installation", name(rows), "id", problem.clone()));
        }
    }
    Ok(())
}
