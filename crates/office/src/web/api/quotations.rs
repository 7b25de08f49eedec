//! Quotations and the orders on them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contract::application::quote::{Offer, PurchaseOrder};
use contract::declare::ids::{AccountId, ApplicationId};
use contract::declare::sealed::Sealed;
use contract::road::shown;
use contract::who::roles::{Permission, Role};
use reckon::{Day, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{Asked, Sent};
use super::files::{name_of, optional};
use super::once::{hat, key, once};
use super::shapes::Taken;
use super::steps::text;
use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::console::quote::named;
use crate::web::{App, quotes};

/// A quotation to be issued. It is priced by the price table in force when its
/// lines start, or by the fees agreed for them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuotation {
    offer: Offer,
    /// To whose attention it is printed; it stands in the PDF only.
    #[schemars(length(max = 100))]
    attention: Option<String>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A quotation that was issued.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuotationTaken {
    pub account: AccountId,
    pub number: String,
    /// A month of it, with tax.
    pub total: Yen,
    /// Under which id the PDF is had among the filed documents.
    pub document: String,
    #[serde(flatten)]
    pub taken: Taken,
}

/// One quotation, and what came of it.
#[derive(Serialize, JsonSchema)]
pub struct QuotationDetail {
    pub id: String,
    pub account: AccountId,
    /// Under which id the PDF is had among the filed documents.
    pub document: String,
    #[serde(flatten)]
    pub state: shown::Quotation,
}

/// What stands in a customer's order, and the name of its file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderFile {
    /// The customer's number of the order.
    #[schemars(length(min = 1, max = 200))]
    number: String,
    ordered_on: Day,
    /// The quotation that it is on.
    quote: Option<String>,
    /// The application that it belongs to.
    application: Option<ApplicationId>,
    /// With tax, if one is written.
    amount: Option<Yen>,
    /// Name of the file in the body.
    #[schemars(length(min = 1, max = 200))]
    name: Option<String>,
    /// Where the paper is, when no file is sent.
    #[schemars(length(min = 1, max = 200))]
    document: Option<String>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

pub async fn one(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
) -> Result<Json<QuotationDetail>, Trouble> {
    let (account, state) = app.quote(&number).await?;
    let document = quotes::paper_of(&state.quote);
    let state = shown::Quotation::of(&state);
    Ok(Json(QuotationDetail { id: number, account, document, state }))
}

pub async fn issue(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewQuotation>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::RegisterArrival)?;
    let id = format!("quotation-{}", key(&headers, None)?);
    let attention = body.attention.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let strange = |name: &str| name.chars().count() > 100 || name.chars().any(char::is_control);
    if attention.is_some_and(strange) {
        return Err(Trouble::unusable("attention は 100 文字までの氏名です。"));
    }
    once(&app, &actor, &headers, &[b"quotation", &text(&body)], async {
        let person = attention.map(named);
        let (quote, outcome) =
            app.engine.issue_quote(&id, body.offer.clone(), person.as_ref(), &actor).await?;
        Ok(QuotationTaken {
            account: AccountId::of_company(&quote.customer.corporate_number),
            document: quotes::paper_of(&quote),
            total: quote.total,
            taken: Taken::of(outcome),
            number: quote.number,
        })
    })
    .await
}

pub async fn order(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(account): Path<String>,
    asked: Asked<OrderFile>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Response, Trouble> {
    let (query, file) = (asked.query, optional(file)?);
    let actor = hat(&visitor, query.role, Permission::RegisterArrival)?;
    let account = app.known_account(&account).await?;
    let file = match (&query.name, file) {
        (Some(name), Some(bytes)) => Some((name_of(name)?.to_owned(), bytes.to_vec())),
        (None, None) if query.document.as_ref().is_some_and(|at| !at.trim().is_empty()) => None,
        _ => {
            let detail = "本文のファイルと name、または紙の保管場所 document を送ってください。";
            return Err(Trouble::unusable(detail));
        }
    };
    if query.number.trim().is_empty() || query.number.chars().any(char::is_control) {
        return Err(Trouble::unusable("number に、発注書の番号を書いてください。"));
    }
    let id = format!("order-{}", key(&headers, None)?);
    let bytes = file.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
    let content: [&[u8]; 4] = [b"order", account.0.as_bytes(), &text(&query), bytes];
    once(&app, &actor, &headers, &content, async {
        let document = query.document.clone().unwrap_or_default();
        let order = PurchaseOrder {
            number: query.number.clone(),
            ordered_on: query.ordered_on,
            quote: query.quote.clone(),
            application: query.application.clone(),
            amount: query.amount,
            document: Sealed::file_or(file.clone(), document),
        };
        let found = app.engine.receive_purchase_order(&id, &account, order, &actor);
        Ok(Taken::of(found.await?))
    })
    .await
}
