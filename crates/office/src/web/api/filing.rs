//! Filed documents: searched, and filed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contract::registered::filing::{ArrivalEvidence, DocumentKind, FiledDocument};
use contract::who::roles::{Permission, Role};
use engine::{DocumentQuery, NewDocument};
use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked::Asked;
use super::files::{name_of, whole};
use super::lists::{Filed, List, page};
use super::once::{hat, key, once};
use super::paging::{Source, fill};
use super::shapes::Taken;
use super::steps::{past, text};
use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::{App, filed};

/// What a document is searched by, and the name of its file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFiled {
    /// Name of the file in the body.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    kind: DocumentKind,
    /// The day of the transaction (取引年月日).
    dated: Day,
    /// With whom; the company of the account, if it is not said.
    #[schemars(length(min = 1, max = 200))]
    counterparty: Option<String>,
    /// With tax, if one is written.
    amount: Option<Yen>,
    /// The contract, application, quotation or invoice that it is about.
    about: Option<String>,
    /// Where the paper original is kept.
    #[schemars(length(min = 1, max = 200))]
    original: Option<String>,
    /// When it arrived, if there is evidence of it.
    arrived_at: Option<Moment>,
    /// Number on the receipt stamp; needs `arrived_at`.
    stamp: Option<String>,
    /// Number of the delivery record; needs `arrived_at`.
    delivery: Option<String>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A document that was filed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FiledTaken {
    /// Under which id it is had.
    pub document: String,
    #[serde(flatten)]
    pub taken: Taken,
}

/// What may be seen of the index.
pub async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<Filed>,
) -> List<Value> {
    let query = &asked.query;
    let wanted = DocumentQuery {
        from: query.from,
        to: query.to,
        counterparty: query.counterparty.clone(),
        least: query.least,
        most: query.most,
        without_amount: query.without_amount.unwrap_or(false),
        kind: query.kind,
    };
    let keep = |row: &Value| {
        let read = serde_json::from_value::<FiledDocument>(row.clone());
        read.is_ok_and(|one| filed::may_see(&visitor, one.kind) && wanted.fits(&one))
    };
    let place = query.place("filed")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("filed"), query.account.as_ref(), place, keep).await?;
    page("filed", &asked, found)
}

pub async fn file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(account): Path<String>,
    asked: Asked<NewFiled>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?.to_owned();
    let actor = hat(&visitor, query.role, Permission::RegisterArrival)?;
    let account = app.known_account(&account).await?;
    let texts = [&query.counterparty, &query.original, &query.stamp, &query.delivery];
    let strange = |text: &String| text.chars().count() > 200 || text.chars().any(char::is_control);
    if texts.into_iter().flatten().any(strange) {
        let detail =
            "counterparty、original、stamp、delivery は 200 文字までで、制御文字は使えません。";
        return Err(Trouble::unusable(detail));
    }
    if query.arrived_at.is_none() && (query.stamp.is_some() || query.delivery.is_some()) {
        return Err(Trouble::unusable("stamp と delivery には arrived_at も必要です。"));
    }
    past(&app, query.arrived_at, "arrived_at")?;
    let counterparty = match &query.counterparty {
        Some(name) => name.clone(),
        None => app.company_name(&account).await?,
    };
    let id = format!("filed-{}", key(&headers, None)?);
    let content: [&[u8]; 4] = [b"filed", account.0.as_bytes(), &text(&query), &bytes];
    once(&app, &actor, &headers, &content, async {
        let new = NewDocument {
            kind: query.kind,
            dated: query.dated,
            counterparty,
            amount: query.amount,
            about: query.about.clone(),
            original: query.original.clone(),
            arrival: query.arrived_at.map(|at| ArrivalEvidence {
                at,
                stamp: query.stamp.clone(),
                delivery: query.delivery.clone(),
            }),
            name,
            bytes: bytes.to_vec(),
        };
        let (document, outcome) = app.engine.file_document(&id, &account, new, &actor).await?;
        Ok(FiledTaken { document, taken: Taken::of(outcome) })
    })
    .await
}
