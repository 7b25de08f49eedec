//! The quarterly review of who may do what, with the reviewer's signature.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use contract::who::roles::Role;
use engine::people::Wanted;
use maud::{Markup, html};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::entry::Entry;
use super::parts::Column::{Number, Text};
use super::sign_in::{Sent, form};
use super::{App, csrf, parts, words};
use crate::access::{Flag, Quarter, Review, ReviewRow, Visitor};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    quarter: String,
}

#[derive(Debug, Deserialize)]
pub struct Signed {
    quarter: String,
    #[serde(default)]
    reason: String,
}

/// The one that was asked for, or the last one that is over.
fn quarter(app: &App, text: &str) -> Result<Quarter, Trouble> {
    if text.is_empty() {
        return Ok(Quarter::before(app.engine.now().day()));
    }
    text.parse().map_err(|_| {
        Trouble::unusable(format!(
            "「{text}」は四半期ではありません。2026Q4 のように書いてください。"
        ))
    })
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let quarter = quarter(&app, &asked.quarter)?;
    let review = app.door.review(quarter).await?;
    let columns = [
        Text("利用者"),
        Text("役割（開始日）"),
        Text("承認の上限"),
        Text("代理"),
        Text("キー"),
        Text("最後のサインイン"),
        Number("事実"),
        Number("行為"),
        Text("要確認"),
    ];
    let rows: Vec<_> = review.rows.iter().map(row).collect();
    let body = html! {
        form.filter method="get" action="/access-review" {
            label { "四半期 " input name="quarter" value=(quarter) pattern="[0-9]{4}Q[1-4]"; }
            button type="submit" { "表示する" }
        }
        p.note { (quarter.first_day()) " から " (quarter.last_day()) " まで。"
            a href={ "/access-review.csv?quarter=" (quarter) } { "CSV で書き出す" } }
        (parts::table(&columns, &rows, "利用者はいません。"))
        (signature(&app, &visitor, &review))
    };
    Ok(Page::new(format!("権限の点検 {quarter}"), body))
}

fn row(row: &ReviewRow) -> Vec<Markup> {
    let dated = |texts: &[String]| {
        html! { @for text in texts { div { (in_words(text)) } } @if texts.is_empty() { (parts::none()) } }
    };
    vec![
        html! { (row.name) " " span.id { (row.person) } span.note { (side(&row.side)) } },
        dated(&row.roles),
        html! { @if row.limit.is_empty() { (parts::none()) } @else { span.yen { (row.limit) "円" } } },
        dated(&row.deputies),
        dated(&row.keys),
        row.last_sign_in.map_or_else(parts::none, parts::moment),
        html! { (row.facts) },
        html! { (row.acts) },
        html! { @for flag in &row.flags { (parts::chip(parts::Chip(flag_word(*flag), parts::Tone::Watch))) " " } },
    ]
}

/// The words of the list are what the reviewer signs and the CSV holds: here they
/// are only read in Japanese. A day never breaks.
fn in_words(text: &str) -> Markup {
    let word = |word: &str| match word {
        "for" => html! { "代理：" },
        "until" => html! { "期限" },
        "(ended" => html! { "終了" },
        word => match serde_json::from_value::<Role>(word.into()) {
            Ok(role) => html! { (words::role(role)) },
            Err(_) => html! { span.day { (word.trim_end_matches(')').replace('/', "～")) } },
        },
    };
    html! { @for (at, part) in text.split(' ').enumerate() { @if at > 0 { " " } (word(part)) } }
}

fn side(text: &str) -> String {
    let (side, left) = text.strip_suffix(" (left)").map_or((text, ""), |side| (side, "（退任）"));
    let side = match side {
        "staff" => "社内",
        "subcontractor" => "再委託先",
        "program" => "プログラム",
        account => account,
    };
    format!("{side}{left}")
}

fn flag_word(flag: Flag) -> &'static str {
    match flag {
        Flag::NotUsed => "期中に未使用",
        Flag::NeverUsed => "一度も未使用",
        Flag::LeftWithKey => "退任後もキーが有効",
        Flag::BothHands => "起案と承認の兼任",
        Flag::WatchesItself => "監査・管理と業務の兼任",
        Flag::ExpiredKey => "期限切れのキー",
    }
}

fn signature(app: &App, visitor: &Visitor, review: &Review) -> Markup {
    let over = app.engine.now().day() > review.quarter.last_day();
    let inside = html! {
        @for (entry, same) in &review.signed {
            p { (app.engine.name_of(&entry.by.id)) " が " (parts::moment(entry.at)) " に点検済み"
                @if !same { "（その後、一覧の内容が変わりました）" } }
        }
        @if over {
            form.fields method="post" action="/access-review" {
                (csrf::field(visitor.csrf()))
                input type="hidden" name="quarter" value=(review.quarter);
                label { "所見" textarea name="reason" rows="3" maxlength="4000" {} }
                button.strong type="submit" { "点検したことを記録する" }
            }
        } @else { p.empty { "四半期が終わると点検を記録できます。" } }
    };
    parts::section("点検の記録", inside)
}

pub async fn sign(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    sent: Sent<Signed>,
) -> Result<Redirect, Trouble> {
    let given = form(sent)?;
    let quarter = quarter(&app, &given.quarter)?;
    let change = app.door.signing(quarter).await?;
    let may = |role| matches!(role, Role::Auditor | Role::Administrator);
    let hat = visitor.acting(None, may).ok_or_else(|| Trouble::unusable("役割がありません。"))?;
    let source = format!("page {}", entry.came.origin);
    app.engine.change_people(hat, Wanted::new(change, &given.reason, source.trim_end())).await?;
    Ok(Redirect::to(&format!("/access-review?quarter={quarter}")))
}

pub async fn file(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let quarter = quarter(&app, &asked.quarter)?;
    let review = app.door.review(quarter).await?;
    let name = format!("attachment; filename=\"access-review-{quarter}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, review.csv()).into_response())
}
