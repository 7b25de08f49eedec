//! Customers: the list with what each owes and what is held of each (仮受金), and one.

use std::sync::Arc;

use axum::extract::{Path, State};
use engine::Object;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};
use reckon::Yen;
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::rows::Line;
use super::{App, parts, unsent};
use crate::access::Visitor;

/// What lists show of a customer.
#[derive(Debug, Clone, Deserialize)]
pub struct CustomerRow {
    contracts: Vec<String>,
    applications: Vec<String>,
    outstanding: Yen,
    held: Yen,
    to_return: Yen,
}

/// The list of customers.
pub struct Customers;

/// As the filter of the list names them. The last three would tell amounts.
const STATES: [(&str, &str); 4] = [
    ("contract", "契約あり"),
    ("owes", "未収あり"),
    ("held", "仮受金あり"),
    ("to_return", "返還待ち"),
];

impl Listing for Customers {
    type Row = Line<CustomerRow>;
    const PATH: &'static str = "/customers";
    const TITLE: &'static str = "契約者";
    const EMPTY: &'static str = "契約者はまだいません。";
    const ORDER: &'static str = "name";

    fn columns() -> Vec<Column<Line<CustomerRow>>> {
        vec![
            Self::text("契約者", |_, row| {
                let contracts = format!("/contracts?q={}", parts::escaped(number(row)));
                Shown::Link(contracts, row.name.clone())
            })
            .by("name", &[Field::Name, Field::Id]),
            Self::text("法人番号", |_, row| {
                Shown::Link(parts::path("/customers", &row.account.0), number(row).to_owned())
            })
            .by("number", &[Field::Id]),
            Self::number("契約", |_, row| Shown::count(row.content.contracts.len())),
            Self::number("申込", |_, row| Shown::count(row.content.applications.len())),
            Self::number("未収", |_, row| Shown::Yen(row.content.outstanding))
                .by("outstanding", &[Field::Number("outstanding")])
                .summed(Field::Number("outstanding"))
                .money(),
            Self::number("仮受金", |_, row| Shown::Yen(row.content.held))
                .by("held", &[Field::Number("held")])
                .summed(Field::Number("held"))
                .money(),
            Self::number("うち返還待ち", |_, row| Shown::Yen(row.content.to_return))
                .by("to_return", &[Field::Number("to_return")])
                .summed(Field::Number("to_return"))
                .money(),
        ]
    }

    fn fields(seen: &Seen<'_>, form: &Form) -> Markup {
        let states = seen_states(seen).iter();
        let states = states.map(|(word, words)| ((*word).to_owned(), (*words).to_owned()));
        html! {
            (field::text(form, may("q", "名称または法人番号", "その一部")))
            (list::choice(form, list::STATUS, states))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<CustomerRow>>,
    ) -> Result<Found<Line<CustomerRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let known: Vec<_> = seen_states(seen).iter().map(|(word, _)| *word).collect();
        tests.extend(list::chosen(form, list::STATUS, &known).map(|state| match state.as_str() {
            "owes" => Test::from(Field::Number("outstanding"), 1),
            "held" => Test::from(Field::Number("held"), 1),
            "to_return" => Test::from(Field::Number("to_return"), 1),
            _ => Test::is(Field::Text("contracts"), "[]").negated(),
        }));
        wanted.views(seen.app, ListOf::Kind("account"), tests).await
    }
}

/// One customer, and what could not be sent or done of all that concerns it.
pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("契約者", &id, "契約者の一覧で番号を確かめてください。");
    let view = app.engine.store.view("account", &id).await?.ok_or_else(missing)?;
    let CustomerRow { contracts, applications, .. } =
        serde_json::from_value(view.content.clone()).map_err(|_| missing())?;
    let name = app.account_row(&view.account).await?.map(|row| row.name).unwrap_or_default();
    let linked = |path: &str, ids: &[String]| {
        html! { @for id in ids { (parts::id_link(path, id)) " " } @if ids.is_empty() { (parts::none()) } }
    };
    let body = html! {
        (parts::list(&[
            ("法人番号", html! { (id.trim_start_matches("A-")) }),
            ("契約", linked("/contracts", &contracts)),
            ("申込", linked("/applications", &applications)),
        ]))
        (unsent::of(&app, &visitor, Object::Customer, &[&id]).await?)
        p.back { a href="/customers" { "一覧に戻る" } }
    };
    Ok(Page::new(name, body))
}

fn seen_states(seen: &Seen<'_>) -> &'static [(&'static str, &'static str)] {
    if seen.sees_money() { &STATES } else { &STATES[..1] }
}

fn number(row: &Line<CustomerRow>) -> &str {
    row.account.0.trim_start_matches("A-")
}
