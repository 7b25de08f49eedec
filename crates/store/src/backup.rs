//! Backups: a folder with a consistent copy of everything but the keys, and a
//! manifest that tells later whether it is whole.
//!
//! The keys go to another place as one file that each backup replaces. So an
//! erasure reaches the backups too: the next file of keys no longer holds the
//! key, and its list of erasures is replayed onto any older copy (19-2).

pub(crate) mod facts;
mod files;
mod make;
mod manifest;
mod prune;
mod restore;
mod server;

use std::path::PathBuf;

use engine::StoreError;

use crate::failure::Failure;

pub use facts::{Contents, LastEntry};
pub use make::{Made, Order, make};
pub use manifest::{CopiedFile, LastCheckpoint, MANIFEST, Manifest};
pub use prune::{Kept, kept, prune};
pub use restore::{Request, Restored, put_in_place, read_manifest, stage, take_back};

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{what} {path}: {why}")]
    File { what: &'static str, path: PathBuf, why: String },
    /// What is wrong with the backup, one line each.
    #[error("the backup is damaged and nothing was restored:\n  {}\nTake another backup", .0.join("\n  "))]
    Damaged(Vec<String>),
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for BackupError {
    fn from(failure: Failure) -> BackupError {
        BackupError::Store(failure.into())
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> BackupError {
        Failure::from(error).into()
    }
}

pub(crate) type Result<T> = std::result::Result<T, BackupError>;
