//! What a notice says, ready to be shown: the same words on the homepage, in the portal, in a
//! mail and on paper.

use contract::declare::figures::written_day;
use reckon::{Day, Moment};
use terms::{NoticeAsk, NoticeKind};

use super::entries::{Words, Written};
use super::held::Announcement;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub title: String,
    /// The sentence of its kind; may be empty.
    pub lead: String,
    pub passages: Vec<Passage>,
    /// What was written for it; may be empty, and may have several lines.
    pub text: String,
    /// The clause that it serves.
    pub clause: String,
    /// Of a legal notice, the court of 6-1.
    pub court: Option<String>,
}

/// One particular of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub label: &'static str,
    pub value: String,
}

impl Engine {
    /// What a notice says; nothing where its words were sealed and have been erased.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn said_by(&self, announcement: &Announcement) -> Result<Option<Said>, EngineError> {
        let written = &announcement.written;
        let words = match (&written.words, &written.sealed) {
            (Some(words), _) => Some(words.clone()),
            (None, Some(row)) => {
                let row = self.store.personal(row).await?;
                row.map(|row| serde_json::from_slice(&row.content)).transpose().map_err(
                    |error| EngineError::damaged(format!("{}: {error}", announcement.id)),
                )?
            }
            (None, None) => None,
        };
        Ok(words.map(|words| self.said_of(written, &words, announcement.written_at)))
    }

    /// With the court as it was agreed when it was written: what left stays as it was.
    pub(super) fn said_of(&self, written: &Written, words: &Words, at: Moment) -> Said {
        let kind = NoticeKind::of(&written.kind);
        let title = written.title.clone();
        let Some(kind) = kind else {
            let (lead, passages, clause) = (String::new(), Vec::new(), "3-1".to_owned());
            return Said { title, lead, passages, text: words.text.clone(), clause, court: None };
        };
        let passages = kind.fields.iter().filter_map(|field| {
            let value = words.fields.get(&field.name)?;
            Some(Passage { label: &field.ja, value: as_written(field.ask, value) })
        });
        Said {
            title,
            lead: kind.body.clone(),
            passages: passages.collect(),
            text: words.text.clone(),
            clause: kind.clause.clone(),
            court: kind.legal.then(|| self.court(at)),
        }
    }

    /// 6-1: the court that is agreed on.
    pub(crate) fn court(&self, at: Moment) -> String {
        let terms = self.law.effective(at, &[]);
        let court = terms.ok().and_then(|terms| terms.values.get("court").cloned());
        court.and_then(|court| court.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A value as letters write it.
fn as_written(ask: NoticeAsk, value: &str) -> String {
    let day = || value.parse::<Day>().ok().map(written_day);
    let moment = || value.parse::<Moment>().ok().map(written_moment);
    let written = match ask {
        NoticeAsk::Day => day(),
        NoticeAsk::Moment => moment(),
        NoticeAsk::Count => Some(format!("{value}日")),
        NoticeAsk::Line | NoticeAsk::Text => None,
    };
    written.unwrap_or_else(|| value.to_owned())
}

/// `2026年4月3日（金）10時05分`.
pub(super) fn written_moment(at: Moment) -> String {
    let local = at.japan();
    format!("{}{}時{:02}分", written_day(at.day()), local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_in_letters() {
        let told = |ask, value| as_written(ask, value);
        assert_eq!(
            told(NoticeAsk::Moment, "2026-04-03T09:05:00+09:00"),
            "2026年4月3日（金）9時05分"
        );
        assert_eq!(told(NoticeAsk::Day, "2026-04-03"), "2026年4月3日（金）");
        assert_eq!(told(NoticeAsk::Count, "14"), "14日");
        assert_eq!(told(NoticeAsk::Line, "東日本リージョン"), "東日本リージョン");
    }
}
