//! A file as rules look at it, and what they find.

use std::fmt;

use super::rust_text::RustText;

/// One breach of a rule, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl Finding {
    pub fn new(path: &str, line: usize, what: impl Into<String>) -> Finding {
        let path = path.to_owned();
        let what = what.into();
        Finding { path, line, what }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A Rust file with its comments and strings told apart.
pub struct RustFile<'a> {
    pub path: &'a str,
    pub text: RustText,
}

impl RustFile<'_> {
    /// Whether it belongs to `crates/NAME/`.
    pub fn in_crate(&self, name: &str) -> bool {
        crate_of(self.path) == Some(name)
    }
}

/// `reckon` for `crates/reckon/src/day.rs`.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}
