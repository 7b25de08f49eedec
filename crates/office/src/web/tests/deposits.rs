//! Movements of the bank that wait: proposed, assigned, learned, set aside, taken up.

use document::{DepositEntry, Direction, read_deposits, write_deposits};
use reckon::Yen;

use super::Office;

/// A file of the bank of the day of the office, with these payers and amounts.
pub fn bank_file(office: &Office, rows: &[(&str, i64)]) -> Vec<u8> {
    let sample =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/deposits-2026-06-30.txt");
    let mut file = read_deposits("sample", &std::fs::read(sample).unwrap()).unwrap();
    let today = office.engine.now().day();
    let statement = &mut file.statements[0];
    let first = statement.entries[0].clone();
    (statement.header.created_on, statement.header.from) = (today, today);
    statement.header.to = today;
    statement.entries = (2..)
        .zip(rows)
        .map(|(row, (payer, amount))| DepositEntry {
            row,
            booked_on: today,
            value_on: today,
            payer_name: (*payer).to_owned(),
            amount: Yen(*amount),
            ..first.clone()
        })
        .collect();
    let (_, paid_in) = statement.total(Direction::In);
    statement.closing_balance = statement.header.opening_balance + paid_in;
    write_deposits(&file).unwrap()
}

/// Reads a file with two payers whom nobody knows; gives the ids of what waits.
pub async fn unknown_deposits(office: &Office) -> Vec<String> {
    let file = bank_file(office, &[("ﾀﾅｶ ﾀﾛｳ", 7), ("AOBA SEISAKUSHO", 8)]);
    let taken = office.upload("takahashi", "/deposits", &[], ("bank.txt", &file)).await;
    assert!(taken.status.is_success(), "{}", taken.text);
    let waiting = office.engine.waiting_movements().await.unwrap();
    waiting.into_iter().map(|movement| movement.id).collect()
}

#[tokio::test]
async fn a_proposed_payer_is_confirmed_learned_and_proposed_again() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let waiting = unknown_deposits(&office).await;
    let page = office.get_as("takahashi", "/deposits").await.text;
    for shown in ["ﾀﾅｶ ﾀﾛｳ", "青葉製作所株式会社", "名義のローマ字", "割り当てる", "除く"]
    {
        assert!(page.contains(shown), "{shown}");
    }
    let account = office.account().await;
    let path = format!("/payments/new?row={}&account={account}", waiting[1]);
    let form = office.get_as("takahashi", &path).await.text;
    assert!(form.contains("青葉製作所株式会社") && form.contains("AOBA SEISAKUSHO"), "{form}");
    let fields = [
        ("row", waiting[1].as_str()),
        ("whose", "青葉製作所株式会社"),
        ("on", "2026-06-06"),
        ("amount", "8"),
        ("payer", "AOBA SEISAKUSHO"),
        ("learn", "yes"),
    ];
    office.done("takahashi", "/payments/new", &fields).await;
    assert_eq!(office.engine.waiting_movements().await.unwrap().len(), 1);
    let (contract, _) = office.only("contract").await;
    let registered = office.get(&format!("/contracts/{contract}/registered")).await.text;
    assert!(registered.contains("AOBA SEISAKUSHO"), "{registered}");
    let next = bank_file(&office, &[("AOBA SEISAKUSHO", 9)]);
    let taken = office.upload("takahashi", "/deposits", &[], ("next.txt", &next)).await;
    assert!(taken.text.contains("前に確かめた名義"), "{}", taken.text);
}

#[tokio::test]
async fn a_movement_that_is_no_payment_is_set_aside_and_taken_up_again() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let waiting = unknown_deposits(&office).await;
    let aside = format!("/deposits/{}/set-aside", waiting[0]);
    // Without a reason nothing is done.
    let refused = office.look("takahashi", &aside, &[]).await;
    assert_eq!(refused.status, axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    office.done("takahashi", &aside, &[("reason", "銀行の誤り")]).await;
    let page = office.get_as("takahashi", "/deposits").await.text;
    assert!(page.contains("除いた入出金") && page.contains("戻す"), "{page}");
    assert!(page.contains("ﾀﾅｶ ﾀﾛｳ"), "which one it was: {page}");
    assert!(!office.get_as("takahashi", "/waiting").await.text.contains("ﾀﾅｶ ﾀﾛｳ"));
    let back = format!("/deposits/{}/take-up", waiting[0]);
    office.done("takahashi", &back, &[("reason", "当社あての入金だった")]).await;
    assert!(office.get_as("takahashi", "/waiting").await.text.contains("ﾀﾅｶ ﾀﾛｳ"));
    // Nobody else sees the money of others.
    let refused = office.get_as("ito", "/deposits").await;
    assert_eq!(refused.status, axum::http::StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_bank_file_shows_whose_each_payment_is_before_it_is_read() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let file = bank_file(&office, &[("ｱｵﾊﾞｾｲｻｸｼﾖ(ｶ", 5_000), ("ﾀﾅｶ ﾀﾛｳ", 7)]);
    let page = office.get_as("takahashi", "/deposits").await;
    let key = super::fill::hidden(&page.text, "key");
    let picked = super::fill::Picked { name: "bank.txt", bytes: &file };
    let looked = office.send_file("takahashi", "/deposits", &[("key", &key)], picked).await.text;
    for told in
        ["契約者が分かる入出金 1 件", "人が確かめるもの 1 件", "青葉製作所株式会社", "5,000円"]
    {
        assert!(looked.contains(told), "{told}: {looked}");
    }
    assert!(office.engine.waiting_movements().await.unwrap().is_empty(), "looking does nothing");
}
