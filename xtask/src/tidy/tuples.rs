//! A parameter has a name: no function takes an anonymous pair and takes it apart.

use super::finding::{Finding, RustFile};
use super::rust_text::{in_name, line_at, words};

pub fn check(file: &RustFile) -> Vec<Finding> {
    // Rows of a database come as tuples.
    let is_product = file.path.starts_with("crates/") && file.path.contains("/src/");
    if !is_product || file.path.starts_with("crates/store/") || file.path.contains("/tests") {
        return Vec::new();
    }
    let code = &file.text.code;
    let pairs = words(code, "fn").filter(|at| takes_a_pair(&code[at + 2..]));
    let what = "a parameter is a pair without a name: give it a struct, or pass its parts";
    pairs.map(|at| Finding::new(file.path, line_at(code, at), what)).collect()
}

/// Whether a pattern `(a, b): …` is among the parameters of the function that follows.
fn takes_a_pair(rest: &str) -> bool {
    let name = rest.trim_start();
    let Some(open) = rest.find('(').filter(|_| name.starts_with(in_name)) else { return false };
    let (mut depth, mut begins) = (0_i32, true);
    let mut pair = false;
    for c in rest[open..].chars() {
        match c {
            '(' => {
                pair |= depth == 1 && begins;
                depth += 1;
            }
            ')' if depth == 1 => return false,
            ')' => depth -= 1,
            ':' if depth == 1 && pair => return true,
            _ => {}
        }
        if depth == 1 && !c.is_whitespace() && c != ')' {
            begins = c == ',' || c == '(';
            pair &= !begins;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    #[test]
    fn a_pair_that_a_function_takes_apart_is_found() {
        let found = |path: &str, text: &str| {
            let lines = check(&RustFile { path, text: RustText::of(text) });
            lines.into_iter().map(|finding| finding.line).collect::<Vec<_>>()
        };
        let source = "fn a((b, c): (u8, u8)) {}\nfn d(\n    e: u8,\n    (f, g): (u8, u8),\n) {}\n\
                      fn h(i: (u8, u8), j: impl Fn((u8, u8)) -> u8) { k(|(l, m)| l + m) }\n\
                      type N = fn(u8) -> u8;\nfn o(p: u8) { match (p, p) { (1, _) => q((1, 2)), _ => {} } }\n";
        assert_eq!(found("crates/new/src/a.rs", source), [1, 2]);
        assert_eq!(found("crates/new/tests/a.rs", source), [0; 0]);
        assert_eq!(found("crates/store/src/a.rs", source), [0; 0]);
    }
}
