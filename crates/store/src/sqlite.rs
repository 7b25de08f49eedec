//! The databases and folders of a SQLite store.

use std::fs;
use std::path::Path;
use std::time::Duration;

use engine::StoreError;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::failure::Result;
use crate::keyring::Keyring;
use crate::shelf::Shelf;
use crate::{personal, schema, usage_erasure};

/// How long a step waits for those before it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Readers see the last commit while one writer works.
const READERS: u32 = 4;

/// The store of one operator, in a data folder or in memory.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// One connection: writers queue here and not in SQLite's busy loop.
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) keys: Keyring,
    pub(crate) shelf: Shelf,
}

impl SqliteStore {
    /// Opens a data folder, made when it is missing, brings its tables up to date
    /// and repeats the erasures that a restored copy does not know of.
    ///
    /// # Errors
    /// When the folder cannot be written or was made by a newer program.
    pub async fn open(folder: &Path) -> std::result::Result<SqliteStore, StoreError> {
        Ok(in_folder(folder).await?)
    }

    /// A store that is gone with its last handle: for tests and a what-if.
    ///
    /// # Errors
    /// When the memory database cannot be set up.
    pub async fn in_memory() -> std::result::Result<SqliteStore, StoreError> {
        Ok(of_memory().await?)
    }

    /// Waits for running steps and closes the databases, so that the folder can
    /// be copied or moved as plain files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        self.keys.pool().close().await;
    }

    /// Empties the write-ahead logs, where deleted pages may still stand.
    pub(crate) async fn empty_logs(&self) -> Result<()> {
        for pool in [self.keys.pool(), &self.writer] {
            let (busy, _, _): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(pool).await?;
            if busy != 0 {
                tracing::warn!(
                    "a reader kept a log from being emptied: it will be at the next erasure"
                );
            }
        }
        Ok(())
    }
}

async fn in_folder(folder: &Path) -> Result<SqliteStore> {
    fs::create_dir_all(folder)?;
    let keys_file = folder.join("keys.db");
    create_for_owner_only(&keys_file)?;
    let main = options().filename(folder.join("yakkan.db"));
    let store = SqliteStore {
        writer: pool(1).connect_with(main.clone()).await?,
        readers: pool(READERS).connect_lazy_with(main.pragma("query_only", "ON")),
        keys: Keyring::new(pool(1).connect_with(options().filename(keys_file)).await?),
        shelf: Shelf::in_folder(folder.join("segments"))?,
    };
    prepare(&store).await?;
    Ok(store)
}

async fn of_memory() -> Result<SqliteStore> {
    let memory = || pool(1).connect_with(options().filename(":memory:"));
    let only = memory().await?;
    let store = SqliteStore {
        writer: only.clone(),
        readers: only,
        keys: Keyring::new(memory().await?),
        shelf: Shelf::in_memory(),
    };
    prepare(&store).await?;
    Ok(store)
}

async fn prepare(store: &SqliteStore) -> Result<()> {
    schema::migrate(&store.writer, schema::MAIN).await?;
    schema::migrate(store.keys.pool(), schema::KEYS).await?;
    personal::replay(&store.writer, &store.keys).await?;
    usage_erasure::replay(store).await
}

fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("secure_delete", "ON")
}

/// Connections are kept for good: a memory database lives in its only one.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// SQLite gives its log files the rights of the database file.
#[cfg(unix)]
fn create_for_owner_only(file: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    Ok(())
}

#[cfg(not(unix))]
fn create_for_owner_only(_file: &Path) -> Result<()> {
    Ok(())
}
