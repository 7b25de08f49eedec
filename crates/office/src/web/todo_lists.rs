//! Open rights, which people exercise, and open tasks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use contract::declare::consequence::{Consequence, RightOpened};
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::task::TaskKind;
use contract::road::case::Case;
use contract::{AccountState, ContractState, OpenRight, Provision};
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};
use reckon::Day;

use super::answer::Trouble;
use super::console::waiting;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Named, Seen, Shown, Wanted};
use super::parts::{self, Chip, Column::Text, Tone};
use super::rows::{Line, RightRow, TaskRow, read_line};
use super::{App, links, words};
use crate::access::Visitor;

/// Rights are not duties.
const BY_PEOPLE: &str = "権利を使うかどうかは、権限のある人が決めて行います。\
    システムが自ら提供を停止したり、契約を解除したりすることはありません。";

/// Rights that are open now.
pub struct Rights;

/// A right, with what the page says of it besides.
pub struct RightLine {
    row: Line<RightRow>,
    why: Option<Markup>,
    next: Option<Markup>,
}

impl Listing for Rights {
    type Row = RightLine;
    const PATH: &'static str = "/rights";
    const TITLE: &'static str = "生じている権利";
    const EMPTY: &'static str = "いま生じている権利はありません。";
    const ORDER: &'static str = "from";

    fn columns() -> Vec<Column<RightLine>> {
        vec![
            Self::text("できること", |_, one| {
                let right = words::right(&one.row.content.right);
                Shown::both(html! { b { (right) } }, right)
            }),
            Self::text("根拠", |_, one| {
                let clause = &one.row.content.right;
                Shown::both(parts::clause(clause), clause)
            })
            .by("right", &[Field::Text("right")]),
            Self::text("生じた日", |_, one| Shown::Day(one.row.content.from))
                .by("from", &[Field::Text("from")]),
            Self::text("相手", |_, one| Shown::Name(one.row.name.clone()))
                .by("name", &[Field::Name]),
            Self::text("対象", |seen, one| about(seen, &one.row.content.about))
                .by("about", &[Field::Text("about")]),
            Self::text("理由", |_, one| page_only(one.why.as_ref())).only_on_page(),
            Self::text("次の手続", |_, one| page_only(one.next.as_ref())).only_on_page(),
        ]
    }

    fn above(_: &Seen<'_>) -> Markup {
        html! { p.lead { (BY_PEOPLE) } }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let kinds = RIGHTS.map(|(word, words)| (word.to_owned(), words.to_owned()));
        html! {
            (field::text(form, may("q", "相手または番号", "名称や番号の一部")))
            (list::choice(form, RIGHT, kinds))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<RightLine>,
    ) -> Result<Found<RightLine>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let right = Field::Text("right");
        tests.extend(list::chosen(form, RIGHT, &RIGHTS.map(|(word, _)| word)).map(|word| {
            match word.as_str() {
                "suspend" => Test::is(right, SUSPEND),
                _ => Test::is(right, SUSPEND).negated(),
            }
        }));
        let query = wanted.query(tests);
        let found = seen.app.engine.store.list_views(ListOf::Within("rights"), &query).await?;
        Found::of(found, |listed| Ok(RightLine { row: read_line(listed)?, why: None, next: None }))
    }

    async fn dress(seen: &Seen<'_>, rows: &mut [RightLine]) -> Result<(), Trouble> {
        let mut cases = BTreeMap::new();
        for one in rows {
            let account = &one.row.account;
            let case = match cases.entry(account.clone()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(seen.app.engine.case(account).await?),
            };
            one.why = Some(why(case, &one.row.content));
            one.next = Some(next_step(seen.app, seen.visitor, account, &one.row.content).await?);
        }
        Ok(())
    }
}

/// The right to suspend.
const SUSPEND: &str = "12-3";

/// Whether a right would suspend nothing any more.
fn is_used_up(right: &OpenRight, state: &AccountState) -> bool {
    let of = state.contracts.iter().filter(|(id, _)| concerns(state, id, &right.about));
    let of: Vec<&ContractState> = of.map(|(_, contract)| contract.as_ref()).collect();
    let runs = |one: &&ContractState| one.provision == Provision::InService;
    right.right == SUSPEND && !of.is_empty() && !of.iter().any(runs)
}

/// Whether what has this id is a contract, its application or an invoice of it.
fn concerns(state: &AccountState, id: &ContractId, about: &str) -> bool {
    let application = state.contracts.get(id).map(|contract| contract.application.0.as_str());
    let invoice = state.receivables.get(about);
    about == id.0
        || Some(about) == application
        || invoice.is_some_and(|receivable| receivable.invoice.contracts().contains(&id))
}

const RIGHT: Named<'static> = Named { name: "right", label: "できること" };
const RIGHTS: [(&str, &str); 2] = [("suspend", "提供停止"), ("terminate", "解除")];

fn page_only(markup: Option<&Markup>) -> Shown {
    markup.map_or(Shown::None, |markup| Shown::both(markup.clone(), ""))
}

fn about(seen: &Seen<'_>, id: &str) -> Shown {
    Shown::both(links::about(seen.visitor, id, seen.app.prefix()), id)
}

/// Where a right is put before whoever decides.
async fn next_step(
    app: &App,
    visitor: &Visitor,
    account: &AccountId,
    right: &RightRow,
) -> Result<Markup, Trouble> {
    let state = app.engine.state(account).await?;
    let billed = state.receivables.get(&right.about);
    let billed = billed.and_then(|one| one.invoice.contracts().first().map(|id| id.0.clone()));
    let contract = billed.unwrap_or_else(|| right.about.clone());
    let doors = [waiting::used_by(&right.right)];
    let button = waiting::button(app, visitor, account, &contract, &doors).await?;
    Ok(button.unwrap_or_else(parts::none))
}

/// The stored reason for which a right is there.
fn why(case: &Case, right: &RightRow) -> Markup {
    let opened = case.live.iter().find(|(_, live)| match &live.consequence {
        Consequence::RightOpened(RightOpened { right: clause, about, from }) => {
            (clause, about, from) == (&right.right, &right.about, &right.from)
        }
        _ => false,
    });
    opened.map_or_else(parts::none, |(id, _)| parts::link(&parts::path("/why", &id.0), "なぜ？"))
}

fn right_row(app: &App, visitor: &Visitor, case: &Case, right: &RightRow) -> Vec<Markup> {
    vec![
        html! { b { (words::right(&right.right)) } },
        parts::clause(&right.right),
        parts::day(right.from),
        links::about(visitor, &right.about, app.prefix()),
        why(case, right),
    ]
}

/// Open tasks.
pub struct Tasks;

impl Listing for Tasks {
    type Row = Line<TaskRow>;
    const PATH: &'static str = "/tasks";
    const TITLE: &'static str = "残っている作業";
    const EMPTY: &'static str = "残っている作業はありません。";
    const ORDER: &'static str = "remind";

    fn columns() -> Vec<Column<Line<TaskRow>>> {
        vec![
            Self::text("作業", |_, row| {
                let task = words::task(row.content.task);
                Shown::both(html! { b { (task) } }, task)
            })
            .by("task", &[Field::Text("task")]),
            Self::text("相手", |_, row| Shown::Name(row.name.clone())).by("name", &[Field::Name]),
            Self::text("対象", |seen, row| about(seen, &row.content.about))
                .by("about", &[Field::Text("about")]),
            Self::text("生じた時", |_, row| Shown::Moment(row.content.opened_at))
                .by("opened", &[Field::Text("opened_at")]),
            Self::text("督促の目安", |seen, row| {
                let day = row.content.remind_on;
                Shown::both(reminded(day, seen.today), day.to_string())
            })
            .by("remind", &[Field::Text("remind_on"), Field::Text("about")]),
        ]
    }

    fn above(_: &Seen<'_>) -> Markup {
        html! { p.lead { "督促の目安は社内の覚えであり、法律上の効果はありません。" } }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let kinds = TaskKind::ALL.map(|kind| (words::word(&kind), words::task(kind).to_owned()));
        html! {
            (field::text(form, may("q", "相手または番号", "名称や番号の一部")))
            (list::choice(form, TASK, kinds))
            (field::check(form, may("late", "督促の目安を過ぎたものだけ", "")))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<TaskRow>>,
    ) -> Result<Found<Line<TaskRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let kinds = TaskKind::ALL.map(|kind| words::word(&kind));
        let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
        let kind = list::chosen(form, TASK, &kinds);
        tests.extend(kind.map(|kind| Test::is(Field::Text("task"), kind)));
        if form.text("late") == "yes" {
            tests.push(Test::before(Field::Text("remind_on"), seen.today.to_string()));
        }
        wanted.views(seen.app, ListOf::Within("tasks"), tests).await
    }
}

const TASK: Named<'static> = Named { name: "task", label: "作業" };

/// A day on which somebody is reminded, and whether it has passed.
fn reminded(on: Day, today: Day) -> Markup {
    html! { (parts::day(on)) @if on < today { " " (parts::chip(Chip("経過", Tone::Watch))) } }
}

fn task_row(app: &App, visitor: &Visitor, task: &TaskRow, today: Day) -> Vec<Markup> {
    vec![
        html! { b { (words::task(task.task)) } },
        links::about(visitor, &task.about, app.prefix()),
        parts::moment(task.opened_at),
        reminded(task.remind_on, today),
    ]
}

/// Rights and tasks that concern a contract, its application or its invoices.
pub fn of_contract(
    app: &App,
    visitor: &Visitor,
    case: &Case,
    id: &ContractId,
    state: &AccountState,
) -> Markup {
    let rights: Vec<_> = state
        .rights
        .iter()
        .filter(|right| concerns(state, id, &right.about) && !is_used_up(right, state))
        .map(|right| RightRow {
            right: right.right.clone(),
            about: right.about.clone(),
            from: right.from,
        })
        .map(|right| right_row(app, visitor, case, &right))
        .collect();
    let today = app.engine.now().day();
    let tasks: Vec<_> = state
        .tasks
        .iter()
        .filter(|task| concerns(state, id, &task.about))
        .map(|task| TaskRow {
            task: task.task,
            about: task.about.clone(),
            opened_at: task.opened_at,
            remind_on: task.remind_on,
        })
        .map(|task| task_row(app, visitor, &task, today))
        .collect();
    let right_columns =
        [Text("できること"), Text("根拠"), Text("生じた日"), Text("対象"), Text("理由")];
    let task_columns = [Text("作業"), Text("対象"), Text("生じた時"), Text("督促の目安")];
    html! {
        (parts::table(&right_columns, &rights, "いま生じている権利はありません。"))
        @if !rights.is_empty() { p.note { (BY_PEOPLE) } }
        (parts::table(&task_columns, &tasks, "残っている作業はありません。"))
    }
}
