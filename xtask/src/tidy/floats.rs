//! Money and days are counted in integers: no floats in the pure crates.

use super::finding::{Finding, RustFile};
use super::layers::PURE;
use super::rust_text::in_name;

/// Float types, suffixes and literals in the code of a pure crate.
pub fn check(file: &RustFile) -> Vec<Finding> {
    if !PURE.iter().any(|name| file.in_crate(name)) {
        return Vec::new();
    }
    let lines = file.text.code_lines();
    lines
        .filter_map(|(line, code)| {
            let word = float_in(code)?;
            let what = format!("float {word}: use Yen, a scaled integer or an exact ratio");
            Some(Finding::new(file.path, line, what))
        })
        .collect()
}

/// The first float in a line of code.
fn float_in(code: &str) -> Option<&str> {
    let mut rest = code;
    let mut before = ' ';
    while let Some(start) = rest.find(in_name) {
        if start > 0 {
            before = rest[..start].chars().next_back().unwrap_or(' ');
        }
        rest = &rest[start..];
        let end = token_end(rest, before);
        let token = &rest[..end];
        if is_float(token) {
            return Some(token);
        }
        before = token.chars().next_back().unwrap_or(' ');
        rest = &rest[end..];
    }
    None
}

/// Where a name or number ends. `1.5` is one token, `a.0.1` (a field of a
/// field), `1..2` and `1.max(2)` are several.
fn token_end(rest: &str, before: char) -> usize {
    let end = |text: &str| text.find(|c| !in_name(c)).unwrap_or(text.len());
    let whole = end(rest);
    if before == '.' || !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return whole;
    }
    match rest[whole..].strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            whole + 1 + end(fraction)
        }
        _ => whole,
    }
}

fn is_float(token: &str) -> bool {
    if token == "f32" || token == "f64" {
        return true;
    }
    let hexadecimal = token.starts_with("0x");
    let number = token.starts_with(|c: char| c.is_ascii_digit()) && !hexadecimal;
    let exponent = || {
        let (digits, power) = token.split_once(['e', 'E'])?;
        let numeric = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
        Some(numeric(digits) && numeric(power))
    };
    let suffix = token.ends_with("f32") || token.ends_with("f64");
    number && (suffix || token.contains('.') || exponent().unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    #[test]
    fn floats_are_seen() {
        for code in [
            "let x: f64 = y;",
            "x as f32",
            "Vec<f64>",
            "1.5",
            "(0.146)",
            "1f64",
            "2_f32",
            "1e9",
            "3.0_f64",
        ] {
            assert!(float_in(code).is_some(), "{code}");
        }
    }

    #[test]
    fn integers_fields_and_names_are_not() {
        for code in
            ["a.0.1", "1..2", "1.max(2)", "0x1e9", "0xf64", "is_f64", "f640", "pair.0", "1_000"]
        {
            assert_eq!(float_in(code), None, "{code}");
        }
    }

    #[test]
    fn only_code_of_pure_crates_counts() {
        let at = |path| {
            let text = RustText::of("// f64\nlet x = \"f64\";\nlet y: f64;\n");
            check(&RustFile { path, text })
        };
        let found = at("crates/reckon/src/yen.rs");
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("crates/reckon/src/yen.rs:3: float f64"));
        assert_eq!(at("crates/typeset/src/lib.rs"), []);
    }
}
