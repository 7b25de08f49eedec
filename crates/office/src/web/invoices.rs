//! Lists of invoices.

use std::sync::Arc;

use axum::extract::{Query, State};
use contract::AccountState;
use contract::declare::ids::{AccountId, ContractId};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::search;
use super::field::{self, may};
use super::form::Form;
use super::paged::Asked;
use super::parts::Column::{Number, Text};
use super::rows::{InvoiceRow, Row};
use super::{App, parts, words};

pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = asked.form();
    let accounts = app.accounts().await?;
    let name = |id: &AccountId| accounts.get(id).map(|account| account.name.as_str());
    let today = app.engine.now().day();
    let mut invoices = app.rows::<InvoiceRow>("invoice").await?;
    let (wanted, status) = (search::plain(form.text("q")), form.text("status").to_owned());
    if !status.is_empty() && !words::INVOICE_STATES.contains(&status.as_str()) {
        form.fault("status", "一覧にある状態から選んでください。");
    }
    invoices.retain(|row| {
        let texts = [row.id.as_str(), name(&row.account).unwrap_or(""), &row.account.0];
        search::suits(&wanted, &texts)
            && (status.is_empty() || words::invoice_state_word(&row.content, today) == status)
    });
    invoices.sort_by(|a, b| b.id.cmp(&a.id));
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
    let line = |row: &Row<InvoiceRow>| {
        let invoice = &row.content;
        vec![
            parts::id_link("/invoices", &row.id),
            parts::name(name(&row.account).unwrap_or("—")),
            parts::month(invoice.month),
            html! { (words::invoice_kind(invoice.kind)) },
            parts::yen(invoice.total),
            parts::yen(invoice.outstanding),
            parts::day(invoice.due),
            parts::chip(words::invoice_state(invoice, today)),
        ]
    };
    let empty = match form.is_set("q") || form.is_set("status") {
        true => "当てはまる請求書はありません。",
        false => "請求書はまだありません。",
    };
    let body = html! {
        (filter(&form))
        (asked.table("page", &invoices, &columns, empty, line)?)
    };
    Ok(Page::new("請求書", body))
}

fn filter(form: &Form) -> Markup {
    let states =
        words::INVOICE_STATES.map(|state| (state, words::invoice_state_of(state).0.to_owned()));
    let states: Vec<_> = [("", "すべて".to_owned())].into_iter().chain(states).collect();
    html! {
        form.sheet.filter method="get" action="/invoices" role="search" {
            (field::text(form, may("q", "契約者または番号", "名称や番号の一部")))
            (field::choice(form, may("status", "状態", ""), &states))
            div.buttons { button.strong { "絞り込む" } }
        }
    }
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
