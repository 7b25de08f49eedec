//! An existing book is taken over and lives on.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::declare::act::{Act, VerifyTakeover};
use contract::declare::fact::{EntryVoided, Fact, Payment};
use contract::declare::ids::{AccountId, ContractId};
use contract::money::invoice::{ChargeKind, Invoice};
use contract::road::stream::Content;
use contract::{AccountState, ContractState, Kept, Person, PersonRole};
use document::wording::{self, Language};
use engine::{EngineError, Loaded, OutboxRow, OutboxState};
use reckon::Yen;
use serde_json::json;

use self::rows::{Rows, add, corporate_number, number, rows};
use crate::desk::Desk;

#[path = "../../../document/examples/sample_book/rows.rs"]
pub mod rows;

const LOADED: &str = "2026-04-20T10:00:00";

fn workbook(rows: &Rows) -> Vec<u8> {
    document::write_book(rows).unwrap()
}

async fn desk() -> Desk {
    let desk = Desk::open().await;
    desk.go_to(LOADED).await;
    desk
}

async fn load(desk: &Desk, rows: &Rows) -> Loaded {
    try_load(desk, rows).await.unwrap()
}

async fn try_load(desk: &Desk, rows: &Rows) -> Result<Loaded, EngineError> {
    let by = desk.person("sato");
    desk.engine.load_book("book.xlsx", &workbook(rows), &by, &mut |_, _| {}).await
}

/// The faults by which a book is refused; nothing of it is recorded then.
async fn faults(desk: &Desk, rows: &Rows) -> Vec<String> {
    let before = desk.engine.export().await.unwrap();
    let Err(EngineError::Faults(faults)) = try_load(desk, rows).await else {
        panic!("the book should be refused");
    };
    assert_eq!(desk.engine.export().await.unwrap(), before);
    faults.iter().map(|fault| format!("{} {}", fault.place.en, fault.problem.en)).collect()
}

fn account(at: u64) -> AccountId {
    AccountId::of_company(&corporate_number(at))
}

fn id(at: u64) -> ContractId {
    ContractId::taken_over(&account(at), &number(at))
}

async fn contract(desk: &Desk, at: u64) -> Kept<ContractState> {
    desk.state(&account(at)).await.contracts[&id(at)].clone()
}

async fn brought(desk: &Desk, at: u64, by: &str, content: Content) -> bool {
    let name = format!("desk-{}-{at}-{by}", desk.engine.now().unix_seconds());
    let input = desk.engine.input(name, &account(at), &desk.person(by), "desk", content);
    let outcome = desk.engine.register(input).await.unwrap();
    desk.engine.settle().await.unwrap();
    !outcome.refused
}

async fn bill(desk: &Desk, month: &str, on: &str) -> Vec<String> {
    desk.go_to(&format!("{on}T09:00:00")).await;
    let by = desk.person("takahashi");
    desk.engine.bill(month.parse().unwrap(), on.parse().unwrap(), &by).await.unwrap().issued
}

fn issued(state: &AccountState) -> Vec<&Invoice> {
    let ours = state.receivables.values().filter(|r| r.taken_over.is_none());
    ours.map(|receivable| receivable.invoice.as_ref()).collect()
}

fn charged(state: &AccountState, kind: ChargeKind) -> Vec<(String, Yen)> {
    let lines = issued(state).into_iter().flat_map(|invoice| &invoice.lines);
    let lines = lines.filter(|line| line.charge.key.kind == kind);
    lines.map(|line| (line.charge.key.month.to_string(), line.amount)).collect()
}

#[tokio::test]
async fn a_book_is_taken_over_and_a_second_load_changes_nothing() {
    let desk = desk().await;
    let loaded = load(&desk, &rows(36)).await;
    assert_eq!((loaded.contracts, loaded.receivables, loaded.known), (36, 9, 0));
    assert_eq!(loaded.open_in_book, loaded.open_in_ledger);
    let before = desk.engine.export().await.unwrap();
    let again = load(&desk, &rows(36)).await;
    assert_eq!((again.contracts, again.receivables, again.known), (0, 0, 45));
    assert_eq!(desk.engine.export().await.unwrap(), before);
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);
}

#[tokio::test]
async fn what_is_open_in_the_ledger_is_what_the_book_says() {
    let desk = desk().await;
    let book = rows(48);
    load(&desk, &book).await;
    let unpaid = book["売掛金"].iter().map(|row| row[7].parse::<i64>().unwrap()).sum();
    let views = desk.engine.store.views("invoice").await.unwrap();
    let open = views.iter().map(|view| view.content["outstanding"].as_i64().unwrap()).sum();
    assert_eq!(Yen(unpaid), Yen(open));
}

#[tokio::test]
async fn a_load_that_was_cut_off_goes_on() {
    let whole = desk().await;
    load(&whole, &rows(30)).await;
    let cut = desk().await;
    load(&cut, &rows(0)).await;
    // What a killed load leaves: some accounts recorded, others not.
    let mut first = rows(11);
    first.remove("検算");
    load(&cut, &first).await;
    load(&cut, &rows(30)).await;
    let (whole, cut) = (whole.accounts().await, cut.accounts().await);
    let facts = |accounts: &serde_json::Value| -> BTreeMap<String, serde_json::Value> {
        let records = accounts.as_array().unwrap().iter();
        let records = records.flat_map(|account| account["records"].as_array().unwrap());
        let mut facts = BTreeMap::new();
        for record in records {
            let mut fact = record["input"]["content"].clone();
            // The file differs, its content does not.
            fact["fact"]["origin"] = serde_json::Value::Null;
            facts.insert(record["input"]["id"].as_str().unwrap().to_owned(), fact);
        }
        facts
    };
    assert_eq!(facts(&whole), facts(&cut));
}

#[tokio::test]
async fn a_taken_over_contract_lives_on_for_months() {
    let desk = desk().await;
    load(&desk, &rows(12)).await;
    // Contract 3 was to end with April; nobody had objected by the limit.
    assert!(contract(&desk, 3).await.period.to > "2026-04-30".parse().unwrap());
    let numbers = bill(&desk, "2026-05", "2026-06-05").await;
    assert_eq!(numbers[0], "INV-2026-000432", "the next number after the earlier book");
    let state = desk.state(&account(3)).await;
    assert_eq!(charged(&state, ChargeKind::MonthlyFee), [("2026-05".to_owned(), Yen(4 * 24_800))]);
    // Contract 2 was cancelled for 30 June before the takeover, within its term.
    bill(&desk, "2026-06", "2026-07-03").await;
    let state = desk.state(&account(2)).await;
    let over = &state.contracts[&id(2)];
    assert_eq!(over.end.as_ref().unwrap().on, "2026-06-30".parse().unwrap());
    let residual = charged(&state, ChargeKind::EarlyTermination);
    assert_eq!(residual, [("2026-06".to_owned(), Yen(6 * 3 * 24_800))]);
    // Its receipt notice had left before: no second one.
    let outbox = desk.engine.store.outbox().await.unwrap();
    let account = account(2);
    let receipts = outbox.iter().filter(|row| row.account == account);
    assert!(receipts.into_iter().all(|row| !row.id.starts_with("receipt-")));
    // Two extensions came at once: the first of them is no longer what is to be told.
    let (done, settled): (Vec<_>, Vec<_>) =
        outbox.iter().partition(|row| row.state == OutboxState::Done);
    for row in settled {
        let last = |one: &&&OutboxRow| {
            one.payload["effect"] == "contract_notice"
                && one.payload["contract"] == row.payload["contract"]
                && one.payload["about"].as_str() > row.payload["about"].as_str()
        };
        assert_eq!((row.state, &row.payload["kind"]), (OutboxState::Settled, &json!("extension")));
        assert!(done.iter().any(|one| last(&one)), "{row:#?}");
    }
    assert_eq!(desk.engine.audit().await.unwrap().differences, [""; 0]);
}

#[tokio::test]
async fn an_opening_receivable_is_paid_late_with_interest() {
    let desk = desk().await;
    load(&desk, &rows(8)).await;
    let state = desk.state(&account(4)).await;
    let (number, opening) = state.receivables.first_key_value().unwrap();
    assert_eq!((number.as_str(), opening.outstanding), ("INV-2026-000005", Yen(31_680)));
    assert!(state.rights.iter().any(|right| right.right == "12-3" && right.about == *number));
    desk.go_to("2026-05-08T10:00:00").await;
    let payment = Payment {
        on: "2026-05-08".parse().unwrap(),
        amount: Yen(31_680),
        payer: "ﾐﾎﾝ4".to_owned(),
        names: Vec::new(),
    };
    brought(&desk, 4, "takahashi", Content::Fact(Fact::PaymentCredited(payment))).await;
    let state = desk.state(&account(4)).await;
    assert!(state.rights.is_empty());
    bill(&desk, "2026-05", "2026-06-05").await;
    let state = desk.state(&account(4)).await;
    // 31,680 × 14.6 % × 37 days (1 April to 7 May) ÷ 365 = 468.86
    assert_eq!(charged(&state, ChargeKind::LateInterest), [("2026-05".to_owned(), Yen(468))]);
}

#[tokio::test]
async fn an_explanation_says_where_it_comes_from_and_who_verified_it() {
    let desk = desk().await;
    load(&desk, &rows(4)).await;
    let told = async |id: &str| {
        let found = desk.engine.explain(id, Language::English).await.unwrap();
        let staff = contract::declare::reason::Audience::Staff;
        found.iter().map(|e| wording::explain(e, Language::English, staff)).collect::<String>()
    };
    let text = told(&number(4)).await;
    assert!(text.contains("book.xlsx, 契約!5 (sha256 "), "{text}");
    assert!(text.contains("taken over, unverified"), "{text}");
    let act = || Content::Act(Act::VerifyTakeover(VerifyTakeover { contract: id(4) }));
    assert!(!brought(&desk, 4, "sato", act()).await, "who loaded it cannot verify it");
    assert!(brought(&desk, 4, "suzuki", act()).await);
    for name in [number(4), id(4).0, "INV-2026-000005".to_owned()] {
        let text = told(&name).await;
        assert!(text.contains("taken over, verified by suzuki on 2026-04-20"), "{text}");
    }
    let view = desk.engine.store.view("contract", &id(4).0).await.unwrap().unwrap();
    assert_eq!(view.content["unverified"], false);
    assert_eq!(view.content["former_number"], "MC-00004");
}

#[tokio::test]
async fn the_preview_shows_what_follows_at_once() {
    let desk = desk().await;
    let bytes = workbook(&rows(12));
    let takeover = desk.engine.check_book("book.xlsx", &bytes, &desk.person("sato")).await.unwrap();
    let preview = desk.engine.preview(&takeover, Language::English).unwrap();
    assert_eq!((preview.contracts, preview.receivables), (12, 3));
    assert_eq!(preview.dates.len(), 12);
    assert_eq!(preview.numbers, ["INV-2026-000431"]);
    let follows = preview.follows.join("\n");
    assert!(follows.contains("contract extended to"), "{follows}");
    assert!(follows.contains("right of suspension open"), "{follows}");
    // Nothing has been written by looking.
    assert!(desk.engine.store.accounts().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_prices_terms_and_the_record_do_not_allow_is_refused_by_its_cell() {
    let desk = desk().await;
    let changed = |sheet: &str, row: usize, column: usize, text: &str| {
        let mut book = rows(4);
        book.get_mut(sheet).unwrap()[row][column] = text.to_owned();
        book
    };
    let cases = [
        (changed("契約", 0, 8, "9.9"), "契約!I2 the terms have no version 9.9"),
        (changed("契約", 0, 7, "2026-05-01"), "契約!H2 2026-05-01 is later than today"),
        (changed("契約", 0, 15, "2026-05-01"), "契約!P2 2026-05-01 is later than today"),
        (changed("明細", 0, 3, "NONE"), "明細!D2 the price table has no item NONE"),
        (changed("明細", 0, 5, "2026-05-01"), "明細!F2 2026-05-01 is later than today"),
        (changed("個別合意", 0, 1, "no.such"), "個別合意!B2 the terms have no parameter"),
        (changed("個別合意", 0, 2, "\"many\""), "個別合意!C2 "),
        (changed("通知", 0, 6, "2026-05-01"), "通知!G2 2026-05-01 is later than today"),
        (changed("最終番号", 0, 2, "3"), "売掛金!A2 INV-2026-000005 is a number that is still"),
    ];
    for (book, expected) in cases {
        let found = faults(&desk, &book).await;
        assert!(found.iter().any(|fault| fault.starts_with(expected)), "{expected}: {found:#?}");
    }
}

#[tokio::test]
async fn a_contract_that_is_over_is_not_taken_over() {
    let desk = desk().await;
    let mut book = rows(4);
    let second = number(2);
    let ended = [
        second.as_str(),
        "解約申込",
        "書面",
        "",
        "2026-01-15",
        "2026-03-31",
        "2026-01-16",
        "2026-03-31",
    ];
    book.get_mut("通知").unwrap().clear();
    add(&mut book, "通知", &ended);
    assert_eq!(faults(&desk, &book).await, ["契約!A3 this contract was over on 2026-03-31"]);
}

#[tokio::test]
async fn another_content_of_a_loaded_row_is_refused_until_it_is_voided() {
    let desk = desk().await;
    load(&desk, &rows(4)).await;
    let mut other = rows(4);
    other.get_mut("契約").unwrap()[0][10] = "2026-07-31".to_owned();
    let found = faults(&desk, &other).await;
    assert_eq!(found, ["契約!A2 it was taken over on 2026-04-20 with another content"]);
    let records = desk.engine.records(&account(1)).await.unwrap();
    let of = records[0].input.id.clone();
    let void = Content::Fact(Fact::EntryVoided(EntryVoided { of, reason: String::new() }));
    brought(&desk, 1, "sato", void).await;
    let loaded = load(&desk, &other).await;
    assert_eq!((loaded.contracts, loaded.known), (1, 4));
    assert_eq!(contract(&desk, 1).await.period.to, "2026-07-31".parse().unwrap());
}

/// Whom the row names that was loaded last, and after that whoever a change names.
#[tokio::test]
async fn who_is_written_to_is_named_by_the_row_that_holds() {
    let desk = desk().await;
    load(&desk, &rows(4)).await;
    let written_to = async || {
        let state = desk.state(&account(1)).await;
        let people = desk.engine.contract_people(&state, &id(1)).await.unwrap();
        people.into_iter().map(|person| person.mail).collect::<Vec<_>>()
    };
    assert_eq!(written_to().await, ["mihon1@mihon.example"]);
    let of = desk.engine.records(&account(1)).await.unwrap()[0].input.id.clone();
    let void = Content::Fact(Fact::EntryVoided(EntryVoided { of, reason: String::new() }));
    brought(&desk, 1, "sato", void).await;
    let mut other = rows(4);
    let row = &mut other.get_mut("契約").unwrap()[0];
    (row[10], row[18]) = ("2026-07-31".to_owned(), "new@mihon.example".to_owned());
    load(&desk, &other).await;
    assert_eq!(written_to().await, ["new@mihon.example"]);
    let application = id(1).application();
    let person = Person {
        role: PersonRole::ResponsiblePerson,
        name: "後任　花子".to_owned(),
        department: String::new(),
        mail: "later@mihon.example".to_owned(),
        phone: "03-0000-0001".to_owned(),
    };
    let (account, by) = (account(1), desk.person("sato"));
    let changed = desk.engine.change_contact("contact-1", &account, &application, person, &by, "");
    changed.await.unwrap();
    assert_eq!(written_to().await, ["later@mihon.example"]);
}

#[tokio::test]
async fn our_own_numbers_are_never_given_again() {
    let desk = desk().await;
    desk.go_to("2026-06-05T09:00:00").await;
    let mut first = rows(3);
    first.remove("最終番号");
    load(&desk, &first).await;
    let given = bill(&desk, "2026-05", "2026-06-05").await;
    assert_eq!(given.len(), 3);
    let mut book = rows(0);
    add(&mut book, "最終番号", &["INV", "2026", "2"]);
    assert_eq!(faults(&desk, &book).await, ["最終番号!C2 INV-2026-000003 was given here already"]);
}

#[tokio::test]
async fn only_those_who_may_take_over_a_book_load_one() {
    let desk = desk().await;
    let by = desk.person("kato");
    let bytes = workbook(&rows(2));
    let refused = desk.engine.load_book("book.xlsx", &bytes, &by, &mut |_, _| {}).await;
    assert!(matches!(refused, Err(EngineError::Refused(_))));
    assert!(desk.engine.store.accounts().await.unwrap().is_empty());
}

#[tokio::test]
async fn progress_is_told_up_to_the_end() {
    let desk = desk().await;
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let ears = heard.clone();
    let by = desk.person("sato");
    let mut progress = move |done, all| ears.lock().unwrap().push((done, all));
    let bytes = workbook(&rows(120));
    desk.engine.load_book("book.xlsx", &bytes, &by, &mut progress).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    assert!(heard.len() > 1 && heard.is_sorted());
    assert_eq!(heard.last(), Some(&(150, 150)));
}
