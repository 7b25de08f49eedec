//! The repository's own rules, which no compiler checks. One file per group.

use std::fmt;
use std::path::Path;

mod architecture;
mod asked;
mod circles;
mod citations;
mod floats;
mod functions;
mod layers;
mod names;
mod purity;
mod rust_text;
mod size;
mod tree;
mod unfinished;

use rust_text::RustText;
pub use tree::Tree;

/// The crates that know neither clock nor file nor network.
const PURE: [&str; 4] = ["reckon", "terms", "rating", "contract"];

/// One breach of a rule, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Finding {
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

/// What an inspection found.
#[derive(Debug)]
pub struct Report {
    pub files: usize,
    pub findings: Vec<Finding>,
}

/// A Rust file with its comments and strings told apart.
struct RustFile<'a> {
    path: &'a str,
    text: RustText,
}

impl RustFile<'_> {
    /// Whether it belongs to `crates/NAME/`.
    fn in_crate(&self, name: &str) -> bool {
        crate_of(self.path) == Some(name)
    }
}

/// `reckon` for `crates/reckon/src/day.rs`.
fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// Applies every rule to the files that git knows or would take in.
pub fn inspect(root: &Path) -> Result<Report, String> {
    let tree = Tree::read(root)?;
    let rust: Vec<RustFile> = tree
        .texts()
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(path, text)| RustFile { path, text: RustText::of(text) })
        .collect();
    let mut findings = Vec::new();
    for file in &rust {
        findings.extend(size::check(file));
        findings.extend(floats::check(file));
        findings.extend(unfinished::check(file));
        findings.extend(purity::check(file));
    }
    findings.extend(architecture::check(&tree, &rust));
    findings.extend(asked::check(&rust));
    findings.extend(circles::check(&rust));
    findings.extend(names::check(&tree));
    findings.extend(layers::check(&tree));
    findings.extend(citations::check(&tree, &rust));
    findings.sort();
    findings.dedup();
    let files = tree.paths().count();
    Ok(Report { files, findings })
}
