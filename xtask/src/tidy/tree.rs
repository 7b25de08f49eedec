//! The files of the repository, read once.

use std::path::Path;
use std::process::Command;

/// Every file that git tracks or would take in, in order of path.
pub struct Tree {
    files: Vec<(String, Option<String>)>,
}

impl Tree {
    /// Asks git for the names, so that ignored files never matter.
    pub fn read(root: &Path) -> Result<Tree, String> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|why| format!("git cannot be started: {why}"))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("git ls-files failed: {why}"));
        }
        let names = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut names: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        let mut files = Vec::new();
        for name in names {
            // A file that was deleted but not yet committed is still listed.
            if let Ok(bytes) = std::fs::read(root.join(name)) {
                files.push((name.to_owned(), String::from_utf8(bytes).ok()));
            }
        }
        Ok(Tree { files })
    }

    /// Every path, of texts and others.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    /// The files that are UTF-8 text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// One file's text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts().find(|(name, _)| *name == path).map(|(_, text)| text)
    }
}
