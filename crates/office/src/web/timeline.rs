//! The story of a contract or application, day by day.

use contract::declare::act::{Act, VoidEntry};
use contract::declare::ids::{AccountId, InputId};
use document::wording::Language;
use engine::Told;
use maud::{Markup, html};

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
