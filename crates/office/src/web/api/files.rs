//! Files as they come: the body of the request is the file, its name stands in the
//! query. A file with a fault is refused whole, with every fault and its place.

use contract::declare::words::Language;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use contract::notices::notice::Channel;
use contract::who::roles::{Permission, Role};
use document::wording::Amounts;
use engine::{ApplicationCame, Comparison};
use reckon::{Moment, Month};
use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::Asked;
use super::once::{hat, once};
use super::shapes::{ApplicationTaken, DepositsTaken, Taken, UsageTaken};
use super::steps::past;
use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::{App, filed};

pub type File = Result<Bytes, BytesRejection>;

/// A file's name, and in which role it is brought.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Name of the file, as it stands in the record.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    pub reason: String,
    /// In which of the own roles; the first that may, if it is not said.
    pub role: Option<Role>,
}

/// A form that came by another way than an application mail.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFile {
    /// Name of the file: `.eml` for an application mail, `.xlsx` for the form alone.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Only for a form alone: the number stamped on it.
    reference: Option<String>,
    /// Only for a form alone: how it came.
    channel: Option<Channel>,
    /// Only for a form alone: when it was sent; now, if it is not said.
    sent_at: Option<Moment>,
    /// Only for a form alone: when it came in; now, if it is not said.
    received_at: Option<Moment>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A cancellation form, how and when it arrived.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancellationFile {
    /// Name of the file.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    channel: Channel,
    /// Now, if it is not said.
    arrived_at: Option<Moment>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A workbook of what an earlier way charged, and for which month.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargedFile {
    /// Name of the file.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// The service month, which must be over.
    month: Month,
}

pub fn whole(file: File) -> Result<Bytes, Trouble> {
    let empty = || Trouble::unusable("本文にファイルの内容を入れてください。");
    optional(file)?.ok_or_else(empty)
}

/// As [`whole`], where the body may be empty.
pub fn optional(file: File) -> Result<Option<Bytes>, Trouble> {
    let bytes =
        file.map_err(|why| Trouble { status: why.status(), ..Trouble::unusable(why.body_text()) })?;
    Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
}

pub fn name_of(name: &str) -> Result<&str, Trouble> {
    let good = !name.trim().is_empty()
        && name.chars().count() <= 200
        && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
    match good {
        true => Ok(name),
        false => Err(Trouble::unusable("name にはファイル名だけを 200 文字までで書いてください。")),
    }
}

pub async fn deposits(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked<Named>,
    file: File,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::RegisterMoney)?;
    let content: [&[u8]; 4] = [b"deposits", name.as_bytes(), query.reason.as_bytes(), &bytes];
    once(&app, &actor, &headers, &content, async {
        let found = app.engine.import_deposits_because(name, &bytes, &actor, &query.reason).await?;
        let engine::Deposits { applied, known, unmatched, waiting, doubts, repeated, .. } = found;
        Ok(DepositsTaken { applied, known, unmatched, waiting, doubts, repeated })
    })
    .await
}

pub async fn usage(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked<Named>,
    file: File,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::RegisterOperation)?;
    let content: [&[u8]; 4] = [b"usage", name.as_bytes(), query.reason.as_bytes(), &bytes];
    once(&app, &actor, &headers, &content, async {
        let found = app.engine.import_usage_because(name, &bytes, &actor, &query.reason).await?;
        let engine::Usage { accepted, replaced, known, refused, doubts, repeated, .. } = found;
        let doubts = doubts.iter().map(|one| one.line(Language::English)).collect();
        Ok(UsageTaken { accepted, replaced, known, refused, doubts, repeated })
    })
    .await
}

/// Nothing is recorded, so that it needs no number of its own.
pub async fn comparison(
    State(app): State<Arc<App>>,
    asked: Asked<ChargedFile>,
    file: File,
) -> Result<axum::Json<Comparison>, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let found = app.engine.compare_charges(name_of(&query.name)?, &bytes, query.month);
    Ok(axum::Json(found.await?))
}

pub async fn application(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked<FormFile>,
    file: File,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::RegisterArrival)?;
    let sent_at = past(&app, query.sent_at, "sent_at")?;
    let received_at = past(&app, query.received_at, "received_at")?.max(sent_at);
    let more = format!(
        "{:?} {:?} {:?} {:?}",
        query.reference, query.channel, query.sent_at, query.received_at
    );
    let content: [&[u8]; 4] = [b"application", name.as_bytes(), more.as_bytes(), &bytes];
    once(&app, &actor, &headers, &content, async {
        let engine = &app.engine;
        let registered = if document::is_mail(name, &bytes) {
            engine.receive_application_mail(name, &bytes, &actor).await?
        } else {
            let (Some(reference), Some(channel)) = (&query.reference, query.channel) else {
                let detail = "申込書だけを送るときは reference と channel も書いてください。";
                return Err(Trouble::unusable(detail));
            };
            let files = Vec::new();
            let came = ApplicationCame {
                reference,
                channel,
                sent_at,
                received_at,
                sent_doubt: None,
                files,
            };
            engine.receive_application_file(came, name, &bytes, &actor).await?
        };
        let engine::Registered { account, application, outcome } = registered;
        let number = app.number_of(&application.0).await?;
        Ok(ApplicationTaken { account, application, number, taken: Taken::of(outcome) })
    })
    .await
}

pub async fn cancellation(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked<CancellationFile>,
    file: File,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::RegisterArrival)?;
    let arrived_at = past(&app, query.arrived_at, "arrived_at")?;
    let more = format!("{:?} {:?} {:?}", query.channel, query.arrived_at, query.reason);
    let content: [&[u8]; 4] = [b"cancellation", name.as_bytes(), more.as_bytes(), &bytes];
    once(&app, &actor, &headers, &content, async {
        let (channel, at) = (query.channel, arrived_at);
        let found = app
            .engine
            .receive_cancellation_file(name, &bytes, channel, at, &actor, &query.reason)
            .await?;
        Ok(Taken::of(found))
    })
    .await
}

/// What the row is called that keeps the name of whoever signed, and nothing else.
pub const SIGNER: &str = "signer";

/// A file or paper as it came, for those who may see personal data.
pub async fn evidence(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    axum::extract::Path(id): axum::extract::Path<String>,
) -> Result<Response, Trouble> {
    use axum::http::{HeaderValue, header};
    use axum::response::IntoResponse;
    // The record names it together with its hash.
    let id = id.split(" blake3:").next().unwrap_or_default();
    let missing = || {
        Trouble::not_found("証拠", id, "登録（entries）の evidence にある名前を使ってください。")
    };
    let row = app.engine.store.personal(id).await?.ok_or_else(missing)?;
    // What a request was answered is nobody's paper, and no secret is evidence.
    let is_evidence = !matches!(row.class.as_str(), "answer" | "totp");
    let names_amounts = row.class == "preview"
        || engine::is_invoice(id)
        || id.starts_with("mail/credit-note-")
        || filed::asks_for_money(&app, id).await?;
    if !is_evidence || (names_amounts && visitor.amounts() == Amounts::Hidden) {
        return Err(missing());
    }
    // The name of a signer is read in place; what somebody sent is only saved.
    let (place, name, kind) = match row.name.as_str() {
        SIGNER => ("inline", "signer.txt".to_owned(), "text/plain; charset=utf-8"),
        name => ("attachment", name.replace('/', "_"), "application/octet-stream"),
    };
    let name = crate::web::parts::path("", &name);
    let place = format!("{place}; filename*=UTF-8''{}", name.trim_start_matches('/'));
    let mut response = (StatusCode::OK, row.content).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, place);
    }
    Ok(response)
}
