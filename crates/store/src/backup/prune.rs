//! Retention: a backup is destroyed on the day that its manifest names.

use std::fs;
use std::path::{Path, PathBuf};

use reckon::Day;

use super::Result;
use super::files::trouble;
use super::manifest::{MANIFEST, Manifest};

/// A backup that stands in a folder.
#[derive(Debug, Clone)]
pub struct Kept {
    pub folder: PathBuf,
    /// `None` when the manifest cannot be read: a person looks at it.
    pub manifest: Option<Manifest>,
}

/// All backups in a folder, the oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn kept(folder: &Path) -> Result<Vec<Kept>> {
    let failed = |error: std::io::Error| trouble("this folder cannot be read:", folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.join(MANIFEST).exists() {
            found.push(Kept { manifest: Manifest::read(&path).ok(), folder: path });
        }
    }
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(found)
}

/// Destroys the backups whose day has come, so that nothing is left of what was
/// erased when the certificate says so. Returns what was removed.
///
/// # Errors
/// When a folder cannot be removed; the certificate's word is broken then.
pub fn prune(folder: &Path, today: Day) -> Result<Vec<PathBuf>> {
    let mut removed = Vec::new();
    for backup in kept(folder)? {
        let expired = backup.manifest.is_some_and(|manifest| manifest.expires <= today);
        if expired {
            // The manifest goes last but one: a removal that stopped half way is
            // found again by it.
            remove(&backup.folder)?;
            removed.push(backup.folder);
        }
    }
    Ok(removed)
}

fn remove(folder: &Path) -> Result<()> {
    let failed = |error: std::io::Error| trouble("this backup cannot be removed:", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let of_manifest = path.file_stem().is_some_and(|stem| stem.to_string_lossy() == "manifest");
        match (of_manifest, path.is_dir()) {
            (true, _) => {}
            (false, true) => fs::remove_dir_all(&path).map_err(failed)?,
            (false, false) => fs::remove_file(&path).map_err(failed)?,
        }
    }
    fs::remove_dir_all(folder).map_err(failed)
}
