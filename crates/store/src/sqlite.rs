//! Connections to the SQLite files of a data folder.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Executor};

use crate::dialect::Dialect;
use crate::failure::{Failure, Result};

/// How long a step waits for those before it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Readers see the last commit while one writer works.
const READERS: u32 = 4;

const SETTINGS: &str = "PRAGMA busy_timeout = 120000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";

/// The writer and the readers of a file, which is made when it is missing.
pub(crate) async fn open(file: &Path) -> Result<(AnyPool, AnyPool)> {
    let writer = writer(file).await?;
    let readers = pool(READERS, "PRAGMA busy_timeout = 120000; PRAGMA query_only = ON;")
        .connect_lazy_with(options(file)?);
    Ok((writer, readers))
}

/// The one connection of a file that is seldom used.
pub(crate) async fn writer(file: &Path) -> Result<AnyPool> {
    Ok(pool(1, SETTINGS).connect_with(options(file)?).await?)
}

/// A file that others may be writing to, and that is never made here.
pub(crate) async fn existing(file: &Path) -> Result<AnyPool> {
    Ok(pool(1, "PRAGMA busy_timeout = 120000;").connect_with(address(file, "rw")?).await?)
}

/// The same for a look that changes nothing.
pub(crate) async fn looked_at(file: &Path) -> Result<AnyPool> {
    let settings = "PRAGMA busy_timeout = 120000; PRAGMA query_only = ON;";
    Ok(pool(1, settings).connect_with(address(file, "rw")?).await?)
}

/// A copy to which nobody writes: looked at without leaving files beside it.
pub(crate) async fn copy(file: &Path) -> Result<AnyPool> {
    let options = address(file, "ro&immutable=true")?;
    Ok(pool(1, "PRAGMA query_only = ON;").connect_with(options).await?)
}

/// A database that is gone with its only connection.
pub(crate) async fn in_memory() -> Result<AnyPool> {
    sqlx::any::install_default_drivers();
    Ok(pool(1, SETTINGS).connect_with("sqlite::memory:".parse()?).await?)
}

/// A file that was moved or deleted can be written on for as long as it is open, and
/// everything in it is lost then.
pub(crate) async fn refuse_missing_file(pool: &AnyPool) -> Result<()> {
    if Dialect::of_pool(pool) == Dialect::Postgres {
        return Ok(());
    }
    let (file,): (String,) =
        sqlx::query_as("SELECT file FROM pragma_database_list WHERE name = 'main'")
            .fetch_one(pool)
            .await?;
    match file.is_empty() || Path::new(&file).exists() {
        true => Ok(()),
        false => Err(Failure::broken(format!("the file {file} is not there any more"))),
    }
}

fn options(file: &Path) -> Result<AnyConnectOptions> {
    address(file, "rwc")
}

/// The drivers are chosen by the address, in which the path is an absolute one
/// with every unusual character in percent form.
fn address(file: &Path, mode: &str) -> Result<AnyConnectOptions> {
    sqlx::any::install_default_drivers();
    let path = std::path::absolute(file)?;
    let Some(path) = path.to_str() else {
        let name = path.display();
        return Err(Failure::broken(format!("the path {name} is not written in UTF-8: rename it")));
    };
    let mut address = String::from("sqlite://");
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                address.push(byte as char);
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(format!("{address}?mode={mode}").parse()?)
}

/// Connections are kept for good: a memory database lives in its only one.
fn pool(connections: u32, settings: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |conn, _| {
            Box::pin(async move {
                conn.execute(sqlx::raw_sql(settings)).await?;
                Ok(())
            })
        })
}
