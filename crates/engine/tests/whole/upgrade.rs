//! A data folder that an earlier version wrote opens in this one: the record is
//! what it was, explains itself, and the life in it goes on.
//!
//! The folders are in `tests/upgrades`, each with the export that its own version
//! made of it. A folder of a released version is never changed; a new version
//! adds its own.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use contract::declare::consequence::Consequence;
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::reason::Audience;
use contract::notices::notice::Channel;
use contract::road::case::Case;
use contract::road::editions::{Edition, kind_of};
use contract::road::stream::{Body, Content, Event, Input, Record};
use contract::{CancellationForm, ContractStatus, decide};
use document::wording::{self, Language};
use engine::{Mending, NUMBERED, NewRecord, OutboxRow, OutboxState, Transaction};
use reckon::{Moment, Yen};
use serde_json::Value;
use tempfile::TempDir;

use crate::desk::{Desk, at, kita, on_disk};

fn unpacked(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/upgrades").join(name);
    let done = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path()).status();
    assert!(done.expect("tar").success(), "{name}");
    folder
}

/// A desk on the folder whose clock stands at the last entry.
async fn desk_on(folder: &Path) -> Desk {
    let desk = Desk::over(on_disk(folder).await);
    desk.engine.bring_up_to_date().await.unwrap();
    let mut last = desk.engine.now();
    for account in desk.engine.store.accounts().await.unwrap() {
        let records = desk.engine.records(&account).await.unwrap();
        last = records.iter().map(|record| record.input.known_at).fold(last, Moment::max);
    }
    desk.clock.move_to(last);
    desk
}

async fn no_differences(desk: &Desk) {
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// Accounts with their records, field by field as the earlier version gave them:
/// without the step that brings a record up to the present edition of the rules.
fn records(export: &Value) -> Vec<(&Value, Vec<&Value>, &Value)> {
    let accounts = export["accounts"].as_array().unwrap().iter();
    let own = |record: &&Value| record["input"]["content"] != "edition";
    accounts
        .map(|one| {
            let records = one["records"].as_array().unwrap().iter().filter(own);
            (&one["account"], records.collect(), &one["documents"])
        })
        .collect()
}

async fn is_as_it_was(name: &str) -> (TempDir, Desk) {
    let folder = unpacked(name);
    let then = std::fs::read(folder.path().join("export.json")).unwrap();
    let then: Value = serde_json::from_slice(&then).unwrap();
    let desk = desk_on(folder.path()).await;
    let now = desk.engine.export().await.unwrap();
    assert_eq!(records(&now), records(&then), "{name}");
    no_differences(&desk).await;
    (folder, desk)
}

async fn explained(desk: &Desk, id: &str) -> String {
    let found = desk.engine.explain(id, Language::English).await.unwrap();
    let texts = found.iter().map(|e| wording::explain(e, Language::English, Audience::Staff));
    texts.collect()
}

#[tokio::test]
async fn a_finished_life_of_0_1_0_is_as_it_was() {
    let (folder, desk) = is_as_it_was("0.1.0-life.tar.gz").await;
    let interest = explained(&desk, "INV-2026-000006/1").await;
    assert!(interest.contains("late interest  5 yen"), "{interest}");
    assert!(interest.contains("660 × 14.6 % × 19 days ÷ 365"), "{interest}");
    let formed = explained(&desk, "C-576d8e26f201").await;
    assert!(formed.contains("9-4"), "{formed}");
    let mut mails = 0;
    for row in desk.engine.store.outbox().await.unwrap() {
        let mail = desk.engine.store.personal(&format!("mail/{}", row.id)).await.unwrap();
        mails += usize::from(mail.is_some());
    }
    assert!(mails > 5, "the kept mails open under their keys: {mails}");
    // A second start finds nothing to bring up to date, and the same record.
    drop(desk);
    no_differences(&desk_on(folder.path()).await).await;
}

#[tokio::test]
async fn running_contracts_of_0_1_0_go_on() {
    let (_folder, desk) = is_as_it_was("0.1.0-running.tar.gz").await;
    let store: Arc<dyn engine::Store> = desk.engine.store.clone();
    let before = store.accounts().await.unwrap();
    desk.go_to("2027-05-10T09:00:00").await;
    let by = desk.person("takahashi");
    let (month, day) = ("2027-04".parse().unwrap(), "2027-05-10".parse().unwrap());
    let run = desk.engine.bill(month, day, &by).await.unwrap();
    assert_eq!(run.held_back, []);
    assert!(!run.issued.is_empty());
    let first = explained(&desk, &run.issued[0]).await;
    assert!(first.contains("24-1"), "{first}");
    // Extensions followed by themselves in the months that passed.
    let mut extended = 0;
    for account in &before {
        let records = desk.engine.records(account).await.unwrap();
        let text = serde_json::to_string(&records).unwrap();
        extended += text.matches("extension@").count();
    }
    assert!(extended > 0);
    no_differences(&desk).await;
}

/// Every archive beside this program.
fn archives() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/upgrades");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".tar.gz"));
    names.sort();
    assert!(names.len() >= 3, "{names:?}");
    names
}

/// Effects that were asked for, and those that wait for a person.
async fn asked(desk: &Desk) -> (usize, Vec<String>) {
    let rows = desk.engine.store.outbox().await.unwrap();
    let held = rows.iter().filter(|row| row.state == OutboxState::Held);
    (rows.len(), held.map(|row| row.id.clone()).collect())
}

/// Whatever stands in a list of an older folder has its short number.
async fn has_numbers(desk: &Desk, name: &str) {
    let mut things = 0;
    for kind in NUMBERED {
        let rows = desk.engine.store.views(kind).await.unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
        let numbers = desk.engine.store.short_numbers(&ids).await.unwrap();
        assert_eq!(numbers.len(), ids.len(), "{name}: {ids:?} have {numbers:?}");
        things += ids.len();
    }
    assert!(things > 0, "{name}");
}

#[tokio::test]
async fn every_stored_folder_opens_without_a_letter_and_is_explained() {
    for name in archives() {
        let folder = unpacked(&name);
        let desk = Desk::over(on_disk(folder.path()).await);
        let (before, _) = asked(&desk).await;
        let desk = desk_on(folder.path()).await;
        desk.engine.settle().await.unwrap();
        let (after, held) = asked(&desk).await;
        assert_eq!(after, before + held.len(), "{name}: {held:?}");
        assert_eq!(desk.mailbox.letters(), [], "{name}");
        has_numbers(&desk, &name).await;
        no_differences(&desk).await;
    }
}

#[tokio::test]
async fn what_a_newer_edition_says_of_old_entries_is_explained_and_entered_once() {
    let (folder, desk) = is_as_it_was("edition-1-faults.tar.gz").await;
    let audit = desk.engine.audit().await.unwrap();
    assert!(!audit.explained.is_empty());
    let steps = edition_steps(&desk).await;
    assert!(!steps.is_empty());
    drop(desk);
    let again = desk_on(folder.path()).await;
    assert_eq!(edition_steps(&again).await, steps);
    no_differences(&again).await;
}

/// What the program of edition 1 billed on 5 November 2026 when it played on.
const BILLED_BY_EDITION_1: [(&str, i64); 9] = [
    ("A-1990002000001", 330_000),
    ("A-1990002000002", 385_000),
    ("A-1990002000003", 330_000),
    ("A-1990002000004", 330_000),
    ("A-1990002000005", 330_000),
    ("A-1990002000006", 330_000),
    ("A-1990002000007", 330_000),
    ("A-1990002000008", 330_000),
    ("A-1990002000009", 330_000),
];

#[tokio::test]
async fn a_newer_edition_charges_nothing_for_the_past_by_itself() {
    let (_folder, desk) = is_as_it_was("edition-1-faults.tar.gz").await;
    desk.go_to("2026-11-05T10:00:00").await;
    let by = desk.person("takahashi");
    let (month, day) = ("2026-10".parse().unwrap(), "2026-11-05".parse().unwrap());
    desk.engine.bill(month, day, &by).await.unwrap();
    let mut billed = Vec::new();
    for account in desk.engine.store.accounts().await.unwrap() {
        let state = desk.engine.state(&account).await.unwrap();
        let receivables = state.receivables.values();
        let new = receivables.filter(|receivable| receivable.invoice.issued_on == day);
        let total: Yen = new.map(|receivable| receivable.invoice.total).sum();
        if !total.is_zero() {
            billed.push((account.0, total.0));
        }
    }
    let before = BILLED_BY_EDITION_1.map(|(account, total)| (account.to_owned(), total));
    assert_eq!(billed, before);
}

/// A receipt notice that the customer's server had refused under edition 1 states, when
/// a person has it sent again, what the record now determines, and the contract ends.
#[tokio::test]
async fn a_letter_refused_under_an_older_edition_is_sent_again_under_this_one() {
    let (_folder, desk) = is_as_it_was("edition-1-faults.tar.gz").await;
    let refused = |row: &OutboxRow| row.id.starts_with("receipt-") && !row.id.contains('~');
    let rows = desk.engine.store.outbox().await.unwrap();
    let row = rows.into_iter().find(|row| refused(row) && row.state == OutboxState::Refused);
    let row = row.unwrap();
    let state = desk.engine.state(&row.account).await.unwrap();
    let application = state.applications.keys().next().unwrap().clone();
    let (person, by) = (kita("yui@kyohi.example").form().1.remove(0), desk.person("sato"));
    let engine = &desk.engine;
    engine.change_contact("address", &row.account, &application, person, &by, "").await.unwrap();
    engine.mend(&row.id, &Mending::Again, &by, "another address").await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(desk.mailbox.letters().len(), 1);
    let state = engine.state(&row.account).await.unwrap();
    let contract = state.contracts.values().next().unwrap();
    assert_eq!(contract.status, ContractStatus::Ended);
    assert_eq!(contract.end.as_ref().unwrap().on, "2026-05-31".parse().unwrap());
    no_differences(&desk).await;
}

/// A cancellation form of which the program of edition 1 saw nothing follow: what asks
/// for a letter now is entered, and the letter waits for a person.
#[tokio::test]
async fn a_letter_that_only_a_newer_edition_asks_for_waits_for_a_person() {
    let folder = unpacked("0.1.0-running.tar.gz");
    let desk = Desk::over(on_disk(folder.path()).await);
    desk.clock.move_to(at("2026-05-11T10:00:00"));
    let account = desk.engine.store.accounts().await.unwrap().remove(0);
    let case = desk.engine.case(&account).await.unwrap();
    let now = desk.engine.now().max(case.unfolded_until.unwrap());
    desk.clock.move_to(now);
    let contract =
        desk.engine.state(&account).await.unwrap().contracts.keys().next().unwrap().clone();
    let desired = Some(reckon::Period::days(now.day(), 60).last_day());
    let form = CancellationForm { desired, signed_by: "".into(), signed_by_other: false };
    let arrived = Fact::CancellationFormArrived(CancellationFormArrived {
        contract,
        channel: Channel::Paper,
        arrived_at: now,
        form,
    });
    let by = desk.person("sato");
    let input = desk.engine.input("old", &account, &by, "desk", Content::Fact(arrived));
    let input = Input { edition: Edition::FIRST, ..input };
    let decision = decide(&desk.engine.law, &case, &input).unwrap();
    let (law, text) = (desk.engine.law_id(), desk.engine.law.text().to_string());
    let record = Record { input, law: law.clone(), events: decision.events[..1].to_vec() };
    let next_due = decision.next_due;
    let step = Transaction {
        laws: vec![(law.0, text)],
        records: vec![NewRecord { after: case.records(), record, next_due }],
        ..Transaction::default()
    };
    desk.engine.store.commit(&step).await.unwrap();

    desk.engine.bring_up_to_date().await.unwrap();
    desk.engine.settle().await.unwrap();
    assert_eq!(desk.mailbox.letters(), []);
    let held = desk.engine.held().await.unwrap();
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(held[0].row.id.starts_with("receipt-"), "{held:?}");
    assert!(held[0].row.last_reply.contains("only under edition"), "{held:?}");
    desk.engine.release(&held[0].row.id, &by).await.unwrap();
    desk.engine.settle().await.unwrap();
    assert_eq!(desk.mailbox.letters().len(), 1);
}

/// The id of a consequence says what follows: one that is taken back for another id
/// of the same content would have changed for nothing.
#[tokio::test]
async fn ids_in_stored_folders_stay_except_where_their_content_changed() {
    for name in archives() {
        let folder = unpacked(&name);
        let desk = desk_on(folder.path()).await;
        for account in desk.engine.store.accounts().await.unwrap() {
            let mut case = Case::new(account.clone());
            for record in desk.engine.records(&account).await.unwrap() {
                if record.input.content == Content::Edition {
                    let followed: Vec<_> = record.events.iter().filter_map(followed).collect();
                    for event in &record.events {
                        let Body::Retracted { of } = &event.body else { continue };
                        let gone = &case.live[of].consequence;
                        assert!(!followed.contains(&gone), "{name}, {account}: {gone:?}");
                    }
                }
                case.apply(&record);
            }
        }
    }
}

fn followed(event: &Event) -> Option<&Consequence> {
    match &event.body {
        Body::Follows { consequence, .. } => Some(consequence),
        _ => None,
    }
}

async fn edition_steps(desk: &Desk) -> Vec<String> {
    let mut steps = Vec::new();
    for account in desk.engine.store.accounts().await.unwrap() {
        for record in desk.engine.records(&account).await.unwrap() {
            if record.input.content == Content::Edition {
                let events = record.events.iter();
                let kinds = events.map(|event| match &event.body {
                    Body::Follows { consequence, .. } => kind_of(consequence),
                    other => format!("{other:?}"),
                });
                steps.push(format!("{account}: {}", kinds.collect::<Vec<_>>().join(", ")));
            }
        }
    }
    steps
}
