//! The lists of the terms as data: grounds, prohibited acts, exemptions, a row for each.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::pack::{Clause, Pack};
use crate::reading::{PackError, by_id, parse};

/// What a paragraph lists in its items: the ten grounds of `16-1`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// The paragraph.
    pub clause: String,
    pub ja: String,
    pub en: String,
    #[serde(rename = "row")]
    pub rows: Vec<ListRow>,
}

/// One thing of a list, in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRow {
    /// Its name within the list.
    pub code: String,
    /// The item; one that runs two things together has two rows.
    pub clause: String,
    pub effect: RowEffect,
    #[serde(default)]
    pub ja: String,
    #[serde(default)]
    pub en: String,
}

/// What a row means for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowEffect {
    /// 9-10: refusal is possible when this question about the applicant is answered yes.
    TerminatedForBreachBefore,
    FalseOrMissingEntry,
    DefaultRisk,
    Infeasible,
    /// It rests on a judgement alone.
    Unsuitable,
    /// 16-1: the ledger shows it.
    Computed,
    /// 16-1: a person records it with a document.
    Judged,
    /// As [`RowEffect::Judged`]; the right waits for a demand to cure.
    CureDemand,
    /// As [`RowEffect::Judged`]; nothing is done until legal releases it.
    InsolvencyLock,
    /// 12-1: the service may be interrupted without notice.
    Interruption,
    /// 35-1: the customer does not do it.
    Prohibited,
    /// 41-1: secrecy does not hold for it.
    NoSecret,
    /// 42-3: designation, scope and mark are deemed made.
    DeemedDesignated,
    /// 44-1: its damage is not compensated.
    Exempt,
}

impl RowEffect {
    /// What an item means in the bundled pack; none when no list has it.
    pub fn of(item: &str) -> Option<RowEffect> {
        ListRow::of(item).map(|row| row.effect)
    }

    /// Whether it is a ground of termination that a person records.
    pub fn is_judged(self) -> bool {
        matches!(self, RowEffect::Judged | RowEffect::CureDemand | RowEffect::InsolvencyLock)
    }

    /// The list whose rows can have it.
    fn list(self) -> &'static str {
        match self {
            RowEffect::TerminatedForBreachBefore
            | RowEffect::FalseOrMissingEntry
            | RowEffect::DefaultRisk
            | RowEffect::Infeasible
            | RowEffect::Unsuitable => "9-10",
            RowEffect::Interruption => "12-1",
            RowEffect::Computed
            | RowEffect::Judged
            | RowEffect::CureDemand
            | RowEffect::InsolvencyLock => "16-1",
            RowEffect::Prohibited => "35-1",
            RowEffect::NoSecret => "41-1",
            RowEffect::DeemedDesignated => "42-3",
            RowEffect::Exempt => "44-1",
        }
    }
}

impl ListRow {
    /// The row of an item in the bundled pack, of two rows the first.
    pub fn of(item: &str) -> Option<&'static ListRow> {
        let (paragraph, _) = item.split_once('(')?;
        Pack::bundled().lists.get(paragraph)?.rows.iter().find(|row| row.clause == item)
    }

    /// The rows of a paragraph in the bundled pack.
    pub fn all(paragraph: &str) -> impl Iterator<Item = &'static ListRow> {
        Pack::bundled().lists.get(paragraph).into_iter().flat_map(|list| &list.rows)
    }

    /// What is wrong with it in the list of a paragraph, and what to do.
    fn fault(&self, paragraph: &str, clauses: &BTreeMap<String, Clause>) -> Option<String> {
        let ListRow { clause, .. } = self;
        let problem = if !clauses.contains_key(clause) {
            format!("clauses.toml has no clause {clause}: correct it, or add the clause")
        } else if clause.split_once('(').is_none_or(|(of, _)| of != paragraph) {
            format!("{clause} is no item of {paragraph}: move the row to the list of its clause")
        } else if [&self.ja, &self.en].iter().any(|words| words.trim().is_empty()) {
            "words are missing: give both ja and en".to_owned()
        } else if self.effect.list() != paragraph {
            let list = self.effect.list();
            format!("its effect is one of {list}: give it an effect of {paragraph}")
        } else {
            return None;
        };
        Some(problem)
    }
}

/// Reads the files of lists, each by its name and text, as lists by their paragraphs.
pub(crate) fn read_lists(
    files: &[(&'static str, &str)],
    clauses: &BTreeMap<String, Clause>,
) -> Result<BTreeMap<String, CodeList>, PackError> {
    let read = |&(file, text): &(&'static str, &str)| {
        let list: CodeList = parse(file, text)?;
        let mut codes = BTreeSet::new();
        for row in &list.rows {
            if !codes.insert(&row.code) {
                return Err(PackError::Twice { file, id: row.code.clone() });
            }
            if let Some(problem) = row.fault(&list.clause, clauses) {
                return Err(PackError::Row { file, row: row.code.clone(), problem });
            }
        }
        Ok(list)
    };
    let lists = files.iter().map(read).collect::<Result<_, _>>()?;
    by_id("lists", lists, |list| list.clause.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "lists/9-10.toml";
    const ROW: &str =
        "code = 'a', clause = '9-10(1)', effect = 'infeasible', ja = '難', en = 'hard'";

    /// What reading a list of 9-10 says whose second row is as given.
    fn told(second: &str) -> String {
        let first = ROW.replace("'a'", "'b'").replace("(1)", "(2)");
        let text = format!(
            "clause = '9-10'\nja = '一覧'\nen = 'list'\nrow = [\n{{ {first} }},\n{{ {second} }}\n]"
        );
        match read_lists(&[(FILE, &text)], &Pack::bundled().clauses) {
            Ok(lists) => format!("{} rows", lists["9-10"].rows.len()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_fault_is_told_with_file_row_and_what_to_do() {
        assert_eq!(told(ROW), "2 rows");
        let row = "lists/9-10.toml of the terms pack, row a:";
        let cases = [
            ("'9-10(1)'", "'9-10(6)'", "clauses.toml has no clause 9-10(6): correct it, or add"),
            ("'9-10(1)'", "'16-1(1)'", "16-1(1) is no item of 9-10: move the row to the list"),
            ("'9-10(1)'", "'9-10'", "9-10 is no item of 9-10: move the row to the list"),
            (", ja = '難'", "", "words are missing: give both ja and en"),
            ("'hard'", "' '", "words are missing: give both ja and en"),
            ("'infeasible'", "'exempt'", "its effect is one of 44-1: give it an effect of 9-10"),
        ];
        for (good, bad, problem) in cases {
            let told = told(&ROW.replace(good, bad));
            assert!(told.starts_with(&format!("{row} {problem}")), "{told}");
        }
        let twice = told(&ROW.replace("'a'", "'b'"));
        assert_eq!(twice, "lists/9-10.toml of the terms pack has b twice: remove one");
        let unknown = told(&ROW.replace("infeasible", "hopeless"));
        assert!(
            unknown.starts_with("lists/9-10.toml of the terms pack cannot be read"),
            "{unknown}"
        );
        for part in ["at line 6", "unknown variant `hopeless`, expected one of", "`infeasible`"] {
            assert!(unknown.contains(part), "{unknown}");
        }
    }

    #[test]
    fn a_paragraph_has_one_list() {
        let text = "clause = '9-10'\nja = '一覧'\nen = 'list'\nrow = []";
        let twice = read_lists(&[(FILE, text), (FILE, text)], &BTreeMap::new());
        assert_eq!(twice, Err(PackError::Twice { file: "lists", id: "9-10".into() }));
    }

    #[test]
    fn every_item_of_a_listed_paragraph_has_its_row() {
        let pack = Pack::bundled();
        let rows = pack.lists.values().map(|list| (list.clause.as_str(), list.rows.len()));
        let counts = [("12-1", 3), ("16-1", 10), ("35-1", 19), ("41-1", 6), ("42-3", 3)];
        assert!(rows.eq(counts.into_iter().chain([("44-1", 14), ("9-10", 5)])));
        for clause in pack.clauses.keys().filter(|clause| clause.contains('(')) {
            let is_listed = pack.lists.contains_key(clause.split('(').next().unwrap_or_default());
            assert_eq!(ListRow::of(clause).is_some(), is_listed, "{clause}");
        }
        assert_eq!(RowEffect::of("16-1(5)"), Some(RowEffect::InsolvencyLock));
        assert_eq!(RowEffect::of("12-3"), None);
    }
}
