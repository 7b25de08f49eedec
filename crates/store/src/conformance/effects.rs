//! The outbox and the queue of due accounts.

use contract::declare::ids::AccountId;
use engine::{OutboxState, OutboxUpdate, RefusedRow, Store, Transaction};

use reckon::Moment;

use super::given::{account, at, effect, step};

pub(super) async fn effects_are_claimed_in_order_and_once(store: &impl Store) {
    let effects = [effect("b", at(5)), effect("c", at(1)), effect("a", at(5)), effect("d", at(9))];
    store.commit(&asking(&effects)).await.unwrap();
    let ids = |rows: Vec<engine::OutboxRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let first = store.claim(at(5), 2).await.unwrap();
    assert!(first.iter().all(|row| row.state == OutboxState::Performing));
    assert_eq!(ids(first), ["c", "a"]);
    assert!(store.claim(at(5), 9).await.unwrap().is_empty(), "the account is claimed");
    store.commit(&done("c")).await.unwrap();
    store.commit(&done("a")).await.unwrap();
    store.commit(&released()).await.unwrap();
    assert_eq!(ids(store.claim(at(5), 9).await.unwrap()), ["b"]);
    store.commit(&done("b")).await.unwrap();
    store.commit(&released()).await.unwrap();
    assert!(store.claim(at(5), 9).await.unwrap().is_empty());
    let mut row = effect("d", at(9));
    row.state = OutboxState::Performing;
    assert_eq!(store.claim(at(9), 9).await.unwrap(), [row]);
}

/// One account is worked on by one step at a time, whichever queue it comes from.
pub(super) async fn an_account_is_claimed_once(store: &impl Store) {
    for id in ["A-1", "A-2", "A-3"] {
        let mut one = step(&format!("in-{id}"), 0);
        one.records[0].record.input.account = id.into();
        one.records[0].next_due = Some(at(1));
        let mut mail = effect(id, at(1));
        mail.account = id.into();
        one.outbox = vec![mail];
        store.commit(&one).await.unwrap();
    }
    let accounts = |rows: Vec<engine::OutboxRow>| {
        rows.into_iter().map(|row| row.account.0).collect::<Vec<_>>()
    };
    assert_eq!(accounts(store.claim(at(1), 1).await.unwrap()), ["A-1"]);
    assert_eq!(store.claim_due(at(1), 1).await.unwrap(), [(at(1), "A-2".into())]);
    assert_eq!(store.due(at(1), 9).await.unwrap().len(), 3, "whoever is at them");
    assert_eq!(accounts(store.claim(at(1), 9).await.unwrap()), ["A-3"]);
    assert!(store.claim_due(at(1), 9).await.unwrap().is_empty());
    let released = vec!["A-1".into(), "A-2".into()];
    store.commit(&Transaction { released, ..Transaction::default() }).await.unwrap();
    assert_eq!(store.claim_due(at(1), 1).await.unwrap(), [(at(1), "A-1".into())]);
    assert_eq!(accounts(store.claim(at(1), 9).await.unwrap()), ["A-2"]);
}

pub(super) async fn an_attempt_without_an_answer_is_repeated(store: &impl Store) {
    store
        .commit(&asking(&[effect("a", at(1)), effect("b", at(1)), effect("c", at(1))]))
        .await
        .unwrap();
    assert_eq!(store.recover().await.unwrap(), 0);
    store.claim(at(1), 2).await.unwrap();
    store.commit(&done("a")).await.unwrap();
    assert_eq!(store.recover().await.unwrap(), 0, "who performs them is alive");
    store.commit(&released()).await.unwrap();
    assert_eq!(store.recover().await.unwrap(), 0);
    let rows = store.outbox().await.unwrap();
    let states: Vec<_> = rows.iter().map(|row| (row.state, row.maybe_sent)).collect();
    let waiting = OutboxState::Waiting;
    assert_eq!(states, [(OutboxState::Done, false), (waiting, true), (waiting, false)]);
    assert_eq!(store.outbox_in(waiting).await.unwrap(), rows[1..]);
    assert_eq!(store.outbox_in(OutboxState::Refused).await.unwrap(), []);
    assert_eq!((rows[0].attempts, rows[0].last_reply.as_str()), (1, "250 ok"));
    assert_eq!(store.effect(&rows[0].id).await.unwrap().as_ref(), Some(&rows[0]));
    assert_eq!(store.effect("nothing of this name").await.unwrap(), None);
}

/// Servers and files of strangers hold what they like.
pub(super) async fn any_character_can_be_noted(store: &impl Store) {
    store.commit(&asking(&[effect("a", at(1))])).await.unwrap();
    let mut noted = done("a");
    noted.outbox_updates[0].last_reply = "250 \0 𠮷 \u{7f}".to_owned();
    noted.refused_rows = vec![RefusedRow {
        file: "a\0.csv".to_owned(),
        row: 1,
        reason: contract::sentence!("「id」：\0", "id: \0"),
        content: "\0,\u{1}".to_owned(),
    }];
    store.commit(&noted).await.unwrap();
    assert_eq!(store.outbox().await.unwrap()[0].last_reply, "250 \u{FFFD} 𠮷 \u{7f}");
    assert_eq!(store.refused_rows().await.unwrap()[0].content, "\u{FFFD},\u{1}");
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
    assert_eq!(due(store, at(8), 9).await, expected);
    assert_eq!(due(store, at(8), 1).await, expected[..1]);
    assert!(due(store, at(6), 9).await.is_empty());
    let off = |records| Transaction {
        due: vec![("A-3".into(), records, None)],
        ..Transaction::default()
    };
    store.commit(&off(0)).await.unwrap();
    assert_eq!(due(store, at(8), 9).await, expected, "the account has got a record meanwhile");
    store.commit(&off(1)).await.unwrap();
    assert_eq!(due(store, at(8), 9).await, expected[1..]);
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
    store.commit(&done("a")).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    store.commit(&released()).await.unwrap();
    assert_eq!(due(store, at(50), 1).await, [(at(50), account())]);
    store.commit(&step("in-2", 1)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), None);
}

pub(super) async fn the_backlog_is_counted(store: &impl Store) {
    store.probe().await.unwrap();
    let empty = store.backlog().await.unwrap();
    assert_eq!((empty.effects, empty.oldest_due), (Vec::new(), None));
    let mut first = step("in-1", 0);
    first.records[0].next_due = Some(at(7));
    first.outbox = vec![effect("a", at(5)), effect("b", at(3)), effect("c", at(1))];
    store.commit(&first).await.unwrap();
    store.commit(&done("c")).await.unwrap();
    store.probe().await.unwrap();
    let backlog = store.backlog().await.unwrap();
    let states = [(OutboxState::Done, 1, at(1)), (OutboxState::Waiting, 2, at(3))];
    assert_eq!(backlog.effects, states);
    assert_eq!(backlog.oldest_due, Some(at(7)));
}

/// What is due, claimed and let go of again.
async fn due(store: &impl Store, until: Moment, limit: u32) -> Vec<(Moment, AccountId)> {
    let due = store.claim_due(until, limit).await.unwrap();
    let released = due.iter().map(|(_, account)| account.clone()).collect();
    store.commit(&Transaction { released, ..Transaction::default() }).await.unwrap();
    due
}

fn released() -> Transaction {
    Transaction { released: vec![account()], ..Transaction::default() }
}

fn done(id: &str) -> Transaction {
    let done = OutboxUpdate {
        id: id.to_owned(),
        state: OutboxState::Done,
        attempts: 1,
        next_at: at(1),
        maybe_sent: false,
        last_reply: "250 ok".to_owned(),
    };
    Transaction { outbox_updates: vec![done], ..Transaction::default() }
}

fn asking(effects: &[engine::OutboxRow]) -> Transaction {
    Transaction { outbox: effects.to_vec(), ..Transaction::default() }
}
