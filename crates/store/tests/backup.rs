//! Backups of a folder that is being written to, restored elsewhere: whole, or
//! not at all, and without anything that was erased meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{Store, Transaction};
use reckon::Moment;
use store::SqlStore;
use store::backup::{BackupError, Made, Order, Request, Restored, kept, make, prune, put_in_place};
use store::conformance::given::{account, effect, import, personal, step, usage_row};
use tempfile::TempDir;

const DAYS: u32 = 90;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A data folder with a store, and places for backups and keys.
struct Place {
    root: TempDir,
    store: SqlStore,
}

impl Place {
    async fn filled() -> Place {
        let root = tempfile::tempdir().unwrap();
        let store = SqlStore::open(&root.path().join("data")).await.unwrap();
        store.commit(&step("in-1", 0)).await.unwrap();
        let rows = vec![usage_row("u-1", "K-1"), usage_row("u-2", "K-2")];
        let rest = Transaction {
            outbox: vec![effect("out-1", at("2026-04-01T09:00:00"))],
            personal: vec![personal("p-1", "K-1"), personal("p-2", "K-2")],
            ..import("seg-1", rows)
        };
        store.commit(&rest).await.unwrap();
        fs::write(root.path().join("operator.toml"), "# the operator\n").unwrap();
        Place { root, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    async fn back_up(&self, moment: &str) -> Result<Made, BackupError> {
        make(&Order {
            data: &self.path("data"),
            database: None,
            to: &self.path("backups"),
            keys: Some(&self.path("elsewhere/keys.db")),
            operator: Some(&self.path("operator.toml")),
            at: at(moment),
            backup_days: DAYS,
            program: "yakkan test",
        })
        .await
    }

    async fn restore(&self, backup: &Path, to: &str) -> Result<SqlStore, BackupError> {
        let to = self.path(to);
        let restored = stage(backup, Some(&self.path("elsewhere/keys.db")), &to, None).await?;
        restored.store.close().await;
        put_in_place(&restored.staging, &to)?;
        Ok(SqlStore::open(&to).await?)
    }
}

async fn stage(
    backup: &Path,
    keys: Option<&Path>,
    to: &Path,
    known: Option<&str>,
) -> Result<Restored, BackupError> {
    store::backup::stage(&Request { backup, keys, to, database: None, known }).await
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_restored_as_it_was() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    assert!(made.folder.ends_with("yakkan-20260402-030000"));
    assert_eq!(
        names(&made.folder),
        ["manifest.json", "manifest.sha256", "operator.toml", "segments", "yakkan.db"]
    );
    let manifest = &made.manifest;
    assert_eq!((manifest.contents.accounts, manifest.contents.inputs), (1, 1));
    assert_eq!(manifest.contents.personal_rows, 2);
    assert_eq!(manifest.day.to_string(), "2026-04-02");
    // As the certificate says it: the day of the erasure and the days kept.
    assert_eq!(manifest.expires.to_string(), "2026-07-01");
    assert_eq!(manifest.checkpoint.as_ref().unwrap().root, manifest.root);
    let restored = place.restore(&made.folder, "restored").await.unwrap();
    let now = place.store.records(&account()).await.unwrap();
    assert_eq!(restored.records(&account()).await.unwrap(), now);
    assert_eq!(restored.personal("p-1").await.unwrap(), Some(personal("p-1", "K-1")));
    assert_eq!(restored.usage_segment("seg-1").await.unwrap().unwrap().rows.len(), 2);
    assert_eq!(restored.check_chains().await.unwrap(), []);
    assert_eq!(restored.outbox().await.unwrap().len(), 1);
    assert_eq!(
        fs::read_to_string(place.path("restored/operator.toml")).unwrap(),
        "# the operator\n"
    );
    // It can be written to, and its chains go on.
    restored.commit(&step("in-2", 1)).await.unwrap();
    assert_eq!(restored.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn a_backup_holds_no_key_and_keys_no_row() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    assert!(!made.folder.join("keys.db").exists());
    assert_eq!(names(&place.path("elsewhere")), ["keys.db"]);
    let without = stage(&made.folder, None, &place.path("without"), None).await.unwrap();
    assert_eq!(without.store.personal("p-1").await.unwrap(), None);
    without.store.close().await;
    let beside = Order {
        data: &place.path("data"),
        database: None,
        to: &place.path("backups"),
        keys: Some(&place.path("backups/keys.db")),
        operator: None,
        at: at("2026-04-03T03:00:00"),
        backup_days: DAYS,
        program: "yakkan test",
    };
    let refused = make(&beside).await.unwrap_err().to_string();
    assert!(refused.contains("must not lie with what they open"), "{refused}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_backups_and_keys() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&made.folder), 0o700);
    assert_eq!(mode(&made.folder.join("yakkan.db")), 0o600);
    assert_eq!(mode(&place.path("elsewhere/keys.db")), 0o600);
    let restored = place.restore(&made.folder, "restored").await.unwrap();
    drop(restored);
    assert_eq!(mode(&place.path("restored/keys.db")), 0o600);
}

/// What is committed while the copy is made is in it whole or not at all.
#[tokio::test(flavor = "multi_thread")]
async fn backups_during_writes_are_consistent() {
    let place = Place::filled().await;
    let going_on = Arc::new(AtomicBool::new(true));
    let (store, on) = (place.store.clone(), going_on.clone());
    let writer = tokio::spawn(async move {
        let mut written = 1;
        while on.load(Ordering::SeqCst) {
            let segment = format!("seg-{}", written + 1);
            let all = Transaction {
                personal: vec![personal(&format!("q-{written}"), "K-9")],
                outbox: vec![effect(&format!("w-{written}"), at("2026-04-01T09:00:00"))],
                usage: import(&segment, vec![usage_row(&segment, "K-9")]).usage,
                ..step(&format!("w-{written}"), written)
            };
            store.commit(&all).await.unwrap();
            written += 1;
        }
        written
    });
    let mut made = Vec::new();
    for minute in 0..4 {
        made.push(place.back_up(&format!("2026-04-02T03:0{minute}:00")).await.unwrap());
    }
    going_on.store(false, Ordering::SeqCst);
    let written = writer.await.unwrap();
    let mut last = 0;
    for (number, one) in made.iter().enumerate() {
        let restored = place.restore(&one.folder, &format!("restored-{number}")).await.unwrap();
        let entries = restored.records(&account()).await.unwrap().len() as i64;
        assert_eq!(entries, one.manifest.contents.inputs);
        assert!(entries >= last && entries <= written as i64, "{last} {entries} {written}");
        last = entries;
        // One row of each kind came with each entry.
        assert_eq!(restored.outbox().await.unwrap().len() as i64, entries);
        assert_eq!(restored.count_usage("K-9").await.unwrap() as i64, entries - 1);
        assert_eq!(restored.personal_of("K-9").await.unwrap().len() as i64, entries - 1);
    }
}

#[tokio::test]
async fn what_was_erased_after_the_backup_is_not_served_again() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    place.store.erase("K-1", at("2026-04-02T12:00:00")).await.unwrap();
    place.store.erase_usage("K-1").await.unwrap();
    // The copy of the keys of the day after knows of it.
    place.back_up("2026-04-03T03:00:00").await.unwrap();
    let to = place.path("restored");
    let keys = place.path("elsewhere/keys.db");
    let restored = stage(&made.folder, Some(&keys), &to, None).await.unwrap();
    assert_eq!(restored.erased, 1);
    let store = &restored.store;
    assert_eq!(store.personal("p-1").await.unwrap(), None);
    assert_eq!(store.count_usage("K-1").await.unwrap(), 0);
    assert_eq!(store.count_usage("K-2").await.unwrap(), 1);
    assert_eq!(store.personal("p-2").await.unwrap(), Some(personal("p-2", "K-2")));
    assert_eq!(store.check_chains().await.unwrap(), []);
    store.close().await;
}

#[tokio::test]
async fn a_restore_says_what_came_in_after_the_backup() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let in_it = made.manifest.checkpoint.clone().unwrap().hash;
    place.store.commit(&step("in-2", 1)).await.unwrap();
    let later = Transaction { personal: vec![personal("p-3", "K-3")], ..Transaction::default() };
    place.store.commit(&later).await.unwrap();
    let after = place.store.checkpoint(at("2026-04-02T18:00:00")).await.unwrap();
    place.back_up("2026-04-03T03:00:00").await.unwrap();
    let keys = place.path("elsewhere/keys.db");
    let known = async |hash: &str, to: &str| {
        let restored = stage(&made.folder, Some(&keys), &place.path(to), Some(hash)).await.unwrap();
        restored.store.close().await;
        restored
    };
    let restored = known(&in_it, "a").await;
    assert_eq!(restored.known, Some(1));
    assert_eq!(restored.unknown_subjects, ["K-3"]);
    let [last] = &restored.last_entries[..] else { panic!("{:?}", restored.last_entries) };
    assert_eq!(
        (last.account.as_str(), last.entries, last.input.as_str()),
        (&*account().0, 1, "in-1")
    );
    assert_eq!(known(&after, "b").await.known, None);
}

/// Every file of a backup, changed, cut, missing or one too many.
#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let segment = format!("segments/{}", names(&made.folder.join("segments"))[0]);
    let files = ["yakkan.db", "operator.toml", "manifest.json", "manifest.sha256", &segment];
    type Harm = fn(&Path);
    let harms: [(&str, Harm); 3] = [
        ("changed", |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        }),
        ("cut", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("missing", |path| fs::remove_file(path).unwrap()),
    ];
    for file in files {
        for (how, harm) in harms {
            let harmed = place.path("harmed");
            copy_folder(&made.folder, &harmed);
            harm(&harmed.join(file));
            let error = match place.restore(&harmed, "restored").await {
                Err(error) => error.to_string(),
                Ok(_) => panic!("{file} {how} was restored"),
            };
            assert!(error.contains("manifest") || error.contains(file), "{file} {how}: {error}");
            assert!(!place.path("restored").exists(), "{file} {how}");
            assert!(!place.path(".restored.restoring").exists(), "{file} {how}");
            fs::remove_dir_all(&harmed).unwrap();
        }
    }
    let harmed = place.path("harmed");
    copy_folder(&made.folder, &harmed);
    fs::write(harmed.join("extra"), "x").unwrap();
    assert!(place.restore(&harmed, "restored").await.is_err());
}

/// Whoever can write a manifest cannot thereby change the record.
#[tokio::test]
async fn a_record_changed_under_a_fresh_manifest_is_refused() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let forged = place.path("forged");
    copy_folder(&made.folder, &forged);
    let database = forged.join("yakkan.db");
    change(&database, "UPDATE event SET payload = replace(payload, 'days', 'dayz')").await;
    let text = fs::read_to_string(forged.join("manifest.json")).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let bytes = fs::read(&database).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        if file["path"] == "yakkan.db" {
            file["bytes"] = bytes.len().into();
            file["sha256"] = sha256(&bytes).into();
        }
    }
    let text = manifest.to_string();
    fs::write(
        forged.join("manifest.sha256"),
        format!("{}  manifest.json\n", sha256(text.as_bytes())),
    )
    .unwrap();
    fs::write(forged.join("manifest.json"), text).unwrap();
    let error = place.restore(&forged, "restored").await.unwrap_err();
    assert!(matches!(&error, BackupError::Damaged(lines) if !lines.is_empty()), "{error}");
    assert!(!place.path("restored").exists());
}

#[tokio::test]
async fn keys_of_another_time_or_place_are_refused() {
    let place = Place::filled().await;
    place.back_up("2026-04-01T03:00:00").await.unwrap();
    let old = place.path("old-keys.db");
    fs::copy(place.path("elsewhere/keys.db"), &old).unwrap();
    let later = Transaction { personal: vec![personal("p-3", "K-3")], ..Transaction::default() };
    place.store.commit(&later).await.unwrap();
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let other = Place::filled().await;
    other.back_up("2026-04-02T03:00:00").await.unwrap();
    let text = place.path("no-keys.db");
    fs::write(&text, "no database").unwrap();
    for (keys, why) in [
        (old, "lacks 1 of 3 keys"),
        (other.path("elsewhere/keys.db"), "lacks 3 of 3 keys"),
        (text, "no copy of the keys"),
        (place.path("nowhere.db"), "missing"),
    ] {
        let refused = stage(&made.folder, Some(&keys), &place.path("to"), None).await;
        let error = refused.err().expect(why).to_string();
        assert!(error.contains(why), "{why}: {error}");
        assert!(!place.path("to").exists() && !place.path(".to.restoring").exists());
    }
}

#[tokio::test]
async fn nothing_is_restored_over_what_is_there() {
    let place = Place::filled().await;
    let made = place.back_up("2026-04-02T03:00:00").await.unwrap();
    let before = names(&place.path("data"));
    let refused = place.restore(&made.folder, "data").await.unwrap_err().to_string();
    assert!(refused.contains("not empty"), "{refused}");
    assert_eq!(names(&place.path("data")), before);
    fs::create_dir(place.path("empty")).unwrap();
    place.restore(&made.folder, "empty").await.unwrap();
}

#[tokio::test]
async fn a_damaged_data_folder_is_not_backed_up_as_if_it_were_sound() {
    let place = Place::filled().await;
    place.back_up("2026-04-02T03:00:00").await.unwrap();
    let keys = fs::read(place.path("elsewhere/keys.db")).unwrap();
    let database = place.path("data/yakkan.db");
    change(&database, "UPDATE event SET payload = replace(payload, 'days', 'dayz')").await;
    let refused = place.back_up("2026-04-03T03:00:00").await.unwrap_err().to_string();
    assert!(refused.contains("damaged"), "{refused}");
    assert_eq!(names(&place.path("backups")), [".lock", "yakkan-20260402-030000"]);
    assert_eq!(fs::read(place.path("elsewhere/keys.db")).unwrap(), keys);
}

#[tokio::test]
async fn backups_are_destroyed_on_their_day_and_not_before() {
    let place = Place::filled().await;
    for day in ["2026-04-02", "2026-04-03"] {
        place.back_up(&format!("{day}T03:00:00")).await.unwrap();
    }
    let backups = place.path("backups");
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(prune(&backups, day("2026-06-30")).unwrap(), Vec::<PathBuf>::new());
    assert_eq!(kept(&backups).unwrap().len(), 2);
    let removed = prune(&backups, day("2026-07-01")).unwrap();
    assert_eq!(removed, [backups.join("yakkan-20260402-030000")]);
    assert_eq!(names(&backups), [".lock", "yakkan-20260403-030000"]);
    // A removal that was cut off is found again by the manifest.
    let left = backups.join("yakkan-20260403-030000");
    fs::remove_file(left.join("yakkan.db")).unwrap();
    assert_eq!(prune(&backups, day("2026-08-01")).unwrap(), [left]);
}

#[tokio::test]
async fn an_unfinished_backup_is_cleared_away_and_has_no_name() {
    let place = Place::filled().await;
    let unfinished = place.path("backups/.yakkan-20260401-030000.part");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("yakkan.db"), "half").unwrap();
    assert_eq!(kept(&place.path("backups")).unwrap().len(), 0);
    place.back_up("2026-04-02T03:00:00").await.unwrap();
    assert!(!unfinished.exists());
}

async fn change(database: &Path, statement: &'static str) {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut conn = sqlx::sqlite::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut conn).await.ok();
    let changed = sqlx::query(statement).execute(&mut conn).await.unwrap();
    assert!(changed.rows_affected() > 0, "{statement}");
    conn.close().await.unwrap();
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
