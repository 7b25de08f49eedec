//! Read models, documents and drafts.

use engine::{DocumentRow, DraftRow, Fold, Store, StoreError, Transaction, ViewRow, WorkedOut};
use serde_json::{Value, json};

use super::given::{account, step};

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

pub(super) async fn what_accounts_came_to_is_kept_and_told_when_behind(store: &impl Store) {
    store.commit(&step("I-1", 0)).await.unwrap();
    let fold = |version: u32| Fold { version, law: "law-1".to_owned() };
    let row = |records: u64, version: u32, body: &[u8]| WorkedOut {
        records,
        fold: fold(version),
        body: body.to_vec(),
    };
    let behind = async |after: &str, by: u64, version: u32| {
        store.behind(after, by, &fold(version), 10).await.unwrap()
    };
    assert_eq!(store.worked_out(&account()).await.unwrap(), None);
    assert_eq!(behind("", 1, 1).await, [account()]);
    // It is short, or stands before the place from which on is looked.
    assert!(behind("", 2, 1).await.is_empty());
    assert!(behind(&account().0, 1, 1).await.is_empty());
    for row in [row(1, 1, b"first"), row(1, 2, &[0, 159, 255])] {
        store.put_worked_out(&account(), &row).await.unwrap();
        assert_eq!(store.worked_out(&account()).await.unwrap(), Some(row));
    }
    assert!(behind("", 1, 2).await.is_empty());
    assert_eq!(behind("", 1, 3).await, [account()]);
    store.commit(&step("I-2", 1)).await.unwrap();
    assert_eq!(behind("", 1, 2).await, [account()]);
    let draft = DraftRow {
        id: "x".to_owned(),
        run: "2026-04".to_owned(),
        account: account(),
        number: "INV-2026-000001".to_owned(),
        content: json!({}),
    };
    let begun = Transaction { drafts: vec![draft], ..Transaction::default() };
    store.commit(&begun).await.unwrap();
    assert!(behind("", 1, 2).await.is_empty(), "a billing run goes on");
    let done = Transaction { drafts_issued: vec!["x".to_owned()], ..Transaction::default() };
    store.commit(&done).await.unwrap();
    assert_eq!(behind("", 1, 2).await, [account()]);
}
