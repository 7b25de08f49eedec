//! The record as a list: who did or registered what, when, why and by which clause.

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::act::{Act, Approve, Decline};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::rules::rule;
use contract::road::stream::{Body, Content, Event, Input, Record};
use contract::who::roles::Role;
use document::wording::Language;
use engine::listed::{Field, Test};
use maud::{Markup, html};
use reckon::{Day, Moment};

use crate::web::answer::Trouble;
use crate::web::field::{self, may};
use crate::web::form::Form;
use crate::web::list::{Column, Found, Listing, Seen, Shown, Wanted};
use crate::web::{App, parts, words};

/// The list of what was registered.
pub struct Entries;

/// An entry, with what the page shows of what came of it.
pub struct EntryLine {
    input: Input,
    name: String,
    came: Option<Came>,
}

/// What came of an entry, and why it was made.
struct Came {
    reason: Option<String>,
    refused: bool,
    clauses: Vec<&'static str>,
}

const KNOWN_AT: Field = Field::Number("known_at");

impl Listing for Entries {
    type Row = EntryLine;
    const PATH: &'static str = "/entries";
    const TITLE: &'static str = "記録";
    const EMPTY: &'static str = "記録はまだありません。";
    const ORDER: &'static str = "-known";

    fn columns() -> Vec<Column<EntryLine>> {
        vec![
            Self::text("知った時", |_, one| Shown::Moment(one.input.known_at))
                .by("known", &[KNOWN_AT]),
            Self::text("誰が", |seen, one| who(seen.app, &one.input))
                .by("person", &[Field::Text("payload.actor.id")]),
            Self::text("何を", |seen, one| {
                let text = told(seen, &one.input);
                let Input { account, id, .. } = &one.input;
                let refused = one.came.as_ref().is_some_and(|came| came.refused);
                let path = parts::path(&format!("/entries/{account}"), &id.0);
                let markup = html! {
                    span.told { a href=(path) { (text) } }
                    @if refused { " " (parts::chip(parts::Chip("拒否", parts::Tone::Bad))) }
                };
                Shown::both(markup, text)
            }),
            Self::text("相手", |_, one| Shown::Name(one.name.clone())).by("name", &[Field::Name]),
            Self::text("理由", |_, one| {
                let reason = one.came.as_ref().and_then(|came| came.reason.as_ref());
                Shown::both(
                    html! { @match reason { Some(reason) => span.reply { (reason) }, None => (parts::none()) } },
                    "",
                )
            })
            .only_on_page(),
            Self::text("承認", |_, one| approval(&one.input.account, &one.input.content)),
            Self::text("条項", |_, one| {
                let clauses = one.came.as_ref().map(|came| came.clauses.as_slice());
                match clauses.filter(|clauses| !clauses.is_empty()) {
                    Some(clauses) => Shown::both(parts::clauses(clauses), ""),
                    None => Shown::None,
                }
            })
            .only_on_page(),
            Self::text("番号", |_, one| Shown::Text(one.input.id.0.clone()))
                .by("id", &[Field::Id])
                .only_in_file(),
        ]
    }

    fn fields(seen: &Seen<'_>, form: &Form) -> Markup {
        fields(seen, form)
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<EntryLine>,
    ) -> Result<Found<EntryLine>, Trouble> {
        // Time alone, and another edition of the rules, are nobody's entry.
        let passed = Test::one_of(Field::Text("payload.content"), &["clock", "edition"]);
        let mut tests = vec![passed.negated()];
        let (from, to) = (form.day_if_set("from"), form.day_if_set("to"));
        let seconds = |day: Day| Moment::start_of(day).unix_seconds();
        tests.extend(from.map(|from| Test::from(KNOWN_AT, seconds(from))));
        let until = to.map(|to| Moment::end_of(to).unix_seconds());
        tests.extend(until.map(|until| Test::up_to(KNOWN_AT, until)));
        tests.extend(whose(seen.app, form).await?);
        if form.is_set("person") {
            let is = |path| Test::is(Field::Text(path), form.text("person"));
            tests.push(Test::Any(vec![is("payload.actor.id"), is("payload.actor.deputy_for")]));
        }
        let found = seen.app.engine.store.list_inputs(&wanted.query(tests)).await?;
        Found::of(found, |listed| {
            Ok(EntryLine { input: listed.row, name: listed.name, came: None })
        })
    }

    /// Only the accounts of these inputs are read.
    async fn dress(seen: &Seen<'_>, rows: &mut [EntryLine]) -> Result<(), Trouble> {
        let mut records: BTreeMap<InputId, Record> = BTreeMap::new();
        let accounts: BTreeSet<AccountId> =
            rows.iter().map(|one| one.input.account.clone()).collect();
        for account in accounts {
            let own = seen.app.engine.records(&account).await?;
            records.extend(own.into_iter().map(|record| (record.input.id.clone(), record)));
        }
        for one in rows {
            let reason = seen.app.engine.reason_given(&one.input.id).await?;
            one.came = records.get(&one.input.id).map(|record| came(record, reason));
        }
        Ok(())
    }
}

/// Entries of whoever is named, if anybody is.
async fn whose(app: &App, form: &mut Form) -> Result<Option<Test>, Trouble> {
    let whose = form.text("whose").to_owned();
    if whose.is_empty() {
        return Ok(None);
    }
    let found = app.account_named(&whose).await?;
    if found.is_none() {
        form.fault("whose", "登録されている契約番号、請求書番号、法人番号を入力してください。");
    }
    Ok(found.map(|account| Test::is(Field::Account, account.0)))
}

fn came(record: &Record, reason: Option<String>) -> Came {
    let refused = |event: &Event| matches!(event.body, Body::Refused { .. });
    let mut clauses: Vec<&'static str> = record
        .events
        .iter()
        .filter_map(|event| rule(event.because.rule_id()))
        .flat_map(|rule| rule.clauses.iter().copied())
        .collect();
    clauses.sort_unstable();
    clauses.dedup();
    Came { reason, refused: record.events.iter().any(refused), clauses }
}

fn who(app: &App, input: &Input) -> Shown {
    let (name, role) = (app.engine.name_of(&input.actor.id), words::role(input.actor.role));
    if input.actor.role == Role::System {
        return Shown::Person(name);
    }
    let deputy = input.actor.deputy_for.as_ref();
    let deputy = deputy
        .map_or_else(String::new, |person| format!("（{}の代理）", app.engine.name_of(person)));
    // The names of a customer's people are sealed: the page of the entry opens them.
    if input.actor.role.is_customers() && name == input.actor.id {
        return Shown::both(html! { (role) span.note { (name) } }, format!("{role}（{name}）"));
    }
    let markup = html! { (name) span.note { (role) (deputy) } };
    Shown::both(markup, format!("{name}（{role}）{deputy}"))
}

fn told(seen: &Seen<'_>, input: &Input) -> String {
    let reader = seen.visitor.reads(Language::Japanese);
    match &input.content {
        Content::Fact(fact) => fact.line(reader),
        Content::Act(act) => act.line(reader),
        Content::Clock | Content::Edition => String::new(),
    }
}

/// The proposal that an approval rests on.
fn approval(account: &AccountId, content: &Content) -> Shown {
    match content {
        Content::Act(
            Act::Approve(Approve { proposal, .. }) | Act::Decline(Decline { proposal, .. }),
        ) => {
            let path = parts::path(&format!("/entries/{account}"), &proposal.0);
            Shown::both(parts::link(&path, "起案"), &proposal.0)
        }
        Content::Act(Act::Propose(_)) => Shown::Text("起案".to_owned()),
        _ => Shown::None,
    }
}

fn fields(seen: &Seen<'_>, form: &Form) -> Markup {
    html! {
            (field::choice(form, may("person", "誰が", ""), &seen.everybody()))
            (field::text(form, may("whose", "相手", "契約番号、請求書番号、法人番号")))
            (field::day(form, may("from", "この日から", "")))
            (field::day(form, may("to", "この日まで", "")))
    }
}
