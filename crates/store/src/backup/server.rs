//! The database on a PostgreSQL server: dumped and loaded by the server's own
//! programs, from and into one consistent state.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use sqlx::{AnyConnection, AssertSqlSafe};
use tokio::process::Command;

use super::{BackupError, Result};

/// The dump in a backup's folder.
pub(crate) const DUMP: &str = "yakkan.pgdump";

/// Writes the state that the connection's transaction sees into a file. Others
/// write on meanwhile.
pub(crate) async fn dump(conn: &mut AnyConnection, address: &str, file: &Path) -> Result<()> {
    let (snapshot,): (String,) =
        sqlx::query_as("SELECT pg_export_snapshot()").fetch_one(conn).await?;
    let mut command = program("pg_dump", address)?;
    command
        .args(["--format=custom", "--no-owner", "--no-privileges"])
        .arg(format!("--snapshot={snapshot}"))
        .arg("--file")
        .arg(file);
    run("pg_dump", command).await?;
    // A dump that its own reader cannot list was cut.
    let mut list = Command::new(found("pg_restore")?);
    list.arg("--list").arg(file);
    run("pg_restore", list).await
}

/// Loads a dump into an empty database, all of it or nothing.
pub(crate) async fn load(address: &str, file: &Path) -> Result<()> {
    let mut command = program("pg_restore", address)?;
    command
        .args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"])
        .arg(file);
    run("pg_restore", command).await
}

/// Tables of the schema in which ours are made.
async fn tables(conn: &mut AnyConnection) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() \
         ORDER BY tablename",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// # Errors
/// When there is anything in the database.
pub(crate) async fn refuse_occupied(conn: &mut AnyConnection) -> Result<()> {
    match tables(conn).await?.len() {
        0 => Ok(()),
        count => Err(BackupError::Refused(format!(
            "the database is not empty, it has {count} tables: nothing is restored over what is \
             there. Make a new one"
        ))),
    }
}

/// Empties the database again, which was empty before the load.
pub(crate) async fn clear(conn: &mut AnyConnection) -> Result<()> {
    for table in tables(conn).await? {
        let sql = format!("DROP TABLE \"{}\" CASCADE", table.replace('"', "\"\""));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A program of the server, sent to the database. The password is not among the
/// arguments, which everybody on the machine can read.
fn program(name: &str, address: &str) -> Result<Command> {
    let wrong = |error: sqlx::Error| {
        BackupError::Refused(format!("the address of the database is wrong: {error}"))
    };
    let options: sqlx::any::AnyConnectOptions = address.parse().map_err(wrong)?;
    let mut url = options.database_url.clone();
    let mut command = Command::new(found(name)?);
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", decoded(password));
    }
    // An address that has a host can be without a password.
    let _ = url.set_password(None);
    command.arg("--dbname").arg(url.as_str());
    Ok(command)
}

async fn run(name: &str, mut command: Command) -> Result<()> {
    let failed = |why: String| BackupError::Refused(format!("{name} failed: {}", why.trim()));
    let done = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| failed(error.to_string()))?;
    if done.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&done.stderr).into_owned()))
}

/// On the path, or where Debian keeps the programs of each version.
fn found(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&path));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.exists());
    found.ok_or_else(|| {
        BackupError::Refused(format!(
            "{name} is missing, which copies a PostgreSQL database: install postgresql-client of \
             the server's version"
        ))
    })
}

/// Percent form as in an address.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                plain.push(byte);
                at += 3;
            }
            _ => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_password_in_an_address_is_read_as_it_was_meant() {
        assert_eq!(decoded("p%40ss%2Fw%C3%A9"), "p@ss/wé");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%4"), "%4");
    }
}
