//! Which database belongs to which data folder.
//!
//! Both carry one name. A database that is opened with the folder of another
//! installation would find no key, and its workers would not see each other.

use sqlx::{AnyConnection, AnyPool};

use crate::dialect::{self, Dialect};
use crate::failure::{Failure, Result};
use crate::worker;

/// Gives both the same name at their first meeting, and later compares.
pub(crate) async fn check(main: &AnyPool, keys: &AnyPool) -> Result<()> {
    let mut main = dialect::begin(main).await?;
    dialect::alone(&mut main, "installation").await?;
    let mut keys = dialect::begin(keys).await?;
    let here = name(&mut main).await?;
    let there = name(&mut keys).await?;
    match (here, there) {
        (Some(here), Some(there)) if here == there => return Ok(()),
        (Some(_), Some(_)) => {
            return Err(Failure::broken(
                "the database and the keys belong to different installations: check the data \
                 folder and the address of the database",
            ));
        }
        (Some(_), None) if Dialect::of(&main) == Dialect::Postgres => {
            return Err(Failure::broken(
                "the database belongs to another data folder: open that one, or put its keys.db \
                 into this one",
            ));
        }
        (Some(here), None) => set(&mut keys, &here).await?,
        (None, Some(_))
            if Dialect::of(&main) == Dialect::Postgres && holds_keys(&mut keys).await? =>
        {
            return Err(Failure::broken(
                "the database is empty, and the data folder holds the keys of another one: check \
                 the address, or restore the database from its backup first",
            ));
        }
        (None, Some(there)) => set(&mut main, &there).await?,
        (None, None) => {
            let new = worker::new_id()?;
            set(&mut keys, &new).await?;
            set(&mut main, &new).await?;
        }
    }
    keys.commit().await?;
    Ok(main.commit().await?)
}

async fn name(conn: &mut AnyConnection) -> Result<Option<String>> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT id FROM installation").fetch_optional(conn).await?;
    Ok(found.map(|(id,)| id))
}

async fn holds_keys(keys: &mut AnyConnection) -> Result<bool> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT subject FROM subject_key LIMIT 1").fetch_optional(keys).await?;
    Ok(found.is_some())
}

async fn set(conn: &mut AnyConnection, id: &str) -> Result<()> {
    sqlx::query("INSERT INTO installation (id) VALUES ($1)").bind(id).execute(conn).await?;
    Ok(())
}
