//! Moving the manual clock, from a page or over the API.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::{Form, Json};
use maud::{Markup, html};
use reckon::Moment;
use schemars::JsonSchema;
use serde::Deserialize;

use super::App;
use super::answer::Trouble;
use super::api::asked::Sent;
use super::api::shapes::ClockMoved;
use super::{csrf, parts};
use crate::access::Visitor;

/// Longer moves are better made in parts: each due moment is lived through.
const MOST_DAYS: i64 = 1_100;
const DAY: i64 = 86_400;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    to: String,
}

impl App {
    /// Moves the clock from one due moment to the next, up to `to`, and does at
    /// each what is due then. Returns how many due moments lay on the way.
    async fn move_clock(&self, to: &str) -> Result<u64, Trouble> {
        let Some(clock) = &self.clock else {
            let detail = "この運転では計算機の時計に従うため、時計は動かせません。";
            return Err(Trouble::new(
                StatusCode::CONFLICT,
                "system-clock",
                "時計は動かせません",
                detail,
            ));
        };
        let to: Moment = to.parse().map_err(|_| {
            Trouble::unusable(format!(
                "「{to}」は日時ではありません。2026-04-01T10:00 のように書いてください。"
            ))
        })?;
        let _alone = self.moving.lock().await;
        let now = self.engine.now();
        if to < now {
            let detail = format!("時計は {} にあり、過去には戻りません。", now.to_minute_text());
            return Err(Trouble::new(
                StatusCode::CONFLICT,
                "clock-goes-back",
                "時計は戻せません",
                detail,
            ));
        }
        if to.unix_seconds() - now.unix_seconds() > MOST_DAYS * DAY {
            return Err(Trouble::unusable(format!(
                "一度に進められるのは {MOST_DAYS} 日までです。"
            )));
        }
        let mut moments = 0;
        while let Some(due) = self.engine.store.next_due().await?.filter(|due| *due <= to) {
            if due <= self.engine.now() && moments > 0 {
                let detail = format!(
                    "{} が期日の処理が終わらないため、時計を止めました。",
                    due.to_minute_text()
                );
                return Err(Trouble::new(
                    StatusCode::CONFLICT,
                    "stuck",
                    "時計を進められません",
                    detail,
                ));
            }
            clock.move_to(due);
            self.engine.settle().await?;
            moments += 1;
        }
        clock.move_to(to);
        self.engine.settle().await?;
        Ok(moments)
    }
}

pub async fn move_by_form(
    State(app): State<Arc<App>>,
    target: Result<Form<Target>, FormRejection>,
) -> Result<Redirect, Trouble> {
    let Form(target) = target.map_err(|why| Trouble::unusable(why.to_string()))?;
    app.move_clock(&target.to).await?;
    Ok(Redirect::to("/"))
}

pub async fn move_by_api(
    State(app): State<Arc<App>>,
    Sent(target): Sent<Target>,
) -> Result<Json<ClockMoved>, Trouble> {
    let due_moments = app.move_clock(&target.to).await?;
    Ok(Json(ClockMoved { now: app.engine.now(), due_moments }))
}

/// The clock's place, and the ways to move it on.
pub async fn form(app: &App, visitor: &Visitor) -> Result<Markup, Trouble> {
    let now = app.engine.now();
    let next = app.engine.store.next_due().await?;
    let local = |at: Moment| at.japan().strftime("%Y-%m-%dT%H:%M").to_string();
    let later = |days: i64| now.plus_seconds(days * DAY);
    let jump = |to: Moment, label: &str| {
        html! { button type="submit" name="to" value=(to) { (label) } }
    };
    Ok(html! {
        section.clock {
            div {
                h2 { "手動の時計" }
                p.big { (now.to_minute_text()) }
                @if let Some(next) = next {
                    p.note { "次に何かが起こる時：" (parts::moment(next)) }
                } @else {
                    p.note { "この先に決まった期日はありません。" }
                }
            }
            div.ways {
                form method="post" action="/clock" {
                    (csrf::field(visitor.csrf()))
                    label { "進める先 " input type="datetime-local" name="to" value=(local(now)) min=(local(now)) required; }
                    button.strong type="submit" { "進める" }
                }
                form method="post" action="/clock" {
                    (csrf::field(visitor.csrf()))
                    @if let Some(next) = next { (jump(next, "次の期日へ")) }
                    (jump(later(1), "1日"))
                    (jump(later(7), "7日"))
                    (jump(later(30), "30日"))
                }
            }
        }
    })
}
