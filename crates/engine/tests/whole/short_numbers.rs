//! Short numbers: given with the step that brings something about, kept for ever.

use std::collections::BTreeMap;

use contract::declare::fact::{EntryVoided, Fact};
use engine::NUMBERED;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::desk::{Applicant, Desk, kita, minami, on_disk};

/// The numbers of everything that stands, or stood, in a list, by id.
async fn numbers(desk: &Desk) -> BTreeMap<String, String> {
    let mut ids = Vec::new();
    for kind in NUMBERED {
        let rows = desk.engine.store.views(kind).await.unwrap();
        ids.extend(rows.into_iter().map(|row| row.id));
    }
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let numbers = desk.engine.store.short_numbers(&ids).await.unwrap();
    assert_eq!(numbers.len(), ids.len(), "{ids:?} have {numbers:?}");
    numbers
}

#[tokio::test]
async fn each_series_runs_through_the_operator_and_a_voided_entry_keeps_its_number() {
    let desk = Desk::open().await;
    let first = desk.apply(&kita("mouri@hokuto.example")).await;
    let second = desk.apply(&minami()).await;
    let of = async |id: &str| numbers(&desk).await.remove(id);
    assert_eq!(of(&first.application.0).await.as_deref(), Some("APP-2026-0001"));
    assert_eq!(of(&second.application.0).await.as_deref(), Some("APP-2026-0002"));
    assert_eq!(of(&second.application.contract().0).await, None, "nothing is formed yet");

    // The contract that is formed first is the first, whoever applied first.
    desk.accept(&second).await;
    desk.engine.settle().await.unwrap();
    desk.accept(&first).await;
    desk.engine.settle().await.unwrap();
    assert_eq!(of(&second.application.contract().0).await.as_deref(), Some("CTR-2026-0001"));
    assert_eq!(of(&first.application.contract().0).await.as_deref(), Some("CTR-2026-0002"));

    let records = desk.engine.records(&first.account).await.unwrap();
    let (of_first, reason) = (records[0].input.id.clone(), "it was a trial".to_owned());
    let void = Fact::EntryVoided(EntryVoided { of: of_first, reason });
    desk.fact(&first, "sato", void).await;
    let again = Applicant { message_id: "again@hokuto.example".to_owned(), ..kita("m@h.example") };
    desk.go_to("2027-01-01T00:00:00").await;
    let again = desk.apply(&again).await;
    let kept = of(&first.application.0).await;
    assert_eq!(kept.as_deref(), Some("APP-2026-0001"), "nobody else gets it");
    assert_eq!(of(&again.application.0).await.as_deref(), Some("APP-2027-0001"));
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
}

/// The mail that forms the contract names it, and so does the paper that goes with it.
#[tokio::test]
async fn letters_and_papers_name_things_by_their_numbers() {
    let desk = Desk::open().await;
    let about = desk.apply(&minami()).await;
    desk.accept(&about).await;
    desk.engine.settle().await.unwrap();
    let (application, contract) = (&about.application.0, &about.application.contract().0);
    let letters = desk.mailbox.letters();
    assert!(!letters.is_empty());
    let mut named = 0;
    for letter in &letters {
        let mail = document::read_mail("sent.eml", &letter.bytes).unwrap();
        let texts = [mail.subject.clone(), mail.text.clone()];
        let papers = mail
            .attachments
            .iter()
            .map(|one| one.name.clone() + &crate::desk::text_of_pdf(&one.bytes));
        for text in texts.into_iter().chain(papers) {
            assert!(!text.contains(application) && !text.contains(contract), "{text}");
            named += text.matches("CTR-2026-0001").count();
        }
    }
    assert!(named >= 2, "in a mail and on a paper");
}

/// A folder of before had no numbers: it gets those that it would have got.
#[tokio::test]
async fn a_folder_without_numbers_gets_them_in_the_order_of_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(folder.path()).await);
    desk.engine.bring_up_to_date().await.unwrap();
    // The account that comes last by its name was recorded first.
    let first = desk.apply(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-04-02T09:00:00").await;
    let second = desk.apply(&minami()).await;
    assert!(first.account > second.account);
    desk.accept(&second).await;
    desk.go_to("2026-04-03T09:00:00").await;
    desk.accept(&first).await;
    desk.engine.settle().await.unwrap();
    let given = numbers(&desk).await;
    let mut database = open(folder.path()).await;
    let forget = "DELETE FROM short_number; UPDATE read_models SET version = version - 1";
    sqlx::raw_sql(forget).execute(&mut database).await.unwrap();
    let told = desk.engine.audit().await.unwrap().differences;
    for id in given.keys() {
        assert!(
            told.iter().any(|one| one.contains("short_number") && one.contains(id)),
            "{told:?}"
        );
    }
    desk.engine.bring_up_to_date().await.unwrap();
    assert_eq!(numbers(&desk).await, given);
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
}

/// A row that is taken away leaves a gap, and what had the number has none.
#[tokio::test]
async fn a_number_that_is_taken_away_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(folder.path()).await);
    desk.engine.bring_up_to_date().await.unwrap();
    let first = desk.apply(&kita("mouri@hokuto.example")).await;
    let second = desk.apply(&minami()).await;
    let mut database = open(folder.path()).await;
    let take = "DELETE FROM short_number WHERE number = 'APP-2026-0001'";
    sqlx::raw_sql(take).execute(&mut database).await.unwrap();
    let told = desk.engine.audit().await.unwrap().differences;
    let gap = format!("short_number {}, running: ", second.application);
    let missed = format!("short_number {}, id: ", first.application);
    for expected in [gap, missed] {
        assert!(told.iter().any(|one| one.starts_with(&expected)), "{expected} in {told:?}");
    }
}

async fn open(folder: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("yakkan.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}
