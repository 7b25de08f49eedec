//! ARCHITECTURE.md can be read in one sitting, and what it claims to be kept is kept.

use std::collections::BTreeSet;

use super::finding::{Finding, RustFile};
use super::tree::Tree;
use crate::map::first_words;

const PAGE: &str = "ARCHITECTURE.md";
/// In bytes.
const LONGEST: usize = 14_000;

pub fn check(tree: &Tree, rust: &[RustFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(page) = tree.text(PAGE) else {
        return vec![Finding::new(PAGE, 1, "is missing")];
    };
    if page.len() > LONGEST {
        let what = format!("has {} bytes, at most {LONGEST}: move details to docs/", page.len());
        findings.push(Finding::new(PAGE, 1, what));
    }
    let known: BTreeSet<&str> = rust.iter().flat_map(|file| functions(&file.text.code)).collect();
    for (line, text) in page.lines().enumerate().filter(|(_, text)| text.starts_with("| ")) {
        for name in text.split('`').skip(1).step_by(2).filter(|name| is_sentence(name)) {
            if !known.contains(name) {
                let what = format!("no function is called {name}: name the test that keeps it");
                findings.push(Finding::new(PAGE, line + 1, what));
            }
        }
    }
    findings.extend(silent(tree));
    findings
}

/// The names of the functions of a file.
fn functions(source: &str) -> impl Iterator<Item = &str> {
    source.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next())
}

/// Tests are named as sentences.
fn is_sentence(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.matches('_').count() >= 3 && name.chars().all(is_word)
}

/// Files of the product that do not say in their first line what they are for.
fn silent(tree: &Tree) -> impl Iterator<Item = Finding> {
    let product = tree.texts().filter(|(path, _)| {
        path.starts_with("crates/") && path.contains("/src/") && path.ends_with(".rs")
    });
    let silent = product.filter(|(_, text)| first_words(text).is_none());
    silent.map(|(path, _)| Finding::new(path, 1, "say in the first line (//!) what it is for"))
}
