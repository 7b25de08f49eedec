//! Open rights, which people exercise, and open tasks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::extract::{Query, State};
use contract::AccountState;
use contract::declare::consequence::{Consequence, RightOpened};
use contract::declare::ids::{AccountId, ContractId};
use contract::road::case::Case;
use maud::{Markup, html};
use reckon::Day;

use super::answer::{Page, Trouble};
use super::console::waiting;
use super::paged::Asked;
use super::parts::{self, Chip, Column::Text, Tone};
use super::rows::{AccountRow, RightRow, TaskRow};
use super::{App, links, words};
use crate::access::Visitor;

/// Rights are not duties.
const BY_PEOPLE: &str = "権利を使うかどうかは、権限のある人が決めて行います。\
    システムが自ら提供を停止したり、契約を解除したりすることはありません。";

pub async fn rights(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let columns = [
        Text("できること"),
        Text("根拠"),
        Text("生じた日"),
        Text("相手"),
        Text("対象"),
        Text("理由"),
        Text("次の手続"),
    ];
    let accounts = app.accounts().await?;
    let mut open: Vec<_> = accounts
        .iter()
        .flat_map(|(id, account)| account.rights.iter().map(move |right| (id, account, right)))
        .collect();
    open.sort_by_key(|(_, _, right)| right.from);
    let shown = asked.part("page", &open)?;
    let mut cases = BTreeMap::new();
    let mut rows = Vec::new();
    for (id, account, right) in shown.rows {
        let case = match cases.entry(*id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(app.engine.case(id).await?),
        };
        let mut row = right_row(&app, &visitor, case, right);
        row.insert(3, parts::name(&account.name));
        row.push(next_step(&app, &visitor, id, right).await?);
        rows.push(row);
    }
    let body = html! {
        p.lead { (BY_PEOPLE) }
        (parts::table(&columns, &rows, "いま生じている権利はありません。"))
        (shown.links)
    };
    Ok(Page::new("生じている権利", body))
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
    let doors = waiting::used_by(&right.right);
    let button = waiting::button(app, visitor, account, &contract, doors).await?;
    Ok(button.unwrap_or_else(parts::none))
}

fn right_row(app: &App, visitor: &Visitor, case: &Case, right: &RightRow) -> Vec<Markup> {
    let opened = case.live.iter().find(|(_, live)| match &live.consequence {
        Consequence::RightOpened(RightOpened { right: clause, about, from }) => {
            (clause, about, from) == (&right.right, &right.about, &right.from)
        }
        _ => false,
    });
    vec![
        html! { b { (words::right(&right.right)) } },
        parts::clause(&right.right),
        parts::day(right.from),
        links::about(visitor, &right.about, app.prefix()),
        opened
            .map_or_else(parts::none, |(id, _)| parts::link(&parts::path("/why", &id.0), "なぜ？")),
    ]
}

pub async fn tasks(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let today = app.engine.now().day();
    let columns = [Text("作業"), Text("相手"), Text("対象"), Text("生じた時"), Text("督促の目安")];
    let accounts = app.accounts().await?;
    let mut open: Vec<_> = accounts
        .values()
        .flat_map(|account| account.tasks.iter().map(move |task| (account, task)))
        .collect();
    open.sort_by_key(|(_, task)| task.remind_on);
    let line = |(account, task): &(&AccountRow, &TaskRow)| {
        let mut row = task_row(&app, &visitor, task, today);
        row.insert(1, parts::name(&account.name));
        row
    };
    let body = html! {
        p.lead { "督促の目安は社内の覚えであり、法律上の効果はありません。" }
        (asked.table("page", &open, &columns, "残っている作業はありません。", line)?)
    };
    Ok(Page::new("残っている作業", body))
}

fn task_row(app: &App, visitor: &Visitor, task: &TaskRow, today: Day) -> Vec<Markup> {
    let late = task.remind_on < today;
    vec![
        html! { b { (words::task(task.task)) } },
        links::about(visitor, &task.about, app.prefix()),
        parts::moment(task.opened_at),
        html! { (parts::day(task.remind_on)) @if late { " " (parts::chip(Chip("経過", Tone::Watch))) } },
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
    let application = state.contracts.get(id).map(|contract| contract.application.0.as_str());
    let concerns = |about: &str| {
        let invoice = state.receivables.get(about);
        about == id.0
            || Some(about) == application
            || invoice.is_some_and(|receivable| receivable.invoice.contracts().contains(&id))
    };
    let rights: Vec<_> = state
        .rights
        .iter()
        .filter(|right| concerns(&right.about))
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
        .filter(|task| concerns(&task.about))
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
