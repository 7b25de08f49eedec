//! `SmtpMail` against a real server (`tests/peers/smtp.py`) and against
//! scripted ones that break off where a real server cannot be made to.

use std::fs;

use engine::{Delivery, Letter, Mail};
use outside::{Encryption, Secret, SmtpConfig, SmtpMail, SmtpSetupError};
use tokio::net::{TcpListener, TcpStream};

use crate::peer::Peer;
use crate::script::Script;

#[path = "smtp/peer.rs"]
mod peer;
#[path = "smtp/script.rs"]
mod script;

/// Long enough for a loaded machine, short enough for a test that waits it out.
const PATIENCE: u64 = 20;

fn letter(to: &[&str]) -> Letter {
    let text = "Message-ID: <yakkan-1@provider.example>\r\n\
        From: uketsuke@provider.example\r\n\
        To: sato@customer.example\r\n\
        Subject: =?utf-8?B?5om/6Ku+?=\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 8bit\r\n\
        \r\n\
        利用契約の申込を承諾します。𠮷田様\r\n\
        .\r\n\
        ..先頭の点\r\n\
        \r\n";
    Letter {
        message_id: "<yakkan-1@provider.example>".to_owned(),
        from: "uketsuke@provider.example".to_owned(),
        to: to.iter().map(ToString::to_string).collect(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn config(peer: &Peer) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: peer.port,
        encryption: Encryption::StartTls,
        ca_file: Some(peer.path("ca.pem")),
        user: Some(peer::USER.to_owned()),
        password: Some(Secret::new(peer::PASSWORD)),
        timeout_seconds: PATIENCE,
    }
}

/// A scripted server speaks plain text and knows no users.
fn plain(port: u16, timeout_seconds: u64) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Encryption::None,
        ca_file: None,
        user: None,
        password: None,
        timeout_seconds,
    }
}

async fn send(config: SmtpConfig, to: &[&str]) -> Delivery {
    let mail = SmtpMail::new(config).expect("the configuration is good");
    mail.send(&letter(to)).await
}

/// Sends one letter to a scripted server; returns also what the server heard.
async fn send_to(script: &[&'static str], timeout_seconds: u64) -> (Delivery, Vec<String>) {
    let server = Script::play(script).await;
    let delivery = send(plain(server.port, timeout_seconds), &["sato@customer.example"]).await;
    (delivery, server.heard().await)
}

#[track_caller]
fn assert_deferred(delivery: &Delivery, part: &str) {
    match delivery {
        Delivery::Deferred { reply } if reply.contains(part) => {}
        other => panic!("expected Deferred with {part:?}, got {other:?}"),
    }
}

#[tokio::test]
async fn a_letter_arrives_byte_for_byte() {
    let peer = Peer::start();
    let to = ["sato@customer.example", "kato@customer.example"];
    let delivery = send(config(&peer), &to).await;
    let Delivery::Accepted { reply } = delivery else {
        panic!("expected Accepted, got {delivery:?}");
    };
    assert_eq!(reply, "250 2.0.0 Kept as 000001");

    let kept = fs::read(peer.path("000001.eml")).expect("the message was kept");
    assert_eq!(kept, letter(&to).bytes, "{}", String::from_utf8_lossy(&kept));
    let envelope = fs::read(peer.path("000001.json")).expect("so was its envelope");
    let envelope: serde_json::Value = serde_json::from_slice(&envelope).expect("it is JSON");
    assert_eq!(envelope["from"], "uketsuke@provider.example");
    assert_eq!(envelope["to"], serde_json::json!(to));
    assert_eq!(envelope["user"], peer::USER);
}

#[tokio::test]
async fn tls_from_the_first_byte_works_too() {
    let peer = Peer::start_with(&["--tls"]);
    let wrapped = SmtpConfig { encryption: Encryption::Tls, ..config(&peer) };
    let delivery = send(wrapped.clone(), &["sato@customer.example"]).await;
    assert!(matches!(delivery, Delivery::Accepted { .. }), "{delivery:?}");
    let untrusting = SmtpConfig { ca_file: None, ..wrapped };
    let delivery = send(untrusting, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "certificate");
    assert_eq!(peer.messages(), 1);
}

#[tokio::test]
async fn an_address_in_japanese_is_announced_and_arrives() {
    let peer = Peer::start();
    let delivery = send(config(&peer), &["佐藤@customer.example"]).await;
    assert!(matches!(delivery, Delivery::Accepted { .. }), "{delivery:?}");
    let envelope = fs::read_to_string(peer.path("000001.json")).expect("the envelope was kept");
    assert!(envelope.contains("佐藤@customer.example"), "{envelope}");
}

#[tokio::test]
async fn a_deferred_letter_is_accepted_later() {
    let peer = Peer::start();
    let mail = SmtpMail::new(config(&peer)).expect("the configuration is good");
    let letter = letter(&["defer-2.sato@customer.example"]);
    for _ in 0..2 {
        let delivery = mail.send(&letter).await;
        let reply = "451 4.7.1 Come back later".to_owned();
        assert_eq!(delivery, Delivery::Deferred { reply });
    }
    let delivery = mail.send(&letter).await;
    assert!(matches!(delivery, Delivery::Accepted { .. }), "{delivery:?}");
    assert_eq!(peer.messages(), 1);
}

#[tokio::test]
async fn one_refused_recipient_refuses_the_letter() {
    let peer = Peer::start();
    let to = ["kato@customer.example", "reject.sato@customer.example"];
    let reply = "550 5.1.1 No such mailbox".to_owned();
    assert_eq!(send(config(&peer), &to).await, Delivery::Refused { reply });
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn a_line_cut_after_the_text_is_unclear() {
    let peer = Peer::start();
    let delivery = send(config(&peer), &["drop.sato@customer.example"]).await;
    assert!(matches!(delivery, Delivery::Unclear { .. }), "{delivery:?}");
}

#[tokio::test]
async fn a_wrong_password_defers_and_says_what_to_check() {
    let peer = Peer::start();
    let wrong = SmtpConfig { password: Some(Secret::new("wrong")), ..config(&peer) };
    let delivery = send(wrong, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "check user and password");
    assert_deferred(&delivery, "535");
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn without_signing_in_the_letter_is_deferred_not_refused() {
    let peer = Peer::start();
    let anonymous = SmtpConfig { user: None, password: None, ..config(&peer) };
    let delivery = send(anonymous, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "530");
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn an_unknown_authority_defers_and_nothing_is_sent() {
    let peer = Peer::start();
    let untrusting = SmtpConfig { ca_file: None, ..config(&peer) };
    let delivery = send(untrusting, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "STARTTLS");
    assert_deferred(&delivery, "certificate");
    assert_eq!(peer.messages(), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name_defers() {
    let peer = Peer::start();
    // The same server under an address that its certificate does not cover.
    let door = TcpListener::bind("127.0.0.2:0").await.expect("a free port");
    let elsewhere = SmtpConfig {
        host: "127.0.0.2".to_owned(),
        port: door.local_addr().expect("it is bound").port(),
        ..config(&peer)
    };
    let inside = ("127.0.0.1", peer.port);
    let relay = tokio::spawn(async move {
        let (mut client, _) = door.accept().await?;
        let mut server = TcpStream::connect(inside).await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await
    });
    let delivery = send(elsewhere, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "STARTTLS");
    assert_deferred(&delivery, "not valid for name");
    assert_eq!(peer.messages(), 0);
    relay.abort();
}

#[tokio::test]
async fn nobody_listening_defers() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = socket.local_addr().expect("it is bound").port();
    drop(socket);
    let delivery = send(plain(port, PATIENCE), &["sato@customer.example"]).await;
    assert_deferred(&delivery, "connecting");
}

#[tokio::test]
async fn starttls_is_never_given_up() {
    let server = Script::play(&["220 hello", "250 plain only", "221 bye"]).await;
    let secure = SmtpConfig { encryption: Encryption::StartTls, ..plain(server.port, PATIENCE) };
    let delivery = send(secure, &["sato@customer.example"]).await;
    assert_deferred(&delivery, "STARTTLS");
    let heard = server.heard().await;
    assert!(heard.iter().all(|line| !line.starts_with("MAIL")), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_takes_nobody_defers() {
    let (delivery, _) = send_to(&["554 no service here"], PATIENCE).await;
    assert_deferred(&delivery, "554");
}

#[tokio::test]
async fn a_silent_server_defers() {
    let (delivery, _) = send_to(&[script::SILENCE], 1).await;
    assert_deferred(&delivery, "no answer for 1 seconds");
}

#[tokio::test]
async fn a_line_cut_before_the_text_defers() {
    let dialogue = ["220 hello", "250-here\r\n250 8BITMIME", "250 ok", "250 ok"];
    let (delivery, heard) = send_to(&dialogue, PATIENCE).await;
    assert_deferred(&delivery, "DATA");
    assert_eq!(heard.last().map(String::as_str), Some("DATA"));
}

#[tokio::test]
async fn a_server_without_8bitmime_gets_no_text_in_utf8() {
    let (delivery, heard) = send_to(&["220 hello", "250 here", "221 bye"], PATIENCE).await;
    assert_deferred(&delivery, "8BITMIME");
    assert!(heard.iter().all(|line| !line.starts_with("MAIL")), "{heard:?}");
}

#[tokio::test]
async fn the_reply_to_the_text_decides() {
    let dialogue = |last| {
        let start = ["220 hello", "250-here\r\n250 8BITMIME", "250 ok", "250 ok"];
        [&start[..], &["354 go on", last]].concat()
    };
    let reply = "554 5.7.1 looks like spam".to_owned();
    let (delivery, _) = send_to(&dialogue("554 5.7.1 looks like spam"), PATIENCE).await;
    assert_eq!(delivery, Delivery::Refused { reply });

    let reply = "452 4.3.1 disk full".to_owned();
    let (delivery, _) = send_to(&dialogue("452 4.3.1 disk full"), PATIENCE).await;
    assert_eq!(delivery, Delivery::Deferred { reply });

    let (delivery, _) = send_to(&dialogue("what?"), PATIENCE).await;
    assert!(matches!(delivery, Delivery::Unclear { .. }), "{delivery:?}");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_here() {
    for to in [&[][..], &["no address"], &["a@b.example>\r\nRSET"]] {
        let delivery = send(plain(1, PATIENCE), to).await;
        assert!(matches!(delivery, Delivery::Refused { .. }), "{to:?}: {delivery:?}");
    }
}

#[test]
fn the_configuration_is_read_and_checked() {
    let config: SmtpConfig = toml::from_str(
        "host = 'mail.provider.example'\nport = 587\nuser = 'u'\npassword = 'hush-hush'",
    )
    .expect("it is complete");
    assert_eq!(config.encryption, Encryption::StartTls);
    assert_eq!(config.timeout_seconds, 60);
    assert!(!format!("{config:?}").contains("hush-hush"));

    let half = SmtpConfig { password: None, ..config.clone() };
    assert!(matches!(SmtpMail::new(half).err(), Some(SmtpSetupError::HalfCredentials)));
    let clear = SmtpConfig { encryption: Encryption::None, ..config.clone() };
    assert!(matches!(SmtpMail::new(clear).err(), Some(SmtpSetupError::PasswordInClear)));
    let missing = SmtpConfig { ca_file: Some("no-such.pem".into()), ..config };
    assert!(matches!(SmtpMail::new(missing).err(), Some(SmtpSetupError::CaFile { .. })));
}
