//! Who is at work: every open store is a worker, and holds a lock on a file of its
//! own in the data folder for as long as it lives.
//!
//! The lock goes with the process, however that ends, and with nothing else: a
//! machine that slept, or a mail server that is slow, takes no work away from a
//! worker that will go on with it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::failure::{Failure, Result};
use crate::{private, sealed};

/// One open store, under a name that is never used again.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub id: String,
    /// None in memory, where nobody else can be.
    place: Option<Arc<Place>>,
}

#[derive(Debug)]
struct Place {
    folder: PathBuf,
    /// Locked until it is dropped.
    _own: File,
}

impl Worker {
    /// A new worker beside those that have the folder open, after the files of
    /// those that are gone have been cleared away.
    pub(crate) fn in_folder(folder: PathBuf) -> Result<Worker> {
        fs::create_dir_all(&folder)?;
        clear(&folder)?;
        let id = new_id()?;
        // Locked before it has its name: whoever sees it sees it locked.
        let unnamed = folder.join(format!("{id}.new"));
        let own = private::create(&unnamed)?;
        own.lock()?;
        fs::rename(&unnamed, folder.join(&id))?;
        Ok(Worker { id, place: Some(Arc::new(Place { folder, _own: own })) })
    }

    pub(crate) fn in_memory() -> Result<Worker> {
        Ok(Worker { id: new_id()?, place: None })
    }

    /// True as long as the worker of this name may still be at something.
    pub(crate) fn is_alive(&self, id: &str) -> Result<bool> {
        let Some(place) = &self.place else { return Ok(id == self.id) };
        Ok(id == self.id || is_locked(&place.folder.join(id))?)
    }
}

impl Worker {
    /// True when the worker of this file is alive.
    pub(crate) fn holds(file: &Path) -> bool {
        file.extension().is_none() && is_locked(file).unwrap_or(false)
    }
}

pub(crate) fn new_id() -> Result<String> {
    Ok(blake3::hash(&sealed::new_secret()?).to_hex()[..32].to_owned())
}

fn clear(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_none() && !is_locked(&file)? {
            fs::remove_file(&file).or_else(unless_gone)?;
        }
    }
    Ok(())
}

/// Another worker may have cleared it away in the same moment.
pub(crate) fn unless_gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// A look takes the lock together with others who look, never alone.
fn is_locked(file: &Path) -> Result<bool> {
    let file = match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(Failure::from(error)),
    }
}
