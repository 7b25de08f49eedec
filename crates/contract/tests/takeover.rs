//! Contracts and receivables of an earlier book live on under the same rules.

mod case;

use case::facts::{cancellation, form, line, receipt, special};
use case::{Story, at, day, obstacles, yen};
use contract::application::receiving::Change;
use contract::declare::act::{Act, Suspend, VerifyTakeover};
use contract::declare::consequence::{Alert, CancellationDetermined, Consequence};
use contract::declare::fact::{EntryVoided, Fact, Payment};
use contract::declare::ids::ContractId;
use contract::declare::task::AlertCode;
use contract::money::charges::{Run, draft};
use contract::money::invoice::{ChargeKind, Invoice, InvoiceKind};
use contract::notices::notice::Channel;
use contract::takeover::{
    ChangeToCome, LineStanding, Notified, Origin, PartPayment, RunningNotice, StandingAgreement,
    TakenOverContract, TakenOverReceivable,
};
use contract::who::roles::Role;
use contract::{ContractStatus, Provision};
use proptest::prelude::*;
use reckon::{Month, Period, Yen};
use serde_json::json;

const LOADED: &str = "2026-04-20T10:00";

fn id() -> ContractId {
    ContractId::taken_over(&case::account(), "旧-1")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn origin(row: u32) -> Origin {
    Origin { file: "book.xlsx".into(), sha256: "00".into(), sheet: "契約".into(), row }
}

/// In service since April 2025, its period runs to the end of May 2026.
fn taken() -> TakenOverContract {
    TakenOverContract {
        contract: id(),
        number: "旧-1".into(),
        origin: origin(2),
        formed_at: at("2025-03-20T15:00"),
        version: "1.1".into(),
        form: form("2025-06-01", "2026-05-31", vec![line(1, "VM", "2025-04-10")]),
        charge_from: month("2026-05"),
        standing: vec![LineStanding {
            line: 1,
            started_on: day("2025-04-10"),
            minimum_term_to: Some(day("2026-12-31")),
        }],
        agreements: Vec::new(),
        changes: Vec::new(),
        notices: Vec::new(),
        suspended_at: None,
        people: Default::default(),
    }
}

fn receivable(number: &str, due: &str, total: i64) -> TakenOverReceivable {
    TakenOverReceivable {
        number: number.into(),
        origin: origin(3),
        kind: InvoiceKind::Fee,
        contracts: vec![id()],
        month: month("2026-01"),
        issued_on: day("2026-02-02"),
        due: day(due),
        total: yen(total),
        payments: Vec::new(),
        interest_charged: Yen::ZERO,
    }
}

fn loaded(taken: TakenOverContract) -> Story {
    let mut story = Story::new();
    story.fact(LOADED, Fact::ContractTakenOver(Box::new(taken)));
    story
}

fn open(story: &mut Story, receivable: TakenOverReceivable) {
    story.fact("2026-04-20T10:01", Fact::ReceivableTakenOver(Box::new(receivable)));
}

fn drafts(story: &Story, of: &str, issued_on: &str) -> Vec<Invoice> {
    let run = Run { id: of.into(), month: month(of), issued_on: day(issued_on) };
    let drafted = draft(&story.law, &case::account(), &story.state, &run).expect("the law applies");
    assert_eq!(drafted.held_back, []);
    drafted.invoices
}

fn months_charged(invoices: &[Invoice]) -> Vec<(ChargeKind, String, Yen)> {
    let lines = invoices.iter().flat_map(|invoice| &invoice.lines);
    lines.map(|l| (l.charge.key.kind, l.charge.key.month.to_string(), l.amount)).collect()
}

fn pays(on: &str, amount: i64) -> Fact {
    Fact::PaymentCredited(Payment {
        on: day(on),
        amount: yen(amount),
        payer: "ﾐﾎﾝ".into(),
        names: Vec::new(),
    })
}

fn differs(story: &Story) -> bool {
    story.has(|c| matches!(c, Consequence::Alert(Alert { code: AlertCode::TakenOverDiffers, .. })))
}

#[test]
fn a_contract_stands_as_the_earlier_book_has_it() {
    let story = loaded(taken());
    let contract = story.contract(&id());
    assert_eq!(
        (contract.status, contract.provision),
        (ContractStatus::Active, Provision::InService)
    );
    assert_eq!(contract.formed_at, at("2025-03-20T15:00"));
    assert_eq!(contract.lines[0].minimum_term.map(|term| term.to), Some(day("2026-12-31")));
    assert!(contract.is_unverified());
    let taken = contract.taken_over.as_ref().expect("taken over");
    assert_eq!((taken.number.as_str(), taken.by.as_str()), ("旧-1", "desk-1"));
    // No application is made up for it, and no duty of an application.
    assert!(story.state.applications.is_empty() && story.state.tasks.is_empty());
    assert!(!story.has(|c| matches!(c, Consequence::ContractFormed(_))));
    assert!(!story.has(|c| matches!(c, Consequence::Alert(_))));
}

#[test]
fn nothing_before_the_first_month_is_charged() {
    let mut story = loaded(taken());
    assert_eq!(drafts(&story, "2026-04", "2026-05-01"), []);
    story.clock("2026-06-01T03:00");
    let may = drafts(&story, "2026-05", "2026-06-01");
    assert_eq!(months_charged(&may), [(ChargeKind::MonthlyFee, "2026-05".into(), yen(100_000))]);
}

#[test]
fn usage_before_the_first_month_is_not_charged() {
    let mut all = taken();
    all.form.lines.push(line(2, "TRAFFIC", "2025-04-10"));
    let mut story = loaded(all);
    for (file, of) in [("a.csv", "2026-04"), ("b.csv", "2026-05")] {
        story.fact("2026-06-01T01:00", case::facts::usage(file, &id(), of, "10"));
    }
    let may = drafts(&story, "2026-05", "2026-06-01");
    let usage: Vec<_> = months_charged(&may);
    assert!(!usage.contains(&(ChargeKind::Usage, "2026-04".into(), yen(125))));
}

#[test]
fn it_is_extended_when_nobody_objects() {
    let mut story = loaded(taken());
    story.clock("2026-05-20T00:00");
    assert_eq!(story.contract(&id()).period.to, day("2026-06-30"));
}

#[test]
fn a_limit_that_has_passed_is_caught_up_at_once() {
    let mut late = taken();
    late.form.period.to = day("2026-03-31");
    let story = loaded(late);
    assert_eq!(story.contract(&id()).period.to, day("2026-05-31"));
    assert!(differs(&story));
}

#[test]
fn a_statement_of_the_time_before_ends_it_with_its_period() {
    let mut ending = taken();
    ending.notices.push(RunningNotice::NonRenewal {
        statement: contract::ending::renewal::Statement {
            by: contract::ending::renewal::Side::Customer,
            channel: Channel::Email,
            sent_at: at("2026-04-01T10:00"),
            arrived_at: Some(at("2026-04-01T10:00")),
            against: None,
        },
    });
    let mut story = loaded(ending);
    assert_eq!(story.contract(&id()).status, ContractStatus::ExpiryScheduled);
    story.clock("2026-06-01T00:00");
    assert_eq!(story.contract(&id()).end.as_ref().map(|end| end.on), Some(day("2026-05-31")));
}

fn cancelled(notified: Option<&str>) -> TakenOverContract {
    let mut leaving = taken();
    leaving.notices.push(RunningNotice::Cancellation {
        channel: Channel::Paper,
        arrived_at: at("2026-04-15T11:00"),
        desired: Some(day("2026-05-15")),
        notified: notified.map(|effective| Notified {
            sent_at: at("2026-04-15T17:00"),
            effective: day(effective),
        }),
    });
    leaving
}

#[test]
fn the_day_of_an_earlier_receipt_notice_stands() {
    let mut story = loaded(cancelled(Some("2026-05-31")));
    assert_eq!(story.contract(&id()).status, ContractStatus::CancellationScheduled);
    assert!(differs(&story), "the rules give another day");
    story.clock("2026-06-01T00:00");
    assert_eq!(story.contract(&id()).end.as_ref().map(|end| end.on), Some(day("2026-05-31")));
    // 14-2: June to December are left of the minimum term.
    let invoices = drafts(&story, "2026-05", "2026-06-01");
    let charged = months_charged(&invoices);
    assert!(charged.contains(&(ChargeKind::EarlyTermination, "2026-05".into(), yen(700_000))));
}

#[test]
fn a_form_without_a_receipt_notice_waits_for_one() {
    let mut story = loaded(cancelled(None));
    assert_eq!(story.contract(&id()).status, ContractStatus::CancellationRequested);
    let determined = story.case.live.values().find_map(|live| match live.consequence {
        Consequence::CancellationDetermined(CancellationDetermined { effective, .. }) => {
            Some(effective)
        }
        _ => None,
    });
    let effective = determined.expect("a day");
    story.fact("2026-04-21T10:00", receipt(&id(), &effective.to_string()));
    assert_eq!(story.contract(&id()).status, ContractStatus::CancellationScheduled);
    assert!(!differs(&story));
}

#[test]
fn a_cancellation_that_comes_later_goes_its_usual_way() {
    let mut story = loaded(taken());
    let form = cancellation(&id(), Channel::Paper, "2026-06-01T10:00", Some("2026-08-15"));
    story.fact("2026-06-01T10:00", form);
    story.fact("2026-06-01T11:00", receipt(&id(), "2026-08-15"));
    story.clock("2026-09-01T00:00");
    let charged = months_charged(&drafts(&story, "2026-08", "2026-09-01"));
    assert!(charged.contains(&(ChargeKind::EarlyTermination, "2026-08".into(), yen(400_000))));
    let fees = charged.iter().filter(|(kind, _, _)| *kind == ChargeKind::MonthlyFee);
    assert_eq!(fees.count(), 4);
}

#[test]
fn agreements_changes_to_come_and_a_suspension_hold() {
    let mut special_one = taken();
    special_one.agreements.push(StandingAgreement {
        term: special("renewal.extension_months", json!(12)),
        from: day("2025-04-01"),
    });
    special_one.changes.push(ChangeToCome {
        from: day("2026-07-01"),
        document: "変更-7".into(),
        change: Change::SetQuantity { line: 1, quantity: 3 },
    });
    special_one.suspended_at = Some(at("2026-04-01T09:00"));
    let mut story = loaded(special_one);
    assert_eq!(story.contract(&id()).provision, Provision::Suspended);
    story.clock("2026-08-01T01:00");
    assert_eq!(story.contract(&id()).period.to, day("2027-05-31"));
    let fees: Vec<_> = months_charged(&drafts(&story, "2026-07", "2026-08-01"));
    let amounts: Vec<_> = fees.iter().map(|(_, _, amount)| *amount).collect();
    assert_eq!(amounts, [yen(100_000), yen(100_000), yen(300_000)]);
}

#[test]
fn rights_are_open_on_an_opening_receivable_by_its_due_date() {
    let mut story = loaded(taken());
    open(&mut story, receivable("旧請求-1", "2026-03-31", 110_000));
    assert!(story.has_right("12-3") && !story.has_right("16-1(2)"));
    story.clock("2026-07-01T01:00");
    assert!(story.has_right("16-1(2)"));
    let act = Act::Suspend(Suspend {
        contract: id(),
        ground: "12-3".into(),
        proposed_by: "collector-1".into(),
    });
    let step = story.act("2026-07-01T10:00", ("boss-1", Role::SuspensionApprover), act);
    assert!(!step.refused);
    let codes: Vec<_> = step.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["unverified_takeover"]);
}

#[test]
fn late_interest_counts_from_the_old_due_date_less_what_was_charged() {
    let mut story = loaded(taken());
    let mut old = receivable("旧請求-1", "2026-03-31", 110_000);
    old.payments.push(PartPayment { on: day("2026-04-11"), amount: yen(50_000) });
    old.interest_charged = yen(100);
    open(&mut story, old);
    assert_eq!(story.state.receivables["旧請求-1"].outstanding, yen(60_000));
    story.fact("2026-05-01T10:00", pays("2026-05-01", 60_000));
    let paid = &story.state.receivables["旧請求-1"];
    assert_eq!((paid.outstanding, paid.paid_on), (Yen::ZERO, Some(day("2026-05-01"))));
    // 110,000 for 1 to 10 April and 60,000 for 11 to 30 April, 14.6 % over 365:
    // 440 and 480, of which 100 had been charged.
    assert_eq!(paid.late_interest, yen(820));
    let charged = months_charged(&drafts(&story, "2026-04", "2026-05-08"));
    assert_eq!(charged, [(ChargeKind::LateInterest, "2026-05".into(), yen(820))]);
    assert!(!story.has_right("12-3"));
}

#[test]
fn a_receivable_is_no_charge_and_no_credit_of_ours() {
    let mut story = loaded(taken());
    let mut of_may = receivable("旧請求-1", "2026-06-30", 110_000);
    of_may.month = month("2026-05");
    open(&mut story, of_may);
    story.clock("2026-06-01T01:00");
    let charged = months_charged(&drafts(&story, "2026-05", "2026-06-01"));
    assert_eq!(charged, [(ChargeKind::MonthlyFee, "2026-05".into(), yen(100_000))]);
}

#[test]
fn another_person_verifies_and_only_once() {
    let mut story = loaded(taken());
    let verify = || Act::VerifyTakeover(VerifyTakeover { contract: id() });
    let own = story.act("2026-04-21T09:00", ("desk-1", Role::OrderDesk), verify());
    assert_eq!(obstacles(&own), ["same_person"]);
    let stranger = story.act("2026-04-21T09:01", ("bill-1", Role::Billing), verify());
    assert_eq!(obstacles(&stranger), ["not_permitted"]);
    let other = story.act("2026-04-21T09:02", ("approver-1", Role::ContractApprover), verify());
    assert!(!other.refused);
    let taken = story.contract(&id()).taken_over.clone().expect("taken over");
    assert_eq!((taken.unverified, taken.verified_by.as_deref()), (false, Some("approver-1")));
    assert_eq!(taken.verified_on, Some(day("2026-04-21")));
    let again = story.act("2026-04-21T09:03", ("approver-1", Role::ContractApprover), verify());
    assert_eq!(obstacles(&again), ["already_verified"]);
}

#[test]
fn taken_over_twice_is_an_alert_and_a_voided_takeover_is_gone() {
    let mut story = loaded(taken());
    let first = story.last_input();
    let mut other = taken();
    other.form.period.to = day("2026-06-30");
    story.fact("2026-04-21T10:00", Fact::ContractTakenOver(Box::new(other)));
    let twice = |c: &Consequence| {
        matches!(c, Consequence::Alert(Alert { code: AlertCode::TakenOverTwice, .. }))
    };
    assert!(story.has(twice));
    assert_eq!(story.contract(&id()).period.to, day("2026-05-31"));
    story.fact(
        "2026-04-21T11:00",
        Fact::EntryVoided(EntryVoided { of: first, reason: String::new() }),
    );
    assert!(!story.has(twice));
    assert_eq!(story.contract(&id()).period.to, day("2026-06-30"));
}

#[test]
fn the_row_is_the_same_whatever_file_it_was_read_from() {
    let mut moved = taken();
    moved.origin = Origin { file: "copy.xlsx".into(), sha256: "11".into(), ..origin(9) };
    assert_eq!(moved.content_hash(), taken().content_hash());
    moved.charge_from = month("2026-06");
    assert_ne!(moved.content_hash(), taken().content_hash());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is open here after the takeover is what the earlier book had open.
    #[test]
    fn opening_receivables_are_the_ledger(
        book in prop::collection::vec((1..1_000_000_i64, prop::collection::vec((1..40_u32, 0..100_i64), 0..4)), 1..12),
    ) {
        let mut story = loaded(taken());
        let mut expected = Yen::ZERO;
        for (number, (total, parts)) in book.iter().enumerate() {
            let mut old = receivable(&format!("旧請求-{number}"), "2026-03-31", *total);
            let mut left = *total;
            for (days, percent) in parts {
                // Always leaves something: what is settled is not taken over.
                let amount = (left * percent / 100).min(left - 1);
                if amount > 0 {
                    let on = Period::days(day("2026-03-10"), *days).last_day();
                    old.payments.push(PartPayment { on, amount: yen(amount) });
                    left -= amount;
                }
            }
            expected += yen(left);
            open(&mut story, old);
        }
        let open: Yen = story.state.receivables.values().map(|r| r.outstanding).sum();
        prop_assert_eq!(open, expected);
    }
}
