//! A reason that was typed is found again at its entry.

use contract::declare::fact::Fact;
use contract::road::stream::Content;

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
        ("contact", "responsible_person"),
        ("name", "青葉　新子"),
        ("department", "情報システム部"),
        ("mail", "shin@aoba.example"),
        ("phone", "03-1234-5678"),
        ("reason", "担当者の異動の届出"),
    ];
    office.done("sato", &format!("/applications/{application}/contact"), &person).await;
    let changed = last_reason(&office, |fact| matches!(fact, Fact::ContactChanged(_))).await;
    assert_eq!(changed, "担当者の異動の届出");
    let form = [
        ("channel", "paper"),
        ("at", "2026-09-08T09:30"),
        ("desired", "2026-11-30"),
        ("signed_by", "青葉　新子"),
        ("reason", "書留で届いた"),
    ];
    office.done("sato", &format!("/contracts/{contract}/cancellation"), &form).await;
    let arrived = |fact: &Fact| matches!(fact, Fact::CancellationFormArrived(_));
    assert_eq!(last_reason(&office, arrived).await, "書留で届いた");
    assert_eq!(office.engine.audit().await.unwrap().differences, Vec::<String>::new());
}

/// The reason that an entry of the operator names, as somebody who may reads it.
async fn reason_in(office: &Office, stream: &str) -> String {
    let entry = office.engine.store.operator_stream(stream).await.unwrap().remove(0);
    let named = entry.payload["evidence"][0].as_str().unwrap_or_else(|| panic!("{entry:?}"));
    let (id, _) = named.split_once(" blake3:").unwrap();
    assert_eq!(office.get_as("ito", &format!("/api/v1/evidence/{id}")).await.status, 403);
    office.get_as("suzuki", &format!("/api/v1/evidence/{id}")).await.text
}

#[tokio::test]
async fn of_a_billing_run_and_of_a_file() {
    let office = Office::at("2026-05-02T09:00:00").await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/usage-2026-04.csv");
    let usage = ("usage.csv", &std::fs::read(file).unwrap()[..]);
    let taken = office.upload("ito", "/usage", &[("reason", "四月分の締め")], usage).await;
    assert!(taken.status.is_success(), "{}", taken.text);
    assert_eq!(reason_in(&office, "usage-files").await, "四月分の締め");
    let run = [("month", "2026-04"), ("issued_on", "2026-05-02"), ("reason", "月次の請求")];
    let issued = office.fill("takahashi", "/billing", &run).await;
    assert!(issued.text.contains("INV-2026-000001"), "{}", issued.text);
    assert_eq!(reason_in(&office, "billing-run/2026-04@2026-05-02").await, "月次の請求");
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/deposits-2026-06-30.txt");
    office.until("2026-07-01T09:00:00").await;
    let deposits = ("deposits.txt", &std::fs::read(file).unwrap()[..]);
    let taken =
        office.upload("takahashi", "/deposits", &[("reason", "月末の入金")], deposits).await;
    assert!(taken.status.is_success(), "{}", taken.text);
    assert_eq!(reason_in(&office, "bank-files").await, "月末の入金");
}
