//! Lists in pages, with their filters.

use serde_json::Value;

use super::{Answer, Office};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

fn items(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().unwrap().clone()
}

/// Every page, each reached by the link of the one before.
async fn walked(office: &Office, first: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut at = first.to_owned();
    loop {
        let answer = office.get(&at).await;
        all.extend(items(&answer));
        match answer.json()["next"].as_str() {
            Some(next) => at = next.to_owned(),
            None => return all,
        }
        assert!(all.len() < 1_000, "{first} does not end");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let office = Office::at(SUSPENDED).await;
    let account = office.only("account").await.0;
    let lists = [
        "/api/v1/accounts".to_owned(),
        "/api/v1/contracts".to_owned(),
        "/api/v1/applications".to_owned(),
        "/api/v1/invoices".to_owned(),
        "/api/v1/rights".to_owned(),
        "/api/v1/tasks".to_owned(),
        "/api/v1/dates".to_owned(),
        "/api/v1/outbox".to_owned(),
        "/api/v1/refused".to_owned(),
        "/api/v1/proposals".to_owned(),
        format!("/api/v1/accounts/{account}/entries"),
        format!("/api/v1/accounts/{account}/documents"),
    ];
    let mut most = 0;
    for list in lists {
        let whole = items(&office.get(&format!("{list}?limit=200")).await);
        assert_eq!(walked(&office, &format!("{list}?limit=1")).await, whole, "{list}");
        most = most.max(whole.len());
    }
    assert!(most > 20, "the life has {most} of the longest list");
}

#[tokio::test]
async fn filters_hold_on_every_page() {
    let office = Office::at(SUSPENDED).await;
    let all = items(&office.get("/api/v1/invoices").await);
    let open = walked(&office, "/api/v1/invoices?open=true&limit=1").await;
    assert!(!open.is_empty() && open.len() < all.len());
    assert!(open.iter().all(|row| row["outstanding"].as_i64().unwrap() > 0));
    let paid = walked(&office, "/api/v1/invoices?open=false&limit=1").await;
    assert_eq!(open.len() + paid.len(), all.len());
    let due = items(&office.get("/api/v1/invoices?due_by=2026-06-30").await);
    assert!(due.iter().all(|row| row["due"].as_str().unwrap() <= "2026-06-30"));
    assert!(!due.is_empty());
    assert_eq!(items(&office.get("/api/v1/contracts?status=ended").await).len(), 0);
    assert_eq!(items(&office.get("/api/v1/contracts?account=A-0").await).len(), 0);
    let refused = items(&office.get("/api/v1/refused").await);
    let file = refused[0]["file"].as_str().unwrap();
    let of_file = format!("/api/v1/refused?file={}", file.replace('/', "%2F"));
    let same = refused.iter().filter(|row| row["file"] == file).count();
    assert_eq!(items(&office.get(&of_file).await).len(), same);
    assert_eq!(items(&office.get("/api/v1/refused?file=none.csv").await).len(), 0);
}

#[tokio::test]
async fn a_cursor_of_another_list_and_words_nobody_knows_are_told() {
    let office = Office::at(SUSPENDED).await;
    let next = office.get("/api/v1/invoices?limit=1").await.json()["next"].clone();
    let cursor = next.as_str().unwrap().split("cursor=").nth(1).unwrap().to_owned();
    let wrong = [
        format!("/api/v1/contracts?cursor={cursor}"),
        "/api/v1/contracts?cursor=%E3%81%82".to_owned(),
        "/api/v1/contracts?cursor=abc".to_owned(),
        "/api/v1/contracts?limit=0".to_owned(),
        "/api/v1/contracts?limit=201".to_owned(),
        "/api/v1/contracts?colour=red".to_owned(),
        "/api/v1/contracts?renewal_limit_by=soon".to_owned(),
    ];
    for path in wrong {
        let answer = office.get(&path).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
    }
}
