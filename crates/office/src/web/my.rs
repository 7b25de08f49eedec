//! What a customer sees of their own: contracts with the next dates, invoices.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::AccountState;
use contract::application::form::PaymentMethod;
use contract::who::roles::Permission;
use maud::{Markup, html};
use reckon::Day;

use super::answer::{Page, Trouble};
use super::own::Own;
use super::parts::Column::{Number, Text};
use super::parts::{Chip, Tone};
use super::rows::{ContractRow, InvoiceRow};
use super::{App, documents, parts, words};

pub async fn show(State(app): State<Arc<App>>, own: Own) -> Result<Page, Trouble> {
    let contracts = own.rows::<ContractRow>("contract").await?;
    let invoices = match own.visitor.holds(Permission::ReadOwnMoney) {
        true => Some(own.rows::<InvoiceRow>("invoice").await?),
        false => None,
    };
    let state = own.state().await?;
    let body = html! {
        (parts::section("契約", contract_table(&contracts)))
        @if let Some(invoices) = invoices {
            (parts::section("請求書", invoice_table(&invoices, app.engine.now().day())))
            @if is_transfer_awaited(&state) { (parts::section("振込先", bank(&app))) }
        }
    };
    Ok(Page::new("契約と請求", body))
}

fn contract_table(contracts: &[super::rows::Row<ContractRow>]) -> Markup {
    let columns = [
        Text("契約"),
        Text("状態"),
        Text("期間の末日"),
        Text("更新しない申出の期限"),
        Text("終了"),
    ];
    let rows: Vec<_> = contracts
        .iter()
        .map(|row| {
            let ContractRow { status, period, renewal_limit, end, .. } = &row.content;
            vec![
                parts::id_link("/my/contracts", &row.id),
                parts::chip(words::contract_status(status)),
                parts::day(period.to),
                parts::day_or_none(renewal_limit.filter(|_| end.is_none())),
                parts::day_or_none(end.as_ref().map(|end| end.on)),
            ]
        })
        .collect();
    parts::table(&columns, &rows, "契約はまだありません。")
}

/// Whether something is owed that is not debited.
fn is_transfer_awaited(state: &AccountState) -> bool {
    let owed = state.receivables.values().filter(|one| one.outstanding.is_positive());
    let mut contracts = owed.flat_map(|one| one.invoice.contracts());
    contracts.any(|id| {
        let contract = state.contracts.get(id);
        contract.is_none_or(|one| one.form.payment.method == PaymentMethod::Transfer)
    })
}

/// Where the customer pays, as invoices have it.
fn bank(app: &App) -> Markup {
    let bank = &app.engine.operator.bank;
    html! {
        (parts::list(&[
            ("金融機関", html! { (bank.bank) "　" (bank.branch) }),
            ("口座番号", html! { (bank.kind) "　" (bank.number) }),
            ("口座名義（カナ）", html! { (bank.holder_kana) }),
        ]))
    }
}

fn invoice_table(invoices: &[super::rows::Row<InvoiceRow>], today: Day) -> Markup {
    let columns = [
        Text("請求書"),
        Text("対象月"),
        Number("金額（税込）"),
        Number("未払い（税込）"),
        Text("支払期日"),
        Text("書面"),
    ];
    let rows: Vec<_> = invoices
        .iter()
        .rev()
        .map(|row| {
            let InvoiceRow { month, total, outstanding, due, .. } = &row.content;
            let paper = parts::path("/my/documents", &format!("paper/invoice-{}", row.id));
            vec![
                parts::id_link("/my/invoices", &row.id),
                parts::month(*month),
                parts::yen(*total),
                parts::yen(*outstanding),
                html! {
                    (parts::day(*due))
                    @if words::invoice_state_word(&row.content, today) == "overdue" {
                        " " (parts::chip(Chip("期限を過ぎています", Tone::Bad)))
                    }
                },
                html! { a href=(paper) { "PDF" } },
            ]
        })
        .collect();
    parts::table(&columns, &rows, "請求書はまだありません。")
}

/// An invoice or a credit note as it was sent; no other papers of the account.
pub async fn document(own: Own, Path(id): Path<String>) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("書類", &id, "一覧から開いてください。");
    let document = own.document(&id).await?;
    match ["paper/invoice-", "paper/credit-note-"].iter().any(|kind| id.starts_with(kind)) {
        true => Ok(documents::as_sent(document)),
        false => Err(missing()),
    }
}
