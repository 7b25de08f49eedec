//! Worked examples of single rules: a file that a lawyer can write and run.
//!
//! The runner calls the functions that `decide` calls, but for a few that answer examples
//! only (docs/not-yet.md); a switch sets the real parameter of the terms pack for one case.

mod dates;
mod given;
mod law;
mod money;

use std::panic::AssertUnwindSafe;

use contract::road::plausible::beyond;
use serde::Deserialize;
use serde_json::{Value, json};
use terms::Pack;

use given::field;
use law::Switches;

/// One case: a rule, what is given, and the answer that is expected.
#[derive(Debug, Clone, Deserialize)]
pub struct Example {
    pub id: String,
    #[serde(rename = "fn")]
    pub rule: String,
    #[serde(default)]
    pub title: String,
    pub given: Value,
    pub expect: Value,
}

/// How a case came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub id: String,
    pub title: String,
    pub rule: String,
    pub expected: Value,
    /// The answer, or why there is none.
    pub answer: Result<Value, String>,
}

impl Outcome {
    pub fn passed(&self) -> bool {
        self.answer.as_ref() == Ok(&self.expected)
    }
}

/// Reads a file of cases.
///
/// # Errors
/// A sentence naming the line where the JSON is wrong.
pub fn read(text: &str) -> Result<Vec<Example>, String> {
    serde_json::from_str(text).map_err(|error| format!("not a file of examples: {error}"))
}

/// Runs every case under the defaults of the pack.
pub fn run(pack: &Pack, examples: &[Example]) -> Vec<Outcome> {
    let switches = Switches::new(pack);
    let each = examples.iter().map(|example| Outcome {
        id: example.id.clone(),
        title: example.title.clone(),
        rule: example.rule.clone(),
        expected: example.expect.clone(),
        answer: guarded(&switches, example),
    });
    each.collect()
}

/// A case with days or amounts beyond the calendar fails by itself and leaves the
/// others alone.
fn guarded(switches: &Switches, example: &Example) -> Result<Value, String> {
    if let Some(problem) = beyond("given", &example.given) {
        return Err(problem);
    }
    let one = || answer(switches, &example.rule, &example.given);
    std::panic::catch_unwind(AssertUnwindSafe(one)).unwrap_or_else(|_| {
        Err("a day, a count or an amount lies beyond what can be counted".to_owned())
    })
}

fn answer(switches: &Switches, rule: &str, given: &Value) -> Result<Value, String> {
    if rule == "chain" {
        return chain(switches, given);
    }
    let known =
        dates::answer(switches, rule, given).or_else(|| money::answer(switches, rule, given));
    known.unwrap_or_else(|| law::answer(switches, rule, given))
}

/// Rules in their order; they pass no values to each other.
fn chain(switches: &Switches, given: &Value) -> Result<Value, String> {
    #[derive(Deserialize)]
    struct Link {
        #[serde(rename = "fn")]
        rule: String,
        given: Value,
    }
    let links: Vec<Link> = field(given, "steps")?;
    let results: Result<Vec<Value>, String> =
        links.iter().map(|link| answer(switches, &link.rule, &link.given)).collect();
    Ok(json!({ "results": results? }))
}
