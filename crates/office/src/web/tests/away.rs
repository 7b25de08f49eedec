//! Long work: off the threads that listen, few at once, and over with its caller.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Extension, Router};
use contract::Interrupt;
use contract::who::roles::Role;
use engine::people::Belongs;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::{Office, Site};
use crate::access::OneTimeCodes;
use crate::web::routes::Work;
use crate::web::{App, away, frame};

const RUNNING: &str = "2026-05-01T10:00:00";
const FAR: [&str; 2] = ["2199-12-31", "9999-01-01"];

#[tokio::test]
async fn a_day_too_far_away_is_refused_with_the_days_that_can_be_wished() {
    let office = Office::at(RUNNING).await;
    let (id, account) = office.only("contract").await;
    let belongs = Belongs::Customer { account: contract::declare::ids::AccountId(account) };
    office.add("customer", belongs, &[Role::CustomerAdministrator]).await;
    for day in FAR {
        let page = office.get(&format!("/contracts/{id}/stop-trial?desired={day}")).await;
        assert!(page.text.contains("why-not") && !page.text.contains("class=\"compare\""), "{day}");
        let api = office.get(&format!("/api/v1/contracts/{id}/stop-trial?desired={day}")).await;
        assert_eq!(api.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        let detail = api.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(day) && detail.contains("not between"), "{detail}");
        let fields = [("way", "cancel"), ("desired", day)];
        let own = office.look("customer", &format!("/my/contracts/{id}/stop"), &fields).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(own.text.contains("why-not"), "{}", own.text);
    }
    let page = office.get(&format!("/contracts/{id}/stop-trial?desired=2199-12-31")).await;
    assert!(
        page.text.contains("2026-05-01 から 2036-06-29 までで入力してください。"),
        "{}",
        page.text
    );
}

/// A router that loops until it is told to stop, or panics.
fn working(app: &Arc<App>) -> Router {
    let turning = |Extension(caller): Extension<Interrupt>| async move {
        while !caller.is_set() {
            std::thread::sleep(Duration::from_millis(2));
        }
        StatusCode::OK
    };
    let failing = || async {
        if true {
            panic!("on purpose")
        }
    };
    Router::new()
        .route("/turning", get(turning))
        .route("/failing", get(failing))
        .route_layer(from_fn_with_state((app.clone(), Work::Looking), away::send))
        .route("/failing-here", get(failing))
        .layer(away::catching())
        .route("/health", get(|| async { "ok" }))
        .layer(from_fn_with_state(app.clone(), frame::dress))
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn connected(office: &Office, router: Router, path: &str) -> TcpStream {
    let at = Office::listening(router).await;
    let mut connection = TcpStream::connect(at).await.unwrap();
    let token = office.token(super::EVERYTHING).await;
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nCookie: yakkan={token}\r\n\r\n",
        at.port()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection
}

#[tokio::test]
async fn work_ends_when_the_connection_drops() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let connection = connected(&office, working(&office.app), "/turning").await;
    until("the work begins", || office.app.away.looking() == 1).await;
    drop(connection);
    let dropped = Instant::now();
    until("the work ends", || office.app.away.looking() == 0).await;
    println!("the work ended {:?} after the connection", dropped.elapsed());
}

#[tokio::test]
async fn a_trial_of_years_ends_when_the_connection_drops() {
    let office = Office::at(RUNNING).await;
    let (id, _) = office.only("contract").await;
    let path = format!("/contracts/{id}/stop-trial?desired=2036-05-01");
    let connection = connected(&office, office.router.clone(), &path).await;
    until("the trial begins", || office.app.away.looking() == 1).await;
    drop(connection);
    let dropped = Instant::now();
    until("the trial ends", || office.app.away.looking() == 0).await;
    println!("the trial ended {:?} after the connection", dropped.elapsed());
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_with_a_sentence() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let (engine, clock) = (office.engine.clone(), office.clock.clone());
    let patience = Duration::from_millis(200);
    let site = Site { patience, ..Site::default() };
    let app = Office::on(site, engine, clock, OneTimeCodes::Optional).app;
    let request = Request::get("/turning").header("host", "localhost").body(Body::empty());
    let answer = working(&app).oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
    until("the work ends", || app.away.looking() == 0).await;
}

#[tokio::test]
async fn few_work_at_once_and_who_finds_the_queue_full_is_asked_to_come_again() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let router = working(&office.app);
    let ask = |path: &str| {
        let request = Request::get(path).header("host", "localhost").body(Body::empty());
        router.clone().oneshot(request.unwrap())
    };
    let asked: Vec<_> = (0..10).map(|_| tokio::spawn(ask("/turning"))).collect();
    until("two begin", || office.app.away.looking() == 2).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let eleventh = ask("/turning").await.unwrap();
    assert_eq!(eleventh.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(eleventh.headers()["retry-after"], "5");
    assert_eq!(ask("/health").await.unwrap().status(), StatusCode::OK);
    for one in asked {
        one.abort();
    }
    until("all end", || office.app.away.looking() == 0).await;
}

#[tokio::test]
async fn a_handler_that_panics_takes_only_its_own_request() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let router = working(&office.app);
    for path in ["/failing", "/failing-here", "/failing", "/failing-here"] {
        let request = Request::get(path).header("host", "localhost").body(Body::empty());
        let answer = router.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let page = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&page).contains("ほかの操作には影響しません"), "{path}");
    }
    assert_eq!(office.get("/health").await.status, StatusCode::OK);
}
