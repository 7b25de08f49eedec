//! What goes wrong below the trait, and which of its errors that is.

use std::io;

use engine::StoreError;
use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// An answer of the store, or trouble with the database or its files.
#[derive(Debug)]
pub(crate) enum Failure {
    Answer(StoreError),
    Database(sqlx::Error),
    File(io::Error),
}

/// The primary result code of SQLite for a disk without space.
const SQLITE_FULL: i32 = 13;

/// SQLSTATE of PostgreSQL for the same.
const DISK_FULL: &str = "53100";

/// SQLSTATE for steps that met: a row that another has added meanwhile, a step out
/// of any order, a circle of locks.
const COLLISIONS: [&str; 3] = ["23505", "40001", "40P01"];

impl Failure {
    pub(crate) fn broken(why: impl Into<String>) -> Failure {
        Failure::Answer(StoreError::Broken(why.into()))
    }

    /// True when the same step, repeated, finds what another one did meanwhile.
    pub(crate) fn is_collision(&self) -> bool {
        let Failure::Database(sqlx::Error::Database(error)) = self else { return false };
        !is_sqlite(error.as_ref())
            && error.code().is_some_and(|code| COLLISIONS.contains(&code.as_ref()))
    }

    pub(crate) fn duplicate(what: impl Into<String>) -> Failure {
        Failure::Answer(StoreError::Duplicate(what.into()))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Answer(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Failure {
        Failure::Database(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::File(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> StoreError {
        match failure {
            Failure::Answer(error) => error,
            Failure::Database(error) => of_database(error),
            Failure::File(error) => of_file(&error),
        }
    }
}

fn of_database(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Io(io) => of_file(io),
        sqlx::Error::Database(inner) => {
            let code = inner.code().unwrap_or_default();
            let full = match is_sqlite(inner.as_ref()) {
                // The low byte is the primary code, the rest says more closely what.
                true => code.parse::<i32>().is_ok_and(|code| code & 0xff == SQLITE_FULL),
                false => code == DISK_FULL,
            };
            match full {
                true => StoreError::Full(inner.to_string()),
                false => StoreError::Broken(inner.to_string()),
            }
        }
        _ => StoreError::Broken(error.to_string()),
    }
}

fn is_sqlite(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<SqliteError>().is_some()
}

fn of_file(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(error.to_string())
        }
        _ => StoreError::Broken(error.to_string()),
    }
}
