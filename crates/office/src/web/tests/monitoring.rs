//! Liveness, readiness and metrics: for this machine, and for whoever has the token.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use engine::ManualClock;
use engine::scenario::{Mailbox, PublicPages};
use store::SqlStore;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use super::{Answer, EVERYTHING, MONITORING, Office, Site};
use crate::access::OneTimeCodes;
use crate::open;
use crate::web::looks::{ICON, STYLE};

/// The store of the engine's tests, of which these use a part.
#[allow(dead_code)]
#[path = "../../../../engine/tests/whole/desk/failing_store.rs"]
mod failing_store;

use failing_store::FailingStore;

/// A question from an address, with further headers.
async fn asked(office: &Office, path: &str, from: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("host", "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    office.ask(request).await
}

#[tokio::test]
async fn this_machine_and_the_token_are_admitted_and_nobody_else_is() {
    let office = Office::at("2026-04-03T15:00:00").await;
    let token = format!("Bearer {MONITORING}");
    let here = "127.0.0.1:50000";
    for path in ["/ready", "/metrics"] {
        let status =
            async |headers: &[(&str, &str)]| asked(&office, path, here, headers).await.status;
        assert_eq!(status(&[]).await, StatusCode::OK, "{path}");
        // A proxy on this machine passes on what comes from others.
        let passed_on = ("x-forwarded-for", "192.0.2.7");
        assert_eq!(status(&[passed_on]).await, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(status(&[passed_on, ("authorization", &token)]).await, StatusCode::OK);
        let wrong = ("authorization", "Bearer another token");
        assert_eq!(status(&[passed_on, wrong]).await, StatusCode::UNAUTHORIZED, "{path}");
    }
    let health = asked(&office, "/health", here, &[("x-forwarded-for", "192.0.2.7")]).await;
    assert_eq!(health.status, StatusCode::OK);
    assert_eq!(health.json()["status"], "ok");
}

#[tokio::test]
async fn ready_says_how_long_something_has_been_due() {
    let office = Office::at("2026-04-03T15:00:00").await;
    let answer = asked(&office, "/ready", "127.0.0.1:50000", &[]).await;
    assert_eq!(answer.json()["status"], "ready");
    assert_eq!(answer.json()["reasons"], serde_json::json!([]));
    assert!(answer.json()["queue_age_seconds"].is_i64());
}

/// An office whose data are in a folder, with a worker that has come to an end.
async fn in_folder(data: &Path, worker: Option<AbortHandle>) -> (Office, Arc<SqlStore>) {
    let clock = Arc::new(ManualClock::at("2026-04-01T09:00:00".parse().unwrap()));
    let store = Arc::new(SqlStore::open(data).await.unwrap());
    let (mail, operator) = (Arc::new(Mailbox::default()), open::operator(None).unwrap());
    let engine = open::engine(
        store.clone(),
        mail,
        Arc::new(PublicPages::default()),
        clock.clone(),
        operator,
    )
    .await
    .unwrap();
    let site = Site { worker, data: Some(data.to_owned()), ..Site::default() };
    (Office::on(site, Arc::new(engine), clock, OneTimeCodes::Optional), store)
}

async fn reasons(office: &Office) -> (StatusCode, String) {
    let ready = asked(office, "/ready", "127.0.0.1:50000", &[]).await;
    (ready.status, ready.json()["reasons"].to_string())
}

#[tokio::test]
async fn health_answers_while_the_store_fails_and_ready_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (office, store) = in_folder(folder.path(), None).await;
    assert_eq!(reasons(&office).await, (StatusCode::OK, "[]".to_owned()));
    let keys = folder.path().join("keys.db");
    std::fs::rename(&keys, folder.path().join("elsewhere.db")).unwrap();
    let (status, why) = reasons(&office).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(why.contains("keys.db is not there any more"), "{why}");
    store.close().await;
    let (status, why) = reasons(&office).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(why.contains("cannot be written") && why.contains("cannot be read"), "{why}");
    for path in ["/health", "/api/v1/openapi.json", &STYLE.path(), &ICON.path()] {
        let answer = asked(&office, path, "127.0.0.1:50000", &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
    // Whoever comes as somebody is not taken for somebody else.
    let token = ("cookie", format!("yakkan={}", "0".repeat(64)));
    let page = asked(&office, "/contracts", "127.0.0.1:50000", &[(token.0, &token.1)]).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", page.text);
}

/// A full disk in earnest is filled for the store's own tests.
#[tokio::test]
async fn a_full_disk_is_told_and_afterwards_the_same_request_is_done_once() {
    let first = Office::at("2026-04-01T10:00:00").await;
    let store = Arc::new(FailingStore::over(first.engine.store.clone()));
    let (mail, operator) = (Arc::new(Mailbox::default()), open::operator(None).unwrap());
    let engine = open::engine(
        store.clone(),
        mail,
        Arc::new(PublicPages::default()),
        first.clock.clone(),
        operator,
    )
    .await
    .unwrap();
    let office = Office::over(Arc::new(engine), first.clock.clone()).await;
    let (_, account) = office.only("application").await;
    let fact = serde_json::json!({
        "type": "payment_credited", "on": "2026-04-01", "amount": 660, "payer": "ｱ",
    });
    let body = serde_json::json!({ "account": account, "content": fact }).to_string();
    let pays = async || {
        let sent = (body.clone(), "application/json");
        office.post_keyed_as(EVERYTHING, "/api/v1/facts", "paid-1", sent).await
    };
    office.token(EVERYTHING).await;
    store.fill();
    let full = pays().await;
    assert_eq!(full.status, StatusCode::INSUFFICIENT_STORAGE, "{}", full.text);
    assert_eq!(full.json()["type"], "urn:yakkan:problem:store");
    store.free();
    assert_eq!(pays().await.status, StatusCode::CREATED);
    assert_eq!(pays().await.json()["repeated"], true);
}

#[tokio::test]
async fn ready_tells_that_the_worker_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let worker = tokio::spawn(async {});
    let handle = worker.abort_handle();
    worker.await.unwrap();
    let (office, _store) = in_folder(folder.path(), Some(handle)).await;
    let (status, why) = reasons(&office).await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && why.contains("the worker"), "{why}");
}

#[tokio::test]
async fn health_answers_while_long_requests_run() {
    let office = Arc::new(Office::at("2026-04-01T09:00:00").await);
    let moving = office.app.moving.lock().await;
    let mut long = JoinSet::new();
    for _ in 0..8 {
        let office = office.clone();
        long.spawn(async move {
            office.post("/api/v1/clock", serde_json::json!({ "to": "2026-04-01T10:00" })).await
        });
    }
    tokio::task::yield_now().await;
    for _ in 0..20 {
        let health = asked(&office, "/health", "127.0.0.1:50000", &[]);
        let health = timeout(Duration::from_secs(5), health).await.expect("it waits for nobody");
        assert_eq!(health.status, StatusCode::OK);
    }
    drop(moving);
    while let Some(answer) = long.join_next().await {
        assert_ne!(answer.unwrap().status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}

/// The value of a series, by name and labels as they are written.
fn value(metrics: &str, series: &str) -> Option<f64> {
    let line = metrics.lines().find(|line| line.split(' ').next() == Some(series))?;
    line.split(' ').next_back()?.parse().ok()
}

#[tokio::test]
async fn metrics_count_kinds_and_outcomes_and_name_nobody() {
    // Counting begins before the life is played.
    crate::metered::handle();
    let office = Office::at("2026-07-01T10:00:00").await;
    office.get("/contracts").await;
    let text = asked(&office, "/metrics", "127.0.0.1:50000", &[]).await.text;
    for series in [
        "yakkan_mails_total{outcome=\"accepted\"}",
        "yakkan_outbox_effects{state=\"done\"}",
        "yakkan_commit_seconds_count",
        "process_start_time_seconds",
    ] {
        assert!(value(&text, series).is_some_and(|value| value > 0.0), "{series}: {text}");
    }
    assert_eq!(value(&text, "yakkan_outbox_effects{state=\"held\"}"), Some(0.0), "{text}");
    let counted = |start: &str, all: &[&str]| {
        let mut lines = text.lines().filter(|line| line.starts_with(start));
        lines.any(|line| all.iter().all(|part| line.contains(part)))
    };
    let registrations = "yakkan_registrations_total{";
    assert!(counted(registrations, &["kind=\"application_received\""]), "{text}");
    assert!(counted(registrations, &["content=\"act\"", "refused=\"true\""]), "{text}");
    let requests = "yakkan_http_requests_total{";
    assert!(counted(requests, &["route=\"/contracts\"", "status=\"200\""]), "{text}");
    assert!(text.contains(concat!("yakkan_build_info{version=\"", env!("CARGO_PKG_VERSION"))));
    // No id of a contract, account, invoice or person is a label.
    for word in ["K-0", "A-1", "INV-", "@", "aoba", "suzuki"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}
