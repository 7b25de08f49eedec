//! The law of a case: what is in force, under one id that every event names.

use std::collections::BTreeMap;
use std::fmt;

use reckon::{BusinessCalendar, CalendarKind, Day, Moment, TaxTable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::{Pack, Precedence, Prevailing, PriceTable, Rules, TermsVersion, prevailing};

/// Hash of a law's content; two laws with one id are the same.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LawId(pub String);

impl fmt::Display for LawId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything a decision rests on besides the facts of the case.
///
/// Individual agreements are facts of a contract and so belong to the case; they
/// are laid over the law by [`Law::effective`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    pub pack: String,
    pub versions: Vec<TermsVersion>,
    /// Value of every parameter as the pack has it.
    pub parameters: BTreeMap<String, Value>,
    /// Which reading a parameter rests on.
    pub reading_of: BTreeMap<String, String>,
    /// Readings that the operator's counsel has chosen or signed.
    pub readings: BTreeMap<String, ChosenReading>,
    /// Choices made later, each from its day on: what followed before stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Calendars in the order of publication.
    pub calendars: Vec<CalendarVersion>,
    pub tax: TaxTable,
    pub prices: PriceTable,
}

/// A reading chosen by the operator, and who signed it when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenReading {
    /// Key of the option: `a`, `b`, …
    pub option: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<Day>,
}

/// A parameter that has another value from a day on, by a new choice of a reading
/// or by the operator's own policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub from: Day,
    pub parameter: String,
    pub value: Value,
    /// The choice behind it, when the parameter rests on a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ChosenReading>,
}

/// Closed days that the operator published on a day. A deadline stands with the
/// version that was published when it was set in motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarVersion {
    pub published_on: Day,
    #[serde(default)]
    pub closures: Vec<Day>,
}

/// A parameter set otherwise by an individual agreement (1-2).
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    pub parameter: String,
    pub value: Value,
    pub document: String,
    pub signed_on: Day,
    pub from: Moment,
    pub names_clause: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The text gives it.
    Text,
    /// A reading of the text; `signed` when counsel has put a name under it.
    Reading { id: String, option: String, signed: Option<(String, Day)> },
    /// An individual agreement.
    Agreement { document: String, signed_on: Day },
}

/// The parameters that hold for one contract at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    pub rules: Rules,
    pub values: BTreeMap<String, Value>,
    pub sources: BTreeMap<String, Source>,
    pub calendar: BusinessCalendar,
    pub calendar_version: Day,
}

/// Why a law cannot be put together or applied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LawError {
    #[error(
        "the parameter {0} does not exist in the terms pack: check the name in parameters.toml"
    )]
    UnknownParameter(String),
    #[error("the reading {0} does not exist in the terms pack")]
    UnknownReading(String),
    #[error("the reading {reading} has no option \"{option}\": choose one of {known}")]
    UnknownOption { reading: String, option: String, known: String },
    #[error(
        "{what} is recorded in the pack, but no rule of this version carries another choice out: \
         leave the default"
    )]
    NotCarriedOut { what: String },
    #[error("a parameter has a value that the rules cannot use: {0}")]
    UnusableValue(String),
}

/// Parameters whose clause holds whatever the contract states (20-3, 9-10).
const NOTWITHSTANDING: [&str; 1] = ["sdpf_cap"];

impl Law {
    /// The law of a pack with every reading at its default and unsigned.
    pub fn of(pack: &Pack, prices: PriceTable) -> Law {
        let parameters =
            pack.parameters.iter().map(|(name, p)| (name.clone(), p.value.clone())).collect();
        let reading_of = pack
            .parameters
            .iter()
            .filter_map(|(name, p)| Some((name.clone(), p.reading.clone()?)))
            .collect();
        Law {
            pack: pack.id.clone(),
            versions: pack.versions.clone(),
            parameters,
            reading_of,
            readings: BTreeMap::new(),
            changes: Vec::new(),
            calendars: Vec::new(),
            tax: TaxTable(pack.tax.clone()),
            prices,
        }
    }

    /// Takes over a reading that counsel has chosen or signed.
    ///
    /// # Errors
    /// When the pack has no such reading or option.
    pub fn choose(&mut self, pack: &Pack, id: &str, choice: ChosenReading) -> Result<(), LawError> {
        let reading =
            pack.readings.get(id).ok_or_else(|| LawError::UnknownReading(id.to_owned()))?;
        let option = reading.options.iter().find(|o| o.key == choice.option).ok_or_else(|| {
            let known: Vec<_> = reading.options.iter().map(|o| o.key.as_str()).collect();
            LawError::UnknownOption {
                reading: id.to_owned(),
                option: choice.option.clone(),
                known: known.join(", "),
            }
        })?;
        let value = choice.value.clone().or_else(|| option.value.clone());
        match (&reading.parameter, value) {
            (Some(name), Some(value)) => self.set(name, value)?,
            _ if choice.option == reading.default => {}
            _ => return Err(LawError::NotCarriedOut { what: format!("the reading {id}") }),
        }
        self.readings.insert(id.to_owned(), choice);
        Ok(())
    }

    /// Sets a parameter for the whole law, as the examples' switches do.
    ///
    /// # Errors
    /// When the pack does not know the parameter, the rules cannot use the value
    /// (every later decision counts on a law that can be read), or no rule reads
    /// it: a choice that changes nothing must not look like one that does.
    pub fn set(&mut self, name: &str, value: Value) -> Result<(), LawError> {
        let present = self.parameters.get(name);
        let present = present.ok_or_else(|| LawError::UnknownParameter(name.to_owned()))?;
        if *present != value && !self.is_carried_out(name) {
            return Err(LawError::NotCarriedOut { what: format!("the parameter {name}") });
        }
        let mut changed = self.parameters.clone();
        changed.insert(name.to_owned(), value);
        read_rules(&changed)?;
        self.parameters = changed;
        Ok(())
    }

    pub fn id(&self) -> LawId {
        let bytes = serde_json::to_vec(self).expect("a law is plain data");
        LawId(blake3::hash(&bytes).to_hex()[..16].to_owned())
    }

    /// Takes over a reading that counsel chooses anew, from a day on.
    ///
    /// # Errors
    /// As [`Law::choose`]; also for a reading without a parameter, since nothing
    /// would change on that day.
    pub fn choose_from(
        &mut self,
        pack: &Pack,
        id: &str,
        choice: ChosenReading,
        from: Day,
    ) -> Result<(), LawError> {
        let mut chosen = self.clone();
        chosen.choose(pack, id, choice.clone())?;
        let parameter = pack.readings.get(id).and_then(|reading| reading.parameter.clone());
        let what = format!("a change of the reading {id}");
        let parameter = parameter.ok_or(LawError::NotCarriedOut { what })?;
        let value = chosen.parameters[&parameter].clone();
        self.changes.push(Change { from, parameter, value, choice: Some(choice) });
        self.changes.sort_by_key(|change| change.from);
        Ok(())
    }

    /// Sets a parameter of the operator's own policy, from a day on.
    ///
    /// # Errors
    /// As [`Law::set`].
    pub fn set_from(&mut self, name: &str, value: Value, from: Day) -> Result<(), LawError> {
        self.clone().set(name, value.clone())?;
        self.changes.push(Change { from, parameter: name.to_owned(), value, choice: None });
        self.changes.sort_by_key(|change| change.from);
        Ok(())
    }

    /// True when a rule of this version reads the parameter.
    pub fn is_carried_out(&self, parameter: &str) -> bool {
        let rules = read_rules(&self.parameters).and_then(|rules| {
            serde_json::to_value(rules).map_err(|e| LawError::UnusableValue(e.to_string()))
        });
        rules.is_ok_and(|rules| rules.get(parameter).is_some())
    }

    /// The version of the terms in force at an instant; none before the first.
    pub fn version_at(&self, at: Moment) -> Option<&TermsVersion> {
        self.versions
            .iter()
            .filter(|v| Moment::start_of(v.in_force_from) <= at)
            .max_by_key(|v| v.in_force_from)
    }

    /// The parameters for a contract at `at`, its agreements laid over the terms
    /// (1-2), with the business calendar as published then.
    ///
    /// # Errors
    /// When an agreement names a parameter that does not exist or gives it a
    /// value of the wrong kind.
    pub fn effective(&self, at: Moment, agreements: &[Override]) -> Result<Effective, LawError> {
        let mut values = self.parameters.clone();
        let mut sources: BTreeMap<String, Source> =
            values.keys().map(|name| (name.clone(), self.source_of(name))).collect();
        for change in self.changes.iter().filter(|c| Moment::start_of(c.from) <= at) {
            values.insert(change.parameter.clone(), change.value.clone());
            let source = self.source(&change.parameter, change.choice.as_ref());
            sources.insert(change.parameter.clone(), source);
        }
        for agreement in agreements.iter().filter(|a| a.from <= at) {
            let name = &agreement.parameter;
            if !values.contains_key(name) {
                return Err(LawError::UnknownParameter(name.clone()));
            }
            let between = Precedence {
                terms_notwithstanding: NOTWITHSTANDING.contains(&name.as_str()),
                individual_names_clause: agreement.names_clause,
            };
            if prevailing(between) == Prevailing::Individual {
                values.insert(name.clone(), agreement.value.clone());
                let (document, signed_on) = (agreement.document.clone(), agreement.signed_on);
                sources.insert(name.clone(), Source::Agreement { document, signed_on });
            }
        }
        let rules = read_rules(&values)?;
        let published = self.calendars.iter().rfind(|c| c.published_on <= at.day());
        let calendar_version = published.map_or(Day::MIN, |c| c.published_on);
        let mut calendar = BusinessCalendar::of(rules.calendar);
        calendar.closures.extend(&rules.closures);
        calendar.closures.extend(published.iter().flat_map(|c| &c.closures));
        Ok(Effective { rules, values, sources, calendar, calendar_version })
    }

    fn source_of(&self, parameter: &str) -> Source {
        let id = self.reading_of.get(parameter);
        self.source(parameter, id.and_then(|id| self.readings.get(id)))
    }

    fn source(&self, parameter: &str, chosen: Option<&ChosenReading>) -> Source {
        let Some(id) = self.reading_of.get(parameter) else {
            return Source::Text;
        };
        let signed = chosen.and_then(|c| c.signed_by.clone().zip(c.signed_on));
        let option = chosen.map_or_else(|| "default".to_owned(), |c| c.option.clone());
        Source::Reading { id: id.clone(), option, signed }
    }
}

impl Effective {
    /// The calendar by which due dates are rolled.
    pub fn due_calendar(&self) -> BusinessCalendar {
        let kind: CalendarKind = self.rules.due_calendar;
        BusinessCalendar::of(kind)
    }
}

fn read_rules(values: &BTreeMap<String, Value>) -> Result<Rules, LawError> {
    let object: Map<String, Value> = values.clone().into_iter().collect();
    serde_json::from_value(Value::Object(object))
        .map_err(|error| LawError::UnusableValue(error.to_string()))
}
