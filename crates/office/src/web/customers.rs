//! The list of customers: what each owes, and what is held of each (仮受金).

use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};
use reckon::Yen;
use serde::Deserialize;

use super::answer::Trouble;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::parts;
use super::rows::Line;

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
            Self::text("法人番号", |_, row| Shown::Text(number(row).to_owned()))
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

fn seen_states(seen: &Seen<'_>) -> &'static [(&'static str, &'static str)] {
    if seen.sees_money() { &STATES } else { &STATES[..1] }
}

fn number(row: &Line<CustomerRow>) -> &str {
    row.account.0.trim_start_matches("A-")
}
