//! Making a backup, while others serve and write.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use reckon::{Moment, Period};
use sqlx::AnyPool;

use super::files::{self, trouble};
use super::manifest::Manifest;
use super::{BackupError, Result, facts};
use crate::shelf::Shelf;
use crate::{audit, checkpoint, schema, sqlite};

/// How often the copy is begun again because an erasure changed the segments
/// while it was made.
const TRIES: usize = 10;

/// What is to be backed up, and where to.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    pub data: &'a Path,
    /// The folder in which every backup gets a folder of its own.
    pub to: &'a Path,
    /// The file that takes the place of the last copy of the keys; outside `to`.
    pub keys: Option<&'a Path>,
    /// The operator's file, which is needed to serve a restored copy.
    pub operator: Option<&'a Path>,
    pub at: Moment,
    /// Days that a backup is kept.
    pub backup_days: u32,
    pub program: &'a str,
}

/// A backup that was made and looked at again.
#[derive(Debug, Clone)]
pub struct Made {
    pub folder: PathBuf,
    pub manifest: Manifest,
}

/// Makes a backup. Nothing stands under its name before it is whole and was
/// verified; the data folder is served on meanwhile.
///
/// # Errors
/// When the data folder cannot be read or is damaged, when there is no space, or
/// while another backup is being made into the same folder.
pub async fn make(order: &Order<'_>) -> Result<Made> {
    let database = order.data.join("yakkan.db");
    if !database.exists() {
        return Err(BackupError::Refused(format!(
            "{} is no data folder of Yakkan: yakkan.db is missing",
            order.data.display()
        )));
    }
    refuse_keys_beside_backups(order)?;
    files::make_folder(order.to)?;
    let _alone = alone_in(order.to)?;
    let name = format!("yakkan-{}", order.at.japan().strftime("%Y%m%d-%H%M%S"));
    let folder = order.to.join(&name);
    if folder.exists() {
        return Err(BackupError::Refused(format!(
            "there is a backup {} already",
            folder.display()
        )));
    }
    let part = order.to.join(format!(".{name}.part"));
    let made = fill(order, &part).await;
    let manifest = match made {
        Ok(manifest) => manifest,
        Err(error) => {
            // What is not whole only takes space.
            let _ = fs::remove_dir_all(&part);
            return Err(error);
        }
    };
    fs::rename(&part, &folder)
        .map_err(|error| trouble("this folder cannot be made:", &folder, &error))?;
    files::sync_folder(order.to)?;
    Ok(Made { folder, manifest })
}

/// Whoever finds the backups must not find the keys with them.
fn refuse_keys_beside_backups(order: &Order<'_>) -> Result<()> {
    let Some(keys) = order.keys else { return Ok(()) };
    let place = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (keys, to, data) = (place(keys), place(order.to), place(order.data));
    if keys.starts_with(&to) || keys.starts_with(&data) {
        return Err(BackupError::Refused(format!(
            "the keys must not lie with what they open: name a place for them outside {} and {}",
            to.display(),
            data.display()
        )));
    }
    Ok(())
}

/// One backup at a time; what an earlier one left unfinished goes.
fn alone_in(to: &Path) -> Result<File> {
    let path = to.join(".lock");
    let failed = |error: &std::io::Error| trouble("this file cannot be written:", &path, error);
    let lock =
        File::options().create(true).append(true).open(&path).map_err(|error| failed(&error))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(BackupError::Refused(format!(
                "another backup is being made into {}: wait for it",
                to.display()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(failed(&error)),
    }
    for entry in fs::read_dir(to).map_err(|error| failed(&error))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(".yakkan-") && name.ends_with(".part") {
            fs::remove_dir_all(entry.path()).map_err(|error| failed(&error))?;
        }
    }
    Ok(lock)
}

async fn fill(order: &Order<'_>, part: &Path) -> Result<Manifest> {
    let live = sqlite::existing(&order.data.join("yakkan.db")).await?;
    let keys = sqlite::existing(&order.data.join("keys.db")).await?;
    let made = fill_from(order, part, &live, &keys).await;
    live.close().await;
    keys.close().await;
    made
}

async fn fill_from(
    order: &Order<'_>,
    part: &Path,
    live: &AnyPool,
    keys: &AnyPool,
) -> Result<Manifest> {
    let (schema, keys_schema) =
        (facts::schema_version(live).await?, facts::schema_version(keys).await?);
    if schema > schema::MAIN.len() as i64 || keys_schema > schema::KEYS.len() as i64 {
        return Err(BackupError::Refused(
            "the data folder belongs to a newer program: back it up with that one".to_owned(),
        ));
    }
    checkpoint::write(live, order.at).await?;
    let mut tries = 1;
    while !copy_database(order.data, part, live).await? {
        // An erasure put a segment in the place of another: the copy is made
        // again, and holds nothing of what was erased.
        tries += 1;
        if tries > TRIES {
            return Err(BackupError::Refused(
                "usage was erased again and again while it was copied: try later".to_owned(),
            ));
        }
    }
    if let Some(operator) = order.operator
        && files::copy(operator, &part.join("operator.toml"))?.is_none()
    {
        return Err(BackupError::Refused(format!("there is no {}", operator.display())));
    }
    let copy = sqlite::copy(&part.join("yakkan.db")).await?;
    let verified = verify(&copy, part).await;
    let (contents, checkpoint, root) = verified?;
    let marks = facts::marks_in_use(&copy).await?;
    copy.close().await;
    // After the rows: a key is drawn before the row that needs it.
    if let Some(file) = order.keys {
        copy_keys(keys, file, &marks).await?;
    }
    let manifest = Manifest {
        format: Manifest::FORMAT,
        program: order.program.to_owned(),
        store: "sqlite".to_owned(),
        schema,
        keys_schema,
        made_at: order.at,
        day: order.at.day(),
        expires: Period::days(order.at.day(), order.backup_days + 1).last_day(),
        checkpoint,
        root,
        contents,
        files: files::hash_all(part)?,
    };
    manifest.write(part)?;
    files::sync_folder(&part.join("segments"))?;
    files::sync_folder(part)?;
    Ok(manifest)
}

/// Database and segments; false when a segment went while it was copied.
async fn copy_database(data: &Path, part: &Path, live: &AnyPool) -> Result<bool> {
    if part.exists() {
        fs::remove_dir_all(part)
            .map_err(|error| trouble("this folder cannot be removed:", part, &error))?;
    }
    let (segments, copied) = (data.join("segments"), part.join("segments"));
    files::make_folder(part)?;
    files::make_folder(&copied)?;
    vacuum_into(live, &part.join("yakkan.db")).await?;
    let copy = sqlite::copy(&part.join("yakkan.db")).await?;
    let names: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT stored_as FROM usage_segment ORDER BY stored_as")
            .fetch_all(&copy)
            .await?;
    copy.close().await;
    for (name,) in names {
        if files::copy(&segments.join(&name), &copied.join(&name))?.is_none() {
            let (still,): (i64,) =
                sqlx::query_as("SELECT COUNT(*) FROM usage_segment WHERE stored_as = $1")
                    .bind(&name)
                    .fetch_one(live)
                    .await?;
            if still > 0 {
                return Err(BackupError::Refused(format!(
                    "the data folder is damaged: {} is missing. Restore an earlier backup",
                    segments.join(&name).display()
                )));
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// SQLite writes one consistent state into a new file, without what was deleted.
async fn vacuum_into(live: &AnyPool, target: &Path) -> Result<()> {
    // An empty file is taken, and keeps its rights.
    files::create_private(target)
        .map_err(|error| trouble("this file cannot be written:", target, &error))?;
    sqlx::query("VACUUM INTO $1").bind(target.to_string_lossy().into_owned()).execute(live).await?;
    File::open(target)
        .and_then(|file| file.sync_all())
        .map_err(|error| trouble("this file cannot be written:", target, &error))
}

type Verified = (facts::Contents, Option<super::LastCheckpoint>, String);

/// Looks at the copy as a restore will: every page and every chain.
async fn verify(copy: &AnyPool, part: &Path) -> Result<Verified> {
    facts::integrity(copy, "yakkan.db").await?;
    let faults = audit::check(copy, &Shelf::Folder(part.join("segments"), String::new())).await?;
    if !faults.is_empty() {
        let lines = faults.iter().map(|f| format!("{} #{}: {}", f.stream, f.seq, f.problem));
        return Err(BackupError::Refused(format!(
            "the data folder is damaged, and no backup was made of it:\n  {}",
            lines.collect::<Vec<_>>().join("\n  ")
        )));
    }
    let root = checkpoint::root(copy).await?;
    Ok((facts::contents(copy).await?, facts::last_checkpoint(copy).await?, root))
}

/// The keys as they are now take the place of the file of the last time.
async fn copy_keys(keys: &AnyPool, file: &Path, marks: &[String]) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        files::make_folder(folder)?;
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    if part.exists() {
        fs::remove_file(&part)
            .map_err(|error| trouble("this file cannot be written:", &part, &error))?;
    }
    vacuum_into(keys, &part).await?;
    let copy = sqlite::copy(&part).await?;
    facts::integrity(&copy, "the keys").await?;
    let unknown = facts::unknown_marks(&copy, marks).await?;
    copy.close().await;
    if !unknown.is_empty() {
        let _ = fs::remove_file(&part);
        return Err(BackupError::Refused(format!(
            "keys.db is damaged: {} keys of personal rows are missing. \
             The last copy of the keys was left as it is",
            unknown.len()
        )));
    }
    fs::rename(&part, file)
        .map_err(|error| trouble("this file cannot be written:", file, &error))?;
    files::sync_folder(folder.unwrap_or(Path::new(".")))
}
