//! What all matters have in common: they are opened, noted on, may run late, and are
//! closed with a result. A kind is the entry that opens it, with one `impl` of
//! [`Opening`] and one line in [`KINDS`].

use std::fmt;

use crate::declare::Among;
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::ids::short_hash;
use crate::declare::prelude::*;
use crate::declare::words::Language;
use crate::matters::abnormality::AbnormalityReported;
use crate::matters::information::InformationRequested;
use crate::road::case::Happening;
use crate::road::unfold::Unfolding;

/// A matter: `M-` and a hash of the entry that opened it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MatterId(pub String);

impl MatterId {
    pub fn of(opened_by: &InputId) -> MatterId {
        MatterId(format!("M-{}", short_hash(opened_by.0.as_bytes())))
    }
}

impl fmt::Display for MatterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The entry that opens a matter of its kind.
pub trait Opening: Among<Fact> {
    /// With what it can end: how it is stored, and the words for it.
    const RESULTS: &'static [(&'static str, Words)];
    /// Who sees to it.
    const ROLES: &'static [Role];
    /// By which an answer that does not come is noted.
    const OVERDUE: Option<&'static Rule> = None;

    fn contract(&self) -> &ContractId;

    /// What it is about, in a few words.
    fn about(&self) -> String;

    /// The last day on which it is in time.
    fn due(&self) -> Option<Day> {
        None
    }
}

/// What is declared of a kind of matters.
#[derive(Debug, Clone, Copy)]
pub struct MatterKind {
    /// The name of the entry that opens it.
    pub name: &'static str,
    pub title: Words,
    pub clauses: &'static [&'static str],
    pub results: &'static [(&'static str, Words)],
    pub roles: &'static [Role],
    opened: fn(&Unfolding<'_>, &ContractId) -> Vec<Opened>,
}

/// Every kind.
pub const KINDS: &[MatterKind] =
    &[MatterKind::of::<AbnormalityReported>(), MatterKind::of::<InformationRequested>()];

/// A matter as its entry opened it.
struct Opened {
    input: InputId,
    at: Moment,
    about: String,
    due: Option<Day>,
    overdue: Option<&'static Rule>,
}

impl MatterKind {
    const fn of<T: Opening + 'static>() -> MatterKind {
        MatterKind {
            name: T::NAME,
            title: T::TITLE,
            clauses: T::CLAUSES,
            results: T::RESULTS,
            roles: T::ROLES,
            opened: opened::<T>,
        }
    }

    pub fn named(name: &str) -> Option<&'static MatterKind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The words for a result.
    pub fn result(&self, code: &str, language: Language) -> &'static str {
        let found = self.results.iter().find(|(known, _)| *known == code);
        found.map_or("", |(_, words)| words.of(language))
    }
}

fn opened<T: Opening + 'static>(unfolding: &Unfolding<'_>, id: &ContractId) -> Vec<Opened> {
    let opened = unfolding.facts_of::<T>(id).filter(|(_, of)| of.contract() == id);
    let opened = opened.map(|(happening, entry)| Opened {
        input: happening.input.clone(),
        at: happening.occurred_at,
        about: entry.about(),
        due: entry.due(),
        overdue: T::OVERDUE,
    });
    opened.collect()
}

/// Where a matter stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Matter {
    /// The name of the entry that opened it.
    pub kind: String,
    pub contract: ContractId,
    pub about: String,
    pub opened_by: InputId,
    pub opened_at: Moment,
    pub due: Option<Day>,
    /// Its last day passed before it was closed.
    pub late: bool,
    /// When its letter left, where it has one.
    pub sent_at: Option<Moment>,
    pub notes: Vec<Noted>,
    pub closed: Option<Closed>,
}

/// What was added to a matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Noted {
    pub by: InputId,
    pub at: Moment,
    pub note: String,
    pub document: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Closed {
    pub by: InputId,
    pub at: Moment,
    pub result: String,
    pub note: String,
}

impl Noted {
    fn of(happening: &Happening, noted: &MatterNoted) -> Noted {
        let MatterNoted { note, document, .. } = noted.clone();
        Noted { by: happening.input.clone(), at: happening.occurred_at, note, document }
    }
}

impl Closed {
    fn of(happening: &Happening, closed: &MatterClosed) -> Closed {
        let MatterClosed { result, note, .. } = closed.clone();
        Closed { by: happening.input.clone(), at: happening.occurred_at, result, note }
    }
}

/// Something was added to a matter: an answer, a finding, a paper.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MatterNoted {
    pub matter: MatterId,
    pub contract: ContractId,
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl Entry for MatterNoted {
    const NAME: &'static str = "matter_noted";
    const CLAUSES: &'static [&'static str] = &["36-1", "37-1"];
    const TITLE: Words = Words::new("案件の経過の記録", "note on a matter");
    const BY: Option<Permission> = Some(Permission::SeeToMatters);
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Matter("matter"),
            Words::new(
                "回答、調べて分かったこと、届いた書類などを書き足します。",
                "Adds an answer, what was found out, or a paper that came.",
            ),
        )
        .offer("経過を書き足す", "add a note")
        .asks(&[
            Field::line("note", "内容", "Note").called("what"),
            Field::document("書類", "Paper").optional(),
        ])
        .at("その日時", "When")
        .here(on_open_matter),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let MatterNoted { matter, note, .. } = self;
        say!(l, "案件{matter}の経過：{note}", "matter {matter}: {note}")
    }
}

/// A matter is done with.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MatterClosed {
    pub matter: MatterId,
    pub contract: ContractId,
    /// One of the results of its kind.
    pub result: String,
    pub note: String,
}

impl Entry for MatterClosed {
    const NAME: &'static str = "matter_closed";
    const CLAUSES: &'static [&'static str] = &["36-1", "37-1"];
    const TITLE: Words = Words::new("案件の終了", "matter closed");
    const BY: Option<Permission> = Some(Permission::SeeToMatters);
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Matter("matter"),
            Words::new(
                "結果を記録して、案件を終えます。期限を過ぎた案件は、終えるまで待つものに残ります。",
                "Closes the matter with its result. One that is late stays among what waits until then.",
            ),
        )
        .offer("終える", "close")
        .verb("結果を記録して終える", "Close with this result")
        .asks(&[
            Field::choice("result", "結果", "Result"),
            Field::line("note", "説明", "What came of it").called("what"),
        ])
        .at("終えた日時", "When")
        .here(closing),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let MatterClosed { matter, result, note, .. } = self;
        let named = KINDS.iter().find(|kind| kind.results.iter().any(|(code, _)| code == result));
        let result = named.map_or("", |kind| kind.result(result, l.language));
        say!(
            l,
            "案件{matter}を終了（{result}：{note}）",
            "matter {matter} closed ({result}: {note})"
        )
    }
}

/// The letter of a matter left.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MatterLetterSent {
    pub matter: MatterId,
    pub contract: ContractId,
    pub message_id: String,
}

impl Entry for MatterLetterSent {
    const NAME: &'static str = "matter_letter_sent";
    const CLAUSES: &'static [&'static str] = &["36-1"];
    const TITLE: Words = Words::new("案件の書簡の送信", "letter of a matter sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let matter = &self.matter;
        say!(l, "案件{matter}のメールを送信", "mail of matter {matter} sent")
    }
}

fn on_open_matter(asked: &Asked, id: &str, _: Reader) -> Here {
    let Some(matter) = asked.state.matters.get(&MatterId(id.to_owned())) else {
        return Here::default();
    };
    let here = Here::offered(matter.closed.is_none()).fixed("contract", &matter.contract);
    Here { not_before: Some(matter.opened_at), ..here }
}

fn closing(asked: &Asked, id: &str, l: Reader) -> Here {
    let here = on_open_matter(asked, id, l);
    let matter = asked.state.matters.get(&MatterId(id.to_owned()));
    let kind = matter.and_then(|matter| MatterKind::named(&matter.kind));
    let results = kind.map(|kind| kind.results).unwrap_or_default();
    here.choices(
        "result",
        results.iter().map(|(code, words)| Choice::new(code, words.of(l.language))),
    )
}

/// What was to be answered by a day was not.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MatterOverdue {
    pub matter: MatterId,
    pub due: Day,
}

impl Following for MatterOverdue {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let (matter, due) = (&self.matter, day(self.due, l));
        say!(l, "案件{matter}の期限 {due} を経過", "matter {matter} is late: it was due on {due}")
    }
}

impl Unfolding<'_> {
    pub(crate) fn matters(&mut self, id: &ContractId) {
        self.state.matters.retain(|_, matter| matter.contract != *id);
        let noted: Vec<_> = self.facts_of::<MatterNoted>(id).collect();
        let closed: Vec<_> = self.facts_of::<MatterClosed>(id).collect();
        let sent: Vec<_> = self.facts_of::<MatterLetterSent>(id).collect();
        let sent_at = |matter: &MatterId| {
            let letter = sent.iter().find(|(_, sent)| sent.matter == *matter);
            letter.map(|(happening, _)| happening.occurred_at)
        };
        for kind in KINDS {
            for opened in (kind.opened)(self, id) {
                let matter = MatterId::of(&opened.input);
                let notes = noted.iter().filter(|(_, noted)| noted.matter == matter);
                let end = closed.iter().find(|(_, closed)| closed.matter == matter);
                let closed = end.map(|(happening, closed)| Closed::of(happening, closed));
                let late = self.matter_due(id, &matter, &opened, closed.as_ref());
                let stands = Matter {
                    kind: kind.name.to_owned(),
                    contract: id.clone(),
                    about: opened.about,
                    opened_by: opened.input,
                    opened_at: opened.at,
                    due: opened.due,
                    late: late.is_some_and(|at| at <= self.until),
                    sent_at: sent_at(&matter),
                    notes: notes.map(|(happening, noted)| Noted::of(happening, noted)).collect(),
                    closed,
                };
                self.state.matters.insert(matter, stands.into());
            }
        }
    }

    /// Its last day passes, and it is not closed: from when on it is late.
    fn matter_due(
        &mut self,
        id: &ContractId,
        matter: &MatterId,
        opened: &Opened,
        closed: Option<&Closed>,
    ) -> Option<Moment> {
        let (due, rule) = (opened.due?, opened.overdue?);
        let at = Moment::end_of(due).plus_seconds(1).max(opened.at);
        if closed.is_some_and(|closed| closed.at < at) {
            return None;
        }
        let what = MatterOverdue { matter: matter.clone(), due };
        let because = Because::of(rule).fact(&opened.input);
        self.follow(at, Stream::Contract(id.clone()), Consequence::MatterOverdue(what), because);
        Some(at)
    }
}
