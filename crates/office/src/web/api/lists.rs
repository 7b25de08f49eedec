//! The lists of the API, each in pages and with the filters that a desk needs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contract::declare::ids::AccountId;
use contract::registered::filing::DocumentKind;
use contract::road::stream::Record;
use contract::who::roles::Permission;
use document::wording::{Amounts, without_amounts};
use reckon::{Day, Yen};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{Asked, Limit};
use super::paging::{self, Filled, Listing, Place, Source, cursor, fill, fill_within, with_id};
use super::shapes::{DateToCome, DocumentItem, WaitingMovementItem};
use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::dates::ToCome;
use crate::web::own::Own;
use crate::web::{App, amounts, filed};

pub type List<T> = Result<Json<Listing<T>>, Trouble>;

macro_rules! query {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$about])* pub $field: Option<$kind>,)*
            /// How many rows a page has at the most.
            limit: Option<Limit>,
            /// From `next` of the page before.
            cursor: Option<String>,
        }

        impl $name {
            /// How many rows, and after which.
            pub fn place(&self, list: &str) -> Result<Place, Trouble> {
                let after = paging::after(list, self.cursor.as_deref())?;
                Ok(Place { limit: Limit::rows(self.limit), after })
            }
        }
    };
}

query!(Plain {});
query!(OfAccount {
    /// Only of this account.
    account: AccountId,
});
query!(Contracts {
    /// Only of this account.
    account: AccountId,
    /// `formed`, `active`, `cancellation_scheduled`, `ended`, …
    status: String,
    /// Whose limit for an objection to extension is on this day or before.
    renewal_limit_by: Day,
});
query!(Applications {
    /// Only of this account.
    account: AccountId,
    /// `received`, `accepting`, `formed`, `refused`, `withdrawn`, …
    status: String,
});
query!(Quotations {
    /// Only of this account.
    account: AccountId,
    /// Only those that still hold on this day.
    valid_on: Day,
});
query!(Filed {
    /// Only of this account.
    account: AccountId,
    /// First day.
    from: Day,
    /// Last day.
    to: Day,
    /// A part of the counterparty's name.
    counterparty: String,
    /// The least amount, with tax.
    least: Yen,
    /// The highest amount, with tax.
    most: Yen,
    /// `true`: only what states no amount.
    without_amount: bool,
    kind: DocumentKind,
});
query!(Invoices {
    /// Only of this account.
    account: AccountId,
    /// `true`: something is unpaid; `false`: nothing is.
    open: bool,
    /// Due on this day or before.
    due_by: Day,
});
query!(Tasks {
    /// Only of this account.
    account: AccountId,
    /// To be reminded of on this day or before.
    remind_by: Day,
});
query!(Matters {
    /// Only of this account.
    account: AccountId,
    /// The name of the entry that opened it, such as `abnormality_reported`.
    kind: String,
    /// `open`, `late` or `closed`.
    state: MatterIs,
});
query!(Deliveries {
    /// Only of this account.
    account: AccountId,
    /// Only of this notice.
    notice: String,
    /// Only of this kind, such as `maintenance`.
    kind: String,
});
query!(Effects {
    /// Only of this account.
    account: AccountId,
    /// `waiting`, `performing`, `done`, `refused` or `by_hand`.
    state: String,
});
query!(Refused {
    /// Only of this file.
    file: String,
});
query!(Dates {
    /// On this day or before.
    by: Day,
});

pub fn is(row: &Value, field: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| row[field] == wanted)
}

/// Days are stored as text that sorts as they do.
fn by(row: &Value, field: &str, day: Option<Day>) -> bool {
    day.is_none_or(|day| row[field].as_str().is_some_and(|on| *on <= *day.to_string()))
}

pub fn page<T, Q>(list: &str, asked: &Asked<Q>, found: Filled<T>) -> List<T> {
    let next = found.next.map(|after| asked.next(&cursor(list, &after)));
    Ok(Json(Listing { items: found.items, next }))
}

/// The rows with the short numbers of what they tell of.
async fn numbered(app: &App, mut found: Filled) -> Result<Filled, Trouble> {
    let ids: Vec<_> = found.items.iter().filter_map(|row| row["id"].as_str()).collect();
    let numbers = app.engine.store.short_numbers(&ids).await?;
    for row in &mut found.items {
        if let Some(number) = row["id"].as_str().and_then(|id| numbers.get(id)) {
            row["number"] = json!(number);
        }
    }
    Ok(found)
}

pub async fn contracts(State(app): State<Arc<App>>, asked: Asked<Contracts>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| {
        is(row, "status", query.status.as_deref())
            && by(row, "renewal_limit", query.renewal_limit_by)
    };
    let place = query.place("contracts")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("contract"), query.account.as_ref(), place, keep).await?;
    let found = numbered(&app, found).await?;
    page("contracts", &asked, found)
}

pub async fn applications(State(app): State<Arc<App>>, asked: Asked<Applications>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| is(row, "status", query.status.as_deref());
    let place = query.place("applications")?;
    let store = app.engine.store.as_ref();
    let found =
        fill(store, Source::Views("application"), query.account.as_ref(), place, keep).await?;
    let found = numbered(&app, found).await?;
    page("applications", &asked, found)
}

pub async fn quotations(State(app): State<Arc<App>>, asked: Asked<Quotations>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| {
        let until = row["quote"]["valid_until"].as_str().unwrap_or_default();
        let from = row["quote"]["issued_on"].as_str().unwrap_or_default();
        query.valid_on.is_none_or(|day| (from..=until).contains(&day.to_string().as_str()))
    };
    let place = query.place("quotations")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("quote"), query.account.as_ref(), place, keep).await?;
    page("quotations", &asked, found)
}

pub async fn invoices(State(app): State<Arc<App>>, asked: Asked<Invoices>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| {
        let open = row["outstanding"].as_i64().is_some_and(|yen| yen > 0);
        query.open.is_none_or(|wanted| open == wanted) && by(row, "due", query.due_by)
    };
    let place = query.place("invoices")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("invoice"), query.account.as_ref(), place, keep).await?;
    page("invoices", &asked, found)
}

/// Money stands in it only for those who may see money.
pub async fn accounts(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<Plain>,
) -> List<Value> {
    let place = asked.query.place("accounts")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("account"), None, place, |_| true).await?;
    let money = visitor.holds(Permission::ReadMoney);
    let items = found.items.into_iter().map(|row| {
        let mut item = json!({});
        let fields: &[&str] = match money {
            true => &["id", "name", "contracts", "applications", "outstanding", "held"],
            false => &["id", "name", "contracts", "applications"],
        };
        for field in fields {
            item[*field] = row[*field].clone();
        }
        item
    });
    page("accounts", &asked, Filled { items: items.collect(), next: found.next })
}

pub async fn rights(State(app): State<Arc<App>>, asked: Asked<OfAccount>) -> List<Value> {
    within(&app, "rights", asked, |_| true).await
}

/// Those about money are for those who see money: the amount stands in the act.
pub async fn proposals(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<OfAccount>,
) -> List<Value> {
    let seen = |row: &Value| {
        let act = serde_json::from_value(row["act"].clone());
        act.is_ok_and(|act| amounts::may_see(&visitor, &act))
    };
    within(&app, "proposals", asked, seen).await
}

async fn within(
    app: &App,
    field: &str,
    asked: Asked<OfAccount>,
    keep: impl Fn(&Value) -> bool + Send,
) -> List<Value> {
    let place = asked.query.place(field)?;
    let account = asked.query.account.as_ref();
    let found = fill_within(app.engine.store.as_ref(), field, account, place, keep).await?;
    page(field, &asked, found)
}

pub async fn tasks(State(app): State<Arc<App>>, asked: Asked<Tasks>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| by(row, "remind_on", query.remind_by);
    let place = query.place("tasks")?;
    let account = query.account.as_ref();
    let found = fill_within(app.engine.store.as_ref(), "tasks", account, place, keep).await?;
    page("tasks", &asked, found)
}

/// How far a matter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatterIs {
    Open,
    /// Open, and its last day has passed.
    Late,
    Closed,
}

impl MatterIs {
    fn is(self, row: &Value) -> bool {
        let (closed, late) = (!row["closed"].is_null(), row["late"] == true);
        match self {
            MatterIs::Open => !closed,
            MatterIs::Late => late && !closed,
            MatterIs::Closed => closed,
        }
    }
}

pub async fn matters(State(app): State<Arc<App>>, asked: Asked<Matters>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| {
        is(row, "kind", query.kind.as_deref()) && query.state.is_none_or(|state| state.is(row))
    };
    let place = query.place("matters")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("matter"), query.account.as_ref(), place, keep).await?;
    let found = numbered(&app, found).await?;
    page("matters", &asked, found)
}

/// Movements of the bank that wait for a person. A payment that is registered under the
/// id of one settles it.
pub async fn movements(
    State(app): State<Arc<App>>,
    asked: Asked<Plain>,
) -> List<WaitingMovementItem> {
    let place = asked.query.place("movements")?;
    let waiting = app.engine.waiting_movements().await?;
    let items = waiting.into_iter().map(WaitingMovementItem::from).collect();
    page("movements", &asked, paging::of_rows(items, place)?)
}

/// Effects that name an amount are for those who see money.
pub async fn outbox(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<Effects>,
) -> List<Value> {
    let query = &asked.query;
    let shown = visitor.amounts() == Amounts::Shown;
    let keep = |row: &Value| {
        is(row, "state", query.state.as_deref()) && (shown || row["payload"]["amount"].is_null())
    };
    let place = query.place("outbox")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Outbox, query.account.as_ref(), place, keep).await?;
    page("outbox", &asked, found)
}

pub async fn refused(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<Refused>,
) -> List<Value> {
    let place = asked.query.place("refused")?;
    let file = asked.query.file.clone().unwrap_or_default();
    let store = app.engine.store.as_ref();
    let mut found = fill(store, Source::Refused(&file), None, place, |_| true).await?;
    if visitor.amounts() == Amounts::Hidden {
        for row in &mut found.items {
            for language in ["ja", "en"] {
                let told = row["reason"][language].as_str().map(without_amounts);
                row["reason"][language] = json!(told.unwrap_or_default());
            }
        }
    }
    page("refused", &asked, found)
}

/// Dates to come of all contracts, invoices and tasks, earliest first.
pub async fn coming(State(app): State<Arc<App>>, asked: Asked<Dates>) -> List<DateToCome> {
    let place = asked.query.place("dates")?;
    // Up to the end of the page, and one more, which says that there is another.
    let most = u32::try_from(place.end()?).unwrap_or(u32::MAX);
    let wanted = ToCome { from: app.engine.now().day(), by: asked.query.by, most };
    let (dates, _) = app.dates_to_come(wanted).await?;
    let dates = dates.into_iter().map(DateToCome::from).collect();
    page("dates", &asked, paging::of_rows(dates, place)?)
}

/// Everything that was registered for an account, in the order of registration.
pub async fn entries(
    State(app): State<Arc<App>>,
    Path(account): Path<String>,
    asked: Asked<Plain>,
) -> List<Record> {
    let place = asked.query.place("entries")?;
    let account = app.known_account(&account).await?;
    let records = app.engine.records(&account).await?;
    page("entries", &asked, paging::of_rows(records, place)?)
}

/// What was issued to an account, without the bytes.
pub async fn documents(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(account): Path<String>,
    asked: Asked<Plain>,
) -> List<DocumentItem> {
    let place = asked.query.place("documents")?;
    let account = app.known_account(&account).await?;
    let found = app.engine.store.documents(&account).await?;
    let seen = found.into_iter().filter(|(_, kind, _)| filed::may_open(&visitor, kind));
    let items = seen.map(|(id, kind, name)| DocumentItem { id, kind, name });
    page("documents", &asked, paging::of_rows(items.collect(), place)?)
}

impl App {
    /// An account for which something was registered.
    pub async fn known_account(&self, id: &str) -> Result<AccountId, Trouble> {
        let found = self.engine.store.view("account", id).await?;
        found.map(|view| view.account).ok_or_else(|| {
            Trouble::not_found("契約者", id, "一覧（/api/v1/accounts）の id を使ってください。")
        })
    }
}

/// The rows of whoever asks.
async fn own(app: &App, own: Own, list: &str, kind: &str, asked: Asked<Plain>) -> List<Value> {
    let rows = own.rows::<Value>(kind).await?;
    let items = rows.into_iter().map(|row| with_id(&row.id, &row.account.0, row.content));
    let found = paging::of_rows(items.collect(), asked.query.place(list)?)?;
    page(list, &asked, numbered(app, found).await?)
}

pub async fn own_contracts(
    State(app): State<Arc<App>>,
    mine: Own,
    asked: Asked<Plain>,
) -> List<Value> {
    own(&app, mine, "my-contracts", "contract", asked).await
}

pub async fn own_invoices(
    State(app): State<Arc<App>>,
    mine: Own,
    asked: Asked<Plain>,
) -> List<Value> {
    own(&app, mine, "my-invoices", "invoice", asked).await
}
