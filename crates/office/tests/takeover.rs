//! Taking over a book by commands: kill −9 in the middle of a load, and the same
//! command goes on to the same record; whoever loads or verifies gives a password.

use std::path::Path;
use std::process::{Command, Output};

#[path = "../../document/examples/sample_book/rows.rs"]
mod rows;

#[path = "given/password.rs"]
mod password;

const OPERATOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/operator.toml");

fn load(book: &Path, data: &Path, fault: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    command.args(["migrate", "load"]).arg(book).arg("--data").arg(data);
    command.args(["--operator", OPERATOR, "--at", "2026-04-20T10:00:00", "--by", "sato"]);
    command.env_remove("YAKKAN_FAULT").env("YAKKAN_PASSWORD", "");
    if let Some(fault) = fault {
        command.env("YAKKAN_FAULT", fault);
    }
    command.output().unwrap()
}

fn export(data: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    let output = command.args(["export", "--data"]).arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn a_killed_load_goes_on_to_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.xlsx");
    std::fs::write(&book, document::write_book(&rows::rows(120)).unwrap()).unwrap();
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    for data in [&whole, &cut] {
        std::fs::create_dir(data).unwrap();
    }
    assert!(load(&book, &whole, None).status.success());
    let killed = load(&book, &cut, Some("takeover.after_chunk:2"));
    assert_eq!(killed.status.code(), None, "the point was never passed");
    assert_ne!(export(&cut), export(&whole));
    assert!(load(&book, &cut, None).status.success());
    assert_eq!(export(&cut), export(&whole));
    let again = load(&book, &cut, None);
    let text = String::from_utf8_lossy(&again.stdout);
    assert!(text.starts_with("0 contracts and 0 receivables loaded"), "{text}");
    assert_eq!(export(&cut), export(&whole));
}

fn asked(arguments: &[&str], data: &Path, password: &str) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    command.args(arguments).arg("--data").arg(data).env("YAKKAN_PASSWORD", password);
    let output = command.args(["--operator", OPERATOR, "--at", "2026-04-20T10:00:00"]).output();
    let output = output.unwrap();
    let (out, err) = (&output.stdout, &output.stderr);
    let said = format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    (output.status.success(), said)
}

#[test]
fn whoever_loads_or_verifies_gives_a_password_once_there_are_any() {
    let folder = tempfile::tempdir().unwrap();
    let (book, data) = (folder.path().join("book.xlsx"), folder.path().join("data"));
    std::fs::write(&book, document::write_book(&rows::rows(3)).unwrap()).unwrap();
    std::fs::create_dir(&data).unwrap();
    assert!(load(&book, &data, None).status.success(), "an empty folder has nobody yet");
    for person in ["sato", "suzuki"] {
        password::give(&data, person);
    }
    let again = ["migrate", "load", book.to_str().unwrap(), "--by", "sato"];
    let verify = ["migrate", "verify", "MC-00001", "--by", "suzuki", "--reason", "compared"];
    for arguments in [&again[..], &verify[..]] {
        for wrong in ["", "not the password"] {
            let (done, said) = asked(arguments, &data, wrong);
            assert!(!done && said.contains("the password is wrong"), "{said}");
        }
        let (done, said) = asked(arguments, &data, password::PASSWORD);
        assert!(done, "{said}");
    }
}
