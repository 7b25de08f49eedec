//! A data folder is its owner's: nobody else on the machine may read it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What others than the owner may do.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// A file to be written. SQLite gives the logs beside a database the same rights.
#[cfg(unix)]
pub(crate) fn create(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().append(true).create(true).mode(0o600).open(file)
}

#[cfg(not(unix))]
pub(crate) fn create(file: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(file)
}

/// Takes from others what an earlier program, or a person, gave them. A folder of
/// somebody else stays as it is and is told: it can be served all the same.
#[cfg(unix)]
pub(crate) fn close(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for path in open_to_others(folder, false) {
        let closed = fs::metadata(&path).and_then(|found| {
            let mode = found.permissions().mode() & !OTHERS;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))
        });
        if let Err(error) = closed {
            tracing::warn!("{} can be read by others: {error}", path.display());
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn close(_folder: &Path) {}

/// What others can reach of a folder and all that is in it, or of a file: for
/// `yakkan doctor`. Nothing in a folder that is closed can be reached.
pub fn exposed(path: &Path) -> Vec<PathBuf> {
    open_to_others(path, true)
}

#[cfg(unix)]
fn open_to_others(path: &Path, reachable: bool) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = fs::symlink_metadata(path) else { return Vec::new() };
    let mut open = Vec::new();
    let is_open = !found.is_symlink() && found.permissions().mode() & OTHERS != 0;
    if is_open {
        open.push(path.to_owned());
    }
    if found.is_dir() && (is_open || !reachable) {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut below: Vec<_> =
            entries.flat_map(|entry| open_to_others(&entry.path(), reachable)).collect();
        below.sort();
        open.extend(below);
    }
    open
}

#[cfg(not(unix))]
fn open_to_others(_path: &Path, _reachable: bool) -> Vec<PathBuf> {
    Vec::new()
}
