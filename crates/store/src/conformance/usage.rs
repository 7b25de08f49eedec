//! Usage segments, their keys, and rows that were not taken.

use contract::declare::words::Sentence;
use engine::{
    KnownUsage, MovementMark, RefusedRow, Store, StoreError, Transaction, UsageRow, WaitingMovement,
};

use super::given::{import, usage_row};

pub(super) async fn segments_come_back_as_written(store: &impl Store) {
    // More rows than one statement takes.
    let rows: Vec<_> = (0..1201).map(|n| usage_row(&format!("u-{n}"), "K-1")).collect();
    let step = import("seg-1", rows);
    store.commit(&step).await.unwrap();
    store.commit(&step).await.unwrap();
    assert_eq!(store.usage_segment("seg-1").await.unwrap().as_ref(), step.usage.first());
    assert_eq!(store.usage_segment("seg-2").await.unwrap(), None);
    store.commit(&import("seg-2", Vec::new())).await.unwrap();
    assert_eq!(store.usage_segment("seg-2").await.unwrap().unwrap().rows, []);
    assert_eq!(store.count_usage("K-1").await.unwrap(), 1201);
    assert_eq!(store.check_chains().await.unwrap(), []);
}

pub(super) async fn a_row_is_taken_once_over_all_segments(store: &impl Store) {
    store.commit(&import("seg-1", vec![row("u-1"), row("u-2")])).await.unwrap();
    let pair = |source: &str, id: &str| (source.to_owned(), id.to_owned());
    let asked = [
        pair("upstream", "u-3"),
        pair("upstream", "u-2"),
        pair("elsewhere", "u-1"),
        pair("upstream", "u-1"),
    ];
    let known: Vec<_> = [&asked[1], &asked[3]].map(known_as).into();
    assert_eq!(store.known_usage(&asked).await.unwrap(), known);
    assert!(store.known_usage(&[]).await.unwrap().is_empty());
    let bad = [
        import("seg-2", vec![row("u-3"), row("u-2")]),
        import("seg-2", vec![row("u-3"), row("u-3")]),
        import("seg-1", vec![row("u-3")]),
    ];
    for step in bad {
        assert!(matches!(store.commit(&step).await, Err(StoreError::Duplicate(_))));
    }
    assert_eq!(store.usage_segment("seg-2").await.unwrap(), None);
    assert_eq!(store.known_usage(&asked).await.unwrap(), known);
    let elsewhere = UsageRow { source: "elsewhere".to_owned(), ..row("u-1") };
    store.commit(&import("seg-2", vec![elsewhere])).await.unwrap();
}

fn known_as((source, id): &(String, String)) -> KnownUsage {
    KnownUsage { source: source.clone(), id: id.clone(), segment: "seg-1".to_owned() }
}

pub(super) async fn usage_of_a_contract_is_erased(store: &impl Store) {
    let other = usage_row("u-2", "K-2");
    let mixed = vec![row("u-1"), other.clone(), row("u-3")];
    store.commit(&import("seg-1", mixed)).await.unwrap();
    store.commit(&import("seg-2", vec![row("u-4")])).await.unwrap();
    assert_eq!(store.count_usage("K-1").await.unwrap(), 3);
    assert_eq!(store.erase_usage("K-1").await.unwrap(), 3);
    assert_eq!(store.count_usage("K-1").await.unwrap(), 0);
    assert_eq!(store.count_usage("K-2").await.unwrap(), 1);
    assert_eq!(store.usage_segment("seg-1").await.unwrap().unwrap().rows, [other]);
    assert_eq!(store.usage_segment("seg-2").await.unwrap().unwrap().rows, []);
    assert_eq!(store.erase_usage("K-1").await.unwrap(), 0);
    // The hashes of their names stay.
    let again = store.commit(&import("seg-3", vec![row("u-4")])).await;
    assert!(matches!(again, Err(StoreError::Duplicate(_))));
    assert_eq!(store.check_chains().await.unwrap(), []);
}

pub(super) async fn movements_wait_until_they_are_marked(store: &impl Store) {
    let movement = |id: &str, row| WaitingMovement {
        id: id.to_owned(),
        file: "bank.txt".to_owned(),
        row,
        reason: "nobody known pays so".to_owned(),
        content: serde_json::json!({ "amount": 5 }),
    };
    let (one, other) = (movement("m-2", 2), movement("m-1", 3));
    let movements = vec![other.clone(), one.clone()];
    store.commit(&Transaction { movements, ..Transaction::default() }).await.unwrap();
    // The same movement in another file is the same question.
    let again = WaitingMovement { file: "later.txt".to_owned(), ..one.clone() };
    store.commit(&Transaction { movements: vec![again], ..Transaction::default() }).await.unwrap();
    assert_eq!(store.waiting_movements().await.unwrap(), [one.clone(), other.clone()]);
    let mark = |waits| MovementMark { id: "m-2".to_owned(), waits };
    let marked =
        |waits| Transaction { movement_marks: vec![mark(waits)], ..Transaction::default() };
    store.commit(&marked(false)).await.unwrap();
    assert_eq!(store.waiting_movements().await.unwrap(), [other]);
    assert_eq!(store.count_movements().await.unwrap(), 1);
    assert_eq!(store.movement("m-2").await.unwrap(), Some(one));
    store.commit(&marked(true)).await.unwrap();
    assert_eq!(store.count_movements().await.unwrap(), 2);
    assert_eq!(store.movement("m-3").await.unwrap(), None);
    assert_eq!(store.check_chains().await.unwrap(), []);
}

pub(super) async fn refused_rows_stay_visible(store: &impl Store) {
    let refused = |file: &str, row, reason: &str| RefusedRow {
        file: file.to_owned(),
        row,
        reason: Sentence::same(reason),
        content: "u-1,K-1".to_owned(),
    };
    let rows =
        [refused("b.csv", 2, "twice"), refused("a.csv", 11, "no"), refused("a.csv", 3, "no")];
    let step = Transaction { refused_rows: rows.to_vec(), ..Transaction::default() };
    store.commit(&step).await.unwrap();
    store.commit(&step).await.unwrap();
    let [last, second, first] = rows;
    assert_eq!(store.refused_rows().await.unwrap(), [first, second, last]);
}

fn row(id: &str) -> UsageRow {
    usage_row(id, "K-1")
}
