//! A letter is told by numbers as a whole: what it names by an id stands in its text and on
//! its paper by the short number that people say and pages show, so that no letter can
//! forget it. Where a thing has no number, its id stays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::keeping::numbered::numbered_in;
use crate::outgoing::draft::Draft;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    pub(crate) async fn told_by_numbers(&self, mut draft: Draft) -> Result<Draft, EngineError> {
        let paper = draft.paper.as_ref().map(|(_, paper)| serde_json::to_value(paper));
        let mut paper = paper.transpose().expect("plain data");
        let mut named = BTreeSet::new();
        let mut found = |text: &mut String| named.extend(numbered_in(text).map(str::to_owned));
        texts(&mut draft, paper.as_mut(), &mut found);
        if named.is_empty() {
            return Ok(draft);
        }
        let named: Vec<_> = named.iter().map(String::as_str).collect();
        let numbers = self.store.short_numbers(&named).await?;
        let mut told = |text: &mut String| {
            for (id, number) in &numbers {
                if text.contains(id) {
                    *text = text.replace(id, number);
                }
            }
        };
        texts(&mut draft, paper.as_mut(), &mut told);
        if let (Some((_, old)), Some(paper)) = (&mut draft.paper, paper) {
            *old = serde_json::from_value(paper).expect("as it was, but for its texts");
        }
        Ok(draft)
    }
}

/// Every text of a letter that somebody reads.
fn texts(draft: &mut Draft, paper: Option<&mut Value>, with: &mut impl FnMut(&mut String)) {
    let text = &mut draft.text;
    with(&mut text.subject);
    text.paragraphs.iter_mut().chain(&mut text.remarks).for_each(&mut *with);
    text.records.iter_mut().for_each(|(_, record)| with(record));
    if let Some((name, _)) = &mut draft.paper {
        with(name);
    }
    if let Some(paper) = paper {
        texts_within(paper, with);
    }
}

fn texts_within(value: &mut Value, with: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => with(text),
        Value::Array(several) => several.iter_mut().for_each(|one| texts_within(one, with)),
        Value::Object(fields) => fields.values_mut().for_each(|one| texts_within(one, with)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
