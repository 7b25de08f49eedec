//! A byte that is changed in any column of any table is found, and named with its
//! table, row and column.
//!
//! The columns are those of the real databases: a new one is found too, or declared
//! with a reason in `store::columns`, or this fails.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use contract::who::roles::Role;
use engine::{
    Access, ApiKey, PersonalRow, Registered, Session, SetUpLink, Stage, Store, Transaction,
    UsageRow, UsageSegment,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use store::columns::{Column, Holds, KEYS, Kept, MAIN, Table};

use crate::desk::{Desk, at, deposits, kita, on_disk, usage_of};

#[tokio::test]
async fn a_changed_byte_in_any_column_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let desk = filled(folder.path()).await;
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
    let mut unseen = Vec::new();
    for (file, tables) in [("yakkan.db", MAIN), ("keys.db", KEYS)] {
        let mut database = open(&folder.path().join(file)).await;
        assert_eq!(names(&mut database).await, declared(tables), "{file}");
        for table in tables {
            for column in columns(&mut database, table).await {
                if let Some(told) = unseen_change(&desk, &mut database, table, &column).await {
                    unseen.push(format!("{file} {}.{}: {told}", table.name, column.name));
                }
            }
        }
    }
    assert_eq!(unseen, [""; 0]);
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
}

/// Every table has a row: a contract in service with an invoice and usage, an act
/// that waits, people who sign in, and what was erased.
async fn filled(folder: &Path) -> Desk {
    let desk = Desk::over(on_disk(folder).await);
    desk.engine.bring_up_to_date().await.unwrap();
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-06-05T09:00:00").await;
    charged(&desk, &registered).await;
    assert!(desk.engine.store_worked_out(&registered.account).await.unwrap());
    people(&desk).await;
    erased(folder, &desk).await;
    desk.engine.audit().await.unwrap();
    let later = at("2030-01-01T00:00:00");
    assert!(!desk.engine.store.claim_due(later, 1).await.unwrap().is_empty());
    desk
}

async fn charged(desk: &Desk, registered: &Registered) {
    let by = desk.person("takahashi");
    // The first row of the second file is known; a row longer than its time is refused.
    let row = ("u-1", "100.5", "2026-05-12T00:00:00", "2026-05-20T00:00:00");
    for file in ["may.csv", "again.csv"] {
        let day = if file == "may.csv" { "2026-05-21" } else { "2026-05-22" };
        let (from, to) = (format!("{day}T00:00:00"), format!("{day}T10:00:00"));
        let long = format!("{file} too long");
        let rows = [row, (file, "1", &from, &to), (&long, "999", &from, &to)];
        desk.engine.import_usage(file, &usage_of(registered, &rows), &by).await.unwrap();
    }
    assert_eq!(desk.refused_rows().await.len(), 2);
    let bank = deposits("2026-05-20", &[("ﾀﾅｶ ﾀﾛｳ", 7)]);
    desk.engine.import_deposits("bank.txt", &bank, &by).await.unwrap();
    assert_eq!(desk.engine.waiting_movements().await.unwrap().len(), 1);
    let (month, day) = ("2026-05".parse().unwrap(), "2026-06-05".parse().unwrap());
    assert!(!desk.engine.bill(month, day, &by).await.unwrap().issued.is_empty());
    desk.engine.settle().await.unwrap();
}

async fn people(desk: &Desk) {
    let identity = desk.engine.store.identity();
    let now = desk.engine.now();
    let person = "sato".to_owned();
    identity.set_password(&person, "phc", now).await.unwrap();
    identity.set_totp(&person, Some("totp/1"), &["code".to_owned()]).await.unwrap();
    assert!(identity.begin_attempt(&person, 0, Some(now)).await.unwrap());
    let link = SetUpLink {
        token_hash: "link".to_owned(),
        person: person.clone(),
        expires_at: now.plus_seconds(60),
        made_by: "yamamoto".to_owned(),
        handed_by: Some("yamamoto".to_owned()),
    };
    identity.keep_set_up_link(&link).await.unwrap();
    let session = Session {
        id: "session-1".to_owned(),
        token_hash: "token".to_owned(),
        person: person.clone(),
        stage: Stage::Full,
        opened_at: now,
        seen_at: now,
        ends_at: now.plus_seconds(60),
        origin: "127.0.0.1".to_owned(),
        agent: "browser".to_owned(),
    };
    identity.open_session(&session).await.unwrap();
    identity.touch_session(&session.id, now.plus_seconds(1)).await.unwrap();
    let key = ApiKey {
        id: "key-1".to_owned(),
        secret_hash: "secret".to_owned(),
        person: person.clone(),
        role: Role::Billing,
        account: Some("A-1".into()),
        label: "bookkeeping".to_owned(),
        made_at: now,
        made_by: person.clone(),
        expires_at: now.plus_seconds(60),
        revoked_at: None,
        used_at: None,
    };
    identity.keep_key(&key).await.unwrap();
    identity.touch_key(&key.id, now).await.unwrap();
    assert!(identity.revoke_key(&key.id, now).await.unwrap());
    let access = Access {
        id: "1".to_owned(),
        at: now,
        person,
        key: key.id,
        kind: "read".to_owned(),
        what: "GET /".to_owned(),
        origin: "127.0.0.1".to_owned(),
        detail: "200".to_owned(),
    };
    identity.note_access(&access).await.unwrap();
}

/// A subject without key and rows, and usage of which the file could not be removed.
async fn erased(folder: &Path, desk: &Desk) {
    let store: &Arc<dyn Store> = &desk.engine.store;
    let now = desk.engine.now();
    let row = PersonalRow {
        id: "gone/1".to_owned(),
        subject: "gone".to_owned(),
        account: "A-1".into(),
        class: "contact".to_owned(),
        name: "contact.txt".to_owned(),
        content: b"taro".to_vec(),
    };
    let used = UsageRow {
        source: "A-1".to_owned(),
        id: "x".to_owned(),
        row: 1,
        account: "A-1".into(),
        contract: "K-gone".to_owned(),
        line: 1,
        resource: "vm".to_owned(),
        item: "x".to_owned(),
        quantity: "1".to_owned(),
        unit: "h".to_owned(),
        from: now,
        to: now,
    };
    let usage = UsageSegment {
        name: "segment-gone".to_owned(),
        file: "gone.csv".to_owned(),
        sha256: "0".repeat(64),
        rows: vec![used],
    };
    let before = segments(folder);
    let step = Transaction { personal: vec![row], usage: vec![usage], ..Transaction::default() };
    store.commit(&step).await.unwrap();
    store.erase("gone", now).await.unwrap();
    let own = segments(folder).into_iter().find(|file| !before.contains(file)).unwrap();
    fs::remove_file(&own).unwrap();
    fs::create_dir(&own).unwrap();
    assert!(store.erase_usage("K-gone").await.is_err(), "a folder is not removed as a file");
}

fn segments(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder.join("segments")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn names(database: &mut SqliteConnection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               ORDER BY name";
    let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(database).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

fn declared(tables: &[Table]) -> Vec<String> {
    let mut names: Vec<_> = tables.iter().map(|table| table.name.to_owned()).collect();
    names.sort();
    names
}

/// The columns of the real table, which are all declared, and its seal.
async fn columns(database: &mut SqliteConnection, table: &Table) -> Vec<Column> {
    let sql = format!("SELECT name, type, pk FROM pragma_table_info('{}')", table.name);
    let real: Vec<(String, String, i64)> =
        sqlx::query_as(AssertSqlSafe(sql)).fetch_all(database).await.unwrap();
    let keys = real.iter().filter(|(_, _, pk)| *pk > 0).count();
    assert_eq!(keys, table.key, "the key of {}", table.name);
    let seal = Column { name: "seal", holds: Holds::Bytes, kept: Kept::Derived };
    let mut declared = table.columns.to_vec();
    declared.extend(table.has_seal().then_some(seal));
    let mut columns = Vec::new();
    for (name, holds, _) in &real {
        let found = declared.iter().find(|column| column.name == name);
        let column = found.unwrap_or_else(|| panic!("declare {}.{name}", table.name));
        let holds_type = match column.holds {
            Holds::Text => "TEXT",
            Holds::Number => "BIGINT",
            Holds::Bytes => "BLOB",
        };
        assert_eq!(holds, holds_type, "{}.{name}", table.name);
        columns.push(*column);
    }
    assert_eq!(columns.len(), declared.len(), "{} has not all of its columns", table.name);
    columns
}

/// Changes a value and looks for it in the audit; what was told when it is not named.
async fn unseen_change(
    desk: &Desk,
    database: &mut SqliteConnection,
    table: &Table,
    column: &Column,
) -> Option<String> {
    let Changed { rows, back } = change(database, table, column).await;
    if matches!(column.kept, Kept::Free(_)) {
        back.put(database).await;
        return None;
    }
    let named = |text: &str| {
        rows.iter().any(|row| text.starts_with(&format!("{} {row}, {}: ", table.name, column.name)))
    };
    let faults = desk.engine.store.check_chains().await.unwrap();
    let mut told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    if !told.iter().any(|text| named(text)) {
        told = desk.engine.audit().await.unwrap().differences;
        // The audit notes a checkpoint, which must not rest on what is put back.
    }
    back.put(database).await;
    let found = told.iter().any(|text| named(text));
    (!found).then(|| format!("{rows:?} is not named in {told:#?}"))
}

/// The row that was changed, as it was and as it is called now, and how it was.
struct Changed {
    rows: Vec<String>,
    back: Back,
}

struct Back {
    statement: String,
    value: Value,
    place: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Number(i64),
    Bytes(Vec<u8>),
}

impl Back {
    async fn put(self, database: &mut SqliteConnection) {
        assert_eq!(put(database, &self.statement, &self.value, &self.place).await, Ok(1));
    }
}

async fn change(database: &mut SqliteConnection, table: &Table, column: &Column) -> Changed {
    let keys: Vec<&Column> = table.columns[..table.key].iter().collect();
    let (row, was) = a_row(database, table, column, &keys).await;
    let set = match column.holds {
        Holds::Text => format!("{} = CAST(?1 AS TEXT)", column.name),
        _ => format!("{} = ?1", column.name),
    };
    let place = (2..).zip(&keys).map(|(at, key)| match key.holds {
        Holds::Text => format!("{} = CAST(?{at} AS TEXT)", key.name),
        _ => format!("{} = ?{at}", key.name),
    });
    let statement = format!(
        "UPDATE {} SET {set} WHERE {}",
        table.name,
        place.collect::<Vec<_>>().join(" AND ")
    );
    for value in others(&was, column.holds) {
        if put(database, &statement, &value, &row).await != Ok(1) {
            continue; // another row is called so
        }
        let mut now = row.clone();
        if let Some(at) = keys.iter().position(|key| key.name == column.name) {
            now[at] = value;
        }
        let mut rows = vec![name(table, &row), name(table, &now)];
        rows.dedup();
        return Changed { rows, back: Back { statement, value: was, place: now } };
    }
    panic!("{}.{} could not be changed", table.name, column.name);
}

/// The key and the value of a row; one with a value when there is any.
async fn a_row(
    database: &mut SqliteConnection,
    table: &Table,
    column: &Column,
    keys: &[&Column],
) -> (Vec<Value>, Value) {
    let read = |column: &Column| match column.holds {
        Holds::Text => format!("CAST({} AS BLOB)", column.name),
        _ => column.name.to_owned(),
    };
    let selected: Vec<_> = keys.iter().copied().chain([column]).map(read).collect();
    let filled = format!("{0} IS NOT NULL AND {0} <> ''", column.name);
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {filled} DESC LIMIT 1",
        selected.join(", "),
        table.name
    );
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_optional(database).await.unwrap();
    let row = row.unwrap_or_else(|| panic!("the sample has no row in {}", table.name));
    let mut values: Vec<_> = keys
        .iter()
        .copied()
        .chain([column])
        .enumerate()
        .map(|(at, c)| value(&row, at, c))
        .collect();
    let was = values.pop().unwrap();
    (values, was)
}

fn value(row: &sqlx::sqlite::SqliteRow, at: usize, column: &Column) -> Value {
    use sqlx::Row;
    match column.holds {
        Holds::Number => row.get::<Option<i64>, _>(at).map_or(Value::Null, Value::Number),
        _ => row.get::<Option<Vec<u8>>, _>(at).map_or(Value::Null, Value::Bytes),
    }
}

/// Other values, nearest first.
fn others(was: &Value, holds: Holds) -> Vec<Value> {
    match (was, holds) {
        (Value::Null, Holds::Number) => vec![Value::Number(1)],
        (Value::Null, _) => vec![Value::Bytes(b"x".to_vec())],
        (Value::Number(n), _) => vec![Value::Number(n + 1), Value::Number(n + 1000)],
        (Value::Bytes(bytes), _) => vec![Value::Bytes(other_bytes(bytes, holds))],
    }
}

/// One byte in the middle: of a text a letter or digit, so that it stays one.
fn other_bytes(bytes: &[u8], holds: Holds) -> Vec<u8> {
    let mut other = bytes.to_vec();
    if other.is_empty() {
        return b"x".to_vec();
    }
    let half = other.len() / 2;
    if holds == Holds::Bytes {
        other[half] ^= 1;
        return other;
    }
    let from_half = (half..other.len()).chain(0..half);
    let at = from_half.into_iter().find(|at| other[*at].is_ascii_alphanumeric()).unwrap();
    other[at] = if other[at] == b'7' { b'8' } else { b'7' };
    other
}

fn name(table: &Table, key: &[Value]) -> String {
    if table.name == "seal_key" {
        return "keys.db".to_owned();
    }
    let part = |(column, value): (&Column, &Value)| match value {
        Value::Null => String::new(),
        Value::Number(n) => n.to_string(),
        Value::Bytes(bytes) if column.holds == Holds::Bytes => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    };
    table.columns.iter().zip(key).map(part).collect::<Vec<_>>().join("/")
}

async fn put(
    database: &mut SqliteConnection,
    statement: &str,
    value: &Value,
    place: &[Value],
) -> Result<u64, String> {
    let mut query = sqlx::query(AssertSqlSafe(statement.to_owned()));
    for value in [value].into_iter().chain(place) {
        query = match value {
            Value::Null => query.bind(None::<i64>),
            Value::Number(n) => query.bind(*n),
            Value::Bytes(bytes) => query.bind(bytes.clone()),
        };
    }
    let done = query.execute(database).await.map_err(|error| error.to_string())?;
    Ok(done.rows_affected())
}
