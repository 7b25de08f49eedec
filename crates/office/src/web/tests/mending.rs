//! What could not be sent is mended on its page, or over the API.

use axum::http::StatusCode;
use engine::{Effect, OutboxRow, OutboxState, Transaction};
use serde_json::json;

use super::Office;

/// The first invoices have been issued.
const BILLED: &str = "2026-09-08T10:30:00";

/// The mail of an invoice that the own server refused.
pub async fn refused(office: &Office, id: &str) -> String {
    let (_, account) = office.only("contract").await;
    let effect = Effect::InvoiceMail { number: "INV-2026-000001".to_owned() };
    let row = OutboxRow {
        id: id.to_owned(),
        account: account.as_str().into(),
        kind: effect.kind().to_owned(),
        payload: json!(effect),
        state: OutboxState::Refused,
        attempts: 1,
        next_at: office.engine.now(),
        expires_at: None,
        maybe_sent: false,
        last_reply: "550 5.1.1 no such user".to_owned(),
    };
    let step = Transaction { outbox: vec![row], ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
    format!("/outbox/{id}")
}

async fn state(office: &Office, id: &str) -> OutboxState {
    let rows = office.engine.store.outbox().await.unwrap();
    rows.into_iter().find(|row| row.id == id).unwrap().state
}

#[tokio::test]
async fn whoever_is_told_of_a_refused_mail_can_send_it_again_from_there() {
    let office = Office::at(BILLED).await;
    let path = refused(&office, "invoice-a").await;
    for page in ["/waiting", "/outbox"] {
        let person = if page == "/outbox" { "suzuki" } else { "takahashi" };
        let shown = office.get_as(person, page).await.text;
        assert!(shown.contains(&format!("href=\"{path}\"")), "{page}: {shown}");
    }
    let shown = office.get_as("sato", "/waiting").await.text;
    assert!(!shown.contains(&path), "it is not for the order desk");
    let looked = office.look("takahashi", &path, &[("what", "again")]).await;
    assert_eq!(looked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(looked.text.contains("理由を入力してください"), "{}", looked.text);
    let owed = [("what", "let_go"), ("reason", "不要")];
    let refused = office.fill("takahashi", &path, &owed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("まだ行う必要があります"), "{}", refused.text);
    let again = [("what", "again"), ("reason", "宛先を直した")];
    office.done("takahashi", &path, &again).await;
    office.engine.settle().await.unwrap();
    assert_eq!(state(&office, "invoice-a").await, OutboxState::Settled);
    assert_eq!(state(&office, "invoice-a~2").await, OutboxState::Done);
    assert!(office.get_as("takahashi", &path).await.text.contains("対応済み"));
}

fn json_of(body: &serde_json::Value) -> (String, &'static str) {
    (body.to_string(), "application/json")
}

#[tokio::test]
async fn a_program_says_how_it_was_done_and_a_stranger_to_it_is_refused() {
    let office = Office::at(BILLED).await;
    refused(&office, "invoice-b").await;
    let body = json!({
        "mending": { "type": "elsewhere", "way": "post", "at": "2026-09-08T10:00:00+09:00",
                     "reference": "引受番号 123" },
        "reason": "郵送した",
    });
    let path = "/api/v1/outbox/invoice-b/mending";
    let refused = office.post_keyed_as("sato", path, "m-1", json_of(&body)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let done = office.post_keyed_as("takahashi", path, "m-2", json_of(&body)).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    assert_eq!(done.json()["tried_as"], json!(null));
    assert_eq!(state(&office, "invoice-b").await, OutboxState::Done);
    let other = office.post_keyed_as("takahashi", path, "m-3", json_of(&body)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.text);
}

/// whoever decides on resuming is told, and collections with them.
#[tokio::test]
async fn a_ground_that_falls_away_stands_in_the_lists_of_approver_and_collections() {
    let office = Office::at(BILLED).await;
    let (contract, account) = office.only("contract").await;
    let decides = "提供再開の作業";
    for person in ["watanabe", "tanaka"] {
        assert!(!office.get_as(person, "/waiting").await.text.contains(decides), "{person}");
    }
    let state = office.engine.state(&account.as_str().into()).await.unwrap();
    let owed: i64 = state.receivables.values().map(|one| one.outstanding.0).sum();
    let paid = json!({
        "account": account,
        "content": { "type": "payment_credited", "on": "2026-09-08", "amount": owed, "payer": "ｱ" },
    });
    let taken =
        office.post_keyed_as("takahashi", "/api/v1/facts", "paid-all", json_of(&paid)).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    for person in ["watanabe", "tanaka"] {
        assert!(office.get_as(person, "/waiting").await.text.contains(decides), "{person}");
    }
    let page = format!("/contracts/{contract}");
    let resume = format!("href=\"{page}/resume\"");
    assert!(office.get_as("watanabe", &page).await.text.contains(&resume));
    office
        .done("watanabe", &format!("{page}/resume"), &[("sure", "yes"), ("reason", "入金を確認")])
        .await;
    assert!(!office.get_as("watanabe", &page).await.text.contains(&resume), "it is decided");
}
