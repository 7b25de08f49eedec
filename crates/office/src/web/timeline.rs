//! The story of a contract or application, day by day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use contract::application::receiving::Wish;
use contract::declare::act::{Act, VoidEntry};
use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ConsequenceId, ContractId, InputId};
use contract::road::account::Account;
use contract::road::case::{Case, Happening};
use contract::road::stream::{Body, Event, Record, Stream};
use contract::{AccountState, ApplicationState};
use document::wording::Language;
use engine::{StoryPart, Told};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::answer::Trouble;
use super::console::correct::proposes;
use super::{App, links, parts};
use crate::access::Visitor;

/// The part of a story that a page shows: the newest one, unless its query names the place
/// before which another ends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Before {
    before: String,
}

impl Before {
    pub fn place(text: String) -> Before {
        Before { before: text }
    }

    /// What is no place is the end of the story.
    fn at(&self) -> Option<u64> {
        self.before.parse().ok()
    }
}

impl App {
    /// What happened in these streams of an account.
    pub async fn told(
        &self,
        visitor: &Visitor,
        case: &Case,
        streams: &[Stream],
        part: &Before,
        wanted: impl Fn(&Record, &Event) -> bool + Send + Sync,
    ) -> Result<StoryPart, Trouble> {
        let reader = visitor.reads(Language::Japanese);
        Ok(self.engine.story(case, streams, part.at(), reader, wanted).await?)
    }

    /// The story of a contract: its own stream, what of the ledger is not of others, and the
    /// applications that formed or changed it.
    pub async fn story(
        &self,
        visitor: &Visitor,
        known: &Account,
        id: &ContractId,
        part: &Before,
    ) -> Result<StoryPart, Trouble> {
        let (case, state) = (known.case(), known.state());
        let formed_by = state.contracts.get(id).map(|contract| &contract.application);
        let about = |application: &ApplicationState| match &application.content.wish {
            Wish::Change { contract, .. } => contract == id,
            Wish::New { .. } | Wish::Faulty { .. } => false,
        };
        let streams: Vec<Stream> = state
            .applications
            .iter()
            .filter(|(application, content)| Some(*application) == formed_by || about(content))
            .map(|(application, _)| Stream::Application(application.clone()))
            .chain([Stream::Contract(id.clone()), Stream::Ledger])
            .collect();
        // The ledger is the customer's: with one contract all of it is told.
        let ledger = (state.contracts.len() > 1).then(|| Ledger::of(id, case, state));
        self.told(visitor, case, &streams, part, |record, event| {
            event.stream != Stream::Ledger
                || ledger.as_ref().is_none_or(|ledger| ledger.tells(record, event))
        })
        .await
    }
}

/// What of the ledger is told to one contract: all that does not belong to others. What
/// names a contract, or an invoice with a charge of it, belongs to it; a payment, to what its
/// money was applied to; and what names another line, to whom that belongs.
struct Ledger<'a> {
    id: &'a ContractId,
    case: &'a Case,
    state: &'a AccountState,
    /// Payments that were applied, and whether to an invoice of it; and entries by their
    /// ids. The account is looked through only for lines that do not say it themselves.
    paid: OnceLock<BTreeMap<&'a str, bool>>,
    entries: OnceLock<BTreeMap<&'a str, &'a Happening>>,
    /// Lines that were looked at, and whether they belong to it.
    known: Mutex<BTreeMap<String, Option<bool>>>,
}

impl<'a> Ledger<'a> {
    fn of(id: &'a ContractId, case: &'a Case, state: &'a AccountState) -> Ledger<'a> {
        let (paid, entries) = (OnceLock::new(), OnceLock::new());
        Ledger { id, case, state, paid, entries, known: Mutex::default() }
    }

    fn paid(&self, payment: &str) -> Option<bool> {
        let paid = self.paid.get_or_init(|| {
            let mut paid = BTreeMap::new();
            for receivable in self.state.receivables.values() {
                let own = receivable.invoice.contracts().contains(&self.id);
                for part in &receivable.payments {
                    *paid.entry(part.payment.0.as_str()).or_default() |= own;
                }
            }
            paid
        });
        paid.get(payment).copied()
    }

    fn entry(&self, id: &str) -> Option<&'a Happening> {
        let entries = self.entries.get_or_init(|| {
            let all = self.case.happenings.iter();
            all.map(|one| (one.input.0.as_str(), one.as_ref())).collect()
        });
        entries.get(id).copied()
    }

    fn tells(&self, record: &Record, event: &Event) -> bool {
        let content = match &event.body {
            Body::Follows { consequence, .. } => serde_json::to_value(consequence),
            _ => serde_json::to_value(&record.input.content),
        };
        // A payment says by this to what it was applied, also when it was taken back since.
        let applied = record.events.iter().filter_map(|event| match &event.body {
            Body::Follows { consequence: Consequence::PaymentApplied(part), .. } => Some(part),
            _ => None,
        });
        let whose = self
            .whose(&content.expect("plain data"))
            .or_else(|| self.best(applied.filter_map(|part| self.names(&part.number))))
            .or_else(|| self.paid(&record.input.id.0));
        whose != Some(false)
    }

    /// Whether it belongs to the contract; nothing where it belongs to none.
    fn whose(&self, content: &Value) -> Option<bool> {
        let mut names = BTreeSet::new();
        names_in(content, &mut names);
        self.best(names.iter().filter_map(|name| self.names(name)))
            .or_else(|| self.best(names.iter().filter_map(|name| self.line(name))))
    }

    fn best(&self, found: impl Iterator<Item = bool>) -> Option<bool> {
        found.reduce(|one, other| one || other)
    }

    /// Of a contract or an invoice, whether it is this contract or bills it.
    fn names(&self, name: &str) -> Option<bool> {
        let contract = || self.state.contracts.contains_key(&ContractId(name.to_owned()));
        match self.state.receivables.get(name) {
            Some(receivable) => Some(receivable.invoice.contracts().contains(&self.id)),
            None => contract().then(|| name == self.id.0),
        }
    }

    /// The same of another line.
    fn line(&self, line: &str) -> Option<bool> {
        if let Some(known) = self.known().get(line) {
            return *known;
        }
        // While it is looked at, whatever names itself says nothing.
        self.known().insert(line.to_owned(), None);
        let entry = || Some(serde_json::to_value(&*self.entry(line)?.what));
        let follows = || {
            let live = self.case.live.get(&ConsequenceId(line.to_owned()))?;
            Some(serde_json::to_value(&live.consequence))
        };
        let whose = self.paid(line).or_else(|| {
            let content = entry().or_else(follows)?.expect("plain data");
            self.whose(&content)
        });
        self.known().insert(line.to_owned(), whose);
        whose
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Option<bool>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whatever could be a name: alone, or before the number of a line.
fn names_in<'a>(value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => {
            names.extend([text.as_str()].into_iter().chain(text.split('/').next()))
        }
        Value::Array(values) => values.iter().for_each(|value| names_in(value, names)),
        Value::Object(fields) => fields.values().for_each(|value| names_in(value, names)),
        _ => {}
    }
}

/// Where the reasons of a line of the story stand.
pub fn why_path(account: &AccountId, told: &Told) -> String {
    match told.kind {
        "follows" => parts::path("/why", &told.id),
        _ => parts::path(&format!("/entries/{account}"), &told.id),
    }
}

/// The section of a page of the desk. Lines lead on where the visitor may follow.
pub fn section(visitor: &Visitor, account: &AccountId, part: &Before, story: &StoryPart) -> Markup {
    html! {
        section id="story" {
            h2 { "経過" }
            (timeline(visitor, account, part, story))
            p.back {
                @if part.at().is_some() { a href="?#story" { "最新の経過へ" } " " }
                @if let Some(place) = story.earlier_than {
                    a href=(format!("?before={place}#story")) rel="next" { "これより前に登録された経過を見る" }
                }
            }
        }
    }
}

fn timeline(visitor: &Visitor, account: &AccountId, part: &Before, story: &StoryPart) -> Markup {
    if story.lines.is_empty() {
        let goes_on = part.at().is_some() || story.earlier_than.is_some();
        let none = if goes_on {
            "ここに示すものはありません。"
        } else {
            "まだ何も登録されていません。"
        };
        return html! { p.empty { (none) } };
    }
    let entries = links::opens(visitor, "/entries/{account}/{*id}");
    let mends = entries && proposes(visitor, Act::VoidEntry(VoidEntry { of: InputId::from("") }));
    html! {
        @if mends {
            p.note { "誤った登録は、下の行を開き、その登録のページで訂正を起案します。" }
        }
        p.legend {
            span.fact { "事実" } span.act { "行為" } span.refused { "拒否された行為" }
            span.follows { "規約から生じたこと" } span.gone { "取り消されたもの" }
        }
        div.story {
            @for of_day in story.lines.chunk_by(|a, b| a.at.day() == b.at.day()) {
                h3 { (parts::day(of_day[0].at.day())) }
                ol { @for told in of_day { (line_of(account, told, entries)) } }
            }
        }
    }
}

fn line_of(account: &AccountId, told: &Told, entries: bool) -> Markup {
    let time = told.at.japan().strftime("%H:%M").to_string();
    let text = html! {
        @if entries || told.kind == "follows" {
            a href=(why_path(account, told)) { (told.text) }
        } @else { (told.text) }
    };
    html! {
        li class=(told.kind) {
            time { (time) }
            span.text {
                @if told.retracted {
                    s { (text) }
                    span.note { " 取り消し" }
                } @else { (text) }
                " " (parts::clauses(&told.clauses))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_found_wherever_it_stands_and_before_the_number_of_a_line() {
        let stored = json!({ "a": [{ "number": "INV-2026-000001" }], "line": "K-1/2", "of": 3 });
        let mut names = BTreeSet::new();
        names_in(&stored, &mut names);
        assert_eq!(names, BTreeSet::from(["INV-2026-000001", "K-1", "K-1/2"]));
    }
}
