//! Application mails and forms.

use contract::ApplicationStatus;
use contract::declare::act::{AcceptApplication, Act, RefuseApplication};
use contract::declare::ids::ApplicationId;
use contract::notices::notice::Channel;
use document::{CancellationSheet, read_mail, write_cancellation};
use engine::{EngineError, OutboxState, Registered};

use super::{contains_all, refused_whole};
use crate::desk::{Desk, FORM, at, kita, spoilt_form};

#[tokio::test]
async fn a_truncated_application_mail_is_refused_whole() {
    let desk = Desk::open().await;
    let before = desk.accounts().await;
    let mail = kita("mouri@hokuto.example").mail();
    for kept in [mail.len() * 9 / 10, mail.len() / 2, 200] {
        let result = desk
            .engine
            .receive_application_mail("cut.eml", &mail[..kept], &desk.person("sato"))
            .await;
        refused_whole(&desk, &before, result, &["cut.eml, ", "cut off", "send it again"]).await;
    }
    assert!(desk.engine.store.outbox().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_mail_without_a_form_says_what_to_ask_for() {
    let desk = Desk::open().await;
    let before = desk.accounts().await;
    let mail = kita("mouri@hokuto.example").mail_with(&[("申込書.pdf", b"%PDF-1.7".to_vec())]);
    let result =
        desk.engine.receive_application_mail("bare.eml", &mail, &desk.person("sato")).await;
    let parts = ["bare.eml, attachments, 申込書", "申込書.pdf (a PDF)", "ask the sender"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn a_form_with_faults_is_answered_cell_by_cell() {
    let desk = Desk::open().await;
    let form = spoilt_form(&[("利用期間 開始日", "2026年4月31日"), ("住所", "")]);
    let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, form)]);
    let desk_person = desk.person("sato");
    let result = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
    let listed = ["申込書!C8, 住所", "申込書!C15, 利用期間 開始日", "2026年4月31日", "write "];
    registered_with_faults(result, &listed);
    assert_eq!(desk.refused_rows().await.len(), 2);
    desk.engine.settle().await.unwrap();
    let letters = desk.mailbox.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, ["mouri@hokuto.example"]);
    let answer = read_mail("answer.eml", &letters[0].bytes).unwrap();
    contains_all(&answer.text, &[FORM, "申込書!C8", "住所", "申込書!C15", "利用期間 開始日"]);
    // The same mail again is neither answered, listed nor registered twice.
    let before = desk.accounts().await;
    let again = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
    registered_with_faults(again, &listed);
    assert_eq!(desk.accounts().await, before);
    desk.engine.settle().await.unwrap();
    assert_eq!(desk.mailbox.letters().len(), 1);
    assert_eq!(desk.refused_rows().await.len(), 2);
}

#[tokio::test]
async fn another_faulty_mail_under_a_known_message_id_is_refused_with_its_own_faults() {
    let desk = Desk::open().await;
    let desk_person = desk.person("sato");
    let mut answered = 0;
    for (spoilt, listed) in [(("住所", ""), "申込書!C8, 住所"), (("郵便番号", "1"), "申込書!C7")]
    {
        let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, spoilt_form(&[spoilt]))]);
        let result = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
        registered_with_faults(result, &[listed]);
        desk.engine.settle().await.unwrap();
        answered += 1;
        // The one answer under a Message-ID is the first.
        assert_eq!(desk.mailbox.letters().len(), 1, "after {answered} mails");
    }
    assert_eq!(desk.refused_rows().await.len(), 2);
}

fn registered_with_faults(
    result: Result<Registered, EngineError>,
    listed: &[&str],
) -> ApplicationId {
    let error = result.unwrap_err();
    contains_all(&error.to_string(), listed);
    let EngineError::FaultyForm { application, .. } = error else { panic!("{error}") };
    application
}

/// 9-10(2): who, when, and which faults; it can be refused and is counted, and the form
/// that is sent again, mended, is another application.
#[tokio::test]
async fn a_form_with_faults_is_registered_and_can_be_refused() {
    let desk = Desk::open().await;
    let mail = |form| kita("mouri@hokuto.example").mail_with(&[(FORM, form)]);
    let by = desk.person("sato");
    let faulty = mail(spoilt_form(&[("住所", ""), ("支払方法", "小切手")]));
    let result = desk.engine.receive_application_mail("a.eml", &faulty, &by).await;
    let application = registered_with_faults(result, &["住所", "支払方法"]);
    desk.engine.settle().await.unwrap();
    let account = "A-7000012050002".into();
    let state = desk.state(&account).await;
    let found = &state.applications[&application];
    assert_eq!((found.status, found.registered_by.as_str()), (ApplicationStatus::Received, "sato"));
    assert_eq!(found.content.reference, "first@hokuto.example");
    assert_eq!(found.content.form_faults.len(), 2);
    assert!(found.content.form_faults.iter().all(|fault| !fault.contains("小切手")));
    assert_eq!(found.grounds, ["9-10(2)"]);
    let registered = Registered {
        account: account.clone(),
        application: application.clone(),
        outcome: Default::default(),
    };
    let accept = Act::AcceptApplication(AcceptApplication { application: application.clone() });
    let accepted = desk.act(&registered, "suzuki", accept).await;
    let codes: Vec<_> = accepted.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(accepted.refused && codes.contains(&"form_with_faults"), "{codes:?}");
    let filed = desk.engine.search_documents(&Default::default()).await.unwrap();
    assert_eq!(filed.len(), 2, "the mail and its form: {filed:?}");

    let mended = mail(spoilt_form(&[]));
    let whole = desk.engine.receive_application_mail("b.eml", &mended, &by).await.unwrap();
    assert_ne!(whole.application, application);
    let ground = "9-10(2)".to_owned();
    let refuse =
        Act::RefuseApplication(RefuseApplication { application: application.clone(), ground });
    assert!(!desk.act(&registered, "suzuki", refuse).await.refused);
    let state = desk.state(&account).await;
    assert_eq!(state.applications[&application].status, ApplicationStatus::Refused);
    assert_eq!(state.applications[&whole.application].status, ApplicationStatus::Received);
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// A clerk who types a mail of last week does not move its arrival.
#[tokio::test]
async fn an_application_was_received_when_the_last_server_took_it() {
    let desk = Desk::open().await;
    desk.go_to("2026-04-03T09:00:00").await;
    let mail = kita("mouri@hokuto.example").mail();
    let line = b"Received: from mx.hokuto.example by mx.minato.example; Wed, 1 Apr 2026 08:31:00 +0900\r\n";
    let mail = [line.as_slice(), &mail].concat();
    let by = desk.person("sato");
    let found = desk.engine.receive_application_mail("a.eml", &mail, &by).await.unwrap();
    let received = desk.state(&found.account).await.applications[&found.application].received_at;
    assert_eq!(received, at("2026-04-01T08:31:00"));
}

#[tokio::test]
async fn an_unspoilt_form_of_the_same_make_is_registered() {
    let desk = Desk::open().await;
    let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, spoilt_form(&[]))]);
    let desk_person = desk.person("sato");
    let found = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await.unwrap();
    assert_eq!(found.account.0, "A-7000012050002");
}

#[tokio::test]
async fn a_corporate_number_with_a_wrong_check_digit_is_refused() {
    let desk = Desk::open().await;
    let before = desk.accounts().await;
    let form = spoilt_form(&[("法人番号", "8000012050002")]);
    let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, form)]);
    let result = desk.engine.receive_application_mail("a.eml", &mail, &desk.person("sato")).await;
    let parts = [FORM, "申込書!C6, 法人番号", "check digit"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn an_application_that_came_before_is_not_registered_twice() {
    let desk = Desk::open().await;
    let first = desk.apply(&kita("mouri@hokuto.example")).await;
    let before = desk.accounts().await;
    desk.go_to("2026-04-02T09:00:00").await;
    let again = desk.apply(&kita("mouri@hokuto.example")).await;
    assert!(again.outcome.repeated);
    assert_eq!(again.application, first.application);
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn a_cancellation_form_for_an_unknown_contract_is_refused() {
    let desk = Desk::open().await;
    desk.running(&kita("mouri@hokuto.example")).await;
    let before = desk.accounts().await;
    let sheet = CancellationSheet {
        company: "株式会社北斗計測".to_owned(),
        contract: "K-00000000".to_owned(),
        desired: None,
        signed_by: "毛利　小夜子".to_owned(),
    };
    let bytes = write_cancellation(Some(&sheet)).unwrap();
    let (channel, at) = (Channel::Paper, desk.engine.now());
    let result = desk
        .engine
        .receive_cancellation_file("解約.xlsx", &bytes, channel, at, &desk.person("sato"), "")
        .await;
    let parts = ["解約.xlsx, ", "契約番号", "no contract K-00000000", "order acceptance"];
    refused_whole(&desk, &before, result, &parts).await;
    let open = desk.engine.store.outbox().await.unwrap();
    assert!(open.iter().all(|row| row.state == OutboxState::Done), "{open:#?}");
}
