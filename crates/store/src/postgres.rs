//! Connections to a PostgreSQL database.

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::failure::{Failure, Result};
use crate::sqlite::PATIENCE;

/// Connections of one process. A server admits 100 unless it is told otherwise.
const CONNECTIONS: u32 = 8;

/// Connects to the database at an address `postgres://user@host/database`. What
/// is not in the address comes from the environment (`PGPASSWORD`, …) or `~/.pgpass`.
pub(crate) async fn open(address: &str) -> Result<AnyPool> {
    sqlx::any::install_default_drivers();
    if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
        return Err(Failure::broken(
            "the address of the database has to begin with postgres://, as in \
             postgres://yakkan@localhost/yakkan",
        ));
    }
    // The address itself may hold a password and is never repeated.
    let wrong = |error| Failure::broken(format!("the address of the database is wrong: {error}"));
    let options: AnyConnectOptions = address.parse().map_err(wrong)?;
    greet(&options).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options);
    Ok(pool)
}

/// Says at once what is wrong, where a pool would try until its patience ends.
async fn greet(options: &AnyConnectOptions) -> Result<()> {
    let url = &options.database_url;
    let (host, name) = (url.host_str().unwrap_or("this machine"), url.path());
    let unreachable = |error| {
        Failure::broken(format!(
            "the database {} on {host} cannot be opened: {error}",
            name.trim_start_matches('/')
        ))
    };
    let mut conn = AnyConnection::connect_with(options).await.map_err(unreachable)?;
    let (encoding,): (String,) =
        sqlx::query_as("SHOW server_encoding").fetch_one(&mut conn).await?;
    conn.close().await?;
    match encoding.as_str() {
        "UTF8" => Ok(()),
        other => Err(Failure::broken(format!(
            "the database {name} has the encoding {other}: make it with \
             CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        ))),
    }
}
