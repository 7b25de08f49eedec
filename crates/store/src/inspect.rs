//! A look at a data folder that changes nothing in it: for `yakkan doctor`.

use std::path::Path;

use engine::OutboxState;
use reckon::Moment;
use sqlx::AnyPool;

use crate::backup::{BackupError, LastCheckpoint, facts};
use crate::dialect::Dialect;
use crate::{installation, outbox, personal, postgres, queue, schema, sqlite};

/// What a data folder is like.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Version of the tables, and the one this program brings them to.
    pub schema: (i64, i64),
    pub keys_schema: (i64, i64),
    /// Faults that SQLite's quick check names; none in a sound file.
    pub faults: Vec<String>,
    /// When the newest entry was known, on the clock of the record.
    pub newest_entry: Option<Moment>,
    pub oldest_due: Option<Moment>,
    /// Effects by state, with the earliest moment of the next attempt.
    pub effects: Vec<(OutboxState, u64, Moment)>,
    pub personal_rows: i64,
    /// One line for each row that cannot be opened.
    pub unreadable: Vec<String>,
    pub checkpoint: Option<LastCheckpoint>,
}

/// Looks at the databases of a folder, or at the one on PostgreSQL, without writing
/// to them; others may serve it meanwhile.
///
/// # Errors
/// When a database is missing or cannot be read at all.
pub async fn inspect(folder: &Path, database: Option<&str>) -> Result<Inspection, BackupError> {
    let main = match database {
        Some(address) => postgres::open(address).await?,
        None => open(&folder.join("yakkan.db")).await?,
    };
    let keys_file = folder.join("keys.db");
    installation::refuse_lost_keys(&main, &keys_file).await?;
    let keys = open(&keys_file).await?;
    let found = look(&main, &keys).await;
    main.close().await;
    keys.close().await;
    found
}

async fn open(file: &Path) -> Result<AnyPool, BackupError> {
    if !file.exists() {
        return Err(BackupError::Refused(format!("{} is missing", file.display())));
    }
    Ok(sqlite::looked_at(file).await?)
}

async fn look(main: &AnyPool, keys: &AnyPool) -> Result<Inspection, BackupError> {
    let mut faults = quick_check(main, "yakkan.db").await;
    faults.extend(quick_check(keys, "keys.db").await);
    let mut conn = main.acquire().await?;
    let contents = facts::contents(&mut conn).await?;
    let version = facts::schema_version(&mut conn).await?;
    let checkpoint = facts::last_checkpoint(&mut conn).await?;
    drop(conn);
    let keys_version = facts::schema_version(&mut *keys.acquire().await?).await?;
    Ok(Inspection {
        schema: (version, schema::MAIN.len() as i64),
        keys_schema: (keys_version, schema::KEYS.len() as i64),
        faults,
        newest_entry: contents.newest_entry,
        oldest_due: queue::oldest(main).await?,
        effects: outbox::by_state(main).await?,
        personal_rows: contents.personal_rows,
        unreadable: personal::unreadable(main, keys).await?,
        checkpoint,
    })
}

/// A PostgreSQL server looks after its own files.
async fn quick_check(pool: &AnyPool, name: &str) -> Vec<String> {
    if Dialect::of_pool(pool) == Dialect::Postgres {
        return Vec::new();
    }
    let found: Result<Vec<(String,)>, _> =
        sqlx::query_as("PRAGMA quick_check(5)").fetch_all(pool).await;
    match found {
        Ok(rows) => {
            let lines = rows.into_iter().map(|(line,)| line).filter(|line| line != "ok");
            lines.map(|line| format!("{name}: {line}")).collect()
        }
        Err(error) => vec![format!("{name}: {error}")],
    }
}
