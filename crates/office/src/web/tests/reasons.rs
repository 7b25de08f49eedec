//! A reason that was typed is found again at its entry.

use contract::fact::Fact;
use contract::stream::Content;

use super::Office;

/// The reason of the last entry of the account, as its page shows it.
async fn last_reason(office: &Office, is: fn(&Fact) -> bool) -> String {
    let account = office.account().await;
    let records = office.engine.records(&account).await.unwrap();
    let of = |content: &Content| matches!(content, Content::Fact(fact) if is(fact));
    let record = records.iter().rev().find(|record| of(&record.input.content)).unwrap();
    let id = &record.input.id;
    let named = format!("reason/{id}");
    assert!(record.input.evidence.iter().any(|one| one.starts_with(&named)), "{record:?}");
    let page = office.get_as("suzuki", &format!("/entries/{account}/{id}")).await.text;
    let reason = office.engine.reason_given(id).await.unwrap().unwrap_or_default();
    assert!(!reason.is_empty() && page.contains(&reason), "{reason} in {page}");
    reason
}

#[tokio::test]
async fn of_a_changed_contact_and_of_a_typed_cancellation() {
    let office = Office::at("2026-09-08T10:30:00").await;
    let (contract, _) = office.only("contract").await;
    let application = contract.replace("K-", "P-");
    let person = [
        ("role", "responsible_person"),
        ("name", "青葉　新子"),
        ("department", "情報システム部"),
        ("mail", "shin@aoba.example"),
        ("phone", "03-1234-5678"),
        ("reason", "担当者の異動の届出"),
    ];
    office.done("sato", &format!("/applications/{application}/contact"), &person).await;
    let changed = last_reason(&office, |fact| matches!(fact, Fact::ContactChanged { .. })).await;
    assert_eq!(changed, "担当者の異動の届出");
    let form = [
        ("channel", "paper"),
        ("at", "2026-09-08T09:30"),
        ("desired", "2026-11-30"),
        ("signed_by", "青葉　新子"),
        ("reason", "書留で届いた"),
    ];
    office.done("sato", &format!("/contracts/{contract}/cancellation"), &form).await;
    let arrived = |fact: &Fact| matches!(fact, Fact::CancellationFormArrived { .. });
    assert_eq!(last_reason(&office, arrived).await, "書留で届いた");
    assert_eq!(office.engine.audit().await.unwrap().differences, Vec::<String>::new());
}
