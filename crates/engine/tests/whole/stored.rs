//! What accounts came to is stored in the background, gone on from, and thrown away when it
//! does not fit.

use std::sync::Arc;

use contract::declare::fact::{Fact, Payment};
use contract::road::stored::FOLD;
use engine::scenario::Mailbox;
use engine::{BEHIND, Engine, Outcome, Registered, WorkedOut};
use reckon::Yen;

use crate::desk::{Desk, engine, kita};

/// A running contract whose customer paid again and again, each time another amount: equal
/// payments of one day are one entry.
async fn paid(desk: &Desk) -> Registered {
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    for amount in 1..=BEHIND {
        pay(desk, &registered, amount).await;
    }
    registered
}

async fn pay(desk: &Desk, registered: &Registered, amount: u64) -> Outcome {
    let payment = Payment {
        on: desk.engine.now().day(),
        amount: Yen(amount as i64),
        payer: "c1".to_owned(),
        names: Vec::new(),
    };
    desk.fact(registered, "takahashi", Fact::PaymentCredited(payment)).await
}

/// As after a start of the program.
fn started_again(desk: &Desk) -> Engine {
    engine(desk.engine.store.clone(), Arc::new(Mailbox::default()), desk.clock.clone())
}

#[tokio::test]
async fn a_step_goes_on_from_what_was_stored_in_the_background() {
    let desk = Desk::open().await;
    let registered = paid(&desk).await;
    let (id, store) = (&registered.account, &desk.engine.store);
    assert_eq!(store.worked_out(id).await.unwrap(), None, "no step stores it");
    assert_eq!(desk.engine.store_next_chapter().await.unwrap(), 1);
    assert_eq!(desk.engine.store_next_chapter().await.unwrap(), 0, "it rests");
    let row = store.worked_out(id).await.unwrap().unwrap();
    let records = store.records(id).await.unwrap().len() as u64;
    assert_eq!((row.records, row.fold.version), (records, FOLD));
    pay(&desk, &registered, BEHIND + 1).await;

    let again = started_again(&desk);
    let account = again.account(id).await.unwrap();
    assert!(account.pieces_read() < 60, "{} pieces", account.pieces_read());
    assert_eq!(account.state(), desk.engine.account(id).await.unwrap().state());
    assert!(account.differs_from_whole(&again.law).is_empty());
    assert_eq!(again.audit().await.unwrap().differences, [""; 0]);
    // One record more is not enough to store it anew.
    assert_eq!(again.store_all_worked_out(|_| ()).await.unwrap().stored, 0);
}

#[tokio::test]
async fn what_does_not_fit_is_folded_from_the_records() {
    let desk = Desk::open().await;
    let registered = paid(&desk).await;
    let (id, store) = (&registered.account, &desk.engine.store);
    assert!(desk.engine.store_worked_out(id).await.unwrap());
    let row = store.worked_out(id).await.unwrap().unwrap();
    let mut body = row.body.clone();
    body[20] ^= 1;
    let wrong = [
        WorkedOut { body, ..row.clone() },
        WorkedOut { records: row.records + 1, ..row.clone() },
        WorkedOut { body: Vec::new(), ..row.clone() },
    ];
    for wrong in wrong {
        store.put_worked_out(id, &wrong).await.unwrap();
        let again = started_again(&desk);
        let account = again.account(id).await.unwrap();
        assert_eq!(account.pieces_read(), 0, "it is not of what was stored");
        assert_eq!(account.state(), desk.engine.account(id).await.unwrap().state());
        let told = again.audit().await.unwrap().differences;
        assert!(told.iter().any(|one| one.contains("worked_out")), "{told:?}");
    }
    let older = contract::road::stored::FOLD - 1;
    let mut old = row.clone();
    old.fold.version = older;
    store.put_worked_out(id, &old).await.unwrap();
    assert_eq!(desk.engine.store_all_worked_out(|_| ()).await.unwrap().stored, 1);
    assert_eq!(store.worked_out(id).await.unwrap(), Some(row));
}
