//! Backup, restore and doctor as a person runs them: on a played life, to another
//! folder, and back to an audit without differences.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

#[path = "given/password.rs"]
mod password;

const LIFE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/life.toml");

fn yakkan(arguments: &[&str]) -> Output {
    with_password("", arguments)
}

fn with_password(password: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
    for name in ["YAKKAN_FAULT", "YAKKAN_CONFIG", "YAKKAN_DATA"] {
        command.env_remove(name);
    }
    command.env("YAKKAN_PASSWORD", password).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

fn done(arguments: &[&str]) -> String {
    let output = yakkan(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_played_life_is_backed_up_restored_and_audited() {
    let root = tempfile::tempdir().unwrap();
    let [data, backups, keys, to] =
        ["data", "backups", "elsewhere/keys.db", "restored"].map(|name| root.path().join(name));
    done(&["scenario", "run", LIFE, "--quiet", "--data", text(&data)]);
    let exported = done(&["export", "--data", text(&data)]);
    let audited = done(&["audit", "--data", text(&data)]);
    let entries = audited.split(", ").nth(1).and_then(|part| part.split(' ').next()).unwrap();
    let entries = format!("{entries} entries");
    // Without a place for the keys there is no backup.
    let refused = yakkan(&["backup", "--data", text(&data), "--to", text(&backups)]);
    assert!(!refused.status.success() && said(&refused).contains("--keys"), "{}", said(&refused));
    let made = done(&[
        "backup",
        "--data",
        text(&data),
        "--to",
        text(&backups),
        "--keys",
        text(&keys),
        "--prune",
    ]);
    assert!(made.contains(&entries) && made.contains("verified"), "{made}");
    let listed = done(&["backup", "--list", "--to", text(&backups)]);
    assert!(listed.contains(&entries), "{listed}");
    let checkpoint = made.lines().find_map(|l| l.strip_prefix("checkpoint ")).unwrap();
    let checkpoint = checkpoint.split(' ').next_back().unwrap();
    let one = fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    let refused = yakkan(&["restore", text(&one), "--to", text(&to)]);
    assert!(!refused.status.success() && said(&refused).contains("--keys"), "{}", said(&refused));
    let restored = done(&[
        "restore",
        text(&one),
        "--to",
        text(&to),
        "--keys",
        text(&keys),
        "--known",
        checkpoint,
    ]);
    assert!(restored.contains("nothing up to it is missing"), "{restored}");
    assert!(restored.contains(&format!("{entries}, the last")), "{restored}");
    assert!(fs::read_to_string(to.join("restored.txt")).unwrap().contains(&entries));
    assert_eq!(done(&["export", "--data", text(&to)]), exported);
    assert!(done(&["audit", "--data", text(&to)]).contains(" 0 differences"));
    let open = done(&["restored", "list", "--data", text(&to)]);
    assert!(open.contains("numbers are not known yet"), "{open}");
    done(&["restored", "numbers", "--repeat", "--by", "takahashi", "--data", text(&to)]);
    done(&["restored", "close", "--by", "takahashi", "--data", text(&to)]);
    assert!(done(&["restored", "list", "--data", text(&to)]).contains("no review is open"));
    assert!(done(&["audit", "--data", text(&to)]).contains(" 0 differences"));
}

/// What was ended after the backup must not hold again, and whoever decides proves
/// who they are.
#[test]
fn a_restore_ends_every_way_in_and_its_review_asks_for_passwords() {
    let root = tempfile::tempdir().unwrap();
    let [data, backups, keys, to] =
        ["data", "backups", "elsewhere/keys.db", "restored"].map(|name| root.path().join(name));
    done(&["scenario", "run", LIFE, "--quiet", "--data", text(&data)]);
    for command in [
        vec!["user", "add", "erp", "--name", "ERP", "--program", "--by", "mori"],
        vec!["user", "grant", "erp", "billing", "--by", "mori"],
        vec!["key", "new", "--person", "erp", "--role", "billing", "--by", "mori"],
    ] {
        let told = done(&[command, vec!["--data", text(&data)]].concat());
        assert!(told.contains("nobody has a password here yet: mori is believed"), "{told}");
    }
    password::give(&data, "takahashi");
    let to_backup = ["--to", text(&backups), "--keys", text(&keys)];
    done(&[&["backup", "--data", text(&data)], &to_backup[..]].concat());
    let one = fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path());
    let one = one.into_iter().find(|path| path.is_dir()).unwrap();
    let told = done(&["restore", text(&one), "--to", text(&to), "--keys", text(&keys)]);
    assert!(told.contains("0 sessions, 0 set-up links and 1 keys of the backup"), "{told}");
    let listed = done(&["key", "list", "--data", text(&to)]);
    assert!(listed.contains("erp  billing  revoked 20"), "{listed}");
    let numbers = |by| ["restored", "numbers", "--repeat", "--by", by, "--data", text(&to)];
    for (by, given, why) in [
        ("takahashi", "", "the password is wrong"),
        ("takahashi", "another one of them", "the password is wrong"),
        ("suzuki", password::PASSWORD, "the password is wrong"),
        ("sato", password::PASSWORD, "does not have the role"),
        ("mori", password::PASSWORD, "does not have the role"),
    ] {
        let refused = with_password(given, &numbers(by));
        assert!(!refused.status.success(), "{by} {given}");
        assert!(said(&refused).contains(why), "{by}: {}", said(&refused));
    }
    let open = done(&["restored", "list", "--data", text(&to)]);
    assert!(open.contains("numbers are not known yet"), "{open}");
    let stated = with_password(password::PASSWORD, &numbers("takahashi"));
    assert!(stated.status.success(), "{}", said(&stated));
    let log = done(&["access", "log", "--data", text(&to)]);
    assert!(log.contains("takahashi") && log.contains("restored numbers"), "{log}");
}

#[test]
fn a_configured_installation_is_backed_up_and_visited() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    done(&["scenario", "run", LIFE, "--quiet", "--data", text(&path("data"))]);
    let operator = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/operator.toml");
    fs::copy(operator, path("operator.toml")).unwrap();
    let config = path("yakkan.toml");
    let lines = "data = \"data\"\noperator = \"operator.toml\"\n\
        [backup]\nfolder = \"backups\"\nkeys = \"elsewhere/keys.db\"\n\
        [log]\nformat = \"json\"\n";
    fs::write(&config, lines).unwrap();
    done(&["backup", "--config", text(&config)]);
    let visit = yakkan(&["doctor", "--config", text(&config)]);
    let told = said(&visit);
    assert_eq!(visit.status.code(), Some(1), "without [smtp] it has failed: {told}");
    assert!(told.contains("FAIL  mail server"), "{told}");
    for well in ["database", "schema", "keys", "backup", "copy of keys", "operator"] {
        assert!(told.contains(&format!("OK    {well}")), "{well}: {told}");
    }
    // A backup whose day has come breaks a promise of the certificates.
    fs::remove_dir_all(path("elsewhere")).unwrap();
    let told = said(&yakkan(&["doctor", "--config", text(&config)]));
    assert!(told.contains("FAIL  copy of keys"), "{told}");
}

/// One meaning for each exit status.
#[test]
fn a_wrong_command_line_is_told_from_what_cannot_be_done() {
    let nowhere = tempfile::tempdir().unwrap();
    let status = |arguments: &[&str]| {
        let program = Command::new(env!("CARGO_BIN_EXE_yakkan"))
            .args(arguments)
            .env_remove("YAKKAN_DATA")
            .output()
            .unwrap();
        program.status.code()
    };
    assert_eq!(status(&["audit", "--no-such-option"]), Some(2));
    assert_eq!(status(&["audit"]), Some(2), "no data folder is named");
    let data = nowhere.path().to_string_lossy().into_owned();
    assert_eq!(status(&["audit", "--data", &data]), Some(4), "it is no data folder");
}

/// Nobody sees a record without names, and nothing writes on under new keys.
#[test]
fn without_its_keys_no_command_opens_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let life = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/life.toml");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
        command.args(arguments).arg("--data").arg(&data).env_remove("YAKKAN_CONFIG");
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&told).into_owned())
    };
    assert_eq!(run(&["scenario", "run", life, "--quiet"]).0, Some(0));
    fs::remove_file(data.join("keys.db")).unwrap();
    for command in [
        &["audit"][..],
        &["export"],
        &["explain", "INV-2026-000001"],
        &["doctor"],
        &["user", "list"],
        &["scenario", "run", life],
    ] {
        let (status, told) = run(command);
        assert!(matches!(status, Some(1 | 4)), "{command:?}: {status:?} {told}");
        assert!(told.contains("keys.db is missing"), "{command:?}: {told}");
        assert!(told.contains("yakkan restore BACKUP"), "{command:?}: {told}");
    }
    assert!(!data.join("keys.db").exists());
}
