//! For monitoring: does the process live, can it work, what has it counted?
//!
//! `/health` tells nothing and is open. The rest ([`Need::Monitoring`]) is for
//! this machine, or for whoever has the token of the configuration: behind a proxy
//! every request comes from this machine, and one that was passed on is not ours.
//!
//! [`Need::Monitoring`]: super::need::Need::Monitoring

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::App;
use super::answer::Trouble;
use crate::metered;

/// Seconds for which something may be due before the process is no longer ready.
const STUCK: i64 = 600;

/// The process answers; a restart would not help a store that cannot be written.
pub async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Whether work can be given to this process.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let mut reasons = Vec::new();
    if let Err(error) = app.engine.store.probe().await {
        reasons.push(format!("the store cannot be written: {error}"));
    }
    let backlog = app.engine.store.backlog().await;
    let age = match &backlog {
        Ok(backlog) => backlog.age(app.engine.now()),
        Err(error) => {
            reasons.push(format!("the store cannot be read: {error}"));
            0
        }
    };
    // On a manual clock nothing is done by itself.
    if app.clock.is_none() && age > STUCK {
        reasons.push(format!("something has been due for {age} seconds"));
    }
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if reasons.is_empty() { "ready" } else { "not ready" };
    let body = json!({ "status": word, "queue_age_seconds": age, "reasons": reasons });
    (status, Json(body)).into_response()
}

/// Prometheus text.
pub async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Trouble> {
    let backlog = app.engine.store.backlog().await?;
    let text = metered::text(&backlog, app.engine.now());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// Whether a request comes from this machine itself, or with the token.
pub fn admits(app: &App, request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    is_local(peer, request.headers()) || has_token(app, request.headers())
}

fn is_local(peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    peer.is_some_and(|peer| peer.ip().is_loopback())
        && !passed_on.iter().any(|name| headers.contains_key(*name))
}

fn has_token(app: &App, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|text| text.strip_prefix("Bearer "));
    match (&app.monitoring_token, given) {
        // By their hashes, so that the time of the comparison tells nothing.
        (Some(token), Some(given)) => {
            blake3::hash(token.reveal().as_bytes()) == blake3::hash(given.trim().as_bytes())
        }
        _ => false,
    }
}

/// Counts a request under the path of its route, which holds no id, and logs it.
pub async fn count(route: &'static str, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().as_str().to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    metered::request(route, &method, status, took);
    let milliseconds = took.as_millis() as u64;
    tracing::info!(route, method, status, milliseconds, "request");
    response
}
