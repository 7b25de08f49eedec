//! Read models, documents and drafts.

use engine::{DocumentRow, DraftRow, Store, StoreError, Transaction, ViewRow};
use serde_json::{Value, json};

use super::given::account;

pub(super) async fn views_are_replaced(store: &impl Store) {
    let row = |id: &str, content: Value| ViewRow {
        kind: "task".to_owned(),
        id: id.to_owned(),
        account: account(),
        content,
    };
    let views = |rows: &[ViewRow]| Transaction { views: rows.to_vec(), ..Transaction::default() };
    let first = [row("1", json!({ "b": 1, "a": 2 })), row("2", json!([]))];
    store.commit(&views(&first)).await.unwrap();
    assert_eq!(store.views("task").await.unwrap(), first);
    // The last of two in one step counts.
    let second = [row("2", json!("old")), row("2", json!("new"))];
    store.commit(&views(&second)).await.unwrap();
    assert_eq!(store.views("task").await.unwrap(), [first[0].clone(), second[1].clone()]);
    assert_eq!(store.view("task", "2").await.unwrap().as_ref(), Some(&second[1]));
    assert_eq!(store.view("invoice", "2").await.unwrap(), None);
}

pub(super) async fn documents_are_never_written_over(store: &impl Store) {
    let document = DocumentRow {
        id: "doc-1".to_owned(),
        account: account(),
        kind: "invoice".to_owned(),
        name: "請求書.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        bytes: vec![0, 159, 146, 150],
    };
    let keep = |row: DocumentRow| Transaction { documents: vec![row], ..Transaction::default() };
    store.commit(&keep(document.clone())).await.unwrap();
    store.commit(&keep(document.clone())).await.unwrap();
    let other = DocumentRow { bytes: vec![1], ..document.clone() };
    assert!(
        matches!(store.commit(&keep(other)).await, Err(StoreError::Duplicate(id)) if id == "doc-1")
    );
    let listed = ("doc-1".to_owned(), "invoice".to_owned(), "請求書.pdf".to_owned());
    assert_eq!(store.documents(&account()).await.unwrap(), [listed]);
    assert_eq!(store.document("doc-1").await.unwrap(), Some(document));
    assert_eq!(store.document("doc-2").await.unwrap(), None);
}

pub(super) async fn drafts_wait_in_the_order_of_numbers(store: &impl Store) {
    let draft = |id: &str, number: &str| DraftRow {
        id: id.to_owned(),
        run: "2026-04".to_owned(),
        account: account(),
        number: number.to_owned(),
        content: json!({ "total": 1100 }),
    };
    let keep =
        |drafts: &[DraftRow]| Transaction { drafts: drafts.to_vec(), ..Transaction::default() };
    let drafts = [draft("x", "INV-2026-000002"), draft("y", "INV-2026-000001")];
    store.commit(&keep(&drafts)).await.unwrap();
    store.commit(&keep(&drafts)).await.unwrap();
    for taken in [draft("z", "INV-2026-000001"), draft("x", "INV-2026-000003")] {
        assert!(matches!(store.commit(&keep(&[taken])).await, Err(StoreError::Duplicate(_))));
    }
    let [second, first] = drafts;
    assert_eq!(store.unissued("2026-04").await.unwrap(), [first, second.clone()]);
    let issued = Transaction { drafts_issued: vec!["y".to_owned()], ..Transaction::default() };
    store.commit(&issued).await.unwrap();
    assert_eq!(store.unissued("2026-04").await.unwrap(), [second]);
    assert!(store.unissued("2026-05").await.unwrap().is_empty());
    let unknown = Transaction { drafts_issued: vec!["w".to_owned()], ..Transaction::default() };
    assert!(matches!(store.commit(&unknown).await, Err(StoreError::Broken(_))));
}
