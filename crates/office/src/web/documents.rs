//! Issued papers, as they were sent.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use engine::DocumentRow;

use super::App;
use super::answer::Trouble;
use super::{filed, parts};
use crate::access::Visitor;

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let found = app.engine.store.document(&id).await?;
    // To anybody else it is as if it were not there, as among the filed papers.
    let found = found.filter(|document| filed::may_open(&visitor, &document.kind));
    let missing = || Trouble::not_found("書類", &id, "請求書のページから開いてください。");
    Ok(as_sent(found.ok_or_else(missing)?))
}

/// The answer with a paper in it.
pub fn as_sent(document: DocumentRow) -> Response {
    // Only what the browser cannot run is shown in place.
    let (place, mime) = match document.mime.as_str() {
        "application/pdf" => ("inline", "application/pdf"),
        _ => ("attachment", "application/octet-stream"),
    };
    let name = parts::path("", &document.name.replace('/', "_"));
    let disposition = format!("{place}; filename*=UTF-8''{}", name.trim_start_matches('/'));
    let mut response = document.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    // The page's own policy would keep the browser's PDF viewer from working.
    let policy = HeaderValue::from_static("frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
