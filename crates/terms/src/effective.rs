//! What holds for one contract at one moment: the parameters of the law with its
//! changes and the contract's agreements laid over them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use reckon::{BusinessCalendar, Day, Moment};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::law::read_rules;
use crate::{
    ChosenReading, Law, LawContent, LawError, LawId, Precedence, Prevailing, Rules, prevailing,
};

/// A parameter set otherwise by an individual agreement (1-2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    due_calendar: BusinessCalendar,
}

/// Parameters whose clause holds whatever the contract states (20-3, 9-10).
const NOTWITHSTANDING: [&str; 1] = ["sdpf_cap"];

/// On what an [`Effective`] rests: how many changes are in force, which calendar,
/// and which agreements.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Occasion {
    changes: usize,
    calendar: Option<usize>,
    agreements: Vec<Override>,
}

/// How many answers are kept: contracts with agreements of their own come and go.
const KEPT: usize = 1_000;

/// What has been worked out of one content.
#[derive(Debug, Default)]
pub(crate) struct WorkedOut {
    text: OnceLock<(LawId, Arc<str>)>,
    effective: Mutex<HashMap<Occasion, Arc<Effective>>>,
}

impl WorkedOut {
    pub(crate) fn text(&self, content: &LawContent) -> &(LawId, Arc<str>) {
        self.text.get_or_init(|| {
            let text = serde_json::to_string(content).expect("a law is plain data");
            let id = LawId::of_text(&text);
            (id, text.into())
        })
    }

    fn known(&self, occasion: &Occasion) -> Option<Arc<Effective>> {
        self.answers().get(occasion).cloned()
    }

    fn keep(&self, occasion: Occasion, effective: Arc<Effective>) {
        let mut answers = self.answers();
        if answers.len() >= KEPT {
            answers.clear();
        }
        answers.insert(occasion, effective);
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Occasion, Arc<Effective>>> {
        // Whoever panicked meanwhile left whole answers behind.
        self.effective.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Law {
    /// The parameters for a contract at `at`, its agreements laid over the terms
    /// (1-2), with the business calendar as published then.
    ///
    /// Equal answers are one and the same: they change only on a few days and with
    /// few agreements, and are asked for again and again.
    ///
    /// # Errors
    /// When an agreement names a parameter that does not exist or gives it a
    /// value of the wrong kind.
    pub fn effective(
        &self,
        at: Moment,
        agreements: &[Override],
    ) -> Result<Arc<Effective>, LawError> {
        let agreements = agreements.iter().filter(|a| a.from <= at);
        let occasion = Occasion {
            // Changes come into force in their order in time: so many are these.
            changes: self.changes.iter().filter(|c| Moment::start_of(c.from) <= at).count(),
            calendar: self.calendars.iter().rposition(|c| c.published_on <= at.day()),
            agreements: agreements.cloned().collect(),
        };
        if let Some(known) = self.worked_out.known(&occasion) {
            return Ok(known);
        }
        let effective = Arc::new(self.lay(at, &occasion)?);
        self.worked_out.keep(occasion, effective.clone());
        Ok(effective)
    }

    /// Lays what is in force over the parameters of the pack.
    fn lay(&self, at: Moment, occasion: &Occasion) -> Result<Effective, LawError> {
        let mut values = self.parameters.clone();
        let mut sources: BTreeMap<String, Source> =
            values.keys().map(|name| (name.clone(), self.source_of(name))).collect();
        for change in self.changes.iter().filter(|c| Moment::start_of(c.from) <= at) {
            values.insert(change.parameter.clone(), change.value.clone());
            let source = self.source(&change.parameter, change.choice.as_ref());
            sources.insert(change.parameter.clone(), source);
        }
        for agreement in &occasion.agreements {
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
        let published = occasion.calendar.map(|at| &self.calendars[at]);
        let calendar_version = published.map_or(Day::MIN, |c| c.published_on);
        let mut calendar = BusinessCalendar::of(rules.calendar);
        calendar.closures.extend(&rules.closures);
        let mut due_calendar = BusinessCalendar::of(rules.due_calendar);
        if let Some(published) = published {
            calendar.closures.extend(published.closures.iter().chain(&published.holidays));
            calendar.openings.extend(&published.openings);
            let closed = published.bank_closures.iter().chain(&published.holidays);
            due_calendar.closures.extend(closed);
            let open = published.bank_openings.iter().chain(&published.openings);
            due_calendar.openings.extend(open);
        }
        Ok(Effective { rules, values, sources, calendar, calendar_version, due_calendar })
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
    pub fn due_calendar(&self) -> &BusinessCalendar {
        &self.due_calendar
    }
}
