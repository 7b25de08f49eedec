//! Kill −9 at every named fault point: after a restart the record is the same as
//! that of a run nobody killed, no number is lost or used twice, no mail is lost.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const LIFE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/life.toml");

const NOTICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scenarios/notices.toml");

fn play(scenario: &str, data: &Path, fault: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    command.args(["scenario", "run", scenario, "--quiet", "--data"]).arg(data);
    command.env_remove("YAKKAN_FAULT");
    if let Some(fault) = fault {
        command.env("YAKKAN_FAULT", fault);
    }
    command.output().unwrap()
}

fn export(data: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_yakkan"))
        .args(["export", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn numbers(export: &Value) -> Vec<String> {
    let records = export["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|a| a["records"].as_array().unwrap());
    let mut numbers: Vec<String> = records
        .filter_map(|r| r["input"]["content"]["fact"]["number"].as_str())
        .filter(|number| number.starts_with("INV-"))
        .map(str::to_owned)
        .collect();
    numbers.sort();
    numbers
}

/// Points that a life passes often are also hit late, where more is at stake.
fn faults() -> Vec<String> {
    let late = |point: &str| match point {
        "register.before_commit" | "register.after_commit" => vec![7, 40],
        "outbox.after_claim"
        | "outbox.before_send"
        | "outbox.after_send"
        | "outbox.after_commit" => {
            vec![1, 2, 9]
        }
        "billing.after_issue" => vec![1, 6],
        "tick.after_account" => vec![1, 5],
        _ => vec![1],
    };
    engine::fault::POINTS
        .iter()
        .flat_map(|point| late(point).into_iter().map(move |count| format!("{point}:{count}")))
        .collect()
}

#[test]
fn a_killed_run_goes_on_to_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let expected = killed_everywhere(LIFE, folder.path(), faults());
    assert!(numbers(&expected).len() > 10);
}

/// Killed between two customers, a notice reaches everybody, and nobody twice.
#[test]
fn a_notice_whose_sender_was_killed_reaches_everybody_once() {
    let folder = tempfile::tempdir().unwrap();
    let points = [&engine::fault::OF_NOTICES[..], &["outbox.after_send"]].concat();
    let faults = points.iter().flat_map(|point| [1, 2, 5].map(|count| format!("{point}:{count}")));
    killed_everywhere(NOTICES, folder.path(), faults.collect());
}

/// Plays a life to its end, and again killed at each point: the record is the same.
fn killed_everywhere(scenario: &str, folder: &Path, faults: Vec<String>) -> Value {
    let whole = folder.join("whole");
    let output = play(scenario, &whole, None);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let expected = export(&whole);
    for fault in faults {
        let data = folder.join(fault.replace([':', '.'], "-"));
        let killed = play(scenario, &data, Some(&fault));
        assert_eq!(killed.status.code(), None, "{fault} was never passed");
        let again = play(scenario, &data, None);
        assert!(
            again.status.code().is_some(),
            "{fault}: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        let found = export(&data);
        assert_eq!(numbers(&found), numbers(&expected), "{fault}: numbers");
        assert_eq!(found, expected, "{fault}: the records differ");
    }
    expected
}
