//! Deposit files of the bank.

use contract::declare::fact::{Fact, Payment, PaymentReversed};
use document::{DepositEntry, Direction, read_deposits, write_deposits};
use engine::{Deposits, Likeness, Registered, WhyWaiting};
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
    contains_all(&found.unmatched[0].en, &parts);
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
    let parts = ["row 2, ", "A-7000012050002", "A-2010001034837", "not certain", "by hand"];
    contains_all(&found.unmatched[0].en, &parts);
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

/// A file of the bank with movements that are told one by one.
fn moved(entries: Vec<DepositEntry>, made: &str) -> Vec<u8> {
    let mut file = read_deposits("made.txt", &deposits(made, &[(KITA, 1)])).unwrap();
    let statement = &mut file.statements[0];
    let first = entries.iter().map(|entry| entry.booked_on).min().unwrap();
    (statement.header.from, statement.entries) = (first, entries);
    let (_, paid_in) = statement.total(Direction::In);
    let (_, paid_out) = statement.total(Direction::Out);
    statement.closing_balance = statement.header.opening_balance + paid_in - paid_out;
    write_deposits(&file).unwrap()
}

fn credit(row: u32, on: &str, amount: i64) -> DepositEntry {
    let file = read_deposits("one.txt", &deposits(on, &[(KITA, amount)])).unwrap();
    let entry = file.statements[0].entries[0].clone();
    DepositEntry { row, inquiry: format!("{row:08}"), ..entry }
}

#[tokio::test]
async fn a_movement_is_booked_once_in_whatever_files_it_is_read() {
    let (desk, registered) = given().await;
    let (first, twin) = (credit(2, "2026-05-01", 5_000), credit(3, "2026-05-01", 5_000));
    let early = moved(vec![first.clone(), twin.clone()], "2026-05-02");
    let read = import(&desk, "early.txt", &early).await;
    assert_eq!((read.applied, read.known), (2, 0), "two equal transfers are two");
    // The same days once more, with what came since, and numbered anew by the bank.
    let later = vec![
        credit(2, "2026-05-06", 700),
        credit(3, "2026-05-01", 5_000),
        credit(4, "2026-05-01", 5_000),
    ];
    let read = import(&desk, "later.txt", &moved(later.clone(), "2026-05-07")).await;
    assert_eq!((read.applied, read.known), (1, 2));
    // Alone, cut into two files.
    let read = import(&desk, "alone.txt", &moved(vec![twin], "2026-05-07")).await;
    assert_eq!((read.applied, read.known), (0, 1));
    assert_eq!(desk.state(&registered.account).await.held, Yen(10_700));
}

#[tokio::test]
async fn a_payment_that_was_booked_by_its_row_is_known_by_its_movement() {
    let (desk, registered) = given().await;
    let bytes = moved(vec![credit(2, "2026-05-01", 5_000)], "2026-05-02");
    // As programs before this one entered it.
    let payment = Payment {
        on: "2026-05-01".parse().unwrap(),
        amount: Yen(5_000),
        payer: document::payer_key(KITA),
        names: Vec::new(),
    };
    let content = contract::road::stream::Content::Fact(Fact::PaymentCredited(payment));
    let by = desk.person("takahashi");
    let input =
        desk.engine.input("deposit-0123456789abcdef-2", &registered.account, &by, "old", content);
    desk.engine.register(input).await.unwrap();
    let read = import(&desk, "again.txt", &bytes).await;
    assert_eq!((read.applied, read.known), (0, 1));
    assert_eq!(desk.state(&registered.account).await.held, Yen(5_000));
}

#[tokio::test]
async fn what_the_bank_takes_back_was_never_paid() {
    let (desk, registered) = given().await;
    let wrong = credit(2, "2026-05-01", 114_290);
    let reversal =
        DepositEntry { direction: Direction::Out, kind: "19".to_owned(), row: 3, ..wrong.clone() };
    let right = DepositEntry { kind: "19".to_owned(), ..credit(4, "2026-05-01", 11_429) };
    let read =
        import(&desk, "bank.txt", &moved(vec![wrong, reversal.clone(), right], "2026-05-06")).await;
    assert_eq!((read.applied, read.unmatched.len()), (3, 0));
    let case = desk.engine.case(&registered.account).await.unwrap();
    assert_eq!(case.in_force().facts::<PaymentReversed>().count(), 1);
    assert_eq!(desk.state(&registered.account).await.held, Yen(11_429));
    // Again, alone and under another name: nothing more is taken back.
    let read = import(&desk, "late.txt", &moved(vec![reversal.clone()], "2026-05-07")).await;
    assert_eq!((read.applied, read.known), (0, 1));
    // One of a payment that nobody knows stays visible, once.
    let other = DepositEntry { amount: Yen(999), ..reversal };
    for file in ["one.txt", "two.txt"] {
        let read = import(&desk, file, &moved(vec![other.clone()], "2026-05-07")).await;
        contains_all(
            &read.unmatched[0].en,
            &["取引区分", "訂正", "999 yen", "read the file again"],
        );
    }
    assert_eq!(desk.engine.store.refused_rows().await.unwrap().len(), 1);
    // It closes when that payment is entered and the file is read again.
    let payment = Payment {
        on: "2026-05-01".parse().unwrap(),
        amount: Yen(999),
        payer: KITA.to_owned(),
        names: Vec::new(),
    };
    let content = contract::road::stream::Content::Fact(Fact::PaymentCredited(payment));
    let by = desk.person("takahashi");
    let input = desk.engine.input("by-hand", &registered.account, &by, "passbook", content);
    desk.engine.register(input).await.unwrap();
    let read = import(&desk, "one.txt", &moved(vec![other], "2026-05-07")).await;
    assert_eq!((read.applied, read.unmatched.len()), (1, 0));
    assert_eq!(desk.state(&registered.account).await.held, Yen(11_429));
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

#[tokio::test]
async fn a_cheque_is_no_payment_before_it_is_cleared() {
    let (desk, registered) = given().await;
    let cheque = DepositEntry {
        kind: "12".to_owned(),
        uncleared: Yen(5_000),
        ..credit(2, "2026-05-01", 5_000)
    };
    let read = import(&desk, "bank.txt", &moved(vec![cheque], "2026-05-06")).await;
    assert_eq!(read.applied, 0);
    contains_all(&read.unmatched[0].en, &["他店券", "cleared"]);
    assert_eq!(desk.state(&registered.account).await.held, Yen::ZERO);
}

#[tokio::test]
async fn an_invoice_that_is_not_the_customers_counts_as_not_named() {
    let (desk, registered) = given().await;
    let by = desk.person("takahashi");
    let month = "2026-04".parse().unwrap();
    desk.engine.bill(month, "2026-05-07".parse().unwrap(), &by).await.unwrap();
    let paid = DepositEntry { edi: "INV-2026-2".to_owned(), ..credit(2, "2026-05-07", 1_000) };
    let read = import(&desk, "bank.txt", &moved(vec![paid], "2026-05-07")).await;
    assert_eq!(read.applied, 1);
    contains_all(&read.doubts[0], &["row 2", "EDI", "INV-2026-2", "as if not named"]);
    let state = desk.state(&registered.account).await;
    assert_eq!((state.held, state.receivables.len()), (Yen::ZERO, 1));
}

#[tokio::test]
async fn every_way_in_which_a_name_differs_is_proposed_with_its_reason() {
    let (desk, registered) = given().await;
    let others = desk.apply(&minami()).await;
    let ways = [
        ("ｶ)ﾎｸﾄｹｲｿｸ ﾓｳﾘ ｻﾖｺ", Likeness::Added { text: "ﾓｳﾘｻﾖｺ".to_owned() }),
        ("ﾎｸﾄｹｲｿｸ ｹｲﾘﾌﾞ", Likeness::Added { text: "ｹｲﾘﾌﾞ".to_owned() }),
        ("ｻﾂﾎﾟﾛｼﾃﾝ ｶ)ﾎｸﾄｹｲｿｸ", Likeness::Added { text: "ｻﾂﾎﾟﾛｼﾃﾝｶ)".to_owned() }),
        ("ﾕ)ﾎｸﾄｹｲｿｸ", Likeness::OtherForm { stated: "ﾕ".to_owned() }),
        ("ﾎｸﾄｹｲｿｸ(ﾌｸ", Likeness::OtherForm { stated: "ﾌｸ".to_owned() }),
        ("ｶ)ﾎｸﾄｹｲ", Likeness::CutOff),
        ("HOKUTO KEISOKU CO. LTD.", Likeness::Latin),
    ];
    for (at, (payer, likeness)) in ways.into_iter().enumerate() {
        let file = deposits("2026-05-07", &[(payer, 1_000 + at as i64)]);
        let read = import(&desk, &format!("{at}.txt"), &file).await;
        assert_eq!((read.applied, read.waiting.len()), (0, 1), "{payer}");
        let candidates = &read.waiting[0].candidates;
        assert_eq!(candidates.len(), 1, "{payer}: {candidates:?}");
        assert_eq!(candidates[0].account, registered.account, "{payer}");
        assert_eq!(candidates[0].because, [likeness], "{payer}");
    }
    assert_eq!(desk.engine.waiting_movements().await.unwrap().len(), 7);
    // The legal form tells two companies of one name apart.
    let read = import(&desk, "two.txt", &deposits("2026-05-07", &[("ﾕ)ﾅﾝｶｲｼﾖｳﾃﾝ", 10)])).await;
    assert_eq!(read.applied, 1);
    assert_eq!(desk.state(&others.account).await.held, Yen(10));
}

#[tokio::test]
async fn an_invoice_that_is_named_finds_its_payer_and_one_of_another_customer_is_asked_about() {
    let (desk, registered) = given().await;
    let others = desk.apply(&minami()).await;
    let by = desk.person("takahashi");
    let month = "2026-04".parse().unwrap();
    let run = desk.engine.bill(month, "2026-05-07".parse().unwrap(), &by).await.unwrap();
    let number = run.issued[0].clone();
    let paid = |payer: &str, edi: &str, amount| DepositEntry {
        payer_name: payer.to_owned(),
        edi: edi.to_owned(),
        ..credit(2, "2026-05-07", amount)
    };
    let stranger = moved(vec![paid("ﾎﾝｼﾔ ｹｲﾘｶ", "INV-2026-1", 1_000)], "2026-05-07");
    let read = import(&desk, "stranger.txt", &stranger).await;
    let named = Likeness::Invoice { number: number.clone() };
    assert_eq!(read.waiting[0].candidates[0].account, registered.account);
    assert_eq!(read.waiting[0].candidates[0].because, [named]);
    let other = moved(vec![paid("ﾕ)ﾅﾝｶｲｼﾖｳﾃﾝ", &number, 1_001)], "2026-05-07");
    let read = import(&desk, "other.txt", &other).await;
    assert_eq!(read.waiting[0].why, WhyWaiting::OthersInvoice { number });
    let accounts: Vec<_> = read.waiting[0].candidates.iter().map(|one| &one.account).collect();
    assert_eq!(accounts, [&registered.account, &others.account]);
}

#[tokio::test]
async fn a_name_that_a_person_confirmed_is_proposed_next_time_and_forgotten_when_voided() {
    let (desk, registered) = given().await;
    let by = desk.person("takahashi");
    let payer = "ﾎﾝｼﾔ ｹｲﾘｶ";
    let read = import(&desk, "may.txt", &deposits("2026-05-06", &[(payer, 5_000)])).await;
    assert_eq!(read.waiting[0].candidates, []);
    let movement = desk.engine.waiting_movements().await.unwrap().remove(0);
    let payment = Payment {
        on: "2026-05-06".parse().unwrap(),
        amount: Yen(5_000),
        payer: document::payer_key(payer),
        names: Vec::new(),
    };
    let content = contract::road::stream::Content::Fact(Fact::PaymentCredited(payment));
    let input = desk.engine.input(&movement.id, &registered.account, &by, "desk", content);
    let contract = registered.application.contract();
    let learned = desk.engine.name_learned(&registered.account, contract, &movement.id, payer, &by);
    let entry = learned.id.clone();
    desk.engine.enter_movement(input, Some(learned), "told by phone").await.unwrap();
    assert_eq!(desk.engine.waiting_movements().await.unwrap(), []);
    assert_eq!(desk.state(&registered.account).await.held, Yen(5_000));
    let again = import(&desk, "again.txt", &deposits("2026-05-06", &[(payer, 5_000)])).await;
    assert_eq!((again.applied, again.known), (0, 1));
    let june = import(&desk, "june.txt", &deposits("2026-05-07", &[(payer, 5_000)])).await;
    assert_eq!(june.waiting[0].candidates[0].because, [Likeness::Learned]);
    let void = Fact::EntryVoided(contract::declare::fact::EntryVoided {
        of: entry,
        reason: "it was of somebody else".to_owned(),
    });
    let outcome = desk.fact(&registered, "takahashi", void).await;
    assert!(!outcome.refused, "{:?}", outcome.findings);
    let july = import(&desk, "july.txt", &deposits("2026-05-07", &[(payer, 6_000)])).await;
    assert_eq!(july.waiting[0].candidates, []);
    desk.engine.audit().await.unwrap();
}

#[tokio::test]
async fn a_learned_name_books_alone_only_where_the_operator_says_so() {
    let (desk, registered) = given().await;
    let by = desk.person("takahashi");
    let contract = registered.application.contract();
    let learned = desk.engine.name_learned(&registered.account, contract, "m", "ﾎﾝｼﾔ ｹｲﾘｶ", &by);
    desk.engine.register(learned).await.unwrap();
    let mut trusting =
        crate::desk::engine(desk.engine.store.clone(), desk.mailbox.clone(), desk.clock.clone());
    trusting.operator.bank.learned_names_book = true;
    let file = deposits("2026-05-07", &[("ﾎﾝｼﾔ ｹｲﾘｶ", 5_000)]);
    assert_eq!(import(&desk, "a.txt", &file).await.applied, 0);
    let read = trusting.import_deposits("b.txt", &file, &by).await.unwrap();
    assert_eq!((read.applied, read.waiting.len()), (1, 0));
    // What waited is settled by it.
    assert_eq!(desk.engine.waiting_movements().await.unwrap(), []);
}

#[tokio::test]
async fn a_movement_is_set_aside_with_a_reason_and_can_be_taken_up_again() {
    let (desk, registered) = given().await;
    let by = desk.person("takahashi");
    let stray = DepositEntry { payer_name: "ﾀﾅｶ".to_owned(), ..credit(2, "2026-05-06", 999) };
    let back =
        DepositEntry { direction: Direction::Out, kind: "19".to_owned(), row: 3, ..stray.clone() };
    let file = moved(vec![stray, back], "2026-05-07");
    import(&desk, "bank.txt", &file).await;
    let waiting = desk.engine.waiting_movements().await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(desk.engine.set_movement_aside(&waiting[0].id, &by, " ").await.is_err());
    for movement in &waiting {
        desk.engine.set_movement_aside(&movement.id, &by, "the bank's mistake").await.unwrap();
    }
    assert!(desk.engine.set_movement_aside(&waiting[0].id, &by, "again").await.is_err());
    assert_eq!(desk.engine.waiting_movements().await.unwrap(), []);
    // Read once more, it is no new question, and nothing is booked of it though a name
    // is known by now.
    let (account, contract) = (&registered.account, registered.application.contract());
    let learned = desk.engine.name_learned(account, contract, "m", "ﾀﾅｶ", &by);
    desk.engine.register(learned).await.unwrap();
    let mut trusting =
        crate::desk::engine(desk.engine.store.clone(), desk.mailbox.clone(), desk.clock.clone());
    trusting.operator.bank.learned_names_book = true;
    let read = trusting.import_deposits("later.txt", &file, &by).await.unwrap();
    assert_eq!((read.applied, read.known), (0, 2));
    assert_eq!(desk.engine.waiting_movements().await.unwrap(), []);
    desk.engine.take_movement_up(&waiting[0].id, &by, "it was ours").await.unwrap();
    assert_eq!(desk.engine.waiting_movements().await.unwrap(), waiting[..1]);
    assert_eq!(desk.engine.store.check_chains().await.unwrap(), []);
}

#[tokio::test]
async fn two_statements_of_one_day_in_one_file_tell_of_the_same_movements() {
    let (desk, registered) = given().await;
    let one = moved(vec![credit(2, "2026-05-06", 5_000)], "2026-05-07");
    let both =
        moved(vec![credit(2, "2026-05-06", 5_000), credit(3, "2026-05-06", 5_000)], "2026-05-07");
    let joined = [one, both].concat();
    let read = import(&desk, "joined.txt", &joined).await;
    assert_eq!((read.applied, read.known), (2, 1));
    assert_eq!(desk.state(&registered.account).await.held, Yen(10_000));
}
