//! A letter is told by numbers as a whole: what it names by an id stands in its text and on
//! its paper by the short number that people say and pages show, so that no letter can
//! forget it. Where a thing has no number, its id stays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::outgoing::draft::Draft;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What the ids of applications, contracts and matters begin with; twelve hexadecimal
/// digits follow.
const BEGIN: [&str; 3] = ["P-", "K-", "M-"];
const DIGITS: usize = 12;

impl Engine {
    pub(crate) async fn told_by_numbers(&self, mut draft: Draft) -> Result<Draft, EngineError> {
        let paper = draft.paper.as_ref().map(|(_, paper)| serde_json::to_value(paper));
        let mut paper = paper.transpose().expect("plain data");
        let mut named = BTreeSet::new();
        let mut found = |text: &mut String| named.extend(ids(text).map(str::to_owned));
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

/// The ids that stand in a text.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let starts = BEGIN.iter().flat_map(|begin| text.match_indices(begin));
    starts.filter_map(|(at, begin)| {
        let digits = text.get(at + begin.len()..at + begin.len() + DIGITS)?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let ends = !text[at + begin.len() + DIGITS..].bytes().next().is_some_and(is_digit);
        let is_id = ends && digits.bytes().all(is_digit);
        is_id.then(|| &text[at..at + begin.len() + DIGITS])
    })
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_are_found_where_they_stand() {
        let text = "【STP-K-0259c3faa18d】申込P-045827adcf33（K-0259c3faa18d0、K-12、PK-x）";
        let mut found: Vec<_> = ids(text).collect();
        found.sort_unstable();
        assert_eq!(found, ["K-0259c3faa18d", "P-045827adcf33"]);
    }
}
