//! Which crate may depend on which.

use toml::{Table, Value};

use super::finding::{Finding, crate_of};
use super::tree::Tree;

/// The crates that know neither clock nor file nor network.
pub const PURE: [&str; 4] = ["reckon", "terms", "rating", "contract"];

/// From the bottom up, by package name; an arrow points towards the start.
const ORDER: [&str; 10] = [
    "reckon", "terms", "rating", "contract", "document", "typeset", "engine", "store", "outside",
    "yakkan",
];

/// A pure crate with one of these could read a clock, a file or the network.
const IMPURE: [&str; 6] = ["tokio", "sqlx", "axum", "reqwest", "lettre", "rand"];

/// The arrows between our crates and the dependencies of the pure ones.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.texts().filter(|(path, _)| {
        path.starts_with("crates/")
            && path.matches('/').count() == 2
            && path.ends_with("/Cargo.toml")
    });
    manifests.flat_map(|(path, text)| manifest(path, text)).collect()
}

fn manifest(path: &str, text: &str) -> Vec<Finding> {
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(why) => return vec![Finding::new(path, 1, format!("cannot be read: {why}"))],
    };
    let name =
        table.get("package").and_then(|p| p.get("name")).and_then(Value::as_str).unwrap_or("");
    let Some(place) = position(name) else {
        let what = format!("crate {name:?} has no place in the order: add it in xtask (layers.rs)");
        return vec![Finding::new(path, 1, what)];
    };
    let pure = crate_of(path).is_some_and(|folder| PURE.contains(&folder));
    let mut findings = Vec::new();
    for wanted in dependencies(&table) {
        let line = line_of(text, &wanted);
        if position(&wanted).is_some_and(|other| other >= place) {
            let what = format!(
                "{name} may not depend on {wanted}: arrows point to {}",
                ORDER[..place].join(", ")
            );
            findings.push(Finding::new(path, line, what));
        }
        if pure && IMPURE.iter().any(|root| is_family(&wanted, root)) {
            let what = format!("{name} is pure and may not depend on {wanted}: move the code up");
            findings.push(Finding::new(path, line, what));
        }
    }
    findings
}

fn position(name: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == name)
}

/// `tokio` and its relations `tokio-util`, `rand_core`.
fn is_family(name: &str, root: &str) -> bool {
    name.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// Package names of all dependencies but those of tests and build scripts.
fn dependencies(table: &Table) -> Vec<String> {
    let everywhere = table.get("dependencies");
    let targets = table.get("target").and_then(Value::as_table);
    let somewhere = targets.into_iter().flat_map(Table::values).map(|t| t.get("dependencies"));
    let tables = std::iter::once(everywhere).chain(somewhere).flatten().filter_map(Value::as_table);
    tables
        .flatten()
        .map(|(key, value)| value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned())
        .collect()
}

fn line_of(text: &str, dependency: &str) -> usize {
    text.lines().position(|line| line.starts_with(dependency)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &str, name: &str, rest: &str) -> Vec<Finding> {
        let text = format!("[package]\nname = \"{name}\"\n{rest}");
        manifest(&format!("crates/{folder}/Cargo.toml"), &text)
    }

    #[test]
    fn arrows_point_up_only() {
        assert_eq!(found("engine", "engine", "[dependencies]\nreckon.workspace = true"), []);
        let wrong = found("contract", "contract", "[dependencies]\nengine.workspace = true");
        assert_eq!((wrong.len(), wrong[0].line), (1, 4));
        assert_eq!(found("contract", "contract", "[dev-dependencies]\nengine.path = 'x'"), []);
        assert_eq!(found("office", "yakkan", "[dependencies]\noutside.workspace = true"), []);
        assert_eq!(found("new", "new", "").len(), 1);
    }

    #[test]
    fn pure_crates_stay_pure() {
        for rest in [
            "[dependencies]\ntokio = '1'",
            "[dependencies]\nrand_core = '1'",
            "[dependencies]\nx = { package = 'reqwest', version = '1' }",
            "[target.'cfg(unix)'.dependencies]\nsqlx = '1'",
        ] {
            assert_eq!(found("terms", "terms", rest).len(), 1, "{rest}");
            assert_eq!(found("store", "store", rest), [], "{rest}");
        }
        assert_eq!(found("terms", "terms", "[dependencies]\nrandom_name = '1'"), []);
    }
}
