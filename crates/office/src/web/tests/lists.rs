//! Lists as people work through them: in an order, with sums, as a file.

use super::Office;

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// Where each of these stands in a text, one behind another.
fn in_this_order(text: &str, expected: &[&str]) {
    let places: Vec<_> = expected.iter().map(|one| text.find(one).expect(one)).collect();
    assert!(places.is_sorted(), "{expected:?} at {places:?} in {text}");
}

#[tokio::test]
async fn invoices_are_sorted_summed_filtered_and_given_as_a_file() {
    let office = Office::at(SUSPENDED).await;
    let newest = office.get_as("takahashi", "/invoices").await.text;
    in_this_order(&newest, &[">INV-2026-000003<", ">INV-2026-000002<", ">INV-2026-000001<"]);
    let by_due = office.get_as("takahashi", "/invoices?sort=due").await.text;
    in_this_order(&by_due, &[">INV-2026-000001<", ">INV-2026-000002<", ">INV-2026-000003<"]);
    assert!(by_due.contains("/invoices.csv?sort=due") && by_due.contains(" 通\u{3000}合計 "));
    let start = office.get_as("takahashi", "/").await.text;
    for tile in ["/invoices?status=overdue", "/invoices?status=not_due", "/contracts?status="] {
        assert!(start.contains(tile), "{tile}");
    }
    let late = office.get_as("takahashi", "/invoices.csv?status=overdue").await;
    assert_eq!(late.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<_> = late.text.lines().collect();
    assert!(lines[0].starts_with("\u{FEFF}番号,契約者,月,種類,合計,未収"), "{lines:?}");
    assert!(
        lines.len() > 1 && lines[1..].iter().all(|line| line.ends_with("期限超過")),
        "{lines:?}"
    );
    let not_due = office.get_as("takahashi", "/invoices.csv?status=not_due").await.text;
    assert!(!not_due.contains("期限超過") && !not_due.contains("入金済み"), "{not_due}");
}

#[tokio::test]
async fn contracts_are_given_as_a_file_to_whoever_reads_the_book() {
    let office = Office::at(SUSPENDED).await;
    let file = office.get_as("sato", "/contracts.csv?q=%E9%9D%92%E8%91%89&sort=limit").await.text;
    let lines: Vec<_> = file.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("青葉製作所株式会社,K-") && lines[1].contains("提供停止中"));
    let none = office.get_as("sato", "/contracts.csv?status=ended").await.text;
    assert_eq!(none.lines().count(), 1);
}

#[tokio::test]
async fn the_story_begins_with_the_newest_and_names_who_acted() {
    let office = Office::at(SUSPENDED).await;
    let (contract, _) = office.only("contract").await;
    let page = office.get_as("sato", &format!("/contracts/{contract}")).await.text;
    let story = page.split("div class=\"story\"").nth(1).expect("a story");
    in_this_order(story, &["2026-09-", "2026-06-", "2026-04-"]);
    assert!(story.contains("— 鈴木") && !story.contains("— suzuki"), "{story}");
}
