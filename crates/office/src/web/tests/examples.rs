//! The examples of the document: what the sample reseller is really answered.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::Office;
use super::quotations::quoted;
use crate::web::Front;
use crate::web::openapi::{OPERATIONS, document};

/// June is unpaid, and nobody has suspended yet.
const UNPAID: &str = "2026-09-07T09:00:00";

/// Too long to be read, or nobody's business in a document for everybody.
const WITHOUT: [&str; 11] = [
    "ready",
    "openapi",
    "export",
    "document",
    "evidence",
    "filed_document",
    "index",
    "me",
    "own_contracts",
    "own_invoices",
    "takeover_template",
];

/// Run with UPDATE_GOLDEN=1 to record them anew.
#[tokio::test]
async fn they_are_what_is_answered() {
    let office = Office::at(UNPAID).await;
    let quotation = quoted(&office).await;
    let document = document(&Front::default());
    let mut found = Map::new();
    for operation in OPERATIONS.iter().filter(|o| o.method == "GET" && !WITHOUT.contains(&o.id)) {
        let path = operation.path.replace("{*", "{");
        let described = &document["paths"][&path]["get"];
        let mut asked = path.clone();
        for parameter in described["parameters"].as_array().unwrap() {
            if let Some(example) = parameter["example"].as_str() {
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                asked = asked.replace(&name, example);
            } else if parameter["name"] == "limit" {
                asked.push_str("?limit=1");
            }
        }
        let answer = office.get(&asked).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text);
        let mut answer = answer.json();
        if let Some(items) = answer["items"].as_array_mut() {
            items.truncate(2);
        }
        found.insert(operation.id.to_owned(), json!({ "response": answer }));
    }
    for (id, request, response) in sent(&office).await.into_iter().chain([quotation]) {
        found.insert(id.to_owned(), json!({ "request": request, "response": response }));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/openapi/examples.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&found).unwrap();
        std::fs::write(&file, text + "\n").unwrap();
    }
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(stored, Value::Object(found), "UPDATE_GOLDEN=1 records them anew");
}

/// Steps of the life, done in this order.
async fn sent(office: &Office) -> Vec<(&'static str, Value, Value)> {
    let account = office.only("account").await.0;
    let contract = office.only("contract").await.0;
    let steps = [
        (
            "register_fact",
            "/api/v1/facts".to_owned(),
            json!({
                "account": account,
                "reason": "通帳で確認",
                "occurred_at": "2026-09-07T08:50:00+09:00",
                "content": {
                    "type": "payment_credited", "on": "2026-09-07", "amount": 660,
                    "payer": "ｱｵﾊﾞｾｲｻｸｼﾞﾖ", "names": ["INV-2026-000002"],
                },
            }),
        ),
        (
            "propose",
            "/api/v1/proposals".to_owned(),
            json!({
                "account": account,
                "role": "collections",
                "reason": "六月分が未払い",
                "content": {
                    "type": "suspend", "contract": contract, "ground": "12-3",
                },
            }),
        ),
        (
            "new_change",
            format!("/api/v1/contracts/{contract}/changes"),
            json!({
                "reference": "受付 2026-0907-1",
                "channel": "paper",
                "from": "2026-11-01",
                "changes": [{ "change": "set_quantity", "line": 1, "quantity": 2 }],
            }),
        ),
        (
            "billing_run",
            "/api/v1/billing-runs".to_owned(),
            json!({ "month": "2026-08", "issued_on": "2026-09-07" }),
        ),
    ];
    let mut found = Vec::new();
    for (id, path, body) in steps {
        let answer = office.post_keyed(&path, id, body.clone()).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text);
        found.push((id, body, answer.json()));
    }
    found
}
