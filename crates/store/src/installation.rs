//! Which database belongs to which data folder.
//!
//! Both carry one name. A database that is opened with the folder of another
//! installation would find no key, and its workers would not see each other. One
//! whose keys are gone would be served with every name unreadable, and write on
//! under new keys: it is not opened.

use std::fs;
use std::path::Path;

use sqlx::{AnyConnection, AnyPool};

use crate::backup::facts;
use crate::dialect::{self, Dialect};
use crate::failure::{Failure, Result};
use crate::{schema, sqlite, worker};

/// What to do about keys that are not there.
const REMEDY: &str = "Put the newest copy of the keys in its place ([backup] keys), or restore a \
     backup with it: yakkan restore BACKUP --to FOLDER --keys KEYS (docs/keeping.md)";

/// Refuses a database whose keys are missing, empty or those of another
/// installation, before anything is written. One that holds nothing yet needs none.
///
/// # Errors
/// Which file is at fault, and what to do.
pub(crate) async fn refuse_lost_keys(main: &AnyPool, keys_file: &Path) -> Result<()> {
    let mut main = main.acquire().await?;
    let Some(version) = version(&mut main).await else { return Ok(()) };
    let here = if version >= NAMED_SINCE { name(&mut main).await? } else { None };
    let marks = facts::marks_in_use(&mut main).await?;
    if here.is_none() && marks.is_empty() {
        return Ok(());
    }
    drop(main);
    let sealed = version >= schema::MAIN_SEALED;
    match what_is_wrong(keys_file, here.as_deref(), &marks, sealed).await? {
        None => Ok(()),
        Some(what) => Err(Failure::broken(format!(
            "{} {what}, and the database holds what is sealed under its keys. {REMEDY}",
            keys_file.display()
        ))),
    }
}

/// Both databases carry their name since this version.
const NAMED_SINCE: i64 = 2;

async fn what_is_wrong(
    keys_file: &Path,
    here: Option<&str>,
    marks: &[String],
    sealed: bool,
) -> Result<Option<&'static str>> {
    match fs::metadata(keys_file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Some("is missing"));
        }
        Err(error) => return Err(error.into()),
        Ok(found) if found.len() == 0 => return Ok(Some("is empty")),
        Ok(_) => {}
    }
    let pool = sqlite::looked_at(keys_file).await?;
    let mut keys = pool.acquire().await?;
    let Some(version) = version(&mut keys).await else { return Ok(Some("holds no keys")) };
    let there = if version >= NAMED_SINCE { name(&mut keys).await? } else { None };
    let unknown = facts::unknown_marks(&mut keys, marks).await?;
    drop(keys);
    pool.close().await;
    Ok(match (here, there.as_deref()) {
        (Some(here), Some(there)) if here != there => Some("is of another installation"),
        (Some(_), None) => Some("holds no keys of this installation"),
        _ if sealed && version < schema::KEYS_SEALED => Some("is older than the database"),
        (Some(_), Some(_)) => None,
        _ if !marks.is_empty() && unknown.len() == marks.len() => {
            Some("holds none of the keys that are in use")
        }
        _ => None,
    })
}

/// `None` for a database without tables of ours.
async fn version(conn: &mut AnyConnection) -> Option<i64> {
    facts::schema_version(conn).await.ok().filter(|version| *version > 0)
}

/// Gives both the same name at their first meeting, or where one was restored.
pub(crate) async fn pair(main: &AnyPool, keys: &AnyPool) -> Result<()> {
    let mut main = dialect::begin(main).await?;
    dialect::alone(&mut main, "installation").await?;
    let mut keys = dialect::begin(keys).await?;
    match (name(&mut main).await?, name(&mut keys).await?) {
        (Some(_), Some(_)) => return Ok(()),
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
