//! A terms pack: clause index, parameters and readings, one folder a version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use reckon::{Day, TaxRate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::coverage::{Obligation, Sighting, in_text_order, read_sightings};
use crate::lists::{CodeList, read_lists};
use crate::notices::{NoticeKind, read_notices};
use crate::reading::{PackError, by_id, parse};

/// The text of a pack's files, whoever read them.
#[derive(Debug, Clone, Copy)]
pub struct PackFiles<'a> {
    pub pack: &'a str,
    pub clauses: &'a str,
    pub parameters: &'a str,
    pub readings: &'a str,
    pub obligations: &'a str,
    pub sightings: &'a str,
    pub notices: &'a str,
    /// The files of lists: each name and text.
    pub lists: &'a [(&'static str, &'a str)],
}

/// One family of terms, with what its newest version says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    pub id: String,
    pub title_ja: String,
    pub title_en: String,
    pub versions: Vec<TermsVersion>,
    pub tax: Vec<TaxRate>,
    pub articles: BTreeMap<u32, Article>,
    pub clauses: BTreeMap<String, Clause>,
    pub parameters: BTreeMap<String, Parameter>,
    pub readings: BTreeMap<String, Reading>,
    /// What the clauses ask of the program, by id.
    pub obligations: BTreeMap<String, Obligation>,
    /// What was seen to cite a clause when the program was played.
    pub sightings: BTreeSet<Sighting>,
    /// What paragraphs list in their items, by paragraph.
    pub lists: BTreeMap<String, CodeList>,
    /// Kinds of notices, by code.
    pub notices: BTreeMap<String, NoticeKind>,
}

/// The folder from which the clauses of [`Pack::bundled`] are.
const BUNDLED_FOLDER: &str = "1.1";

/// A version and the day from which it is in force (附則).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsVersion {
    pub version: String,
    pub in_force_from: Day,
    /// The day from which it could be read, where the pack knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<Day>,
    #[serde(default, skip_serializing)]
    pub folder: String,
}

/// An article; the supplementary provisions (附則) have the number 0.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Article {
    pub number: u32,
    pub ja: String,
    pub en: String,
}

impl Article {
    /// `第9条`; nothing for the supplementary provisions.
    pub fn numbered_ja(&self) -> String {
        if self.number == 0 { String::new() } else { format!("第{}条", self.number) }
    }
}

/// Our own summary of one paragraph, item or sentence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Clause {
    pub id: String,
    pub article: u32,
    pub modality: String,
    pub ja: String,
    pub en: String,
    #[serde(default)]
    pub readings: Vec<String>,
    #[serde(default)]
    pub parameters: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub clause: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub reading: Option<String>,
    pub value: Value,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub ja: String,
    #[serde(default)]
    pub en: String,
}

/// Where the text is silent or open: the question, its answers, our default.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Reading {
    pub id: String,
    pub question_ja: String,
    pub question_en: String,
    pub default: String,
    #[serde(default)]
    pub parameter: Option<String>,
    #[serde(default)]
    pub unverified_law: bool,
    #[serde(default)]
    pub options: Vec<ReadingOption>,
    #[serde(default)]
    pub reason_ja: String,
    #[serde(default)]
    pub reason_en: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ReadingOption {
    pub key: String,
    pub ja: String,
    pub en: String,
    #[serde(default)]
    pub value: Option<Value>,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    title_ja: String,
    title_en: String,
    version: Vec<TermsVersion>,
    tax: Vec<TaxRate>,
}

#[derive(Deserialize)]
struct ClauseFile {
    #[serde(default)]
    article: Vec<Article>,
    clause: Vec<Clause>,
}

#[derive(Deserialize)]
struct ParameterFile {
    parameter: Vec<Parameter>,
}

#[derive(Deserialize)]
struct ObligationFile {
    obligation: Vec<Obligation>,
}

#[derive(Deserialize)]
struct ReadingFile {
    reading: Vec<Reading>,
}

impl Pack {
    /// Reads a pack from the text of its files.
    ///
    /// # Errors
    /// [`PackError`] naming the file, and the line where the syntax is wrong.
    pub fn read(files: PackFiles<'_>) -> Result<Pack, PackError> {
        let head: Head = parse("pack.toml", files.pack)?;
        let ClauseFile { article, clause } = parse("clauses.toml", files.clauses)?;
        let clauses = by_id("clauses.toml", clause, |c| c.id.clone())?;
        let parameters: ParameterFile = parse("parameters.toml", files.parameters)?;
        let readings: ReadingFile = parse("readings.toml", files.readings)?;
        let obligations: ObligationFile = parse("obligations.toml", files.obligations)?;
        let parameters = by_id("parameters.toml", parameters.parameter, |p| p.name.clone())?;
        Ok(Pack {
            id: head.id,
            title_ja: head.title_ja,
            title_en: head.title_en,
            versions: head.version,
            tax: head.tax,
            articles: article.into_iter().map(|a| (a.number, a)).collect(),
            lists: read_lists(files.lists, &clauses)?,
            notices: read_notices(
                files.notices,
                &|clause| clauses.contains_key(clause),
                &|name| parameters.contains_key(name),
            )?,
            clauses,
            parameters,
            readings: by_id("readings.toml", readings.reading, |r| r.id.clone())?,
            obligations: by_id("obligations.toml", obligations.obligation, |o| o.id.clone())?,
            sightings: read_sightings(files.sightings)?,
        })
    }

    /// Whether the clauses are those of this version: of the others the text is not there.
    pub fn has_clauses_of(&self, version: &TermsVersion) -> bool {
        version.folder == BUNDLED_FOLDER
    }

    /// The articles in the order of the text.
    pub fn articles_in_order(&self) -> impl Iterator<Item = &Article> {
        self.articles.range(1..).chain(self.articles.range(..1)).map(|(_, article)| article)
    }

    /// The clauses of an article in the order of the text.
    pub fn clauses_of(&self, article: &Article) -> Vec<&Clause> {
        let clauses = self.clauses.values().filter(|clause| clause.article == article.number);
        let mut clauses: Vec<_> = clauses.collect();
        clauses.sort_by_cached_key(|clause| in_text_order(&clause.id));
        clauses
    }

    /// The pack that comes with the program (`pcs-e`).
    pub fn bundled() -> &'static Pack {
        static BUNDLED: OnceLock<Pack> = OnceLock::new();
        let files = PackFiles {
            pack: include_str!("../../../packs/pcs-e/pack.toml"),
            clauses: include_str!("../../../packs/pcs-e/1.1/clauses.toml"),
            parameters: include_str!("../../../packs/pcs-e/1.1/parameters.toml"),
            readings: include_str!("../../../packs/pcs-e/1.1/readings.toml"),
            obligations: include_str!("../../../packs/pcs-e/1.1/obligations.toml"),
            sightings: include_str!("../../../packs/pcs-e/1.1/sightings.tsv"),
            notices: include_str!("../../../packs/pcs-e/1.1/notices.toml"),
            lists: &[
                ("lists/9-10.toml", include_str!("../../../packs/pcs-e/1.1/lists/9-10.toml")),
                ("lists/12-1.toml", include_str!("../../../packs/pcs-e/1.1/lists/12-1.toml")),
                ("lists/16-1.toml", include_str!("../../../packs/pcs-e/1.1/lists/16-1.toml")),
                ("lists/35-1.toml", include_str!("../../../packs/pcs-e/1.1/lists/35-1.toml")),
                ("lists/41-1.toml", include_str!("../../../packs/pcs-e/1.1/lists/41-1.toml")),
                ("lists/42-3.toml", include_str!("../../../packs/pcs-e/1.1/lists/42-3.toml")),
                ("lists/44-1.toml", include_str!("../../../packs/pcs-e/1.1/lists/44-1.toml")),
            ],
        };
        BUNDLED.get_or_init(|| Pack::read(files).expect("the bundled pack is tested"))
    }
}

impl NoticeKind {
    /// The kind of this code in the bundled pack.
    pub fn of(code: &str) -> Option<&'static NoticeKind> {
        Pack::bundled().notices.get(code)
    }

    /// Those that people write, in the order of their codes.
    pub fn written() -> impl Iterator<Item = &'static NoticeKind> {
        Pack::bundled().notices.values().filter(|kind| !kind.automatic)
    }
}
