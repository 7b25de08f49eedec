//! No file and no function longer than one reads at a time.

use super::finding::{Finding, RustFile};
use super::functions::functions;

const FILE: usize = 800;
const FUNCTION: usize = 70;

/// Long files and long functions.
pub fn check(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = file.text.raw.lines().count();
    if lines > FILE {
        let what = format!("{lines} lines, at most {FILE}: split the file by what it speaks of");
        findings.push(Finding::new(file.path, 1, what));
    }
    for function in functions(&file.text.code) {
        if function.lines > FUNCTION && !function.is_table {
            let (name, lines) = (function.name, function.lines);
            let what = format!("fn {name} has {lines} lines, at most {FUNCTION}: take steps out");
            findings.push(Finding::new(file.path, function.line, what));
        }
    }
    findings
}
