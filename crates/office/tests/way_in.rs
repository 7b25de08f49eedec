//! The commands that let people in, from a fresh installation on.

use std::path::Path;
use std::process::{Command, Output};

#[path = "given/password.rs"]
mod password;

fn user(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    command.arg("user").args(arguments).arg("--data").arg(data);
    command.env("YAKKAN_PASSWORD", password::PASSWORD).env_remove("YAKKAN_CONFIG");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_fresh_installation_lets_its_people_in_and_no_administrator_becomes_another() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let run = |arguments: &[&str]| {
        let output = user(data, arguments);
        (output.status.success(), said(&output))
    };
    // The machine's own user lets in the first two, and nobody else.
    for person in ["mori", "hara"] {
        let (done, told) = run(&["reset-password", person]);
        assert!(done && told.contains("/set-up/"), "{told}");
        password::give(data, person);
    }
    let (done, told) = run(&["reset-password", "suzuki"]);
    assert!(!done && told.contains("two administrators"), "{told}");
    // One administrator asks, the other one hands over.
    let (done, told) = run(&["reset-password", "suzuki", "--by", "mori"]);
    assert!(done && told.contains("another administrator"), "{told}");
    assert!(!told.contains("/set-up/"), "{told}");
    let (done, told) = run(&["reset-password", "suzuki", "--by", "mori"]);
    assert!(!done && !told.contains("/set-up/"), "{told}");
    let (done, told) = run(&["reset-password", "suzuki", "--by", "hara"]);
    assert!(done && told.contains("/set-up/"), "{told}");
    let (done, told) = run(&["reset-password", "hara", "--by", "mori"]);
    assert!(done && !told.contains("/set-up/"), "{told}");
    // One of two who lost the password: only the machine's own user helps.
    let (done, told) = run(&["reset-password", "hara"]);
    assert!(done && told.contains("/set-up/"), "{told}");
    // Nothing sleeps, so nobody is woken.
    let (done, told) = run(&["wake", "hara"]);
    assert!(!done && told.contains("--by mori"), "{told}");
    let (done, told) = run(&["address", "suzuki", "--mail", "s@example.jp", "--by", "mori"]);
    assert!(done && told.contains("waits for a second"), "{told}");
    let (done, told) = run(&["clear-codes", "hara"]);
    assert!(done && told.contains("recorded"), "{told}");
    let (done, told) = run(&["clear-codes", "suzuki"]);
    assert!(!done && told.contains("two administrators"), "{told}");
    let (done, told) = run(&["clear-codes", "suzuki", "--by", "mori"]);
    assert!(done && told.contains("waits for a second"), "{told}");
}
