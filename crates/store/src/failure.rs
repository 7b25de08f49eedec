//! What goes wrong below the trait, and which of its errors that is.

use std::io;

use engine::StoreError;

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

impl Failure {
    pub(crate) fn broken(why: impl Into<String>) -> Failure {
        Failure::Answer(StoreError::Broken(why.into()))
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
            // The low byte is the primary code, the rest says more closely what.
            let code = inner.code().and_then(|code| code.parse::<i32>().ok());
            match code.map(|code| code & 0xff) {
                Some(SQLITE_FULL) => StoreError::Full(inner.to_string()),
                _ => StoreError::Broken(inner.to_string()),
            }
        }
        _ => StoreError::Broken(error.to_string()),
    }
}

fn of_file(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(error.to_string())
        }
        _ => StoreError::Broken(error.to_string()),
    }
}
