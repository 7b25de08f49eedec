//! Files of a backup: hashed, written so that they outlast a crash.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest::CopiedFile;
use super::{BackupError, Result};

pub(crate) fn trouble(what: &'static str, path: &Path, error: &io::Error) -> BackupError {
    BackupError::File { what, path: path.to_owned(), why: error.to_string() }
}

pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder that only its owner may look into.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path)
        .and_then(|()| owner_only(path, 0o700))
        .map_err(|error| trouble("this folder cannot be made:", path, &error))
}

/// Writes a file through to the disk, for its owner only.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = || -> io::Result<()> {
        create_private(path)?;
        let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    written().map_err(|error| trouble("this file cannot be written:", path, &error))
}

/// An empty file that only its owner may read.
#[cfg(unix)]
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    owner_only(path, 0o600)
}

#[cfg(not(unix))]
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path).map(|_| ())
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn owner_only(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Copies a file through to the disk; `None` when the source is gone.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<Option<()>> {
    let mut source = match File::open(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| trouble("this file cannot be read:", from, &error))?,
    };
    let copied = || -> io::Result<()> {
        create_private(to)?;
        let mut target = OpenOptions::new().write(true).truncate(true).open(to)?;
        io::copy(&mut source, &mut target)?;
        target.sync_all()
    };
    let copied = { copied }();
    copied.map_err(|error| trouble("this file cannot be written:", to, &error))?;
    Ok(Some(()))
}

/// Makes what was renamed or written into a folder outlast a crash.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| trouble("this folder cannot be written:", path, &error))
}

/// Size and hash of every file in a folder, in the order of their names.
pub(crate) fn hash_all(folder: &Path) -> Result<Vec<CopiedFile>> {
    let mut files = Vec::new();
    for path in all(folder)? {
        let (bytes, sha256) =
            hash(&path).map_err(|error| trouble("this file cannot be read:", &path, &error))?;
        files.push(CopiedFile { path: inside(folder, &path), bytes, sha256 });
    }
    Ok(files)
}

fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut part = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut part)?;
        if length == 0 {
            return Ok((bytes, hex(&hasher.finalize())));
        }
        bytes += length as u64;
        hasher.update(&part[..length]);
    }
}

/// Every file below a folder, sorted.
fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: io::Error| trouble("this folder cannot be read:", folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(all(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn inside(folder: &Path, path: &Path) -> String {
    let rest = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = rest.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
