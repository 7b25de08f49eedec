//! A disk without space: nothing of the step is applied, and it can be repeated.

use engine::{Store, StoreError};

use crate::SqlStore;
use crate::conformance::given::{account, at, import, personal, step, usage_row};

#[tokio::test]
async fn nothing_is_applied_when_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.commit(&step("in-1", 0)).await.unwrap();
    let (pages,): (i64,) =
        sqlx::query_as("PRAGMA page_count").fetch_one(&store.writer).await.unwrap();
    limit(&store, pages + 2).await;
    let mut large = step("in-2", 1);
    large.usage =
        import("seg-1", (0..4000).map(|n| usage_row(&n.to_string(), "K-1")).collect()).usage;
    large.records[0].next_due = Some(at(5));
    large.personal = vec![personal("p-1", "K-1")];
    assert!(matches!(store.commit(&large).await, Err(StoreError::Full(_))));
    assert_eq!(store.records(&account()).await.unwrap().len(), 1);
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.usage_segment("seg-1").await.unwrap(), None);
    assert_eq!(store.check_chains().await.unwrap(), []);
    limit(&store, 1_000_000).await;
    store.commit(&large).await.unwrap();
    assert_eq!(store.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn a_probe_tells_what_can_be_neither_written_nor_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.probe().await.unwrap();
    let read_only = async |on: bool| {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA query_only = {on}"));
        sqlx::query(sql).execute(&store.writer).await.unwrap();
    };
    read_only(true).await;
    assert!(store.probe().await.is_err());
    read_only(false).await;
    store.probe().await.unwrap();
    let keys = folder.path().join("keys.db");
    std::fs::rename(&keys, folder.path().join("elsewhere.db")).unwrap();
    let why = store.probe().await.unwrap_err().to_string();
    assert!(why.contains("keys.db is not there any more"), "{why}");
}

async fn limit(store: &SqlStore, pages: i64) {
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(sql).execute(&store.writer).await.unwrap();
}
