//! Quotations (見積書): the list, and one with the orders and applications on it.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::QuoteState;
use contract::application::quote::{PurchaseOrder, Quote, QuoteLine};
use contract::declare::ids::AccountId;
use contract::registered::filing::DocumentKind;
use maud::{Markup, html};
use reckon::{Day, Yen};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::links::{self, Offer};
use super::parts::Column::{Number, Text};
use super::parts::{Chip, Tone};
use super::{App, filed, parts};
use crate::access::Visitor;

#[derive(Debug, Clone, Deserialize)]
struct QuoteRow {
    quote: Quote,
    applications: Vec<String>,
    orders: Vec<PurchaseOrder>,
}

pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let today = app.engine.now().day();
    let mut quotes = app.rows::<QuoteRow>("quote").await?;
    quotes.sort_by(|a, b| {
        let of = |row: &super::rows::Row<QuoteRow>| (row.content.quote.issued_on, row.id.clone());
        of(b).cmp(&of(a))
    });
    let columns = [
        Text("見積書"),
        Text("宛先"),
        Text("発行日"),
        Text("有効期限"),
        Text("状態"),
        Number("月額（税込）"),
        Text("書類"),
    ];
    let rows: Vec<_> = quotes
        .iter()
        .map(|row| {
            let QuoteRow { quote, applications, orders } = &row.content;
            vec![
                parts::id_link("/quotes", &quote.number),
                parts::name(&quote.customer.name),
                parts::day(quote.issued_on),
                parts::day(quote.valid_until),
                states(quote, today, !applications.is_empty(), !orders.is_empty()),
                parts::yen(quote.total),
                paper_link(&visitor, quote),
            ]
        })
        .collect();
    let new = [Offer {
        path: "/quotes/new".to_owned(),
        words: "見積書を作る",
        template: "/quotes/new",
        act: None,
    }];
    let body = html! {
        (links::row(&visitor, &new))
        (parts::table(&columns, &rows, "見積書はまだありません。"))
    };
    Ok(Page::new("見積書", body))
}

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
                (parts::decimal(line.unit_price)) "円"
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
                    dt { "消費税" @if let Some(percent) = group.percent { "（" (percent) "%）" } }
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
        let document = match order.document.contains("/filed/") {
            true if sees => html! { a href=(filed::path(&order.document)) { "開く" } },
            true => parts::none(),
            false => html! { (order.document) },
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
