//! What a customer sees of their own: contracts with the next dates, invoices.

use axum::extract::Path;
use axum::response::Response;
use contract::who::roles::Permission;
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::own::Own;
use super::parts::Column::{Number, Text};
use super::rows::{ContractRow, InvoiceRow};
use super::{documents, parts, words};

pub async fn show(own: Own) -> Result<Page, Trouble> {
    let contracts = own.rows::<ContractRow>("contract").await?;
    let invoices = match own.visitor.holds(Permission::ReadOwnMoney) {
        true => Some(own.rows::<InvoiceRow>("invoice").await?),
        false => None,
    };
    let body = html! {
        (parts::section("契約", contract_table(&contracts)))
        @if let Some(invoices) = invoices { (parts::section("請求書", invoice_table(&invoices))) }
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

fn invoice_table(invoices: &[super::rows::Row<InvoiceRow>]) -> Markup {
    let columns =
        [Text("請求書"), Text("対象月"), Number("金額"), Number("未払い"), Text("支払期日")];
    let rows: Vec<_> = invoices
        .iter()
        .map(|row| {
            let InvoiceRow { month, total, outstanding, due, .. } = &row.content;
            let paper = format!("paper/invoice-{}", row.id);
            vec![
                parts::id_link_to(&parts::path("/my/documents", &paper), &row.id),
                parts::month(*month),
                parts::yen(*total),
                parts::yen(*outstanding),
                parts::day(*due),
            ]
        })
        .collect();
    parts::table(&columns, &rows, "請求書はまだありません。")
}

/// An invoice as it was sent; no other papers of the account.
pub async fn document(own: Own, Path(id): Path<String>) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("書類", &id, "一覧から開いてください。");
    let document = own.document(&id).await?;
    match id.starts_with("paper/invoice-") {
        true => Ok(documents::as_sent(document)),
        false => Err(missing()),
    }
}
