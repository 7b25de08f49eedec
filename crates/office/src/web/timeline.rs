//! The story of a contract or application, day by day.

use std::collections::BTreeSet;

use contract::application::receiving::Wish;
use contract::declare::act::{Act, VoidEntry};
use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::road::stream::{Body, Record, Stream};
use contract::{AccountState, ApplicationState};
use document::wording::Language;
use engine::Told;
use maud::{Markup, html};
use serde_json::Value;

use super::answer::Trouble;
use super::console::correct::proposes;
use super::{App, links, parts};
use crate::access::Visitor;

impl App {
    /// What happened in these streams of an account, the newest first.
    pub async fn told(
        &self,
        visitor: &Visitor,
        account: &AccountId,
        streams: &[String],
    ) -> Result<Vec<Told>, Trouble> {
        let reader = visitor.reads(Language::Japanese);
        let told = self.engine.told(account, None, reader).await?;
        Ok(told.into_iter().rev().filter(|told| streams.contains(&told.stream)).collect())
    }

    /// The story of a contract: its own stream, what of the ledger belongs to it, and the
    /// applications that formed or changed it.
    pub async fn story(
        &self,
        visitor: &Visitor,
        account: &AccountId,
        id: &ContractId,
        state: &AccountState,
    ) -> Result<Vec<Told>, Trouble> {
        let formed_by = state.contracts.get(id).map(|contract| &contract.application);
        let about = |application: &ApplicationState| match &application.content.wish {
            Wish::Change { contract, .. } => contract == id,
            Wish::New { .. } | Wish::Faulty { .. } => false,
        };
        let ledger = Stream::Ledger.to_string();
        let streams: Vec<String> = state
            .applications
            .iter()
            .filter(|(application, content)| Some(*application) == formed_by || about(content))
            .map(|(application, _)| format!("application/{application}"))
            .chain([format!("contract/{id}"), ledger.clone()])
            .collect();
        let mut story = self.told(visitor, account, &streams).await?;
        // The ledger is the customer's: with one contract all of it is told.
        if state.contracts.len() > 1 {
            let own = of_ledger(&self.engine.records(account).await?, id, state);
            story.retain(|told| told.stream != ledger || own.contains(&told.id));
        }
        Ok(story)
    }
}

/// The lines of the ledger that belong to one contract: those that name it or an invoice
/// with a charge of it, and of those that name none the payments applied to its invoices,
/// with what became of them.
fn of_ledger(records: &[Record], id: &ContractId, state: &AccountState) -> BTreeSet<String> {
    let invoices = state.receivables.iter();
    let (own, others): (Vec<_>, Vec<_>) =
        invoices.partition(|(_, one)| one.invoice.contracts().contains(&id));
    let mine: BTreeSet<&str> =
        own.into_iter().map(|(number, _)| number.as_str()).chain([id.0.as_str()]).collect();
    let other = state.contracts.keys().map(|id| id.0.as_str());
    let any: BTreeSet<&str> =
        others.into_iter().map(|(number, _)| number.as_str()).chain(other).collect();
    let events =
        || records.iter().flat_map(|record| record.events.iter().map(move |e| (record, e)));
    let mut lines: BTreeSet<String> = events()
        .filter_map(|(_, event)| match &event.body {
            Body::Follows { consequence: Consequence::PaymentApplied(applied), .. } => {
                mine.contains(applied.number.as_str()).then(|| applied.payment.0.clone())
            }
            _ => None,
        })
        .collect();
    for (record, event) in events().filter(|(_, event)| event.stream == Stream::Ledger) {
        let (line, content) = match &event.body {
            Body::Follows { id, consequence } => (&id.0, serde_json::to_value(consequence)),
            Body::Retracted { .. } => continue,
            _ => (&record.input.id.0, serde_json::to_value(&record.input.content)),
        };
        let content = content.expect("plain data");
        let is_own = match names(&content, &|name| mine.contains(name) || any.contains(name)) {
            true => names(&content, &|name| mine.contains(name)),
            false => names(&content, &|name| lines.contains(name)),
        };
        if is_own {
            lines.insert(line.clone());
        }
    }
    lines
}

/// Whether one of these names stands in it: alone, or before the number of a line.
fn names(value: &Value, is_one: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_one(text) || text.split('/').next().is_some_and(is_one),
        Value::Array(values) => values.iter().any(|value| names(value, is_one)),
        Value::Object(fields) => fields.values().any(|value| names(value, is_one)),
        _ => false,
    }
}

/// Where the reasons of a line of the story stand.
pub fn why_path(account: &AccountId, told: &Told) -> String {
    match told.kind {
        "follows" => parts::path("/why", &told.id),
        _ => parts::path(&format!("/entries/{account}"), &told.id),
    }
}

/// Lines lead on where the visitor may follow.
pub fn timeline(visitor: &Visitor, account: &AccountId, story: &[Told]) -> Markup {
    if story.is_empty() {
        return html! { p.empty { "まだ何も登録されていません。" } };
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
            @for of_day in story.chunk_by(|a, b| a.at.day() == b.at.day()) {
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
        let finds = |name: &str| names(&stored, &|text: &str| text == name);
        assert!(finds("INV-2026-000001") && finds("K-1") && finds("K-1/2"));
        assert!(!finds("INV-2026-000002") && !finds("K-1/") && !finds("number"));
    }
}
