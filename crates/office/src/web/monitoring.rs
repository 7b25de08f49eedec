//! For monitoring: does the process live, can it work, what has it counted?
//!
//! `/health` tells nothing and is open. The rest ([`Need::Monitoring`]) is for
//! this machine, or for whoever has the token of the configuration: behind a proxy
//! every request comes from this machine, and one that was passed on is not ours.
//!
//! [`Need::Monitoring`]: super::need::Need::Monitoring

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::StoreError;
use serde_json::{Value, json};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::App;
use super::answer::Trouble;
use crate::metered;

/// Seconds for which something may be due before the process is no longer ready.
const STUCK: i64 = 600;

/// How long the store may take for an answer: a large import keeps it for a while.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes without which the next file or paper does not fit on the disk.
const LEAST_SPACE: u64 = 100 * 1024 * 1024;

/// The process answers, and asks nobody: a restart would not help a store that fails.
pub async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Whether work can be given to this process.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let store = &app.engine.store;
    let (written, backlog) = tokio::join!(in_time(store.probe()), in_time(store.backlog()));
    let mut reasons = Vec::new();
    if let Err(why) = written {
        reasons.push(format!("the store and its keys cannot be written: {why}"));
    }
    let age = match backlog {
        Ok(backlog) => backlog.age(app.engine.now()),
        Err(why) => {
            reasons.push(format!("the store cannot be read: {why}"));
            0
        }
    };
    reasons.extend(app.data.as_deref().and_then(|data| too_full(data, LEAST_SPACE)));
    if app.worker.as_ref().is_some_and(AbortHandle::is_finished) {
        reasons.push("the worker that sends mails has ended: restart the process".to_owned());
    }
    // On a manual clock nothing is done by itself.
    if app.clock.is_none() && age > STUCK {
        reasons.push(format!("something has been due for {age} seconds"));
    }
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if reasons.is_empty() { "ready" } else { "not ready" };
    let body = json!({ "status": word, "queue_age_seconds": age, "reasons": reasons });
    (status, Json(body)).into_response()
}

async fn in_time<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, String> {
    match timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
    }
}

/// What is wrong with the disk of the data folder.
fn too_full(data: &Path, least: u64) -> Option<String> {
    match rustix::fs::statvfs(data) {
        Ok(disk) => {
            let free = disk.f_bavail * disk.f_frsize;
            (free < least).then(|| format!("the disk is full: {} MiB are free", free >> 20))
        }
        Err(error) => Some(format!("the data folder {} cannot be read: {error}", data.display())),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_missing_folder_are_told() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(too_full(folder.path(), 0), None);
        assert!(too_full(folder.path(), u64::MAX).unwrap().contains("the disk is full"));
        assert!(too_full(&folder.path().join("gone"), 0).unwrap().contains("cannot be read"));
    }
}
