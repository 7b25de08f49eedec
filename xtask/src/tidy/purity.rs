//! The pure crates' code touches neither files nor environment nor clock.
//! (Their dependencies are judged in `layers`.)

use super::finding::{Finding, RustFile};
use super::layers::PURE;
use super::rust_text::{in_name, line_at, words};

const FORBIDDEN: [&str; 4] = ["std::fs", "std::env", "std::time::SystemTime", "std::time::Instant"];

/// Roads to the same things that the list above would not see.
const TOO_WIDE: [&str; 3] = ["std::*", "std::time", "std::time::*"];

/// Standard library paths and clock readings in `src` of a pure crate.
pub fn check(file: &RustFile) -> Vec<Finding> {
    let pure = PURE.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
    if !pure {
        return Vec::new();
    }
    let code = &file.text.code;
    let mut findings = Vec::new();
    for (at, path) in std_paths(code) {
        if is_forbidden(&path) {
            let what = format!("{path} in a pure crate: let the caller pass in what it yields");
            findings.push(Finding::new(file.path, line_at(code, at), what));
        }
    }
    for clock in ["Timestamp::now", "Zoned::now"] {
        for at in words(code, clock) {
            let what = format!("{clock} in a pure crate: time is an input");
            findings.push(Finding::new(file.path, line_at(code, at), what));
        }
    }
    findings
}

fn is_forbidden(path: &str) -> bool {
    let inside = |root: &&str| {
        path.strip_prefix(*root).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    TOO_WIDE.contains(&path) || FORBIDDEN.iter().any(inside)
}

/// Every path that starts with `std::`, with `use std::{a, b::{c, d}}` spelled out.
fn std_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in words(code, "std") {
        if code[at + 3..].trim_start().starts_with("::") {
            let mut paths = Vec::new();
            spell_out(&code[at..], "", &mut paths);
            found.extend(paths.into_iter().map(|path| (at, path)));
        }
    }
    found
}

/// Reads one path or group; returns what stands behind it.
fn spell_out<'a>(text: &'a str, prefix: &str, paths: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            if rest.is_empty() || rest.starts_with('}') {
                return rest.strip_prefix('}').unwrap_or(rest);
            }
            let before = rest.len();
            rest = spell_out(rest, prefix, paths);
            if rest.len() == before {
                // Not a path: leave it rather than stand still.
                return rest;
            }
            if let Some(renamed) = rest.trim_start().strip_prefix("as ") {
                rest = renamed.trim_start().trim_start_matches(in_name);
            }
        }
    }
    let end =
        if text.starts_with('*') { 1 } else { text.find(|c| !in_name(c)).unwrap_or(text.len()) };
    let path = match (prefix, &text[..end]) {
        // `std::fs::{self}` is `std::fs`.
        (prefix, "self") => prefix.to_owned(),
        ("", name) => name.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    let rest = &text[end..];
    match rest.trim_start().strip_prefix("::") {
        Some(deeper) => spell_out(deeper, &path, paths),
        None => {
            paths.push(path);
            rest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    #[test]
    fn groups_are_spelled_out() {
        let paths = |code| std_paths(code).into_iter().map(|(_, path)| path).collect::<Vec<_>>();
        assert_eq!(paths("use std::fs;"), ["std::fs"]);
        assert_eq!(
            paths("use std::{fmt as f, fs::{self, File}, time::Duration};"),
            ["std::fmt", "std::fs", "std::fs::File", "std::time::Duration"]
        );
        assert_eq!(paths("std::env::var(x)"), ["std::env::var"]);
        assert_eq!(paths("mystd::fs"), [""; 0]);
    }

    #[test]
    fn only_the_source_of_pure_crates_counts() {
        let at = |path| {
            let text = RustText::of("use std::{fmt, time::{Duration, Instant}};\n// std::fs\n");
            check(&RustFile { path, text }).len()
        };
        assert_eq!(at("crates/terms/src/lib.rs"), 1);
        assert_eq!(at("crates/terms/tests/a.rs"), 0);
        assert_eq!(at("crates/terms/build.rs"), 0);
        assert_eq!(at("crates/store/src/lib.rs"), 0);
    }
}
