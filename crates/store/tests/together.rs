//! Several stores on one database, as several processes have them: on a folder of
//! SQLite and on PostgreSQL alike.

use std::collections::BTreeSet;
use std::path::Path;

use contract::road::stream::Body;
use engine::{DocumentRow, OperatorEntry, OutboxState, Store, StoreError, ToNumber, Transaction};
use serde_json::json;
use store::SqlStore;
use store::conformance::given::{account, at, effect, import, personal, step, usage_row};
use store::conformance::server::Server;
use tempfile::TempDir;

const STORES: usize = 3;
const EACH: usize = 20;

/// Folders and databases to open several times.
enum Place {
    Sqlite(TempDir),
    Postgres(TempDir, String),
}

impl Place {
    async fn both() -> [Place; 2] {
        let server = Server::of_this_process().await;
        let folder = || tempfile::tempdir().unwrap();
        [Place::Sqlite(folder()), Place::Postgres(folder(), server.database().await)]
    }

    fn folder(&self) -> &Path {
        match self {
            Place::Sqlite(folder) | Place::Postgres(folder, _) => folder.path(),
        }
    }

    async fn open(&self) -> SqlStore {
        match self {
            Place::Sqlite(folder) => SqlStore::open(folder.path()).await.unwrap(),
            Place::Postgres(folder, address) => {
                SqlStore::connect(folder.path(), address).await.unwrap()
            }
        }
    }

    async fn stores(&self) -> Vec<SqlStore> {
        let mut stores = Vec::new();
        for _ in 0..STORES {
            stores.push(self.open().await);
        }
        stores
    }
}

/// Each store does its part at the same time as the others.
async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    stores: &[SqlStore],
    part: impl Fn(usize, SqlStore) -> F,
) -> Vec<T> {
    let parts = stores.iter().cloned().enumerate().map(|(n, store)| tokio::spawn(part(n, store)));
    let mut answers = Vec::new();
    for part in parts.collect::<Vec<_>>() {
        answers.push(part.await.unwrap());
    }
    answers
}

/// Two writers decide on the same number of records: one of them has to again.
#[tokio::test(flavor = "multi_thread")]
async fn writers_of_one_account_do_not_mix() {
    for place in Place::both().await {
        let stores = place.stores().await;
        at_once(&stores, |writer, store| async move {
            for n in 0..EACH {
                loop {
                    let after = store.records(&account()).await.unwrap().len() as u64;
                    match store.commit(&step(&format!("in-{writer}-{n}"), after)).await {
                        Err(StoreError::Conflict(_)) => {}
                        done => break done.unwrap(),
                    }
                }
            }
        })
        .await;
        assert_eq!(stores[0].records(&account()).await.unwrap().len(), STORES * EACH);
        assert_eq!(stores[1].check_chains().await.unwrap(), []);
    }
}

/// The same inputs from all, on accounts that none of them has seen before.
#[tokio::test(flavor = "multi_thread")]
async fn an_input_that_several_bring_is_recorded_once() {
    for place in Place::both().await {
        let stores = place.stores().await;
        let recorded = at_once(&stores, |_, store| async move {
            let mut recorded = 0;
            for n in 0..EACH {
                let mut one = step(&format!("in-{n}"), 0);
                let record = &mut one.records[0].record;
                record.input.account = format!("A-{n}").as_str().into();
                let new = record.input.digest();
                if let Body::Registered { digest, .. } = &mut record.events[0].body {
                    *digest = new;
                }
                match store.commit(&one).await {
                    Ok(()) => recorded += 1,
                    Err(StoreError::Duplicate(_) | StoreError::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            recorded
        })
        .await;
        assert_eq!(recorded.iter().sum::<usize>(), EACH, "{recorded:?}");
        assert_eq!(stores[0].accounts().await.unwrap().len(), EACH);
        assert_eq!(stores[0].check_chains().await.unwrap(), []);
    }
}

/// Several give short numbers at the same time, and some steps are taken back.
#[tokio::test(flavor = "multi_thread")]
async fn short_numbers_have_no_gap_and_no_double() {
    let thing = |id: String| ToNumber { id, series: "CTR", year: 2026 };
    for place in Place::both().await {
        let stores = place.stores().await;
        at_once(&stores, move |writer, store| async move {
            for n in 0..EACH {
                let numbered = vec![thing(format!("K-{writer}-{n}")), thing(format!("K-{n}"))];
                let alone = Transaction { numbered, ..Transaction::default() };
                store.commit(&alone).await.unwrap();
                let mut stale = step(&format!("stale-{writer}-{n}"), 7);
                stale.numbered = vec![thing(format!("K-stale-{writer}-{n}"))];
                store.commit(&stale).await.unwrap_err();
            }
        })
        .await;
        let own = (0..STORES).flat_map(|writer| (0..EACH).map(move |n| format!("K-{writer}-{n}")));
        let ids: Vec<_> = own.chain((0..EACH).map(|n| format!("K-{n}"))).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let given: BTreeSet<_> =
            stores[0].short_numbers(&ids).await.unwrap().into_values().collect();
        let expected = (1..=(STORES + 1) * EACH).map(|n| format!("CTR-2026-{n:04}"));
        assert_eq!(given, expected.collect());
        assert_eq!(stores[1].check_chains().await.unwrap(), []);
    }
}

fn entry(key: &str) -> Transaction {
    let entry = OperatorEntry {
        stream: "numbers/2026".to_owned(),
        key: key.to_owned(),
        kind: "number_given".to_owned(),
        payload: json!({}),
    };
    Transaction { operator: vec![entry], ..Transaction::default() }
}

/// One chain, also while checkpoints are written and everything is checked.
#[tokio::test(flavor = "multi_thread")]
async fn an_operators_stream_has_no_fork() {
    for place in Place::both().await {
        let stores = place.stores().await;
        let taken = at_once(&stores, |writer, store| async move {
            let mut taken = 0;
            for n in 0..EACH {
                store.commit(&entry(&format!("{writer}-{n}"))).await.unwrap();
                match store.commit(&entry(&format!("shared-{n}"))).await {
                    Ok(()) => taken += 1,
                    Err(StoreError::Duplicate(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                store.checkpoint(at(n as i64)).await.unwrap();
                assert_eq!(store.check_chains().await.unwrap(), []);
            }
            taken
        })
        .await;
        assert_eq!(taken.iter().sum::<usize>(), EACH, "{taken:?}");
        let entries = stores[0].operator_stream("numbers/2026").await.unwrap();
        assert_eq!(entries.len(), (STORES + 1) * EACH);
        assert_eq!(stores[0].check_chains().await.unwrap(), []);
    }
}

/// Whoever rests on what was read of a stream is told when it has grown.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_on_a_stream_that_grew_conflicts() {
    for place in Place::both().await {
        let stores = place.stores().await;
        let written = at_once(&stores, |writer, store| async move {
            let stream = "numbers/2026".to_owned();
            for n in 0..EACH {
                loop {
                    let count = store.operator_stream(&stream).await.unwrap().len() as u64;
                    // The position is the key: a stale one would be taken twice.
                    let mut step = entry(&format!("{count}"));
                    step.operator[0].payload = json!({ "by": writer, "n": n });
                    step.operator_after = vec![(stream.clone(), count)];
                    match store.commit(&step).await {
                        Err(StoreError::Conflict(_)) => {}
                        done => break done.unwrap(),
                    }
                }
            }
        })
        .await;
        assert_eq!(written.len(), STORES);
        let entries = stores[0].operator_stream("numbers/2026").await.unwrap();
        let keys: Vec<_> = entries.into_iter().map(|entry| entry.key).collect();
        let expected: Vec<_> = (0..STORES * EACH).map(|n| n.to_string()).collect();
        assert_eq!(keys, expected);
    }
}

/// Sixty effects of twenty accounts: each is given out once, and never two of one
/// account to two workers.
#[tokio::test(flavor = "multi_thread")]
async fn each_effect_is_given_to_one_worker() {
    for place in Place::both().await {
        let stores = place.stores().await;
        for n in 0..EACH * 3 {
            let mut row = effect(&format!("out-{n}"), at(0));
            row.account = format!("A-{}", n % EACH).as_str().into();
            let step = Transaction { outbox: vec![row], ..Transaction::default() };
            stores[0].commit(&step).await.unwrap();
        }
        let given = at_once(&stores, |_, store| async move {
            let mut given = Vec::new();
            loop {
                let rows = store.claim(at(1), 4).await.unwrap();
                if rows.is_empty() {
                    let all = store.outbox().await.unwrap();
                    if all.iter().all(|row| row.state == OutboxState::Done) {
                        return given;
                    }
                    continue;
                }
                let mut step = Transaction::default();
                for row in rows {
                    step.released.push(row.account.clone());
                    step.outbox_updates.push(engine::OutboxUpdate {
                        id: row.id.clone(),
                        state: OutboxState::Done,
                        attempts: row.attempts + 1,
                        next_at: row.next_at,
                        maybe_sent: row.maybe_sent,
                        last_reply: String::new(),
                    });
                    given.push(row.id);
                }
                store.commit(&step).await.unwrap();
            }
        })
        .await;
        let given: Vec<_> = given.into_iter().flatten().collect();
        assert_eq!(given.len(), EACH * 3);
        assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), EACH * 3);
        let rows = stores[0].outbox().await.unwrap();
        assert!(rows.iter().all(|row| row.attempts == 1 && !row.maybe_sent));
    }
}

/// What a worker had in hand goes back when it is gone, and not before.
#[tokio::test]
async fn a_gone_worker_is_succeeded_and_a_living_one_is_not() {
    for place in Place::both().await {
        let (first, second) = (place.open().await, place.open().await);
        let outbox = vec![effect("out-1", at(0)), effect("out-2", at(0))];
        first.commit(&Transaction { outbox, ..Transaction::default() }).await.unwrap();
        assert_eq!(first.claim(at(0), 1).await.unwrap().len(), 1);
        assert_eq!(second.recover().await.unwrap(), 0);
        assert!(second.claim(at(0), 9).await.unwrap().is_empty());
        let clone = first.clone();
        drop(first);
        assert_eq!(second.recover().await.unwrap(), 0, "one handle of it is left");
        drop(clone);
        assert_eq!(second.recover().await.unwrap(), 1);
        let rows = second.claim(at(0), 9).await.unwrap();
        let unclear: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.maybe_sent)).collect();
        assert_eq!(unclear, [("out-1", true), ("out-2", false)]);
        assert_eq!(place.open().await.recover().await.unwrap(), 0);
    }
}

/// A row is sealed under a key that is there, or the erasure took it along.
#[tokio::test(flavor = "multi_thread")]
async fn no_row_outlives_its_key() {
    for place in Place::both().await {
        let stores = place.stores().await;
        at_once(&stores, |writer, store| async move {
            for n in 0..EACH {
                if writer == 0 {
                    store.erase("K-1", at(n as i64)).await.unwrap();
                    continue;
                }
                let row = personal(&format!("p-{writer}-{n}"), "K-1");
                let step = Transaction { personal: vec![row], ..Transaction::default() };
                store.commit(&step).await.unwrap();
            }
        })
        .await;
        let left = stores[0].personal_of("K-1").await.unwrap();
        for (id, _) in &left {
            assert!(stores[0].personal(id).await.unwrap().is_some(), "{id} cannot be read");
        }
        let gone: u64 =
            stores[0].erase("K-1", at(99)).await.unwrap().into_iter().map(|(_, n)| n).sum();
        assert_eq!(gone as usize, (STORES - 1) * EACH, "each row was counted once");
    }
}

/// Two that write the same document, or take the same usage rows.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_once_is_kept_once() {
    for place in Place::both().await {
        let stores = place.stores().await;
        let kept = at_once(&stores, |writer, store| async move {
            let mut kept = [0, 0];
            for n in 0..EACH {
                let document = DocumentRow {
                    id: format!("d-{n}"),
                    account: account(),
                    kind: "mail".to_owned(),
                    name: format!("by {writer}"),
                    mime: "message/rfc822".to_owned(),
                    bytes: vec![writer as u8],
                };
                let documents = vec![document];
                let written = Transaction { documents, ..Transaction::default() };
                kept[0] += usize::from(won(store.commit(&written).await));
                let rows = vec![usage_row(&format!("u-{n}"), "K-1")];
                let segment = import(&format!("seg-{writer}-{n}"), rows);
                kept[1] += usize::from(won(store.commit(&segment).await));
            }
            kept
        })
        .await;
        for which in [0, 1] {
            assert_eq!(kept.iter().map(|kept| kept[which]).sum::<usize>(), EACH, "{kept:?}");
        }
        assert_eq!(stores[0].count_usage("K-1").await.unwrap() as usize, EACH);
        assert_eq!(stores[0].check_chains().await.unwrap(), []);
    }
}

fn won(answer: Result<(), StoreError>) -> bool {
    match answer {
        Ok(()) => true,
        Err(StoreError::Duplicate(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Segments that several contracts share are rewritten by one erasure at a time.
#[tokio::test(flavor = "multi_thread")]
async fn erasures_of_usage_do_not_undo_each_other() {
    for place in Place::both().await {
        let stores = place.stores().await;
        let contracts = ["K-1", "K-2", "K-3"];
        for n in 0..5 {
            let row = |(m, contract): (usize, &&str)| usage_row(&format!("u-{n}-{m}"), contract);
            let rows = contracts.iter().enumerate().map(row).collect();
            stores[0].commit(&import(&format!("seg-{n}"), rows)).await.unwrap();
        }
        let erased = at_once(&stores, |which, store| async move {
            store.erase_usage(contracts[which]).await.unwrap()
        })
        .await;
        assert_eq!(erased, [5, 5, 5]);
        for n in 0..5 {
            let segment = stores[0].usage_segment(&format!("seg-{n}")).await.unwrap().unwrap();
            assert!(segment.rows.is_empty());
        }
        assert_eq!(stores[0].check_chains().await.unwrap(), []);
    }
}

/// Keys and database are a pair.
#[tokio::test]
async fn a_database_is_not_opened_with_the_keys_of_another() {
    let [sqlite, postgres] = Place::both().await;
    let Place::Postgres(_, address) = &postgres else { panic!("the second is PostgreSQL") };
    postgres.open().await.commit(&step("in-1", 0)).await.unwrap();
    let broken = |opened: Result<SqlStore, StoreError>| match opened {
        Err(StoreError::Broken(why)) => why,
        other => panic!("{other:?}"),
    };
    let fresh = tempfile::tempdir().unwrap();
    let why = broken(SqlStore::connect(fresh.path(), address).await);
    assert!(why.contains("keys.db is missing"), "{why}");
    let own = sqlite.open().await;
    own.commit(&Transaction { personal: vec![personal("p-1", "K-1")], ..step("in-1", 0) })
        .await
        .unwrap();
    own.close().await;
    let why = broken(SqlStore::connect(sqlite.folder(), address).await);
    assert!(why.contains("is of another installation"), "{why}");
    let empty = Server::of_this_process().await.database().await;
    let why = broken(SqlStore::connect(sqlite.folder(), &empty).await);
    assert!(why.contains("keys of another one"), "{why}");
    assert_eq!(postgres.open().await.records(&account()).await.unwrap().len(), 1);
}

/// What is wrong is said at once, and no password is repeated.
#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (address, part) in [
        ("mysql://yakkan:secret@localhost/yakkan", "postgres://"),
        ("postgres://yakkan:secret@127.0.0.1:1/yakkan", "the database yakkan on 127.0.0.1"),
        ("postgres://yakkan:secret@local host/yakkan", "the address of the database is wrong"),
    ] {
        let Err(error) = SqlStore::connect(folder.path(), address).await else {
            panic!("{address} was opened");
        };
        let text = error.to_string();
        assert!(text.contains(part) && !text.contains("secret"), "{text}");
    }
}
