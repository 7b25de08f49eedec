//! Lists in pages, with their filters.

use engine::{Transaction, ViewRow};
use serde_json::{Value, json};

use super::deposits::unknown_deposits;
use super::matters::reported;
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
    reported(&office).await;
    unknown_deposits(&office).await;
    let lists = [
        "/api/v1/accounts".to_owned(),
        "/api/v1/contracts".to_owned(),
        "/api/v1/applications".to_owned(),
        "/api/v1/invoices".to_owned(),
        "/api/v1/rights".to_owned(),
        "/api/v1/tasks".to_owned(),
        "/api/v1/matters".to_owned(),
        "/api/v1/movements".to_owned(),
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

/// Copies of the only row of a kind, each with what `differ` makes of its number.
async fn many(office: &Office, kind: &str, differ: impl Fn(usize, &mut Value) -> String) {
    copies(office, kind, 250, differ).await;
}

/// So many copies of the first row of a kind.
pub(super) async fn copies(
    office: &Office,
    kind: &str,
    count: usize,
    differ: impl Fn(usize, &mut Value) -> String,
) {
    let first = office.engine.store.views(kind).await.unwrap()[0].clone();
    let copies = (1..=count).map(|number| {
        let mut row: ViewRow = first.clone();
        row.id = differ(number, &mut row.content);
        row
    });
    let step = Transaction { views: copies.collect(), ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
}

/// The ids that lead to pages under `folder`, in their order; each row has one.
fn linked(answer: &Answer, folder: &str) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let begin = format!("<a class=\"id\" href=\"{folder}/");
    answer
        .text
        .split(&begin)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// Every part of a list on pages, each by the link of the one before.
async fn leafed(office: &Office, path: &str, folder: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut at = path.to_owned();
    loop {
        let answer = office.get(&at).await;
        let here = linked(&answer, folder);
        assert!(here.len() <= 100, "{at} shows {} rows", here.len());
        ids.extend(here);
        let Some(before) = answer
            .text
            .split("\" rel=\"next\"")
            .next()
            .filter(|before| before.len() < answer.text.len())
        else {
            return ids;
        };
        let link = before.rsplit("href=\"").next().unwrap().replace("&amp;", "&");
        at = format!("{}{link}", path.split('?').next().unwrap());
        assert!(ids.len() < 1_000, "{path} does not end");
    }
}

#[tokio::test]
async fn long_lists_on_pages_come_in_parts_that_keep_their_filters() {
    let office = Office::at(SUSPENDED).await;
    many(&office, "contract", |number, content| {
        content["name"] = json!(format!("見本 & 工業{number:03}"));
        content["status"] = json!(if number % 2 == 0 { "ended" } else { "active" });
        format!("K-{number:03}")
    })
    .await;
    let all = leafed(&office, "/contracts", "/contracts").await;
    assert_eq!(all.len(), 251);
    let own: Vec<_> = (1..=250).map(|number| format!("K-{number:03}")).collect();
    let sample = leafed(&office, "/contracts?q=%E8%A6%8B%E6%9C%AC%20%26", "/contracts").await;
    assert_eq!(sample, own, "in the order of names");
    let ended = leafed(&office, "/contracts?q=%E8%A6%8B%E6%9C%AC&status=ended", "/contracts").await;
    let even: Vec<_> = own.iter().skip(1).step_by(2).cloned().collect();
    assert_eq!(ended, even);
    let wrong = office.get("/contracts?status=colourful").await;
    assert!(wrong.text.contains("一覧にある状態から選んでください。"));
    assert_eq!(linked(&wrong, "/contracts").len(), 0);
    assert_eq!(office.get("/contracts?page=none").await.status, 422);

    let earlier = office.engine.store.views("invoice").await.unwrap().len();
    many(&office, "invoice", |number, content| {
        content["outstanding"] = json!(if number > 200 { 1 } else { 0 });
        content["due"] = json!("2026-12-31");
        format!("XX-{number:03}")
    })
    .await;
    let all = leafed(&office, "/invoices", "/invoices").await;
    assert_eq!(all.len(), earlier + 250);
    assert!(all.windows(2).all(|two| two[0] > two[1]), "the newest number first");
    let paid = leafed(&office, "/invoices?q=xx-&status=paid", "/invoices").await;
    assert_eq!(paid.len(), 200);
    let partly = leafed(&office, "/invoices?q=xx-&status=partly_paid", "/invoices").await;
    assert_eq!((partly.len(), partly[0].as_str()), (50, "XX-250"));
}

#[tokio::test]
async fn the_record_reads_the_days_that_were_asked_for() {
    let office = Office::at(SUSPENDED).await;
    let entries = |answer: &Answer| {
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text.matches("data-label=\"知った時\"").count()
    };
    let account = office.account().await;
    let known = office.engine.records(&account).await.unwrap();
    let all: Vec<_> = known
        .iter()
        .filter(|record| record.input.content != contract::road::stream::Content::Clock)
        .map(|record| record.input.known_at.day())
        .collect();
    let day = all[all.len() / 2];
    let on = all.iter().filter(|at| **at == day).count();
    let before = all.iter().filter(|at| **at < day).count();
    let of =
        |query: String| format!("/entries?whose={}&{query}", account.0.trim_start_matches("A-"));
    let counted = async |query: String| entries(&office.get(&of(query)).await);
    assert_eq!(counted(format!("from={day}&to={day}")).await, on);
    assert_eq!(counted(format!("from={day}")).await, (all.len() - before).min(100));
    assert_eq!(counted(format!("to={day}")).await, (before + on).min(100));
    assert_eq!(counted("to=2099-12-31".to_owned()).await, all.len().min(100));
    let everybody = office.get(&format!("/entries?from={day}&to={day}")).await;
    assert!(entries(&everybody) >= on);
}
