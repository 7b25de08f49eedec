//! The SQLite store passes the suite, in memory and in a folder, and keeps what
//! a folder alone can lose: restored copies, changed bytes, another process.

use std::fs;
use std::path::Path;

use engine::{Store, StoreError, Transaction};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use store::SqlStore;
use store::conformance::given::{account, at, effect, import, personal, record, step, usage_row};
use store::conformance::run_all;
use tempfile::TempDir;

#[tokio::test]
async fn in_memory_it_conforms() {
    run_all(async || SqlStore::in_memory().await.unwrap()).await;
}

#[tokio::test]
async fn in_a_folder_it_conforms() {
    let root = tempfile::tempdir().unwrap();
    let made = std::cell::Cell::new(0);
    run_all(async || {
        made.set(made.get() + 1);
        SqlStore::open(&root.path().join(made.get().to_string())).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn a_folder_is_opened_again_as_it_was() {
    let (folder, store) = filled().await;
    store.claim(at(0), 1).await.unwrap();
    drop(store);
    let store = SqlStore::open(folder.path()).await.unwrap();
    assert_eq!(store.records(&account()).await.unwrap(), [record("in-1"), record("in-2")]);
    assert_eq!(store.personal("p-1").await.unwrap(), Some(personal("p-1", "K-1")));
    assert_eq!(store.usage_segment("seg-1").await.unwrap().unwrap().rows.len(), 1);
    assert_eq!(store.recover().await.unwrap(), 1);
    assert_eq!(store.check_chains().await.unwrap(), []);
    store.commit(&step("in-3", 2)).await.unwrap();
    assert_eq!(store.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn a_folder_of_a_newer_program_is_refused() {
    let (folder, store) = filled().await;
    store.close().await;
    change(&folder, "INSERT INTO schema (version) VALUES (99)").await;
    let refused = SqlStore::open(folder.path()).await;
    assert!(matches!(refused, Err(StoreError::Broken(why)) if why.contains("newer")));
}

/// Served with keys of its own making it would look sound, with every name lost.
#[tokio::test]
async fn a_folder_whose_keys_are_lost_is_opened_by_nothing() {
    type Loss = fn(&Path);
    let losses: [(&str, Loss); 4] = [
        ("is missing", |keys| fs::remove_file(keys).unwrap()),
        ("is empty", |keys| fs::write(keys, "").unwrap()),
        ("is of another installation", |keys| fs::write(keys, keys_of_another()).unwrap()),
        ("holds no keys", |keys| {
            fs::copy(keys.with_file_name("other.db"), keys).unwrap();
        }),
    ];
    for (what, lose) in losses {
        let (folder, store) = filled().await;
        store.close().await;
        let mut other = connect(&folder, "other.db").await;
        sqlx::query("CREATE TABLE x (y TEXT)").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
        let keys = folder.path().join("keys.db");
        lose(&keys);
        let left = fs::read(&keys).ok();
        let opened = SqlStore::open(folder.path()).await.unwrap_err().to_string();
        let looked_at = store::inspect(folder.path(), None).await.unwrap_err().to_string();
        for refused in [opened, looked_at] {
            assert!(refused.contains(&format!("keys.db {what}")), "{refused}");
            assert!(refused.contains("yakkan restore BACKUP --to FOLDER --keys KEYS"), "{refused}");
        }
        assert_eq!(fs::read(&keys).ok(), left, "nothing is written in its place");
    }
}

/// Also what an earlier program, or somebody's `cp`, left open.
#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_a_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = filled().await;
    assert_eq!(store::exposed(folder.path()), Vec::<std::path::PathBuf>::new());
    store.close().await;
    for name in ["", "yakkan.db", "keys.db", "segments"] {
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path().join(name), open).unwrap();
    }
    assert_eq!(store::exposed(folder.path()).len(), 4);
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.commit(&step("in-3", 2)).await.unwrap();
    assert_eq!(store::exposed(folder.path()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn servers_of_one_folder_are_told_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let server = |pid| store::Server { pid, since: at(7), listens: "127.0.0.1:8080".to_owned() };
    let (first, others) = store::serve_beside(folder.path(), &server(1)).unwrap();
    assert_eq!(others, []);
    let (_second, others) = store::serve_beside(folder.path(), &server(2)).unwrap();
    assert_eq!(others, [server(1)]);
    assert_eq!(store::servers(folder.path()), [server(1), server(2)]);
    drop(first);
    assert_eq!(store::servers(folder.path()), [server(2)]);
}

/// Two writers decide on the same number of records: one of them has to again.
#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [
        SqlStore::open(folder.path()).await.unwrap(),
        SqlStore::open(folder.path()).await.unwrap(),
    ];
    let write = |writer: usize| {
        let store = stores[writer].clone();
        tokio::spawn(async move {
            for n in 0..20 {
                loop {
                    let after = store.records(&account()).await.unwrap().len() as u64;
                    match store.commit(&step(&format!("in-{writer}-{n}"), after)).await {
                        Err(StoreError::Conflict(_)) => {}
                        done => break done.unwrap(),
                    }
                }
            }
        })
    };
    let both = [write(0), write(1)];
    for writer in both {
        writer.await.unwrap();
    }
    assert_eq!(stores[0].records(&account()).await.unwrap().len(), 40);
    assert_eq!(stores[1].check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn the_chain_check_finds_what_was_changed() {
    let cases = [
        ("UPDATE event SET payload = replace(payload, 'days', 'dayz') WHERE seq = 1", "changed"),
        ("UPDATE event SET payload = CAST(x'ff' AS TEXT) WHERE seq = 2", "cannot be read"),
        ("UPDATE input SET payload = replace(payload, '550', '250')", "input in-1, payload"),
        ("UPDATE event SET type = 'done' WHERE type = 'registered'", ", type:"),
        ("UPDATE event SET seq = 9 WHERE seq = 2 AND stream = 'ledger'", "gap"),
        ("DELETE FROM event WHERE seq = 1 AND stream = 'ledger'", "gap"),
        ("DELETE FROM event WHERE seq = 2 AND stream = 'ledger'", "head"),
        ("DELETE FROM head WHERE stream = 'ledger'", "no head"),
        ("UPDATE head SET hash = 'x' WHERE account = 'operator'", "head"),
        ("UPDATE account SET inputs = 3", ", inputs:"),
        ("UPDATE checkpoint SET made_at = made_at + 1", ", made_at:"),
        ("DELETE FROM checkpoint WHERE seq = 1", "follow"),
    ];
    for (statement, word) in cases {
        let (folder, store) = filled().await;
        change(&folder, statement).await;
        let faults = store.check_chains().await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.to_string().contains(word)),
            "{statement}: {faults:?}"
        );
    }
}

#[tokio::test]
async fn a_changed_or_missing_segment_is_found() {
    let (folder, store) = filled().await;
    let file =
        fs::read_dir(folder.path().join("segments")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&file).unwrap();
    bytes[20] ^= 1;
    fs::write(&file, bytes).unwrap();
    let faults = store.check_chains().await.unwrap();
    let place = |fault: &engine::Fault| (fault.table.clone(), fault.row.clone());
    let places: Vec<_> = faults.iter().map(place).collect();
    assert_eq!(places, [("usage_segment".to_owned(), "seg-1".to_owned())], "{faults:?}");
    assert!(store.usage_segment("seg-1").await.is_err());
    fs::remove_file(&file).unwrap();
    assert_eq!(store.check_chains().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_erased_is_nowhere_on_the_disk() {
    let (folder, store) = filled().await;
    assert!(!found(folder.path(), "taro@example".as_bytes()), "personal rows are sealed");
    assert!(found(folder.path(), "vm-1".as_bytes()), "usage rows are not");
    let sealed = one_sealed(&folder).await;
    store.erase("K-1", at(1)).await.unwrap();
    store.erase_usage("K-1").await.unwrap();
    assert!(!found(folder.path(), &sealed[30..]));
    assert!(!found(folder.path(), "vm-1".as_bytes()));
}

#[tokio::test]
async fn an_old_copy_serves_nothing_that_was_erased() {
    let (folder, store) = filled().await;
    store.close().await;
    let copy = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), copy.path());
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.erase("K-1", at(1)).await.unwrap();
    store.erase_usage("K-1").await.unwrap();
    store.close().await;
    // A backup has the segments, and the keys never.
    fs::copy(copy.path().join("yakkan.db"), folder.path().join("yakkan.db")).unwrap();
    copy_folder(&copy.path().join("segments"), &folder.path().join("segments"));
    let store = SqlStore::open(folder.path()).await.unwrap();
    assert_eq!(store.personal("p-1").await.unwrap(), None);
    assert!(store.personal_of("K-1").await.unwrap().is_empty());
    assert_eq!(store.personal("p-2").await.unwrap(), Some(personal("p-2", "K-2")));
    assert_eq!(store.count_usage("K-1").await.unwrap(), 0);
    assert!(!found(folder.path(), "vm-1".as_bytes()));
    assert_eq!(store.check_chains().await.unwrap(), []);
}

/// Where the keys were restored from an old copy, the other list holds.
#[tokio::test]
async fn an_old_copy_of_the_keys_brings_none_back() {
    let (folder, store) = filled().await;
    store.close().await;
    let copy = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), copy.path());
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.erase("K-1", at(1)).await.unwrap();
    store.close().await;
    fs::copy(copy.path().join("keys.db"), folder.path().join("keys.db")).unwrap();
    let store = SqlStore::open(folder.path()).await.unwrap();
    store.close().await;
    let mut conn = connect(&folder, "keys.db").await;
    let (keys,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM subject_key WHERE subject = 'K-1'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn an_unfinished_segment_is_cleared_away() {
    let (folder, store) = filled().await;
    store.close().await;
    let unfinished = folder.path().join("segments").join("x.parquet.1.tmp");
    fs::write(&unfinished, "half").unwrap();
    SqlStore::open(folder.path()).await.unwrap();
    assert!(!unfinished.exists());
}

/// Two records, an effect, two personal rows, usage and two checkpoints.
async fn filled() -> (TempDir, SqlStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open(folder.path()).await.unwrap();
    let operator = vec![engine::OperatorEntry {
        stream: "numbers/2026".to_owned(),
        key: "1".to_owned(),
        kind: "number_given".to_owned(),
        payload: serde_json::json!({}),
    }];
    store.commit(&Transaction { operator, ..step("in-1", 0) }).await.unwrap();
    store.commit(&step("in-2", 1)).await.unwrap();
    let rest = Transaction {
        outbox: vec![effect("out-1", at(0))],
        personal: vec![personal("p-1", "K-1"), personal("p-2", "K-2")],
        ..import("seg-1", vec![usage_row("u-1", "K-1")])
    };
    store.commit(&rest).await.unwrap();
    store.checkpoint(at(1)).await.unwrap();
    store.checkpoint(at(2)).await.unwrap();
    (folder, store)
}

/// The bytes of the keys of a folder that has nothing to do with this one.
fn keys_of_another() -> Vec<u8> {
    let made = std::thread::spawn(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (folder, store) = filled().await;
            store.close().await;
            fs::read(folder.path().join("keys.db")).unwrap()
        })
    });
    made.join().unwrap()
}

async fn connect(folder: &TempDir, file: &str) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join(file))
        .create_if_missing(true)
        .foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn change(folder: &TempDir, statement: &'static str) {
    let mut conn = connect(folder, "yakkan.db").await;
    let changed = sqlx::query(statement).execute(&mut conn).await.unwrap();
    assert!(changed.rows_affected() > 0, "{statement}");
    conn.close().await.unwrap();
}

async fn one_sealed(folder: &TempDir) -> Vec<u8> {
    let mut conn = connect(folder, "yakkan.db").await;
    let (sealed,): (Vec<u8>,) = sqlx::query_as("SELECT sealed FROM personal WHERE id = 'p-1'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert!(found(folder.path(), &sealed[30..]), "the search itself works");
    sealed
}

/// True when any file below the folder holds these bytes.
fn found(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return found(&path, bytes);
        }
        fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}
