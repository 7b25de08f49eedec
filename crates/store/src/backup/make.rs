//! Making a backup, while others serve and write.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use reckon::{Moment, Period};
use sqlx::{AnyConnection, AnyPool};

use super::files::{self, trouble};
use super::manifest::{LastCheckpoint, Manifest, POSTGRESQL, SQLITE};
use super::{BackupError, Result, facts, server};
use crate::seal::Seals;
use crate::shelf::Shelf;
use crate::{audit, checkpoint, dialect, installation, postgres, schema, sqlite};

/// How often the copy is begun again because an erasure changed the segments
/// while it was made.
const TRIES: usize = 10;

/// What is to be backed up, and where to.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    pub data: &'a Path,
    /// The address of the database when it is on PostgreSQL and not in the folder.
    pub database: Option<&'a str>,
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

impl Order<'_> {
    fn store(&self) -> &'static str {
        if self.database.is_some() { POSTGRESQL } else { SQLITE }
    }
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
    if order.database.is_none() && !database.exists() {
        return Err(BackupError::Refused(format!(
            "{} is no data folder of Yakkan: {} is missing",
            order.data.display(),
            database.display()
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
    let live = match order.database {
        Some(address) => postgres::open(address).await?,
        None => sqlite::existing(&order.data.join("yakkan.db")).await?,
    };
    let keys_file = order.data.join("keys.db");
    installation::refuse_lost_keys(&live, &keys_file).await?;
    let keys = sqlite::existing(&keys_file).await?;
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
    let schema = facts::schema_version(&mut *live.acquire().await?).await?;
    let keys_schema = facts::schema_version(&mut *keys.acquire().await?).await?;
    if schema > schema::MAIN.len() as i64 || keys_schema > schema::KEYS.len() as i64 {
        return Err(BackupError::Refused(
            "the data folder belongs to a newer program: back it up with that one".to_owned(),
        ));
    }
    // Rows of an older program are sealed at the first start of this one.
    let is_sealed = schema == schema::MAIN.len() as i64;
    let seals = if is_sealed { Seals::of_keys(keys).await? } else { None };
    checkpoint::write(live, seals.as_ref(), order.at).await?;
    let seen = copy_whole(order, part, Live { pool: live, seals: seals.as_ref() }).await?;
    if let Some(operator) = order.operator
        && files::copy(operator, &part.join("operator.toml"))?.is_none()
    {
        return Err(BackupError::Refused(format!("there is no {}", operator.display())));
    }
    // After the rows: a key is drawn before the row that needs it.
    if let Some(file) = order.keys {
        copy_keys(keys, file, &seen.marks).await?;
    }
    let manifest = Manifest {
        format: Manifest::FORMAT,
        program: order.program.to_owned(),
        store: order.store().to_owned(),
        schema,
        keys_schema,
        made_at: order.at,
        day: order.at.day(),
        expires: Period::days(order.at.day(), order.backup_days + 1).last_day(),
        checkpoint: seen.checkpoint,
        root: seen.root,
        contents: seen.contents,
        files: files::hash_all(part)?,
    };
    manifest.write(part)?;
    files::sync_folder(&part.join("segments"))?;
    files::sync_folder(part)?;
    Ok(manifest)
}

/// What stands in a copy that was looked at as a restore will look at it.
struct Seen {
    contents: facts::Contents,
    checkpoint: Option<LastCheckpoint>,
    root: String,
    marks: Vec<String>,
}

/// The database that is copied, and the key of its seals.
#[derive(Clone, Copy)]
struct Live<'a> {
    pool: &'a AnyPool,
    seals: Option<&'a Seals>,
}

/// Copies until no erasure has put a segment in the place of another meanwhile.
async fn copy_whole(order: &Order<'_>, part: &Path, live: Live<'_>) -> Result<Seen> {
    for _ in 0..TRIES {
        if let Some(seen) = copy_once(order, part, live).await? {
            return Ok(seen);
        }
    }
    Err(BackupError::Refused(
        "usage was erased again and again while it was copied: try later".to_owned(),
    ))
}

/// Database and segments; `None` when a segment went while it was copied.
async fn copy_once(order: &Order<'_>, part: &Path, source: Live<'_>) -> Result<Option<Seen>> {
    let live = source.pool;
    if part.exists() {
        fs::remove_dir_all(part)
            .map_err(|error| trouble("this folder cannot be removed:", part, &error))?;
    }
    files::make_folder(part)?;
    files::make_folder(&part.join("segments"))?;
    if let Some(address) = order.database {
        let mut look = dialect::begin_look(live).await?;
        let dump = part.join(server::DUMP);
        files::create_private(&dump)
            .map_err(|error| trouble("this file cannot be written:", &dump, &error))?;
        server::dump(&mut look, address, &dump).await?;
        let seen = look_at(&mut look, order.data, part, source).await?;
        look.rollback().await?;
        return Ok(seen);
    }
    let database = part.join("yakkan.db");
    vacuum_into(live, &database).await?;
    let copy = sqlite::copy(&database).await?;
    let mut conn = copy.acquire().await?;
    facts::integrity(&mut conn, "yakkan.db").await?;
    let seen = look_at(&mut conn, order.data, part, source).await;
    drop(conn);
    copy.close().await;
    seen
}

/// Copies the segments that one state of the database names, and checks them and
/// every chain of it.
async fn look_at(
    conn: &mut AnyConnection,
    data: &Path,
    part: &Path,
    live: Live<'_>,
) -> Result<Option<Seen>> {
    let copied = part.join("segments");
    let names: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT stored_as FROM usage_segment ORDER BY stored_as")
            .fetch_all(&mut *conn)
            .await?;
    for (name,) in &names {
        let segment = data.join("segments").join(name);
        if files::copy(&segment, &copied.join(name))?.is_none() {
            refuse_lost_segment(live.pool, name, &segment).await?;
            return Ok(None);
        }
    }
    let mut faults = audit::copy(&mut *conn, live.seals).await?;
    let shelf = Shelf::Folder(copied, String::new());
    for (name,) in &names {
        faults.extend(audit::segment(&shelf, name).await);
    }
    if !faults.is_empty() {
        let lines = faults.iter().map(ToString::to_string);
        return Err(BackupError::Refused(format!(
            "the data folder is damaged, and no backup was made of it:\n  {}",
            lines.collect::<Vec<_>>().join("\n  ")
        )));
    }
    Ok(Some(Seen {
        contents: facts::contents(&mut *conn).await?,
        checkpoint: facts::last_checkpoint(&mut *conn).await?,
        root: checkpoint::root(&mut *conn).await?,
        marks: facts::marks_in_use(conn).await?,
    }))
}

/// # Errors
/// When a segment is gone that the database still names.
async fn refuse_lost_segment(live: &AnyPool, name: &str, segment: &Path) -> Result<()> {
    let (still,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM usage_segment WHERE stored_as = $1")
            .bind(name)
            .fetch_one(live)
            .await?;
    if still == 0 {
        return Ok(());
    }
    Err(BackupError::Refused(format!(
        "the data folder is damaged: {} is missing. Restore an earlier backup",
        segment.display()
    )))
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
    let mut conn = copy.acquire().await?;
    facts::integrity(&mut conn, "the keys").await?;
    let unknown = facts::unknown_marks(&mut conn, marks).await?;
    drop(conn);
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
