//! The databases and folders of a store.

use std::fs;
use std::path::Path;

use engine::StoreError;
use sqlx::AnyPool;

use crate::dialect::Dialect;
use crate::failure::Result;
use crate::keyring::Keyring;
use crate::seal::Seals;
use crate::shelf::Shelf;
use crate::worker::Worker;
use crate::{installation, personal, postgres, private, schema, sqlite, usage_erasure};

/// The store of one operator: SQLite or PostgreSQL, with a data folder, or all of
/// it in memory.
#[derive(Debug, Clone)]
pub struct SqlStore {
    /// For SQLite one connection: writers queue here and not in its busy loop.
    pub(crate) writer: AnyPool,
    pub(crate) readers: AnyPool,
    pub(crate) keys: Keyring,
    pub(crate) seals: Seals,
    pub(crate) shelf: Shelf,
    pub(crate) worker: Worker,
}

impl SqlStore {
    /// Opens a data folder with its SQLite database, made when it is missing,
    /// brings its tables up to date and repeats the erasures that a restored copy
    /// does not know of.
    ///
    /// # Errors
    /// When the folder cannot be written, was made by a newer program, or has lost
    /// its keys.
    pub async fn open(folder: &Path) -> std::result::Result<SqlStore, StoreError> {
        Ok(SqlStore::open_with(folder, None, Keys::Kept).await?)
    }

    /// Opens a data folder whose main database is on PostgreSQL, at an address
    /// `postgres://user@host/database`. Keys and usage segments stay in the folder,
    /// which every process of the installation opens.
    ///
    /// # Errors
    /// As [`SqlStore::open`], or when the database cannot be reached.
    pub async fn connect(
        folder: &Path,
        address: &str,
    ) -> std::result::Result<SqlStore, StoreError> {
        Ok(SqlStore::open_with(folder, Some(address), Keys::Kept).await?)
    }

    /// Opens either kind, and says what became of its keys.
    pub(crate) async fn open_with(
        folder: &Path,
        address: Option<&str>,
        keys: Keys,
    ) -> Result<SqlStore> {
        let (writer, readers) = match address {
            Some(address) => {
                let pool = postgres::open(address).await?;
                fs::create_dir_all(folder)?;
                (pool.clone(), pool)
            }
            None => {
                fs::create_dir_all(folder)?;
                private::create(&folder.join("yakkan.db"))?;
                sqlite::open(&folder.join("yakkan.db")).await?
            }
        };
        beside_folder(folder, writer, readers, keys).await
    }

    /// A store that is gone with its last handle: for tests and a what-if.
    ///
    /// # Errors
    /// When the memory database cannot be set up.
    pub async fn in_memory() -> std::result::Result<SqlStore, StoreError> {
        Ok(of_memory().await?)
    }

    /// Waits for running steps and closes the databases, so that the folder can
    /// be copied or moved as plain files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        self.keys.pool().close().await;
    }

    /// Empties the write-ahead logs of SQLite, where deleted pages may still stand.
    /// What PostgreSQL keeps of a deleted row is sealed under a key that is gone.
    pub(crate) async fn empty_logs(&self) -> Result<()> {
        for pool in [self.keys.pool(), &self.writer] {
            if Dialect::of_pool(pool) == Dialect::Postgres {
                continue;
            }
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

/// What became of the keys of a data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    Kept,
    /// A person has said so: the database is restored without them.
    Lost,
}

async fn beside_folder(
    folder: &Path,
    writer: AnyPool,
    readers: AnyPool,
    keys: Keys,
) -> Result<SqlStore> {
    let keys_file = folder.join("keys.db");
    if keys == Keys::Kept {
        installation::refuse_lost_keys(&writer, &keys_file).await?;
    }
    private::create(&keys_file)?;
    let worker = Worker::in_folder(folder.join("workers"))?;
    let keys_pool = sqlite::writer(&keys_file).await?;
    let shelf = Shelf::in_folder(folder.join("segments"), &worker)?;
    private::close(folder);
    prepare(writer, readers, keys_pool, shelf, worker, keys).await
}

async fn of_memory() -> Result<SqlStore> {
    let only = sqlite::in_memory().await?;
    let keys = sqlite::in_memory().await?;
    prepare(only.clone(), only, keys, Shelf::in_memory(), Worker::in_memory()?, Keys::Kept).await
}

/// Brings both databases up to date and repeats what a restored copy does not know.
async fn prepare(
    writer: AnyPool,
    readers: AnyPool,
    keys_pool: AnyPool,
    shelf: Shelf,
    worker: Worker,
    keys: Keys,
) -> Result<SqlStore> {
    let seals = schema::migrate_keys(&keys_pool).await?;
    schema::migrate_main(&writer, &seals, keys == Keys::Lost).await?;
    let keys = Keyring::new(keys_pool, seals.clone());
    let store = SqlStore { writer, readers, keys, seals, shelf, worker };
    installation::pair(&store.writer, store.keys.pool()).await?;
    personal::replay(&store).await?;
    usage_erasure::replay(&store).await?;
    Ok(store)
}
