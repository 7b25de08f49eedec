//! Every field of the document of the API: path, query and body.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{Asked, DAYS, Office, ask_all, instance, long_text};
use crate::access::csrf_of;
use crate::web::Front;
use crate::web::openapi::document;
use crate::web::parts::escaped;
use crate::web::tests::EVERYTHING;

/// June is unpaid.
const UNPAID: &str = "2026-09-07T09:00:00";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_the_document_is_bounded() {
    let office = Arc::new(Office::at(UNPAID).await);
    let (contract, account) = office.only("contract").await;
    let application = office.only("application").await.0;
    let known =
        [("account", account.as_str()), ("contract", &contract), ("application", &application)];
    let (document, token) = (document(&Front::default()), office.token(EVERYTHING).await);
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let before = all.len();
            let described =
                Described { document: &document, path, method, operation, token: &token };
            described.ask_in_address(&mut all);
            described.ask_in_body(&known, &mut all);
            let asks = !operation["parameters"].as_array().unwrap().is_empty()
                || operation["requestBody"].is_object();
            assert_eq!(all.len() > before, asks, "{method} {path}");
        }
    }
    ask_all(office, all).await.verdict();
}

struct Described<'a> {
    document: &'a Value,
    path: &'a str,
    method: &'a str,
    operation: &'a Value,
    token: &'a str,
}

impl Described<'_> {
    /// The address with everything as the document's examples have it, but one.
    fn address(&self, other: &str, value: &str) -> String {
        let mut address = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in self.operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let usual = parameter["example"].as_str().unwrap_or("X-0000");
            let (place, required) = (parameter["in"].as_str(), parameter["required"] == true);
            let value = if name == other { value } else { usual };
            match place {
                Some("path") => address = address.replace(&format!("{{{name}}}"), &escaped(value)),
                Some("query") if name == other => query.push(format!("{name}={}", escaped(value))),
                Some("query") if required => {
                    let made = instance::of(self.document, &parameter["schema"], &[]).remove(0);
                    let text = made.as_str().map_or_else(|| made.to_string(), str::to_owned);
                    query.push(format!("{name}={}", escaped(&text)));
                }
                _ => {}
            }
        }
        format!("{address}?{}", query.join("&"))
    }

    fn ask_in_address(&self, all: &mut Vec<Asked>) {
        let numbers = [i64::MAX.to_string(), i64::MIN.to_string(), "1".repeat(60), "-1".to_owned()];
        let others = DAYS.map(|day| format!("{day}T23:59:59"));
        let months = DAYS.map(|day| day[..7].to_owned());
        let text = "長".repeat(4_001);
        let values: Vec<_> = DAYS
            .map(str::to_owned)
            .into_iter()
            .chain(numbers)
            .chain(others)
            .chain(months)
            .chain([text])
            .collect();
        for parameter in self.operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "header" {
                continue;
            }
            for value in &values {
                let body = self.usual_body();
                all.push(self.asked(name, value, &self.address(name, value), move || body));
            }
        }
    }

    fn usual_body(&self) -> Vec<u8> {
        match self.schema() {
            Some(schema) => instance::of(self.document, schema, &[])[0].to_string().into_bytes(),
            None => b"x".to_vec(),
        }
    }

    fn schema(&self) -> Option<&Value> {
        let schema = &self.operation["requestBody"]["content"]["application/json"]["schema"];
        schema.is_object().then_some(schema)
    }

    fn ask_in_body(&self, known: instance::Known<'_>, all: &mut Vec<Asked>) {
        if self.operation["requestBody"].is_null() {
            return;
        }
        let address = self.address("", "");
        let Some(schema) = self.schema() else {
            let file = || long_text().into_bytes();
            all.push(self.asked("the file", "10 MB", &address, file));
            return;
        };
        let mut seen = BTreeSet::new();
        let mut longest = None;
        for body in instance::of(self.document, schema, known) {
            for field in instance::fields(&body) {
                // A field of the whole is asked once, not once with each variant.
                let kind = |at: &str| body.pointer(at).map(|one| one["type"].to_string());
                let variant = field.match_indices('/').filter_map(|(at, _)| kind(&field[..at]));
                if !seen.insert((field.clone(), variant.collect::<String>())) {
                    continue;
                }
                for value in instance::instead_of(body.pointer(&field).unwrap()) {
                    let mut body = body.clone();
                    *body.pointer_mut(&field).unwrap() = value.clone();
                    let bytes = body.to_string().into_bytes();
                    let shown: String = value.to_string().chars().take(30).collect();
                    let kind = body["content"]["type"].as_str().unwrap_or_default();
                    all.push(self.asked(&format!("{kind} {field}"), &shown, &address, || bytes));
                    longest.get_or_insert((body, field.clone()));
                }
            }
        }
        if let Some((mut body, field)) = longest {
            let at = field.clone();
            let long = move || {
                *body.pointer_mut(&at).unwrap() = json!(long_text());
                body.to_string().into_bytes()
            };
            all.push(self.asked(&field, "10 MB", &address, long));
        }
    }

    fn asked(
        &self,
        field: &str,
        value: &str,
        address: &str,
        body: impl FnOnce() -> Vec<u8> + Send + 'static,
    ) -> Asked {
        let kind = match self.schema() {
            Some(_) => "application/json",
            None => "application/octet-stream",
        };
        let value: String = value.chars().take(30).collect();
        let what = format!("{} {} {field}={value}", self.method, self.path);
        let head = Request::builder()
            .method(self.method.to_uppercase().as_str())
            .uri(address)
            .header("host", "localhost:8080")
            .header("cookie", format!("yakkan={}", self.token))
            .header("x-csrf-token", csrf_of(self.token).unwrap())
            .header("idempotency-key", blake3::hash(what.as_bytes()).to_string())
            .header("content-type", kind);
        let reads = self.method == "get";
        let body = move || if reads { Body::empty() } else { Body::from(body()) };
        Asked { what, request: Box::new(move || head.body(body()).unwrap()) }
    }
}
