//! The document of the API against the table of routes and the types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Office;
use crate::web::Front;
use crate::web::openapi::{OPERATIONS, api_routes, document};

/// Done as often as they are asked for; an answer with a secret is kept nowhere.
const UNKEYED: [&str; 9] = [
    "preview_notice",
    "preview",
    "move_clock",
    "check_takeover",
    "compare_charges",
    "set_up_link",
    "end_sessions",
    "new_key",
    "revoke_key",
];

fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn it_lists_exactly_the_routes_of_the_api_and_says_something_of_each() {
    let document = document(&Front::default());
    let routes = api_routes().map(|r| (r.method.to_owned(), r.path.replace("{*", "{")));
    assert_eq!(operations(&document), routes.collect());
    let mut ids = BTreeSet::new();
    for (method, path) in operations(&document) {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let id = operation["operationId"].as_str().unwrap();
        assert!(!id.is_empty(), "{method} {path} is missing in web/openapi/table.rs");
        assert!(ids.insert(id.to_owned()), "{id} names two operations");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
        for parameter in operation["parameters"].as_array().unwrap() {
            assert!(parameter["schema"].is_object(), "{id}: {parameter}");
        }
        let keyed = operation["parameters"].as_array().unwrap();
        let keyed = keyed.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        assert_eq!(keyed, method == "POST" && !UNKEYED.contains(&id), "{id}");
    }
    for operation in OPERATIONS.iter() {
        let known = api_routes().any(|r| (r.method, r.path) == (operation.method, operation.path));
        assert!(known, "{} {} is no route", operation.method, operation.path);
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&Front::default());
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for reference in references {
        let found = document.pointer(reference.trim_start_matches('#'));
        assert!(found.is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inside) in fields {
                match (name.as_str(), inside.as_str()) {
                    ("$ref", Some(reference)) => references.push(reference.to_owned()),
                    _ => collect(inside, references),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[tokio::test]
async fn it_is_served_to_everybody_and_names_permissions() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let request = axum::http::Request::get("/api/v1/openapi.json").header("host", "localhost");
    let answer = office.ask(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let billing = &document["paths"]["/api/v1/billing-runs"]["post"];
    assert_eq!(billing["x-permissions"], serde_json::json!(["run_billing"]));
    assert!(billing["responses"]["409"]["$ref"].is_string());
}

/// Every line of docs/api.md that asks the server something is asked here.
#[tokio::test]
async fn the_guide_shows_what_works() {
    let guide = include_str!("../../../../../docs/api.md").replace("\\\n", " ");
    let office = Office::at("2026-09-07T09:00:00").await;
    let mut asked = 0;
    for command in guide.split("curl ").skip(1) {
        let path = command.split("\"$api").nth(1).and_then(|rest| rest.split('"').next());
        let path = format!("/api/v1{}", path.expect("a path"));
        asked += 1;
        if command.contains("--data-binary") {
            let bare = path.split('?').next().unwrap_or_default();
            assert!(OPERATIONS.iter().any(|o| o.method == "POST" && o.path == bare), "{path}");
        } else if let Some(body) = command.split("-d '").nth(1) {
            let body: Value = serde_json::from_str(body.split('\'').next().unwrap()).unwrap();
            let key = command.split("Idempotency-Key: ").nth(1).expect("a key");
            let key = key.split('"').next().unwrap();
            let answer = office.post_keyed(&path, key, body).await;
            assert!(matches!(answer.status.as_u16(), 201 | 409), "{path}: {}", answer.text);
        } else {
            let answer = office.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        }
    }
    assert_eq!(asked, 17, "commands in the guide");
}
