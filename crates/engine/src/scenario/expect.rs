//! Expectations: a part of what can be seen must be as written.

use serde::Deserialize;
use serde_json::{Map, Value};

/// `of` names something that can be seen; `is` is the part that must agree.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub of: String,
    pub is: Value,
}

/// How an expectation came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub of: String,
    /// Each difference as a sentence; none when it was met.
    pub differences: Vec<String>,
}

impl Check {
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Compares the expected part with what is seen: every key of a table, every
/// element of a list (of the same length); a text that begins with `~` must only
/// occur.
pub(super) fn compare(of: &str, expected: &Value, seen: &Value) -> Check {
    let mut differences = Vec::new();
    differ("", expected, seen, &mut differences);
    Check { of: of.to_owned(), differences }
}

fn differ(path: &str, expected: &Value, seen: &Value, differences: &mut Vec<String>) {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(seen)) => {
            differ_in_table(path, expected, seen, differences);
        }
        (Value::Array(expected), Value::Array(seen)) if expected.len() == seen.len() => {
            for (at, (expected, seen)) in expected.iter().zip(seen).enumerate() {
                differ(&format!("{path}[{}]", at + 1), expected, seen, differences);
            }
        }
        (Value::String(part), Value::String(text)) if part.starts_with('~') => {
            if !text.contains(&part[1..]) {
                differences
                    .push(format!("{path}: \"{}\" does not occur in \"{text}\"", &part[1..]));
            }
        }
        // A table written as empty text stands for "nothing", which TOML lacks.
        (Value::String(none), Value::Null) if none.is_empty() => {}
        _ if expected == seen => {}
        _ => differences.push(format!("{path}: expected {expected}, found {seen}")),
    }
}

fn differ_in_table(
    path: &str,
    expected: &Map<String, Value>,
    seen: &Map<String, Value>,
    differences: &mut Vec<String>,
) {
    for (name, value) in expected {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match seen.get(name) {
            Some(found) => differ(&path, value, found, differences),
            None if value.as_str() == Some("") => {}
            None => {
                let known: Vec<_> = seen.keys().map(String::as_str).collect();
                differences
                    .push(format!("{path}: there is no such field, only {}", known.join(", ")));
            }
        }
    }
}
