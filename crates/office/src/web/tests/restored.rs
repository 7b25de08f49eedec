//! The review after a restore, on its page and over the API.

use axum::http::StatusCode;
use engine::OutboxState;
use serde_json::json;

use super::Office;
use crate::web::parts::escaped;

/// April is not billed yet.
const RESTORED: &str = "2026-05-07T09:50:00";

#[tokio::test]
async fn people_decide_on_the_page_and_programs_over_the_api() {
    let office = Office::at(RESTORED).await;
    assert!(!office.get_as("suzuki", "/waiting").await.text.contains("href=\"/restored\""));
    assert!(
        office.get_as("suzuki", "/restored").await.text.contains("確認の必要な復元はありません")
    );
    office.token("suzuki").await;
    let opening = office.engine.open_review("2026-05-06T18:00:00".parse().unwrap()).await.unwrap();
    assert!(opening.ended.sessions > 0, "whoever was signed in signs in again");
    let page = office.get_as("suzuki", "/waiting").await.text;
    assert!(page.contains("href=\"/restored\""), "it is in the menu while it is open");
    let month = json!({ "month": "2026-04" });
    let refused = office.post_keyed("/api/v1/billing-runs", "run-1", month.clone()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "numbers are not known");
    for (person, status) in [
        ("sato", StatusCode::FORBIDDEN),
        ("mori", StatusCode::FORBIDDEN),
        ("takahashi", StatusCode::SEE_OTHER),
    ] {
        let answer = office.send_as(person, "/restored", "what=numbers").await;
        assert_eq!(answer.status, status, "{person}: {}", answer.text);
    }
    assert_eq!(
        office.get_as("mori", "/restored").await.status,
        StatusCode::OK,
        "who runs it looks"
    );
    let run = office.post_keyed("/api/v1/billing-runs", "run-2", month).await;
    assert_eq!(run.status, StatusCode::CREATED, "{}", run.text);
    office.engine.settle().await.unwrap();
    let held = office.get("/api/v1/restore-review").await.json();
    let effects: Vec<_> = held["held"].as_array().unwrap().clone();
    assert!(effects.len() == 1 && held["review"]["numbers_known"] == json!(true), "{held}");
    let page = office.get_as("takahashi", "/restored").await.text;
    let message_id = effects[0]["message_id"].as_str().unwrap();
    assert!(page.contains(message_id.trim_matches(['<', '>'])), "{message_id} in {page}");
    let early = office.send_as("takahashi", "/restored", "what=close").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("留め置いたものが1件あります"), "{}", early.text);
    decide(&office, effects[0]["id"].as_str().unwrap()).await;
    assert_eq!(office.engine.review().await.unwrap(), None);
    let log = office.get_as("kato", "/access-log?kind=admin&person=takahashi").await.text;
    assert!(log.contains("POST /restored"), "{log}");
}

/// As the log of the mail server says; programs end what is decided.
async fn decide(office: &Office, effect: &str) {
    let sent = |at: &str| format!("what=sent&effect={}&at={at}", escaped(effect));
    let later = office.send_as("takahashi", "/restored", &sent("2027-01-01T00:00")).await;
    assert!(
        later.text.contains("2027-01-01 00:00は今（2026-05-07 09:50）より後です"),
        "{}",
        later.text
    );
    let answer = office.send_as("takahashi", "/restored", &sent("2026-05-07T09:40")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let rows = office.engine.store.outbox().await.unwrap();
    let row = rows.iter().find(|row| row.id == effect).unwrap();
    assert_eq!(row.state, OutboxState::Done, "{row:?}");
    let path = "/api/v1/restore-review/decisions";
    let release = json!({ "decision": { "type": "release", "effect": effect } });
    let gone = office.post_keyed(path, "release-1", release).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", gone.text);
    let close = json!({ "decision": { "type": "close" } });
    let closed = office.post_keyed(path, "close-1", close.clone()).await;
    assert_eq!((closed.status, &closed.json()["held"]), (StatusCode::CREATED, &json!(0)));
    let again = office.post_keyed(path, "close-1", close).await;
    assert_eq!((again.status, &again.json()["repeated"]), (StatusCode::OK, &json!(true)));
}
