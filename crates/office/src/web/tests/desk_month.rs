//! What a desk of several people does in its first weeks, in one go: a book is taken
//! over, an application accepted by two persons, a month charged, a paid invoice
//! corrected, a cancellation withdrawn, and last night's backup restored elsewhere.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use axum::http::StatusCode;
use clap::Parser;
use contract::registered::filing::DocumentKind;
use engine::scenario::Mailbox;
use engine::{DocumentQuery, ManualClock};
use reckon::{Moment, Yen};

use super::Office;
use super::correct::{accepted, carried, charged_too_early, entry};
use crate::cli::restore::{self, restore};
use crate::cli::{self, Cli};
use crate::open;

#[path = "../../../../document/examples/sample_book/rows.rs"]
mod rows;

/// An office over a data folder, its clock at a moment.
async fn over(data: &Path, at: Moment) -> Office {
    let clock = Arc::new(ManualClock::at(at));
    let store = open::store(Some(data)).await.unwrap();
    store.recover().await.unwrap();
    let operator = open::operator(None).unwrap();
    let engine = open::engine(
        store,
        Arc::new(Mailbox::default()),
        Arc::new(engine::NoHomepage),
        clock.clone(),
        operator,
    )
    .await;
    Office::over(Arc::new(engine.unwrap()), clock).await
}

/// The options of `yakkan restore`, which runs on the clock of the test here.
#[derive(Parser)]
struct Restore {
    #[command(flatten)]
    options: restore::Options,
}

/// A command as a person types it.
async fn command(words: &[&str]) {
    let cli = Cli::try_parse_from([&["yakkan"], words].concat()).unwrap();
    let status = cli::run(cli).await.unwrap();
    assert_eq!(format!("{status:?}"), format!("{:?}", ExitCode::SUCCESS), "{words:?}");
}

#[tokio::test]
async fn a_desk_takes_over_corrects_and_restores() {
    let root = tempfile::tempdir().unwrap();
    let [data, backups, keys, elsewhere] =
        ["data", "backups", "other/keys.db", "elsewhere"].map(|name| root.path().join(name));
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("operator.toml"), open::SAMPLE_OPERATOR).unwrap();
    let office = over(&data, "2026-04-20T10:00:00".parse().unwrap()).await;
    taken_over(&office).await;
    let contract = accepted(&office, "2026-04-20").await;
    let invoice = charged_too_early(&office, &contract).await;
    let [data, to, keys, there] = [&data, &backups, &keys, &elsewhere].map(|p| p.to_str().unwrap());
    command(&["backup", "--data", data, "--to", to, "--keys", keys]).await;
    let night_of = office.engine.now();
    let night = office.engine.export().await.unwrap();
    office.until("2026-06-21T10:00:00").await;
    corrected(&office, &contract, &invoice).await;
    found_again(&office).await;
    let audit = office.engine.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);

    let mut made = std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path());
    let made = made.find(|path| path.is_dir()).expect("the backup of the night");
    let words = ["restore", made.to_str().unwrap(), "--to", there, "--keys", keys];
    let options = Restore::try_parse_from(words).unwrap().options;
    restore(&options, Arc::new(ManualClock::at(night_of))).await.unwrap();
    let again = over(&elsewhere, night_of).await;
    let found = again.engine.export().await.unwrap();
    for part in night.as_object().unwrap().keys() {
        assert!(found[part] == night[part], "{part} is not that of the night");
    }
    assert_eq!(again.engine.audit().await.unwrap().differences, [""; 0]);
    let shown = again.get_as("suzuki", "/restored").await;
    assert!(shown.text.contains("復元後の確認"), "{}", shown.text);
    for what in ["numbers", "close"] {
        let said = again.send_as("takahashi", "/restored", &format!("what={what}")).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{what}: {}", said.text);
    }
    // What the backup did not have is done again, by the same steps.
    again.until("2026-06-21T10:00:00").await;
    corrected(&again, &contract, &invoice).await;
    found_again(&again).await;
}

/// Looked at, then loaded as it was looked at, and verified by somebody else.
async fn taken_over(office: &Office) {
    let book = document::write_book(&rows::rows(6)).unwrap();
    let file = ("book.xlsx", book.as_slice());
    let looked = office.upload("sato", "/takeovers", &[], file).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    assert!(office.engine.store.accounts().await.unwrap().is_empty(), "looking loads nothing");
    let sha256 = super::fill::hidden(&looked.text, "sha256");
    let loaded = office.upload("sato", "/takeovers", &[("sha256", &sha256)], file).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.text);
    let contracts = office.engine.store.views("contract").await.unwrap();
    assert_eq!(contracts.len(), 6);
    for contract in &contracts {
        let path = format!("/contracts/{}/verify", contract.id);
        let compared = [("compared", "yes"), ("reason", "契約書と照らし合わせた")];
        office.done("suzuki", &path, &compared).await;
    }
}

async fn corrected(office: &Office, contract: &str, invoice: &str) {
    let wrong = entry(office, "service_started").await.replacen("/entries/", "/correct/", 1);
    let start =
        [("what", "instead"), ("on", "2026-06-01"), ("reason", "開始日を一月早く登録していた")];
    carried(office, "takahashi", &wrong, &start).await;
    let credit = [("what", "credit"), ("reason", "五月分の返還")];
    carried(office, "takahashi", &format!("/invoices/{invoice}/correct"), &credit).await;
    let credited = office.engine.store.view("invoice", invoice).await.unwrap().unwrap().content;
    let notes = DocumentQuery { kind: Some(DocumentKind::CreditNote), ..Default::default() };
    let notes = office.engine.search_documents(&notes).await.unwrap();
    assert_eq!(notes.len(), 1, "the credit note is found as filed");
    assert_eq!(notes[0].filed.amount, Some(Yen(54_560)));
    assert_eq!((&credited["credited"], &credited["outstanding"]), (&54_560.into(), &0.into()));
    let page = format!("/contracts/{contract}");
    let form = [
        ("channel", "paper"),
        ("at", "2026-06-21T09:30"),
        ("desired", "2026-09-30"),
        ("signed_by", "汐見　渚"),
    ];
    office.done("sato", &format!("{page}/cancellation"), &form).await;
    let ends = async || {
        let view = office.engine.store.view("contract", contract).await.unwrap().unwrap();
        view.content["end"]["on"].clone()
    };
    assert_eq!(ends().await, "2026-09-30");
    let path = format!("{page}/correct");
    let shown = office.get_as("sato", &path).await.text;
    let way = shown.split("value=\"withdraw:").nth(1).unwrap().split('"').next().unwrap();
    let way = format!("withdraw:{way}");
    let agreed = [
        ("what", way.as_str()),
        ("document", "合意書 26-2"),
        ("reason", "契約を続けることになった"),
    ];
    carried(office, "sato", &path, &agreed).await;
    assert!(ends().await.is_null());
}

/// Each act with who, when, why and by which clause.
async fn found_again(office: &Office) {
    let record = office.get_as("kato", "/entries?from=2026-04-20&to=2026-06-30").await.text;
    for found in [
        "契約書と照らし合わせた",
        "条件を確かめた",
        "開始日を一月早く登録していた",
        "五月分の返還",
        "契約を続けることになった",
        "確認した",
        "鈴木　一郎",
        "高橋　恵",
        "2026-06-21",
        "href=\"/terms/9-4\"",
        "href=\"/terms/14-3\"",
        "href=\"/terms/15-1\"",
    ] {
        assert!(record.contains(found), "{found}");
    }
}
