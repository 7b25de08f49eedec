//! Where segment files stand: a folder, or memory for a what-if.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use crate::failure::{Failure, Result};

/// Files under the hash of their bytes; one that no row names is harmless.
#[derive(Debug, Clone)]
pub(crate) enum Shelf {
    Folder(PathBuf),
    Memory(Arc<Mutex<HashMap<String, Bytes>>>),
}

/// Tells apart two writers of the same bytes.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Shelf {
    /// A shelf in a folder, without what a crash left unfinished.
    pub(crate) fn in_folder(folder: PathBuf) -> Result<Shelf> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tmp") {
                fs::remove_file(path)?;
            }
        }
        Ok(Shelf::Folder(folder))
    }

    pub(crate) fn in_memory() -> Shelf {
        Shelf::Memory(Arc::default())
    }

    /// Keeps bytes so that they outlast a crash.
    pub(crate) async fn put(&self, bytes: Bytes) -> Result<()> {
        let name = name_of(&bytes);
        match self {
            Shelf::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || write_whole(&folder, &name, &bytes)).await?;
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
            Shelf::Folder(folder) => {
                let path = folder.join(name);
                blocking(move || match fs::remove_file(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                    done => done,
                })
                .await
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
            Shelf::Folder(folder) => {
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

/// Under a temporary name first: a file under its own name is whole.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{name}.{number}.tmp"));
    let mut file = File::create(&unfinished)?;
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
