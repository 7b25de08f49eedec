//! Liveness, readiness and metrics: for this machine, and for whoever has the token.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};

use super::{Answer, MONITORING, Office};

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
