//! The repository's own rules, which no compiler checks. One file per group.

use std::path::Path;

mod architecture;
mod asked;
mod circles;
mod citations;
mod finding;
mod floats;
mod functions;
mod layers;
mod names;
mod purity;
mod rust_text;
mod size;
mod tree;
mod tuples;
mod unfinished;

use finding::{Finding, RustFile};
use rust_text::RustText;
pub use tree::Tree;

/// What an inspection found.
#[derive(Debug)]
pub struct Report {
    pub files: usize,
    pub findings: Vec<Finding>,
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
        findings.extend(tuples::check(file));
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
