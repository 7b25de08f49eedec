//! Kinds of notices (3-1) as data of the pack: what each is about, its channels, its lead,
//! what it says, and who writes and approves it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::reading::{PackError, by_id, parse};

/// Whether the pack has something of a name.
type Has<'a> = &'a dyn Fn(&str) -> bool;

pub(crate) const FILE: &str = "notices.toml";

/// One kind of notices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeKind {
    pub code: String,
    /// The clause that it serves.
    pub clause: String,
    pub ja: String,
    pub en: String,
    /// Each of them is enough alone.
    pub channels: Vec<String>,
    /// It has to take effect so long before what it announces; without it, nothing is
    /// announced.
    #[serde(default)]
    pub lead: Option<Lead>,
    /// The field with the day or moment of what it announces.
    #[serde(default)]
    pub target: Option<String>,
    /// Whether whoever writes it is warned where the customer could not cancel before
    ///
    #[serde(default)]
    pub leaves_time_to_cancel: bool,
    /// Whether the reader is asked to confirm.
    #[serde(default)]
    pub confirm: bool,
    /// Whether the court of 6-1 is printed on it.
    #[serde(default)]
    pub legal: bool,
    /// Whether it goes to one contract only.
    #[serde(default)]
    pub one: bool,
    /// The field with the days to cure a breach (16-1(7)), which run from its effect.
    #[serde(default)]
    pub cure: Option<String>,
    /// The list of the public site in which it stands besides that of all notices.
    #[serde(default)]
    pub public: Option<PublicList>,
    /// It leaves by itself, and nobody writes it.
    #[serde(default)]
    pub automatic: bool,
    /// Roles, as they are stored.
    #[serde(default)]
    pub write: Vec<String>,
    /// One of these roles approves it, as another person than who wrote it. Empty: nobody.
    #[serde(default)]
    pub approve: Vec<String>,
    #[serde(default, rename = "field")]
    pub fields: Vec<NoticeField>,
    /// What it says before its fields and what was written for it.
    pub body: String,
}

/// How long before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    /// The parameter with the number of days.
    pub parameter: String,
    pub counts: LeadDays,
}

/// Which days a lead counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadDays {
    Calendar,
    Business,
}

/// A list of the public site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicList {
    PlannedWork,
}

/// Something that a notice of a kind has to say.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeField {
    pub name: String,
    pub ask: NoticeAsk,
    pub ja: String,
    pub en: String,
    /// The field whose moment comes before this one's.
    #[serde(default)]
    pub after: Option<String>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAsk {
    Line,
    /// Several lines.
    Text,
    Day,
    Moment,
    Count,
}

/// The channels by which a notice of the provider can go.
const CHANNELS: [&str; 4] = ["email", "homepage", "paper", "other"];

#[derive(Deserialize)]
struct KindFile {
    kind: Vec<NoticeKind>,
}

impl NoticeKind {
    pub fn field(&self, name: &str) -> Option<&NoticeField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a notice of this kind may go by a channel, as it is stored.
    pub fn goes_by(&self, channel: &str) -> bool {
        self.channels.iter().any(|known| known == channel)
    }

    fn fault(&self, has_clause: Has<'_>, has_parameter: Has<'_>) -> Option<String> {
        let asked = |name: &Option<String>, asks: &[NoticeAsk]| {
            let field = name.as_ref().map(|name| self.field(name));
            field.is_none_or(|field| field.is_some_and(|field| asks.contains(&field.ask)))
        };
        let unknown = self.channels.iter().find(|channel| !CHANNELS.contains(&channel.as_str()));
        Some(if !has_clause(&self.clause) {
            format!("clauses.toml has no clause {}: correct it", self.clause)
        } else if [&self.ja, &self.en].iter().any(|words| words.trim().is_empty()) {
            "words are missing: give both ja and en".to_owned()
        } else if let Some(channel) = unknown {
            format!("there is no channel {channel}: take one of {}", CHANNELS.join(", "))
        } else if self.channels.is_empty() {
            "it has no channel: name at least one".to_owned()
        } else if self.lead.as_ref().is_some_and(|lead| !has_parameter(&lead.parameter)) {
            "its lead is no parameter of parameters.toml: correct it".to_owned()
        } else if self.lead.is_some() != self.target.is_some() {
            "a lead and its target belong together: give both or neither".to_owned()
        } else if !asked(&self.target, &[NoticeAsk::Day, NoticeAsk::Moment]) {
            "its target is no field with a day or moment: name one".to_owned()
        } else if !asked(&self.cure, &[NoticeAsk::Count]) {
            "the field of its days to cure asks for no number: name one".to_owned()
        } else if self.automatic != self.write.is_empty() {
            "somebody writes it, or it leaves by itself: give write or automatic".to_owned()
        } else {
            return None;
        })
    }
}

/// Reads the kinds of a pack, by their codes.
pub(crate) fn read_notices(
    text: &str,
    has_clause: Has<'_>,
    has_parameter: Has<'_>,
) -> Result<BTreeMap<String, NoticeKind>, PackError> {
    let KindFile { kind } = parse(FILE, text)?;
    for one in &kind {
        if let Some(problem) = one.fault(has_clause, has_parameter) {
            return Err(PackError::Row { file: FILE, row: one.code.clone(), problem });
        }
    }
    by_id(FILE, kind, |kind| kind.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "[[kind]]\ncode = 'a'\nclause = '12-2'\nja = '点検'\nen = 'work'\n\
        channels = ['email']\nlead = { parameter = 'maintenance.min_lead_days', counts = 'calendar' }\n\
        target = 'from'\nwrite = ['operations']\nbody = ''\n\
        field = [{ name = 'from', ask = 'moment', ja = '開始', en = 'from' }]\n";

    fn told(text: &str) -> String {
        let (clause, parameter) = ("12-2", "maintenance.min_lead_days");
        match read_notices(text, &|name| name == clause, &|name| name == parameter) {
            Ok(kinds) => format!("{} kinds", kinds.len()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_fault_of_a_kind_is_told_with_what_to_do() {
        assert_eq!(told(KIND), "1 kinds");
        let cases = [
            ("'12-2'", "'99-9'", "clauses.toml has no clause 99-9: correct it"),
            ("'work'", "' '", "words are missing: give both ja and en"),
            ("['email']", "['fax']", "there is no channel fax: take one of email, homepage"),
            ("['email']", "[]", "it has no channel: name at least one"),
            ("maintenance.min", "maintenance.most", "its lead is no parameter"),
            ("target = 'from'\n", "", "a lead and its target belong together"),
            ("target = 'from'", "target = 'until'", "its target is no field with a day or moment"),
            ("'moment'", "'line'", "its target is no field with a day or moment"),
            ("write = ['operations']", "cure = 'from'\nwrite = ['operations']", "the field of its"),
            ("write = ['operations']\n", "", "somebody writes it, or it leaves by itself"),
        ];
        for (good, bad, problem) in cases {
            let told = told(&KIND.replace(good, bad));
            assert!(
                told.starts_with(&format!("{FILE} of the terms pack, row a: {problem}")),
                "{told}"
            );
        }
        assert_eq!(told(&KIND.repeat(2)), "notices.toml of the terms pack has a twice: remove one");
    }
}
