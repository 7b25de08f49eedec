//! What stands around an answer: how it travels, and what a browser may keep of it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use super::{EVERYTHING, Office, Site};
use crate::access::OneTimeCodes;
use crate::web::Front;
use crate::web::looks::{ICON, STYLE};

/// An answer to a browser that takes it compressed.
async fn compressed(office: &Office, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let token = office.token(EVERYTHING).await;
    let request = Request::get(path)
        .header("host", "127.0.0.1:8080")
        .header("cookie", format!("yakkan={token}"))
        .header("accept-encoding", "gzip, br");
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = office.router.clone().oneshot(request).await.unwrap().into_parts();
    (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn pages_style_and_json_travel_compressed() {
    let office = Office::at("2026-04-03T15:00:00").await;
    for path in ["/terms", "/contracts", "/api/v1/openapi.json", &STYLE.path()] {
        let (status, headers, bytes) = compressed(&office, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers["content-encoding"], "gzip", "{path}");
        let plain = office.get(path).await;
        assert!(!plain.headers.contains_key("content-encoding"), "{path}");
        assert!(bytes.len() < plain.text.len(), "{path}: {} bytes", bytes.len());
    }
}

#[tokio::test]
async fn a_browser_keeps_style_and_icon_and_nothing_else() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let page = office.get("/contracts").await;
    assert_eq!(page.headers["cache-control"], "no-store");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for (look, allowed) in [(&STYLE, "style-src 'self'"), (&ICON, "img-src 'self'")] {
        assert!(page.text.contains(&format!("href=\"{}\"", look.path())), "{}", page.text);
        assert!(policy.contains(allowed), "{policy}");
        let answer = office.get(&look.path()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    assert!(!page.text.contains("data:"), "the policy admits none");
    let old = office.get("/looks/style-0000000000000000.css").await;
    assert_eq!(
        (old.status, &old.headers["cache-control"]),
        (StatusCode::NOT_FOUND, &"no-store".parse().unwrap())
    );
}

#[tokio::test]
async fn behind_tls_the_browser_is_told_to_stay_there_and_the_document_names_its_cookie() {
    let first = Office::at("2026-04-01T09:00:00").await;
    let plain = first.get("/health").await;
    assert!(!plain.headers.contains_key("strict-transport-security"));
    let cookie = |document: &serde_json::Value| {
        document["components"]["securitySchemes"]["session"]["name"].clone()
    };
    assert_eq!(cookie(&first.get("/api/v1/openapi.json").await.json()), "yakkan");
    let front = Front::behind("https://desk.example.jp", Vec::new()).unwrap();
    let site = Site { front, ..Site::default() };
    let office =
        Office::on(site, first.engine.clone(), first.clock.clone(), OneTimeCodes::Optional);
    for path in ["/health", "/sign-in", "/api/v1/openapi.json", "/nothing-here"] {
        let request = Request::get(path)
            .header("host", "desk.example.jp")
            .header("x-forwarded-proto", "https");
        let answer = office.ask(request.body(Body::empty()).unwrap()).await;
        let told = answer.headers["strict-transport-security"].to_str().unwrap();
        assert!(told.starts_with("max-age=31536000"), "{path} {told}");
        if path.ends_with(".json") {
            assert_eq!(cookie(&answer.json()), "__Host-yakkan");
        }
    }
}

#[tokio::test]
async fn no_two_pages_carry_the_same_token() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let token = |page: &str| {
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let first = token(&office.get("/search?q=a").await.text);
    assert_ne!(first, token(&office.get("/search?q=a").await.text));
    assert_eq!(first.len(), 128);
}
