//! The tables, and the steps by which an older file reaches them.

use sqlx::{AnyPool, raw_sql};

use crate::dialect::{self, Dialect};
use crate::failure::{Failure, Result};

/// Steps of `yakkan.db`; a step that was released never changes.
pub(crate) const MAIN: &[&str] = &[
    include_str!("schema/main_1.sql"),
    include_str!("schema/main_2.sql"),
    include_str!("schema/main_3.sql"),
    include_str!("schema/main_4.sql"),
];

/// Steps of `keys.db`.
pub(crate) const KEYS: &[&str] =
    &[include_str!("schema/keys_1.sql"), include_str!("schema/keys_2.sql")];

/// Applies the steps that a database does not have yet, all or none.
pub(crate) async fn migrate(pool: &AnyPool, steps: &'static [&'static str]) -> Result<()> {
    let mut tx = dialect::begin(pool).await?;
    dialect::alone(&mut tx, "schema").await?;
    let dialect = Dialect::of_pool(pool);
    sqlx::query("CREATE TABLE IF NOT EXISTS schema (version BIGINT NOT NULL PRIMARY KEY)")
        .execute(&mut *tx)
        .await?;
    let (present,): (i64,) =
        sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM schema").fetch_one(&mut *tx).await?;
    if present > steps.len() as i64 {
        return Err(Failure::broken(format!(
            "the data folder has version {present}, this program knows {}: use the newer program",
            steps.len()
        )));
    }
    for (version, step) in (1_i64..).zip(steps).skip(present as usize) {
        raw_sql(dialect.schema(step)).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO schema (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}
