//! One registration: what was brought, by whom, and what came of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use contract::declare::act::{Act, Approve, Decline};
use contract::declare::fact::Fact;
use contract::declare::ids::AccountId;
use contract::declare::rules::rule;
use contract::road::stream::{Body, Content, Event, Input, Record};
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use document::wording::{self, Language, Reader};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::correct::entry;
use super::{App, links, parts, words};
use crate::access::Visitor;

const JA: Language = Language::Japanese;

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
) -> Result<Page, Trouble> {
    let records = app.engine.records(&AccountId(account)).await?;
    let found = records.iter().find(|record| record.input.id.0 == id);
    let missing = || Trouble::not_found("登録", &id, "契約の「経過」から選んでください。");
    let record = found.ok_or_else(missing)?;
    let reader = visitor.reads(Language::Japanese);
    let (kind, text) = match &record.input.content {
        Content::Fact(fact) => ("事実", fact.line(reader)),
        Content::Act(act) => ("行為", act.line(reader)),
        Content::Clock => ("時の経過", "期日が来た".to_owned()),
        Content::Edition => ("規則の改訂", "新しい版の規則に合わせた".to_owned()),
    };
    let own = record.input.actor.id == visitor.person;
    let reason = match own || visitor.holds(Permission::ReadRecord) {
        true => app.engine.reason_given(&record.input.id).await?,
        false => None,
    };
    let mut by = acting(&app, &record.input.actor);
    if visitor.holds(Permission::ReadPersonal) && record.input.actor.role.is_customers() {
        let person = app.known_as(&record.input.actor.id).await?;
        by = html! { (parts::person(person)) "（" (words::role(record.input.actor.role)) "）" };
    }
    let body = html! {
        @if entry::is_offered(&visitor, &record.input) {
            nav.actions aria-label="手続" { a.action href=(entry::path(&record.input)) { "訂正を起案" } }
        }
        p.lead { (text) }
        (head(&visitor, record, kind, by, reason.as_deref()))
        (approval(&app, &records, record))
        @for event in &record.events { (findings(event)) }
        (parts::section("ここから生じたこと", followed(&visitor, &records, record, reader)))
    };
    Ok(Page::new("登録", body))
}

/// Of an approval the proposal before it; of a proposal the answer after it.
fn approval(app: &App, records: &[Record], record: &Record) -> Markup {
    let proposed = |input: &Input| match &input.content {
        Content::Act(
            Act::Approve(Approve { proposal, .. }) | Act::Decline(Decline { proposal, .. }),
        ) => Some(proposal.clone()),
        _ => None,
    };
    let before = proposed(&record.input);
    let before = before.and_then(|id| records.iter().find(|record| record.input.id == id));
    let answers =
        records.iter().filter(|other| proposed(&other.input).as_ref() == Some(&record.input.id));
    let line = |record: &Record, what: &str| {
        let input = &record.input;
        let to = parts::path(&format!("/entries/{}", input.account), &input.id.0);
        html! { li {
            a href=(to) { (what) } " "
            (parts::moment(input.occurred_at)) " " (acting(app, &input.actor))
        } }
    };
    let lines: Vec<_> = before
        .map(|record| line(record, "起案"))
        .into_iter()
        .chain(answers.map(|answer| {
            let refused =
                answer.events.iter().any(|event| matches!(event.body, Body::Refused { .. }));
            let what = match &answer.input.content {
                _ if refused => "拒否された回答",
                Content::Act(Act::Approve(_)) => "承認",
                _ => "却下",
            };
            line(answer, what)
        }))
        .collect();
    html! {
        @if !lines.is_empty() {
            (parts::section("起案と承認", html! { ul.plain { @for line in &lines { (line) } } }))
        }
    }
}

impl App {
    /// How somebody is called, also where the name is sealed: for whoever may see it.
    pub async fn known_as(&self, person: &str) -> Result<String, Trouble> {
        let name = self.engine.name_of(person);
        if name != person {
            return Ok(name);
        }
        let contact = self.engine.person_contact(person).await?;
        Ok(contact.map(|one| one.name).filter(|name| !name.is_empty()).unwrap_or(name))
    }
}

/// Who acted, in which role, and in whose place.
fn acting(app: &App, actor: &Actor) -> Markup {
    let name = parts::person(app.engine.name_of(&actor.id));
    if actor.role == Role::System {
        return name;
    }
    html! {
        (name) "（" (words::role(actor.role))
        @if let Some(person) = &actor.deputy_for { "、" (app.engine.name_of(person)) "の代理" }
        "）"
        @if let Some(limit) = actor.approves_up_to { " " span.note { "承認の上限 " (parts::yen(limit)) } }
    }
}

/// Where an entry came from; of a file the engine keeps its name and row.
pub fn source(source: &str, language: Language) -> String {
    if language == Language::English {
        return source.to_owned();
    }
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (source.rsplit_once(" row "), source.strip_prefix("billing run ")) {
        (Some((file, row)), _) if number(row) => format!("{file} の {row} 行目"),
        (_, Some(run)) => format!("請求の実行（{run}）"),
        _ => wording::source(source, JA).to_owned(),
    }
}

/// What was kept with an entry, in words; whoever reads personal data opens it.
fn evidence_of(visitor: &Visitor, name: &str) -> Markup {
    let id = name.split(" blake3:").next().unwrap_or_default();
    let role = id.split_once("/contact/").map(|(_, role)| role);
    let role = role.and_then(|role| serde_json::from_value(role.into()).ok());
    let words = match (role, id.split('/').next().unwrap_or_default()) {
        (Some(role), _) => words::contact_role(role),
        (None, "mail") => "メール",
        (None, "paper") => "送った書類",
        (None, "reason") => "理由",
        (None, "preview") => "起案の時に見込まれた変化",
        (None, _) if id.contains("/contact/") => "連絡先",
        (None, _) if id.contains("/application/") => "申込のファイル",
        (None, _) => "ファイル・書類",
    };
    html! {
        div {
            @if visitor.holds(Permission::ReadPersonal) {
                a href=(parts::path("/api/v1/evidence", id)) { (words) }
            } @else { (words) }
            " " (parts::long_id(name))
        }
    }
}

fn head(
    visitor: &Visitor,
    record: &Record,
    kind: &str,
    by: Markup,
    reason: Option<&str>,
) -> Markup {
    let input = &record.input;
    let evidence = html! {
        @if input.evidence.is_empty() { (parts::none()) }
        @for name in &input.evidence { (evidence_of(visitor, name)) }
    };
    parts::list(&[
        ("種類", html! { (kind) }),
        ("登録番号", parts::long_id(&input.id)),
        ("起きた時", parts::moment(input.occurred_at)),
        ("知った時", parts::moment(input.known_at)),
        ("登録した人", by),
        ("理由", html! { @match reason { Some(reason) => (reason), None => (parts::none()) } }),
        ("出所", html! { (source(&input.source, JA)) }),
        ("保存した証拠", evidence),
        ("適用した法", parts::long_id(&record.law)),
    ])
}

/// Why an act was refused, or what was said along with it.
fn findings(event: &Event) -> Markup {
    let (title, findings) = match &event.body {
        Body::Refused { findings, .. } => ("拒否の理由", findings),
        Body::Done { warnings, .. } if !warnings.is_empty() => ("注意", warnings),
        _ => return html! {},
    };
    parts::section(
        title,
        html! { ul { @for finding in findings { li { (wording::finding(finding, JA)) } } } },
    )
}

fn followed(visitor: &Visitor, records: &[Record], record: &Record, reader: Reader) -> Markup {
    if let Content::Fact(Fact::UsageImported(_)) = &record.input.content {
        return billed(visitor, records, record);
    }
    let lines: Vec<_> = record.events.iter().filter_map(|event| follows(event, reader)).collect();
    html! {
        @if lines.is_empty() { p.empty { "この登録から生じたことはありません。" } }
        ul.plain { @for line in lines { li { (line) } } }
    }
}

/// What is measured is charged: the invoices with a line that rests on it.
fn billed(visitor: &Visitor, records: &[Record], record: &Record) -> Markup {
    let mut numbers = BTreeSet::new();
    for other in records {
        let Content::Fact(Fact::InvoiceIssued(invoice)) = &other.input.content else { continue };
        let mut facts = invoice.lines.iter().flat_map(|line| &line.charge.because.facts);
        if facts.any(|fact| *fact == record.input.id) {
            numbers.insert(invoice.number.as_str());
        }
    }
    let opens = links::opens(visitor, "/invoices/{number}");
    html! {
        p { "請求の明細のもとになります。" }
        @if opens && !numbers.is_empty() {
            ul.plain { @for number in numbers { li { "請求書 " (parts::id_link("/invoices", number)) } } }
        }
    }
}

fn follows(event: &Event, reader: Reader) -> Option<Markup> {
    let clauses = rule(event.because.rule_id()).map(|rule| rule.clauses).unwrap_or_default();
    match &event.body {
        Body::Follows { id, consequence } => Some(html! {
            (parts::moment(event.occurred_at)) " "
            a href=(parts::path("/why", &id.0)) { (consequence.line(reader)) } " "
            (parts::clauses(clauses))
        }),
        Body::Retracted { of } => Some(html! {
            "取り消し：" (parts::id_link("/why", &of.0))
        }),
        _ => None,
    }
}
