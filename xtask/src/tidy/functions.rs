//! Finds functions and how long they are.

use super::rust_text::{in_name, line_at, words};

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// The line of `fn`, counted from 1.
    pub line: usize,
    /// From the line of `fn` to the closing brace.
    pub lines: usize,
    /// The body is one array or `vec![…]`, or one `match` of short arms: data,
    /// not steps.
    pub is_table: bool,
}

/// The functions in a text whose comments and strings are blanked.
pub fn functions(code: &str) -> Vec<Function> {
    words(code, "fn").filter_map(|at| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Function> {
    let after = code[at + 2..].trim_start();
    let name: String = after.chars().take_while(|&c| in_name(c)).collect();
    if name.is_empty() {
        // `fn(u8) -> u8` is a type.
        return None;
    }
    let open = body_start(code, at)?;
    let close = closing(code, open)?;
    let line = line_at(code, at);
    Some(Function {
        name,
        line,
        lines: line_at(code, close) - line + 1,
        is_table: is_table(&code[open + 1..close]) || is_match_table(&code[open + 1..close]),
    })
}

/// The brace that opens the body; none for a declaration that ends with `;`.
fn body_start(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, c) in code[at..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at + offset),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The bracket that closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, c) in code[open..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some(open + offset);
        }
    }
    None
}

fn is_table(body: &str) -> bool {
    let body = body.trim();
    let start = ["vec![", "&[", "["].into_iter().find(|start| body.starts_with(start));
    start.is_some_and(|start| closing(body, start.len() - 1) == Some(body.len() - 1))
}

/// The longest that an arm of a table may be on average, in lines.
const ARM: usize = 7;

/// One `match` up to the end of the body, with at most three lines before it and
/// short arms: one row a variant.
fn is_match_table(body: &str) -> bool {
    let Some(at) = words(body, "match").next() else { return false };
    let Some(open) = body_start(body, at) else { return false };
    let Some(close) = closing(body, open) else { return false };
    let arms = body[open..close].matches("=>").count();
    let lines = body[open..close].lines().count();
    let lead = body[..at].trim().lines().count();
    body[close + 1..].trim().is_empty() && lead <= 3 && lines <= ARM * arms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(code: &str) -> Vec<(String, usize, usize)> {
        functions(code).into_iter().map(|f| (f.name, f.line, f.lines)).collect()
    }

    #[test]
    fn counts_from_fn_to_the_closing_brace() {
        let code = "\n/// doc\npub async fn a(\n    x: [u8; 4],\n) -> u8\nwhere\n    u8: Copy,\n{\n    if x {\n    }\n}\n";
        assert_eq!(lengths(code), [("a".to_owned(), 3, 9)]);
    }

    #[test]
    fn one_line_is_one() {
        assert_eq!(lengths("fn a() -> u8 { 1 }\nfn b() {}\n")[1], ("b".to_owned(), 2, 1));
    }

    #[test]
    fn declarations_and_types_have_no_length() {
        assert_eq!(lengths("trait T { fn a(&self, x: [u8; 2]); }\ntype F = fn(u8) -> u8;"), []);
    }

    #[test]
    fn an_inner_function_counts_in_both() {
        let found = lengths("fn a() {\n    fn b() {\n    }\n}\n");
        assert_eq!(found, [("a".to_owned(), 1, 4), ("b".to_owned(), 2, 2)]);
    }

    #[test]
    fn a_body_that_is_one_match_of_short_arms_is_a_table() {
        let table = |code: &str| functions(code)[0].is_table;
        assert!(table(
            "fn a(x: u8) -> u8 {\n    match x {\n        0 => 1,\n        _ => 2,\n    }\n}"
        ));
        assert!(!table("fn a(x: u8) -> u8 { match x { 0 => 1, _ => 2 } + 1 }"));
        let long = "        one();\n".repeat(20);
        assert!(!table(&format!(
            "fn a() {{\n    match x {{\n    _ => {{\n{long}    }}\n    }}\n}}"
        )));
    }

    #[test]
    fn a_body_that_is_one_array_is_a_table() {
        let table = |code| functions(code)[0].is_table;
        assert!(table("fn a() -> Vec<u8> {\n    vec![\n        1,\n    ]\n}"));
        assert!(table("fn a() -> &'static [u8] { &[1, [2][0]] }"));
        assert!(!table("fn a() -> u8 { let x = [1]; [2][0] }"));
        assert!(!table("fn a() -> u8 { [1, 2].iter().sum() }"));
    }
}
