//! Which duties of the terms the program meets: never typed, but worked out from
//! what it was seen to do.
//!
//! The pack states every duty as an [`Obligation`] that names what would show it.
//! A test plays all scenarios and keeps what cited a clause ([`Sighting`]). A duty
//! is met when each thing that it names was seen and cited its clause.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::pack::Pack;
use crate::reading::PackError;

/// One duty that a clause puts on the program, in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Obligation {
    /// The clause, a slash and a name: `9-4/formed-by-the-mail`.
    pub id: String,
    pub ja: String,
    pub en: String,
    /// What shows that it is done, every one of them: `follows:contract_formed`.
    /// Nothing as long as it is not built.
    #[serde(default)]
    pub shown_by: Vec<String>,
}

impl Obligation {
    pub fn clause(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(clause, _)| clause)
    }
}

/// Something that really came about while the program was played, and a clause
/// that it cited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    pub clause: String,
    /// What it was: `follows:contract_formed`, `mail:receipt_notice`.
    pub by: String,
    /// The rule through which it cites the clause; none when it names the clause
    /// itself.
    pub rule: Option<String>,
}

/// How far a clause is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    Whole,
    Part,
    Not,
}

/// The duties of one clause, told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage<'a> {
    pub clause: &'a str,
    pub met: Vec<&'a Obligation>,
    pub missing: Vec<&'a Obligation>,
}

impl Coverage<'_> {
    pub fn extent(&self) -> Extent {
        match (self.met.is_empty(), self.missing.is_empty()) {
            (false, true) => Extent::Whole,
            (false, false) => Extent::Part,
            (true, _) => Extent::Not,
        }
    }
}

impl Pack {
    /// Every clause in the order of the text, with its duties.
    pub fn coverage(&self) -> Vec<Coverage<'_>> {
        self.coverage_by(&self.sightings)
    }

    /// As [`Pack::coverage`], had only this been seen.
    pub fn coverage_by(&self, seen: &BTreeSet<Sighting>) -> Vec<Coverage<'_>> {
        let mut clauses: Vec<_> = self.clauses.keys().collect();
        clauses.sort_by_cached_key(|id| in_text_order(id));
        clauses.into_iter().map(|clause| self.duties_of(clause, seen)).collect()
    }

    /// The duties of one clause; none of what is no clause.
    pub fn coverage_of<'a>(&'a self, clause: &'a str) -> Coverage<'a> {
        self.duties_of(clause, &self.sightings)
    }

    fn duties_of<'a>(&'a self, clause: &'a str, seen: &BTreeSet<Sighting>) -> Coverage<'a> {
        let was_seen = |by: &String| {
            let from = Sighting { clause: clause.to_owned(), by: by.clone(), rule: None };
            let next = seen.range(from..).next();
            next.is_some_and(|next| next.clause == clause && next.by == *by)
        };
        let named = format!("{clause}/");
        let duties = self.obligations.range(named.clone()..);
        let duties = duties.take_while(|(id, _)| id.starts_with(&named));
        let (met, missing) = duties
            .map(|(_, duty)| duty)
            .partition(|duty| !duty.shown_by.is_empty() && duty.shown_by.iter().all(was_seen));
        Coverage { clause, met, missing }
    }
}

/// `16-1(10)` comes after `16-1(9)`: numbers count as numbers. What no article has
/// (附則) comes last.
pub fn in_text_order(id: &str) -> Vec<(bool, u32, String)> {
    let part = |part: &str| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        let number = digits.parse().unwrap_or(0);
        (digits.is_empty() && !part.is_empty(), number, part[digits.len()..].to_owned())
    };
    id.split(['-', '(', ')']).map(part).collect()
}

/// Reads the file of sightings: a clause, what cited it and through which rule (`-`
/// for none), parted by tabs.
pub(crate) fn read_sightings(text: &str) -> Result<BTreeSet<Sighting>, PackError> {
    let file = "sightings.tsv";
    let line = |(at, line): (usize, &str)| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [clause, by, rule] = parts[..] else {
            let problem = format!("line {} has not three parts", at + 1);
            return Err(PackError::Syntax { file, problem });
        };
        let rule = (rule != "-").then(|| rule.to_owned());
        Ok(Sighting { clause: clause.to_owned(), by: by.to_owned(), rule })
    };
    text.lines().enumerate().map(line).collect()
}
