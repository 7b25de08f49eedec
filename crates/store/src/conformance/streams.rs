//! Records, chains, operator's streams and checkpoints.

use contract::road::stream::Stream;
use engine::listed::{Field, ListQuery, Order, Test};
use engine::{
    OperatorEntry, OutboxState, OutboxUpdate, RecordsPart, Store, StoreError, Transaction, ViewRow,
};
use serde_json::json;

use super::given::{account, at, effect, import, personal, record, step, usage_row};

pub(super) async fn records_come_back_as_written(store: &impl Store) {
    store.commit(&step("in-1", 0)).await.unwrap();
    store.commit(&step("in-2", 1)).await.unwrap();
    let records = store.records(&account()).await.unwrap();
    assert_eq!(records, [record("in-1"), record("in-2")]);
    assert!(store.has_input(&"in-2".into()).await.unwrap());
    assert!(!store.has_input(&"in-3".into()).await.unwrap());
    assert_eq!(store.accounts().await.unwrap(), [account()]);
    assert_eq!(store.law("law-1").await.unwrap().as_deref(), Some("{\"pack\":\"x\"}"));
    assert_eq!(store.law("law-2").await.unwrap(), None);
    assert_eq!(store.records(&"A-none".into()).await.unwrap(), []);
}

/// From a moment on and before another; of one account or of all.
pub(super) async fn inputs_are_found_by_when_they_were_known(store: &impl Store) {
    for (id, account, after, known) in [
        ("in-1", "A-2", 0, 20),
        ("in-2", "A-1", 0, 40),
        ("in-3", "A-2", 1, 30),
        ("in-4", "A-2", 2, 40),
    ] {
        let mut step = step(id, after);
        let input = &mut step.records[0].record.input;
        input.account = account.into();
        input.known_at = at(known);
        store.commit(&step).await.unwrap();
    }
    let ids = async |account: Option<&str>, from: Option<i64>, before: Option<i64>| {
        let known = Field::Number("known_at");
        let own = account.map(|account| Test::is(Field::Account, account));
        let from = from.map(|from| Test::from(known, at(from).unix_seconds()));
        let before = before.map(|before| Test::before(known, at(before).unix_seconds()));
        let tests = own.into_iter().chain(from).chain(before).collect();
        let query = ListQuery::first(9, tests, vec![Order::falling(known)]);
        let found = store.list_inputs(&query).await.unwrap();
        assert_eq!(found.count, found.rows.len() as u64);
        found.rows.into_iter().map(|listed| listed.row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None, None).await, ["in-2", "in-4", "in-3", "in-1"]);
    assert_eq!(ids(None, Some(30), None).await, ["in-2", "in-4", "in-3"]);
    assert_eq!(ids(None, Some(20), Some(40)).await, ["in-3", "in-1"]);
    assert_eq!(ids(Some("A-2"), None, None).await, ["in-4", "in-3", "in-1"]);
    assert_eq!(ids(Some("A-2"), Some(30), Some(31)).await, ["in-3"]);
    assert!(ids(Some("A-3"), None, None).await.is_empty());
    let by = |person: &str| {
        let tests = vec![Test::is(Field::Text("payload.actor.id"), person)];
        ListQuery::counting(tests)
    };
    let known = step("in-5", 3).records[0].record.input.actor.id.clone();
    assert_eq!(store.list_inputs(&by(&known)).await.unwrap().count, 4);
    assert_eq!(store.list_inputs(&by("nobody")).await.unwrap().count, 0);
}

pub(super) async fn a_stale_decision_conflicts(store: &impl Store) {
    store.commit(&step("in-1", 0)).await.unwrap();
    for after in [0, 2] {
        let answer = store.commit(&step("in-2", after)).await;
        assert!(matches!(answer, Err(StoreError::Conflict(of)) if of == account()));
    }
    assert_eq!(store.records(&account()).await.unwrap().len(), 1);
    store.commit(&step("in-2", 1)).await.unwrap();
}

/// Even where the number of records would not fit either.
pub(super) async fn an_input_is_recorded_once(store: &impl Store) {
    store.commit(&step("in-1", 0)).await.unwrap();
    for after in [0, 1] {
        let answer = store.commit(&step("in-1", after)).await;
        assert!(matches!(answer, Err(StoreError::Duplicate(id)) if id == "in-1"));
    }
    let mut twice = step("in-2", 1);
    twice.records.extend(step("in-2", 2).records);
    let answer = store.commit(&twice).await;
    assert!(matches!(answer, Err(StoreError::Duplicate(id)) if id == "in-2"));
    assert_eq!(store.records(&account()).await.unwrap().len(), 1);
}

pub(super) async fn a_bad_part_leaves_nothing(store: &impl Store) {
    let mut bad = step("in-1", 0);
    bad.records[0].next_due = Some(at(1));
    bad.due = vec![(account(), 1, Some(at(2)))];
    bad.operator = vec![entry("numbers/2026", "1")];
    bad.outbox = vec![effect("out-1", at(0))];
    bad.personal = vec![personal("p-1", "K-1")];
    bad.usage = import("seg-1", vec![usage_row("u-1", "K-1")]).usage;
    bad.views = vec![ViewRow {
        kind: "account".to_owned(),
        id: "1".to_owned(),
        account: account(),
        content: json!({}),
    }];
    bad.outbox_updates = vec![OutboxUpdate {
        id: "no-such-effect".to_owned(),
        state: OutboxState::Done,
        attempts: 1,
        next_at: at(0),
        maybe_sent: false,
        last_reply: String::new(),
    }];
    assert!(matches!(store.commit(&bad).await, Err(StoreError::Broken(_))));
    assert!(store.accounts().await.unwrap().is_empty());
    assert!(store.records(&account()).await.unwrap().is_empty());
    assert_eq!(store.law("law-1").await.unwrap(), None);
    assert_eq!(store.next_due().await.unwrap(), None);
    assert!(store.outbox().await.unwrap().is_empty());
    assert!(store.views("account").await.unwrap().is_empty());
    assert!(store.operator_stream("numbers/2026").await.unwrap().is_empty());
    assert!(store.personal_of("K-1").await.unwrap().is_empty());
    assert_eq!(store.usage_segment("seg-1").await.unwrap(), None);
    let keys = [("upstream".to_owned(), "u-1".to_owned())];
    assert!(store.known_usage(&keys).await.unwrap().is_empty());
    bad.outbox_updates.clear();
    store.commit(&bad).await.unwrap();
    assert_eq!(store.check_chains().await.unwrap(), []);
}

pub(super) async fn a_record_needs_its_law(store: &impl Store) {
    let mut lawless = step("in-1", 0);
    lawless.laws.clear();
    assert!(matches!(store.commit(&lawless).await, Err(StoreError::Broken(_))));
    assert!(store.records(&account()).await.unwrap().is_empty());
}

pub(super) async fn untouched_chains_have_no_faults(store: &impl Store) {
    assert_eq!(store.check_chains().await.unwrap(), []);
    let mut first = step("in-0", 0);
    // More than fit one statement, and both streams in one step.
    for n in 1..1500 {
        first.records.extend(step(&format!("in-{n}"), n).records);
    }
    first.operator = vec![entry("numbers/2026", "1"), entry("numbers/2026", "2")];
    store.commit(&first).await.unwrap();
    store.commit(&step("in-1500", 1500)).await.unwrap();
    store.checkpoint(at(1)).await.unwrap();
    assert_eq!(store.check_chains().await.unwrap(), []);
    assert_eq!(store.records(&account()).await.unwrap().len(), 1501);
}

pub(super) async fn operator_keys_are_unique(store: &impl Store) {
    let entries = [entry("numbers/2026", "2"), entry("numbers/2026", "1")];
    let both = Transaction { operator: entries.to_vec(), ..Transaction::default() };
    store.commit(&both).await.unwrap();
    assert_eq!(store.operator_stream("numbers/2026").await.unwrap(), entries);
    let again =
        Transaction { operator: vec![entry("numbers/2026", "1")], ..Transaction::default() };
    assert!(matches!(store.commit(&again).await, Err(StoreError::Duplicate(_))));
    let twice = vec![entry("numbers/2026", "3"), entry("numbers/2026", "3")];
    let twice = Transaction { operator: twice, ..Transaction::default() };
    assert!(matches!(store.commit(&twice).await, Err(StoreError::Duplicate(_))));
    let other =
        Transaction { operator: vec![entry("numbers/2027", "1")], ..Transaction::default() };
    store.commit(&other).await.unwrap();
    assert_eq!(store.operator_stream("numbers/2026").await.unwrap().len(), 2);
    assert!(store.accounts().await.unwrap().is_empty());
}

pub(super) async fn a_stale_operators_step_conflicts(store: &impl Store) {
    let resting_on = |entries, count| Transaction {
        operator: entries,
        operator_after: vec![("numbers/2026".to_owned(), count)],
        ..Transaction::default()
    };
    store.commit(&resting_on(vec![entry("numbers/2026", "1")], 0)).await.unwrap();
    let stale = store.commit(&resting_on(vec![entry("numbers/2027", "1")], 0)).await;
    assert!(matches!(stale, Err(StoreError::Conflict(_))));
    assert!(store.operator_stream("numbers/2027").await.unwrap().is_empty());
    store.commit(&resting_on(vec![entry("numbers/2027", "1")], 1)).await.unwrap();
    store.commit(&resting_on(Vec::new(), 1)).await.unwrap();
}

pub(super) async fn checkpoints_are_chained(store: &impl Store) {
    let empty = store.checkpoint(at(0)).await.unwrap();
    let same_heads = store.checkpoint(at(0)).await.unwrap();
    assert_ne!(empty, same_heads, "a checkpoint names the one before it");
    store.commit(&step("in-1", 0)).await.unwrap();
    assert_ne!(store.checkpoint(at(0)).await.unwrap(), same_heads);
    assert_eq!(store.check_chains().await.unwrap(), []);
}

fn entry(stream: &str, key: &str) -> OperatorEntry {
    OperatorEntry {
        stream: stream.to_owned(),
        key: key.to_owned(),
        kind: "number_given".to_owned(),
        payload: json!({ "z": 1, "a": "請求書" }),
    }
}

/// Each stream to its last entry, and nothing twice.
pub(super) async fn the_newest_records_of_streams_come_in_parts(store: &impl Store) {
    let streams = [Stream::Ledger, Stream::Company];
    for (after, at) in [0, 0, 1, 0, 0, 1, 1].into_iter().enumerate() {
        let mut step = step(&format!("in-{}", after + 1), after as u64);
        for event in &mut step.records[0].record.events {
            event.stream = streams[at].clone();
        }
        store.commit(&step).await.unwrap();
    }
    let all = store.records(&account()).await.unwrap();
    let told = async |streams: &[Stream], entries: u32| {
        let (mut told, mut before) = (Vec::new(), Some(u64::MAX));
        while let Some(place) = before {
            let part = store.newest_records(&account(), streams, place, entries).await.unwrap();
            let is_later = |place| before.is_none_or(|before| place < before);
            assert!(part.earlier_than.is_none_or(is_later) && !part.records.is_empty());
            told.extend(part.records.into_iter().rev());
            before = part.earlier_than;
        }
        told.reverse();
        told
    };
    for entries in [1, 2, 3, 4, 9] {
        assert_eq!(told(&streams, entries).await, all, "{entries} at once");
        let company: Vec<_> = [2, 5, 6].map(|at| all[at].clone()).into();
        assert_eq!(told(&streams[1..], entries).await, company, "{entries} at once");
    }
    let none = store.newest_records(&"A-none".into(), &streams, 9, 9).await.unwrap();
    assert_eq!(none, RecordsPart::default());
}
