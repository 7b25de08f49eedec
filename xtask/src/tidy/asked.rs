//! The law is asked where decisions are made. Letters, papers and pages read what
//! the record determined: two answers of the law at two moments may differ. The letters do
//! not even have it: how items, versions and rates are printed their sender tells.

use super::finding::{Finding, RustFile, crate_of};
use super::rust_text::{line_at, words};

/// The crates in which the law is laid over a case.
const DECIDING: [&str; 2] = ["terms", "contract"];

/// Where else the law is asked, and why nothing recorded could answer.
const ASKED: [(&str, &str); 11] = [
    ("crates/engine/src/announcing/said.rs", "the court that a notice names is no rule's result"),
    ("crates/engine/src/announcing/writing.rs", "a notice is tried before it is recorded"),
    ("crates/engine/src/outgoing/list.rs", "which notices leave by themselves"),
    ("crates/engine/src/examples/law.rs", "worked examples of the pack have no record"),
    ("crates/engine/src/people/operator.rs", "a file whose law cannot be read is refused"),
    (
        "crates/engine/src/scenario/arrivals.rs",
        "a scenario makes the checks that an operator would",
    ),
    (
        "crates/engine/src/gates/stopping.rs",
        "on which channels something counts that is yet to come",
    ),
    ("crates/engine/src/gates/takeover/check.rs", "an agreement is tried before it is loaded"),
    ("crates/office/src/web/portal/apply.rs", "on which channels an application would count"),
    ("crates/office/src/web/portal/stop.rs", "on which channels a cancellation would count"),
    ("crates/office/src/web/site/apply.rs", "on which channels either would count"),
];

/// Where the law has no place on the list, and may not be had at all.
const LETTERS: [&str; 2] =
    ["crates/engine/src/outgoing/letters/", "crates/engine/src/outgoing/works/"];

/// `.effective(` in the source of a crate that does not decide, and places of the
/// list at which it stands no longer.
pub fn check(rust: &[RustFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust.iter().filter(|file| does_not_decide(file.path)) {
        let code = &file.text.code;
        let listed = ASKED.iter().any(|(path, _)| *path == file.path);
        for (at, _) in code.match_indices(".effective(").filter(|_| !listed) {
            let what = "the law is asked again: read what the record determined, or let it \
                        determine that (contract/src/road/stated.rs)";
            findings.push(Finding::new(file.path, line_at(code, at), what));
        }
    }
    for file in rust.iter().filter(|file| LETTERS.iter().any(|at| file.path.starts_with(at))) {
        let code = &file.text.code;
        for at in words(code, "Law").chain(words(code, "engine.law")) {
            let what = "a letter has no law: it reads what the record determined, and how that \
                        is printed its sender tells (engine/src/outgoing/papers/sender.rs)";
            findings.push(Finding::new(file.path, line_at(code, at), what));
        }
    }
    for (path, reason) in ASKED {
        let asks = |file: &&RustFile| file.text.code.contains(".effective(");
        if rust.iter().find(|file| file.path == path).filter(asks).is_none() {
            let what = format!("the law is asked here no longer ({reason}): take it off the list");
            findings.push(Finding::new(path, 1, what));
        }
    }
    findings
}

fn does_not_decide(path: &str) -> bool {
    let decides = crate_of(path).is_none_or(|name| DECIDING.contains(&name));
    !decides && path.contains("/src/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    #[test]
    fn a_letter_that_asks_the_law_and_a_place_that_no_longer_does_are_named() {
        let file = |path, code| RustFile { path, text: RustText::of(code) };
        let asks = "fn f() { law.effective(at, &[]) }";
        let mut rust: Vec<_> = ASKED.iter().map(|(path, _)| file(path, asks)).collect();
        assert_eq!(check(&rust), []);
        rust.push(file("crates/contract/src/ending/ends.rs", asks));
        rust.push(file("crates/engine/tests/whole/main.rs", asks));
        rust.push(file("crates/engine/src/outgoing/letters/order.rs", "// law.effective(at)\n"));
        assert_eq!(check(&rust), []);
        rust.push(file("crates/engine/src/outgoing/papers/quotation.rs", asks));
        rust.push(file(
            "crates/engine/src/outgoing/letters/receipt.rs",
            "fn f(law: &Law) { engine.law }",
        ));
        rust[0] = file(ASKED[0].0, "fn f() {}");
        let found: Vec<_> = check(&rust).iter().map(|finding| finding.path.clone()).collect();
        let letter = "crates/engine/src/outgoing/letters/receipt.rs";
        let paper = "crates/engine/src/outgoing/papers/quotation.rs";
        assert_eq!(found, [paper, letter, letter, ASKED[0].0]);
    }
}
