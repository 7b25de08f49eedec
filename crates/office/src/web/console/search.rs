//! Finding a contract, an application or an invoice by what people have at hand.

use std::sync::Arc;

use axum::extract::{Query, State};
use contract::declare::ids::AccountId;
use contract::who::roles::Permission;
use engine::listed::{Field, ListOf, ListQuery, Order, Test};
use engine::{ShortNumber, plain};
use maud::{Markup, html};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, must};
use crate::web::form::Form;
use crate::web::parts::Column::{Number, Text};
use crate::web::rows::{ApplicationRow, ContractRow, CreditNoteRow, InvoiceRow, Line, read_line};
use crate::web::{App, announcements, parts, words};

/// How many of each kind the page shows.
const MOST: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = Form::default();
    form.set("q", &asked.q);
    let wanted = plain(&asked.q);
    let body = html! {
        form.sheet.filter method="get" action="/search" role="search" {
            @let money = if visitor.holds(Permission::ReadMoney) { "、請求書・返還請求書の番号と金額" } else { "" };
            @let hint = format!("会社名・フリガナ・住所、契約番号（これまでの番号も）、申込番号、通知の番号、法人番号（13桁）{money}。担当者の氏名などは暗号化しているので、探せません。");
            (field::text(&form, must("q", "探すもの", &hint)))
            div.buttons { button.strong { "探す" } }
        }
        @if !wanted.is_empty() {
            (contracts(&app, &wanted).await?)
            (applications(&app, &wanted).await?)
            (notices(&app, &wanted).await?)
            @if visitor.holds(Permission::ReadMoney) {
                (invoices(&app, &wanted).await?)
                (credit_notes(&app, &wanted).await?)
            }
        }
    };
    Ok(Page::new("検索", body))
}

/// Whether a text as [`plain`] gives it stands in one of these.
pub fn suits(wanted: &str, texts: &[&str]) -> bool {
    texts.iter().any(|text| plain(text).contains(wanted))
}

async fn notices(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let held = app.engine.announcements().await?;
    let found = held.newest().filter(|one| suits(wanted, &[&one.id.0, &one.written.title]));
    let lines: Vec<_> = found
        .take(MOST)
        .map(|one| {
            vec![
                parts::id_link("/announcements", &one.id.0),
                html! { (one.written.title) },
                announcements::chip(one),
                parts::moment(one.written_at),
            ]
        })
        .collect();
    let columns = [Text("番号"), Text("件名"), Text("状態"), Text("書いた時")];
    Ok(
        html! { @if !lines.is_empty() { (parts::section("通知", parts::table(&columns, &lines, ""))) } },
    )
}

async fn contracts(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let rows = first::<ContractRow>(app, "contract", wanted).await?;
    let columns = [
        Text("契約者"),
        Text("契約"),
        Text("これまでの番号"),
        Text("法人番号"),
        Text("状態"),
        Text("期間の末日"),
    ];
    let line = |row: &Line<ContractRow>| {
        vec![
            parts::link(&parts::path("/contracts", &row.id), parts::name(&row.content.name)),
            parts::id_link("/contracts", &row.id),
            row.content
                .taken_over
                .as_ref()
                .map_or_else(parts::none, |taken| html! { (taken.number) }),
            html! { (row.account.0.trim_start_matches("A-")) },
            parts::chip(words::contract_status(&row.content.status)),
            parts::day(row.content.period.to),
        ]
    };
    Ok(found("契約", &columns, &rows, line))
}

async fn applications(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let rows = first::<ApplicationRow>(app, "application", wanted).await?;
    let columns = [Text("申込者"), Text("申込"), Text("受領"), Text("状態")];
    let line = |row: &Line<ApplicationRow>| {
        vec![
            parts::name(&row.content.name),
            parts::id_link("/applications", &row.id),
            parts::moment(row.content.received_at),
            parts::chip(words::application_status(&row.content.status)),
        ]
    };
    Ok(found("申込", &columns, &rows, line))
}

async fn invoices(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let rows = first::<InvoiceRow>(app, "invoice", wanted).await?;
    let columns =
        [Text("請求書"), Text("契約者"), Number("合計"), Number("未収"), Text("支払期日")];
    let line = |row: &Line<InvoiceRow>| {
        vec![
            parts::id_link("/invoices", &row.id),
            parts::name(&row.name),
            parts::yen(row.content.total),
            parts::yen(row.content.outstanding),
            parts::day(row.content.due),
        ]
    };
    Ok(found("請求書", &columns, &rows, line))
}

async fn credit_notes(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let rows = first::<CreditNoteRow>(app, "credit_note", wanted).await?;
    if rows.count == 0 {
        return Ok(html! {});
    }
    let columns = [Text("返還請求書"), Text("減額した請求書"), Text("発行"), Number("金額")];
    let line = |row: &Line<CreditNoteRow>| {
        vec![
            html! { span.id { (row.id) } },
            parts::id_link("/invoices", &row.content.invoice),
            parts::day(row.content.issued_on),
            parts::yen(row.content.total),
        ]
    };
    Ok(found("返還請求書", &columns, &rows, line))
}

/// What was typed as a sum of yen: `27,280`, `¥27,280円`.
fn amount_of(wanted: &str) -> Option<i64> {
    let digits = wanted.trim_start_matches(['¥', '\\']).trim_end_matches('円').replace(',', "");
    digits.parse().ok().filter(|amount| *amount > 0)
}

/// The first rows of a kind that have this name or number, or of money this sum, and how
/// many there are.
struct First<T> {
    rows: Vec<Line<T>>,
    count: u64,
}

async fn first<T: DeserializeOwned>(
    app: &App,
    kind: &str,
    wanted: &str,
) -> Result<First<T>, Trouble> {
    let sought = Test::Sought(wanted.to_owned());
    let tests = vec![match (kind, amount_of(wanted)) {
        ("invoice", Some(amount)) => {
            let of = |path| Test::is(Field::Number(path), amount);
            Test::Any(vec![sought, of("total"), of("outstanding")])
        }
        ("credit_note", Some(amount)) => {
            Test::Any(vec![sought, Test::is(Field::Number("total"), -amount)])
        }
        _ => sought,
    }];
    let query = ListQuery::first(MOST as u32, tests, vec![Order::rising(Field::Id)]);
    let found = app.engine.store.list_views(ListOf::Kind(kind), &query).await?;
    let rows = found.rows.into_iter().map(read_line).collect::<Result<_, _>>()?;
    Ok(First { rows, count: found.count })
}

fn found<T>(
    title: &str,
    columns: &[parts::Column],
    found: &First<T>,
    line: impl Fn(&Line<T>) -> Vec<Markup>,
) -> Markup {
    let lines: Vec<_> = found.rows.iter().map(line).collect();
    parts::section(
        title,
        html! {
            (parts::table(columns, &lines, "見つかりません。"))
            @if found.count > MOST as u64 { p.note { "全部で " (found.count) " 件あります。言葉を足して絞ってください。" } }
        },
    )
}

impl App {
    /// The id that was typed, or that of the thing whose short number was.
    pub async fn named(&self, text: &str) -> Result<String, Trouble> {
        let id = match ShortNumber::read(text) {
            Some(number) => self.engine.store.numbered(&number).await?,
            None => None,
        };
        Ok(id.unwrap_or_else(|| text.trim().to_owned()))
    }

    /// The account that a number names (of an invoice, contract, application, matter or
    /// quotation, or the 法人番号), or the name of a company that only one has.
    pub async fn account_named(&self, text: &str) -> Result<Option<AccountId>, Trouble> {
        let named = self.named(text).await?;
        let text = named.as_str();
        for kind in ["invoice", "contract", "application", "matter", "quote", "account"] {
            if let Some(account) = self.account_of(kind, text).await? {
                return Ok(Some(account));
            }
        }
        let company = AccountId::of_company(&plain(text));
        if let Some(account) = self.account_of("account", &company.0).await? {
            return Ok(Some(account));
        }
        let wanted = plain(text);
        if wanted.is_empty() {
            return Ok(None);
        }
        for (test, is_whole) in
            [(Test::Named(wanted.clone()), true), (Test::Sought(wanted.clone()), false)]
        {
            let query = ListQuery::first(MOST as u32, vec![test], Vec::new());
            let found = self.engine.store.list_views(ListOf::Kind("account"), &query).await?;
            // A part of a number names nobody.
            let fits = |name: &str| match is_whole {
                true => plain(name) == wanted,
                false => plain(name).contains(&wanted),
            };
            let named: Vec<_> = found.rows.iter().filter(|row| fits(&row.name)).collect();
            if let [only] = &*named
                && found.count <= MOST as u64
            {
                return Ok(Some(only.row.account.clone()));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_blanks_play_no_part() {
        assert!(suits(&plain("青葉 商事"), &["株式会社青葉商事"]));
        assert!(!suits(&plain("みどり"), &["株式会社青葉商事"]));
    }
}
