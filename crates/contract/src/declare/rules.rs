//! The rules: which clauses a reason cites, resting on which readings and parameters,
//! under which title, and how its numbers are told. Each stands in the file of its
//! clause; one list here for what goes over all of them.

use serde::Serialize;
use terms::{Law, Reading};

pub use crate::declare::lists::RULES;
use crate::declare::reason::{Because, Told, told};
use crate::declare::words::{Reader, Words};

/// Puts the numbers of a reason into lines, where it has those of a rule.
type Tell = fn(&Because, Reader) -> Option<Vec<String>>;

/// What a reason names. A rule whose answer changes gets a higher version.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub version: u32,
    pub clauses: &'static [&'static str],
    pub readings: &'static [&'static str],
    pub parameters: &'static [&'static str],
    /// What it decides, as a short name.
    pub title: Words,
    pub(crate) told: Option<Tell>,
}

impl Rule {
    pub(crate) const fn new(
        id: &'static str,
        version: u32,
        ja: &'static str,
        en: &'static str,
    ) -> Rule {
        let title = Words::new(ja, en);
        Rule { id, version, clauses: &[], readings: &[], parameters: &[], title, told: None }
    }

    pub(crate) const fn clauses(self, clauses: &'static [&'static str]) -> Rule {
        Rule { clauses, ..self }
    }

    pub(crate) const fn readings(self, readings: &'static [&'static str]) -> Rule {
        Rule { readings, ..self }
    }

    pub(crate) const fn parameters(self, parameters: &'static [&'static str]) -> Rule {
        Rule { parameters, ..self }
    }

    /// Its numbers are told as these tell themselves.
    pub(crate) const fn told_by<N: Told>(self) -> Rule {
        Rule { told: Some(told::<N>), ..self }
    }
}

/// How far rules rest on a reading or a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reliance {
    /// It is read: another choice changes what follows.
    Chosen,
    /// A rule rests on it as it stands here; nothing else can be chosen.
    Fixed,
    /// No rule reads it.
    Nothing,
}

/// How far rules rest on a parameter of the terms.
pub fn reliance_on_parameter(law: &Law, name: &str) -> Reliance {
    if law.is_carried_out(name) {
        Reliance::Chosen
    } else if RULES.iter().any(|rule| rule.parameters.contains(&name)) {
        Reliance::Fixed
    } else {
        Reliance::Nothing
    }
}

/// How far rules rest on a reading: on its parameter, where it has one.
pub fn reliance_on_reading(law: &Law, reading: &Reading) -> Reliance {
    let parameter = reading.parameter.as_deref();
    let parameter = parameter.map_or(Reliance::Nothing, |name| reliance_on_parameter(law, name));
    let is_cited = RULES.iter().any(|rule| rule.readings.contains(&&*reading.id));
    parameter.min(if is_cited { Reliance::Fixed } else { Reliance::Nothing })
}

/// The rule that a stored reason names.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
