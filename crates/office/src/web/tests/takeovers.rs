//! Taking over an earlier book on its page and over the API.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use super::fill::hidden;
use super::{Answer, Office};

/// The day of the sample workbook.
const TAKEN: &str = "2026-04-20T10:00:00";

fn sample() -> Vec<u8> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/takeover.xlsx");
    std::fs::read(file).unwrap()
}

async fn contracts(office: &Office) -> usize {
    office.engine.store.views("contract").await.unwrap().len()
}

#[tokio::test]
async fn a_book_is_looked_at_and_then_this_very_file_is_loaded() {
    let office = Office::at(TAKEN).await;
    let before = contracts(&office).await;
    let (path, book) = ("/takeovers", sample());
    let upload = async |fields: &[(&str, &str)], bytes: &[u8]| {
        office.upload("sato", path, fields, ("book.xlsx", bytes)).await
    };
    let looked = upload(&[], &book).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    for shown in ["MC-00001", "すぐに生じること", "送られるメール", "次の期日"] {
        assert!(looked.text.contains(shown), "{shown}");
    }
    assert_eq!(contracts(&office).await, before, "looking writes nothing");
    let seen = hidden(&looked.text, "sha256");
    let other = document::write_book(&BTreeMap::new()).unwrap();
    let swapped = upload(&[("sha256", &seen)], &other).await;
    assert_eq!(swapped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(contracts(&office).await, before, "another file than was looked at");
    let loaded = upload(&[("sha256", &seen)], &book).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.text);
    assert!(loaded.text.contains("契約 12 件と未収の請求 3 件を引き継ぎました"), "{}", loaded.text);
    assert_eq!(contracts(&office).await, before + 12);
    let twice = upload(&[("sha256", &seen)], &book).await.text;
    assert!(twice.contains("契約 0 件と未収の請求 0 件") && twice.contains("15 行"), "{twice}");
    let page = office.get_as("suzuki", path).await.text;
    assert_eq!(page.matches("/verify\"").count(), 12, "each leads to its confirmation");
    assert_eq!(office.get_as("ito", path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_fault_is_shown_by_its_cell() {
    let office = Office::at(TAKEN).await;
    // Number, name, reading, corporate number.
    let row = ["X-1", "", "", "1234"].map(str::to_owned).to_vec();
    let rows = BTreeMap::from([("契約".to_owned(), vec![row])]);
    let bytes = document::write_book(&rows).unwrap();
    let answer = office.upload("sato", "/takeovers", &[], ("book.xlsx", &bytes)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["契約!", "法人番号", "記入がありません", "何も登録していません"]
    {
        assert!(answer.text.contains(shown), "{shown} in {}", answer.text);
    }
    assert!(!answer.text.contains("write "), "in Japanese: {}", answer.text);
    let none = office.upload("sato", "/takeovers", &[], ("book.xlsx", b"no workbook")).await;
    assert!(none.text.contains("Excelファイルとして開けません"), "{}", none.text);
}

async fn send(office: &Office, path: &str, key: &str, bytes: Vec<u8>) -> Answer {
    office.post_keyed_as("sato", path, key, (bytes, "application/octet-stream")).await
}

#[tokio::test]
async fn a_program_checks_and_loads() {
    let office = Office::at(TAKEN).await;
    let template = office.get_as("sato", "/api/v1/takeovers/template").await;
    assert_eq!(template.status, StatusCode::OK);
    let checked = send(&office, "/api/v1/takeovers/check?name=book.xlsx", "c", sample()).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.text);
    let preview = checked.json();
    assert_eq!((&preview["new_contracts"], &preview["new_receivables"]), (&12.into(), &3.into()));
    let load = |sha256: &str| format!("/api/v1/takeovers?name=book.xlsx&sha256={sha256}");
    let wrong = send(&office, &load(&"0".repeat(64)), "l-1", sample()).await;
    assert_eq!(wrong.status, StatusCode::CONFLICT, "{}", wrong.text);
    let sha256 = preview["sha256"].as_str().unwrap();
    let done = send(&office, &load(sha256), "l-2", sample()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    assert_eq!(done.json()["contracts"], 12);
    let again = send(&office, &load(sha256), "l-2", sample()).await;
    assert_eq!((again.status, &again.json()["repeated"]), (StatusCode::OK, &true.into()));
    let other = send(&office, &load(sha256), "l-3", sample()).await.json();
    assert_eq!((&other["contracts"], &other["known"]), (&0.into(), &15.into()));
}
