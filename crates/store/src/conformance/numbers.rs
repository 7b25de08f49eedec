//! Short numbers: given once, without a gap, and what lists make of them.

use engine::listed::{Field, ListOf, ListQuery, Order, Test};
use engine::{ShortNumber, Store, StoreError, ToNumber, Transaction, ViewRow};
use serde_json::{Value, json};

use super::given::{account, record, step};

fn thing(id: &str, series: &'static str, year: i16) -> ToNumber {
    ToNumber { id: id.to_owned(), series, year }
}

fn numbering(numbered: &[ToNumber]) -> Transaction {
    Transaction { numbered: numbered.to_vec(), ..Transaction::default() }
}

async fn numbers(store: &impl Store, ids: &[&str]) -> Vec<Option<String>> {
    let found = store.short_numbers(ids).await.unwrap();
    ids.iter().map(|id| found.get(*id).cloned()).collect()
}

pub(super) async fn a_number_is_given_once_and_follows_the_last(store: &impl Store) {
    let first = [thing("K-2", "CTR", 2026), thing("K-1", "CTR", 2026), thing("K-2", "CTR", 2026)];
    store.commit(&numbering(&first)).await.unwrap();
    // What has a number keeps it, whatever year it is now.
    let later = [thing("K-2", "CTR", 2027), thing("K-3", "CTR", 2027), thing("P-1", "APP", 2026)];
    store.commit(&numbering(&later)).await.unwrap();
    store.commit(&numbering(&[thing("K-4", "CTR", 2026)])).await.unwrap();
    let expected = ["CTR-2026-0002", "CTR-2026-0001", "CTR-2027-0001", "CTR-2026-0003"];
    let expected = expected.map(|number| Some(number.to_owned()));
    assert_eq!(numbers(store, &["K-1", "K-2", "K-3", "K-4"]).await, expected);
    assert_eq!(numbers(store, &["P-1", "P-2"]).await, [Some("APP-2026-0001".to_owned()), None]);
    let number = ShortNumber::read("ctr-2026-3").unwrap();
    assert_eq!(store.numbered(&number).await.unwrap().as_deref(), Some("K-4"));
    let number = ShortNumber::read("CTR-2026-0004").unwrap();
    assert_eq!(store.numbered(&number).await.unwrap(), None);
    assert_eq!(store.check_chains().await.unwrap(), []);
}

/// More at once than one statement looks for.
pub(super) async fn many_at_once_are_numbered_in_their_order(store: &impl Store) {
    let things: Vec<_> = (1..=1200).map(|n| thing(&format!("K-{n}"), "CTR", 2026)).collect();
    store.commit(&numbering(&things)).await.unwrap();
    let ids: Vec<_> = things.iter().map(|thing| thing.id.as_str()).collect();
    let found = store.short_numbers(&ids).await.unwrap();
    assert_eq!((found.len(), found["K-1200"].as_str()), (1200, "CTR-2026-1200"));
    assert_eq!(store.check_chains().await.unwrap(), []);
}

pub(super) async fn a_step_that_is_refused_leaves_no_gap(store: &impl Store) {
    let mut written = step("in-1", 0);
    written.numbered = vec![thing("P-1", "APP", 2026)];
    store.commit(&written).await.unwrap();
    // Stale, and then known already.
    for (id, after) in [("in-2", 0), ("in-1", 1)] {
        let mut refused = step(id, after);
        refused.numbered = vec![thing("P-2", "APP", 2026)];
        let error = store.commit(&refused).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(_) | StoreError::Duplicate(_)), "{error}");
    }
    assert_eq!(numbers(store, &["P-2"]).await, [None]);
    store.commit(&numbering(&[thing("P-3", "APP", 2026)])).await.unwrap();
    assert_eq!(numbers(store, &["P-3"]).await, [Some("APP-2026-0002".to_owned())]);
    assert_eq!(store.records(&account()).await.unwrap(), [record("in-1")]);
}

/// Three contracts in two years, one that has no number yet, and an invoice.
async fn numbered_contracts(store: &impl Store) {
    let view = |kind: &str, id: &str, content: Value| ViewRow {
        kind: kind.to_owned(),
        id: id.to_owned(),
        account: account(),
        content,
    };
    let views = vec![
        view("account", &account().0, json!({ "name": "青葉", "tasks": [{ "about": "K-B" }] })),
        view("contract", "K-A", json!({ "status": "active" })),
        view("contract", "K-B", json!({ "status": "active" })),
        view("contract", "K-C", json!({ "status": "active" })),
        view("contract", "K-D", json!({ "status": "active" })),
        view("matter", "M-1", json!({ "contract": "K-B" })),
        view("invoice", "INV-1", json!({ "contract": "K-B" })),
        view("invoice", "INV-2", json!({ "contract": "K-C" })),
    ];
    let of = |id: &str, year| thing(id, "CTR", year);
    let mut numbered = vec![of("K-C", 2027), of("K-B", 2026), of("K-A", 2026)];
    numbered.push(thing("M-1", "MAT", 2026));
    store.commit(&Transaction { views, numbered, ..Transaction::default() }).await.unwrap();
}

pub(super) async fn lists_know_short_numbers(store: &impl Store) {
    numbered_contracts(store).await;
    let found = async |of: ListOf<'_>, tests: Vec<Test>, order: Vec<Order>| {
        let found = store.list_views(of, &ListQuery::first(9, tests, order)).await.unwrap();
        let row = |row: &engine::listed::Listed<ViewRow>| {
            format!("{} {}", row.row.id, row.number.as_deref().unwrap_or("-"))
        };
        found.rows.iter().map(row).collect::<Vec<_>>()
    };
    let contracts = ListOf::Kind("contract");
    let by_number = [
        "K-B CTR-2026-0001",
        "K-A CTR-2026-0002",
        "K-C CTR-2027-0001",
        // What has none comes last, either way.
        "K-D -",
    ];
    let rising = vec![Order::rising(Field::ShortNumber)];
    assert_eq!(found(contracts, vec![], rising.clone()).await, by_number);
    let falling = vec![Order::falling(Field::ShortNumber)];
    let fallen = [by_number[2], by_number[1], by_number[0], by_number[3]];
    assert_eq!(found(contracts, vec![], falling).await, fallen);

    let sought = |text: &str| vec![Test::Sought(engine::plain(text))];
    for typed in ["CTR-2026-0002", "ｃｔｒ－２０２６－０００２", "ctr-2026-2"] {
        assert_eq!(found(contracts, sought(typed), vec![]).await, by_number[1..2], "{typed}");
    }
    assert_eq!(found(contracts, sought("2026-0001"), vec![]).await, by_number[..1]);
    let named = vec![Test::Named("ctr-2026-0001".to_owned())];
    assert_eq!(found(contracts, named, vec![]).await, by_number[..1]);
    assert_eq!(found(contracts, sought("CTR-2028-0001"), vec![]).await, [""; 0]);
    // What names a contract is found by its number too.
    let of_b = sought("CTR-2026-0001");
    assert_eq!(found(ListOf::Kind("invoice"), of_b.clone(), vec![]).await, ["INV-1 -"]);
    assert_eq!(found(ListOf::Kind("invoice"), vec![], rising).await, ["INV-1 -", "INV-2 -"]);
    assert_eq!(found(ListOf::Kind("matter"), of_b.clone(), vec![]).await, ["M-1 MAT-2026-0001"]);
    let tasks = found(ListOf::Within("tasks"), of_b, vec![]).await;
    assert_eq!(tasks, [format!("{} -", account())]);
}
