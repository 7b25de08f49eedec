//! Taking over an earlier book, for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use contract::who::roles::{Permission, Role};
use document::wording::Language;
use reckon::Yen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::files::{File, name_of, whole};
use super::once::{hat, once};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;

/// A workbook to be looked at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookFile {
    /// Name of the file, as it stands in the record.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A workbook that was checked before.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckedBook {
    /// Name of the file, as it stands in the record.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// As the check answered it: what is loaded is what was looked at.
    sha256: String,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// What a load came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BookTaken {
    contracts: usize,
    receivables: usize,
    /// Rows that had been loaded before.
    known: usize,
    /// What the book says is open of the receivables loaded now, and the ledger.
    open_in_book: Yen,
    open_in_ledger: Yen,
}

pub async fn check(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    asked: Asked<BookFile>,
    file: File,
) -> Result<Json<engine::Preview>, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::TakeOver)?;
    let takeover = app.engine.check_book(name, &bytes, &actor).await?;
    Ok(Json(app.engine.preview(&takeover, Language::Japanese)?))
}

pub async fn load(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked<CheckedBook>,
    file: File,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?;
    let actor = hat(&visitor, query.role, Permission::TakeOver)?;
    let is = engine::sha256_of(&bytes);
    if is != query.sha256.to_lowercase() {
        let detail = format!(
            "このファイルの SHA-256 は {is} で、確かめたファイルのものと違います。check で確かめ直してください。"
        );
        let title = "確かめたファイルと違います";
        return Err(Trouble::new(StatusCode::CONFLICT, "other-file", title, detail));
    }
    once(&app, &actor, &headers, &[b"takeover", name.as_bytes(), &bytes], async {
        let loaded = app.load_book(name.to_owned(), bytes.to_vec(), actor.clone()).await?;
        Ok(BookTaken {
            contracts: loaded.contracts,
            receivables: loaded.receivables,
            known: loaded.known,
            open_in_book: loaded.open_in_book,
            open_in_ledger: loaded.open_in_ledger,
        })
    })
    .await
}
