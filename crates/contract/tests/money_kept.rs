//! Whatever people do with money, none comes into being and none is lost: what is
//! applied, held and returned is what was credited.

mod case;

use case::facts::*;
use case::two::APPROVER;
use case::{Story, at, day, yen};
use contract::declare::act::{
    Act, ApplyPayment, CorrectInvoices, OffsetHeld, ReturnHeld, UndoCashApplication, VoidEntry,
    WaiveFee,
};
use contract::declare::fact::{Fact, HeldReturned};
use contract::declare::ids::InputId;
use contract::money::charges::{Run, credit_notes};
use contract::money::payment::Part;
use contract::road::stream::{Body, Content};
use proptest::prelude::*;
use reckon::Yen;

/// Something that people do with money between June and October 2026.
#[derive(Debug, Clone)]
enum Moves {
    Paid { amount: i64, days_before: i64, named: bool },
    Undo { payment: usize, invoice: usize },
    Apply { payment: usize, invoice: usize, share: i64 },
    Offset { invoice: usize, share: i64 },
    Return { share: i64 },
    Returned { amount: i64 },
    WaiveFee { month: i64, amount: i64 },
    Credit,
    Void { entry: usize },
}

fn moves() -> impl Strategy<Value = Moves> {
    let entry = 0usize..8;
    prop_oneof![
        4 => (1i64..300_000, 0i64..20, any::<bool>())
            .prop_map(|(amount, days_before, named)| Moves::Paid { amount, days_before, named }),
        3 => (entry.clone(), 0usize..3).prop_map(|(payment, invoice)| Moves::Undo { payment, invoice }),
        3 => (entry.clone(), 0usize..3, 1i64..=100)
            .prop_map(|(payment, invoice, share)| Moves::Apply { payment, invoice, share }),
        2 => (0usize..3, 1i64..=100).prop_map(|(invoice, share)| Moves::Offset { invoice, share }),
        1 => (1i64..=100).prop_map(|share| Moves::Return { share }),
        1 => (1i64..50_000).prop_map(|amount| Moves::Returned { amount }),
        2 => (4i64..7, 1i64..100_000).prop_map(|(month, amount)| Moves::WaiveFee { month, amount }),
        2 => Just(Moves::Credit),
        2 => (0usize..30).prop_map(|entry| Moves::Void { entry }),
    ]
}

const INVOICES: [&str; 3] = ["N-1", "N-2", "N-3"];

/// Three months invoiced, nothing paid.
fn owing() -> Story {
    let mut story = Story::new();
    story.running();
    for (number, month, on) in [
        ("N-1", "2026-04", "2026-04-30"),
        ("N-2", "2026-05", "2026-05-29"),
        ("N-3", "2026-06", "2026-06-30"),
    ] {
        story.invoiced(number, month, on);
    }
    story
}

fn payments(story: &Story) -> Vec<InputId> {
    let payments = story
        .records
        .iter()
        .filter(|record| matches!(&record.input.content, Content::Fact(Fact::PaymentCredited(_))));
    payments.map(|record| record.input.id.clone()).collect()
}

fn share(of: Yen, percent: i64) -> Yen {
    Yen((of.0 * percent / 100).max(1))
}

fn apply(story: &mut Story, when: &str, what: &Moves) {
    let number = |invoice: &usize| INVOICES[*invoice].to_owned();
    let payment = |story: &Story, at: usize| {
        let all = payments(story);
        all.get(at % all.len().max(1)).cloned().unwrap_or_else(|| "none".into())
    };
    let act = match what {
        Moves::Paid { amount, days_before, named } => {
            let on =
                at(when).day().checked_sub(jiff::Span::new().days(*days_before)).expect("a day");
            let names: &[&str] = if *named { &["N-2"] } else { &[] };
            story.late_fact(&format!("{on}T09:00"), when, paid(&on.to_string(), *amount, names));
            return;
        }
        Moves::Returned { amount } => {
            let reference = String::new();
            let on = at(when).day();
            story.fact(
                when,
                Fact::HeldReturned(HeldReturned { on, amount: yen(*amount), reference }),
            );
            return;
        }
        Moves::Credit => return credit(story, when),
        Moves::Undo { payment: at, invoice } => {
            let payment = payment(story, *at);
            let applied = story.state.receivables[INVOICES[*invoice]].payments.iter();
            let amount = applied.filter(|a| a.payment == payment).map(|a| a.amount).sum();
            Act::UndoCashApplication(UndoCashApplication {
                payment,
                number: number(invoice),
                amount,
            })
        }
        Moves::Apply { payment: at, invoice, share: percent } => {
            let payment = payment(story, *at);
            let held = story.state.held_parts.iter().filter(|part| part.payment == payment);
            let amount = share(held.map(|part| part.amount).sum(), *percent);
            Act::ApplyPayment(ApplyPayment {
                payment,
                to: vec![Part { number: number(invoice), amount }],
            })
        }
        Moves::Offset { invoice, share: percent } => Act::OffsetHeld(OffsetHeld {
            number: number(invoice),
            amount: share(story.state.held, *percent),
        }),
        Moves::Return { share: percent } => {
            Act::ReturnHeld(ReturnHeld { amount: share(story.state.held, *percent) })
        }
        Moves::WaiveFee { month, amount } => Act::WaiveFee(WaiveFee {
            kind: contract::money::invoice::ChargeKind::MonthlyFee,
            contract: contract::declare::ids::ApplicationId::of_reference("ref-1").contract(),
            line: 1,
            month: format!("2026-0{month}").parse().expect("a month"),
            amount: yen(*amount),
        }),
        Moves::Void { entry } => {
            let of = story.records[entry % story.records.len()].input.id.clone();
            Act::VoidEntry(VoidEntry { of })
        }
    };
    let _ = story.act(when, APPROVER, act);
}

/// Approves and issues what is to be credited, as the outbox does.
fn credit(story: &mut Story, when: &str) {
    let month = "2026-06".parse().expect("a month");
    let run = Run { id: "r".into(), month, issued_on: at(when).day() };
    let act = InputId::from("act");
    let notes = credit_notes(&story.law, &case::account(), &story.state, &run, &act).expect("law");
    let amount: Yen = notes.iter().map(|note| -note.total).sum();
    let step = story.act(when, APPROVER, Act::CorrectInvoices(CorrectInvoices { month, amount }));
    assert_eq!(step.refused, notes.is_empty());
    for (at, mut note) in notes.into_iter().enumerate() {
        note.number = format!("CN-{}-{at}", story.records.len());
        story.fact(when, Fact::CreditNoteIssued(Box::new(note)));
    }
    let left = credit_notes(&story.law, &case::account(), &story.state, &run, &act).expect("law");
    assert!(left.is_empty(), "credited once: {left:#?}");
}

fn balanced(story: &Story) {
    let voided = &story.case.voided;
    let done = story.records.iter().filter(|record| !voided.contains(&record.input.id));
    let credited: Yen = done
        .filter_map(|record| match &record.input.content {
            Content::Fact(Fact::PaymentCredited(payment)) => Some(payment.amount),
            _ => None,
        })
        .sum();
    let state = &story.state;
    let applied: Yen = state.receivables.values().flat_map(|r| &r.payments).map(|a| a.amount).sum();
    assert_eq!(applied + state.held + state.returned, credited);
    assert!(state.held.0 >= 0 && state.returned.0 >= 0 && state.to_return.0 >= 0);
    for (number, receivable) in &state.receivables {
        let paid: Yen = receivable.payments.iter().map(|a| a.amount).sum();
        let settled = paid + receivable.credited;
        assert_eq!(settled + receivable.outstanding, receivable.total, "{number}");
        // The tax that is left on an invoice is that of what is left of it.
        let notes = state.notes_on(number).flat_map(|note| &note.tax_groups);
        let (mut net, mut tax) = (Yen::ZERO, Yen::ZERO);
        for group in receivable.invoice.tax_groups.iter().chain(notes) {
            net += group.taxable;
            tax += group.tax;
        }
        assert_eq!(tax, Yen(net.0 / 10), "{number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_yen_is_lost_or_made(steps in proptest::collection::vec((moves(), 0i64..9), 1..12)) {
        let mut story = owing();
        let mut on = day("2026-07-01");
        for (what, later) in &steps {
            on = on.checked_add(jiff::Span::new().days(*later)).expect("a day");
            apply(&mut story, &format!("{on}T10:00"), what);
            balanced(&story);
        }
        // Decided again from what is stored, it is the same.
        let case = contract::road::case::Case::of(case::account(), &story.records);
        prop_assert_eq!(&case.live, &story.case.live);
    }

    #[test]
    fn an_undoing_that_is_voided_leaves_no_trace(
        steps in proptest::collection::vec((moves(), 0i64..5), 1..8),
        payment in 0usize..8,
        invoice in 0usize..3,
    ) {
        let mut story = owing();
        let mut on = day("2026-07-01");
        for (what, later) in &steps {
            on = on.checked_add(jiff::Span::new().days(*later)).expect("a day");
            apply(&mut story, &format!("{on}T10:00"), what);
        }
        let before = story.state.clone();
        let live = story.case.live.clone();
        let when = format!("{on}T11:00");
        apply(&mut story, &when, &Moves::Undo { payment, invoice });
        let done = story.records.last().expect("a record");
        let undone = done.events.iter().any(|event| matches!(event.body, Body::Done { .. }));
        if undone {
            let of = story.last_input();
            let step = story.act(&when, APPROVER, Act::VoidEntry(VoidEntry { of }));
            prop_assert!(!step.refused);
        }
        prop_assert_eq!(&story.state.receivables, &before.receivables);
        prop_assert_eq!(story.state.held, before.held);
        prop_assert_eq!(&story.case.live, &live);
    }
}
