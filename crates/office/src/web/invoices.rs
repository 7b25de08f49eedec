//! Lists of invoices.

use std::sync::Arc;

use axum::extract::State;
use contract::AccountState;
use contract::ids::ContractId;
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::parts::Column::{Number, Text};
use super::rows::InvoiceRow;
use super::{App, parts, words};

pub async fn list(State(app): State<Arc<App>>) -> Result<Page, Trouble> {
    let accounts = app.accounts().await?;
    let mut invoices = app.rows::<InvoiceRow>("invoice").await?;
    invoices.sort_by(|a, b| b.id.cmp(&a.id));
    let today = app.engine.now().day();
    let columns = [
        Text("番号"),
        Text("契約者"),
        Text("月"),
        Text("種類"),
        Number("合計"),
        Number("未収"),
        Text("支払期日"),
        Text("状態"),
    ];
    let rows: Vec<_> = invoices
        .iter()
        .map(|row| {
            let invoice = &row.content;
            let name = accounts.get(&row.account).map(|account| account.name.as_str());
            vec![
                parts::id_link("/invoices", &row.id),
                parts::name(name.unwrap_or("—")),
                parts::month(invoice.month),
                html! { (words::invoice_kind(invoice.kind)) },
                parts::yen(invoice.total),
                parts::yen(invoice.outstanding),
                parts::day(invoice.due),
                parts::chip(words::invoice_state(invoice, today)),
            ]
        })
        .collect();
    Ok(Page::new("請求書", parts::table(&columns, &rows, "請求書はまだありません。")))
}

/// The invoices that carry charges of a contract.
pub fn of_contract(app: &App, id: &ContractId, state: &AccountState) -> Markup {
    let today = app.engine.now().day();
    let columns = [
        Text("番号"),
        Text("月"),
        Text("種類"),
        Number("合計"),
        Number("未収"),
        Text("支払期日"),
        Text("状態"),
    ];
    let own = state.receivables.iter().filter(|(_, r)| r.invoice.contracts().contains(&id));
    let rows: Vec<_> = own
        .map(|(number, receivable)| {
            let row = InvoiceRow {
                kind: receivable.invoice.kind,
                month: receivable.invoice.month,
                total: receivable.total,
                outstanding: receivable.outstanding,
                due: receivable.due,
            };
            vec![
                parts::id_link("/invoices", number),
                parts::month(row.month),
                html! { (words::invoice_kind(row.kind)) },
                parts::yen(row.total),
                parts::yen(row.outstanding),
                parts::day(row.due),
                parts::chip(words::invoice_state(&row, today)),
            ]
        })
        .collect();
    parts::table(&columns, &rows, "請求書はまだありません。")
}
