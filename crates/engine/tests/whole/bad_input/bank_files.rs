//! Deposit files of the bank.

use contract::declare::fact::{Fact, Payment};
use engine::{Deposits, Registered};
use reckon::Yen;

use super::{contains_all, refused_whole};
use crate::desk::{Desk, deposits, kita, minami};

const KITA: &str = "ｶ)ﾎｸﾄｹｲｿｸ";

async fn given() -> (Desk, Registered) {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-05-07T09:00:00").await;
    (desk, registered)
}

async fn import(desk: &Desk, file: &str, bytes: &[u8]) -> Deposits {
    desk.engine.import_deposits(file, bytes, &desk.person("takahashi")).await.unwrap()
}

#[tokio::test]
async fn a_deposit_file_with_a_wrong_trailer_is_refused_whole() {
    let (desk, _) = given().await;
    let before = desk.accounts().await;
    let good = deposits("2026-05-07", &[(KITA, 5_000)]);
    let other = deposits("2026-05-07", &[(KITA, 6_000)]);
    let trailer = good.iter().position(|b| *b == b'\n').map_or(200, |end| end + 1) * 2;
    let mixed = [&good[..trailer], &other[trailer..]].concat();
    let result = desk.engine.import_deposits("bank.txt", &mixed, &desk.person("takahashi")).await;
    let parts = ["bank.txt, row 3", "found 6000, expected 5000", "fetch it again"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn a_file_made_in_the_future_is_refused_whole() {
    let (desk, _) = given().await;
    let before = desk.accounts().await;
    let bytes = deposits("2026-05-08", &[(KITA, 5_000)]);
    let result = desk.engine.import_deposits("bank.txt", &bytes, &desk.person("takahashi")).await;
    let parts = ["bank.txt, row 1, 作成日", "2026-05-08", "later than today", "check"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn a_deposit_dated_in_the_future_refuses_its_file() {
    let (desk, _) = given().await;
    let before = desk.accounts().await;
    // The header is of today; both days of the movement (令和8年5月7日) are not.
    let mut bytes = deposits("2026-05-07", &[(KITA, 5_000)]);
    let start = bytes.len() / 4;
    let later = String::from_utf8_lossy(&bytes[start..start * 2]).find("080507080507").unwrap();
    bytes[start + later + 6..start + later + 12].copy_from_slice(b"080607");
    let result = desk.engine.import_deposits("bank.txt", &bytes, &desk.person("takahashi")).await;
    let parts = ["bank.txt, row 2, ", "2026-06-07", "later than today", "fetch"];
    refused_whole(&desk, &before, result, &parts).await;
}

#[tokio::test]
async fn the_money_of_an_unknown_payer_stays_visible_and_can_be_entered_by_hand() {
    let (desk, registered) = given().await;
    let before = desk.accounts().await;
    let bytes = deposits("2026-05-07", &[("ﾀﾅｶ ﾀﾛｳ", 5_000)]);
    let found = import(&desk, "bank.txt", &bytes).await;
    assert_eq!(found.applied, 0);
    let parts = ["row 2, 振込依頼人名", "ﾀﾅｶ ﾀﾛｳ", "5,000 yen", "by hand"];
    contains_all(&found.unmatched[0], &parts);
    assert_eq!(desk.accounts().await, before);
    let rows = desk.engine.store.refused_rows().await.unwrap();
    assert_eq!((rows[0].file.as_str(), rows[0].row), ("bank.txt", 2));
    // Under the id that the row gives, the money is entered once for all.
    let payment = Payment {
        on: "2026-05-07".parse().unwrap(),
        amount: Yen(5_000),
        payer: "ﾀﾅｶ ﾀﾛｳ".to_owned(),
        names: Vec::new(),
    };
    let content = contract::road::stream::Content::Fact(Fact::PaymentCredited(payment));
    let billing = desk.person("takahashi");
    let input =
        desk.engine.input(&rows[0].content, &registered.account, &billing, "by hand", content);
    assert!(!desk.engine.register(input).await.unwrap().repeated);
    assert_eq!(desk.state(&registered.account).await.held, Yen(5_000));
}

#[tokio::test]
async fn a_name_under_which_two_companies_pay_credits_neither() {
    let (desk, _) = given().await;
    let namesake = crate::desk::Applicant { kana: kita("").kana, ..minami() };
    desk.apply(&namesake).await;
    let before = desk.accounts().await;
    let found = import(&desk, "bank.txt", &deposits("2026-05-07", &[(KITA, 5_000)])).await;
    let parts = ["row 2, ", "A-7000012050002", "A-2010001034837", "all pay as", "by hand"];
    contains_all(&found.unmatched[0], &parts);
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn the_same_deposit_file_twice_credits_once() {
    let (desk, registered) = given().await;
    let bytes = deposits("2026-05-07", &[(KITA, 5_000), (KITA, 700)]);
    assert!(!import(&desk, "bank.txt", &bytes).await.repeated);
    let before = desk.accounts().await;
    desk.go_to("2026-05-08T09:00:00").await;
    assert!(import(&desk, "bank again.txt", &bytes).await.repeated);
    assert_eq!(desk.accounts().await, before);
    assert_eq!(desk.state(&registered.account).await.held, Yen(5_700));
}
