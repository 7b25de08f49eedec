//! Where segment files stand: a folder, or memory for a what-if.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use crate::failure::{Failure, Result};
use crate::private;
use crate::worker::{Worker, unless_gone};

/// Files under the hash of their bytes; one that no row names is harmless.
#[derive(Debug, Clone)]
pub(crate) enum Shelf {
    /// With the worker's name, which unfinished files carry.
    Folder(PathBuf, String),
    Memory(Arc<Mutex<HashMap<String, Bytes>>>),
}

/// Tells apart two writers of the same bytes.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Shelf {
    /// A shelf in a folder, without what workers that are gone left unfinished.
    pub(crate) fn in_folder(folder: PathBuf, worker: &Worker) -> Result<Shelf> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tmp")
                && !worker.is_alive(writer_of(&path))?
            {
                fs::remove_file(&path).or_else(unless_gone)?;
            }
        }
        Ok(Shelf::Folder(folder, worker.id.clone()))
    }

    pub(crate) fn in_memory() -> Shelf {
        Shelf::Memory(Arc::default())
    }

    /// Keeps bytes so that they outlast a crash.
    pub(crate) async fn put(&self, bytes: Bytes) -> Result<()> {
        let name = name_of(&bytes);
        match self {
            Shelf::Folder(folder, worker) => {
                let (folder, worker) = (folder.clone(), worker.clone());
                blocking(move || write_whole(&folder, &worker, &name, &bytes)).await?;
            }
            Shelf::Memory(files) => {
                files.lock().expect("no holder panics").insert(name, bytes);
            }
        }
        Ok(())
    }

    /// Takes a file off the shelf; one that is gone already is as good.
    pub(crate) async fn remove(&self, name: &str) -> Result<()> {
        match self {
            Shelf::Folder(folder, _) => {
                let path = folder.join(name);
                blocking(move || fs::remove_file(path).or_else(unless_gone)).await
            }
            Shelf::Memory(files) => {
                files.lock().expect("no holder panics").remove(name);
                Ok(())
            }
        }
    }

    /// The bytes under a name, as they were kept.
    pub(crate) async fn get(&self, name: &str) -> Result<Bytes> {
        let bytes = match self {
            Shelf::Folder(folder, _) => {
                let path = folder.join(name);
                blocking(move || fs::read(path)).await?.into()
            }
            Shelf::Memory(files) => {
                let found = files.lock().expect("no holder panics").get(name).cloned();
                found.ok_or_else(|| Failure::broken(format!("there is no segment {name}")))?
            }
        };
        if name_of(&bytes) != name {
            return Err(Failure::broken(format!("segment {name} was changed")));
        }
        Ok(bytes)
    }
}

/// The name under which bytes are kept.
pub(crate) fn name_of(bytes: &[u8]) -> String {
    format!("{}.parquet", blake3::hash(bytes).to_hex())
}

/// The worker that was writing an unfinished file.
fn writer_of(unfinished: &Path) -> &str {
    let stem = unfinished.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.rsplit('.').next().unwrap_or_default()
}

/// Under a temporary name first: a file under its own name is whole.
fn write_whole(folder: &Path, worker: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{name}.{number}.{worker}.tmp"));
    let mut file = private::create(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // What does not fit only takes space from what might.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    fs::rename(&unfinished, folder.join(name))?;
    File::open(folder)?.sync_all()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Failure::broken(error.to_string()))??)
}
