//! A notice as somebody types it, and what is wrong with it.

use std::collections::BTreeMap;

use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::who::roles::Role;
use reckon::{Day, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{NoticeAsk, NoticeField, NoticeKind};

use super::audience::Audience;
use super::fault::DraftFault;

const MOST_TITLE: usize = 120;
const MOST_LINE: usize = 500;
const MOST_TEXT: usize = 4_000;

/// A notice to be written.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Draft {
    /// A kind of the pack, such as `maintenance`.
    pub kind: String,
    /// The title of its kind where nothing is said.
    #[serde(default)]
    pub title: String,
    /// What the kind asks for, by the names of its fields: days as `2026-05-01`, moments as
    /// `2026-05-01T10:00`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    #[serde(default)]
    pub text: String,
    pub audience: Audience,
    pub channels: Vec<Channel>,
    /// The notice that it withdraws: it goes to those to whom that one went.
    #[serde(default)]
    pub withdraws: Option<NoticeId>,
}

/// A draft that is as its kind asks.
pub(super) struct Sound {
    pub kind: &'static NoticeKind,
    pub title: String,
    pub fields: BTreeMap<String, String>,
    pub takes_effect: Option<Moment>,
    pub cure_days: Option<u32>,
}

impl Draft {
    /// What of it can be told without looking at the store.
    pub(super) fn sound(&self, now: Moment) -> Result<Sound, Vec<DraftFault>> {
        let kind = NoticeKind::of(&self.kind).filter(|kind| !kind.automatic);
        let Some(kind) = kind else {
            let (ja, en) = ("通知の種類がありません。", "There is no such kind of notice.");
            return Err(vec![DraftFault::new("kind", ja, en)]);
        };
        let mut faults = Vec::new();
        let title = match self.title.trim() {
            "" => kind.ja.clone(),
            title => title.to_owned(),
        };
        long(&mut faults, "title", &title, MOST_TITLE);
        long(&mut faults, "text", &self.text, MOST_TEXT);
        let is_bare = kind.body.is_empty() && kind.fields.is_empty();
        if is_bare && self.text.trim().is_empty() {
            let (ja, en) = ("本文を書いてください。", "Write what it says.");
            faults.push(DraftFault::new("text", ja, en));
        }
        let mut fields = BTreeMap::new();
        for field in &kind.fields {
            let typed = self.fields.get(&field.name).map_or("", |typed| typed.trim());
            match asked(field, typed) {
                Ok(value) => drop(fields.insert(field.name.clone(), value)),
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(out_of_order(&kind.fields, &fields));
        self.channels_suit(kind, &mut faults);
        let target = kind.target.as_ref().and_then(|name| fields.get(name));
        let takes_effect = target.and_then(|value| moment_of(value));
        if takes_effect.is_some_and(|at| at <= now) {
            let at = format!("field.{}", kind.target.as_deref().unwrap_or_default());
            faults.push(DraftFault::new(
                &at,
                "もう過ぎています。これからの日時を入れてください。",
                "It has passed: give a time to come.",
            ));
        }
        let cure = kind.cure.as_ref().and_then(|name| fields.get(name));
        let cure_days = cure.and_then(|days| days.parse().ok());
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Sound { kind, title, fields, takes_effect, cure_days })
    }

    fn channels_suit(&self, kind: &NoticeKind, faults: &mut Vec<DraftFault>) {
        let mut fault = |at, ja: &str, en: &str| faults.push(DraftFault::new(at, ja, en));
        if self.channels.is_empty() {
            fault("channels", "方法を選んでください。", "Choose by which channels it goes.");
        }
        let other = self.channels.iter().find(|channel| !kind.goes_by(channel.name()));
        if let Some(other) = other {
            let (ja, en) = (
                format!("この種類の通知は、{}では送れません。", channel_ja(*other)),
                format!("A notice of this kind does not go by {}.", other.name()),
            );
            fault("channels", &ja, &en);
        }
        if self.audience.is_one() && self.channels.contains(&Channel::Homepage) {
            fault(
                "channels",
                "一つの契約者だけへの通知は、ホームページに掲載できません。",
                "What goes to one customer alone is not posted for everybody.",
            );
        }
        if kind.one && !matches!(self.audience, Audience::Contract { .. }) {
            fault(
                "audience",
                "この種類の通知は、一つの契約に宛てて書きます。",
                "A notice of this kind goes to one contract.",
            );
        }
    }
}

/// Whether somebody in this role writes, or approves, notices of a kind.
pub(super) fn is_named(roles: &[String], role: Role) -> bool {
    let name = serde_json::to_value(role).expect("a plain name");
    roles.iter().any(|named| name == named.as_str())
}

pub(super) fn channel_ja(channel: Channel) -> &'static str {
    contract::declare::names::channel(channel, contract::declare::words::Language::Japanese)
}

fn long(faults: &mut Vec<DraftFault>, at: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        let ja = format!("{most}文字までにしてください。");
        faults.push(DraftFault::new(at, ja, format!("At most {most} characters.")));
    }
}

/// Moments that are not after those that come before them.
fn out_of_order(asked: &[NoticeField], fields: &BTreeMap<String, String>) -> Vec<DraftFault> {
    let moment = |name: &str| fields.get(name).and_then(|value| moment_of(value));
    let wrong = asked.iter().filter_map(|field| {
        let first = asked.iter().find(|one| Some(&one.name) == field.after.as_ref())?;
        let is_wrong = moment(&field.name)? <= moment(&first.name)?;
        let ja = format!("{}より後の日時を入れてください。", first.ja);
        let en = format!("It has to come after \"{}\".", first.en);
        is_wrong.then(|| DraftFault::new(&format!("field.{}", field.name), ja, en))
    });
    wrong.collect()
}

/// The value as it is stored, or what is wrong with it.
fn asked(field: &NoticeField, typed: &str) -> Result<String, DraftFault> {
    let at = format!("field.{}", field.name);
    let fault = |ja: &str, en: &str| Err(DraftFault::new(&at, ja, en));
    if typed.is_empty() {
        return fault("入力してください。", "It is missing.");
    }
    let most = if field.ask == NoticeAsk::Text { MOST_TEXT } else { MOST_LINE };
    let mut faults = Vec::new();
    long(&mut faults, &at, typed, most);
    if let Some(fault) = faults.pop() {
        return Err(fault);
    }
    match field.ask {
        NoticeAsk::Line | NoticeAsk::Text => Ok(typed.to_owned()),
        NoticeAsk::Day => match typed.parse::<Day>() {
            Ok(day) if (2000..2200).contains(&day.year()) => Ok(day.to_string()),
            _ => fault("日付を入れてください。", "It is no day such as 2026-05-01."),
        },
        NoticeAsk::Moment => match typed.parse::<Moment>() {
            Ok(at) if (2000..2200).contains(&at.day().year()) => Ok(at.to_string()),
            _ => fault("日時を入れてください。", "It is no moment such as 2026-05-01T10:00."),
        },
        NoticeAsk::Count => match typed.parse::<u32>() {
            Ok(count @ 1..=3_650) => Ok(count.to_string()),
            _ => fault("1から3650までの数を入れてください。", "It is no number from 1 to 3650."),
        },
    }
}

/// The moment of a day or moment as it is stored.
fn moment_of(value: &str) -> Option<Moment> {
    value.parse().ok().or_else(|| value.parse().ok().map(Moment::start_of))
}
