//! Usage files of the upstream.

use contract::CancellationForm;
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::notices::notice::Channel;
use engine::{Registered, Usage};
use reckon::Decimal;

use super::{contains_all, refused_whole};
use crate::desk::{Desk, at, kita, usage_file, usage_of};

const GOOD: (&str, &str, &str, &str) = ("u-1", "10", "2026-04-12T00:00:00", "2026-04-12T10:00:00");

async fn given() -> (Desk, Registered) {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    desk.go_to("2026-05-07T09:00:00").await;
    (desk, registered)
}

async fn import(desk: &Desk, file: &str, bytes: &[u8]) -> Usage {
    desk.engine.import_usage(file, bytes, &desk.person("takahashi")).await.unwrap()
}

async fn quantity(desk: &Desk, registered: &Registered) -> Decimal {
    let state = desk.state(&registered.account).await;
    state.usage.iter().fold(Decimal::whole(0), |sum, (_, _, total)| sum + total.quantity)
}

#[tokio::test]
async fn one_bad_row_refuses_the_whole_usage_file() {
    let (desk, registered) = given().await;
    let before = desk.accounts().await;
    let bad = ("u-2", "ten", "2026-04-12T00:00:00", "2026-04-11T00:00:00");
    let bytes = usage_of(&registered, &[GOOD, bad]);
    let result = desk.engine.import_usage("april.csv", &bytes, &desk.person("takahashi")).await;
    let parts = ["april.csv, row 3, quantity", "april.csv, row 3, to", "write "];
    refused_whole(&desk, &before, result, &parts).await;
    // The good row of it was not taken: it can come again.
    assert_eq!(import(&desk, "april.csv", &usage_of(&registered, &[GOOD])).await.accepted, 1);
}

#[tokio::test]
async fn usage_for_an_unknown_contract_is_refused_by_itself() {
    let (desk, registered) = given().await;
    let contract = registered.application.contract().0;
    let (id, q, from, to) = GOOD;
    let rows = [(id, contract.as_str(), q, from, to), ("u-2", "K-00000000", q, from, to)];
    let usage = import(&desk, "april.csv", &usage_file(&registered.account.0, &rows)).await;
    assert_eq!(usage.accepted, 1);
    let parts = ["row 3, contract: ", "has no contract K-00000000", "compare"];
    contains_all(&usage.refused.concat(), &parts);
    assert!(desk.refused_rows().await[0].starts_with("april.csv "));
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(10));
}

#[tokio::test]
async fn usage_of_a_company_that_nobody_knows_makes_no_account() {
    let (desk, registered) = given().await;
    let before = desk.accounts().await;
    let contract = registered.application.contract().0;
    let (id, q, from, to) = GOOD;
    let rows = [(id, contract.as_str(), q, from, to)];
    let usage = import(&desk, "april.csv", &usage_file("A-9999999999999", &rows)).await;
    assert_eq!(usage.accepted, 0);
    contains_all(&usage.refused[0], &["row 2, contract: ", "A-9999999999999", "compare"]);
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn a_row_is_taken_once_within_a_file_and_over_all_files() {
    let (desk, registered) = given().await;
    let twice = usage_of(&registered, &[GOOD, (GOOD.0, "99", GOOD.2, GOOD.3)]);
    let usage = import(&desk, "april.csv", &twice).await;
    assert_eq!(usage.accepted, 1);
    let parts = ["row 3, id: ", "u-1 was taken before", "an id of its own"];
    contains_all(&usage.refused[0], &parts);
    let before = desk.accounts().await;
    let later = import(&desk, "may.csv", &usage_of(&registered, &[GOOD])).await;
    assert_eq!((later.accepted, later.repeated), (0, false));
    contains_all(&later.refused[0], &["row 2, id: ", "u-1 was taken before"]);
    assert_eq!(desk.accounts().await, before);
    let again = import(&desk, "april.csv", &twice).await;
    assert!(again.repeated);
    assert_eq!(desk.accounts().await, before);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(10));
}

#[tokio::test]
async fn use_before_the_start_and_after_the_end_is_refused() {
    let (desk, registered) = given().await;
    let contract = registered.application.contract();
    let form = CancellationForm {
        desired: Some("2026-06-30".parse().unwrap()),
        signed_by: "x".into(),
        signed_by_other: false,
    };
    let arrived_at = at("2026-05-07T09:00:00");
    let channel = Channel::Paper;
    let fact = Fact::CancellationFormArrived(CancellationFormArrived {
        contract,
        channel,
        arrived_at,
        form,
    });
    desk.fact(&registered, "sato", fact).await;
    desk.go_to("2026-07-10T09:00:00").await;
    let before = desk.accounts().await;
    let bytes = usage_of(
        &registered,
        &[
            ("u-1", "10", "2026-04-09T23:00:00", "2026-04-10T09:00:00"),
            ("u-2", "10", "2026-07-01T00:00:00", "2026-07-01T10:00:00"),
            ("u-3", "10", "2026-06-30T00:00:00", "2026-07-02T00:00:00"),
        ],
    );
    let usage = import(&desk, "july.csv", &bytes).await;
    assert_eq!(usage.accepted, 0);
    contains_all(&usage.refused[0], &["row 2, from: ", "earlier than the start", "register"]);
    contains_all(&usage.refused[1], &["row 3, from: ", "later than the end", "ask"]);
    contains_all(&usage.refused[2], &["row 4, to: ", "after the last day, 2026-06-30", "within"]);
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn two_files_with_the_same_row_at_once_take_it_once() {
    let (desk, registered) = given().await;
    let more = ("u-2", "5", GOOD.2, GOOD.3);
    let (one, other) = (usage_of(&registered, &[GOOD]), usage_of(&registered, &[more, GOOD]));
    let (one, other) =
        tokio::join!(import(&desk, "one.csv", &one), import(&desk, "other.csv", &other));
    assert_eq!(one.accepted + other.accepted, 2, "{one:?} {other:?}");
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(15));
}

#[tokio::test]
async fn what_cannot_have_been_used_so_is_refused_by_its_field() {
    let (desk, registered) = given().await;
    let before = desk.accounts().await;
    let file = |unit: &str, row: (&str, &str, &str, &str)| {
        let text = String::from_utf8(usage_of(&registered, &[row])).unwrap();
        text.replace(",hour,", &format!(",{unit},")).into_bytes()
    };
    for unit in ["minute", "GB", "100 Hours", "second"] {
        let usage = import(&desk, &format!("{unit}.csv"), &file(unit, GOOD)).await;
        assert_eq!(usage.accepted, 0);
        contains_all(&usage.refused[0], &["row 2, unit: ", unit, "hour"]);
    }
    let ahead = ("u-3", "10", "2026-05-06T00:00:00", "2026-05-08T00:00:00");
    let ahead = import(&desk, "ahead.csv", &file("hour", ahead)).await;
    contains_all(&ahead.refused[0], &["row 2, to: ", "later than now"]);
    assert_eq!(desk.accounts().await, before);
    // Another spelling of the unit of the price is the same unit.
    for (at, unit) in ["Hours", "h", "ｈｏｕｒ", "時間"].into_iter().enumerate() {
        let id = format!("u-{}", 10 + at);
        let usage =
            import(&desk, &format!("{at}.csv"), &file(unit, (&id, "10", GOOD.2, GOOD.3))).await;
        assert_eq!(usage.accepted, 1, "{unit}: {:?}", usage.refused);
    }
}
