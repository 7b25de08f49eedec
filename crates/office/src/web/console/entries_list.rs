//! The record as a list: who did or registered what, when, why and by which clause.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Query, State};
use contract::declare::act::{Act, Approve, Decline};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::rules::rule;
use contract::road::stream::{Content, Input, Record};
use document::wording::Language;
use maud::{Markup, html};
use reckon::Moment;

use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, may};
use crate::web::form::Form;
use crate::web::paged::Asked;
use crate::web::parts::Column::Text;
use crate::web::{App, parts, words};

pub async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = asked.form();
    let (from, to) = (form.day_if_set("from"), form.day_if_set("to"));
    let account = match form.text("whose").to_owned() {
        whose if whose.is_empty() => None,
        whose => {
            let found = app.account_named(&whose).await?;
            if found.is_none() {
                form.fault(
                    "whose",
                    "登録されている契約番号、請求書番号、法人番号を入力してください。",
                );
            }
            found
        }
    };
    let mut found = Vec::new();
    if form.is_good() {
        let from = from.map(Moment::start_of);
        let before = to.map(|to| Moment::end_of(to).plus_seconds(1));
        found = app.engine.store.inputs_known(account.as_ref(), from, before).await?;
        found.retain(|input| suits(input, form.text("person")));
    }
    let shown = asked.part("page", &found)?;
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
        (parts::table(&columns, &rows(&app, &visitor, shown.rows).await?, "当てはまる記録はありません。"))
        (shown.links)
    };
    Ok(Page::new("記録", body))
}

fn suits(input: &Input, person: &str) -> bool {
    let by_person = person.is_empty()
        || input.actor.id == person
        || input.actor.deputy_for.as_deref() == Some(person);
    !matches!(input.content, Content::Clock | Content::Edition) && by_person
}

/// Only the accounts of these inputs are read.
async fn rows(app: &App, visitor: &Visitor, shown: &[Input]) -> Result<Vec<Vec<Markup>>, Trouble> {
    let mut records: BTreeMap<InputId, Record> = BTreeMap::new();
    let accounts: BTreeSet<&AccountId> = shown.iter().map(|input| &input.account).collect();
    for account in accounts {
        let own = app.engine.records(account).await?;
        records.extend(own.into_iter().map(|record| (record.input.id.clone(), record)));
    }
    let mut rows = Vec::new();
    for record in shown.iter().filter_map(|input| records.get(&input.id)) {
        rows.push(row(app, visitor, &record.input.account, record).await?);
    }
    Ok(rows)
}

async fn row(
    app: &App,
    visitor: &Visitor,
    account: &AccountId,
    record: &Record,
) -> Result<Vec<Markup>, Trouble> {
    let reader = visitor.reads(Language::Japanese);
    let input = &record.input;
    let text = match &input.content {
        Content::Fact(fact) => fact.line(reader),
        Content::Act(act) => act.line(reader),
        Content::Clock | Content::Edition => String::new(),
    };
    let reason = app.engine.reason_given(&input.id).await?;
    let accounts = app.engine.store.view("account", &account.0).await?;
    let name = accounts.and_then(|view| view.content["name"].as_str().map(str::to_owned));
    let refused = record
        .events
        .iter()
        .any(|event| matches!(event.body, contract::road::stream::Body::Refused { .. }));
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
            @if refused { " " (parts::chip(parts::Chip("拒否", parts::Tone::Bad))) }
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
        Content::Act(
            Act::Approve(Approve { proposal, .. }) | Act::Decline(Decline { proposal, .. }),
        ) => parts::link(&parts::path(&format!("/entries/{account}"), &proposal.0), "起案"),
        Content::Act(Act::Propose(_)) => html! { "起案" },
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
