//! Names say what is inside; nothing names a place on one machine.

use super::finding::Finding;
use super::tree::Tree;

const EMPTY_NAMES: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "misc", "manager"];

/// Written in pieces, so that this file does not find itself.
const PLACES: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../sha", "red")];

/// File names without meaning, and paths of a machine in any text.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in tree.paths() {
        if let Some(name) = empty_name(path) {
            let what = format!("the name {name} says nothing: name the file after what it does");
            findings.push(Finding::new(path, 1, what));
        }
    }
    for (path, text) in tree.texts() {
        for (line, text) in (1..).zip(text.lines()) {
            if let Some(place) = machine_path(text) {
                let what = format!("{place} exists on one machine only: use a path from the root");
                findings.push(Finding::new(path, line, what));
            }
        }
    }
    findings
}

/// `utils` for `crates/a/utils.rs` and `crates/utils/a.rs`.
fn empty_name(path: &str) -> Option<&str> {
    path.split('/')
        .map(|part| part.split_once('.').map_or(part, |(stem, _)| stem))
        .find(|stem| EMPTY_NAMES.contains(stem))
}

fn machine_path(line: &str) -> Option<&'static str> {
    PLACES
        .into_iter()
        .find(|place| line.match_indices(place).any(|(at, _)| is_whole(line, at, place)))
}

/// The place is not the middle of a longer path, such as a web address.
fn is_whole(line: &str, at: usize, place: &str) -> bool {
    let in_path = |c: char| c.is_alphanumeric() || "_-.}".contains(c);
    if place.ends_with('/') {
        return !line[..at].ends_with(in_path);
    }
    !line[at + place.len()..].starts_with(in_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_path_are_judged_without_their_ending() {
        assert_eq!(empty_name("crates/a/src/utils.rs"), Some("utils"));
        assert_eq!(empty_name("tests/common/mod.rs"), Some("common"));
        assert_eq!(empty_name("docs/common_carrier.md"), None);
    }

    #[test]
    fn machine_paths_are_found_where_they_begin() {
        assert!(machine_path(concat!("see /wo", "rk/main")).is_some());
        assert!(machine_path(concat!("\"../../sha", "red/x\"")).is_some());
        assert!(machine_path(concat!("https://a.example/wo", "rk/")).is_none());
        assert!(machine_path(concat!("../sha", "red.rs")).is_none());
    }
}
