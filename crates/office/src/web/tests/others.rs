//! A customer's people ask every route for what is another customer's.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::{Answer, Office};
use crate::web::need::{Admission, Need};
use crate::web::parts::escaped;
use crate::web::routes::{Kind, ROUTES, Route};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// Whose things are asked for.
const NAME: &str = "青葉製作所";

/// Every id under which something of the account stands.
async fn ids(office: &Office, account: &AccountId) -> BTreeSet<String> {
    let store = &office.engine.store;
    let mut ids = BTreeSet::from([account.0.clone()]);
    for kind in ["contract", "application", "invoice", "right", "task"] {
        ids.extend(store.views(kind).await.unwrap().into_iter().map(|view| view.id));
    }
    ids.extend(store.outbox().await.unwrap().into_iter().map(|row| row.id));
    ids.extend(store.documents(account).await.unwrap().into_iter().map(|(id, _, _)| id));
    let records = store.records(account).await.unwrap();
    ids.extend(records.into_iter().take(5).map(|record| record.input.id.0));
    ids
}

/// The path of a route with this id wherever one stands.
fn filled(route: &Route, id: &str, account: &AccountId) -> String {
    let named = |part: &str| match part {
        "{account}" => escaped(&account.0),
        "{*id}" => id.split('/').map(escaped).collect::<Vec<_>>().join("/"),
        part if part.starts_with('{') => escaped(id),
        part => part.to_owned(),
    };
    route.path.split('/').map(named).collect::<Vec<_>>().join("/")
}

async fn asked(office: &Office, route: &Route, path: &str) -> Answer {
    match route.method {
        "GET" => office.get_as("stranger", path).await,
        _ if route.kind == Kind::Api => {
            office.post_keyed_as("stranger", path, "k-1", ("{}", "application/json")).await
        }
        _ => {
            office.send_as("stranger", path, "step=send&key=00000000000000000000000000000000").await
        }
    }
}

#[tokio::test]
async fn no_route_gives_a_customer_anything_of_another() {
    let office = Office::at(SUSPENDED).await;
    let account = office.account().await;
    let other = AccountId("A-9999999999999".to_owned());
    let views = office.engine.store.views("account").await.unwrap();
    let own = views.iter().find(|view| view.account == account).unwrap().clone();
    let foreign = engine::ViewRow {
        id: other.0.clone(),
        account: other.clone(),
        content: serde_json::from_str(&own.content.to_string().replace(NAME, "別の会社")).unwrap(),
        ..own
    };
    let step = engine::Transaction { views: vec![foreign], ..Default::default() };
    office.engine.store.commit(&step).await.unwrap();
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| role.is_customers()).collect();
    office.add("stranger", Belongs::Customer { account: other }, &roles).await;
    let ids = ids(&office, &account).await;
    assert!(ids.len() > 20, "{ids:?}");
    let before = office.engine.store.records(&account).await.unwrap().len();
    let token = office.token("stranger").await;
    let visitor = office.app.door.visitor_of_token(&token).await.unwrap();
    let (mut open, mut closed) = (0, 0);
    for route in ROUTES.iter().filter(|route| route.path.contains('{')) {
        if route.need == Need::Public {
            continue;
        }
        let enters = route.need.admits(visitor.as_ref()) == Admission::Enters;
        // Turned away for who they are: one id shows it.
        for id in ids.iter().take(if enters { usize::MAX } else { 1 }) {
            let path = filled(route, id, &account);
            let answer = asked(&office, route, &path).await;
            let (method, status) = (route.method, answer.status);
            assert!(status.is_client_error(), "{method} {path}: {status} {}", answer.text);
            assert!(!answer.text.contains(NAME), "{method} {path}: {}", answer.text);
            assert!(enters || status == StatusCode::FORBIDDEN, "{method} {path}: {status}");
            *if enters { &mut open } else { &mut closed } += 1;
        }
    }
    assert!(open > 100 && closed > 50, "{open} {closed}");
    let after = office.engine.store.records(&account).await.unwrap().len();
    assert_eq!(after, before, "nothing was registered");
}
