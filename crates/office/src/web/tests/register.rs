//! Facts, acts and the clock over the API.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Office;

const RECEIVED: &str = "2026-04-01T10:00:00";

fn acceptance(id: &str, (application, account): &(String, String)) -> Value {
    json!({
        "account": account,
        "id": id,
        "content": { "type": "accept_application", "application": application },
    })
}

/// The checks that an acceptance needs.
async fn check(office: &Office, (_, account): &(String, String)) {
    for kind in ["anti_social", "credit"] {
        let fact = json!({
            "type": "check_recorded",
            "kind": kind,
            "on": "2026-04-01",
            "result": "passed",
            "by": "kobayashi",
            "document": "search of today",
            "expires_on": "2027-03-31",
        });
        let body = json!({ "account": account, "id": kind, "content": fact });
        let taken = office.post_as("kobayashi", "/api/v1/facts", body).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    }
}

#[tokio::test]
async fn a_refused_act_is_a_problem_with_its_findings() {
    let office = Office::at(RECEIVED).await;
    let application = office.only("application").await;
    check(&office, &application).await;
    let refused = office.post_as("sato", "/api/v1/acts", acceptance("a-1", &application)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    let problem = refused.json();
    let codes: Vec<_> = problem["because"].as_array().unwrap().iter().map(|f| &f["code"]).collect();
    assert_eq!(codes, ["not_permitted", "same_person"]);
    assert!(problem["because"][0]["ja"].as_str().unwrap().contains("役割"));
}

#[tokio::test]
async fn an_act_is_done_once_under_its_key() {
    let office = Office::at(RECEIVED).await;
    let application = office.only("application").await;
    check(&office, &application).await;
    let mut body = acceptance("a-2", &application);
    body["reason"] = json!("与信の結果が良好");
    let done = office.post_as("suzuki", "/api/v1/acts", body.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    assert_eq!(done.json()["refused"], false);
    let contracts = office.get("/api/v1/contracts").await.json();
    assert_eq!(contracts["items"][0]["status"], "formed", "the mail left at once");
    let page = format!("/entries/{}/a-2", application.1);
    let entry = office.get(&page).await.text;
    for shown in ["鈴木　一郎", "契約の承認", "与信の結果が良好"] {
        assert!(entry.contains(shown), "{shown}");
    }
    let again = office.post_as("suzuki", "/api/v1/acts", body).await;
    assert_eq!((again.status, &again.json()["repeated"]), (StatusCode::OK, &json!(true)));
    let other = office.post_as("sato", "/api/v1/acts", acceptance("a-2", &application)).await;
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used");
    // Another reason, or another path, is another request.
    let mut reasoned = acceptance("a-2", &application);
    reasoned["reason"] = json!("別の理由");
    let other = office.post_as("suzuki", "/api/v1/acts", reasoned).await;
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used");
    let run = json!({ "month": "2026-04", "issued_on": "2026-04-02" });
    let other = office.post_keyed("/api/v1/billing-runs", "a-2", run).await;
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used", "{}", other.text);
}

#[tokio::test]
async fn facts_need_a_key_a_role_a_known_account_and_a_past() {
    let office = Office::at(RECEIVED).await;
    let (application, account) = office.only("application").await;
    let fact = json!({ "type": "paper_form_received", "application": application });
    let good = json!({ "account": account, "id": "f-1", "content": fact });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let forged =
        json!({ "type": "acceptance_mail_sent", "application": application, "message_id": "x" });
    let refused = [
        (with("id", json!(null)), 422),
        (with("actor", json!("suzuki")), 422),
        (with("role", json!("billing")), 403),
        (with("account", json!("A-0")), 404),
        (with("occurred_at", json!("2026-05-01T00:00:00")), 422),
        (with("content", forged), 422),
        (with("content", json!({ "type": "no_such_fact" })), 422),
    ];
    for (body, status) in refused {
        let answer = office.post_as("sato", "/api/v1/facts", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let other = office.post_as("takahashi", "/api/v1/facts", good.clone()).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "billing registers no arrivals");
    let taken = office.post_as("sato", "/api/v1/facts", good).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    let tasks = office.get("/api/v1/tasks").await.json();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "the paper form is no longer awaited");
}

#[tokio::test]
async fn the_clock_goes_on_and_never_back() {
    let office = Office::at(RECEIVED).await;
    let back = office.post("/api/v1/clock", json!({ "to": "2026-03-31T00:00:00" })).await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert_eq!(back.json()["type"], "urn:yakkan:problem:clock-goes-back");
    let on = office.post("/api/v1/clock", json!({ "to": "2026-04-02T09:00:00" })).await;
    assert_eq!(on.json()["now"], "2026-04-02T09:00:00+09:00");
    let far = office.post("/api/v1/clock", json!({ "to": "2036-04-02T09:00:00" })).await;
    assert_eq!(far.status, StatusCode::UNPROCESSABLE_ENTITY);
    let moved = office.send_as("sato", "/clock", "to=2026-04-03T10:00").await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    assert_eq!(office.engine.now().to_minute_text(), "2026-04-03 10:00");
}

#[tokio::test]
async fn a_changed_contact_names_a_row_that_is_there() {
    let office = Office::at(RECEIVED).await;
    let (application, account) = office.only("application").await;
    let before = office.engine.records(&account.as_str().into()).await.unwrap().len();
    for (person, kept) in [("nobody", None), ("", None), ("nobody", Some("nobody else"))] {
        let mut fact = json!({
            "type": "contact_changed", "application": application, "role": "billing",
            "person": person,
        });
        if let Some(kept) = kept {
            fact["kept"] = json!(kept);
        }
        let body = json!({ "account": account, "id": "contact-1", "content": fact });
        let answer = office.post("/api/v1/facts", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains("連絡先の行"), "{}", answer.text);
    }
    let after = office.engine.records(&account.as_str().into()).await.unwrap().len();
    assert_eq!(after, before);
}
