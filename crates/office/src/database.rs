//! Which database belongs to a data folder: PostgreSQL at an address, or SQLite.
//!
//! The address comes from `YAKKAN_DATABASE` or from the configuration. Without its
//! password it is noted in the folder, so that every command finds the database by
//! the folder alone; the password then comes from `PGPASSWORD` or `~/.pgpass`.

use std::path::Path;

use anyhow::{Context, bail};

/// The file in the data folder that names the database.
const NOTE: &str = "database";

/// The database in which a folder of SQLite is kept.
const SQLITE: &str = "yakkan.db";

/// The address of a folder's database: from `YAKKAN_DATABASE`, the configuration or
/// the note in the folder.
///
/// # Errors
/// As [`address`].
pub fn of_folder(folder: &Path, configured: Option<&str>) -> anyhow::Result<Option<String>> {
    let environment = std::env::var("YAKKAN_DATABASE").ok().filter(|address| !address.is_empty());
    address(folder, environment.as_deref().or(configured))
}

/// The address of the folder's database on PostgreSQL; `None` for SQLite.
///
/// # Errors
/// When the folder's data is in SQLite already and an address is given.
pub fn address(folder: &Path, given: Option<&str>) -> anyhow::Result<Option<String>> {
    let note = folder.join(NOTE);
    let noted = match note.exists() {
        true => Some(
            std::fs::read_to_string(&note)
                .with_context(|| format!("{} cannot be read", note.display()))?,
        ),
        false => None,
    };
    if given.is_some() && noted.is_none() && folder.join(SQLITE).exists() {
        bail!(
            "{} holds its data in {SQLITE}: a database on PostgreSQL needs a folder of its own",
            folder.display()
        );
    }
    Ok(given.map(str::to_owned).or(noted.map(|address| address.trim().to_owned())))
}

/// Notes the address without its password.
pub fn note(folder: &Path, address: &str) -> anyhow::Result<()> {
    let (file, text) = (folder.join(NOTE), format!("{}\n", without_password(address)));
    if std::fs::read_to_string(&file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// True when the folder has data of either kind.
pub fn is_data_folder(folder: &Path) -> bool {
    folder.join(SQLITE).exists() || folder.join(NOTE).exists()
}

fn without_password(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.find('/').unwrap_or(place.len());
    let place = match place[..authority].rfind('@') {
        None => place.to_owned(),
        Some(at) => {
            let user = place[..at].split(':').next().unwrap_or_default();
            format!("{user}{}", &place[at..])
        }
    };
    let kept: Vec<_> = query
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("password="))
        .collect();
    match kept.is_empty() {
        true => format!("{scheme}://{place}"),
        false => format!("{scheme}://{place}?{}", kept.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_holds_no_password() {
        for (address, noted) in [
            ("postgres://yakkan@db/yakkan", "postgres://yakkan@db/yakkan"),
            ("postgres://yakkan:s%40crêt@db:5433/yakkan", "postgres://yakkan@db:5433/yakkan"),
            ("postgres://yakkan:a@b@db/yakkan", "postgres://yakkan@db/yakkan"),
            (
                "postgres://db/yakkan?sslmode=require&password=x&user=y",
                "postgres://db/yakkan?sslmode=require&user=y",
            ),
            ("postgres:///yakkan?password=x", "postgres:///yakkan"),
        ] {
            assert_eq!(without_password(address), noted);
        }
    }

    #[test]
    fn a_folder_of_sqlite_is_not_taken_for_another_database() {
        let folder = tempfile::tempdir().unwrap();
        let named = "postgres://yakkan:x@db/yakkan";
        let given = Some(named);
        assert_eq!(address(folder.path(), given).unwrap().as_deref(), given);
        std::fs::write(folder.path().join(SQLITE), "").unwrap();
        assert!(address(folder.path(), given).unwrap_err().to_string().contains("of its own"));
        std::fs::remove_file(folder.path().join(SQLITE)).unwrap();
        note(folder.path(), named).unwrap();
        let found = address(folder.path(), None).unwrap();
        assert_eq!(found.as_deref(), Some("postgres://yakkan@db/yakkan"));
        assert!(is_data_folder(folder.path()));
    }
}
