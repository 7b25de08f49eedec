//! The access log: who came in, who was turned away, who read what.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::{Access, AccessQuery};
use maud::{Markup, html};
use reckon::{Day, Moment};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::form::typed_day;
use super::parts::Column::Text;
use super::{App, parts};
use crate::csv;

/// How many lines a page shows.
const LINES: u32 = 100;

/// How many lines a file holds at the most.
const MOST: u32 = 200_000;

/// Which lines, as a form asks for them; an empty field asks for all.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    person: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    before: String,
}

const KINDS: [(&str, &str); 7] = [
    ("sign_in", "サインイン"),
    ("sign_in_failed", "サインインの失敗"),
    ("sign_out", "サインアウト"),
    ("refused", "権限なし"),
    ("read", "個人情報・書類の閲覧"),
    ("export", "書き出し"),
    ("admin", "管理"),
];

impl Asked {
    fn query(&self, limit: u32) -> Result<AccessQuery, Trouble> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(AccessQuery {
            before: some(&self.before),
            person: some(&self.person),
            kind: some(&self.kind),
            from: day(&self.from)?.map(Moment::start_of),
            until: day(&self.until)?.map(Moment::end_of),
            limit,
        })
    }

    /// The same question in an address.
    fn address(&self, path: &str, before: &str) -> String {
        let fields = [
            ("person", self.person.as_str()),
            ("kind", &self.kind),
            ("from", &self.from),
            ("until", &self.until),
            ("before", before),
        ];
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<_> =
            fields.map(|(name, value)| format!("{name}={}", parts::escaped(value))).collect();
        if fields.is_empty() { path.to_owned() } else { format!("{path}?{}", fields.join("&")) }
    }
}

fn day(text: &str) -> Result<Option<Day>, Trouble> {
    match text {
        "" => Ok(None),
        text => typed_day(text).map(Some),
    }
}

pub async fn show(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let lines = app.engine.store.identity().access_log(&asked.query(LINES)?).await?;
    let older = (lines.len() == LINES as usize).then(|| lines.last()).flatten();
    let columns =
        [Text("日時"), Text("誰が"), Text("種類"), Text("何を"), Text("どこから"), Text("備考")];
    let rows: Vec<_> = lines.iter().map(|line| row(&app, line)).collect();
    let body = html! {
        (filter(&asked))
        (parts::table(&columns, &rows, "該当する記録はありません。"))
        @if let Some(older) = older { p { a href=(asked.address("/access-log", &older.id)) { "前の記録" } } }
        p { a href=(asked.address("/access-log.csv", "")) { "CSV で書き出す" }
            " " span.note { "保存期間 " (app.door.settings.log_days) " 日" } }
    };
    Ok(Page::new("アクセス記録", body))
}

fn row(app: &App, line: &Access) -> Vec<Markup> {
    let kind = KINDS.iter().find(|(kind, _)| *kind == line.kind).map_or("", |(_, word)| word);
    let who = html! {
        @if line.person.is_empty() { (parts::none()) } @else { (app.engine.name_of(&line.person)) }
        @if !line.key.is_empty() { " " span.note { "キー " (line.key) } }
    };
    vec![
        html! { time.day { (line.at.japan().strftime("%Y-%m-%d %H:%M:%S").to_string()) } },
        who,
        html! { (kind) },
        html! { code { (line.what) } },
        html! { (line.origin) },
        html! { span.note { (line.detail) } },
    ]
}

fn filter(asked: &Asked) -> Markup {
    html! {
        form.filter method="get" action="/access-log" {
            label { "利用者 ID " input name="person" value=(asked.person); }
            label { "種類 " select name="kind" {
                option value="" { "すべて" }
                @for (kind, word) in KINDS { option value=(kind) selected[asked.kind == kind] { (word) } }
            } }
            label { "から " input type="date" name="from" value=(asked.from); }
            label { "まで " input type="date" name="until" value=(asked.until); }
            button type="submit" { "絞り込む" }
        }
    }
}

/// The same lines as CSV (UTF-8), newest first.
pub async fn file(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let lines = app.engine.store.identity().access_log(&asked.query(MOST)?).await?;
    let mut text = "at,person,key,kind,what,origin,detail\n".to_owned();
    for line in &lines {
        let at = line.at.to_string();
        let cells =
            [&at, &line.person, &line.key, &line.kind, &line.what, &line.origin, &line.detail];
        text += &csv::line(&cells.map(String::as_str));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"access-log.csv\""),
    ];
    Ok((headers, text).into_response())
}
