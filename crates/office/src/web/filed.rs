//! Papers of the index (電子帳簿保存): who may see which, and the papers themselves.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::registered::filing::{DocumentKind, FiledDocument};
use contract::who::roles::Permission;
use engine::DocumentRow;

use super::App;
use super::answer::Trouble;
use super::documents::as_sent;
use crate::access::Visitor;

pub fn may_see(visitor: &Visitor, kind: DocumentKind) -> bool {
    visitor.holds(kind.asks())
}

/// The same rule for an issued paper by the kind under which it is kept: invoices and
/// credit notes are money, every other paper names people.
pub fn may_open(visitor: &Visitor, kept_as: &str) -> bool {
    visitor.holds(match kept_as {
        "invoice" | "credit_note" => Permission::ReadMoney,
        _ => Permission::ReadPersonal,
    })
}

/// Whether a paper of the index is for those who see money.
///
/// # Errors
/// When the store fails.
pub async fn asks_for_money(app: &App, id: &str) -> Result<bool, Trouble> {
    let view = app.engine.store.view("filed", id).await?;
    let filed = view.and_then(|view| serde_json::from_value::<FiledDocument>(view.content).ok());
    Ok(filed.is_some_and(|filed| filed.kind.asks() == Permission::ReadMoney))
}

/// Where a paper of the index is had.
pub fn path(document: &str) -> String {
    super::parts::path("/papers", document)
}

/// One paper, as it was filed, sent or received.
pub async fn paper(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("書類", &id, "書類の検索から開いてください。");
    let view = app.engine.store.view("filed", &id).await?.ok_or_else(missing)?;
    let filed: FiledDocument = serde_json::from_value(view.content).map_err(|_| missing())?;
    if !may_see(&visitor, filed.kind) {
        // As for an id that nothing has: that there is one is told to nobody else.
        return Err(missing());
    }
    if let Some(document) = app.engine.store.document(&id).await? {
        return Ok(as_sent(document));
    }
    let row = app.engine.store.personal(&id).await?.ok_or_else(|| {
        let detail = format!("書類「{id}」は消去されました。");
        Trouble::new(axum::http::StatusCode::GONE, "erased", "消去された書類です", detail)
    })?;
    let pdf = row.name.to_lowercase().ends_with(".pdf") && row.content.starts_with(b"%PDF-");
    let mime = if pdf { "application/pdf" } else { "application/octet-stream" }.to_owned();
    Ok(as_sent(DocumentRow {
        id,
        account: row.account,
        kind: "filed".to_owned(),
        name: row.name,
        mime,
        bytes: row.content,
    }))
}
