//! The record as a list: who did or registered what, when, why and by which clause.

use std::sync::Arc;

use axum::extract::{Query, State};
use contract::act::Act;
use contract::ids::AccountId;
use contract::rules::rule;
use contract::stream::{Content, Record};
use document::wording::{self, Language};
use maud::{Markup, html};
use reckon::Day;
use serde::Deserialize;

use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, may};
use crate::web::form::Form;
use crate::web::parts::Column::Text;
use crate::web::{App, parts, words};

/// How many entries one page shows, the newest first.
const MOST: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    person: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    whose: String,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = Form::default();
    for (name, value) in [
        ("person", &asked.person),
        ("from", &asked.from),
        ("to", &asked.to),
        ("whose", &asked.whose),
    ] {
        form.set(name, value);
    }
    let (from, to) = (form.day_if_set("from"), form.day_if_set("to"));
    let accounts = match asked.whose.trim() {
        "" => app.engine.store.accounts().await?,
        whose => {
            let found = app.account_named(whose).await?;
            if found.is_none() {
                form.fault(
                    "whose",
                    "登録されている契約番号、請求書番号、法人番号を入力してください。",
                );
            }
            found.into_iter().collect()
        }
    };
    let mut found = Vec::new();
    if form.is_good() {
        for account in accounts {
            let records = app.engine.records(&account).await?;
            let suits = |record: &Record| suits(record, asked.person.trim(), (from, to));
            found.extend(records.into_iter().filter(suits).map(|record| (account.clone(), record)));
        }
    }
    found.sort_by_key(|(_, record)| std::cmp::Reverse(record.input.known_at));
    let all = found.len();
    found.truncate(MOST);
    let mut rows = Vec::new();
    for (account, record) in &found {
        rows.push(row(&app, account, record).await?);
    }
    let columns = [
        Text("知った時"),
        Text("誰が"),
        Text("何を"),
        Text("相手"),
        Text("理由"),
        Text("承認"),
        Text("条項"),
    ];
    let body = html! {
        (filter(&app, &form).await?)
        (parts::table(&columns, &rows, "当てはまる記録はありません。"))
        @if all > MOST { p.note { "全部で " (all) " 件のうち、新しい " (MOST) " 件です。日付や人で絞ってください。" } }
    };
    Ok(Page::new("記録", body))
}

fn suits(record: &Record, person: &str, (from, to): (Option<Day>, Option<Day>)) -> bool {
    let input = &record.input;
    let day = input.known_at.day();
    let by_person = person.is_empty()
        || input.actor.id == person
        || input.actor.deputy_for.as_deref() == Some(person);
    input.content != Content::Clock
        && by_person
        && from.is_none_or(|from| from <= day)
        && to.is_none_or(|to| day <= to)
}

async fn row(app: &App, account: &AccountId, record: &Record) -> Result<Vec<Markup>, Trouble> {
    let input = &record.input;
    let text = match &input.content {
        Content::Fact(fact) => wording::fact(fact, Language::Japanese),
        Content::Act(act) => wording::act(act, Language::Japanese),
        Content::Clock => String::new(),
    };
    let reason = app.engine.reason_given(&input.id).await?;
    let accounts = app.engine.store.view("account", &account.0).await?;
    let name = accounts.and_then(|view| view.content["name"].as_str().map(str::to_owned));
    let refused = record
        .events
        .iter()
        .any(|event| matches!(event.body, contract::stream::Body::Refused { .. }));
    let mut clauses: Vec<&str> = record
        .events
        .iter()
        .filter_map(|event| rule(event.because.rule_id()))
        .flat_map(|rule| rule.clauses.iter().copied())
        .collect();
    clauses.sort_unstable();
    clauses.dedup();
    Ok(vec![
        parts::moment(input.known_at),
        html! {
            (app.engine.name_of(&input.actor.id))
            span.note { (words::role(input.actor.role))
                @if let Some(person) = &input.actor.deputy_for { "（" (app.engine.name_of(person)) "の代理）" } }
        },
        html! {
            a href=(parts::path(&format!("/entries/{account}"), &input.id.0)) { (text) }
            @if refused { " " (parts::chip(("拒否", parts::Tone::Bad))) }
        },
        parts::name(&name.unwrap_or_default()),
        html! { @match reason { Some(reason) => span.reply { (reason) }, None => (parts::none()) } },
        approval(account, &input.content),
        if clauses.is_empty() { parts::none() } else { parts::clauses(&clauses) },
    ])
}

/// The proposal that an approval rests on.
fn approval(account: &AccountId, content: &Content) -> Markup {
    match content {
        Content::Act(Act::Approve { proposal, .. } | Act::Decline { proposal, .. }) => {
            parts::link(&parts::path(&format!("/entries/{account}"), &proposal.0), "起案")
        }
        Content::Act(Act::Propose { .. }) => html! { "起案" },
        _ => parts::none(),
    }
}

async fn filter(app: &App, form: &Form) -> Result<Markup, Trouble> {
    let everybody = app.engine.people().await?;
    let named = everybody.members().map(|one| (one.id.clone(), app.engine.name_of(&one.id)));
    let people: Vec<_> =
        [(String::new(), "すべての人".to_owned())].into_iter().chain(named).collect();
    Ok(html! {
        form.sheet.filter method="get" action="/entries" {
            div.pair {
                (field::choice(form, may("person", "誰が", ""), &people))
                (field::text(form, may("whose", "相手", "契約番号、請求書番号、法人番号")))
                (field::day(form, may("from", "この日から", "")))
                (field::day(form, may("to", "この日まで", "")))
            }
            div.buttons { button.strong { "絞り込む" } }
        }
    })
}
