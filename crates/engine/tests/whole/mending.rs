//! What was refused is not lost: a person has it tried again, or records how it was
//! done, and both tries stay in the record.

use contract::ContractStatus;
use contract::declare::consequence::Consequence;
use contract::declare::fact::{Fact, MailRefused};
use contract::declare::ids::AccountId;
use contract::notices::notice::Channel;
use contract::service::minimum_term::EndCause;
use contract::who::actor::Actor;
use contract::{ApplicationStatus, Person};
use engine::{
    CancellationArrival, Effect, Mending, OutboxRow, OutboxState, Registered, Transaction, Way,
};
use serde_json::json;

use crate::desk::{Desk, at, kita};
use crate::golden;

const GOOD: &str = "mouri@hokuto.example";
const BAD: &str = "reject.mouri@hokuto.example";

async fn rows(desk: &Desk) -> Vec<OutboxRow> {
    desk.engine.store.outbox().await.unwrap()
}

async fn row(desk: &Desk, id: &str) -> OutboxRow {
    rows(desk).await.into_iter().find(|row| row.id == id).unwrap()
}

async fn refused(desk: &Desk, begins: &str) -> String {
    let refused = |row: &OutboxRow| row.state == OutboxState::Refused && row.id.starts_with(begins);
    rows(desk).await.into_iter().find(refused).unwrap().id
}

async fn write_to(desk: &Desk, registered: &Registered, mail: &str) {
    let person: Person = kita(mail).form().1.remove(0);
    let (account, application) = (&registered.account, &registered.application);
    let (id, by) = (format!("address-{mail}-{}", desk.engine.now()), desk.person("sato"));
    desk.engine.change_contact(&id, account, application, person, &by, "").await.unwrap();
}

/// A running contract whose customer cancels to the end of June, with a receipt notice
/// that the own server refuses.
async fn cancelled_but_not_told() -> (Desk, Registered, String) {
    let desk = Desk::open().await;
    let registered = desk.running(&kita(GOOD)).await;
    desk.go_to("2026-05-11T10:00:00").await;
    write_to(&desk, &registered, BAD).await;
    let arrived = CancellationArrival {
        contract: registered.application.contract(),
        channel: Channel::Paper,
        arrived_at: desk.engine.now(),
        desired: Some("2026-06-30".parse().unwrap()),
        signed_by: None,
        file: None,
    };
    let (account, by) = (&registered.account, desk.person("sato"));
    let came = desk.engine.receive_cancellation("cancel-1", account, arrived, "desk", &by, "");
    came.await.unwrap();
    desk.engine.settle().await.unwrap();
    let id = refused(&desk, "receipt-").await;
    (desk, registered, id)
}

async fn mend(desk: &Desk, id: &str, mending: Mending, by: &str) -> Result<Option<String>, String> {
    let by = desk.person(by);
    let mended = desk.engine.mend(id, &mending, &by, "another address").await;
    desk.engine.settle().await.unwrap();
    mended.map_err(|why| why.to_string())
}

async fn has_ended(desk: &Desk, registered: &Registered) {
    let contract = desk.contract(registered).await.unwrap();
    assert_eq!(contract.status, ContractStatus::Ended);
    let end = contract.end.as_ref().unwrap();
    assert_eq!(
        (end.on, end.cause),
        ("2026-06-30".parse().unwrap(), EndCause::CustomerCancellation)
    );
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_receipt_notice_is_sent_again_and_the_day_does_not_move() {
    let (desk, registered, first) = cancelled_but_not_told().await;
    desk.go_to("2026-07-20T09:00:00").await;
    let contract = desk.contract(&registered).await.unwrap();
    assert_eq!(contract.status, ContractStatus::CancellationRequested, "A-18: it needs the notice");
    // The address is as bad as before: refused once more, under an id of its own.
    let second = mend(&desk, &first, Mending::Again, "sato").await.unwrap().unwrap();
    assert_eq!(row(&desk, &second).await.state, OutboxState::Refused);
    assert_eq!(row(&desk, &first).await.state, OutboxState::Settled);
    write_to(&desk, &registered, GOOD).await;
    let third = mend(&desk, &second, Mending::Again, "sato").await.unwrap().unwrap();
    assert_eq!([first.clone() + "~2", first.clone() + "~3"], [second, third.clone()]);
    assert_eq!(row(&desk, &third).await.state, OutboxState::Done);
    has_ended(&desk, &registered).await;
    let answered = mend(&desk, &first, Mending::Again, "sato").await.unwrap_err();
    assert!(answered.contains("answered already"), "{answered}");
    // Both tries stand in the record, and who had it sent again, and why.
    let records = desk.engine.records(&registered.account).await.unwrap();
    let tries = records.iter().filter(|record| match &record.input.content {
        contract::road::stream::Content::Fact(Fact::MailRefused(MailRefused { mail, .. })) => {
            mail.starts_with(&first)
        }
        contract::road::stream::Content::Fact(Fact::ReceiptNoticeSent(_)) => true,
        _ => false,
    });
    assert_eq!(tries.count(), 3);
    let said = desk.engine.store.operator_stream("effects").await.unwrap();
    let said: Vec<_> = said.iter().map(|s| (s.kind.as_str(), s.payload["by"].as_str())).collect();
    assert_eq!(said, [("again", Some("sato")), ("again", Some("sato"))]);
}

#[tokio::test]
async fn a_receipt_notice_that_went_by_post_ends_the_contract_too() {
    let (desk, registered, id) = cancelled_but_not_told().await;
    desk.go_to("2026-07-20T09:00:00").await;
    let posted = |day: &str| Mending::Elsewhere {
        way: Way::Post,
        at: at(day),
        reference: "引受番号 123-45-67890-1".to_owned(),
    };
    for (wrong, why) in
        [("2026-05-10T09:00:00", "does not lie between"), ("2026-07-21T09:00:00", "does not lie")]
    {
        let refused = mend(&desk, &id, posted(wrong), "suzuki").await.unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    mend(&desk, &id, posted("2026-05-13T15:00:00"), "suzuki").await.unwrap();
    let row = row(&desk, &id).await;
    assert_eq!(row.state, OutboxState::Done);
    assert!(row.last_reply.contains("by post") && row.last_reply.contains("suzuki"), "{row:?}");
    has_ended(&desk, &registered).await;
    let records = desk.engine.records(&registered.account).await.unwrap();
    let said = records.iter().find(|r| r.input.id.0 == format!("did-{id}-elsewhere")).unwrap();
    assert_eq!(
        (said.input.actor.id.as_str(), said.input.source.as_str()),
        ("suzuki", "outbox, by post")
    );
    let reason = desk.engine.reason_given(&said.input.id).await.unwrap();
    assert_eq!(reason.as_deref(), Some("another address"));
}

#[tokio::test]
async fn what_is_still_owed_is_not_let_go_and_a_stranger_to_it_mends_nothing() {
    let (desk, _, id) = cancelled_but_not_told().await;
    let owed = mend(&desk, &id, Mending::LetGo, "suzuki").await.unwrap_err();
    assert!(owed.contains("still owed"), "{owed}");
    let other = mend(&desk, &id, Mending::Again, "takahashi").await.unwrap_err();
    assert!(other.contains("not for Billing"), "{other}");
    let by = desk.person("sato");
    let mute = desk.engine.mend(&id, &Mending::Again, &by, " ").await.unwrap_err();
    assert!(mute.to_string().contains("say why"), "{mute}");
    assert_eq!(row(&desk, &id).await.state, OutboxState::Refused, "nothing was lost");
}

/// 9-4: only a mail forms the contract; a paper does not, and trying again is a new
/// acceptance, since the application is open again.
#[tokio::test]
async fn a_refused_acceptance_is_accepted_anew_or_was_sent_by_another_mail() {
    let desk = Desk::open().await;
    let registered = desk.apply(&kita(BAD)).await;
    desk.go_to("2026-04-03T14:00:00").await;
    desk.accept(&registered).await;
    let id = refused(&desk, "acceptance-").await;
    let again = mend(&desk, &id, Mending::Again, "suzuki").await.unwrap_err();
    assert!(again.contains("has changed"), "{again}");
    let sent = |way| Mending::Elsewhere {
        way,
        at: at("2026-04-03T14:00:00"),
        reference: "a1@minato.example".to_owned(),
    };
    let paper = mend(&desk, &id, sent(Way::Post), "suzuki").await.unwrap_err();
    assert!(paper.contains("cannot have been done by post"), "{paper}");
    mend(&desk, &id, sent(Way::Mail), "suzuki").await.unwrap();
    let contract = desk.contract(&registered).await.unwrap();
    assert_eq!(contract.formed_at, at("2026-04-03T14:00:00"));
    let state = desk.state(&registered.account).await;
    assert_eq!(state.applications[&registered.application].status, ApplicationStatus::Formed);
}

fn refused_row(account: &AccountId, effect: &Effect) -> OutboxRow {
    OutboxRow {
        id: format!("{}-test", effect.name()),
        account: account.clone(),
        kind: effect.of().kind.to_owned(),
        payload: json!(effect),
        state: OutboxState::Refused,
        attempts: 1,
        next_at: at("2026-04-01T09:00:00"),
        expires_at: None,
        maybe_sent: false,
        last_reply: "550 5.1.1 no such user".to_owned(),
    }
}

/// Whether every kind is held by the list, the compiler says: see `golden::effects`.
#[tokio::test]
async fn every_kind_of_effect_is_tried_again_or_answered_in_another_way() {
    let desk = Desk::open().await;
    let registered = desk.apply(&kita(GOOD)).await;
    // The house's own account has no guard: every try is wanted.
    let house = AccountId("operator".to_owned());
    for effect in golden::effects() {
        let by = |role| Actor::new("somebody", role);
        let role = *effect.of().menders.first().expect("somebody mends it");
        let row = refused_row(&house, &effect);
        put(&desk, &row).await;
        let next =
            desk.engine.mend(&row.id, &Mending::Again, &by(role), "mended").await.unwrap().unwrap();
        let rows = rows(&desk).await;
        let of = |id: &str| rows.iter().find(|row| row.id == id).unwrap();
        assert_eq!(of(&row.id).state, OutboxState::Settled, "{effect:?}");
        assert_eq!((of(&next).state, &of(&next).payload), (OutboxState::Waiting, &row.payload));

        // Of a customer, where nothing of it stands: it was done, or nobody needs it.
        let row = refused_row(&registered.account, &effect);
        let row = OutboxRow { id: format!("{}-2", row.id), ..row };
        put(&desk, &row).await;
        let mending = effect.of().ways.first().map_or(Mending::LetGo, |way| Mending::Elsewhere {
            way: *way,
            at: desk.engine.now(),
            reference: "no. 1".to_owned(),
        });
        desk.engine.mend(&row.id, &mending, &by(role), "by hand").await.unwrap();
        let state = self::row(&desk, &row.id).await.state;
        let done = matches!(state, OutboxState::Done | OutboxState::Settled);
        assert!(done, "{effect:?} is {state:?}");
    }
    let case = desk.engine.case(&registered.account).await.unwrap();
    let unknown =
        case.live.values().filter(|live| matches!(live.consequence, Consequence::Alert(_)));
    assert!(unknown.count() > 0, "the facts of it are in the record");
}

async fn put(desk: &Desk, row: &OutboxRow) {
    let step = Transaction { outbox: vec![row.clone()], ..Transaction::default() };
    desk.engine.store.commit(&step).await.unwrap();
}
