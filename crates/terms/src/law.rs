//! The law of a case: what is in force, under one id that every event names.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use reckon::{Day, Moment, TaxTable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::effective::WorkedOut;
use crate::{Pack, PriceTable, Rules, TermsVersion};

/// Hash of a law's content; two laws with one id are the same.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LawId(pub String);

impl LawId {
    /// The id of the law that this text holds, as it was serialised.
    pub fn of_text(text: &str) -> LawId {
        LawId(blake3::hash(text.as_bytes()).to_hex()[..16].to_owned())
    }
}

impl fmt::Display for LawId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything a decision rests on besides the facts of the case.
///
/// Individual agreements are facts of a contract and so belong to the case; they
/// are laid over the law by [`Law::effective`]. What is worked out of the content
/// is kept beside it, so the content is read freely and written by
/// [`Law::change`] only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Law {
    content: LawContent,
    #[serde(skip)]
    pub(crate) worked_out: Arc<WorkedOut>,
}

/// What a law says, as plain data: this is what its id is the hash of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawContent {
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

/// Which days are open and closed besides what this program knows of weekends and
/// holidays, as the operator published it on a day. A deadline stands with the version
/// that was published when it was set in motion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarVersion {
    pub published_on: Day,
    /// Days on which the operator is closed: no business days, and days of the banks all
    /// the same.
    #[serde(default)]
    pub closures: Vec<Day>,
    /// National holidays that this program does not know yet, by a changed law: closed
    /// for the operator and the banks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Day>,
    /// Holidays of this program that are none any more: open for both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<Day>,
    /// Days on which the banks alone are closed, or open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bank_closures: Vec<Day>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bank_openings: Vec<Day>,
}

impl CalendarVersion {
    /// A day that is said to be both open and closed.
    pub fn contradiction(&self) -> Option<Day> {
        let business = self.closures.iter().chain(&self.holidays);
        let mut banks = self.bank_closures.iter().chain(&self.holidays);
        let opens = |day: &&Day| self.openings.contains(day);
        let opens_bank =
            |day: &&Day| self.bank_openings.contains(day) || self.openings.contains(day);
        business.clone().find(opens).or_else(|| banks.find(opens_bank)).copied()
    }
}

impl Deref for Law {
    type Target = LawContent;

    fn deref(&self) -> &LawContent {
        &self.content
    }
}

impl PartialEq for Law {
    fn eq(&self, other: &Law) -> bool {
        self.content == other.content
    }
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
        let content = LawContent {
            pack: pack.id.clone(),
            versions: pack.versions.clone(),
            parameters,
            reading_of,
            readings: BTreeMap::new(),
            changes: Vec::new(),
            calendars: Vec::new(),
            tax: TaxTable(pack.tax.clone()),
            prices,
        };
        Law { content, worked_out: Arc::default() }
    }

    /// Changes the content: another law, with another id.
    pub fn change(&mut self, change: impl FnOnce(&mut LawContent)) {
        change(&mut self.content);
        self.worked_out = Arc::default();
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
        self.change(|law| {
            law.readings.insert(id.to_owned(), choice);
        });
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
        self.change(|law| law.parameters = changed);
        Ok(())
    }

    /// Hash of the content, taken once.
    pub fn id(&self) -> LawId {
        self.worked_out.text(&self.content).0.clone()
    }

    /// Hash of what a decision can have read that asked for no later day: all but the
    /// versions, changes, calendars, tax rates and prices that come after it.
    pub fn id_up_to(&self, day: Day) -> LawId {
        let mut known = self.content.clone();
        let is_published = |published: Option<Day>| published.is_some_and(|on| on <= day);
        known.versions.retain(|one| one.in_force_from <= day || is_published(one.published_on));
        known.changes.retain(|change| change.from <= day);
        known.calendars.retain(|calendar| calendar.published_on <= day);
        known.tax.0.retain(|rate| rate.from <= day);
        known.prices.item.iter_mut().for_each(|item| item.price.retain(|one| one.from <= day));
        LawId::of_text(&serde_json::to_string(&known).expect("a law is plain data"))
    }

    /// The content as it is stored under its id, written once.
    pub fn text(&self) -> Arc<str> {
        self.worked_out.text(&self.content).1.clone()
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
        self.add(Change { from, parameter, value, choice: Some(choice) });
        Ok(())
    }

    /// Sets a parameter of the operator's own policy, from a day on.
    ///
    /// # Errors
    /// As [`Law::set`].
    pub fn set_from(&mut self, name: &str, value: Value, from: Day) -> Result<(), LawError> {
        self.clone().set(name, value.clone())?;
        self.add(Change { from, parameter: name.to_owned(), value, choice: None });
        Ok(())
    }

    fn add(&mut self, change: Change) {
        self.change(|law| {
            law.changes.push(change);
            law.changes.sort_by_key(|change| change.from);
        });
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
}

pub(crate) fn read_rules(values: &BTreeMap<String, Value>) -> Result<Rules, LawError> {
    let object: Map<String, Value> = values.clone().into_iter().collect();
    serde_json::from_value(Value::Object(object))
        .map_err(|error| LawError::UnusableValue(error.to_string()))
}
