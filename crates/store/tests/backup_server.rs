//! The same for a store on PostgreSQL: dumped while others write, loaded into an
//! empty database, or nothing is left there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{Store, Transaction};
use reckon::Moment;
use store::SqlStore;
use store::backup::{BackupError, Made, Order, Request, Restored, make, put_in_place, stage};
use store::conformance::given::{account, effect, import, personal, step, usage_row};
use store::conformance::server::Server;
use tempfile::TempDir;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

struct Place {
    root: TempDir,
    address: String,
    store: SqlStore,
}

impl Place {
    async fn filled() -> Place {
        let root = tempfile::tempdir().unwrap();
        let address = Server::of_this_process().await.database().await;
        let store = SqlStore::connect(&root.path().join("data"), &address).await.unwrap();
        store.commit(&step("in-1", 0)).await.unwrap();
        let rows = vec![usage_row("u-1", "K-1"), usage_row("u-2", "K-2")];
        let rest = Transaction {
            outbox: vec![effect("out-1", at("2026-04-01T09:00:00"))],
            personal: vec![personal("p-1", "K-1"), personal("p-2", "K-2")],
            ..import("seg-1", rows)
        };
        store.commit(&rest).await.unwrap();
        Place { root, address, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    async fn back_up(&self, moment: &str) -> Made {
        make(&Order {
            data: &self.path("data"),
            database: Some(&self.address),
            to: &self.path("backups"),
            keys: Some(&self.path("elsewhere/keys.db")),
            operator: None,
            at: at(moment),
            backup_days: 90,
            program: "yakkan test",
        })
        .await
        .unwrap()
    }

    async fn stage(&self, backup: &Path, database: &str) -> Result<Restored, BackupError> {
        stage(&Request {
            backup,
            keys: Some(&self.path("elsewhere/keys.db")),
            to: &self.path("restored"),
            database: Some(database),
            known: None,
        })
        .await
    }
}

async fn another() -> String {
    Server::of_this_process().await.database().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_dumped_during_writes_and_loaded_elsewhere() {
    let place = Place::filled().await;
    let going_on = Arc::new(AtomicBool::new(true));
    let (store, on) = (place.store.clone(), going_on.clone());
    let writer = tokio::spawn(async move {
        let mut written = 1;
        while on.load(Ordering::SeqCst) {
            let segment = format!("seg-{}", written + 1);
            let all = Transaction {
                personal: vec![personal(&format!("q-{written}"), "K-9")],
                usage: import(&segment, vec![usage_row(&segment, "K-9")]).usage,
                ..step(&format!("w-{written}"), written)
            };
            store.commit(&all).await.unwrap();
            written += 1;
        }
    });
    let made = place.back_up("2026-04-02T03:00:00").await;
    going_on.store(false, Ordering::SeqCst);
    writer.await.unwrap();
    assert_eq!(made.manifest.store, "postgresql");
    assert!(!made.folder.join("yakkan.db").exists() && made.folder.join("yakkan.pgdump").exists());
    let address = another().await;
    let restored = place.stage(&made.folder, &address).await.unwrap();
    restored.store.close().await;
    put_in_place(&restored.staging, &place.path("restored")).unwrap();
    assert!(!place.path("restored/yakkan.pgdump").exists());
    let store = SqlStore::connect(&place.path("restored"), &address).await.unwrap();
    let entries = store.records(&account()).await.unwrap().len();
    assert_eq!(entries as i64, made.manifest.contents.inputs);
    assert_eq!(store.count_usage("K-9").await.unwrap() as usize, entries - 1);
    assert_eq!(store.personal("p-1").await.unwrap(), Some(personal("p-1", "K-1")));
    assert_eq!(store.check_chains().await.unwrap(), []);
    store.commit(&step("in-2", entries as u64)).await.unwrap();
    assert_eq!(store.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn what_was_erased_after_the_dump_is_not_served_again() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await;
    place.store.erase("K-1", at("2026-04-02T12:00:00")).await.unwrap();
    place.store.erase_usage("K-1").await.unwrap();
    place.back_up("2026-04-03T03:00:00").await;
    let restored = place.stage(&made.folder, &another().await).await.unwrap();
    assert_eq!(restored.erased, 1);
    assert_eq!(restored.store.personal("p-1").await.unwrap(), None);
    assert_eq!(restored.store.count_usage("K-1").await.unwrap(), 0);
    assert_eq!(restored.store.personal("p-2").await.unwrap(), Some(personal("p-2", "K-2")));
}

#[tokio::test]
async fn an_occupied_database_and_a_damaged_dump_are_refused() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await;
    let occupied = place.stage(&made.folder, &place.address).await.err().unwrap().to_string();
    assert!(occupied.contains("not empty"), "{occupied}");
    assert_eq!(place.store.records(&account()).await.unwrap().len(), 1);
    // The keys are of another time: everything was loaded before that is seen.
    let empty = another().await;
    let keys = place.path("elsewhere/keys.db");
    let right = fs::read(&keys).unwrap();
    let other = Place::filled().await;
    other.back_up("2026-04-02T03:00:00").await;
    fs::copy(other.path("elsewhere/keys.db"), &keys).unwrap();
    let refused = place.stage(&made.folder, &empty).await.err().unwrap().to_string();
    assert!(refused.contains("lacks 2 of 2 keys"), "{refused}");
    assert!(!place.path("restored").exists() && !place.path(".restored.restoring").exists());
    // Nothing was left there: the same database takes the backup now.
    fs::write(&keys, right).unwrap();
    let dump = made.folder.join("yakkan.pgdump");
    let whole = fs::read(&dump).unwrap();
    fs::write(&dump, &whole[..whole.len() / 2]).unwrap();
    let damaged = place.stage(&made.folder, &empty).await.err().unwrap().to_string();
    assert!(damaged.contains("yakkan.pgdump"), "{damaged}");
    fs::write(&dump, whole).unwrap();
    assert_eq!(place.stage(&made.folder, &empty).await.unwrap().erased, 0);
}

#[tokio::test]
async fn a_dump_is_not_restored_into_a_folder_alone() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await;
    let keys = place.path("elsewhere/keys.db");
    let request = Request {
        backup: &made.folder,
        keys: Some(&keys),
        to: &place.path("restored"),
        database: None,
        known: None,
    };
    let refused = stage(&request).await.err().unwrap().to_string();
    assert!(refused.contains("name an empty database"), "{refused}");
}
