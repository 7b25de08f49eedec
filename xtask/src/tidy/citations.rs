//! What the code cites of the terms exists in the pack.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::finding::{Finding, RustFile};
use super::rust_text::{in_name, line_at};
use super::tree::Tree;

const CLAUSES: &str = "packs/pcs-e/1.1/clauses.toml";
const READINGS: &str = "packs/pcs-e/1.1/readings.toml";
const PARAMETERS: &str = "packs/pcs-e/1.1/parameters.toml";

/// A place in a file that names something of the pack.
struct Citation<'a> {
    path: &'a str,
    line: usize,
    id: &'a str,
}

/// Clauses, readings and parameters that are cited, and names given twice.
pub fn check(tree: &Tree, rust: &[RustFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let clauses =
        rust.iter().flat_map(|file| clauses_in(file).into_iter().chain(listed(file, is_clause)));
    missing(tree, (CLAUSES, "clause", "id"), clauses, &mut findings);
    missing(tree, (READINGS, "reading", "id"), rust.iter().flat_map(readings_in), &mut findings);
    let parameters = rust.iter().flat_map(|file| listed(file, is_parameter));
    missing(tree, (PARAMETERS, "parameter", "name"), parameters, &mut findings);
    for (path, text) in tree.texts() {
        if path.starts_with("packs/") && path.ends_with("/parameters.toml") {
            findings.extend(twice(path, text));
        }
    }
    findings
}

/// Reports each citation that the file's `[[table]]` does not have under `key`.
fn missing<'a>(
    tree: &Tree,
    (file, table, key): (&str, &str, &str),
    cited: impl Iterator<Item = Citation<'a>>,
    findings: &mut Vec<Finding>,
) {
    let known = match tree.text(file).map(|text| names(text, table, key)) {
        Some(Ok(names)) => names,
        Some(Err(why)) => {
            return findings.push(Finding::new(file, 1, format!("cannot be read: {why}")));
        }
        None => {
            return findings.push(Finding::new(
                file,
                1,
                "does not exist: write it, the code cites it",
            ));
        }
    };
    for Citation { path, line, id } in cited {
        if !known.iter().any(|name| name == id) {
            let what =
                format!("{table} {id} is not in {file}: correct the {key} or add the {table}");
            findings.push(Finding::new(path, line, what));
        }
    }
}

/// The values of `key` in every `[[table]]`.
fn names(text: &str, table: &str, key: &str) -> Result<Vec<String>, String> {
    let file: Table = text.parse().map_err(|why: toml::de::Error| why.to_string())?;
    let rows = file.get(table).and_then(Value::as_array).into_iter().flatten();
    Ok(rows.filter_map(|row| row.get(key)?.as_str().map(str::to_owned)).collect())
}

/// Parameter names that one file gives twice.
fn twice(path: &str, text: &str) -> Vec<Finding> {
    let names = match names(text, "parameter", "name") {
        Ok(names) => names,
        Err(why) => return vec![Finding::new(path, 1, format!("cannot be read: {why}"))],
    };
    let mut counts = BTreeMap::new();
    for name in &names {
        *counts.entry(name).or_insert(0) += 1;
    }
    let repeated = counts.into_iter().filter(|(_, count)| *count > 1);
    repeated
        .map(|(name, count)| {
            let last = text.rfind(&format!("\"{name}\"")).map_or(1, |at| line_at(text, at));
            Finding::new(path, last, format!("parameter {name} is given {count} times: keep one"))
        })
        .collect()
}

/// Every `clause!("15-1b")` outside comments.
fn clauses_in<'a>(file: &'a RustFile) -> Vec<Citation<'a>> {
    let text = &file.text.uncommented;
    let start = "clause!(\"";
    text.match_indices(start)
        // Inside a string it is an example, not a citation.
        .filter(|(at, _)| file.text.code[*at..].starts_with("clause!("))
        .filter_map(|(at, _)| {
            let id = text[at + start.len()..].split('"').next()?;
            Some(Citation { path: file.path, line: line_at(text, at), id })
        })
        .collect()
}

/// Strings of a certain shape in what the rules are made of.
fn listed<'a>(file: &'a RustFile, shape: fn(&str) -> bool) -> Vec<Citation<'a>> {
    if !file.path.starts_with("crates/contract/src/") {
        return Vec::new();
    }
    strings(file)
        .filter(|(_, id)| shape(id))
        .map(|(line, id)| Citation { path: file.path, line, id })
        .collect()
}

/// The string literals of a file that stand on one line each.
fn strings<'a>(file: &'a RustFile) -> impl Iterator<Item = (usize, &'a str)> {
    let lines = file.text.code_lines().zip(file.text.uncommented.lines());
    lines.flat_map(|((line, code), text)| {
        let marks: Vec<usize> = code.match_indices('"').map(|(at, _)| at).collect();
        let pairs: Vec<_> =
            marks.chunks_exact(2).map(|pair| (line, &text[pair[0] + 1..pair[1]])).collect();
        pairs
    })
}

/// `9-2`, `15-1b`: article, paragraph, part.
fn is_clause(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let Some((article, rest)) = text.split_once('-') else {
        return false;
    };
    let known = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || c == '-';
    !article.is_empty()
        && article.chars().all(digit)
        && rest.starts_with(digit)
        && rest.chars().all(known)
}

/// `cancel.notice_bd`: a group, a dot, a name.
fn is_parameter(text: &str) -> bool {
    let name = |part: &str| {
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        part.starts_with(|c: char| c.is_ascii_lowercase()) && part.chars().all(known)
    };
    text.contains('.') && text.split('.').all(name)
}

/// Every `A-05` in the source of `contract`, comments included: they argue with readings too.
fn readings_in<'a>(file: &'a RustFile) -> Vec<Citation<'a>> {
    if !file.path.starts_with("crates/contract/src/") {
        return Vec::new();
    }
    let text = &file.text.raw;
    let cited = text.match_indices("A-").filter_map(|(at, _)| {
        let rest = &text[at + 2..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let alone = !text[..at].ends_with(|c: char| in_name(c) || c == '-')
            && !rest[digits..].starts_with(in_name);
        (digits >= 2 && alone).then(|| Citation {
            path: file.path,
            line: line_at(text, at),
            id: &text[at..at + 2 + digits],
        })
    });
    cited.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    const RULE: &str = "crates/contract/src/ending/renewal.rs";

    fn ids(path: &str, text: &str, read: fn(&RustFile) -> Vec<String>) -> Vec<String> {
        let text = RustText::of(text);
        read(&RustFile { path, text })
    }

    fn owned(cited: Vec<Citation>) -> Vec<String> {
        cited.into_iter().map(|c| format!("{}:{}", c.line, c.id)).collect()
    }

    #[test]
    fn clauses_are_cited_by_macro_or_by_a_rule() {
        let text = "a();\nclause!(\"15-1b\"); // clause!(\"99-9\")\n";
        assert_eq!(ids("crates/a/src/b.rs", text, |f| owned(clauses_in(f))), ["2:15-1b"]);
        let text = "R.clauses(&[\"13-1\", \"9-2b\"]).parameters(&[\"a.b_c\"]); // \"1-1\"\n";
        assert_eq!(ids(RULE, text, |f| owned(listed(f, is_clause))), ["1:13-1", "1:9-2b"]);
        assert_eq!(ids(RULE, text, |f| owned(listed(f, is_parameter))), ["1:a.b_c"]);
        assert_eq!(ids("crates/engine/src/a.rs", text, |f| owned(listed(f, is_clause))), [""; 0]);
    }

    #[test]
    fn readings_are_cited_anywhere_in_contract() {
        let text = "// A-01, A-4, DATA-12\nx(\"A-02\", \"A-100\")";
        assert_eq!(ids(RULE, text, |f| owned(readings_in(f))), ["1:A-01", "2:A-02", "2:A-100"]);
        assert_eq!(ids("crates/engine/src/a.rs", text, |f| owned(readings_in(f))), [""; 0]);
    }

    #[test]
    fn a_name_given_twice_is_reported_at_its_last_place() {
        let text = "[[parameter]]\nname = \"a.b\"\n[[parameter]]\nname = \"a.c\"\n[[parameter]]\nname = \"a.b\"\n";
        let found = twice("packs/p/1/parameters.toml", text);
        assert_eq!((found.len(), found[0].line), (1, 6));
    }
}
