//! Finding a contract, an application or an invoice by what people have at hand.

use std::sync::Arc;

use axum::extract::{Query, State};
use contract::declare::ids::AccountId;
use contract::who::roles::Permission;
use maud::{Markup, html};
use serde::Deserialize;

use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, must};
use crate::web::form::{Form, narrow};
use crate::web::parts::Column::{Number, Text};
use crate::web::rows::{ApplicationRow, ContractRow, CreditNoteRow, InvoiceRow, Row};
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
            (field::text(&form, must("q", "探すもの", "会社名、契約番号（これまでの番号も）、申込番号、請求書・返還請求書・通知の番号、法人番号（13桁）")))
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

/// Without blanks and in one case; full-width letters and digits as narrow ones.
pub fn plain(text: &str) -> String {
    let narrow = narrow(text);
    narrow.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
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
    let mut rows = app.rows::<ContractRow>("contract").await?;
    rows.retain(|row| suits(wanted, &[&row.id, &row.content.name, &row.account.0]));
    let columns = [
        Text("契約者"),
        Text("契約"),
        Text("これまでの番号"),
        Text("法人番号"),
        Text("状態"),
        Text("期間の末日"),
    ];
    let line = |row: &Row<ContractRow>| {
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
    let mut rows = app.rows::<ApplicationRow>("application").await?;
    rows.retain(|row| suits(wanted, &[&row.id, &row.content.name, &row.account.0]));
    let columns = [Text("申込者"), Text("申込"), Text("受領"), Text("状態")];
    let line = |row: &Row<ApplicationRow>| {
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
    let accounts = app.accounts().await?;
    let name = |account: &AccountId| accounts.get(account).map_or("", |row| row.name.as_str());
    let mut rows = app.rows::<InvoiceRow>("invoice").await?;
    rows.retain(|row| suits(wanted, &[&row.id, name(&row.account), &row.account.0]));
    let columns =
        [Text("請求書"), Text("契約者"), Number("合計"), Number("未収"), Text("支払期日")];
    let line = |row: &Row<InvoiceRow>| {
        vec![
            parts::id_link("/invoices", &row.id),
            parts::name(name(&row.account)),
            parts::yen(row.content.total),
            parts::yen(row.content.outstanding),
            parts::day(row.content.due),
        ]
    };
    Ok(found("請求書", &columns, &rows, line))
}

async fn credit_notes(app: &App, wanted: &str) -> Result<Markup, Trouble> {
    let mut rows = app.rows::<CreditNoteRow>("credit_note").await?;
    rows.retain(|row| suits(wanted, &[&row.id, &row.content.invoice]));
    if rows.is_empty() {
        return Ok(html! {});
    }
    let columns = [Text("返還請求書"), Text("減額した請求書"), Text("発行"), Number("金額")];
    let line = |row: &Row<CreditNoteRow>| {
        vec![
            html! { span.id { (row.id) } },
            parts::id_link("/invoices", &row.content.invoice),
            parts::day(row.content.issued_on),
            parts::yen(row.content.total),
        ]
    };
    Ok(found("返還請求書", &columns, &rows, line))
}

fn found<T>(
    title: &str,
    columns: &[parts::Column],
    rows: &[Row<T>],
    line: impl Fn(&Row<T>) -> Vec<Markup>,
) -> Markup {
    let lines: Vec<_> = rows.iter().take(MOST).map(line).collect();
    parts::section(
        title,
        html! {
            (parts::table(columns, &lines, "見つかりません。"))
            @if rows.len() > MOST { p.note { "全部で " (rows.len()) " 件あります。言葉を足して絞ってください。" } }
        },
    )
}

impl App {
    /// The account that a number names (of an invoice, contract, application or
    /// quotation, or the 法人番号), or the name of a company that only one has.
    pub async fn account_named(&self, text: &str) -> Result<Option<AccountId>, Trouble> {
        let text = text.trim();
        for kind in ["invoice", "contract", "application", "quote", "account"] {
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
        let accounts = self.accounts().await?;
        let only = |fits: &dyn Fn(&str) -> bool| {
            let mut found = accounts.iter().filter(|(_, row)| fits(&plain(&row.name)));
            let first = found.next().map(|(id, _)| id.clone());
            first.filter(|_| found.next().is_none())
        };
        Ok(only(&|name| name == wanted).or_else(|| only(&|name| name.contains(&wanted))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_blanks_play_no_part() {
        assert_eq!(plain(" ＩＮＶ－２０２６ a"), "inv-2026a");
        assert!(suits(&plain("青葉 商事"), &["株式会社青葉商事"]));
        assert!(!suits(&plain("みどり"), &["株式会社青葉商事"]));
    }
}
