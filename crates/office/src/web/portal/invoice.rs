//! One invoice of the customer: what is charged and why, what was paid, what is owed.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::Receivable;
use contract::declare::reason::Audience;
use contract::declare::rules::rule;
use document::wording::{Explanation, Language, Reader};
use maud::{Markup, html};

use super::agreement::{clause_note, day};
use crate::web::answer::{Page, Trouble};
use crate::web::invoice_page::{credits, lines, running, state, totals};
use crate::web::own::Own;
use crate::web::parts::Column::{Number, Text};
use crate::web::{App, parts, words};

/// Another's invoice is as if it were not there.
fn missing(number: &str) -> Trouble {
    Trouble::not_found("請求書", number, "「契約と請求」の一覧から選んでください。")
}

pub async fn show(
    State(app): State<Arc<App>>,
    own: Own,
    Path(number): Path<String>,
) -> Result<Page, Trouble> {
    let of = own.state().await?;
    let receivable = of.receivables.get(&number).ok_or_else(|| missing(&number))?;
    let invoice = &receivable.invoice;
    let has_paper = own.has_document(&format!("paper/invoice-{number}")).await?;
    let why = parts::path("/my/why", &number);
    let body = html! {
        (head(&app, receivable, has_paper))
        (parts::section("明細", html! { (lines(invoice, &why)) (totals(invoice, clause_note)) }))
        (parts::section("お支払い", payments(receivable)))
        @if !receivable.credits.is_empty() {
            (parts::section("返還請求書による減額", credits(&app, receivable, "/my/documents").await?))
        }
        @if let Some(running) = running(&app, &of, receivable) {
            (parts::section("延滞利息", html! { p { (running) " " (clause_note("26-1")) } }))
        }
        p.back { a href="/my" { "契約と請求に戻る" } }
    };
    Ok(Page::new(format!("請求書 {number}"), body))
}

fn head(app: &App, receivable: &Receivable, has_paper: bool) -> Markup {
    let invoice = &receivable.invoice;
    let paper = format!("paper/invoice-{}", invoice.number);
    let contracts =
        html! { @for id in invoice.contracts() { (parts::id_link("/my/contracts", &id.0)) " " } };
    let due = html! {
        (day(invoice.due))
        @if invoice.due != invoice.nominal_due { " （" (parts::day(invoice.nominal_due)) " は銀行の休業日です）" }
        " " a href=(parts::path("/my/why", &invoice.number)) { "なぜ？" }
    };
    parts::list(&[
        ("契約", contracts),
        ("種類", html! { (words::invoice_kind(invoice.kind)) }),
        ("対象月", parts::month(invoice.month)),
        ("発行日", day(invoice.issued_on)),
        ("支払期日", due),
        ("ご請求額（税込）", parts::yen(receivable.total)),
        (
            "未払い（税込）",
            html! { (parts::yen(receivable.outstanding)) " " (parts::chip(state(app, receivable))) },
        ),
        (
            "書面",
            match has_paper {
                true => {
                    html! { a href=(parts::path("/my/documents", &paper)) { "請求書（PDF）を開く" } }
                }
                false => html! { "お送りする時に保存されます" },
            },
        ),
    ])
}

fn payments(receivable: &Receivable) -> Markup {
    let rows: Vec<_> = receivable
        .payments
        .iter()
        .map(|paid| vec![parts::day(paid.on), parts::yen(paid.amount)])
        .collect();
    parts::table(&[Text("入金日"), Number("充当額")], &rows, "ご入金はまだありません。")
}

/// Why an invoice, or a line of it (`INV-2026-000001/1`), comes to what it does: the
/// stored reasons, as far as customers are told them.
pub async fn why(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let number = id.split('/').next().unwrap_or(&id);
    let state = own.state().await?;
    if !state.receivables.contains_key(number) {
        return Err(missing(number));
    }
    let reader = Language::Japanese.into();
    let found = app.explained(&id, reader).await?;
    let told = found.iter().filter(|one| one.audience == Audience::Everyone);
    let back = parts::path("/my/invoices", number);
    let body = html! {
        p.lead { "この金額と期日が、利用規約のどの定めと、どの事実によるものかです。" }
        @for one in told { (reason(one, reader)) }
        p.back { a href=(back) { "請求書に戻る" } }
    };
    Ok(Page::new(format!("なぜ？ {id}"), body))
}

/// One reason in words: how it was worked out, and the clauses, readings and facts on which
/// it rests.
fn reason(one: &Explanation, reader: Reader) -> Markup {
    let title = rule(one.because.rule_id()).map_or("", |rule| rule.title.ja);
    html! {
        article.why {
            p { b { (title) } "　" @if let Some(amount) = one.amount { (parts::yen(amount)) } br; span.note { (one.heading) } }
            ul.plain { @for line in one.because.arithmetic(reader) { li { (line) } } }
            h2 { "利用規約" }
            ul.plain { @for (id, summary, _) in &one.clauses { li { (clause_note(id)) "　" (summary) } } }
            @if !one.readings.is_empty() {
                h2 { "読み方" }
                ul.plain { @for reading in &one.readings { li { (reading.question) "　" b { (reading.text) } } } }
            }
            @if !one.facts.is_empty() {
                h2 { "事実" }
                ul.plain { @for fact in &one.facts { li { (parts::moment(fact.occurred_at)) "　" (fact.text) } } }
            }
            @if !one.agreements.is_empty() {
                h2 { "個別合意" }
                ul.plain { @for (_, document) in &one.agreements { li { (document) } } }
            }
        }
    }
}
