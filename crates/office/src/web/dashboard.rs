//! The first page: the clock, the numbers, what comes next.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use contract::declare::ids::AccountId;
use contract::who::roles::Permission;
use engine::{Backlog, OutboxState};
use maud::{Markup, html};
use reckon::{Day, Yen};

use super::answer::{Page, Trouble};
use super::console::waiting;
use super::need::Admission;
use super::routes::{ROUTES, Route};
use super::rows::{AccountRow, ContractRow, InvoiceRow, Row};
use super::{App, clock, dates, links, parts, words};
use crate::access::Visitor;

/// How many dates the page shows.
const DATES: usize = 20;

/// Whoever has no part in the book begins with the first page that is theirs.
pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, Trouble> {
    if visitor.holds(Permission::ReadBook) {
        return Ok(whole(&app, &visitor).await?.into_response());
    }
    let open = |route: &&Route| {
        route.menu && route.path != "/" && route.need.admits(Some(&visitor)) == Admission::Enters
    };
    let first = ROUTES.iter().find(open).map_or("/account", |route| route.path);
    Ok(Redirect::to(first).into_response())
}

async fn whole(app: &App, visitor: &Visitor) -> Result<Page, Trouble> {
    let contracts = app.rows::<ContractRow>("contract").await?;
    let invoices = app.rows::<InvoiceRow>("invoice").await?;
    let accounts = app.accounts().await?;
    let backlog = app.engine.store.backlog().await?;
    let today = app.engine.now().day();
    let mut dates = dates::of_all(today, &contracts, &invoices, &accounts);
    let left_off = dates.len().saturating_sub(DATES);
    dates.truncate(DATES);
    let waits = match links::opens(visitor, "/waiting") {
        true => Some(waiting::first(app, visitor).await?),
        false => None,
    };
    let body = html! {
        @if app.clock.is_some() && visitor.holds(Permission::MoveClock) { (clock::form(app, visitor).await?) }
        div.figures {
            (to_do(&accounts))
            @if visitor.holds(Permission::ReadMoney) { (receivables(today, &invoices)) }
            @if links::opens(visitor, "/outbox") { (outbox_figure(&backlog)) }
        }
        @if let Some(waits) = waits { (waits) }
        (parts::section("契約の状態", statuses(&contracts)))
        (parts::section("これからの期日", html! {
            (app.date_table(visitor, &dates))
            @if left_off > 0 { p.note { "このあとに " (left_off) " 件の期日があります。" } }
        }))
    };
    Ok(Page::new("概況", body))
}

fn figure(to: &str, label: &str, number: Markup, note: Markup) -> Markup {
    html! {
        a.figure href=(to) {
            span.label { (label) }
            span.big { (number) }
            span.note { (note) }
        }
    }
}

fn to_do(accounts: &BTreeMap<AccountId, AccountRow>) -> Markup {
    let rights: usize = accounts.values().map(|account| account.rights.len()).sum();
    let tasks: usize = accounts.values().map(|account| account.tasks.len()).sum();
    html! {
        (figure("/rights", "生じている権利", html! { (rights) span.unit { "件" } }, html! { "行使は人が決めます" }))
        (figure("/tasks", "残っている作業", html! { (tasks) span.unit { "件" } }, html! { "督促の目安つき" }))
    }
}

fn receivables(today: Day, invoices: &[Row<InvoiceRow>]) -> Markup {
    let sum = |late: bool| -> (usize, Yen) {
        let open = invoices
            .iter()
            .map(|row| &row.content)
            .filter(|invoice| invoice.outstanding.is_positive() && (invoice.due < today) == late);
        open.fold((0, Yen::ZERO), |(count, sum), invoice| (count + 1, sum + invoice.outstanding))
    };
    let ((late, late_sum), (open, open_sum)) = (sum(true), sum(false));
    html! {
        (figure("/invoices?status=overdue", "期限を過ぎた未収", parts::yen(late_sum), html! { (late) " 通の請求書" }))
        (figure("/invoices?status=not_due", "期限前の未収", parts::yen(open_sum), html! { (open) " 通の請求書" }))
    }
}

fn outbox_figure(backlog: &Backlog) -> Markup {
    let of = |state| {
        let found = backlog.effects.iter().find(|(known, _, _)| *known == state);
        found.map_or(0, |(_, count, _)| *count)
    };
    let (refused, by_hand) = (of(OutboxState::Refused), of(OutboxState::ByHand));
    let note = html! { "手作業待ち " (by_hand) " 件" };
    figure("/outbox", "送信・処理の拒否", html! { (refused) span.unit { "件" } }, note)
}

fn statuses(contracts: &[Row<ContractRow>]) -> Markup {
    if contracts.is_empty() {
        return html! { p.empty { "契約はまだありません。" } };
    }
    let count = |status: &str| contracts.iter().filter(|row| row.content.status == status).count();
    html! {
        p.counts {
            @for status in words::CONTRACT_STATUSES {
                @if count(status) > 0 {
                    a href={ "/contracts?status=" (status) } {
                        (parts::chip(words::contract_status(status))) b { (count(status)) }
                    }
                }
            }
        }
    }
}
