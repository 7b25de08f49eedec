//! Restoring: beside the target first, verified, with all erasures replayed.
//! Only what is whole gets the name under which it is served.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use engine::Store;
use sqlx::AnyConnection;

use super::files::{self, trouble};
use super::manifest::{LastCheckpoint, MANIFEST, Manifest, POSTGRESQL, SQLITE};
use super::{BackupError, LastEntry, Result, facts, server};
use crate::sql_store::{Keys, SqlStore};
use crate::{checkpoint, postgres, sqlite};

/// A restored store, still beside its place.
pub struct Restored {
    pub manifest: Manifest,
    pub store: SqlStore,
    pub staging: PathBuf,
    /// Accounts with their last entry, the newest first: whatever came after it
    /// the backup did not have.
    pub last_entries: Vec<LastEntry>,
    pub checkpoint: Option<LastCheckpoint>,
    /// Subjects whose keys are newer than the backup: what came in after it.
    pub unknown_subjects: Vec<String>,
    /// Personal rows that erasures after the backup destroyed now.
    pub erased: u64,
    /// Of a checkpoint that somebody had kept: where it stands, if it does.
    pub known: Option<i64>,
}

/// Reads the manifest of a backup and compares every file with it.
///
/// # Errors
/// With one line for each file that is missing, changed or too many.
pub fn read_manifest(backup: &Path) -> Result<Manifest> {
    let manifest = Manifest::read(backup)?;
    let mut present = files::hash_all(backup)?;
    present.retain(|file| !file.path.starts_with("manifest."));
    let mut faults = Vec::new();
    for file in &manifest.files {
        match present.iter().find(|other| other.path == file.path) {
            None => faults.push(format!("{} is missing", file.path)),
            Some(other) if other.bytes != file.bytes => {
                let (is, was) = (other.bytes, file.bytes);
                faults.push(format!("{} has {is} bytes and had {was}", file.path));
            }
            Some(other) if other.sha256 != file.sha256 => {
                faults.push(format!("{} was changed", file.path));
            }
            Some(_) => {}
        }
    }
    for file in &present {
        if !manifest.files.iter().any(|other| other.path == file.path) {
            faults.push(format!("{} is not in {MANIFEST}", file.path));
        }
    }
    if faults.is_empty() { Ok(manifest) } else { Err(BackupError::Damaged(faults)) }
}

/// What is to be restored, and where.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub backup: &'a Path,
    /// The newest copy of the keys.
    pub keys: Option<&'a Path>,
    pub to: &'a Path,
    /// The address of an empty database, for a backup of a PostgreSQL store.
    pub database: Option<&'a str>,
    /// A checkpoint that somebody kept.
    pub known: Option<&'a str>,
}

/// Copies a backup and a copy of the keys into a folder of their own, brings the
/// tables up to date, replays the erasures of both and checks everything.
///
/// # Errors
/// When the backup is damaged or the keys are not those of its rows. Nothing is
/// left then.
pub async fn stage(request: &Request<'_>) -> Result<Restored> {
    refuse_occupied(request.to)?;
    let manifest = read_manifest(request.backup)?;
    match (manifest.store.as_str(), request.database) {
        (SQLITE, None) => {}
        (POSTGRESQL, Some(address)) => {
            let target = postgres::open(address).await?;
            let empty = server::refuse_occupied(&mut *target.acquire().await?).await;
            target.close().await;
            empty?;
        }
        (POSTGRESQL, None) => {
            return Err(BackupError::Refused(
                "the backup is one of a PostgreSQL store: name an empty database for it".to_owned(),
            ));
        }
        (kind, _) => {
            return Err(BackupError::Refused(format!(
                "the backup is one of a {kind} store and cannot be restored into another kind"
            )));
        }
    }
    let staging = beside(request.to);
    let staged = fill(request, manifest, &staging).await;
    if staged.is_err() {
        take_back(&staging, request.database).await;
    }
    staged
}

/// Leaves nothing of a copy that is not to be served.
pub async fn take_back(staging: &Path, database: Option<&str>) {
    let _ = fs::remove_dir_all(staging);
    let Some(address) = database else { return };
    let Ok(target) = postgres::open(address).await else { return };
    if let Ok(mut conn) = target.acquire().await
        && let Err(error) = server::clear(&mut conn).await
    {
        tracing::error!("the database could not be emptied again: {error}");
    }
    target.close().await;
}

async fn fill(request: &Request<'_>, manifest: Manifest, staging: &Path) -> Result<Restored> {
    copy_files(&manifest, request.backup, staging)?;
    let store = match request.database {
        Some(address) => {
            let dump = staging.join(server::DUMP);
            server::load(address, &dump).await?;
            fs::remove_file(&dump)
                .map_err(|error| trouble("this file cannot be removed:", &dump, &error))?;
            postgres::open(address).await?
        }
        None => sqlite::copy(&staging.join("yakkan.db")).await?,
    };
    let mut conn = store.acquire().await?;
    let unknown_subjects = match request.keys {
        Some(keys) => take_keys(keys, staging, &mut conn).await?,
        None => Vec::new(),
    };
    drop(conn);
    store.close().await;
    let before = manifest.contents.personal_rows;
    let keys = if request.keys.is_some() { Keys::Kept } else { Keys::Lost };
    let store = SqlStore::open_with(staging, request.database, keys).await?;
    check(&store, &manifest, request.keys.is_some()).await?;
    let mut conn = store.readers.acquire().await?;
    let contents = facts::contents(&mut conn).await?;
    let known = match request.known {
        Some(hash) => facts::checkpoint_seq(&mut conn, hash).await?,
        None => None,
    };
    let restored = Restored {
        last_entries: facts::last_entries(&mut conn).await?,
        checkpoint: facts::last_checkpoint(&mut conn).await?,
        erased: (before - contents.personal_rows).unsigned_abs(),
        known,
        manifest,
        unknown_subjects,
        store: store.clone(),
        staging: staging.to_owned(),
    };
    drop(conn);
    Ok(restored)
}

fn copy_files(manifest: &Manifest, backup: &Path, staging: &Path) -> Result<()> {
    if staging.exists() {
        fs::remove_dir_all(staging)
            .map_err(|error| trouble("this folder cannot be removed:", staging, &error))?;
    }
    files::make_folder(&staging.join("segments"))?;
    files::make_folder(staging)?;
    for file in &manifest.files {
        if files::copy(&backup.join(&file.path), &staging.join(&file.path))?.is_none() {
            return Err(BackupError::Damaged(vec![format!("{} is missing", file.path)]));
        }
    }
    if files::hash_all(staging)? != manifest.files {
        return Err(BackupError::Refused(format!(
            "what was copied to {} is not what was read: look at the disk",
            staging.display()
        )));
    }
    Ok(())
}

/// Copies the keys; returns the subjects of which the backup knows no row.
async fn take_keys(
    keys: &Path,
    staging: &Path,
    database: &mut AnyConnection,
) -> Result<Vec<String>> {
    let target = staging.join("keys.db");
    if files::copy(keys, &target)?.is_none() {
        return Err(BackupError::Refused(format!(
            "the copy of the keys {} is missing",
            keys.display()
        )));
    }
    let broken = |error: BackupError| {
        BackupError::Refused(format!("{} is no copy of the keys: {error}", keys.display()))
    };
    let copy = sqlite::copy(&target).await.map_err(|failure| broken(failure.into()))?;
    let mut conn = copy.acquire().await?;
    facts::integrity(&mut conn, "the keys").await.map_err(broken)?;
    let marks = facts::marks_in_use(&mut *database).await?;
    let unknown =
        facts::unknown_marks(&mut conn, &marks).await.map_err(|failure| broken(failure.into()))?;
    let subjects = subjects_only_here(&mut conn, database).await?;
    drop(conn);
    copy.close().await;
    if unknown.is_empty() {
        return Ok(subjects);
    }
    Err(BackupError::Refused(format!(
        "{} is older than the backup or belongs to another installation: it lacks {} of {} keys. \
         Take the newest copy of the keys",
        keys.display(),
        unknown.len(),
        marks.len()
    )))
}

async fn subjects_only_here(
    keys: &mut AnyConnection,
    database: &mut AnyConnection,
) -> Result<Vec<String>> {
    let all: Vec<(String,)> =
        sqlx::query_as("SELECT subject FROM subject_key ORDER BY subject").fetch_all(keys).await?;
    let known: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT subject FROM personal").fetch_all(database).await?;
    let known: BTreeSet<_> = known.into_iter().map(|(subject,)| subject).collect();
    Ok(all.into_iter().map(|(subject,)| subject).filter(|one| !known.contains(one)).collect())
}

/// Every chain, every checkpoint, every segment; every personal row that is not
/// erased must open.
async fn check(store: &SqlStore, manifest: &Manifest, with_keys: bool) -> Result<()> {
    let mut faults = store.check_chains().await?;
    // Without its key no row opens: that was said before.
    faults.retain(|fault| with_keys || (&*fault.table, &*fault.column) != ("personal", "key_mark"));
    let mut lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    let mut conn = store.readers.acquire().await?;
    if checkpoint::root(&mut conn).await? != manifest.root {
        lines.push("the ends of the chains are not those of the manifest".to_owned());
    }
    if facts::last_checkpoint(&mut conn).await? != manifest.checkpoint {
        lines.push("the last checkpoint is not that of the manifest".to_owned());
    }
    drop(conn);
    if lines.is_empty() { Ok(()) } else { Err(BackupError::Damaged(lines)) }
}

/// Gives a staged copy its place. Its store must have been closed.
///
/// # Errors
/// When the place was taken meanwhile.
pub fn put_in_place(staging: &Path, to: &Path) -> Result<()> {
    refuse_occupied(to)?;
    let failed = |error: std::io::Error| trouble("this folder cannot be made:", to, &error);
    if to.exists() {
        fs::remove_dir(to).map_err(failed)?;
    }
    fs::rename(staging, to).map_err(failed)?;
    files::sync_folder(to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

fn refuse_occupied(to: &Path) -> Result<()> {
    let occupied = match fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => to.exists(),
    };
    if occupied {
        return Err(BackupError::Refused(format!(
            "{} is not empty: nothing is restored over what is there. Name another folder",
            to.display()
        )));
    }
    Ok(())
}

/// On the same disk, so that it can be given its place in one step.
fn beside(to: &Path) -> PathBuf {
    let name = to.file_name().map(|name| name.to_string_lossy().into_owned());
    to.with_file_name(format!(".{}.restoring", name.unwrap_or_default()))
}
