//! Why: compact enough to store with every decision, complete enough to explain
//! it. Sentences are made of it when somebody asks: nothing is computed again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use terms::{Effective, Source};

use crate::declare::ids::InputId;
use crate::declare::rules::{Rule, rule};
use crate::declare::words::Reader;

/// The reason of a decision: which rule, on which facts, with which numbers.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Because {
    /// Name and version of the rule: `late_interest@1`.
    pub rule: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<InputId>,
    /// What was counted and computed, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, Value>,
    /// The parameters of the rule as they held.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// Parameters that an individual agreement set, and its document (1-2).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agreements: BTreeMap<String, String>,
}

impl Because {
    /// Starts a reason that cites a rule.
    pub fn of(rule: &Rule) -> Because {
        Because {
            rule: format!("{}@{}", rule.id, rule.version),
            facts: Vec::new(),
            numbers: BTreeMap::new(),
            parameters: BTreeMap::new(),
            agreements: BTreeMap::new(),
        }
    }

    pub fn fact(mut self, id: &InputId) -> Because {
        if !self.facts.contains(id) {
            self.facts.push(id.clone());
        }
        self
    }

    pub fn facts<'a>(self, ids: impl IntoIterator<Item = &'a InputId>) -> Because {
        ids.into_iter().fold(self, Because::fact)
    }

    /// Records what was counted and computed: a struct, each field a number by its name.
    pub(crate) fn with(mut self, numbers: impl Serialize) -> Because {
        self.numbers.extend(by_name(numbers));
        self
    }

    /// Records the parameters of the rule as they hold for this contract.
    pub fn under(mut self, terms: &Effective) -> Because {
        let Some(rule) = rule(self.rule_id()) else { return self };
        for name in rule.parameters {
            if let Some(value) = terms.values.get(*name) {
                self.parameters.insert((*name).to_owned(), value.clone());
            }
            if let Some(Source::Agreement { document, .. }) = terms.sources.get(*name) {
                self.agreements.insert((*name).to_owned(), document.clone());
            }
        }
        self
    }

    pub fn rule_id(&self) -> &str {
        self.rule.split_once('@').map_or(&self.rule, |(id, _)| id)
    }

    /// The numbers, where they are those that a clause writes in this struct.
    pub fn read<N: DeserializeOwned>(&self) -> Option<N> {
        serde_json::from_value(self.numbers.clone().into_iter().collect()).ok()
    }

    /// A parameter, as it held.
    pub(crate) fn parameter<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.parameters.get(name)?.clone()).ok()
    }

    /// Lines that show what was counted or computed. A number that no line speaks of is
    /// shown as it is stored.
    pub fn arithmetic(&self, reader: impl Into<Reader>) -> Vec<String> {
        let reader = reader.into();
        let lines = rule(self.rule_id()).and_then(|rule| (rule.told?)(self, reader));
        lines.unwrap_or_else(|| self.as_stored(reader, &Map::new()))
    }

    /// The numbers that were not told. To whoever sees no amounts each could be one.
    fn as_stored(&self, reader: Reader, told: &Map<String, Value>) -> Vec<String> {
        let numbers = self.numbers.iter().filter(|_| reader.sees_amounts());
        let rest = numbers.filter(|(name, _)| !told.contains_key(*name));
        rest.map(|(name, value)| format!("{name} = {}", plain(value))).collect()
    }
}

/// The numbers of a rule, as its clause writes them, reads them back, and puts them
/// into words: nothing is computed again.
pub(crate) trait Told: Serialize + DeserializeOwned {
    /// Without amounts nothing is left of the lines.
    const OF_AMOUNTS: bool = false;

    /// None where a parameter is missing that the lines speak of.
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>>;
}

/// The lines of a reason, if its numbers are these, and the numbers besides.
pub(crate) fn told<N: Told>(because: &Because, reader: Reader) -> Option<Vec<String>> {
    let numbers: N = because.read()?;
    let mut lines = numbers.lines(because, reader)?;
    if N::OF_AMOUNTS && !reader.sees_amounts() {
        lines.clear();
    }
    lines.extend(because.as_stored(reader, &by_name(numbers)));
    Some(lines)
}

fn by_name(numbers: impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(numbers) {
        Ok(Value::Object(numbers)) => numbers,
        other => panic!("a struct of plain values, not {other:?}"),
    }
}

/// A stored value without the quotes of JSON.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A ground or an obstacle: an answer of the terms, not an error.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Finding {
    /// The clause that speaks: `9-10(2)`, or a rule on roles.
    pub clause: String,
    /// What was found, in a word that pages translate: `unpaid`, `same_person`.
    pub code: String,
    pub detail: String,
    /// True when the act cannot be carried out; false for a warning.
    pub blocks: bool,
    pub audience: Audience,
}

/// Who may see a reason or a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Clause, facts and arithmetic.
    Everyone,
    /// Also alternatives, credit judgements and grounds of refusal.
    Staff,
}

impl Finding {
    pub fn blocking(clause: &str, code: &str, detail: impl ToString) -> Finding {
        Finding {
            clause: clause.to_owned(),
            code: code.to_owned(),
            detail: detail.to_string(),
            blocks: true,
            audience: Audience::Staff,
        }
    }

    pub fn warning(clause: &str, code: &str, detail: impl ToString) -> Finding {
        Finding { blocks: false, ..Finding::blocking(clause, code, detail) }
    }
}
