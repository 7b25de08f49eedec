//! The outbox and the queue of due accounts.

use engine::{OutboxState, OutboxUpdate, Store, Transaction};

use super::given::{account, at, effect, step};

pub(super) async fn effects_are_claimed_in_order_and_once(store: &impl Store) {
    let effects = [effect("b", at(5)), effect("c", at(1)), effect("a", at(5)), effect("d", at(9))];
    store.commit(&asking(&effects)).await.unwrap();
    let ids = |rows: Vec<engine::OutboxRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let first = store.claim(at(5), 2).await.unwrap();
    assert!(first.iter().all(|row| row.state == OutboxState::Performing));
    assert_eq!(ids(first), ["c", "a"]);
    assert_eq!(ids(store.claim(at(5), 9).await.unwrap()), ["b"]);
    assert!(store.claim(at(5), 9).await.unwrap().is_empty());
    let mut row = effect("d", at(9));
    row.state = OutboxState::Performing;
    assert_eq!(store.claim(at(9), 9).await.unwrap(), [row]);
}

pub(super) async fn an_interrupted_attempt_is_recovered(store: &impl Store) {
    store
        .commit(&asking(&[effect("a", at(1)), effect("b", at(1)), effect("c", at(1))]))
        .await
        .unwrap();
    assert_eq!(store.recover().await.unwrap(), 0);
    store.claim(at(1), 2).await.unwrap();
    let done = OutboxUpdate {
        id: "a".to_owned(),
        state: OutboxState::Done,
        attempts: 1,
        next_at: at(1),
        maybe_sent: false,
        last_reply: "250 ok".to_owned(),
    };
    let step = Transaction { outbox_updates: vec![done], ..Transaction::default() };
    store.commit(&step).await.unwrap();
    assert_eq!(store.recover().await.unwrap(), 1);
    let rows = store.outbox().await.unwrap();
    let states: Vec<_> = rows.iter().map(|row| (row.state, row.maybe_sent)).collect();
    let waiting = OutboxState::Waiting;
    assert_eq!(states, [(OutboxState::Done, false), (waiting, true), (waiting, false)]);
    assert_eq!((rows[0].attempts, rows[0].last_reply.as_str()), (1, "250 ok"));
}

pub(super) async fn an_effect_is_asked_for_once(store: &impl Store) {
    store.commit(&asking(&[effect("a", at(1))])).await.unwrap();
    store.claim(at(1), 1).await.unwrap();
    store.commit(&asking(&[effect("a", at(1)), effect("b", at(2))])).await.unwrap();
    assert!(store.claim(at(1), 9).await.unwrap().is_empty());
    assert_eq!(store.outbox().await.unwrap().len(), 2);
}

pub(super) async fn due_accounts_come_earliest_first(store: &impl Store) {
    for (id, seconds) in [("A-3", 7), ("A-1", 9), ("A-2", 8)] {
        let mut one = step(&format!("in-{id}"), 0);
        one.records[0].record.input.account = id.into();
        one.records[0].next_due = Some(at(seconds));
        store.commit(&one).await.unwrap();
    }
    let expected = [(at(7), "A-3".into()), (at(8), "A-2".into())];
    assert_eq!(store.due(at(8), 9).await.unwrap(), expected);
    assert_eq!(store.due(at(8), 1).await.unwrap(), expected[..1]);
    assert!(store.due(at(6), 9).await.unwrap().is_empty());
    let off = |records| Transaction {
        due: vec![("A-3".into(), records, None)],
        ..Transaction::default()
    };
    store.commit(&off(0)).await.unwrap();
    assert_eq!(
        store.due(at(8), 9).await.unwrap(),
        expected,
        "the account has got a record meanwhile"
    );
    store.commit(&off(1)).await.unwrap();
    assert_eq!(store.due(at(8), 9).await.unwrap(), expected[1..]);
}

pub(super) async fn the_next_moment_is_that_of_either_queue(store: &impl Store) {
    assert_eq!(store.next_due().await.unwrap(), None);
    let mut first = step("in-1", 0);
    first.records[0].next_due = Some(at(50));
    store.commit(&first).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    store.commit(&asking(&[effect("a", at(40))])).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(40)));
    store.claim(at(40), 1).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    assert_eq!(store.due(at(50), 1).await.unwrap(), [(at(50), account())]);
    store.commit(&step("in-2", 1)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), None);
}

fn asking(effects: &[engine::OutboxRow]) -> Transaction {
    Transaction { outbox: effects.to_vec(), ..Transaction::default() }
}
