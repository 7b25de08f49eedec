//! Matters (案件): what somebody has to see to, by kind, with their last days.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use contract::AccountState;
use contract::declare::ids::{AccountId, ContractId};
use contract::matters::matter::{KINDS, Matter, MatterId, MatterKind};
use document::wording::Language;
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::offers;
use super::form::Form;
use super::paged::Asked;
use super::parts::Column::{self, Text};
use super::parts::{Chip, Tone};
use super::rows::Row;
use super::{App, field, links, parts};
use crate::access::Visitor;

const JA: Language = Language::Japanese;

const COLUMNS: &[Column] = &[
    Text("状態"),
    Text("期限"),
    Text("種類"),
    Text("内容"),
    Text("契約者"),
    Text("契約"),
    Text("番号"),
];

/// As the filter of the list names them.
const STATES: [(&str, &str); 3] = [("open", "対応中"), ("late", "期限超過"), ("closed", "終了")];

pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = asked.form();
    let (state, kind) = (form.text("state").to_owned(), form.text("kind").to_owned());
    if !state.is_empty() && !STATES.iter().any(|(known, _)| *known == state) {
        form.fault("state", "一覧にある状態から選んでください。");
    }
    let accounts = app.accounts().await?;
    let mut rows = app.rows::<Matter>("matter").await?;
    rows.retain(|row| {
        (kind.is_empty() || row.content.kind == kind)
            && match state.as_str() {
                "" => true,
                "late" => is_late(&row.content),
                "closed" => row.content.closed.is_some(),
                _ => row.content.closed.is_none(),
            }
    });
    rows.sort_by_key(|row| order(&row.content));
    let line = |row: &Row<Matter>| {
        let name = accounts.get(&row.account).map_or("", |account| account.name.as_str());
        line(row, name)
    };
    let body = html! {
        (filter(&form))
        (asked.table("page", &rows, COLUMNS, "案件はありません。", line)?)
    };
    Ok(Page::new("案件", body))
}

/// Open ones by their last day, then those that are closed, the newest first.
fn order(matter: &Matter) -> impl Ord + use<> {
    let closed = matter.closed.as_ref().map(|closed| std::cmp::Reverse(closed.at));
    (matter.closed.is_some(), matter.due.is_none(), matter.due, closed, matter.opened_at)
}

fn is_late(matter: &Matter) -> bool {
    matter.late && matter.closed.is_none()
}

fn filter(form: &Form) -> Markup {
    let states = STATES.map(|(state, words)| (state, words.to_owned()));
    let states: Vec<_> = [("", "すべて".to_owned())].into_iter().chain(states).collect();
    let kinds = KINDS.iter().map(|kind| (kind.name, kind.title.ja.to_owned()));
    let kinds: Vec<_> = [("", "すべて".to_owned())].into_iter().chain(kinds).collect();
    html! {
        form.sheet.filter method="get" action="/matters" role="search" {
            (field::choice(form, field::may("state", "状態", ""), &states))
            (field::choice(form, field::may("kind", "種類", ""), &kinds))
            div.buttons { button.strong { "絞り込む" } }
        }
    }
}

fn chip(matter: &Matter) -> Markup {
    let kind = MatterKind::named(&matter.kind);
    match &matter.closed {
        Some(closed) => {
            let result = kind.map_or("終了", |kind| kind.result(&closed.result, JA));
            parts::chip(Chip(result, Tone::Off))
        }
        None if is_late(matter) => parts::chip(Chip("期限超過", Tone::Bad)),
        None => parts::chip(Chip("対応中", Tone::Watch)),
    }
}

pub fn title(matter: &Matter) -> &'static str {
    MatterKind::named(&matter.kind).map_or("案件", |kind| kind.title.ja)
}

fn line(row: &Row<Matter>, name: &str) -> Vec<Markup> {
    let matter = &row.content;
    vec![
        chip(matter),
        parts::day_or_none(matter.due),
        html! { (title(matter)) },
        html! { (matter.about) },
        parts::name(name),
        parts::id_link("/contracts", &matter.contract.0),
        parts::id_link("/matters", &row.id),
    ]
}

/// Those of one contract, for its page.
pub fn of_contract(visitor: &Visitor, known: &AccountState, id: &ContractId) -> Markup {
    let mut of: Vec<_> = known.matters.iter().filter(|(_, one)| one.contract == *id).collect();
    if of.is_empty() {
        return html! {};
    }
    of.sort_by_key(|(_, matter)| order(matter));
    let opens = links::opens(visitor, "/matters/{id}");
    let rows: Vec<_> = of
        .iter()
        .map(|(id, matter)| {
            vec![
                chip(matter),
                parts::day_or_none(matter.due),
                html! { (title(matter)) },
                html! { (matter.about) },
                if opens {
                    parts::id_link("/matters", &id.0)
                } else {
                    html! { span.id { (id) } }
                },
            ]
        })
        .collect();
    let columns = [Text("状態"), Text("期限"), Text("種類"), Text("内容"), Text("番号")];
    parts::section("案件", parts::table(&columns, &rows, ""))
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("案件", &id, "案件の一覧で番号を確かめてください。");
    let account: AccountId = app.account_of("matter", &id).await?.ok_or_else(missing)?;
    let known = app.engine.account(&account).await?;
    let matter = known.state().matters.get(&MatterId(id.clone())).ok_or_else(missing)?;
    let name = app.account_row(&account).await?.map(|row| row.name).unwrap_or_default();
    let kind = MatterKind::named(&matter.kind);
    let entries = format!("/entries/{account}");
    let notes: Vec<_> = matter
        .notes
        .iter()
        .map(|noted| {
            vec![
                parts::moment(noted.at),
                html! { (noted.note) },
                noted.document.as_ref().map_or_else(parts::none, |paper| html! { (paper) }),
                parts::link(&parts::path(&entries, &noted.by.0), "登録を見る"),
            ]
        })
        .collect();
    let columns = [Text("時刻"), Text("内容"), Text("書類"), Text("登録")];
    let body = html! {
        (links::steps(offers::doors(&app, &visitor, &known, "matter", &id)))
        (parts::list(&[
            ("契約者", html! { (name) }),
            ("契約", parts::id_link("/contracts", &matter.contract.0)),
            ("状態", chip(matter)),
            ("期限", parts::day_or_none(matter.due)),
            ("始まり", html! { (parts::moment(matter.opened_at)) " " (parts::link(&parts::path(&entries, &matter.opened_by.0), "登録を見る")) }),
            ("送付", matter.sent_at.map_or_else(parts::none, parts::moment)),
            ("根拠", parts::clauses(kind.map(|kind| kind.clauses).unwrap_or_default())),
        ]))
        (parts::section("内容", html! { p { (matter.about) } }))
        (parts::section("経過", parts::table(&columns, &notes, "まだ何も書き足されていません。")))
        @if let Some(closed) = &matter.closed {
            (parts::section("結果", html! {
                p { (parts::moment(closed.at)) " " (chip(matter)) " " (closed.note) " " (parts::link(&parts::path(&entries, &closed.by.0), "登録を見る")) }
            }))
        }
    };
    Ok(Page::new(format!("{} {id}", title(matter)), body))
}
