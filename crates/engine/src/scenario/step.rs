//! The file: what happens when, by whom, and what is expected then.

use reckon::Moment;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::action::Action;
use super::expect::Expectation;
use super::when::moment;

/// A life with its start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub title: String,
    #[serde(default)]
    pub note: String,
    /// Where the clock stands at first.
    #[serde(deserialize_with = "moment")]
    pub start: Moment,
    /// File of the operator beside the scenario; the sample reseller without one.
    #[serde(default)]
    pub operator: Option<String>,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// One step: at its moment, everything due before is done first.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: Moment,
    /// Person of the operator's file; `desk` steps default to the first one.
    pub by: Option<String>,
    /// Of an act that needs two persons: who proposes it, before `by` approves.
    pub proposed_by: Option<String>,
    pub note: String,
    pub action: Action,
    pub expect: Vec<Expectation>,
    /// Nothing is done between the step before and this one: the machine slept.
    pub asleep: bool,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// A sentence naming the line, the step and the field that is wrong.
    pub fn read(text: &str) -> Result<Scenario, String> {
        let scenario: Scenario =
            toml::from_str(text).map_err(|error| format!("the scenario is wrong: {error}"))?;
        let mut before = scenario.start;
        for (number, step) in scenario.steps.iter().enumerate() {
            if step.at < before {
                let number = number + 1;
                return Err(format!(
                    "step {number} is at {}, earlier than the step before",
                    step.at
                ));
            }
            before = step.at;
        }
        Ok(scenario)
    }
}

const NON_RENEWAL: &str = "non_renewal";

/// The fields of every step, beside those of its action.
#[derive(Deserialize)]
struct Common {
    #[serde(deserialize_with = "moment")]
    at: Moment,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    proposed_by: Option<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    expect: Vec<Expectation>,
    #[serde(default)]
    asleep: bool,
}

const COMMON: [&str; 6] = ["at", "by", "proposed_by", "note", "expect", "asleep"];

impl<'de> Deserialize<'de> for Step {
    /// Takes the common fields out first, so that a misspelt field of the action
    /// is an error and not silence.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Step, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        // `by` is a field of its own in a statement of non-renewal.
        let is_statement = table.get("do").and_then(|v| v.as_str()) == Some(NON_RENEWAL);
        let mut common = toml::Table::new();
        for name in COMMON {
            if name == "by" && is_statement {
                continue;
            }
            if let Some(value) = table.remove(name) {
                common.insert(name.to_owned(), value);
            }
        }
        if !table.contains_key("do") {
            table.insert("do".to_owned(), "wait".into());
        }
        let Common { at, by, proposed_by, note, expect, asleep } =
            Common::deserialize(common).map_err(D::Error::custom)?;
        let action = <Action as Deserialize>::deserialize(table);
        let action = action.map_err(|error| D::Error::custom(format!("step at {at}: {error}")))?;
        Ok(Step { at, by, proposed_by, note, action, expect, asleep })
    }
}
