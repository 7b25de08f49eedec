//! Personal rows and their erasure.

use engine::{PersonalRow, Store, StoreError, Transaction};

use super::given::{at, personal};

pub(super) async fn rows_come_back_in_clear(store: &impl Store) {
    let row = personal("p-1", "K-1");
    store.commit(&keep(&[row.clone(), personal("p-2", "K-1")])).await.unwrap();
    store.commit(&keep(std::slice::from_ref(&row))).await.unwrap();
    assert_eq!(store.personal("p-1").await.unwrap(), Some(row.clone()));
    assert_eq!(store.personal("p-3").await.unwrap(), None);
    let listed = ["p-1", "p-2"].map(|id| (id.to_owned(), "contact".to_owned()));
    assert_eq!(store.personal_of("K-1").await.unwrap(), listed);
    let other = PersonalRow { content: Vec::new(), ..row };
    let answer = store.commit(&keep(&[other])).await;
    assert!(matches!(answer, Err(StoreError::Duplicate(id)) if id == "p-1"));
}

pub(super) async fn an_erased_subject_is_gone(store: &impl Store) {
    let file = PersonalRow { class: "file".to_owned(), ..personal("p-3", "K-1") };
    let rows = [personal("p-1", "K-1"), personal("p-2", "K-1"), file, personal("p-4", "K-2")];
    store.commit(&keep(&rows)).await.unwrap();
    let counts = [("contact".to_owned(), 2), ("file".to_owned(), 1)];
    assert_eq!(store.erase("K-1", at(1)).await.unwrap(), counts);
    for id in ["p-1", "p-2", "p-3"] {
        assert_eq!(store.personal(id).await.unwrap(), None);
    }
    assert!(store.personal_of("K-1").await.unwrap().is_empty());
    assert_eq!(store.personal("p-4").await.unwrap().as_ref(), Some(&rows[3]));
    let hashes = store.hashes_of(&["p-1", "p-4", "p-5"]).await.unwrap();
    let hash = blake3::hash(&rows[3].content).to_string();
    assert_eq!(hashes.into_iter().collect::<Vec<_>>(), [("p-4".to_owned(), hash)]);
    // A process that died before it noted the counts asks again.
    assert_eq!(store.erase("K-1", at(2)).await.unwrap(), counts);
    assert!(store.erase("K-none", at(2)).await.unwrap().is_empty());
}

pub(super) async fn what_comes_after_an_erasure_stays(store: &impl Store) {
    store.commit(&keep(&[personal("p-1", "K-1")])).await.unwrap();
    store.erase("K-1", at(1)).await.unwrap();
    let late = personal("p-2", "K-1");
    store.commit(&keep(std::slice::from_ref(&late))).await.unwrap();
    assert_eq!(store.personal("p-2").await.unwrap(), Some(late));
    let other = [personal("p-9", "K-9")];
    store.commit(&keep(&other)).await.unwrap();
    store.erase("K-9", at(2)).await.unwrap();
    assert_eq!(store.personal_of("K-1").await.unwrap().len(), 1);
    assert_eq!(store.erase("K-1", at(3)).await.unwrap(), [("contact".to_owned(), 2)]);
}

fn keep(rows: &[PersonalRow]) -> Transaction {
    Transaction { personal: rows.to_vec(), ..Transaction::default() }
}
