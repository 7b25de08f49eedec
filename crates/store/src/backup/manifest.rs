//! The manifest: what a backup holds, up to when, and the hash of every file.

use std::fs;
use std::path::Path;

use reckon::{Day, Moment};
use serde::{Deserialize, Serialize};

use super::facts::Contents;
use super::files::{self, trouble};
use super::{BackupError, Result};

/// The name of the manifest in a backup's folder.
pub const MANIFEST: &str = "manifest.json";
/// The hash of the manifest itself, as `sha256sum -c` reads it.
pub(crate) const MANIFEST_SUM: &str = "manifest.sha256";
pub(crate) const SQLITE: &str = "sqlite";
pub(crate) const POSTGRESQL: &str = "postgresql";
/// Of the form of the manifest.
const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Name and version of the program that made it.
    pub program: String,
    /// `sqlite` or `postgresql`.
    pub store: String,
    /// Schema versions of the database and of the keys.
    pub schema: i64,
    pub keys_schema: i64,
    pub made_at: Moment,
    /// The day in Japan on which it was made.
    pub day: Day,
    /// The day on which it is destroyed: certificates of erasure name it (19-2).
    pub expires: Day,
    /// The last checkpoint in the copy.
    pub checkpoint: Option<LastCheckpoint>,
    /// The Merkle root over the ends of all chains in the copy.
    pub root: String,
    pub contents: Contents,
    pub files: Vec<CopiedFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheckpoint {
    pub seq: i64,
    pub made_at: Moment,
    pub root: String,
    pub hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedFile {
    /// Inside the backup's folder, with `/`.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    pub(crate) const FORMAT: u32 = FORMAT;

    /// Writes the manifest and its hash; the last files of a backup.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self).expect("plain data");
        text.push('\n');
        let sum = format!("{}  {MANIFEST}\n", files::sha256_of(text.as_bytes()));
        files::write(&folder.join(MANIFEST), text.as_bytes())?;
        files::write(&folder.join(MANIFEST_SUM), sum.as_bytes())
    }

    /// Reads a manifest and checks that it is the one that was written.
    ///
    /// # Errors
    /// When it is missing, was changed, or comes from a newer program.
    pub(crate) fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(MANIFEST);
        let bytes = fs::read(&path).map_err(|error| {
            let what = "no backup is in this folder, for its manifest cannot be read:";
            trouble(what, &path, &error)
        })?;
        let sum = fs::read_to_string(folder.join(MANIFEST_SUM)).unwrap_or_default();
        if sum.split_whitespace().next() != Some(files::sha256_of(&bytes).as_str()) {
            return Err(BackupError::Damaged(vec![format!(
                "{MANIFEST} is not the one that was written ({MANIFEST_SUM} tells)"
            )]));
        }
        let any: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if any["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
            return Err(BackupError::Refused(format!(
                "the backup was made by {}, whose form this program does not know: \
                 restore with that program",
                any["program"].as_str().unwrap_or("a newer program")
            )));
        }
        serde_json::from_value(any)
            .map_err(|error| BackupError::Damaged(vec![format!("{MANIFEST}: {error}")]))
    }
}
