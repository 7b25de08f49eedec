//! What happened, line by line: the story of an account, or of a contract.

use std::cmp::Reverse;

use contract::declare::ids::{AccountId, ConsequenceId};
use contract::declare::rules::rule;
use contract::road::case::Case;
use contract::road::stream::{Body, Content, Event, Record, Stream};
use document::wording::Reader;
use reckon::Moment;

use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// One line of the story of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub at: Moment,
    /// Id by which `explain` knows it.
    pub id: String,
    pub stream: String,
    pub text: String,
    pub clauses: Vec<String>,
    /// A fact, an act, a consequence, or one that was taken back.
    pub kind: &'static str,
    pub retracted: bool,
}

/// Some of a story.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoryPart {
    /// The newest first, as they happened.
    pub lines: Vec<Told>,
    /// For the part before it, where there is one.
    pub earlier_than: Option<u64>,
}

/// A part has this many lines or more, as far as that many records are looked at.
const LINES: usize = 30;
/// So often it is looked for lines that are wanted.
const LOOKS: usize = 8;

impl Engine {
    /// The whole story of an account, in the order in which things happened.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn told(
        &self,
        account: &AccountId,
        reader: impl Into<Reader>,
    ) -> Result<Vec<Told>, EngineError> {
        let (reader, known) = (reader.into(), self.account(account).await?);
        let mut lines = Vec::new();
        let records = self.records(account).await?;
        // As far as it is known which of it holds.
        for record in records.iter().take(known.case().records() as usize) {
            lines.extend(self.lines_of(known.case(), record, reader, |_| true));
        }
        lines.sort_by_key(|told| told.at);
        Ok(lines)
    }

    /// What was registered last in some streams of an account, before a place among its
    /// records, and of that what is wanted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn story(
        &self,
        case: &Case,
        streams: &[Stream],
        before: Option<u64>,
        reader: Reader,
        wanted: impl Fn(&Record, &Event) -> bool + Send + Sync,
    ) -> Result<StoryPart, EngineError> {
        let mut story = StoryPart::default();
        // What came since the case was read is not known to hold.
        let mut before = before.unwrap_or(u64::MAX).min(case.records() + 1);
        for _ in 0..LOOKS {
            let part =
                self.store.newest_records(&case.account, streams, before, LINES as u32).await?;
            for record in part.records.iter().rev() {
                let is_wanted =
                    |event: &Event| streams.contains(&event.stream) && wanted(record, event);
                let lines = self.lines_of(case, record, reader, is_wanted);
                story.lines.extend(lines.into_iter().rev());
            }
            story.earlier_than = part.earlier_than;
            match part.earlier_than {
                Some(place) if story.lines.len() < LINES => before = place,
                _ => break,
            }
        }
        story.lines.sort_by_key(|told| Reverse(told.at));
        Ok(story)
    }

    fn lines_of(
        &self,
        case: &Case,
        record: &Record,
        reader: Reader,
        wanted: impl Fn(&Event) -> bool,
    ) -> Vec<Told> {
        let by = || {
            let actor = &record.input.actor.id;
            reader.pick(self.name_of(actor), actor.clone())
        };
        let line = |event: &Event| {
            let (id, text, kind) = words(record, &event.body, reader, by)?;
            let clauses =
                rule(event.because.rule_id()).map(|rule| rule.clauses).unwrap_or_default();
            Some(Told {
                at: event.occurred_at,
                retracted: kind == "follows" && case.live.get(&ConsequenceId(id.clone())).is_none(),
                id,
                stream: event.stream.to_string(),
                text,
                clauses: clauses.iter().map(|clause| (*clause).to_owned()).collect(),
                kind,
            })
        };
        record.events.iter().filter(|event| wanted(event)).filter_map(line).collect()
    }
}

/// The id of a line of the story, the line, and its kind; `by` names who acted.
fn words(
    record: &Record,
    body: &Body,
    language: Reader,
    by: impl Fn() -> String,
) -> Option<(String, String, &'static str)> {
    let input = &record.input.id.0;
    Some(match body {
        Body::Registered { .. } => match &record.input.content {
            Content::Fact(fact) => (input.clone(), fact.line(language), "fact"),
            _ => return None,
        },
        Body::Done { .. } | Body::Refused { .. } => match &record.input.content {
            Content::Act(act) => {
                let text = act.line(language);
                let kind = if matches!(body, Body::Done { .. }) { "act" } else { "refused" };
                (input.clone(), format!("{text} — {}", by()), kind)
            }
            _ => return None,
        },
        Body::Follows { id, consequence } => (id.0.clone(), consequence.line(language), "follows"),
        Body::Retracted { .. } => return None,
    })
}
