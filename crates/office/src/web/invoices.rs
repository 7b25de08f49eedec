//! Lists of invoices.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use contract::AccountState;
use contract::declare::ids::{AccountId, ContractId};
use maud::{Markup, html};
use reckon::Yen;

use super::answer::{Page, Trouble};
use super::console::search;
use super::field::{self, may};
use super::form::Form;
use super::paged::Asked;
use super::parts::Column::{Number, Text};
use super::rows::{AccountRow, InvoiceRow, Row};
use super::{App, parts, words};
use crate::csv;

/// The orders of the list, by the word of the query.
const ORDERS: [(&str, &str); 4] = [
    ("", "番号の新しい順"),
    ("due", "支払期日"),
    ("outstanding", "未収の多い順"),
    ("name", "契約者の名前"),
];

type Accounts = BTreeMap<AccountId, AccountRow>;

fn name_in<'a>(accounts: &'a Accounts, row: &Row<InvoiceRow>) -> &'a str {
    accounts.get(&row.account).map_or("—", |account| account.name.as_str())
}

/// What the filters let through, in the order that was asked for.
async fn found(
    app: &App,
    accounts: &Accounts,
    form: &mut Form,
) -> Result<Vec<Row<InvoiceRow>>, Trouble> {
    let today = app.engine.now().day();
    let mut invoices = app.rows::<InvoiceRow>("invoice").await?;
    let (wanted, status) = (search::plain(form.text("q")), form.text("status").to_owned());
    if !status.is_empty() && !words::INVOICE_STATES.contains(&status.as_str()) {
        form.fault("status", "一覧にある状態から選んでください。");
    }
    invoices.retain(|row| {
        let texts = [row.id.as_str(), name_in(accounts, row), &row.account.0];
        search::suits(&wanted, &texts) && words::is_in_invoice_state(&row.content, &status, today)
    });
    invoices.sort_by(|a, b| b.id.cmp(&a.id));
    match form.text("sort") {
        "due" => invoices.sort_by_key(|row| row.content.due),
        "outstanding" => invoices.sort_by_key(|row| std::cmp::Reverse(row.content.outstanding)),
        "name" => invoices.sort_by(|a, b| name_in(accounts, a).cmp(name_in(accounts, b))),
        _ => {}
    }
    Ok(invoices)
}

/// The list as a file, with the same filters.
pub async fn file(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let accounts = app.accounts().await?;
    let invoices = found(&app, &accounts, &mut asked.form()).await?;
    let today = app.engine.now().day();
    let heads = ["番号", "契約者", "月", "種類", "合計", "未収", "支払期日", "状態"];
    let rows = invoices.iter().map(|row| {
        let invoice = &row.content;
        vec![
            row.id.clone(),
            name_in(&accounts, row).to_owned(),
            invoice.month.to_string(),
            words::invoice_kind(invoice.kind).to_owned(),
            invoice.total.0.to_string(),
            invoice.outstanding.0.to_string(),
            invoice.due.to_string(),
            words::invoice_state(invoice, today).0.to_owned(),
        ]
    });
    Ok(csv::file("invoices.csv", &heads, rows))
}

pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = asked.form();
    let accounts = app.accounts().await?;
    let invoices = found(&app, &accounts, &mut form).await?;
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
    let line = |row: &Row<InvoiceRow>| {
        let invoice = &row.content;
        vec![
            parts::id_link("/invoices", &row.id),
            parts::name(name_in(&accounts, row)),
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
        (totals(&invoices, &asked.csv("/invoices.csv")))
        (asked.table("page", &invoices, &columns, empty, line)?)
    };
    Ok(Page::new("請求書", body))
}

/// What all that the filters let through comes to.
fn totals(invoices: &[Row<InvoiceRow>], csv: &str) -> Markup {
    let sum = |of: fn(&InvoiceRow) -> Yen| invoices.iter().map(|row| of(&row.content)).sum::<Yen>();
    html! {
        @if !invoices.is_empty() {
            p.note { (invoices.len()) " 通　合計 " (parts::yen(sum(|one| one.total))) "　未収 " (parts::yen(sum(|one| one.outstanding))) "　" a href=(csv) { "CSV で書き出す" } }
        }
    }
}

fn filter(form: &Form) -> Markup {
    let states =
        words::INVOICE_STATES.map(|state| (state, words::invoice_state_of(state).0.to_owned()));
    let states: Vec<_> = [("", "すべて".to_owned())].into_iter().chain(states).collect();
    html! {
        form.sheet.filter method="get" action="/invoices" role="search" {
            (field::text(form, may("q", "契約者または番号", "名称や番号の一部")))
            (field::choice(form, may("status", "状態", ""), &states))
            (field::choice(form, may("sort", "並べ方", ""), &ORDERS.map(|(word, name)| (word, name.to_owned()))))
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
