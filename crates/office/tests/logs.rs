//! A whole life is played at the most talkative level, with mail over a real
//! connection: no name, address or telephone number of anybody in it is logged.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato");

/// Plays the bundled life and returns what was logged.
fn log_of_a_life(format: &str) -> String {
    let root = tempfile::tempdir().unwrap();
    let played = Command::new(env!("CARGO_BIN_EXE_yakkan"))
        .args(["demo", "--check"])
        .arg(root.path().join("out"))
        .env("YAKKAN_LOG", "trace")
        .env("YAKKAN_LOG_FORMAT", format)
        .env_remove("YAKKAN_FAULT")
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&played.stderr).into_owned();
    assert!(played.status.success(), "{}", &log[log.len().saturating_sub(2000)..]);
    log
}

/// Who stands in the application mail and its form, with every way to reach them.
fn personal() -> BTreeSet<String> {
    let path = Path::new(SAMPLES).join("files/application.eml");
    let mail = document::read_mail("application.eml", &fs::read(path).unwrap()).unwrap();
    let mut found = BTreeSet::from([mail.from.clone()]);
    for attachment in &mail.attachments {
        let Ok((form, people)) = document::read_application(&attachment.name, &attachment.bytes)
        else {
            continue;
        };
        found.insert(form.applicant.name.clone());
        for person in people {
            found.extend([person.name, person.mail, person.phone]);
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[test]
fn no_person_of_a_played_life_is_logged() {
    let personal = personal();
    assert!(personal.iter().any(|word| word.contains('@')), "{personal:?}");
    assert!(personal.len() >= 4, "{personal:?}");
    let log = log_of_a_life("json");
    let lines: Vec<_> = log.lines().filter(|line| line.starts_with('{')).collect();
    assert!(lines.len() > 100, "the log is talkative: {}", lines.len());
    for line in &lines {
        let entry: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(entry["level"].is_string() && entry["target"].is_string(), "{line}");
    }
    assert!(log.contains("mail handed to the server"));
    for word in &personal {
        let place = log.find(word.as_str()).map(|at| {
            let from = log[..at].rfind('\n').map_or(0, |at| at + 1);
            log[from..].lines().next().unwrap_or_default()
        });
        assert_eq!(place, None, "{word} is logged");
    }
}
