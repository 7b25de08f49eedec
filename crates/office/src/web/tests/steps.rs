//! Steps that are more than one registration, each once under its key.

use serde_json::{Value, json};

use super::{Answer, EVERYTHING, Office};

/// June is unpaid, and nobody has suspended yet.
const UNPAID: &str = "2026-09-07T09:00:00";

const RECEIVED: &str = "2026-04-01T10:00:00";

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

impl Office {
    pub(super) async fn post_keyed(&self, path: &str, key: &str, body: Value) -> Answer {
        let body = (body.to_string().into_bytes(), "application/json");
        self.send_keyed(path, key, body).await
    }

    async fn send_keyed(&self, path: &str, key: &str, (body, kind): (Vec<u8>, &str)) -> Answer {
        self.post_keyed_as(EVERYTHING, path, key, (body, kind)).await
    }
}

fn sample(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/minato");
    std::fs::read(folder.join(name)).unwrap()
}

#[tokio::test]
async fn a_billing_run_is_done_once_and_answered_alike() {
    let office = Office::at(SUSPENDED).await;
    let run = json!({ "month": "2026-08", "issued_on": "2026-09-08" });
    let first = office.post_keyed("/api/v1/billing-runs", "run-8", run.clone()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(first.json()["repeated"], false);
    let again = office.post_keyed("/api/v1/billing-runs", "run-8", run).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["issued"], first.json()["issued"]);
    assert_eq!(again.json()["repeated"], true);
    let other = json!({ "month": "2026-07", "issued_on": "2026-09-08" });
    let other = office.post_keyed("/api/v1/billing-runs", "run-8", other).await;
    assert_eq!(other.status, 409);
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used");
    // What was used for a run is used for a fact too.
    let (_, account) = office.only("application").await;
    let paid = json!({ "type": "payment_credited", "on": "2026-09-01", "amount": 1, "payer": "" });
    let fact = json!({ "content": paid, "account": account, "id": "run-8" });
    let other = office.post_as("takahashi", "/api/v1/facts", fact).await;
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used", "{}", other.text);
    let later = json!({ "month": "2026-12" });
    let later = office.post_keyed("/api/v1/billing-runs", "run-12", later).await;
    assert_eq!(later.status, 422, "{}", later.text);
}

#[tokio::test]
async fn a_mail_is_taken_as_it_came_and_a_faulty_file_is_refused_whole() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let mail = sample("files/application.eml");
    let path = "/api/v1/applications/file?name=application.eml";
    let kind = "message/rfc822";
    office.clock.move_to(RECEIVED.parse().unwrap());
    let taken = office.send_keyed(path, "mail-1", (mail.clone(), kind)).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let application = taken.json()["application"].as_str().unwrap().to_owned();
    assert_eq!(office.only("application").await.0, application);
    let again = office.send_keyed(path, "mail-1", (mail.clone(), kind)).await;
    assert_eq!((again.status.as_u16(), &again.json()["repeated"]), (200, &json!(true)));
    let cut = office.send_keyed(path, "mail-2", (mail[..mail.len() / 2].to_vec(), kind)).await;
    assert_eq!(cut.status, 422, "{}", cut.text);
    let empty = office.send_keyed(path, "mail-3", (Vec::new(), kind)).await;
    assert_eq!(empty.status, 422);
    let unnamed = "/api/v1/applications/file?name=..%2Fx.eml";
    let unnamed = office.send_keyed(unnamed, "mail-4", (mail, kind)).await;
    assert_eq!(unnamed.status, 422, "{}", unnamed.text);
}

#[tokio::test]
async fn what_one_person_proposes_another_approves() {
    let office = Office::at(UNPAID).await;
    let account = office.only("account").await.0;
    let contract = office.only("contract").await.0;
    let proposal = json!({
        "account": account,
        "role": "collections",
        "content": { "type": "suspend", "contract": contract, "ground": "12-3" },
    });
    let proposed = office.post_keyed("/api/v1/proposals", "propose-1", proposal).await;
    assert_eq!(proposed.status, 201, "{}", proposed.text);
    let open = office.get("/api/v1/proposals").await.json()["items"][0].clone();
    assert_eq!((&open["id"], &open["account"]), (&json!("propose-1"), &json!(account)));
    let unseen = json!({ "account": account, "reason": "見ずに承認" });
    let path = "/api/v1/proposals/propose-1/approve";
    let unseen = office.post_keyed(path, "approve-0", unseen).await;
    assert_eq!(unseen.status, 422, "nobody approves what they do not repeat");
    let act = open["act"].clone();
    let mut other = act.clone();
    other["ground"] = json!("12-1");
    let other = json!({ "account": account, "act": other });
    let other = office.post_keyed(path, "approve-other", other).await;
    assert!(other.status == 409 && other.text.contains("not_what_was_proposed"), "{}", other.text);
    let preview = json!({ "account": account, "content": { "act": act } });
    let preview = office.post("/api/v1/previews", preview).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    assert!(preview.json()["what"]["ja"].as_str().is_some_and(|what| !what.is_empty()));
    let answer = json!({ "account": account, "act": act, "reason": "自分で承認" });
    let own = office.post_keyed("/api/v1/proposals/propose-1/approve", "approve-1", answer).await;
    assert_eq!(own.status, 409, "{}", own.text);
    assert!(own.text.contains("same_person"), "{}", own.text);
    let answer = json!({ "account": account, "act": act });
    let none = office.post_keyed("/api/v1/proposals/X-0/approve", "approve-2", answer).await;
    assert_eq!(none.status, 404);
    let answer = json!({ "account": account });
    let back = office.post_keyed("/api/v1/proposals/propose-1/decline", "back-1", answer).await;
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(office.get("/api/v1/proposals").await.json()["items"], json!([]));
}

#[tokio::test]
async fn numbers_beyond_what_can_be_counted_with_are_refused() {
    let office = Office::at(RECEIVED).await;
    let account = office.only("account").await.0;
    let paid = |amount: Value, on: &str| {
        json!({
            "account": account,
            "content": { "type": "payment_credited", "on": on, "amount": amount, "payer": "ｱ" },
        })
    };
    let bad = [
        paid(json!(9_223_372_036_854_775_807_i64), "2026-04-01"),
        paid(json!(u64::MAX), "2026-04-01"),
        paid(json!(1e30), "2026-04-01"),
        paid(json!(1), "9999-12-31"),
        paid(json!(1), "10000-01-01"),
        paid(json!(1), "-0001-01-01"),
    ];
    for (at, body) in bad.into_iter().enumerate() {
        let answer = office.post_keyed("/api/v1/facts", &format!("bad-{at}"), body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let engines = office.post_keyed("/api/v1/facts", "tick-1", paid(json!(1), "2026-04-01")).await;
    assert_eq!(engines.status, 422, "ids of the engine are its own");
}

#[tokio::test]
async fn people_and_evidence_are_for_those_who_may_see_personal_data() {
    let office = Office::at(SUSPENDED).await;
    let contract = office.only("contract").await.0;
    let people = office.get(&format!("/api/v1/contracts/{contract}/people")).await.json();
    assert!(!people["items"].as_array().unwrap().is_empty());
    let account = office.only("account").await.0;
    let entries = office.get(&format!("/api/v1/accounts/{account}/entries?limit=1")).await.json();
    let evidence = entries["items"][0]["input"]["evidence"].as_array().unwrap().clone();
    let file = evidence.iter().filter_map(Value::as_str).find(|name| name.contains("blake3:"));
    let path = crate::web::parts::path("/api/v1/evidence", file.unwrap());
    let kept = office.get(&path).await;
    assert_eq!(kept.status, 200, "{path}: {}", kept.text);
    assert!(!kept.text.is_empty());
}
