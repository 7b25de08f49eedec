//! The first page: the clock, the numbers, what comes next.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use contract::who::roles::Permission;
use engine::listed::{Field, ListOf, ListQuery, Test};
use engine::{Backlog, OutboxState};
use maud::{Markup, html};
use reckon::Yen;

use super::answer::{Page, Trouble};
use super::console::waiting;
use super::dates::ToCome;
use super::need::Admission;
use super::routes::{ROUTES, Route};
use super::{App, clock, invoices, links, parts, words};
use crate::access::Visitor;

/// How many dates the page shows.
const DATES: u32 = 20;

/// Whoever has no part in the book begins with the first page that is theirs.
pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, Trouble> {
    if visitor.holds(Permission::ReadBook) {
        return Ok(whole(&app, &visitor).await?.into_response());
    }
    // As in the menu: a review is a page to begin with while there is one.
    let review = app.is_under_review().await;
    let open = |route: &&Route| {
        let begins = route.menu && route.path != "/" && (review || route.path != "/restored");
        begins && route.need.admits(Some(&visitor)) == Admission::Enters
    };
    let first = ROUTES.iter().find(open).map_or("/account", |route| route.path);
    Ok(Redirect::to(first).into_response())
}

async fn whole(app: &App, visitor: &Visitor) -> Result<Page, Trouble> {
    let backlog = app.engine.store.backlog().await?;
    let wanted = ToCome { from: app.engine.now().day(), by: None, most: DATES };
    let (dates, count) = app.dates_to_come(wanted).await?;
    let left_off = count.saturating_sub(dates.len() as u64);
    let waits = match links::opens(visitor, "/waiting") {
        true => Some(waiting::first(app, visitor).await?),
        false => None,
    };
    let body = html! {
        @if app.clock.is_some() && visitor.holds(Permission::MoveClock) { (clock::form(app, visitor).await?) }
        div.figures {
            (to_do(app).await?)
            @if visitor.holds(Permission::ReadMoney) { (receivables(app).await?) }
            @if links::opens(visitor, "/outbox") { (outbox_figures(&backlog)) }
        }
        @if let Some(waits) = waits { (waits) }
        (parts::section("契約の状態", statuses(app).await?))
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

async fn to_do(app: &App) -> Result<Markup, Trouble> {
    let all = ListQuery::default();
    let rights = app.engine.store.list_views(ListOf::Within("rights"), &all).await?.count;
    let tasks = app.engine.store.list_views(ListOf::Within("tasks"), &all).await?.count;
    Ok(html! {
        (figure("/rights", "生じている権利", html! { (rights) span.unit { "件" } }, html! { "停止や解除ができる状態です。行うかは人が決めます" }))
        (figure("/tasks", "残っている作業", html! { (tasks) span.unit { "件" } }, html! { "まだ終わっていない社内の作業" }))
    })
}

async fn receivables(app: &App) -> Result<Markup, Trouble> {
    let today = app.engine.now().day();
    let mut figures = Vec::new();
    for (state, label) in [("overdue", "期限を過ぎた未収"), (words::NOT_DUE, "期限前の未収")]
    {
        let sums = vec![Field::Number("outstanding")];
        let query =
            ListQuery { sums, ..ListQuery::counting(vec![invoices::in_state(state, today)]) };
        let found = app.engine.store.list_views(ListOf::Kind("invoice"), &query).await?;
        let sum = Yen(found.sums.first().copied().unwrap_or_default());
        let to = format!("/invoices?status={state}");
        figures.push(figure(&to, label, parts::yen(sum), html! { (found.count) " 通の請求書" }));
    }
    Ok(html! { @for figure in figures { (figure) } })
}

/// Each leads to what it counts.
fn outbox_figures(backlog: &Backlog) -> Markup {
    let of = |state| {
        let found = backlog.effects.iter().find(|(known, _, _)| *known == state);
        found.map_or(0, |(_, count, _)| *count)
    };
    let counted = |state, label, note: &str| {
        let number = html! { (of(state)) span.unit { "件" } };
        let to = format!("/outbox?state={}", words::word(&state));
        figure(&to, label, number, html! { (note) })
    };
    html! {
        (counted(OutboxState::Refused, "送信・処理の拒否", "人が直して、送り直します"))
        (counted(OutboxState::ByHand, "手作業待ち", "クラウドの管理画面などで行い、登録します"))
    }
}

async fn statuses(app: &App) -> Result<Markup, Trouble> {
    let mut counts = Vec::new();
    for status in words::CONTRACT_STATUSES {
        let query = ListQuery::counting(vec![Test::is(Field::Text("status"), status)]);
        let count = app.engine.store.list_views(ListOf::Kind("contract"), &query).await?.count;
        counts.extend((count > 0).then_some((status, count)));
    }
    Ok(html! {
        @if counts.is_empty() { p.empty { "契約はまだありません。" } }
        @else { p.counts {
            @for (status, count) in counts {
                a href={ "/contracts?status=" (status) } {
                    (parts::chip(words::contract_status(status))) b { (count) }
                }
            }
        } }
    })
}
