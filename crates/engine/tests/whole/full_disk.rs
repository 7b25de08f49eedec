//! A disk without space: the caller is told what to do, nothing of the step is
//! applied, and the engine goes on when there is space again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use contract::declare::fact::{Fact, UpstreamSuspended};
use contract::road::stream::Content;
use engine::scenario::Mailbox;
use engine::{Delivery, EngineError, Letter, Mail, OutboxState, StoreError};
use serde_json::Value;

use crate::desk::{Desk, FailingStore, deposits, in_memory, kita, usage_of};

#[tokio::test]
async fn a_full_disk_applies_nothing_and_says_what_to_do() {
    let store = Arc::new(FailingStore::over(in_memory().await));
    let desk = Desk::over(store.clone());
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    let before = desk.engine.export().await.unwrap();
    let fact =
        Fact::UpstreamSuspended(UpstreamSuspended { contract: registered.application.contract() });
    let by = desk.person("ito");
    let input = desk.engine.input("entry", &registered.account, &by, "desk", Content::Fact(fact));
    store.fill();
    let error = desk.engine.register(input.clone()).await.unwrap_err();
    assert!(matches!(error, EngineError::Store(StoreError::Full(_))), "{error:?}");
    let text = error.to_string();
    for part in ["cannot be written", "Nothing of this step was applied", "free space"] {
        assert!(text.contains(part), "{part} does not occur in {text}");
    }
    assert_eq!(desk.engine.export().await.unwrap(), before);
    store.free();
    assert!(!desk.engine.register(input).await.unwrap().repeated);
    assert_ne!(desk.engine.export().await.unwrap(), before);
}

/// The disk runs full while the server takes a mail.
struct FillsTheDisk {
    store: Arc<FailingStore>,
    once: AtomicBool,
    mailbox: Mailbox,
}

#[async_trait]
impl Mail for FillsTheDisk {
    async fn send(&self, letter: &Letter) -> Delivery {
        if !self.once.swap(true, Ordering::SeqCst) {
            self.store.fill();
        }
        self.mailbox.send(letter).await
    }
}

#[tokio::test]
async fn a_mail_that_left_while_the_disk_was_full_is_not_forgotten() {
    let store = Arc::new(FailingStore::over(in_memory().await));
    let (once, mailbox) = (AtomicBool::new(false), Mailbox::default());
    let mail = Arc::new(FillsTheDisk { store: store.clone(), once, mailbox });
    let desk = Desk::with_mail(store.clone(), mail.clone());
    let registered = desk.apply(&kita("mouri@hokuto.example")).await;
    desk.check(&registered).await;
    let application = registered.application.clone();
    let act = Content::Act(contract::declare::act::Act::AcceptApplication(
        contract::declare::act::AcceptApplication { application },
    ));
    let by = desk.person("suzuki");
    let input = desk.engine.input("accept", &registered.account, &by, "desk", act);
    desk.engine.register(input).await.unwrap();
    for _ in 0..3 {
        let error = desk.engine.settle().await.unwrap_err();
        assert!(matches!(error, EngineError::Store(StoreError::Full(_))), "{error:?}");
        assert!(desk.contract(&registered).await.is_none());
    }
    assert_eq!(mail.mailbox.letters().len(), 1, "nothing leaves while it cannot be recorded");
    store.free();
    desk.engine.settle().await.unwrap();
    assert!(desk.contract(&registered).await.is_some());
    let letters = mail.mailbox.letters();
    assert_eq!(letters[0].message_id, letters[1].message_id);
    let rows = desk.engine.store.outbox().await.unwrap();
    assert!(rows.iter().all(|row| row.state == OutboxState::Done), "{rows:#?}");
    assert!(rows.iter().any(|row| row.maybe_sent), "{rows:#?}");
}

/// A month's end at the desk; every step is repeated until it succeeds.
async fn months_end(desk: &Desk, store: &FailingStore) -> Value {
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-06-05T09:00:00").await;
    store.count_from_now();
    let by = desk.person("takahashi");
    let rows = [("u-1", "100.5", "2026-04-12T00:00:00", "2026-04-20T00:00:00")];
    let usage = usage_of(&registered, &rows);
    until_done(store, async || desk.engine.import_usage("april.csv", &usage, &by).await).await;
    let (month, day) = ("2026-05".parse().unwrap(), "2026-06-05".parse().unwrap());
    until_done(store, async || desk.engine.bill(month, day, &by).await).await;
    let bank = deposits("2026-06-05", &[("ｶ)ﾎｸﾄｹｲｿｸ", 10_000), ("ﾀﾅｶ ﾀﾛｳ", 7)]);
    until_done(store, async || desk.engine.import_deposits("bank.txt", &bank, &by).await).await;
    until_done(store, async || desk.engine.settle().await).await;
    desk.engine.export().await.unwrap()
}

async fn until_done<T>(store: &FailingStore, step: impl AsyncFn() -> Result<T, EngineError>) {
    while let Err(error) = step().await {
        assert!(matches!(error, EngineError::Store(StoreError::Full(_))), "{error:?}");
        store.free();
    }
}

#[tokio::test]
async fn a_disk_that_fills_at_any_commit_leaves_the_same_record_in_the_end() {
    let plain = Arc::new(FailingStore::over(in_memory().await));
    let expected = months_end(&Desk::over(plain.clone()), &plain).await;
    let commits = plain.commits();
    assert!(commits >= 8, "only {commits} commits");
    for fatal in 1..=commits {
        let store = Arc::new(FailingStore::over(in_memory().await));
        store.fill_at(fatal);
        let found = months_end(&Desk::over(store.clone()), &store).await;
        assert!(store.was_full(), "commit {fatal} was never reached");
        assert_eq!(found, expected, "the disk was full at commit {fatal}");
    }
}
