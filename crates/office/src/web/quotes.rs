//! Quotations (見積書): the list, and one with the orders and applications on it.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::QuoteState;
use contract::application::quote::{PurchaseOrder, Quote, QuoteLine};
use contract::declare::ids::AccountId;
use contract::registered::filing::DocumentKind;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};
use reckon::{Day, Yen};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::field::{self, may};
use super::form::Form;
use super::links::{self, Offer};
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::parts::Column::{Number, Text};
use super::parts::{Chip, Tone};
use super::rows::Line;
use super::{App, filed, parts};
use crate::access::Visitor;

/// A quotation, as lists show it.
#[derive(Debug, Clone, Deserialize)]
pub struct QuoteRow {
    quote: Quote,
    applications: Vec<String>,
    orders: Vec<PurchaseOrder>,
}

/// The list of quotations.
pub struct Quotes;

impl Listing for Quotes {
    type Row = Line<QuoteRow>;
    const PATH: &'static str = "/quotes";
    const TITLE: &'static str = "見積書";
    const UNIT: &'static str = "通";
    const EMPTY: &'static str = "見積書はまだありません。";
    const ORDER: &'static str = "-issued";

    fn columns() -> Vec<Column<Line<QuoteRow>>> {
        vec![
            Self::text("見積書", |_, row| Shown::Id("/quotes", row.id.clone()))
                .by("id", &[Field::Id]),
            Self::text("宛先", |_, row| Shown::Name(row.content.quote.customer.name.clone()))
                .by("name", &[Field::Text("quote.customer.name")]),
            Self::text("発行日", |_, row| Shown::Day(row.content.quote.issued_on))
                .by("issued", &[Field::Text("quote.issued_on"), Field::Id]),
            Self::text("有効期限", |_, row| Shown::Day(row.content.quote.valid_until))
                .by("valid", &[Field::Text("quote.valid_until")]),
            Self::text("状態", |seen, row| {
                let QuoteRow { quote, applications, orders } = &row.content;
                let (applied, ordered) = (!applications.is_empty(), !orders.is_empty());
                let valid = if quote.is_valid_on(seen.today) { "有効" } else { "期限切れ" };
                let words = [(applied, "申込あり"), (ordered, "発注あり"), (true, valid)];
                let words = words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word);
                let words = words.collect::<Vec<_>>().join(" ");
                Shown::both(states(quote, seen.today, applied, ordered), words)
            }),
            Self::number("月額（税込）", |_, row| Shown::Yen(row.content.quote.total))
                .by("total", &[Field::Number("quote.total")])
                .summed(Field::Number("quote.total")),
            Self::text("書類", |seen, row| {
                Shown::both(paper_link(seen.visitor, &row.content.quote), "")
            })
            .only_on_page(),
        ]
    }

    fn above(seen: &Seen<'_>) -> Markup {
        let new = [Offer {
            path: "/quotes/new".to_owned(),
            words: "見積書を作る",
            template: "/quotes/new",
            act: None,
        }];
        links::row(seen.visitor, &new)
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let states = STATES.map(|(word, words)| (word.to_owned(), words.to_owned()));
        html! {
            (field::text(form, may("q", "宛先または番号", "名称や番号の一部")))
            (list::choice(form, list::STATUS, states))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<QuoteRow>>,
    ) -> Result<Found<Line<QuoteRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let over = Test::before(Field::Text("quote.valid_until"), seen.today.to_string());
        let none = |list| Test::is(Field::Text(list), "[]");
        let state = list::chosen(form, list::STATUS, &STATES.map(|(word, _)| word));
        tests.extend(state.map(|state| match state.as_str() {
            "valid" => over.negated(),
            "expired" => over,
            "applied" => none("applications").negated(),
            _ => Test::All(vec![none("applications"), none("orders"), over.negated()]),
        }));
        wanted.views(seen.app, ListOf::Kind("quote"), tests).await
    }
}

/// As the filter of the list names them.
const STATES: [(&str, &str); 4] = [
    ("valid", "有効"),
    ("expired", "期限切れ"),
    ("applied", "申込あり"),
    ("unanswered", "有効で、申込も発注もまだ"),
];

/// Whether it still holds, and what came of it.
fn states(quote: &Quote, today: Day, applied: bool, ordered: bool) -> Markup {
    html! {
        @if applied { (parts::chip(Chip("申込あり", Tone::Good))) " " }
        @if ordered { (parts::chip(Chip("発注あり", Tone::Good))) " " }
        @if quote.is_valid_on(today) { (parts::chip(Chip("有効", Tone::Plain))) }
        @else { (parts::chip(Chip("期限切れ", Tone::Off))) }
    }
}

/// The PDF, for those who may see whom it is addressed to.
fn paper_link(visitor: &Visitor, quote: &Quote) -> Markup {
    match filed::may_see(visitor, DocumentKind::Quotation) {
        true => html! { a href=(filed::path(&paper_of(quote))) { "PDF" } },
        false => parts::none(),
    }
}

/// The name under which the PDF of a quotation is kept.
pub fn paper_of(quote: &Quote) -> String {
    format!("paper/{}", quote.number)
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Page, Trouble> {
    let (account, state) = app.quote(&number).await?;
    let quote = &state.quote;
    let today = app.engine.now().day();
    let pathed = |last: &str| format!("{}{last}", parts::path("/quotes", &number));
    let again = format!("/quotes/new?account={}", parts::escaped(&account.0));
    let offers = [
        Offer {
            path: pathed("/order"),
            words: "発注書が届いた",
            template: "/quotes/{number}/order",
            act: None,
        },
        Offer {
            path: again, words: "別の見積書を作る", template: "/quotes/new", act: None
        },
    ];
    let list = parts::list(&[
        ("見積書", html! { span.id { (quote.number) } }),
        ("状態", states(quote, today, !state.applications.is_empty(), !state.orders.is_empty())),
        ("宛先", html! { (quote.customer.name) " " span.id { (account) } }),
        ("住所", html! { "〒" (quote.customer.postal_code) " " (quote.customer.address) }),
        ("発行日", parts::day(quote.issued_on)),
        ("有効期限", parts::day(quote.valid_until)),
        (
            "利用期間",
            quote.period.map_or_else(parts::none, |period| {
                html! { (parts::day(period.from)) " 〜 " (parts::day(period.to)) }
            }),
        ),
        ("書類", paper_link(&visitor, quote)),
        (
            "申込",
            html! {
                @if state.applications.is_empty() { "まだありません" }
                @for id in &state.applications { (parts::id_link("/applications", &id.0)) " " }
            },
        ),
    ]);
    let body = html! {
        (links::row(&visitor, &offers))
        (list)
        (parts::section("明細", prices(quote)))
        (parts::section("発注書", orders(&visitor, &state.orders)))
    };
    Ok(Page::new(format!("見積書 {number}"), body))
}

/// The lines with their prices, and what a month comes to.
pub fn prices(quote: &Quote) -> Markup {
    let columns = [
        Number("番号"),
        Text("品目"),
        Number("数量"),
        Number("単価（税抜）"),
        Text("利用開始"),
        Number("月額（税抜）"),
    ];
    let row = |line: &QuoteLine| {
        let wish = &line.wish;
        vec![
            html! { (wish.number) },
            html! { (line.name) " " span.id { (wish.item) } },
            html! { (wish.quantity) " " (line.unit) },
            html! {
                (parts::price(line.unit_price))
                @if wish.agreed_fee.is_some() { " " (parts::chip(Chip("合意", Tone::Plain))) }
            },
            html! {
                (parts::day(wish.start))
                @if let Some(months) = wish.min_term_months { span.note { " 最低 " (months) "か月" } }
            },
            line.amount.map_or_else(|| html! { span.note { "従量" } }, parts::yen),
        ]
    };
    let rows: Vec<_> = quote.lines.iter().map(row).collect();
    let without: Yen = quote.tax_groups.iter().map(|group| group.taxable).sum();
    html! {
        (parts::table(&columns, &rows, "明細はありません。"))
        dl.totals {
            div { dt { "月額の小計（税抜）" } dd { (parts::yen(without)) } }
            @for group in &quote.tax_groups {
                div {
                    dt { "消費税" @if let Some(percent) = group.percent { "（" (parts::percent(percent)) "）" } }
                    dd { (parts::yen(group.tax)) }
                }
            }
            div.sum { dt { "月額の合計（税込）" } dd { (parts::yen(quote.total)) } }
        }
        @if quote.lines.iter().any(|line| line.amount.is_none()) {
            p.note { "従量の品目は単価だけを示し、合計に含みません。" }
        }
    }
}

fn orders(visitor: &Visitor, orders: &[PurchaseOrder]) -> Markup {
    let columns =
        [Text("発注書の番号"), Text("日付"), Text("申込"), Number("金額（税込）"), Text("書類")];
    let sees = filed::may_see(visitor, DocumentKind::PurchaseOrder);
    let row = |order: &PurchaseOrder| {
        let application = order.application.as_ref();
        let document = match order.document.name().contains("/filed/") {
            true if sees => html! { a href=(filed::path(order.document.name())) { "開く" } },
            true => parts::none(),
            false => html! { (order.document.name()) },
        };
        vec![
            html! { (order.number) },
            parts::day(order.ordered_on),
            application.map_or_else(parts::none, |id| parts::id_link("/applications", &id.0)),
            order.amount.map_or_else(parts::none, parts::yen),
            document,
        ]
    };
    let rows: Vec<_> = orders.iter().map(row).collect();
    parts::table(&columns, &rows, "発注書はまだ届いていません。")
}

impl App {
    /// A quotation with the account in which it stands.
    pub async fn quote(&self, number: &str) -> Result<(AccountId, QuoteState), Trouble> {
        let missing =
            || Trouble::not_found("見積書", number, "見積書の一覧で番号を確かめてください。");
        let account = self.account_of("quote", number).await?.ok_or_else(missing)?;
        let state = self.engine.state(&account).await?;
        let found = state.quotes.get(number).cloned().ok_or_else(missing)?;
        Ok((account, found))
    }
}
