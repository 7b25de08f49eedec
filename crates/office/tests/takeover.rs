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

/// The charges of May as another way might have charged them, with one difference
/// that has a reason and one that has none.
fn charges(file: &Path) {
    let mut rows = std::collections::BTreeMap::new();
    let line = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
    let invoice = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let lines = vec![
        line(["A-1", "MC-00001", "1", "月額料金", "SV-4C16G", "74400"]),
        line(["A-2", "MC-00002", "1", "月額料金", "SV-4C16G", "70000"]),
        line(["A-2", "MC-00002", "", "月額料金", "SP-STD", "30000"]),
    ];
    let invoices = vec![invoice(["A-1", "7440", "81840"]), invoice(["A-2", "10000", "110000"])];
    rows.insert("請求明細".to_owned(), lines);
    rows.insert("請求書".to_owned(), invoices);
    std::fs::write(file, document::write_charged(&rows).unwrap()).unwrap();
}

#[test]
fn what_was_charged_before_is_compared_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (book, old) = (folder.path().join("book.xlsx"), folder.path().join("old.xlsx"));
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(&book, document::write_book(&rows::rows(2)).unwrap()).unwrap();
    assert!(load(&book, &data, None).status.success());
    charges(&old);
    let compare = |month: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
        command.arg("compare").arg(&old).args(["--month", month, "--language", "en", "--data"]);
        command.arg(&data).args(["--at", "2026-06-03T10:00:00"]).output().unwrap()
    };
    let found = compare("2026-05");
    let text = String::from_utf8_lossy(&found.stdout);
    assert_eq!(found.status.code(), Some(3), "one difference is unexplained: {text}");
    assert!(text.contains("MC-00001"), "{text}");
    assert!(text.contains("counted with a quantity of 3"), "{text}");
    assert!(text.contains("unexplained: somebody must look"), "{text}");
    std::fs::write(&old, b"no workbook").unwrap();
    let refused = compare("2026-05");
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8_lossy(&refused.stdout);
    assert!(text.contains("1 faults: nothing was compared"), "{text}");
}
