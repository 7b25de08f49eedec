//! Parallel months: what the earlier way charged beside what the terms say.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use engine::{Comparison, ComparisonRow};
use maud::{Markup, html};
use reckon::{Month, Yen};

use super::desk_form::again;
use super::uploads::{faults, required};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, must};
use crate::web::form::Form;
use crate::web::parts::Column::{Number, Text};
use crate::web::portal::stop::xlsx;
use crate::web::{App, parts};

const TITLE: &str = "並行請求の照合";

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("month", Month::of(app.engine.now().day()).plus(-1));
    Ok(Page::new(TITLE, ask(&visitor, &form)))
}

/// The empty workbook.
pub async fn template() -> Result<Response, Trouble> {
    let bytes = document::write_charged(&std::collections::BTreeMap::new())
        .map_err(|fault| Trouble::unusable(fault.to_string()))?;
    Ok(xlsx("請求の照合.xlsx", bytes))
}

fn ask(visitor: &Visitor, form: &Form) -> Markup {
    let inside = html! {
        (field::month(form, must("month", "利用月", "終わった月を選んでください。")))
        (field::file(form, must("file", "これまでの方法で請求した内容（.xlsx）", "不備があれば照合せず、どこを直すかを示します。"), ".xlsx"))
    };
    html! {
        p.lead { "これまでの方法で請求した内容を、規約どおりに計算した料金と1円まで照合します。何も登録しません。" }
        (field::frame_with_files(visitor, "/compare", form, "照合する", inside))
        p { a href="/compare/template.xlsx" { "記入用のファイル（.xlsx）" } }
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let month = form.read("month", str::parse::<Month>, "利用月を選んでください。");
    if month.is_some_and(|month| month.last_day() >= app.engine.now().day()) {
        form.fault("month", "この月はまだ終わっていません。終わった月を選んでください。");
    }
    let file = required(&mut form, "file", "ファイルを選んでください。").filter(|_| form.is_good());
    let (Some(month), Some(file)) = (month, file) else {
        return Ok(again(Page::new(TITLE, ask(&visitor, &form))));
    };
    match app.engine.compare_charges(&file.name, &file.bytes, month).await {
        Ok(found) => Ok(Page::new(TITLE, result(&app, &found)).into_response()),
        Err(error) => {
            faults(&mut form, "file", error)?;
            Ok(again(Page::new(TITLE, ask(&visitor, &form))))
        }
    }
}

fn result(app: &App, found: &Comparison) -> Markup {
    let tone = if found.unexplained > 0 { parts::Tone::Bad } else { parts::Tone::Good };
    let rows: Vec<_> = found.rows.iter().map(|row| cells(app, row)).collect();
    html! {
        p.subject { (found.month) " の利用分　" (parts::long_id(&found.file)) }
        dl.totals {
            div { dt { "規約による請求額（税込）" } dd { (parts::yen(found.ours)) } }
            div { dt { "これまでの方法の請求額（税込）" } dd { (parts::yen(found.theirs)) } }
            div.sum { dt { "差" } dd { (parts::difference(found.difference)) } }
        }
        p {
            "一致した料金 " (found.agreed) " 件、差 " (found.rows.len()) " 件　"
            (parts::chip(parts::Chip(if found.unexplained > 0 { "理由の分からない差あり" } else { "すべて理由あり" }, tone)))
        }
        (parts::table(&COLUMNS, &rows, "差はありません。"))
        @if !found.unpriced.is_empty() {
            h2 { "料金表に単価がなく、照合していないもの" }
            ul { @for what in &found.unpriced { li { (parts::about(what, app.prefix())) } } }
        }
        p.note { "このファイルの SHA-256：" (parts::long_id(&found.sha256)) }
        p.back { a href="/compare" { "続けて照合する" } }
    }
}

const COLUMNS: [parts::Column; 6] = [
    Text("契約者"),
    Text("契約・明細"),
    Number("規約（税抜）"),
    Number("従来（税抜）"),
    Number("差"),
    Text("理由"),
];

fn cells(app: &App, row: &ComparisonRow) -> Vec<Markup> {
    let yen = |side: Option<Yen>| match side {
        Some(amount) => parts::yen(amount),
        None => parts::none(),
    };
    let about = html! {
        @match row.line {
            None => { @if !row.about.is_empty() { span.id { (row.about) } " " } span.note { "消費税" } }
            Some(line) => {
                @if row.account.is_some() { (parts::about(&row.about, app.prefix())) }
                @else { span.id { (row.about) } }
                @if let Some(former) = &row.former { " " span.note { (former) } }
                " 明細" (line) " " span.id { (row.item) }
            }
        }
    };
    vec![
        parts::name(&row.company),
        about,
        yen(row.ours),
        yen(row.theirs),
        parts::difference(row.difference),
        html! { (row.ja) },
    ]
}
