//! After a restore nothing is sent twice by itself, and no number is given twice:
//! a person decides on each effect that may have been performed since the backup.

use std::path::Path;

use contract::ApplicationStatus;
use contract::declare::act::{Act, ConfirmErasure};
use contract::declare::fact::{Fact, MaterialErased};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use engine::{Engine, NumbersSince, OutboxState, Registered, SetUpLink};
use serde_json::json;
use store::SqlStore;
use store::backup::{Made, Order, Request, make, put_in_place, stage};
use tempfile::TempDir;

use crate::desk::{Desk, at, kita, live, minami, on_disk, sample_scenario};

const ADDRESS: &str = "defer-1.mouri@hokuto.example";

async fn back_up(root: &Path, moment: &str) -> Made {
    make(&Order {
        data: &root.join("data"),
        database: None,
        to: &root.join("backups"),
        keys: Some(&root.join("elsewhere/keys.db")),
        operator: None,
        at: at(moment),
        backup_days: 90,
        program: "yakkan test",
    })
    .await
    .unwrap()
}

/// The restored copy, with a clock that stands at the moment of the restore.
async fn restore(root: &Path, made: &Made, moment: &str) -> Desk {
    let (keys, to) = (root.join("elsewhere/keys.db"), root.join("restored"));
    let request =
        Request { backup: &made.folder, keys: Some(&keys), to: &to, database: None, known: None };
    let restored = stage(&request).await.unwrap();
    restored.store.close().await;
    put_in_place(&restored.staging, &to).unwrap();
    let desk = Desk::over(std::sync::Arc::new(SqlStore::open(&to).await.unwrap()));
    desk.clock.move_to(at(moment));
    desk.engine.open_review(made.manifest.made_at).await.unwrap();
    desk
}

/// Who had been turned away after the backup does not come in with the restored copy.
#[tokio::test]
async fn every_way_in_that_the_backup_brings_back_is_ended() {
    let root = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(&root.path().join("data")).await);
    desk.go_to("2026-04-01T09:00:00").await;
    let link = SetUpLink {
        token_hash: "hash-of-a-token".to_owned(),
        person: "sato".to_owned(),
        expires_at: at("2026-04-09T09:00:00"),
        made_by: "mori".to_owned(),
        handed_by: None,
    };
    desk.engine.store.identity().keep_set_up_link(&link).await.unwrap();
    let made = back_up(root.path(), "2026-04-02T03:00:00").await;
    let desk = restore(root.path(), &made, "2026-04-02T09:00:00").await;
    let identity = desk.engine.store.identity();
    assert_eq!(identity.set_up_link("hash-of-a-token").await.unwrap(), None);
    let opened = desk.engine.store.operator_stream("restores").await.unwrap().remove(0);
    let ended = json!({ "sessions": 0, "links": 1, "keys": 0 });
    assert_eq!(opened.payload["ended"], ended, "and the record says so");
}

/// An accepted application whose acceptance mail waits in the backup: the server
/// deferred it at 14:00, and took it at 14:01, after the backup.
async fn mail_left_after_the_backup() -> (TempDir, Made, Registered, String) {
    let root = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(&root.path().join("data")).await);
    let registered = desk.apply(&kita(ADDRESS)).await;
    desk.go_to("2026-04-03T14:00:00").await;
    desk.accept(&registered).await;
    let made = back_up(root.path(), "2026-04-03T14:00:30").await;
    desk.go_to("2026-04-03T14:01:00").await;
    let formed = desk.contract(&registered).await.unwrap().formed_at;
    assert_eq!(formed, at("2026-04-03T14:01:00"));
    let sent = desk.mailbox.letters()[0].message_id.clone();
    (root, made, registered, sent)
}

#[tokio::test]
async fn a_mail_that_may_have_left_waits_for_a_person_who_looks_it_up() {
    let (root, made, registered, sent) = mail_left_after_the_backup().await;
    let desk = restore(root.path(), &made, "2026-04-06T09:00:00").await;
    desk.go_to("2026-04-07T09:00:00").await;
    assert_eq!(desk.mailbox.letters(), [], "nothing leaves by itself");
    let held = desk.engine.held().await.unwrap();
    assert_eq!(held.len(), 1);
    assert!(held[0].row.maybe_sent);
    // What stands in the mail server's log.
    let id = held[0].message_id.clone().unwrap();
    assert_eq!(id.trim_matches(['<', '>']), sent.trim_matches(['<', '>']));
    let by = desk.person("suzuki");
    let row = &held[0].row.id;
    let later = desk.engine.was_sent(row, at("2026-05-01T00:00:00"), &by).await;
    assert!(later.unwrap_err().to_string().contains("later than now"));
    desk.engine.was_sent(row, at("2026-04-03T14:01:00"), &by).await.unwrap();
    let contract = desk.contract(&registered).await.unwrap();
    assert_eq!(contract.formed_at, at("2026-04-03T14:01:00"), "as it was (9-4)");
    let kept = desk.engine.store.personal(&format!("mail/{row}")).await.unwrap();
    assert!(kept.is_some(), "the mail is written again as it was, and kept");
    // What follows of it asks for the next mail, which may have left too.
    desk.engine.settle().await.unwrap();
    let held = desk.engine.held().await.unwrap();
    assert!(held[0].row.id.starts_with("order-acceptance-"), "{held:?}");
    assert_eq!(desk.mailbox.letters(), []);
    let records = desk.engine.records(&registered.account).await.unwrap();
    let said = records.iter().find(|r| r.input.id.0.starts_with("did-acceptance-")).unwrap();
    assert_eq!((said.input.actor.id.as_str(), said.input.known_at), ("suzuki", desk.engine.now()));
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_released_leaves_once_and_what_is_dropped_never() {
    let (root, made, registered, _) = mail_left_after_the_backup().await;
    let desk = restore(root.path(), &made, "2026-04-06T09:00:00").await;
    let by = desk.person("suzuki");
    let row = desk.engine.held().await.unwrap().remove(0).row.id;
    desk.engine.release(&row, &by).await.unwrap();
    let again = desk.engine.release(&row, &by).await.unwrap_err().to_string();
    assert!(again.contains("no effect"), "{again}");
    desk.engine.settle().await.unwrap();
    // The server defers it once more; it is tried again without another word.
    desk.go_to("2026-04-06T09:05:00").await;
    assert_eq!(desk.mailbox.letters().len(), 1);
    assert_eq!(desk.contract(&registered).await.unwrap().formed_at, at("2026-04-06T09:05:00"));
    let next = desk.engine.held().await.unwrap().remove(0).row.id;
    desk.engine.drop_held(&next, &by).await.unwrap();
    desk.go_to("2026-04-08T09:00:00").await;
    assert_eq!(desk.mailbox.letters().len(), 1);
    let rows = desk.engine.store.outbox().await.unwrap();
    let dropped = rows.iter().find(|one| one.id == next).unwrap();
    assert_eq!(dropped.state, OutboxState::Refused);
    assert!(dropped.last_reply.contains("suzuki"), "{}", dropped.last_reply);
}

/// What is entered again asks for mails that may have left before.
#[tokio::test]
async fn mails_that_are_asked_for_again_are_held_until_the_review_is_closed() {
    let root = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(&root.path().join("data")).await);
    let registered = desk.apply(&minami()).await;
    let made = back_up(root.path(), "2026-04-02T03:00:00").await;
    desk.go_to("2026-04-03T14:00:00").await;
    desk.accept(&registered).await;
    assert_eq!(desk.mailbox.letters().len(), 2);
    let desk = restore(root.path(), &made, "2026-04-06T09:00:00").await;
    assert_eq!(desk.engine.held().await.unwrap(), []);
    assert_eq!(
        desk.state(&registered.account).await.applications[&registered.application].status,
        ApplicationStatus::Received
    );
    desk.accept(&registered).await;
    assert_eq!(desk.mailbox.letters(), []);
    let by = desk.person("suzuki");
    let open = desk.engine.close_review(&by).await.unwrap_err().to_string();
    assert!(open.contains("numbers"), "{open}");
    desk.engine.state_numbers(&NumbersSince::Repeat, &by).await.unwrap();
    let open = desk.engine.close_review(&by).await.unwrap_err().to_string();
    assert!(open.contains("1 effects are still held"), "{open}");
    let row = desk.engine.held().await.unwrap().remove(0).row.id;
    desk.engine.was_sent(&row, at("2026-04-03T14:00:00"), &by).await.unwrap();
    desk.engine.settle().await.unwrap();
    let row = desk.engine.held().await.unwrap().remove(0).row.id;
    desk.engine.was_sent(&row, at("2026-04-03T14:00:00"), &by).await.unwrap();
    desk.engine.close_review(&by).await.unwrap();
    assert_eq!(desk.engine.review().await.unwrap(), None);
    // From now on mails leave by themselves again.
    desk.running(&kita("mouri@hokuto.example")).await;
    assert_eq!(desk.mailbox.letters().len(), 2);
}

async fn bill(desk: &Desk, month: &str, day: &str) -> Result<Vec<String>, String> {
    let by = desk.person("takahashi");
    let run = desk.engine.bill(month.parse().unwrap(), day.parse().unwrap(), &by).await;
    run.map(|run| run.issued).map_err(|error| error.to_string())
}

/// A contract that was billed for April before the backup and for May after it.
async fn billed_after_the_backup() -> (TempDir, Made, Desk) {
    let root = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(&root.path().join("data")).await);
    desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-05-07T09:00:00").await;
    assert_eq!(bill(&desk, "2026-04", "2026-05-07").await.unwrap(), ["INV-2026-000001"]);
    let made = back_up(root.path(), "2026-05-08T03:00:00").await;
    desk.go_to("2026-06-05T09:00:00").await;
    assert_eq!(bill(&desk, "2026-05", "2026-06-05").await.unwrap(), ["INV-2026-000002"]);
    (root, made, desk)
}

#[tokio::test]
async fn a_repeated_run_gives_the_same_invoice_the_same_number() {
    let (root, made, lost) = billed_after_the_backup().await;
    let desk = restore(root.path(), &made, "2026-06-06T09:00:00").await;
    let refused = bill(&desk, "2026-05", "2026-06-05").await.unwrap_err();
    assert!(refused.contains("which numbers"), "{refused}");
    let by = desk.person("takahashi");
    desk.engine.state_numbers(&NumbersSince::Repeat, &by).await.unwrap();
    assert_eq!(bill(&desk, "2026-05", "2026-06-05").await.unwrap(), ["INV-2026-000002"]);
    let invoice = async |desk: &Desk| {
        let account = desk.engine.store.accounts().await.unwrap().remove(0);
        desk.state(&account).await.receivables["INV-2026-000002"].invoice.clone()
    };
    assert_eq!(invoice(&desk).await, invoice(&lost).await);
    let held = desk.engine.held().await.unwrap();
    assert_eq!(held.len(), 1, "and its mail is held");
    assert!(held[0].row.id.contains("INV-2026-000002"));
}

#[tokio::test]
async fn numbers_given_after_the_backup_are_left_out_and_noted() {
    let (root, made, _) = billed_after_the_backup().await;
    let desk = restore(root.path(), &made, "2026-06-06T09:00:00").await;
    let by = desk.person("takahashi");
    for (wrong, why) in [
        ("INV-2026-000001", "given before the backup"),
        ("INV-2026-x", "no number"),
        ("12", "no number"),
    ] {
        let since = NumbersSince::From(wrong.to_owned());
        let error = desk.engine.state_numbers(&since, &by).await.unwrap_err().to_string();
        assert!(error.contains(why), "{wrong}: {error}");
    }
    let since = NumbersSince::From("INV-2026-000010".to_owned());
    desk.engine.state_numbers(&since, &by).await.unwrap();
    assert_eq!(bill(&desk, "2026-05", "2026-06-06").await.unwrap(), ["INV-2026-000010"]);
    let series = desk.engine.store.operator_stream("numbers/INV-2026").await.unwrap();
    let noted = series.iter().find(|entry| entry.kind == "given_before_restore").unwrap();
    assert_eq!(
        (noted.payload["first"].as_u64(), noted.payload["last"].as_u64()),
        (Some(2), Some(9))
    );
    assert_eq!(noted.payload["by"], "takahashi");
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// The rows went when the erasures were replayed, before anybody could count them.
#[tokio::test]
async fn an_erasure_repeated_after_a_restore_says_what_was_destroyed() {
    let root = tempfile::tempdir().unwrap();
    let mut life = sample_scenario();
    life.steps.retain(|step| step.at < at("2026-11-10T00:00:00"));
    let lived = live(&life, on_disk(&root.path().join("data")).await, "aoba").await;
    let contract = lived.customer.application.contract();
    let account = &lived.customer.account;
    let by = lived.engine.operator.actor("nakamura").unwrap();
    let act = Content::Act(Act::ConfirmErasure(ConfirmErasure { contract }));
    let confirmed = lived.engine.input("confirmed", account, &by, "desk", act);
    assert!(!lived.engine.register(confirmed).await.unwrap().refused);
    let made = back_up(root.path(), "2026-11-09T12:00:00").await;
    lived.engine.settle().await.unwrap();
    back_up(root.path(), "2026-11-10T03:00:00").await;
    let destroyed = contacts_erased(&lived.engine, account).await.unwrap();
    assert!(destroyed > 0);
    let desk = restore(root.path(), &made, "2026-11-10T09:00:00").await;
    assert_eq!(contacts_erased(&desk.engine, account).await, None);
    let held = desk.engine.held().await.unwrap();
    let erasure = held.iter().find(|one| one.row.kind == "erase").unwrap();
    assert_eq!(erasure.message_id, None);
    desk.engine.release(&erasure.row.id, &by).await.unwrap();
    desk.engine.settle().await.unwrap();
    assert_eq!(contacts_erased(&desk.engine, account).await, Some(destroyed));
}

/// How many contacts the fact of an erasure names.
async fn contacts_erased(engine: &Engine, account: &AccountId) -> Option<u64> {
    let records = engine.records(account).await.unwrap();
    let mut facts = records.iter().filter_map(|record| match &record.input.content {
        Content::Fact(Fact::MaterialErased(MaterialErased { erased, .. })) => Some(erased),
        _ => None,
    });
    let erased = facts.next()?;
    Some(erased.iter().find(|class| class.class == "contact").map_or(0, |class| class.count))
}
