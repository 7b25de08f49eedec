//! The map of the repository: every Rust file with the first line of what it says of
//! itself, so that no list is kept by hand.

use crate::tidy::Tree;

/// The files below a folder, or all of them, folder by folder.
pub fn of(tree: &Tree, under: &str) -> String {
    let files = tree.texts().filter(|(path, _)| path.ends_with(".rs") && path.starts_with(under));
    let split = |path| str::rsplit_once(path, '/').unwrap_or(("", path));
    let mut files: Vec<_> = files.map(|(path, text)| (split(path), text)).collect();
    files.sort_unstable();
    let mut map = String::new();
    let mut last = None;
    for ((folder, file), text) in files {
        if last.replace(folder) != Some(folder) {
            map += &format!("\n{folder}/\n");
        }
        let says = first_words(text).unwrap_or("(says nothing of itself)");
        map += &format!("  {file:<28} {says}\n");
    }
    map
}

/// The first line of a file's own documentation.
pub fn first_words(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("//! ").map(str::trim)
}
