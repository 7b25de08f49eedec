//! One invoice: lines, tax, payments, late interest.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::declare::consequence::{Consequence, LateInterestOwed};
use contract::declare::door::Doorway;
use contract::declare::ids::AccountId;
use contract::money::invoice::{Invoice, InvoiceKind, InvoiceLine, TaxGroup};
use contract::road::account::Account;
use contract::road::case::Case;
use contract::{AccountState, Receivable};
use document::wording::Language;
use engine::Object;
use maud::{Markup, html};
use reckon::Yen;

use super::answer::{Page, Trouble};
use super::console::correct::invoice as mending;
use super::console::offers;
use super::parts::Column::{Number, Text};
use super::rows::InvoiceRow;
use super::{App, links, parts, unsent, words};
use crate::access::Visitor;

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Page, Trouble> {
    let (account, state) = app.invoice(&number).await?;
    let receivable = &state.receivables[&number];
    let known = app.engine.account(&account).await?;
    let case = known.case();
    let paper = format!("paper/invoice-{number}");
    let has_paper = app.engine.store.document(&paper).await?.is_some();
    let paper = has_paper.then(|| parts::path("/documents", &paper));
    let invoice = &receivable.invoice;
    let why = parts::path("/why", &number);
    // With the credit notes that lower it.
    let by = receivable.credits.iter().map(|credit| credit.note.as_str());
    let numbers: Vec<_> = [number.as_str()].into_iter().chain(by).collect();
    let body = html! {
        (offered(&app, &visitor, &known, &number))
        (head(&app, &account, receivable, paper.as_deref()).await?)
        (unsent::of(&app, &visitor, Object::Invoice, &numbers).await?)
        (parts::section("明細", html! { (lines(invoice, &why)) (totals(invoice, parts::clause)) }))
        (parts::section("入金", payments(&account, receivable)))
        @if receivable.outstanding.is_positive() && state.held.is_positive() {
            p.note { "この契約者から、請求書に充てていない入金を " (parts::yen(state.held)) " 預かっています（仮受金）。"
                @if mending::is_offered(&visitor, &number) { "充てるには、上の「訂正を起案」から相殺を起案します。" }
            }
        }
        @if !receivable.credits.is_empty() {
            (parts::section("返還請求書による減額", credits(&app, receivable, "/documents").await?))
        }
        (parts::section("延滞利息", late_interest(&app, case, &state, receivable)))
        (notes(&visitor, &known, &number))
    };
    Ok(Page::new(format!("請求書 {number}"), body))
}

/// The steps that can be done here.
fn offered(app: &App, visitor: &Visitor, known: &Account, number: &str) -> Markup {
    let mut steps = offers::doors(app, visitor, known, "invoice", number);
    if mending::is_offered(visitor, number) {
        let path = format!("{}/correct", parts::path("/invoices", number));
        steps.push(links::action(&path, "訂正を起案"));
    }
    links::steps(steps)
}

/// What was brought to it through a door.
fn notes(visitor: &Visitor, known: &Account, number: &str) -> Markup {
    let doors = Doorway::all().filter(|doorway| doorway.door.of.name() == "invoice");
    let known_of = known.case();
    let mut brought: Vec<_> =
        doors.flat_map(|doorway| known_of.in_force().brought(doorway, number)).collect();
    brought.sort_by_key(|one| one.occurred_at);
    let reader = visitor.reads(Language::Japanese);
    let entries = format!("/entries/{}", known.case().account);
    let rows: Vec<_> = brought
        .iter()
        .map(|one| {
            vec![
                parts::moment(one.occurred_at),
                html! { (one.what.line(reader)) },
                parts::id_link(&entries, &one.input.0),
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let columns = [Text("時刻"), Text("内容"), Text("登録")];
    parts::section("書き留めたこと", parts::table(&columns, &rows, ""))
}

impl App {
    /// The account of an invoice, as it stands now.
    pub async fn invoice(&self, number: &str) -> Result<(AccountId, Arc<AccountState>), Trouble> {
        let missing =
            || Trouble::not_found("請求書", number, "請求書の一覧で番号を確かめてください。");
        let account = self.account_of("invoice", number).await?.ok_or_else(missing)?;
        let state = self.engine.state(&account).await?;
        match state.receivables.contains_key(number) {
            true => Ok((account, state)),
            false => Err(missing()),
        }
    }
}

/// How far it is paid, or whether credit notes settled it alone.
pub fn state(app: &App, receivable: &Receivable) -> parts::Chip<'static> {
    let is_credited = !receivable.outstanding.is_positive()
        && receivable.payments.is_empty()
        && receivable.credited.is_positive();
    match is_credited {
        true => parts::Chip("減額により完了", parts::Tone::Good),
        false => words::invoice_state(&InvoiceRow::of(receivable), app.engine.now().day()),
    }
}

async fn head(
    app: &App,
    account: &AccountId,
    receivable: &Receivable,
    paper: Option<&str>,
) -> Result<Markup, Trouble> {
    let invoice = &receivable.invoice;
    let name = app.account_row(account).await?.map(|row| row.name).unwrap_or_default();
    let state = state(app, receivable);
    let due = html! {
        (parts::day(invoice.due))
        @if invoice.due != invoice.nominal_due { " （" (parts::day(invoice.nominal_due)) " は銀行の休業日）" }
        " " a href=(parts::path("/why", &invoice.number)) { "なぜ？" }
    };
    let paper = match paper {
        Some(path) => html! { a href=(path) { "PDF を開く" } },
        None => html! { "送付の時に保存されます" },
    };
    let contracts =
        html! { @for id in invoice.contracts() { (parts::id_link("/contracts", &id.0)) " " } };
    Ok(parts::list(&[
        ("契約者", html! { (name) }),
        ("契約", contracts),
        ("種類", html! { (words::invoice_kind(invoice.kind)) }),
        ("月", parts::month(invoice.month)),
        ("発行", parts::day(invoice.issued_on)),
        ("支払期日", due),
        ("合計", parts::yen(receivable.total)),
        ("未収", html! { (parts::yen(receivable.outstanding)) " " (parts::chip(state)) }),
        ("書面", paper),
    ]))
}

/// The lines, each with the way to its reasons, which stand below `why`.
pub fn lines(invoice: &Invoice, why: &str) -> Markup {
    let columns = [
        Text("番号"),
        Text("内容"),
        Text(if invoice.kind == InvoiceKind::LateInterest {
            "完済した月"
        } else {
            "利用月"
        }),
        Number("数量"),
        Number("単価"),
        Number("金額"),
        Text("理由"),
    ];
    let row = |line: &InvoiceLine| {
        let charge = &line.charge;
        let why = format!("{why}/{}", line.number);
        let content = html! {
            (charge.name)
            @if !charge.key.resource.is_empty() { " " (parts::long_id(&charge.key.resource)) }
            @if charge.is_capped() { span.note { "（月額上限を適用）" } }
            @if line.is_correction() {
                span.note { "（訂正：" (parts::yen(charge.amount)) " − 請求済み " (parts::yen(line.charged_before)) "）" }
            }
        };
        vec![
            html! { (line.number) },
            content,
            parts::month(charge.key.month),
            html! { (parts::decimal(charge.quantity)) " " span.unit { (words::unit(&charge.unit)) } },
            html! { (parts::decimal(charge.unit_price)) },
            parts::yen(line.amount),
            html! { a href=(why) { "なぜ？" } },
        ]
    };
    let rows: Vec<_> = invoice.lines.iter().map(row).collect();
    parts::table(&columns, &rows, "明細はありません。")
}

/// What they come to, with each rate of the tax; `clause` shows a clause to its reader.
pub fn totals(invoice: &Invoice, clause: fn(&str) -> Markup) -> Markup {
    let rate = |group: &TaxGroup| match group.percent {
        Some(percent) => html! { (parts::percent(percent)) "対象" },
        None => html! { "消費税の対象外" },
    };
    html! {
        dl.totals {
            @for group in &invoice.tax_groups {
                div { dt { (rate(group)) } dd { (parts::yen(group.taxable)) } }
                @if let Some(percent) = group.percent {
                    div { dt { "消費税（" (parts::percent(percent)) "） " (clause("2-1(14)")) } dd { (parts::yen(group.tax)) } }
                }
            }
            div.sum { dt { "合計" } dd { (parts::yen(invoice.total)) } }
        }
    }
}

fn payments(account: &AccountId, receivable: &Receivable) -> Markup {
    let columns = [Text("入金日"), Number("充当額"), Text("登録")];
    let entry =
        |id: &str| parts::link(&parts::path(&format!("/entries/{account}"), id), "登録を見る");
    let rows: Vec<_> = receivable
        .payments
        .iter()
        .map(|paid| vec![parts::day(paid.on), parts::yen(paid.amount), entry(&paid.payment.0)])
        .collect();
    let none = match receivable.outstanding.is_positive() {
        true => "入金はまだありません。",
        false => "入金はありません。",
    };
    parts::table(&columns, &rows, none)
}

/// What credit notes took off it, with their papers below `documents`.
pub async fn credits(
    app: &App,
    receivable: &Receivable,
    documents: &str,
) -> Result<Markup, Trouble> {
    let columns = [Text("返還請求書"), Text("発行"), Number("減額"), Text("書面")];
    let mut rows = Vec::new();
    for credit in &receivable.credits {
        let paper = format!("paper/credit-note-{}", credit.note);
        let kept = app.engine.store.document(&paper).await?.is_some();
        rows.push(vec![
            html! { span.id { (credit.note) } },
            parts::day(credit.on),
            parts::yen(credit.amount),
            match kept {
                true => html! { a href=(parts::path(documents, &paper)) { "PDF を開く" } },
                false => html! { "送付の時に保存されます" },
            },
        ]);
    }
    Ok(parts::table(&columns, &rows, ""))
}

fn late_interest(app: &App, case: &Case, state: &AccountState, receivable: &Receivable) -> Markup {
    let owed = case.live.iter().find_map(|(id, live)| match &live.consequence {
        Consequence::LateInterestOwed(LateInterestOwed { number, amount, days, .. })
            if *number == receivable.invoice.number =>
        {
            Some((id, *amount, *days))
        }
        _ => None,
    });
    let (id, amount, days): (_, Yen, i64) = match owed {
        Some(owed) => owed,
        None => {
            return match running(app, state, receivable) {
                Some(running) => html! { p { (running) " " (parts::clause("26-1")) } },
                None => html! { p.empty { "延滞利息は生じていません。" } },
            };
        }
    };
    html! {
        p {
            (parts::yen(amount)) "（" (days) "日分） " (parts::clause("26-1")) " "
            a href=(parts::path("/why", &id.0)) { "なぜ？" }
        }
    }
}

/// Interest that runs while the invoice is unpaid: it is owed once that is paid.
pub fn running(app: &App, state: &AccountState, receivable: &Receivable) -> Option<Markup> {
    let today = app.engine.now().day();
    let number = &receivable.invoice.number;
    let accrued = contract::accrued(&app.engine.law, state, number, today).unwrap_or(Yen::ZERO);
    (accrued.is_positive() && receivable.outstanding.is_positive()).then(|| {
        html! {
            "今日お支払いになった場合 " (parts::yen(accrued)) "。完済まで日ごとに増え、完済の後に請求します。"
        }
    })
}
