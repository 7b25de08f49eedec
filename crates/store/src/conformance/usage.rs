//! Usage segments, their keys, and rows that were not taken.

use engine::{RefusedRow, Store, StoreError, Transaction, UsageRow};

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
    let known = [asked[1].clone(), asked[3].clone()];
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

pub(super) async fn refused_rows_stay_visible(store: &impl Store) {
    let refused = |file: &str, row, reason: &str| RefusedRow {
        file: file.to_owned(),
        row,
        reason: reason.to_owned(),
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
