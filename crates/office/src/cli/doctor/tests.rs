//! Every judgement of the doctor, and a whole visit to a folder.

use std::path::PathBuf;

use engine::OutboxState;
use reckon::Moment;
use store::Inspection;

use super::{Finding, Mark, examine, outside, record};
use crate::cli::place::Place;
use crate::open;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

const NOW: &str = "2026-06-10T12:00:00";

fn sound() -> Inspection {
    Inspection {
        schema: (3, 3),
        keys_schema: (1, 1),
        faults: Vec::new(),
        newest_entry: Some(at("2026-06-10T11:00:00")),
        oldest_due: Some(at("2026-06-11T00:00:00")),
        effects: vec![(OutboxState::Done, 7, at("2026-06-01T00:00:00"))],
        personal_rows: 4,
        unreadable: Vec::new(),
        checkpoint: None,
    }
}

fn marks(findings: &[Finding], mark: Mark) -> Vec<&'static str> {
    findings.iter().filter(|finding| finding.mark == mark).map(|finding| finding.what).collect()
}

#[test]
fn a_sound_record_is_well() {
    let findings = record::judge(&sound(), at(NOW));
    assert!(findings.iter().all(|f| f.mark == Mark::Ok && f.remedy.is_empty()), "{findings:#?}");
}

#[test]
fn every_fault_of_the_record_is_named_with_its_remedy() {
    type Change = fn(&mut Inspection);
    let cases: [(&str, Mark, Change); 11] = [
        ("database", Mark::Fail, |i| i.faults = vec!["yakkan.db: page 3".to_owned()]),
        ("schema", Mark::Fail, |i| i.schema = (4, 3)),
        ("schema", Mark::Fail, |i| i.keys_schema = (2, 1)),
        ("schema", Mark::Warn, |i| i.schema = (2, 3)),
        ("clock", Mark::Fail, |i| i.newest_entry = Some(at("2026-06-10T12:00:01"))),
        ("keys", Mark::Fail, |i| i.unreadable = vec!["personal row p-1".to_owned()]),
        ("due", Mark::Warn, |i| i.oldest_due = Some(at("2026-06-10T10:59:00"))),
        ("due", Mark::Fail, |i| i.oldest_due = Some(at("2026-06-09T11:00:00"))),
        ("outbox", Mark::Fail, |i| {
            i.effects = vec![(OutboxState::Waiting, 2, at("2026-06-01T00:00:00"))];
        }),
        ("outbox", Mark::Warn, |i| {
            i.effects = vec![(OutboxState::Refused, 1, at("2026-06-10T11:59:00"))];
        }),
        ("outbox", Mark::Warn, |i| {
            i.effects = vec![(OutboxState::Held, 1, at("2026-06-10T11:59:00"))];
        }),
    ];
    for (what, mark, change) in cases {
        let mut found = sound();
        change(&mut found);
        let findings = record::judge(&found, at(NOW));
        assert_eq!(marks(&findings, mark), [what], "{findings:#?}");
        let told = findings.iter().find(|finding| finding.mark == mark).unwrap();
        assert!(!told.remedy.is_empty() && told.to_string().contains('→'), "{told}");
    }
}

#[test]
fn little_space_is_a_warning_and_none_a_failure() {
    let mb = 1 << 20;
    assert_eq!(outside::space("data disk", 100_000 * mb).mark, Mark::Ok);
    assert_eq!(outside::space("data disk", 4_999 * mb).mark, Mark::Warn);
    assert_eq!(outside::space("data disk", 499 * mb).mark, Mark::Fail);
}

#[test]
fn a_calendar_that_runs_out_is_named_in_time() {
    let operator = open::operator(None).unwrap();
    let seen = |day: &str| {
        let findings = outside::calendars(&operator, day.parse().unwrap());
        findings.iter().map(|finding| finding.mark).collect::<Vec<_>>()
    };
    // The sample publishes up to 3 January 2027, the Cabinet Office up to 2027.
    assert_eq!(seen("2026-10-01"), [Mark::Ok, Mark::Ok]);
    assert_eq!(seen("2027-03-01"), [Mark::Ok, Mark::Ok]);
    assert_eq!(seen("2027-10-01"), [Mark::Warn, Mark::Warn]);
    assert_eq!(seen("2028-01-04")[0], Mark::Fail);
}

#[tokio::test]
async fn a_mail_server_is_greeted_or_its_absence_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = ::outside::SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: ::outside::Encryption::None,
        ca_file: None,
        user: None,
        password: None,
        timeout_seconds: 20,
    };
    let server = tokio::spawn(greet_once(listener));
    assert_eq!(outside::mail(Some(&config)).await.mark, Mark::Ok);
    let said = server.await.unwrap();
    assert!(said.starts_with("EHLO "), "{said}");
    assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    // Nobody listens any more.
    let gone = outside::mail(Some(&config)).await;
    assert_eq!(gone.mark, Mark::Fail);
    assert!(gone.found.contains(&port.to_string()), "{gone}");
    assert_eq!(outside::mail(None).await.mark, Mark::Fail);
}

/// Greets one client and returns what it said.
async fn greet_once(listener: tokio::net::TcpListener) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.write_all(b"220 mail.example\r\n").await.unwrap();
    let (mut said, mut part) = (String::new(), [0; 512]);
    loop {
        let length = stream.read(&mut part).await.unwrap_or(0);
        if length == 0 {
            return said;
        }
        let text = String::from_utf8_lossy(&part[..length]).into_owned();
        let answer = if text.starts_with("EHLO") { "250 mail.example\r\n" } else { "221 bye\r\n" };
        said += &text;
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return said;
        }
    }
}

#[tokio::test]
async fn a_visit_names_what_is_missing_and_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let place = Place { config: None, data: Some(data.clone()), operator: Some(sample(&root)) };
    let findings = examine(&place, at(NOW)).await.unwrap();
    assert_eq!(marks(&findings, Mark::Fail), ["database", "data disk"]);
    assert!(!data.exists(), "a visit makes no folder");
    open::store(Some(&data)).await.unwrap();
    let findings = examine(&place, at(NOW)).await.unwrap();
    assert!(!marks(&findings, Mark::Fail).contains(&"database"), "{findings:#?}");
    let config = root.path().join("yakkan.toml");
    std::fs::write(&config, "data = 3\n").unwrap();
    let place = Place { config: Some(config), data: Some(data), operator: None };
    let findings = examine(&place, at(NOW)).await.unwrap();
    assert!(marks(&findings, Mark::Fail).contains(&"configuration"), "{findings:#?}");
}

fn sample(root: &tempfile::TempDir) -> PathBuf {
    let path = root.path().join("operator.toml");
    std::fs::write(&path, open::SAMPLE_OPERATOR).unwrap();
    path
}
