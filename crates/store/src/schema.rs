//! The tables, and the steps by which an older file reaches them.

use sqlx::{AnyConnection, AnyPool, raw_sql};

use crate::dialect::{self, Dialect};
use crate::failure::{Failure, Result};
use crate::seal::Seals;
use crate::{columns, usage_keys, worked_out};

/// Steps of `yakkan.db`; a step that was released never changes.
pub(crate) const MAIN: &[&str] = &[
    include_str!("schema/main_1.sql"),
    include_str!("schema/main_2.sql"),
    include_str!("schema/main_3.sql"),
    include_str!("schema/main_4.sql"),
    include_str!("schema/main_5.sql"),
    include_str!("schema/main_6.sql"),
    include_str!("schema/main_7.sql"),
    include_str!("schema/main_8.sql"),
    include_str!("schema/main_9.sql"),
];

/// Steps of `keys.db`.
pub(crate) const KEYS: &[&str] = &[
    include_str!("schema/keys_1.sql"),
    include_str!("schema/keys_2.sql"),
    include_str!("schema/keys_3.sql"),
];

/// Rows are sealed since these versions.
pub(crate) const MAIN_SEALED: i64 = 5;
pub(crate) const KEYS_SEALED: i64 = 3;

/// Brings the keys up to date; returns that of the seals.
pub(crate) async fn migrate_keys(keys: &AnyPool) -> Result<Seals> {
    let mut tx = dialect::begin(keys).await?;
    let before = advance(&mut tx, KEYS).await?;
    if before < KEYS_SEALED {
        Seals::draw(&mut tx).await?;
    }
    let Some(seals) = Seals::of_keys(&mut *tx).await? else {
        return Err(Failure::broken(
            "keys.db has lost the key of the seals: put the newest copy of the keys in its place",
        ));
    };
    if before < KEYS.len() as i64 {
        seals.everything(&mut tx, columns::KEYS).await?;
    }
    tx.commit().await?;
    Ok(seals)
}

/// Brings the database up to date, and seals what older steps left unsealed.
pub(crate) async fn migrate_main(main: &AnyPool, seals: &Seals, reseal: bool) -> Result<()> {
    let mut tx = dialect::begin(main).await?;
    dialect::alone(&mut tx, "schema").await?;
    let before = advance(&mut tx, MAIN).await?;
    if before < MAIN_SEALED {
        usage_keys::hash_all(&mut tx).await?;
    }
    if before < MAIN.len() as i64 || reseal {
        worked_out::clear(&mut tx).await?;
        seals.everything(&mut tx, columns::MAIN).await?;
    }
    Ok(tx.commit().await?)
}

/// Applies the steps that a database does not have yet; returns the version it had.
async fn advance(conn: &mut AnyConnection, steps: &'static [&'static str]) -> Result<i64> {
    let dialect = Dialect::of(conn);
    sqlx::query("CREATE TABLE IF NOT EXISTS schema (version BIGINT NOT NULL PRIMARY KEY)")
        .execute(&mut *conn)
        .await?;
    let (present,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM schema")
        .fetch_one(&mut *conn)
        .await?;
    if present > steps.len() as i64 {
        return Err(Failure::broken(format!(
            "the data folder has version {present}, this program knows {}: use the newer program",
            steps.len()
        )));
    }
    for (version, step) in (1_i64..).zip(steps).skip(present as usize) {
        raw_sql(dialect.schema(step)).execute(&mut *conn).await?;
        sqlx::query("INSERT INTO schema (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *conn)
            .await?;
    }
    Ok(present)
}
