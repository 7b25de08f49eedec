//! How far back entries reach: some not before they happened, a late payment to the
//! invoices that were owed on its day, a correction as far as what it corrects.

mod case;

use case::facts::*;
use case::{Story, at, input};
use contract::Account;
use contract::declare::act::{Act, VoidEntry};
use contract::declare::ids::InputId;
use contract::road::stream::Content;
use reckon::Moment;

/// How far back something reaches that is known on this day.
fn reach(story: &Story, when: &str, content: Content) -> Moment {
    let mut account = Account::new(story.case.clone());
    account.bring(&story.law, at(when));
    account.reach_of(&story.law, &input("I-reach", (at(when), at(when)), content))
}

/// Invoices of April and May, of which the first is paid in time.
fn owing_may() -> (Story, InputId) {
    let mut story = Story::new();
    story.running();
    let total = story.invoiced("N-1", "2026-04", "2026-04-30").total.0;
    story.fact("2026-05-20T09:00", paid("2026-05-20", total, &["N-1"]));
    let payment = story.last_input();
    story.invoiced("N-2", "2026-05", "2026-05-29");
    (story, payment)
}

#[test]
fn a_payment_reaches_back_to_what_was_owed_when_it_was_credited() {
    let (story, _) = owing_may();
    let reaches = |fact| reach(&story, "2026-07-10T10:00", Content::Fact(fact));
    assert_eq!(reaches(paid("2026-07-09", 1_000, &[])), at("2026-05-29T00:00"));
    // On a day on which the invoice of April was not settled.
    assert_eq!(reaches(paid("2026-05-10", 1_000, &[])), at("2026-04-30T00:00"));
}

#[test]
fn a_correction_reaches_as_far_as_what_it_corrects() {
    let (story, payment) = owing_may();
    let void = Content::Act(Act::VoidEntry(VoidEntry { of: payment }));
    assert_eq!(reach(&story, "2026-07-10T10:00", void), at("2026-04-30T00:00"));
}

#[test]
fn time_reaches_back_to_the_step_before_and_a_change_to_the_beginning() {
    let (story, _) = owing_may();
    let looked = story.case.unfolded_until.expect("steps were taken");
    assert_eq!(reach(&story, "2026-07-10T10:00", Content::Clock), looked);
    let change = change(
        &story.state.contracts.keys().next().expect("one").clone(),
        "2026-08-01",
        Vec::new(),
    );
    let applied = application("ref-2", "2026-07-10T10:00", change);
    // A change contract touches all of its contract.
    let began = story.records[0].input.occurred_at;
    assert_eq!(reach(&story, "2026-07-10T10:00", Content::Fact(applied)), began);
}
