//! Application mails and forms.

use contract::CancellationForm;
use contract::notice::Channel;
use document::{CancellationSheet, read_mail, write_cancellation};
use engine::OutboxState;

use super::{contains_all, refused_whole};
use crate::desk::{Desk, FORM, kita, spoilt_form};

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
    let parts = ["bare.eml, attachments, 申込書", "no .xlsx form", "ask the sender"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn a_form_with_faults_is_answered_cell_by_cell() {
    let desk = Desk::open().await;
    let before = desk.accounts().await;
    let form = spoilt_form(&[("利用期間 開始日", "2026年4月31日"), ("住所", "")]);
    let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, form)]);
    let desk_person = desk.person("sato");
    let result = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
    let listed = ["申込書!C8, 住所", "申込書!C15, 利用期間 開始日", "2026年4月31日", "write "];
    refused_whole(&desk, &before, result, &listed).await;
    assert_eq!(desk.refused_rows().await.len(), 2);
    desk.engine.settle().await.unwrap();
    let letters = desk.mailbox.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, ["mouri@hokuto.example"]);
    let answer = read_mail("answer.eml", &letters[0].bytes).unwrap();
    contains_all(&answer.text, &[FORM, "申込書!C8", "住所", "申込書!C15", "利用期間 開始日"]);
    // The same mail again is neither answered twice nor listed twice.
    let again = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
    refused_whole(&desk, &before, again, &listed).await;
    desk.engine.settle().await.unwrap();
    assert_eq!(desk.mailbox.letters().len(), 1);
    assert_eq!(desk.refused_rows().await.len(), 2);
}

#[tokio::test]
async fn another_faulty_mail_under_a_known_message_id_is_refused_with_its_own_faults() {
    let desk = Desk::open().await;
    let before = desk.accounts().await;
    let desk_person = desk.person("sato");
    let mut answered = 0;
    for (spoilt, listed) in [(("住所", ""), "申込書!C8, 住所"), (("郵便番号", "1"), "申込書!C7")]
    {
        let mail = kita("mouri@hokuto.example").mail_with(&[(FORM, spoilt_form(&[spoilt]))]);
        let result = desk.engine.receive_application_mail("a.eml", &mail, &desk_person).await;
        refused_whole(&desk, &before, result, &[listed]).await;
        desk.engine.settle().await.unwrap();
        answered += 1;
        // The one answer under a Message-ID is the first.
        assert_eq!(desk.mailbox.letters().len(), 1, "after {answered} mails");
    }
    assert_eq!(desk.refused_rows().await.len(), 2);
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
        form: CancellationForm {
            desired: None,
            signed_by: "毛利　小夜子".to_owned(),
            signed_by_other: false,
        },
    };
    let bytes = write_cancellation(Some(&sheet)).unwrap();
    let arrived = (Channel::Paper, desk.engine.now());
    let result = desk
        .engine
        .receive_cancellation_file("解約.xlsx", &bytes, arrived, (&desk.person("sato"), ""))
        .await;
    let parts = ["解約.xlsx, ", "契約番号", "no contract K-00000000", "order acceptance"];
    refused_whole(&desk, &before, result, &parts).await;
    let open = desk.engine.store.outbox().await.unwrap();
    assert!(open.iter().all(|row| row.state == OutboxState::Done), "{open:#?}");
}
