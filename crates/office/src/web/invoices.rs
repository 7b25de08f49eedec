//! Lists of invoices.

use contract::AccountState;
use contract::declare::ids::ContractId;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};
use reckon::Day;

use super::answer::Trouble;
use super::field::{self, may};
use super::form::Form;
use super::links::{self, Offer};
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::parts::Column::{Number, Text};
use super::rows::{InvoiceRow, Line};
use super::{App, parts, words};

/// The list of invoices.
pub struct Invoices;

impl Listing for Invoices {
    type Row = Line<InvoiceRow>;
    const PATH: &'static str = "/invoices";
    const TITLE: &'static str = "請求書";
    const UNIT: &'static str = "通";
    const EMPTY: &'static str = "請求書はまだありません。";
    const ORDER: &'static str = "-id";

    fn columns() -> Vec<Column<Line<InvoiceRow>>> {
        vec![
            Self::text("番号", |_, row| Shown::Id("/invoices", row.id.clone()))
                .by("id", &[Field::Id]),
            Self::text("契約者", |_, row| Shown::Name(row.name.clone())).by("name", &[Field::Name]),
            Self::text("月", |_, row| Shown::Month(row.content.month))
                .by("month", &[Field::Text("month")]),
            Self::text("種類", |_, row| {
                Shown::Text(words::invoice_kind(row.content.kind).to_owned())
            })
            .by("kind", &[Field::Text("kind")]),
            Self::number("合計", |_, row| Shown::Yen(row.content.total))
                .by("total", &[Field::Number("total")])
                .summed(Field::Number("total"))
                .money(),
            Self::number("未収", |_, row| Shown::Yen(row.content.outstanding))
                .by("outstanding", &[Field::Number("outstanding")])
                .summed(Field::Number("outstanding"))
                .money(),
            Self::text("支払期日", |_, row| Shown::Day(row.content.due))
                .by("due", &[Field::Text("due")]),
            Self::text("状態", |seen, row| {
                Shown::Chip(words::invoice_state(&row.content, seen.today))
            }),
        ]
    }

    fn above(seen: &Seen<'_>) -> Markup {
        let also = [Offer {
            path: "/credit-notes".to_owned(),
            words: "返還請求書の一覧",
            template: "/credit-notes",
            act: None,
        }];
        links::row(seen.visitor, &also)
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let states = words::INVOICE_STATES
            .map(|state| (state.to_owned(), words::invoice_state_of(state).0.to_owned()));
        html! {
            (field::text(form, may("q", "契約者または番号", "名称や番号の一部")))
            (list::choice(form, list::STATUS, states))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<InvoiceRow>>,
    ) -> Result<Found<Line<InvoiceRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let state = list::chosen(form, list::STATUS, &words::INVOICE_STATES);
        tests.extend(state.map(|state| in_state(&state, seen.today)));
        wanted.views(seen.app, ListOf::Kind("invoice"), tests).await
    }
}

/// As [`words::invoice_state`] names them, and what is in time of both kinds.
pub fn in_state(state: &str, today: Day) -> Test {
    let outstanding = Field::Number("outstanding");
    let open = Test::from(outstanding, 1);
    let late = Test::before(Field::Text("due"), today.to_string());
    let partly = Test::Less(outstanding, Field::Number("total"));
    match state {
        "paid" => open.negated(),
        "overdue" => Test::All(vec![open, late]),
        "partly_paid" => Test::All(vec![open, late.negated(), partly]),
        "open" => Test::All(vec![open, late.negated(), partly.negated()]),
        _ => Test::All(vec![open, late.negated()]),
    }
}

/// So many invoices of a contract stand on its page, besides those that are not paid.
const NEWEST: usize = 12;

/// The newest invoices that carry charges of a contract, and those that are not paid.
pub fn of_contract(app: &App, id: &ContractId, state: &AccountState, name: &str) -> Markup {
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
    let own = state.receivables.iter().rev().filter(|(_, r)| r.invoice.contracts().contains(&id));
    let own: Vec<_> = own.collect();
    let (newest, older) = own.split_at(own.len().min(NEWEST));
    let unpaid = older.iter().filter(|(_, receivable)| receivable.outstanding.is_positive());
    let rows: Vec<_> = newest
        .iter()
        .chain(unpaid)
        .map(|(number, receivable)| {
            let row = InvoiceRow::of(receivable);
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
    let all = format!("{}?q={}", Invoices::PATH, parts::escaped(name));
    html! {
        (parts::table(&columns, &rows, "請求書はまだありません。"))
        @if rows.len() < own.len() {
            p.note {
                "新しい " (NEWEST) " 通と未収のものです。全部で " (own.len()) " 通：" a href=(all) { "この契約者の請求書の一覧" }
            }
        }
    }
}
