//! Corrections of money: credit notes, applications undone, money held, waivers.

mod case;

use case::facts::*;
use case::two::{CLERK, DESK};
use case::{Story, account, at, day, obstacles, yen};
use contract::application::receiving::Change;
use contract::declare::act::{
    Act, ApplyPayment, ChargeAmendmentCosts, CorrectEntry, CorrectInvoices, MovePayment,
    OffsetHeld, ReturnHeld, UndoCashApplication, VoidEntry, WaiveFee, WaiveInterest,
};
use contract::declare::consequence::{Consequence, InterestWaived};
use contract::declare::fact::{Fact, HeldReturned, JudgementRecorded, ServiceStarted};
use contract::declare::ids::{ContractId, InputId};
use contract::money::charges::{Run, charges_of, credit_notes};
use contract::money::credit_note::CreditNote;
use contract::money::invoice::ChargeKind;
use contract::money::payment::Part;
use contract::who::roles::Role;
use reckon::{Month, Yen};

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// Two lines of `VM`, invoiced for April: 220,000 due 1 June.
fn two_lines() -> (Story, ContractId) {
    let mut story = Story::new();
    let lines = vec![line(1, "VM", "2026-04-01"), line(2, "VM", "2026-04-01")];
    let id = story.formed("ref-1", form("2026-04-01", "2026-04-30", lines));
    for number in [1, 2] {
        story.fact("2026-04-01T09:00", started(&id, number, "2026-04-01"));
    }
    assert_eq!(story.invoiced("N-1", "2026-04", "2026-04-30").total, yen(220_000));
    (story, id)
}

/// The second line had never started: the entry is voided.
fn second_line_wrong(story: &mut Story) {
    let of = story.records.iter().find_map(|record| match &record.input.content {
        contract::road::stream::Content::Fact(Fact::ServiceStarted(ServiceStarted {
            line: 2,
            ..
        })) => Some(record.input.id.clone()),
        _ => None,
    });
    story.mended("2026-06-10T10:00", DESK, Act::VoidEntry(VoidEntry { of: of.expect("an entry") }));
}

fn notes(story: &Story, up_to: &str, on: &str) -> Vec<CreditNote> {
    let run = Run { id: "r".into(), month: month(up_to), issued_on: day(on) };
    credit_notes(&story.law, &account(), &story.state, &run, &InputId::from("act")).expect("law")
}

/// Approves and issues every note up to a month, as the outbox does.
fn credited(story: &mut Story, when: &str, up_to: &str) -> Vec<CreditNote> {
    let mut notes = notes(story, up_to, &when[..10]);
    let amount: Yen = notes.iter().map(|note| -note.total).sum();
    story.mended(
        when,
        CLERK,
        Act::CorrectInvoices(CorrectInvoices { month: month(up_to), amount }),
    );
    for (at, note) in notes.iter_mut().enumerate() {
        note.number = format!("CN-{}", at + 1);
        story.fact(when, Fact::CreditNoteIssued(Box::new(note.clone())));
    }
    notes
}

fn payment(story: &mut Story, on: &str, amount: i64, names: &[&str]) -> InputId {
    story.fact(&format!("{on}T15:00"), paid(on, amount, names));
    story.last_input()
}

#[test]
fn a_credit_note_lowers_an_unpaid_invoice_and_the_rest_is_tax_of_what_remains() {
    let (mut story, _) = two_lines();
    second_line_wrong(&mut story);
    let issued = credited(&mut story, "2026-06-10T11:00", "2026-06");
    assert_eq!(issued.len(), 1);
    assert_eq!((issued[0].invoice.as_str(), issued[0].total), ("N-1", yen(-110_000)));
    assert_eq!(issued[0].tax_groups[0].tax, yen(-10_000));
    let owed = &story.state.receivables["N-1"];
    assert_eq!((owed.outstanding, owed.credited, owed.paid_on), (yen(110_000), yen(110_000), None));
    assert!(notes(&story, "2026-06", "2026-06-11").is_empty(), "once is enough");
    // What was wrong never bore interest: 110,000 for 9 days, not 220,000.
    payment(&mut story, "2026-06-11", 110_000, &[]);
    assert_eq!(story.state.receivables["N-1"].late_interest, yen(396));
}

#[test]
fn what_was_paid_of_a_wrong_invoice_is_held_and_returned_or_offset() {
    let (mut story, _) = two_lines();
    payment(&mut story, "2026-05-29", 220_000, &[]);
    second_line_wrong(&mut story);
    credited(&mut story, "2026-06-10T11:00", "2026-04");
    assert_eq!(story.state.held, yen(110_000));
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(0));
    story.invoiced("N-2", "2026-05", "2026-06-15");
    let too_much = Act::ReturnHeld(ReturnHeld { amount: yen(110_001) });
    let step = story.corrected("2026-06-16T10:00", CLERK, too_much);
    assert_eq!(obstacles(&step), ["not_so_much_held"]);
    let offset = Act::OffsetHeld(OffsetHeld { number: "N-2".into(), amount: yen(60_000) });
    story.mended("2026-06-16T11:00", CLERK, offset);
    assert_eq!(story.state.receivables["N-2"].outstanding, yen(50_000));
    story.mended("2026-06-16T12:00", CLERK, Act::ReturnHeld(ReturnHeld { amount: yen(50_000) }));
    assert_eq!((story.state.held, story.state.to_return), (yen(50_000), yen(50_000)));
    let back = Fact::HeldReturned(HeldReturned {
        on: day("2026-06-17"),
        amount: yen(50_000),
        reference: "FB-1".into(),
    });
    story.fact("2026-06-17T10:00", back);
    let state = &story.state;
    assert_eq!((state.held, state.to_return, state.returned), (yen(0), yen(0), yen(50_000)));
    assert!(!state.tasks.iter().any(|t| t.task == contract::declare::task::TaskKind::ReturnHeld));
}

#[test]
fn a_transfer_back_that_nobody_approved_is_pointed_out() {
    let (mut story, _) = two_lines();
    payment(&mut story, "2026-05-29", 230_000, &[]);
    let back = Fact::HeldReturned(HeldReturned {
        on: day("2026-06-01"),
        amount: yen(10_000),
        reference: "FB-1".into(),
    });
    story.fact("2026-06-01T10:00", back);
    assert_eq!((story.state.held, story.state.returned), (yen(0), yen(10_000)));
    assert!(story.has(|c| matches!(c, Consequence::Alert(_))));
}

#[test]
fn an_application_undone_leaves_the_debt_unpaid_since_its_due_date() {
    let (mut story, _) = two_lines();
    story.invoiced("N-2", "2026-05", "2026-05-31");
    let id = payment(&mut story, "2026-06-01", 220_000, &["N-1"]);
    let wrong = Act::UndoCashApplication(UndoCashApplication {
        payment: id.clone(),
        number: "N-1".into(),
        amount: yen(110_000),
    });
    let step = story.corrected("2026-06-20T10:00", CLERK, wrong);
    assert_eq!(obstacles(&step), ["amount_differs"]);
    let undo = Act::UndoCashApplication(UndoCashApplication {
        payment: id.clone(),
        number: "N-1".into(),
        amount: yen(220_000),
    });
    story.mended("2026-06-20T10:00", CLERK, undo);
    assert_eq!(story.state.held, yen(220_000));
    assert!(story.has_right("12-3"));
    let part = |number: &str, amount| Part { number: number.into(), amount: yen(amount) };
    let twice =
        Act::ApplyPayment(ApplyPayment { payment: id.clone(), to: vec![part("N-2", 220_001)] });
    let step = story.corrected("2026-06-20T11:00", CLERK, twice);
    assert!(obstacles(&step).contains(&"not_so_much_held".to_owned()));
    let apply = Act::ApplyPayment(ApplyPayment { payment: id, to: vec![part("N-2", 220_000)] });
    story.mended("2026-06-20T11:00", CLERK, apply);
    assert_eq!(story.state.held, yen(0));
    // It had been paid on 1 June, before it was due.
    assert_eq!(story.state.receivables["N-2"].paid_on, Some(day("2026-06-01")));
    assert_eq!(story.state.receivables["N-2"].late_interest, yen(0));
}

#[test]
fn undone_and_applied_again_or_the_undoing_voided_is_as_before() {
    for redo_by_void in [true, false] {
        let (mut story, _) = two_lines();
        let id = payment(&mut story, "2026-06-11", 220_000, &[]);
        let before = story.state.receivables.clone();
        let (number, amount) = ("N-1".to_owned(), yen(220_000));
        let undo = Act::UndoCashApplication(UndoCashApplication {
            payment: id.clone(),
            number: number.clone(),
            amount,
        });
        story.mended("2026-06-20T10:00", CLERK, undo);
        assert_ne!(story.state.receivables, before);
        let redo = match redo_by_void {
            true => Act::VoidEntry(VoidEntry { of: story.last_input() }),
            false => {
                Act::ApplyPayment(ApplyPayment { payment: id, to: vec![Part { number, amount }] })
            }
        };
        story.mended("2026-06-20T11:00", CLERK, redo);
        let after = &story.state.receivables["N-1"];
        let money = |r: &contract::Receivable| (r.outstanding, r.paid_on, r.late_interest);
        assert_eq!(money(after), money(&before["N-1"]));
        assert_eq!(story.state.held, yen(0));
    }
}

#[test]
fn a_payment_of_another_customer_counts_no_longer_here() {
    let (mut story, _) = two_lines();
    let id = payment(&mut story, "2026-05-29", 220_000, &[]);
    let to = contract::declare::ids::AccountId::of_company("1990002000006");
    let moved = Act::MovePayment(MovePayment { payment: id, to, amount: yen(220_000) });
    story.mended("2026-06-05T10:00", CLERK, moved);
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(220_000));
    assert_eq!(story.state.held, yen(0));
    assert!(story.has_right("12-3"));
}

#[test]
fn a_wrong_entry_is_voided_or_replaced_and_what_left_the_house_is_not() {
    let (mut story, id) = two_lines();
    let invoice = story.last_input();
    let step = story.corrected("2026-06-10T10:00", DESK, Act::VoidEntry(VoidEntry { of: invoice }));
    assert_eq!(obstacles(&step), ["not_voidable"]);
    let wrong = payment(&mut story, "2026-05-29", 22_000, &[]);
    let by = Box::new(paid("2026-05-29", 220_000, &[]));
    let correct = Act::CorrectEntry(CorrectEntry {
        of: wrong.clone(),
        by,
        occurred_at: at("2026-05-29T15:00"),
    });
    story.mended("2026-06-10T11:00", CLERK, correct);
    assert_eq!(story.state.receivables["N-1"].paid_on, Some(day("2026-05-29")));
    let correction = story.last_input();
    let again = story.corrected("2026-06-10T12:00", CLERK, Act::VoidEntry(VoidEntry { of: wrong }));
    assert_eq!(obstacles(&again), ["already_voided"]);
    // Voiding the correction brings back what it corrected.
    story.mended("2026-06-10T13:00", CLERK, Act::VoidEntry(VoidEntry { of: correction }));
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(198_000));
    let other = Box::new(started(&id, 2, "2026-04-05"));
    let payment = story.records.iter().rev().find_map(|record| match &record.input.content {
        contract::road::stream::Content::Fact(Fact::PaymentCredited(_)) => {
            Some(record.input.id.clone())
        }
        _ => None,
    });
    let of = payment.expect("a payment");
    let step = story.corrected(
        "2026-06-10T14:00",
        CLERK,
        Act::CorrectEntry(CorrectEntry { of, by: other, occurred_at: at("2026-04-05T09:00") }),
    );
    assert_eq!(obstacles(&step), ["other_kind"]);
}

#[test]
fn interest_and_fees_are_waived_by_two_persons_only() {
    let (mut story, id) = two_lines();
    payment(&mut story, "2026-06-11", 220_000, &[]);
    assert_eq!(story.state.receivables["N-1"].late_interest, yen(792));
    let waive =
        |amount| Act::WaiveInterest(WaiveInterest { number: "N-1".into(), amount: yen(amount) });
    let step = story.corrected("2026-06-12T10:00", CLERK, waive(793));
    assert_eq!(obstacles(&step), ["no_such_interest"]);
    story.mended("2026-06-12T10:00", CLERK, waive(700));
    assert!(story.has(|what| matches!(what, Consequence::InterestWaived(InterestWaived { amount, .. }) if *amount == yen(700))));
    let drafts = story.drafts("r", "2026-04", "2026-06-30");
    assert_eq!(drafts.invoices[0].total, yen(92));
    let fee = |amount, month: &str| {
        Act::WaiveFee(WaiveFee {
            kind: ChargeKind::MonthlyFee,
            contract: id.clone(),
            line: 2,
            month: self::month(month),
            amount: yen(amount),
        })
    };
    let step = story.corrected("2026-06-12T11:00", CLERK, fee(100_001, "2026-04"));
    assert_eq!(obstacles(&step), ["no_such_charge"]);
    // 24-2: April is paid.
    let step = story.corrected("2026-06-12T11:00", CLERK, fee(10_000, "2026-04"));
    assert_eq!(obstacles(&step), ["fee_paid"]);
    story.mended("2026-06-12T13:00", CLERK, fee(100_000, "2026-05"));
    let may = story.drafts("r", "2026-05", "2026-06-30");
    let fees: Yen =
        may.invoices.iter().filter(|i| i.tax_groups[0].percent.is_some()).map(|i| i.total).sum();
    assert_eq!(fees, yen(110_000));
}

/// 24-2: as much can be waived as is still open, with its tax.
#[test]
fn what_was_paid_of_a_fee_is_not_waived() {
    let (mut story, id) = two_lines();
    payment(&mut story, "2026-05-20", 209_000, &[]);
    let fee = |amount| {
        Act::WaiveFee(WaiveFee {
            kind: ChargeKind::MonthlyFee,
            contract: id.clone(),
            line: 2,
            month: month("2026-04"),
            amount: yen(amount),
        })
    };
    let step = story.corrected("2026-05-21T10:00", CLERK, fee(10_001));
    assert_eq!(obstacles(&step), ["fee_paid"]);
    assert_eq!(step.findings[0].clause, "24-2");
    story.mended("2026-05-21T11:00", CLERK, fee(10_000));
    let issued = credited(&mut story, "2026-05-21T12:00", "2026-05");
    assert_eq!(issued.iter().map(|n| n.total).collect::<Vec<_>>(), [yen(-11_000)]);
    assert_eq!((story.state.held, story.state.receivables["N-1"].outstanding), (yen(0), yen(0)));
}

/// X-26: the literal charge stays; a person waives it where the provider was at fault.
#[test]
fn usage_is_waived_only_where_the_provider_was_at_fault() {
    let mut story = Story::new();
    let id = story.running();
    story.fact("2026-05-02T10:00", usage("april.csv", &id, "2026-04", "100"));
    let run = Run { id: "r".into(), month: month("2026-04"), issued_on: day("2026-05-07") };
    let of_usage = |story: &Story| {
        let charges =
            charges_of(&story.law, &story.state, &run, |key| key.kind == ChargeKind::Usage);
        charges.expect("the law applies").iter().map(|charge| charge.amount).sum::<Yen>()
    };
    let charged = of_usage(&story);
    assert!(charged.is_positive());
    let waive = Act::WaiveFee(WaiveFee {
        kind: ChargeKind::Usage,
        contract: id.clone(),
        line: 2,
        month: month("2026-04"),
        amount: charged,
    });
    let step = story.corrected("2026-05-03T10:00", CLERK, waive.clone());
    assert_eq!(obstacles(&step), ["no_fault_of_provider"]);
    let (clause, about) = ("32-3b".to_owned(), id.0.clone());
    let found = Fact::JudgementRecorded(JudgementRecorded {
        clause,
        about,
        document: "leak-2026-1".to_owned(),
    });
    story.fact("2026-05-04T10:00", found);
    assert!(story.state.rights.is_empty(), "it opens no right");
    story.mended("2026-05-04T11:00", CLERK, waive);
    assert_eq!(of_usage(&story), yen(0));
}

#[test]
fn an_amendment_before_the_service_begins_costs_what_it_cost() {
    let mut story = Story::new();
    let lines = vec![line(1, "VM", "2026-04-01")];
    let id = story.formed("ref-1", form("2026-04-01", "2026-04-30", lines));
    let wish = change(&id, "2026-04-01", vec![Change::SetQuantity { line: 1, quantity: 2 }]);
    let amended = contract::declare::ids::ApplicationId::of_reference("ref-2");
    story.fact("2026-03-10T10:00", application("ref-2", "2026-03-10T10:00", wish));
    let costs = Act::ChargeAmendmentCosts(ChargeAmendmentCosts {
        application: amended.clone(),
        costs: vec![yen(30_000)],
    });
    let step = story.corrected("2026-03-10T11:00", DESK, costs.clone());
    assert_eq!(obstacles(&step), ["not_an_amendment"]);
    story.act("2026-03-11T10:00", ("approver-1", Role::ContractApprover), accept(&amended));
    story.fact("2026-03-11T10:05", mail_sent(&amended));
    story.mended("2026-03-11T11:00", DESK, costs.clone());
    let step = story.corrected("2026-03-11T12:00", DESK, costs);
    assert_eq!(obstacles(&step), ["already_charged"]);
    let drafts = story.drafts("r", "2026-03", "2026-03-31");
    assert_eq!(drafts.invoices.iter().map(|i| i.total).collect::<Vec<_>>(), [yen(33_000)]);
    assert_eq!(drafts.invoices[0].kind, contract::money::invoice::InvoiceKind::CostRecovery);
}

#[test]
fn a_removed_line_is_charged_with_its_last_month_and_what_was_agreed() {
    let mut story = Story::new();
    let mut long = line(2, "VM", "2026-04-01");
    long.min_term_months = Some(6);
    let lines = vec![line(1, "VM", "2026-04-01"), long];
    let id = story.formed("ref-1", form("2026-04-01", "2027-03-31", lines));
    for number in [1, 2] {
        story.fact("2026-04-01T09:00", started(&id, number, "2026-04-01"));
    }
    let running = story.contract(&id).clone();
    let asked = (day("2026-04-20"), Some(day("2026-06-15")));
    let terms = contract::service::removal::removal_terms(
        &story.law,
        &running,
        &running.lines[1],
        asked.0,
        asked.1,
    )
    .expect("the law applies")
    .expect("a price");
    // Up to the end of September: July, August and September remain after June.
    assert_eq!((terms.last_day, terms.last_month), (day("2026-06-15"), month("2026-06")));
    assert_eq!(
        (terms.residual_months, terms.residual, terms.residual_tax),
        (3, yen(300_000), yen(30_000))
    );
    let remove = |line, residual| Change::RemoveLine { line, last_day: terms.last_day, residual };
    let wish = change(&id, "2026-06-16", vec![remove(2, terms.residual)]);
    story.fact("2026-04-20T10:00", application("ref-2", "2026-04-20T10:00", wish));
    let removed = contract::declare::ids::ApplicationId::of_reference("ref-2");
    let step =
        story.act("2026-04-21T10:00", ("approver-1", Role::ContractApprover), accept(&removed));
    assert!(
        step.findings.iter().all(|f| f.clause.starts_with("9-10") || f.blocks),
        "{:?}",
        step.findings
    );
    assert!(!step.refused, "{:?}", step.findings);
    story.fact("2026-04-21T10:05", mail_sent(&removed));
    let drafts = story.drafts("r", "2026-07", "2026-07-31");
    let lines: Vec<_> = drafts
        .invoices
        .iter()
        .flat_map(|i| &i.lines)
        .filter(|l| l.charge.key.line == 2)
        .map(|l| {
            (l.charge.key.month.to_string(), l.amount.0, l.charge.because.rule_id().to_owned())
        })
        .collect();
    let fee = |month: &str| (month.to_owned(), 100_000, "monthly_fee".to_owned());
    let residual = ("2026-06".to_owned(), 300_000, "line_removal".to_owned());
    assert_eq!(lines.len(), 4, "{lines:?}");
    for expected in [fee("2026-04"), fee("2026-05"), fee("2026-06"), residual] {
        assert!(lines.contains(&expected), "{expected:?} in {lines:?}");
    }
    let wish = change(&id, "2026-08-01", vec![remove(1, yen(0))]);
    story.fact("2026-07-01T10:00", application("ref-3", "2026-07-01T10:00", wish));
    let last = accept(&contract::declare::ids::ApplicationId::of_reference("ref-3"));
    let step = story.act("2026-07-02T10:00", ("approver-1", Role::ContractApprover), last);
    assert_eq!(obstacles(&step), ["last_line"]);
}
