//! Every route with every role, and with nobody.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use contract::who::roles::Role;
use engine::Stage;
use engine::people::Belongs;
use reckon::Moment;
use serde_json::{Value, json};

use super::{Answer, EVERYTHING, Office};
use crate::access::{Came, NewKey, csrf_of};
use crate::web::need::Need;
use crate::web::routes::{Kind, ROUTES, Route};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

fn name(role: Role) -> String {
    json!(role).as_str().unwrap().replace('_', "-")
}

/// A person for every role, each with this one role only.
async fn with_everybody(office: &Office) -> BTreeMap<String, Role> {
    let account = office.account().await;
    let mut people = BTreeMap::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
        let belongs = match role {
            role if role.is_customers() => Belongs::Customer { account: account.clone() },
            Role::Subcontractor => Belongs::Subcontractor,
            _ => Belongs::Staff,
        };
        let person = format!("only-{}", name(role));
        office.add(&person, belongs, &[role]).await;
        people.insert(person, role);
    }
    people
}

/// What the table says, worked out from it by the test's own rule.
fn is_open_to(route: &Route, role: Role) -> bool {
    match route.need {
        Need::Public | Need::SignedIn | Need::OwnAccount | Need::Enrolling => true,
        Need::OwingCode | Need::Monitoring => false,
        Need::One(permission) => role.holds(permission),
        Need::AnyOf(permissions) => permissions.iter().any(|one| role.holds(*one)),
        Need::AllOf(permissions) => permissions.iter().all(|one| role.holds(*one)),
    }
}

async fn asked(office: &Office, route: &Route, token: Option<&str>, key: Option<&str>) -> Answer {
    let path = route.path.replace("{id}", "X-0").replace("{*id}", "X-0");
    let path = path.replace("{number}", "X-0").replace("{account}", "A-0");
    let path = path
        .replace("{token}", "0000")
        .replace("{name}", "style-0.css")
        .replace("{kind}", "general")
        .replace("{version}", "0.0")
        .replace("{person}", "nobody")
        .replace("{key}", "0");
    let method: Method = route.method.parse().unwrap();
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    if let Some(token) = token {
        let csrf = csrf_of(token).unwrap();
        request = request.header("cookie", format!("yakkan={token}")).header("x-csrf-token", csrf);
    }
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    office.ask(request.body(Body::empty()).unwrap()).await
}

/// Turned away for who they are, not for what they sent.
fn is_turned_away(answer: &Answer) -> bool {
    // Signing out leads there too, but takes the cookie away.
    let to = answer.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
    let cookie = answer.headers.contains_key("set-cookie");
    answer.status == StatusCode::UNAUTHORIZED
        || (answer.status == StatusCode::FORBIDDEN && answer.text.contains("権限がありません"))
        || (!cookie && to.split('?').next() == Some("/sign-in"))
}

#[tokio::test]
async fn every_route_is_open_to_the_roles_of_the_table_and_to_nobody_else() {
    let office = Office::at(SUSPENDED).await;
    let people = with_everybody(&office).await;
    for route in ROUTES.iter() {
        for (person, role) in &people {
            // Routes that end sessions would end the walk: each gets a session of its own.
            let came = Came::default();
            let opened = office.app.door.open_session(person, Stage::Full, &came).await;
            let token = opened.unwrap().token;
            let answer = asked(&office, route, Some(&token), None).await;
            let away = is_turned_away(&answer);
            let (method, path) = (route.method, route.path);
            let no_account = route.path.contains("/my") && *role == Role::Applicant;
            assert!(
                away != is_open_to(route, *role) || no_account,
                "{method} {path} as {person}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn without_sign_in_only_the_public_routes_are_open() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let mut open = BTreeSet::new();
    for route in ROUTES.iter() {
        let answer = asked(&office, route, None, None).await;
        let stale = answer.text.contains("画面が古くなっています");
        if !is_turned_away(&answer) || stale {
            open.insert((route.method, route.path));
        }
        let expected = match route.kind {
            Kind::Page => StatusCode::SEE_OTHER,
            _ => StatusCode::UNAUTHORIZED,
        };
        if route.need != Need::Public {
            assert_eq!(answer.status, expected, "{} {}", route.method, route.path);
        }
    }
    let public = [
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/health"),
        ("GET", "/set-up/{token}"),
        ("GET", "/sign-in"),
        ("GET", "/looks/{name}"),
        ("GET", "/robots.txt"),
        ("GET", "/site"),
        ("GET", "/site/about"),
        ("GET", "/site/apply"),
        ("GET", "/site/forms/{name}"),
        ("GET", "/site/logo"),
        ("GET", "/site/maintenance"),
        ("GET", "/site/notices"),
        ("GET", "/site/notices.atom"),
        ("GET", "/site/notices/{id}"),
        ("GET", "/site/sitemap.xml"),
        ("GET", "/site/terms"),
        ("GET", "/site/terms/{version}"),
        ("POST", "/set-up/{token}"),
        ("POST", "/sign-in"),
    ];
    assert_eq!(open, BTreeSet::from(public), "what is public is decided here, not in passing");
}

/// Written out, so that a route that opens to customers is seen in review.
#[tokio::test]
async fn customers_reach_only_what_is_theirs() {
    let customers = Role::ALL.into_iter().filter(|role| role.is_customers());
    let customers: Vec<_> = customers.collect();
    for route in ROUTES.iter().filter(|route| !matches!(route.need, Need::Public)) {
        let own = ["/my", "/api/v1/my/", "/account", "/sign-", "/api/v1/me"];
        let theirs = own.iter().any(|own| route.path.starts_with(own))
            || matches!(route.path, "/" | "/api/v1");
        for role in &customers {
            assert!(theirs || !is_open_to(route, *role), "{} as {role:?}", route.path);
        }
    }
}

#[tokio::test]
async fn a_customer_sees_no_row_of_another() {
    let office = Office::at(SUSPENDED).await;
    let account = office.account().await;
    let views = office.engine.store.views("account").await.unwrap();
    let own = views.iter().find(|view| view.account == account).unwrap().clone();
    let other = contract::declare::ids::AccountId("A-9999999999999".to_owned());
    let foreign = engine::ViewRow { id: other.0.clone(), account: other.clone(), ..own };
    let step = engine::Transaction { views: vec![foreign], ..Default::default() };
    office.engine.store.commit(&step).await.unwrap();
    let roles = [Role::CustomerAdministrator];
    office.add("own", Belongs::Customer { account: account.clone() }, &roles).await;
    office.add("stranger", Belongs::Customer { account: other }, &roles).await;
    let contracts = |answer: &Answer| answer.json()["items"].as_array().unwrap().len();
    for path in ["/api/v1/my/contracts", "/api/v1/my/invoices"] {
        assert!(contracts(&office.get_as("own", path).await) > 0, "{path}");
        assert_eq!(contracts(&office.get_as("stranger", path).await), 0, "{path}");
    }
    let paper = "/my/documents/paper/invoice-INV-2026-000001";
    assert_eq!(office.get_as("own", paper).await.status, StatusCode::OK);
    assert_eq!(office.get_as("stranger", paper).await.status, StatusCode::NOT_FOUND);
    let other = engine::DocumentRow {
        id: "paper/internal".to_owned(),
        account,
        kind: "note".to_owned(),
        name: "note.txt".to_owned(),
        mime: "text/plain".to_owned(),
        bytes: b"for staff".to_vec(),
    };
    let step = engine::Transaction { documents: vec![other], ..Default::default() };
    office.engine.store.commit(&step).await.unwrap();
    let answer = office.get_as("own", "/my/documents/paper/internal").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "invoices only");
    let page = office.get_as("stranger", "/my").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("INV-2026-") && !page.text.contains("K-"), "{}", page.text);
}

#[tokio::test]
async fn a_key_acts_in_its_one_role_until_it_ends() {
    let office = Office::at("2026-04-01T10:00:00").await;
    let door = &office.app.door;
    let expires_at: Moment = "2026-06-30T00:00:00".parse().unwrap();
    let wanted = |role| NewKey {
        person: EVERYTHING.to_owned(),
        role,
        account: None,
        label: "test".to_owned(),
        expires_at,
    };
    let (text, key) = door.new_key(EVERYTHING, wanted(Role::Billing)).await.unwrap();
    assert!(
        door.new_key(EVERYTHING, NewKey { account: Some("A".into()), ..wanted(Role::Billing) })
            .await
            .is_err()
    );
    for route in ROUTES.iter().filter(|route| route.kind == Kind::Api) {
        let answer = asked(&office, route, None, Some(&text)).await;
        let away = is_turned_away(&answer);
        assert_ne!(away, is_open_to(route, Role::Billing), "{} {}", route.path, answer.text);
    }
    let account = ROUTES.iter().find(|route| route.path == "/account").unwrap();
    assert_eq!(asked(&office, account, None, Some(&text)).await.status, StatusCode::FORBIDDEN);
    let me = ROUTES.iter().find(|route| route.path == "/api/v1/me").unwrap();
    let shown: Value = asked(&office, me, None, Some(&text)).await.json();
    assert_eq!(
        shown["roles"],
        json!([{ "role": "billing", "deputy_for": null, "approves_up_to": null }])
    );
    let other = if text.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{other}", &text[..text.len() - 1]);
    let status = |answer: Answer| answer.status;
    assert_eq!(status(asked(&office, me, None, Some(&wrong)).await), StatusCode::UNAUTHORIZED);
    office.clock.move_to(expires_at);
    assert_eq!(status(asked(&office, me, None, Some(&text)).await), StatusCode::UNAUTHORIZED);
    let later =
        NewKey { expires_at: "2026-12-01T00:00:00".parse().unwrap(), ..wanted(Role::Billing) };
    let (text, second) = door.new_key(EVERYTHING, later).await.unwrap();
    assert_eq!(status(asked(&office, me, None, Some(&text)).await), StatusCode::OK);
    assert!(office.engine.store.identity().revoke_key(&second.id, expires_at).await.unwrap());
    assert_eq!(status(asked(&office, me, None, Some(&text)).await), StatusCode::UNAUTHORIZED);
    assert_ne!(key.id, second.id);
}

#[tokio::test]
async fn why_of_an_invoice_is_for_those_who_see_money() {
    let office = Office::at(SUSPENDED).await;
    for path in ["/why/INV-2026-000001/1", "/api/v1/why/INV-2026-000001/1"] {
        assert_eq!(office.get_as("sato", path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(office.get_as("takahashi", path).await.status, StatusCode::OK, "{path}");
    }
    let (contract, _) = office.only("contract").await;
    let page = office.get_as("sato", &format!("/contracts/{contract}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("href=\"/invoices/"), "no invoices on it either");
}

/// Where the links of a page lead; each kind of page twice is enough.
fn links_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split("href=\"/").skip(1).filter_map(|rest| {
        let path = rest.split(['"', '#', '?']).next()?;
        Some(format!("/{}", path.replace("&amp;", "&")))
    })
}

#[tokio::test]
async fn no_page_offers_what_its_reader_may_not_open() {
    let office = Office::at(SUSPENDED).await;
    let (mut followed, mut refused) = (0, Vec::new());
    for person in with_everybody(&office).await.into_keys() {
        let (mut seen, mut next) = (BTreeSet::new(), vec![("/".to_owned(), String::new())]);
        let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((path, from)) = next.pop() {
            let shape: String = path.chars().filter(|c| !c.is_ascii_digit()).take(14).collect();
            let count = shapes.entry(shape).or_default();
            *count += 1;
            if *count > 3 || !seen.insert(path.clone()) {
                continue;
            }
            let answer = office.get_as(&person, &path).await;
            if answer.status == StatusCode::FORBIDDEN {
                refused.push(format!("{person}: {path} from {from}"));
            }
            followed += 1;
            next.extend(links_of(&answer.text).map(|to| (to, path.clone())));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(followed > 200, "{followed} pages were read");
}
