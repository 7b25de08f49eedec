//! What the outgoing server does with a mail, with a real server: when a contract
//! is formed hangs on it (9-4, 3-2).

use contract::ApplicationStatus;
use contract::declare::consequence::{Alert, Consequence};
use contract::declare::task::AlertCode;
use document::ReceivedMail;
use engine::{OutboxRow, OutboxState, Registered};
use outside::{Secret, SmtpConfig};

use crate::desk::{Desk, Noted, at, closed_port, in_memory, kita, open_port, text_of_pdf};
use crate::peer::Peer;

/// A desk whose mail goes to this server, and an application that was accepted.
async fn accepted(config: SmtpConfig, address: &str) -> (Desk, std::sync::Arc<Noted>, Registered) {
    let mail = Noted::to(config);
    let desk = Desk::with_mail(in_memory().await, mail.clone());
    let registered = desk.apply(&kita(address)).await;
    desk.go_to("2026-04-03T14:00:00").await;
    desk.accept(&registered).await;
    (desk, mail, registered)
}

async fn acceptance_row(desk: &Desk) -> OutboxRow {
    let rows = desk.engine.store.outbox().await.unwrap();
    rows.into_iter().find(|row| row.id.starts_with("acceptance-")).unwrap()
}

async fn status(desk: &Desk, registered: &Registered) -> ApplicationStatus {
    desk.state(&registered.account).await.applications[&registered.application].status
}

/// The mail with the order acceptance enclosed says when the contract was formed.
fn enclosed_order_names(mail: &ReceivedMail, moment: &str) {
    let [paper] = mail.attachments.as_slice() else { panic!("{:?}", mail.subject) };
    assert!(
        paper.name.starts_with("申込請書_CTR-") && paper.name.ends_with(".pdf"),
        "{}",
        paper.name
    );
    assert_eq!(paper.mime, "application/pdf");
    assert!(paper.bytes.starts_with(b"%PDF"));
    let text = text_of_pdf(&paper.bytes).replace(char::is_whitespace, "");
    assert!(text.contains(moment), "{moment} does not stand in {text}");
}

#[tokio::test]
async fn a_mail_deferred_twice_forms_the_contract_at_the_third_attempt() {
    let peer = Peer::start();
    let (desk, mail, registered) = accepted(peer.config(), "defer-2.mouri@hokuto.example").await;
    for (attempt, next) in [(1, "2026-04-03T14:01:00"), (2, "2026-04-03T14:06:00")] {
        let row = acceptance_row(&desk).await;
        assert_eq!((row.state, row.attempts), (OutboxState::Waiting, attempt));
        assert_eq!((row.next_at, row.maybe_sent), (at(next), false));
        assert!(row.last_reply.starts_with("451 4.7.1"), "{}", row.last_reply);
        assert_eq!(status(&desk, &registered).await, ApplicationStatus::Accepting);
        assert!(desk.contract(&registered).await.is_none());
        desk.go_to(next).await;
    }
    assert_eq!(acceptance_row(&desk).await.attempts, 3);
    let formed_at = at("2026-04-03T14:06:00");
    assert_eq!(desk.contract(&registered).await.unwrap().formed_at, formed_at);
    let mails = peer.mails();
    assert_eq!(mails.len(), 2, "the acceptance, and the order acceptance by itself");
    assert_eq!(mails[0].date, Some(formed_at));
    assert!(mails[0].subject.contains("承諾"), "{}", mails[0].subject);
    enclosed_order_names(&mails[0], "2026年4月3日14時06分");
    enclosed_order_names(&mails[1], "2026年4月3日14時06分");
    let ids: Vec<_> = mail.tried().iter().map(|letter| letter.message_id.clone()).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "{ids:?}");
}

#[tokio::test]
async fn a_mail_refused_by_the_own_server_forms_no_contract() {
    let peer = Peer::start();
    let (desk, _, registered) = accepted(peer.config(), "reject.mouri@hokuto.example").await;
    let row = acceptance_row(&desk).await;
    assert_eq!(row.state, OutboxState::Refused);
    assert!(row.last_reply.starts_with("550 5.1.1"), "{}", row.last_reply);
    desk.go_to("2026-04-20T09:00:00").await;
    // It was never sent: the application is open again.
    assert_eq!(status(&desk, &registered).await, ApplicationStatus::Received);
    assert!(desk.contract(&registered).await.is_none());
    let case = desk.engine.case(&registered.account).await.unwrap();
    let alert = |c: &Consequence| {
        matches!(c, Consequence::Alert(Alert { code: AlertCode::MailRefused, about, .. })
            if *about == registered.application.0)
    };
    assert_eq!(case.live.values().filter(|live| alert(&live.consequence)).count(), 1);
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn after_a_refused_mail_a_new_address_and_another_acceptance_form_the_contract() {
    let peer = Peer::start();
    let (desk, _, registered) = accepted(peer.config(), "reject.mouri@hokuto.example").await;
    desk.go_to("2026-04-06T09:00:00").await;
    let person = kita("mouri@hokuto.example").form().1.remove(0);
    let (account, application) = (&registered.account, &registered.application);
    let by = desk.person("sato");
    desk.engine.change_contact("new-address", account, application, person, &by, "").await.unwrap();
    desk.go_to("2026-04-06T10:00:00").await;
    desk.accept(&registered).await;
    let formed_at = desk.contract(&registered).await.unwrap().formed_at;
    assert_eq!(formed_at, at("2026-04-06T10:00:00"));
    let mails = peer.mails();
    assert_eq!(
        (mails[0].date, mails[0].to.concat().as_str()),
        (Some(formed_at), "mouri@hokuto.example")
    );
    enclosed_order_names(&mails[0], "2026年4月6日10時00分");
}

#[tokio::test]
async fn a_mail_cut_in_its_text_is_repeated_under_the_same_message_id() {
    let peer = Peer::start();
    let (desk, mail, registered) = accepted(peer.config(), "drop.mouri@hokuto.example").await;
    desk.go_to("2026-04-03T14:01:00").await;
    let row = acceptance_row(&desk).await;
    assert_eq!((row.state, row.attempts), (OutboxState::Refused, 2));
    assert!(row.last_reply.contains("after 2 attempts; it may have been sent"), "{row:?}");
    let tried = mail.tried();
    assert_eq!(tried.len(), 2);
    assert_eq!(tried[0].message_id, tried[1].message_id);
    assert_eq!(status(&desk, &registered).await, ApplicationStatus::Received);
    assert!(desk.contract(&registered).await.is_none());
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_gets_the_mail_when_it_is_back() {
    let peer = Peer::start();
    let port = closed_port().await;
    let config = SmtpConfig { port, ..peer.config() };
    let (desk, _, registered) = accepted(config, "mouri@hokuto.example").await;
    let row = acceptance_row(&desk).await;
    assert_eq!((row.state, row.maybe_sent), (OutboxState::Waiting, false));
    assert!(row.last_reply.contains("connecting"), "{}", row.last_reply);
    let relay = open_port(port, peer.port).await;
    // Nothing is due before the minute is over.
    desk.go_to("2026-04-03T14:00:30").await;
    assert!(desk.contract(&registered).await.is_none());
    desk.go_to("2026-04-03T14:01:00").await;
    let formed_at = desk.contract(&registered).await.unwrap().formed_at;
    assert_eq!(formed_at, at("2026-04-03T14:01:00"));
    assert_eq!(peer.mails()[0].date, Some(formed_at));
    relay.abort();
}

#[tokio::test]
async fn a_wrong_password_defers_and_says_so() {
    let peer = Peer::start();
    let config = SmtpConfig { password: Some(Secret::new("wrong")), ..peer.config() };
    let (desk, _, registered) = accepted(config, "mouri@hokuto.example").await;
    let row = acceptance_row(&desk).await;
    assert_eq!((row.state, row.attempts), (OutboxState::Waiting, 1));
    assert!(row.last_reply.contains("check user and password"), "{}", row.last_reply);
    assert!(!row.last_reply.contains("wrong"), "{}", row.last_reply);
    assert!(desk.contract(&registered).await.is_none());
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn an_invoice_mail_carries_its_invoice() {
    let peer = Peer::start();
    let mail = Noted::to(peer.config());
    let desk = Desk::with_mail(in_memory().await, mail);
    desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-05-07T09:00:00").await;
    let (month, day) = ("2026-04".parse().unwrap(), "2026-05-07".parse().unwrap());
    let run = desk.engine.bill(month, day, &desk.person("takahashi")).await.unwrap();
    assert_eq!(run.issued, ["INV-2026-000001"]);
    let mails = peer.mails();
    let invoice = mails.last().unwrap();
    assert_eq!(invoice.to, ["mouri@hokuto.example"]);
    assert!(invoice.subject.contains("INV-2026-000001"), "{}", invoice.subject);
    assert_eq!(invoice.attachments[0].name, "請求書_INV-2026-000001.pdf");
    assert!(invoice.attachments[0].bytes.starts_with(b"%PDF"));
}
