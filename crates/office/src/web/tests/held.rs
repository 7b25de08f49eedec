//! What held when strangers tried it, kept as it is: every way in from every side.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::Stage;
use engine::people::Belongs;

use super::ids::Ids;
use super::{Answer, EVERYTHING, Office};
use crate::access::{Came, csrf_of};
use crate::web::need::Need;
use crate::web::routes::{Kind, ROUTES, Route};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

async fn ask(office: &Office, route: &Route, token: &str, csrf: Option<&str>) -> Answer {
    let path: Vec<_> =
        route.path.split('/').map(|part| part.replace(['{', '}', '*'], "")).collect();
    let method: Method = route.method.parse().unwrap();
    let mut request = Request::builder()
        .method(method)
        .uri(path.join("/"))
        .header("host", "localhost")
        .header("cookie", format!("yakkan={token}"));
    if let Some(csrf) = csrf {
        request = request.header("x-csrf-token", csrf);
    }
    office.ask(request.body(Body::empty()).unwrap()).await
}

async fn session(office: &Office, person: &str, stage: Stage) -> String {
    let came = Came::default();
    office.app.door.open_session(person, stage, &came).await.unwrap().token
}

#[tokio::test]
async fn every_form_and_every_call_that_changes_something_needs_the_token_of_its_session() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let other = csrf_of("another session").unwrap();
    let mut refused = 0;
    for route in ROUTES.iter().filter(|route| route.method == "POST") {
        if matches!(route.need, Need::OwingCode) || route.path.contains("/my") {
            continue;
        }
        for csrf in [None, Some(other.as_str())] {
            let token = session(&office, EVERYTHING, Stage::Full).await;
            let answer = ask(&office, route, &token, csrf).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {csrf:?}", route.path);
            let still = office.app.door.visitor_of_token(&token).await.unwrap();
            assert!(still.is_some(), "{} did something", route.path);
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}

#[tokio::test]
async fn whoever_has_not_wholly_proven_who_they_are_is_led_to_the_next_step_from_everywhere() {
    let office = Office::at("2026-04-01T09:00:00").await;
    for (stage, own, step) in [
        (Stage::Code, Need::OwingCode, "/sign-in/code"),
        (Stage::Enrol, Need::Enrolling, "/account/codes"),
    ] {
        for route in ROUTES.iter().filter(|route| route.need != Need::Public) {
            if route.need == own || route.need == Need::Monitoring {
                continue;
            }
            let token = session(&office, EVERYTHING, stage).await;
            let answer = ask(&office, route, &token, Some(&csrf_of(&token).unwrap())).await;
            let to = answer.headers.get("location").and_then(|to| to.to_str().ok());
            match route.kind {
                Kind::Page => assert_eq!(to, Some(step), "{} at {stage:?}", route.path),
                _ => assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {stage:?}", route.path),
            }
        }
    }
}

#[tokio::test]
async fn every_way_to_anothers_things_leads_nowhere() {
    let office = Office::at(SUSPENDED).await;
    let other = AccountId("A-9999999999999".to_owned());
    let customers = [Role::CustomerAdministrator, Role::CustomerStaff, Role::Applicant];
    office.add("stranger", Belongs::Customer { account: other }, &customers).await;
    let ids = Ids::of(&office).await;
    let company = office.engine.store.views("account").await.unwrap();
    let company = company[0].content["name"].as_str().unwrap().to_owned();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| route.path.contains("/my")) {
        for path in ids.paths(route) {
            let answer = match route.method {
                "GET" => office.get_as("stranger", &path).await,
                _ => office.send_as("stranger", &path, "reason=x&confirmed=yes").await,
            };
            let named = route.path.contains('{');
            assert!(!(named && answer.status.is_success()), "{path}: {}", answer.status);
            assert!(!answer.text.contains(&company), "{path} shows {company}");
            for id in ids.contracts.iter().chain(&ids.invoices) {
                // An answer may repeat what it was asked for.
                assert!(
                    path.contains(id.as_str()) || !answer.text.contains(id),
                    "{path} shows {id}"
                );
            }
            asked += 1;
        }
    }
    assert!(asked > 100, "{asked}");
    let entries = office.engine.store.accounts().await.unwrap();
    assert_eq!(entries, ids.accounts, "nothing was registered for anybody");
}
