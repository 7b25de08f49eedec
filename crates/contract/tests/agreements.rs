//! What both sides agree on a cancellation before the contract ends.

mod case;

use case::facts::*;
use case::two::DESK;
use case::{Story, day, obstacles};
use contract::ContractStatus;
use contract::declare::act::{Act, AgreeCancellation, ConfirmArrival};
use contract::declare::consequence::{CancellationDetermined, Consequence, ContractExtended};
use contract::declare::ids::{ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::notices::notice::Channel;
use contract::service::minimum_term::EndCause;

/// Running month by month; a form of 3 June without a day comes to 1 July.
fn deemed() -> (Story, ContractId, InputId) {
    let mut story = Story::new();
    let id = story.running();
    story.fact("2026-06-03T10:00", cancellation(&id, Channel::Paper, "2026-06-03T10:00", None));
    let form = story.last_input();
    let confirm =
        Act::ConfirmArrival(ConfirmArrival { contract: id.clone(), arrival: form.clone() });
    let _ = story.act(
        "2026-06-03T11:00",
        ("approver-1", contract::who::roles::Role::ContractApprover),
        confirm,
    );
    story.fact("2026-06-03T12:00", receipt(&id, "2026-07-01"));
    assert_eq!(story.contract(&id).end.as_ref().map(|end| end.on), Some(day("2026-07-01")));
    (story, id, form)
}

fn agree(id: &ContractId, form: &InputId, to: Option<&str>) -> Act {
    Act::AgreeCancellation(AgreeCancellation {
        contract: id.clone(),
        form: form.clone(),
        to: to.map(day),
        document: "MOU-7".into(),
    })
}

fn offered(story: &Story) -> bool {
    story.state.tasks.iter().any(|task| task.task == TaskKind::MonthEndOffer)
}

#[test]
fn a_deemed_day_early_in_a_month_offers_its_end_at_no_further_fee() {
    let (mut story, id, form) = deemed();
    assert!(offered(&story));
    let before = story.drafts("r", "2026-07", "2026-06-30");
    story.mended("2026-06-10T10:00", DESK, agree(&id, &form, Some("2026-07-31")));
    assert!(!offered(&story));
    let contract = story.contract(&id);
    assert_eq!(contract.status, ContractStatus::CancellationScheduled);
    let end = contract.end.as_ref().expect("an end");
    assert_eq!((end.on, end.cause), (day("2026-07-31"), EndCause::CustomerCancellation));
    let after = story.drafts("r", "2026-07", "2026-06-30");
    let totals = |drafts: &contract::money::charges::Drafts| {
        drafts.invoices.iter().map(|i| i.total).collect::<Vec<_>>()
    };
    assert_eq!(totals(&before), totals(&after));
    story.clock("2026-08-01T00:00");
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
    assert!(!story.has(|c| matches!(c, Consequence::ContractExtended(ContractExtended { period, .. }) if period.to > day("2026-07-31"))));
}

#[test]
fn a_deemed_last_day_of_a_month_offers_nothing() {
    let mut story = Story::new();
    let id = story.running();
    // Twenty business days after 1 June 2026 is 29 June; after 2 June, 30 June.
    story.fact("2026-06-02T10:00", cancellation(&id, Channel::Paper, "2026-06-02T10:00", None));
    assert!(story.has(|c| matches!(c, Consequence::CancellationDetermined(CancellationDetermined { effective, .. }) if *effective == day("2026-06-30"))));
    assert!(!offered(&story));
}

#[test]
fn a_withdrawn_cancellation_lets_the_contract_go_on_and_extend() {
    let (mut story, id, form) = deemed();
    story.mended("2026-06-20T10:00", DESK, agree(&id, &form, None));
    assert!(!story.has(|c| matches!(c, Consequence::CancellationDetermined(_))));
    assert!(story.contract(&id).end.is_none());
    assert_eq!(story.contract(&id).status, ContractStatus::Active);
    story.clock("2026-09-01T00:00");
    assert!(story.contract(&id).period.to >= day("2026-09-30"));
    // A second form is a new cancellation.
    story.fact("2026-09-02T10:00", cancellation(&id, Channel::Paper, "2026-09-02T10:00", None));
    assert!(story.has(|c| matches!(c, Consequence::CancellationDetermined(_))));
}

#[test]
fn the_last_agreement_counts_and_nothing_is_agreed_after_the_end() {
    let (mut story, id, form) = deemed();
    story.mended("2026-06-10T10:00", DESK, agree(&id, &form, None));
    story.mended("2026-06-11T10:00", DESK, agree(&id, &form, Some("2026-07-15")));
    assert_eq!(story.contract(&id).end.as_ref().map(|end| end.on), Some(day("2026-07-15")));
    let past = story.corrected("2026-06-12T10:00", DESK, agree(&id, &form, Some("2026-06-11")));
    assert_eq!(obstacles(&past), ["in_the_past"]);
    let other = agree(&id, &"I-000".into(), None);
    assert_eq!(obstacles(&story.corrected("2026-06-12T11:00", DESK, other)), ["no_such_form"]);
    let silent = Act::AgreeCancellation(AgreeCancellation {
        contract: id.clone(),
        form: form.clone(),
        to: None,
        document: " ".into(),
    });
    assert_eq!(obstacles(&story.corrected("2026-06-12T12:00", DESK, silent)), ["no_consent"]);
    let late = story.corrected("2026-07-16T10:00", DESK, agree(&id, &form, None));
    assert_eq!(obstacles(&late), ["contract_ended"]);
}
