//! Why: compact enough to store with every decision, complete enough to explain
//! it. Sentences are made elsewhere, from the rule's name and these numbers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use terms::{Effective, Source};

use crate::declare::ids::InputId;
use crate::declare::rules::{Rule, rule};

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
    /// Starts a reason that cites a rule of the table.
    ///
    /// # Panics
    /// When the table has no such rule, which the tests find.
    pub fn rule(id: &str) -> Because {
        let Rule { id, version, .. } = rule(id).unwrap_or_else(|| panic!("no rule \"{id}\""));
        Because {
            rule: format!("{id}@{version}"),
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

    pub fn number(mut self, name: &str, value: impl Serialize) -> Because {
        let value = serde_json::to_value(value).expect("a plain value");
        self.numbers.insert(name.to_owned(), value);
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
