//! Nothing is left for later in the code.

use super::finding::{Finding, RustFile};
use super::rust_text::words;

/// Written in pieces, so that this file does not find itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
const MACROS: [&str; 2] = [concat!("to", "do"), concat!("unimple", "mented")];

/// Marks in code and comments, macros that panic, tests that are switched off.
pub fn check(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |line, what: String| findings.push(Finding::new(file.path, line, what));
    for (line, text) in (1..).zip(file.text.raw.lines()) {
        for mark in MARKS.iter().filter(|mark| words(text, mark).next().is_some()) {
            find(line, format!("{mark}: do it now, or write an issue"));
        }
    }
    for (line, code) in file.text.code_lines() {
        for name in MACROS {
            if words(code, name).any(|at| code[at + name.len()..].starts_with('!')) {
                find(line, format!("{name}!: write the code or leave the function out"));
            }
        }
        if code.contains(concat!("#[ig", "nore")) {
            find(line, "a test is switched off: mend it or delete it".to_owned());
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    fn found(text: &str) -> usize {
        let text = RustText::of(text);
        check(&RustFile { path: "a.rs", text }).len()
    }

    #[test]
    fn marks_macros_and_switches_are_found() {
        assert_eq!(found(concat!("// TO", "DO later")), 1);
        assert_eq!(found(concat!("to", "do!()")), 1);
        assert_eq!(found(concat!("#[ig", "nore = \"slow\"]")), 1);
        assert_eq!(found(concat!("let mastodon = \"XX", "XX\";")), 0);
    }
}
