//! Usage files of the upstream.

use contract::CancellationForm;
use contract::declare::fact::{CancellationFormArrived, EntryVoided, Fact};
use contract::declare::ids::InputId;
use contract::declare::words::Language;
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
    contains_all(&usage.refused.iter().map(|one| one.en.as_str()).collect::<String>(), &parts);
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
    contains_all(&usage.refused[0].en, &["row 2, contract: ", "A-9999999999999", "compare"]);
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn a_row_is_taken_once_within_a_file_and_over_all_files() {
    let (desk, registered) = given().await;
    let twice = usage_of(&registered, &[GOOD, (GOOD.0, "9", GOOD.2, GOOD.3)]);
    let usage = import(&desk, "april.csv", &twice).await;
    assert_eq!(usage.accepted, 1);
    let parts = ["row 3, id: ", "u-1 was taken before", "an id of its own"];
    contains_all(&usage.refused[0].en, &parts);
    let before = desk.accounts().await;
    let later = import(&desk, "may.csv", &usage_of(&registered, &[GOOD])).await;
    assert_eq!((later.accepted, later.repeated), (0, false));
    assert_eq!((later.known, later.refused.len()), (1, 0));
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
    contains_all(&usage.refused[0].en, &["row 2, from: ", "earlier than the start", "register"]);
    contains_all(&usage.refused[1].en, &["row 3, from: ", "later than the end", "ask"]);
    contains_all(
        &usage.refused[2].en,
        &["row 4, to: ", "after the last day, 2026-06-30", "within"],
    );
    assert_eq!(desk.accounts().await, before);
}

#[tokio::test]
async fn two_files_with_the_same_row_at_once_take_it_once() {
    let (desk, registered) = given().await;
    let more = ("u-2", "5", "2026-04-13T00:00:00", "2026-04-13T10:00:00");
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
        contains_all(&usage.refused[0].en, &["row 2, unit: ", unit, "hour"]);
    }
    let ahead = ("u-3", "10", "2026-05-06T00:00:00", "2026-05-08T00:00:00");
    let ahead = import(&desk, "ahead.csv", &file("hour", ahead)).await;
    contains_all(&ahead.refused[0].en, &["row 2, to: ", "later than now"]);
    assert_eq!(desk.accounts().await, before);
    // Another spelling of the unit of the price is the same unit.
    for (at, unit) in ["Hours", "h", "ｈｏｕｒ", "時間"].into_iter().enumerate() {
        let id = format!("u-{}", 10 + at);
        let (from, to) =
            (format!("2026-04-{}T00:00:00", 12 + at), format!("2026-04-{}T00:00:00", 13 + at));
        let usage = import(&desk, &format!("{at}.csv"), &file(unit, (&id, "10", &from, &to))).await;
        assert_eq!(usage.accepted, 1, "{unit}: {:?}", usage.refused);
    }
}

/// A row of the same resource as [`GOOD`].
const fn row<'a>(
    id: &'a str,
    quantity: &'a str,
    from: &'a str,
    to: &'a str,
) -> (&'a str, &'a str, &'a str, &'a str) {
    (id, quantity, from, to)
}

const MORNING: (&str, &str) = ("2026-04-13T00:00:00", "2026-04-13T10:00:00");

#[tokio::test]
async fn the_same_time_counts_once_under_whatever_id_and_a_new_value_takes_its_place() {
    let (desk, registered) = given().await;
    let (from, to) = MORNING;
    let file = |id: &str, quantity: &str| usage_of(&registered, &[row(id, quantity, from, to)]);
    assert_eq!(import(&desk, "estimate.csv", &file("a1", "8")).await.accepted, 1);
    // Exported again under new ids, reordered or not: known.
    let again = import(&desk, "again.csv", &file("b1", "8")).await;
    assert_eq!((again.accepted, again.known, again.refused.len()), (0, 1, 0));
    let fixed = import(&desk, "fixed.csv", &file("c1", "9.5")).await;
    assert_eq!((fixed.accepted, fixed.replaced), (1, 1));
    assert_eq!(quantity(&desk, &registered).await, "9.5".parse().unwrap());
    // The estimate read again does not come back.
    let old = import(&desk, "estimate.csv", &file("a1", "8")).await;
    assert_eq!((old.accepted, old.known, old.repeated), (0, 1, true));
    let renamed = import(&desk, "renamed.csv", &[&file("a1", "8")[..], b"\n"].concat()).await;
    assert_eq!((renamed.accepted, renamed.known), (0, 1));
    assert_eq!(quantity(&desk, &registered).await, "9.5".parse().unwrap());
    // Another time of day is another interval, and so is another resource.
    let more =
        usage_of(&registered, &[row("d1", "8", "2026-04-13T10:00:00", "2026-04-13T20:00:00")]);
    assert_eq!(import(&desk, "more.csv", &more).await.accepted, 1);
    let other = String::from_utf8(file("e1", "8")).unwrap().replace("vol-1", "vol-2");
    assert_eq!(import(&desk, "other.csv", other.as_bytes()).await.accepted, 1);
}

#[tokio::test]
async fn a_time_that_overlaps_another_is_asked_about_and_can_be_parted() {
    let (desk, registered) = given().await;
    let (from, to) = ("2026-04-12T00:00:00", "2026-04-14T00:00:00");
    let whole = usage_of(&registered, &[row("whole", "40", from, to)]);
    assert_eq!(import(&desk, "whole.csv", &whole).await.accepted, 1);
    let days =
        [row("d1", "20", from, "2026-04-13T00:00:00"), row("d2", "21", "2026-04-13T00:00:00", to)];
    let usage = import(&desk, "days.csv", &usage_of(&registered, &days)).await;
    assert_eq!((usage.accepted, usage.refused.len()), (0, 2));
    contains_all(
        &usage.refused[0].en,
        &["row 2, from: ", "row whole counts 40", "quantity 0 first"],
    );
    // A piece of it alone is late usage: counted, and told.
    let late = [row("late", "1", "2026-04-13T05:00:00", "2026-04-13T07:00:00")];
    let usage = import(&desk, "late.csv", &usage_of(&registered, &late)).await;
    assert_eq!((usage.accepted, usage.doubts.len()), (1, 1), "{usage:?}");
    contains_all(
        &usage.doubts[0].line(Language::English),
        &["row 2, from: ", "overlaps that of row whole"],
    );
    let undo = [row("late-0", "0", late[0].2, late[0].3)];
    import(&desk, "undo.csv", &usage_of(&registered, &undo)).await;
    let parted = [row("none", "0", from, to), days[0], days[1]];
    let usage = import(&desk, "parted.csv", &usage_of(&registered, &parted)).await;
    assert_eq!((usage.accepted, usage.replaced), (3, 1), "{usage:?}");
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(41));
}

#[tokio::test]
async fn a_correcting_row_lowers_what_was_counted_and_no_more() {
    let (desk, registered) = given().await;
    let (from, to) = MORNING;
    let file = |id: &str, quantity: &str| usage_of(&registered, &[row(id, quantity, from, to)]);
    let early = import(&desk, "early.csv", &file("c0", "-3")).await;
    contains_all(&early.refused[0].en, &["row 2, quantity: ", "more than the 0", "first"]);
    import(&desk, "measured.csv", &file("m", "10")).await;
    assert_eq!(import(&desk, "credit.csv", &file("c1", "-3")).await.accepted, 1);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(7));
    let twice = import(&desk, "twice.csv", &file("c2", "-3")).await;
    assert_eq!((twice.accepted, twice.known), (0, 1));
    let more = import(&desk, "more.csv", &file("c3", "-8")).await;
    contains_all(&more.refused[0].en, &["row 2, quantity: -8 takes off more", "compare"]);
    // What was corrected is not replaced in silence.
    let again = import(&desk, "again.csv", &file("m2", "7")).await;
    contains_all(&again.refused[0].en, &["corrected by row c1", "another correction"]);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(7));
}

#[tokio::test]
async fn a_row_is_not_longer_than_its_time() {
    let (desk, registered) = given().await;
    let rows = [
        row("l1", "600", "2026-04-12T00:00:00", "2026-04-12T01:00:00"),
        row("l2", "10.000001", MORNING.0, MORNING.1),
        row("l3", "10", "2026-04-14T00:00:00", "2026-04-14T10:00:00"),
    ];
    let usage = import(&desk, "long.csv", &usage_of(&registered, &rows)).await;
    // Several things of one name are counted together, which is told.
    assert_eq!((usage.accepted, usage.refused.len()), (2, 1));
    contains_all(&usage.refused[0].en, &["row 2, quantity: 600 hour are 600", "compare"]);
    assert_eq!(usage.doubts.len(), 1);
    contains_all(
        &usage.doubts[0].line(Language::English),
        &["row 3, quantity: 10.000001 hour", "several things"],
    );
}

async fn void(desk: &Desk, registered: &Registered, of: InputId) {
    let void = Fact::EntryVoided(EntryVoided { of, reason: "the wrong month".to_owned() });
    let outcome = desk.fact(registered, "takahashi", void).await;
    assert!(!outcome.refused, "{:?}", outcome.findings);
}

#[tokio::test]
async fn what_was_voided_frees_its_ids_and_the_same_file_counts_again() {
    let (desk, registered) = given().await;
    let april = usage_of(&registered, &[GOOD]);
    import(&desk, "april.csv", &april).await;
    let imported = |state: &contract::AccountState| state.usage[0].0.clone();
    let of = imported(&*desk.state(&registered.account).await);
    void(&desk, &registered, of).await;
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(0));
    let again = import(&desk, "april.csv", &april).await;
    assert_eq!((again.accepted, again.repeated), (1, false));
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(10));
    let known = import(&desk, "april.csv", &april).await;
    assert_eq!((known.accepted, known.known, known.repeated), (0, 1, true));
    // And once more: mended under its id.
    let of = imported(&*desk.state(&registered.account).await);
    void(&desk, &registered, of).await;
    let mended = usage_of(&registered, &[(GOOD.0, "9", GOOD.2, GOOD.3)]);
    assert_eq!(import(&desk, "mended.csv", &mended).await.accepted, 1);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(9));
    desk.engine.audit().await.unwrap();
    assert_eq!(desk.engine.store.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn one_resource_in_two_spellings_is_one() {
    let (desk, registered) = given().await;
    let spelt = |id: &str, resource: &str, day: &str| {
        let row = row(id, "10", day, "2026-04-20T00:00:00");
        String::from_utf8(usage_of(&registered, &[row])).unwrap().replace("vol-1", resource)
    };
    let (one, other) = ("ガ〜表", "カ\u{3099}～表");
    import(&desk, "a.csv", spelt("s1", one, "2026-04-18T00:00:00").as_bytes()).await;
    let same = import(&desk, "b.csv", spelt("s2", other, "2026-04-18T00:00:00").as_bytes()).await;
    assert_eq!((same.accepted, same.known), (1, 0), "charged under one name, with one cap");
    let again = import(&desk, "c.csv", spelt("s3", one, "2026-04-18T00:00:00").as_bytes()).await;
    assert_eq!((again.accepted, again.known), (0, 1));
    let more = String::from_utf8(usage_of(
        &registered,
        &[row("s4", "5", "2026-04-22T00:00:00", "2026-04-23T00:00:00")],
    ))
    .unwrap();
    import(&desk, "d.csv", more.replace("vol-1", other).as_bytes()).await;
    let state = desk.state(&registered.account).await;
    let names: Vec<_> = state.usage.iter().map(|(_, _, total)| total.resource.as_str()).collect();
    assert_eq!(names, [one, one, one]);
}

#[tokio::test]
async fn in_whatever_order_a_file_has_its_rows_the_last_value_is_the_one_that_counts() {
    let (desk, registered) = given().await;
    let (from, to) = MORNING;
    let file = |rows: &[(&str, &str, &str)]| {
        let rows = rows.iter().map(|(id, resource, quantity)| {
            let row = usage_of(&registered, &[row(id, quantity, from, to)]);
            let text = String::from_utf8(row).unwrap().replace("vol-1", resource);
            text.lines().nth(1).unwrap().to_owned()
        });
        let head = "id,account,contract,line,resource,item,quantity,unit,from,to".to_owned();
        std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n").into_bytes()
    };
    import(&desk, "1.csv", &file(&[("a", "vm-1", "8")])).await;
    import(&desk, "2.csv", &file(&[("b", "vm-1", "10"), ("c", "vm-2", "5")])).await;
    let again = import(&desk, "3.csv", &file(&[("d", "vm-2", "5"), ("e", "vm-1", "10")])).await;
    assert_eq!((again.accepted, again.known), (0, 2));
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(15));
    // What a later import replaced is not voided before it.
    let state = desk.state(&registered.account).await;
    let first = state.usage.iter().find(|(_, _, total)| total.quantity == Decimal::whole(8));
    let of = first.unwrap().0.clone();
    let void = contract::declare::act::Act::VoidEntry(contract::declare::act::VoidEntry { of });
    let content = contract::road::stream::Content::Act(void);
    let preview = desk.engine.preview_entry(&registered.account, &content).await.unwrap();
    assert!(preview.findings.iter().any(|one| one.code == "later_usage_rests_on_it"));
}

#[tokio::test]
async fn a_correction_of_a_wider_time_is_not_undercut_by_a_replacement() {
    let (desk, registered) = given().await;
    let day = ["2026-04-13T00:00:00", "2026-04-13T10:00:00", "2026-04-13T20:00:00"];
    let halves = [row("h1", "10", day[0], day[1]), row("h2", "10", day[1], day[2])];
    import(&desk, "halves.csv", &usage_of(&registered, &halves)).await;
    let back = usage_of(&registered, &[row("c", "-20", day[0], day[2])]);
    assert_eq!(import(&desk, "back.csv", &back).await.accepted, 1);
    let less = usage_of(&registered, &[row("h1b", "0", day[0], day[1])]);
    let read = import(&desk, "less.csv", &less).await;
    contains_all(&read.refused[0].en, &["corrected by row c"]);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(0));
}

#[tokio::test]
async fn what_was_refused_is_judged_anew_when_the_same_file_comes_again() {
    let (desk, registered) = given().await;
    let early = ("u-2", "5", "2026-05-07T10:00:00", "2026-05-07T15:00:00");
    let file = usage_of(&registered, &[GOOD, early]);
    let first = import(&desk, "may.csv", &file).await;
    assert_eq!((first.accepted, first.refused.len()), (1, 1), "{:?}", first.refused);
    let same = import(&desk, "may.csv", &file).await;
    assert_eq!((same.accepted, same.refused.len(), same.repeated), (0, 1, true));
    desk.go_to("2026-05-07T16:00:00").await;
    let later = import(&desk, "may.csv", &file).await;
    assert_eq!((later.accepted, later.known, later.repeated), (1, 1, false));
    assert_eq!(later.refused, []);
    assert_eq!(quantity(&desk, &registered).await, Decimal::whole(15));
    let known = import(&desk, "may.csv", &file).await;
    assert_eq!((known.accepted, known.known, known.repeated), (0, 2, true));
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
}
