//! Every route, with ids that exist and ids that do not.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::announce::{announced, delivery};
use super::deposits::unknown_deposits;
use super::matters::reported;
use super::quotations::quoted;
use super::site::told_to_all;
use super::story::whole_story;
use super::{EVERYTHING, Office};
use crate::web::need::Need;
use crate::web::routes::{Kind, ROUTES, Route};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

#[tokio::test]
async fn every_route_answers_for_what_exists_and_says_so_when_nothing_does() {
    let office = Office::at(SUSPENDED).await;
    quoted(&office).await;
    reported(&office).await;
    announced(&office).await;
    unknown_deposits(&office).await;
    told_to_all(&office, "件名").await;
    let staff = |route: &&Route| {
        // What is proposed has a test of its own (`desk.rs`): here nothing is.
        let own = ["/my", "/sign-in", "/proposals/"].iter().any(|own| route.path.contains(own));
        let monitoring = route.need == Need::Monitoring;
        route.method == "GET" && !own && !monitoring && !route.path.starts_with("/set-up")
    };
    for route in ROUTES.iter().filter(staff) {
        let real = with_ids(&office, route.path, true).await;
        let answer = office.get(&real).await;
        assert_eq!(answer.status, StatusCode::OK, "{real}: {}", answer.text);
        if real == route.path {
            continue;
        }
        let unknown = with_ids(&office, route.path, false).await;
        let answer = office.get(&unknown).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        let kind = answer.headers["content-type"].to_str().unwrap();
        match route.kind {
            Kind::Api => {
                assert_eq!(kind, "application/problem+json");
                assert_eq!(answer.json()["type"], "urn:yakkan:problem:not-found");
            }
            _ => assert!(
                answer.text.contains("登録されていません") && answer.text.contains("ください")
            ),
        }
    }
    shows_amounts_clauses_and_states(&office).await;
    titles_stand_in_the_navigation(&office).await;
}

async fn with_ids(office: &Office, path: &str, real: bool) -> String {
    let (contract, account) = office.only("contract").await;
    let (application, _) = office.only("application").await;
    let id = |id: &str| if real { id.to_owned() } else { "X-0000".to_owned() };
    if path.starts_with("/site/notices/") {
        path.replace("{id}", &id("N-0002"))
    } else if path.starts_with("/site/") {
        path.replace("{version}", &id("1.1")).replace("{name}", &id("application.xlsx"))
    } else if path.contains("/accounts/") || path.contains("/customers/") {
        path.replace("{id}", &id(&account))
    } else if path.contains("/evidence/") {
        path.replace("{*id}", &id(&format!("{contract}/contact/responsible_person")))
    } else if path.contains("/applications/") {
        path.replace("{id}", &id(&application))
    } else if path.starts_with("/deposits/") {
        let waiting = office.engine.waiting_movements().await.unwrap();
        path.replace("{id}", &id(&waiting[0].id))
    } else if path.contains("/deliveries/") || path.contains("/my/announcements/") {
        path.replace("{id}", &id(&delivery(office).await))
    } else if path.contains("/announcements/") || path.contains("/notices/") {
        path.replace("{id}", &id("N-0001")).replace("{kind}", &id("maintenance"))
    } else if path.contains("/matters/") {
        path.replace("{id}", &id(&office.only("matter").await.0))
    } else if path.contains("/outbox/") {
        path.replace("{id}", &id("invoice-INV-2026-000001"))
    } else if path.contains("/quotes/") || path.contains("/quotations/") {
        path.replace("{number}", &id("QUO-2026-000001"))
    } else if path.contains("/papers/") || path.contains("/filed/") {
        path.replace("{*id}", &id("paper/QUO-2026-000001"))
    } else if path.contains("/why/") {
        path.replace("{*id}", &id("INV-2026-000001/1"))
    } else if path.contains("/looks/") {
        path.replace("{name}", &id(crate::web::looks::STYLE.path().trim_start_matches("/looks/")))
    } else if path.contains("/terms/") {
        path.replace("{id}", &id("16-1(2)"))
    } else if path.contains("/documents/") {
        path.replace("{*id}", &id("paper/invoice-INV-2026-000001"))
    } else if path.contains("/entries/") || path.contains("/correct/") {
        let entry = id(&format!("received-{application}"));
        path.replace("{account}", &account).replace("{*id}", &entry)
    } else {
        path.replace("{number}", &id("INV-2026-000001")).replace("{id}", &id(&contract))
    }
}

async fn shows_amounts_clauses_and_states(office: &Office) {
    let invoice = office.get("/invoices/INV-2026-000001").await.text;
    assert!(invoice.contains("113,565") && invoice.contains("/why/INV-2026-000001/1"));
    assert!(invoice.contains("/documents/paper/invoice-INV-2026-000001"));
    let paper = office.get("/documents/paper/invoice-INV-2026-000001").await;
    assert_eq!(paper.headers["content-type"], "application/pdf");
    let (contract, _) = office.only("contract").await;
    let page = office.get(&format!("/contracts/{contract}")).await.text;
    for shown in ["提供停止中", "/why/C-", "この計算機からのみ"] {
        assert!(page.contains(shown), "{shown}");
    }
    let story = whole_story(office, EVERYTHING, &format!("/contracts/{contract}")).await;
    assert!(story.concat().contains("href=\"/terms/9-4\""));
    // Three of 24,800 a month and the support; what is measured is apart from it.
    for shown in ["74,400", "50,000", "月額の合計（税抜、従量を除く）", "124,400"] {
        assert!(page.contains(shown), "{shown}");
    }
    let why = office.get("/why/INV-2026-000001/1?lang=en&audience=public").await.text;
    assert!(why.contains("monthly fee") && !why.contains("[staff]"), "{why}");
    let reading = office.get("/terms/A-02").await.text;
    assert!(reading.contains("小林　律 署名"));
    assert!(office.get("/terms/A-03").await.text.contains("未署名"));
    let refused = office.get("/refused").await.text;
    assert!(refused.contains("usage-broken.csv"));
}

async fn titles_stand_in_the_navigation(office: &Office) {
    let home = office.get("/").await;
    assert!(home.text.contains("2026-09-08 10:30") && home.text.contains("action=\"/clock\""));
    // The review stands there while one is open: it has a test of its own.
    let always = |route: &&Route| route.menu && route.path != "/restored";
    for route in ROUTES.iter().filter(always).filter(|route| !route.path.starts_with("/my")) {
        assert!(home.text.contains(route.title), "{}", route.title);
    }
    let policy = home.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"));
}

#[tokio::test]
async fn other_sites_and_other_names_are_turned_away() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let named = Request::get("/").header("host", "rebound.example:8080");
    let answer = office.ask(named.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let posted = Request::post("/clock")
        .header("host", "127.0.0.1:8080")
        .header("origin", "https://elsewhere.example")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = office.ask(posted.body(Body::from("to=2026-05-01T00:00")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(office.engine.now().to_minute_text(), "2026-04-01 09:00");
    assert_eq!(office.get("/nothing-here").await.status, StatusCode::NOT_FOUND);
}
