//! The read models, as far as lists need them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use contract::declare::act::Act;
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::money::invoice::InvoiceKind;
use contract::service::minimum_term::EndCause;
use contract::{Receivable, UsePeriod};
use engine::ViewRow;
use engine::listed::{ListOf, ListQuery, Listed, Order, Test};
use reckon::{Day, Decimal, Moment, Month, Yen};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use terms::PriceKind;

use super::answer::Trouble;
use super::{App, parts, words};

/// One row with its content read.
#[derive(Debug, Clone)]
pub struct Row<T> {
    pub id: String,
    pub account: AccountId,
    pub content: T,
}

/// One row of a list, with the name of its account.
#[derive(Debug, Clone)]
pub struct Line<T> {
    pub id: String,
    pub account: AccountId,
    pub content: T,
    pub name: String,
    /// The short number of what it tells of, if such things have one.
    pub number: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ContractRow {
    pub name: String,
    pub status: String,
    pub provision: String,
    pub period: UsePeriod,
    pub renewal_limit: Option<Day>,
    pub end: Option<End>,
    #[serde(default)]
    pub taken_over: Option<TakenOverRow>,
    #[serde(default)]
    pub erasure_ordered_by: Option<String>,
    #[serde(default)]
    pub arrivals: Vec<ArrivalRow>,
}

/// What a contract was in the earlier book.
#[derive(Debug, Clone, Deserialize)]
pub struct TakenOverRow {
    pub number: String,
    #[serde(default)]
    pub unverified: bool,
}

/// The arrival of a form that a second person looks at.
#[derive(Debug, Clone, Deserialize)]
pub struct ArrivalRow {
    pub registered_by: String,
    pub status: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct End {
    pub on: Day,
    pub cause: EndCause,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ApplicationRow {
    pub name: String,
    pub status: String,
    pub received_at: Moment,
    pub formed_at: Option<Moment>,
    pub registered_by: String,
    pub grounds: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct InvoiceRow {
    pub kind: InvoiceKind,
    pub month: Month,
    pub total: Yen,
    pub outstanding: Yen,
    pub due: Day,
}

impl InvoiceRow {
    /// As its row has it.
    pub fn of(receivable: &Receivable) -> InvoiceRow {
        InvoiceRow {
            kind: receivable.invoice.kind,
            month: receivable.invoice.month,
            total: receivable.total,
            outstanding: receivable.outstanding,
            due: receivable.due,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct CreditNoteRow {
    pub invoice: String,
    pub issued_on: Day,
    /// With tax: negative.
    pub total: Yen,
}

#[derive(Debug, Clone, Deserialize)]
pub struct AccountRow {
    pub name: String,
    pub rights: Vec<RightRow>,
    pub tasks: Vec<TaskRow>,
    #[serde(default)]
    pub proposals: Vec<ProposalRow>,
    #[serde(default)]
    pub contracts: Vec<ContractId>,
    pub outstanding: Yen,
}

/// What one person proposed and nobody has answered.
#[derive(Debug, Clone, Deserialize)]
pub struct ProposalRow {
    pub id: InputId,
    pub by: String,
    pub proposed_at: Moment,
    pub act: Act,
}

#[derive(Debug, Clone, Deserialize)]
pub struct RightRow {
    pub right: String,
    pub about: String,
    pub from: Day,
}

#[derive(Debug, Clone, Deserialize)]
pub struct TaskRow {
    pub task: TaskKind,
    pub about: String,
    pub opened_at: Moment,
    pub remind_on: Day,
}

/// Reads the content of rows of one kind.
pub fn read_rows<T: DeserializeOwned>(
    kind: &str,
    views: Vec<ViewRow>,
) -> Result<Vec<Row<T>>, Trouble> {
    // What was voided has no content any more.
    let voided = |view: &ViewRow| view.content == serde_json::json!({ "status": "voided" });
    let read = views.into_iter().filter(|view| !voided(view)).map(|view| read_row(kind, view));
    read.collect()
}

fn read_row<T: DeserializeOwned>(kind: &str, view: ViewRow) -> Result<Row<T>, Trouble> {
    let content = serde_json::from_value(view.content).map_err(|error| {
        let detail = format!("{kind} {} の内容を読めません：{error}", view.id);
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Trouble::new(status, "read-model", "一覧を読めません", detail)
    })?;
    Ok(Row { id: view.id, account: view.account, content })
}

/// Reads the content of a row of a list, in which nothing voided stands.
pub fn read_line<T: DeserializeOwned>(listed: Listed<ViewRow>) -> Result<Line<T>, Trouble> {
    let Listed { row, name, number } = listed;
    let kind = row.kind.clone();
    let Row { id, account, content } = read_row(&kind, row)?;
    Ok(Line { id, account, content, name, number })
}

impl ContractRow {
    pub fn is_unverified(&self) -> bool {
        self.taken_over.as_ref().is_some_and(|taken| taken.unverified)
    }
}

impl App {
    /// Rows of read models for which all of this holds, in an order: for the provider's
    /// people. Customers have [`super::own::Own`].
    pub async fn listed<T: DeserializeOwned>(
        &self,
        of: ListOf<'_>,
        tests: Vec<Test>,
        order: Vec<Order>,
    ) -> Result<Vec<Line<T>>, Trouble> {
        let query = ListQuery::first(u32::MAX, tests, order);
        let found = self.engine.store.list_views(of, &query).await?;
        found.rows.into_iter().map(read_line).collect()
    }

    /// How an account is called today; a dash where nobody knows.
    pub async fn name_of_account(&self, id: &AccountId) -> Result<String, Trouble> {
        Ok(self.account_row(id).await?.map_or_else(|| "—".to_owned(), |row| row.name))
    }

    /// All rows of a kind: for the provider's people. Customers have [`super::own::Own`].
    pub async fn rows<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<Row<T>>, Trouble> {
        read_rows(kind, self.engine.store.views(kind).await?)
    }

    /// The account of a contract, application, invoice or consequence.
    pub async fn account_of(&self, kind: &str, id: &str) -> Result<Option<AccountId>, Trouble> {
        Ok(self.engine.store.view(kind, id).await?.map(|view| view.account))
    }

    /// Who stands behind each account.
    pub async fn accounts(&self) -> Result<BTreeMap<AccountId, AccountRow>, Trouble> {
        let rows = self.rows::<AccountRow>("account").await?;
        Ok(rows.into_iter().map(|row| (row.account, row.content)).collect())
    }

    /// Who stands behind one account.
    pub async fn account_row(&self, id: &AccountId) -> Result<Option<AccountRow>, Trouble> {
        let view = self.engine.store.view("account", &id.0).await?;
        let rows = read_rows::<AccountRow>("account", view.into_iter().collect())?;
        Ok(rows.into_iter().next().map(|row| row.content))
    }

    /// What the numbers of invoices begin with.
    pub fn prefix(&self) -> &str {
        &self.engine.operator.invoice.prefix
    }

    /// What one unit of an item costs today by the price table, without tax.
    pub fn unit_price(&self, code: &str) -> Option<String> {
        self.unit_price_on(self.engine.now().day(), code)
    }

    /// As [`App::unit_price`], on another day.
    pub fn unit_price_on(&self, day: Day, code: &str) -> Option<String> {
        let item = self.engine.law.prices.item(code)?;
        let price = parts::decimal(item.at(day)?.yen);
        Some(match item.kind {
            PriceKind::Monthly => format!("月額 {price}円"),
            PriceKind::Metered => format!("1{} {price}円", words::unit(&item.unit)),
        })
    }

    /// What a line costs in a whole month, by today's price, without tax; nothing for what is
    /// measured or has no price.
    pub fn monthly(&self, code: &str, quantity: u32, agreed: Option<Yen>) -> Option<Yen> {
        self.monthly_on(self.engine.now().day(), code, quantity, agreed)
    }

    /// As [`App::monthly`], by the price of another day.
    pub fn monthly_on(
        &self,
        day: Day,
        code: &str,
        quantity: u32,
        agreed: Option<Yen>,
    ) -> Option<Yen> {
        let prices = &self.engine.law.prices;
        let month = Month::of(day);
        let quantity = Decimal::whole(i64::from(quantity));
        prices.item(code).filter(|item| item.kind == PriceKind::Monthly)?;
        let rated = rating::rate(prices, code, month, quantity, agreed, None).ok()?;
        Some(rated.amount)
    }

    /// The printed name of an item of the price table.
    pub fn item_name(&self, code: &str) -> String {
        let item = self.engine.law.prices.item(code);
        item.map_or_else(|| code.to_owned(), |item| item.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn view(id: &str, content: serde_json::Value) -> ViewRow {
        ViewRow { kind: "invoice".to_owned(), id: id.to_owned(), account: "A-1".into(), content }
    }

    #[test]
    fn lists_leave_out_what_was_voided_and_nothing_else() {
        let content = json!({
            "kind": "fee", "month": "2026-06", "total": 10, "outstanding": 0, "due": "2026-07-31",
        });
        let voided = view("INV-2", json!({ "status": "voided" }));
        let rows = vec![view("INV-1", content.clone()), voided, view("INV-3", content)];
        let read = read_rows::<InvoiceRow>("invoice", rows).unwrap();
        assert_eq!(read.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["INV-1", "INV-3"]);
        let broken = view("INV-4", json!({ "status": "voided", "kind": "fee" }));
        let trouble = read_rows::<InvoiceRow>("invoice", vec![broken]).unwrap_err();
        assert!(trouble.detail.ja.contains("INV-4"), "{}", trouble.detail.ja);
    }
}
