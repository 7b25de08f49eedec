//! Before the contract and around it: checks (9-10), arrivals that a second
//! person confirms (15-1, 30-1).

mod case;

use case::facts::*;
use case::{Story, at, day, law, obstacles};
use contract::application::checks::{Check, CheckResult};
use contract::application::receiving::Wish;
use contract::declare::act::{Act, ConfirmArrival, DeclineArrival, RefuseApplication};
use contract::declare::consequence::{ArrivalConfirmed, CancellationDetermined, Consequence};
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::declare::task::TaskKind;
use contract::notices::notice::Channel;
use contract::who::roles::Role;
use contract::{ArrivalStatus, CancellationForm, ContractStatus};
use serde_json::json;
use terms::{CheckKind, ConfirmGround, Law};

const APPROVER: (&str, Role) = ("approver-1", Role::ContractApprover);
const BEFORE: &str = "2026-03-02T10:00";

fn requiring(missing: &str) -> Law {
    let mut law = law();
    law.set("checks.required", json!(["anti_social", "credit"])).expect("a known parameter");
    law.set("checks.missing", json!(missing)).expect("a known parameter");
    law
}

fn applied(law: Law) -> (Story, ApplicationId) {
    let mut story = Story::under(law);
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    story.fact(BEFORE, application("ref-1", BEFORE, Wish::New { form }));
    (story, ApplicationId::of_reference("ref-1"))
}

fn check(kind: CheckKind, result: CheckResult, on: &str, expires_on: &str) -> Fact {
    Fact::CheckRecorded(Check {
        kind,
        on: day(on),
        result,
        by: "desk-1".into(),
        document: "report 1".into(),
        expires_on: day(expires_on),
    })
}

fn codes(story: &mut Story, when: &str, id: &ApplicationId) -> (bool, Vec<String>) {
    let answer = story.act(when, APPROVER, accept(id));
    (answer.refused, answer.findings.iter().map(|f| f.code.clone()).collect())
}

#[test]
fn an_acceptance_waits_for_every_required_check() {
    let (mut story, id) = applied(requiring("block"));
    let missing = vec!["check_missing".to_owned(), "check_missing".to_owned()];
    assert_eq!(codes(&mut story, "2026-03-03T10:00", &id), (true, missing));
    let passed = CheckResult::Passed;
    story
        .fact("2026-03-03T11:00", check(CheckKind::AntiSocial, passed, "2026-03-03", "2027-03-02"));
    let credit = vec!["check_missing".to_owned()];
    assert_eq!(codes(&mut story, "2026-03-03T12:00", &id), (true, credit));
    let conditional = CheckResult::Conditional;
    story.fact(
        "2026-03-03T13:00",
        check(CheckKind::Credit, conditional, "2026-03-03", "2026-03-04"),
    );
    let late = vec!["ground_for_refusal".to_owned(), "check_expired".to_owned()];
    assert_eq!(codes(&mut story, "2026-03-05T00:00", &id), (true, late), "the day after");
    story.fact("2026-03-05T01:00", check(CheckKind::Credit, passed, "2026-03-05", "2026-03-05"));
    assert_eq!(codes(&mut story, "2026-03-05T23:59", &id), (false, Vec::new()), "its last day");
}

#[test]
fn the_operator_may_have_a_missing_check_warn_only() {
    let (mut story, id) = applied(requiring("warn"));
    let missing = vec!["check_missing".to_owned(), "check_missing".to_owned()];
    assert_eq!(codes(&mut story, "2026-03-03T10:00", &id), (false, missing));
}

#[test]
fn without_a_requirement_nothing_is_asked_for() {
    let (mut story, id) = applied(law());
    assert_eq!(codes(&mut story, "2026-03-03T10:00", &id), (false, Vec::new()));
}

#[test]
fn an_unknown_check_cannot_be_required() {
    assert!(law().set("checks.required", json!(["astrology"])).is_err());
}

#[test]
fn a_failed_check_is_a_ground_until_a_newer_one_passes() {
    let (mut story, id) = applied(requiring("block"));
    let (failed, passed) = (CheckResult::Failed, CheckResult::Passed);
    story
        .fact("2026-03-03T10:00", check(CheckKind::AntiSocial, failed, "2026-03-03", "2027-03-02"));
    story.fact("2026-03-03T10:01", check(CheckKind::Credit, failed, "2026-03-03", "2027-03-02"));
    assert_eq!(story.state.applications[&id].grounds, ["9-10(3)", "9-10(5)"]);
    let answer = story.act("2026-03-03T11:00", APPROVER, accept(&id));
    assert_eq!(obstacles(&answer), ["check_failed", "check_failed"]);
    story.fact("2026-03-04T10:00", check(CheckKind::Credit, passed, "2026-03-04", "2027-03-02"));
    assert_eq!(story.state.applications[&id].grounds, ["9-10(5)"]);
    let refuse = Act::RefuseApplication(RefuseApplication {
        application: id.clone(),
        ground: "9-10(5)".into(),
    });
    let legal = ("legal-1", Role::Legal);
    assert!(!story.act("2026-03-04T11:00", legal, refuse).refused);
}

#[test]
fn an_expiry_becomes_a_ground_by_itself_while_the_application_is_open() {
    let (mut story, id) = applied(requiring("block"));
    let passed = CheckResult::Passed;
    let step = story
        .fact("2026-03-03T10:00", check(CheckKind::Credit, passed, "2026-03-03", "2026-03-05"));
    assert_eq!(step.next_due, Some(at("2026-03-06T00:00")));
    assert!(story.state.applications[&id].grounds.is_empty());
    story.clock("2026-03-06T00:00");
    assert_eq!(story.state.applications[&id].grounds, ["9-10(3)"]);
}

fn running() -> (Story, ContractId) {
    let (mut story, id) = applied(law());
    story.act("2026-03-05T10:00", APPROVER, accept(&id));
    story.fact("2026-03-06T10:00", mail_sent(&id));
    story.fact("2026-04-01T10:00", started(&id.contract(), 1, "2026-04-01"));
    (story, id.contract())
}

fn other_signer(contract: &ContractId, when: &str, desired: &str) -> Fact {
    let form = CancellationForm {
        desired: Some(day(desired)),
        signed_by: "row-1".into(),
        signed_by_other: true,
    };
    let contract = contract.clone();
    Fact::CancellationFormArrived(CancellationFormArrived {
        contract,
        channel: Channel::Paper,
        arrived_at: at(when),
        form,
    })
}

fn grounds(story: &Story, id: &ContractId) -> Vec<ConfirmGround> {
    story.contract(id).arrivals.iter().flat_map(|arrival| arrival.confirm.clone()).collect()
}

fn waits(story: &Story) -> bool {
    story.state.tasks.iter().any(|task| task.task == TaskKind::ConfirmArrival)
}

#[test]
fn an_arrival_without_a_doubt_waits_for_nobody() {
    let (mut story, id) = running();
    let when = "2026-05-07T10:00";
    story.fact(when, cancellation(&id, Channel::Paper, when, Some("2026-06-30")));
    assert!(story.contract(&id).arrivals.is_empty() && !waits(&story));
}

#[test]
fn each_doubt_about_an_arrival_is_named() {
    let (mut story, id) = running();
    story.fact("2026-05-07T10:00", cancellation(&id, Channel::Paper, "2026-05-07T10:00", None));
    assert_eq!(grounds(&story, &id), [ConfirmGround::Deemed]);
    assert!(waits(&story));

    let (mut story, id) = running();
    let late = cancellation(&id, Channel::Paper, "2026-05-07T10:00", Some("2026-06-30"));
    story.late_fact("2026-05-07T10:00", "2026-05-08T00:00", late);
    assert_eq!(grounds(&story, &id), [ConfirmGround::BackDated]);

    let (mut story, id) = running();
    story.fact("2026-05-07T10:00", other_signer(&id, "2026-05-07T10:00", "2026-06-30"));
    assert_eq!(grounds(&story, &id), [ConfirmGround::OtherSigner]);

    // 31 October 2026 is a Saturday: counted the everyday way 2 October is in time.
    let (mut story, id) = running();
    let when = "2026-10-02T10:00";
    story.fact(when, cancellation(&id, Channel::Paper, when, Some("2026-10-31")));
    assert_eq!(grounds(&story, &id), [ConfirmGround::Deemed, ConfirmGround::LabelZone]);
}

#[test]
fn a_second_person_confirms_and_the_original_arrival_counts() {
    let (mut story, id) = running();
    story.fact("2026-05-07T10:00", other_signer(&id, "2026-05-07T10:00", "2026-06-30"));
    let arrival = story.last_input();
    let confirm =
        || Act::ConfirmArrival(ConfirmArrival { contract: id.clone(), arrival: arrival.clone() });
    let same = story.act("2026-05-07T11:00", ("desk-1", Role::OrderDesk), confirm());
    assert_eq!(obstacles(&same), ["same_person"]);
    let billing = story.act("2026-05-07T11:00", ("billing-1", Role::Billing), confirm());
    assert_eq!(obstacles(&billing), ["not_permitted"]);
    assert!(!story.act("2026-05-20T11:00", APPROVER, confirm()).refused);
    assert!(story.has(|c| matches!(c, Consequence::ArrivalConfirmed(ArrivalConfirmed { effective, .. }) if *effective == day("2026-06-30"))));
    assert_eq!(story.contract(&id).arrivals[0].status, ArrivalStatus::Confirmed);
    assert!(!waits(&story));
    let again = story.act("2026-05-20T12:00", APPROVER, confirm());
    assert_eq!(obstacles(&again), ["arrival_confirmed"]);
    story.fact("2026-05-20T12:00", receipt(&id, "2026-06-30"));
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationScheduled);
    story.clock("2026-07-01T00:00");
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
}

#[test]
fn a_declined_arrival_has_no_effect_under_15_1_nor_13_1() {
    let (mut story, id) = running();
    // 31 May is the expiry, and 24 April is in time for it.
    story.fact("2026-04-24T10:00", other_signer(&id, "2026-04-24T10:00", "2026-05-31"));
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationRequested);
    let arrival = story.last_input();
    let decline = Act::DeclineArrival(DeclineArrival { contract: id.clone(), arrival });
    assert!(!story.act("2026-04-25T10:00", APPROVER, decline).refused);
    assert!(!story.has(|c| matches!(c, Consequence::CancellationDetermined(_))));
    assert!(!story.has(|c| matches!(c, Consequence::ExpiryScheduled(_))));
    assert!(story.has(|c| matches!(c, Consequence::ArrivalDeclined(_))));
    story.clock("2026-06-02T00:00");
    assert_eq!(story.contract(&id).status, ContractStatus::Active);
}

#[test]
fn a_notice_that_went_out_before_anybody_was_asked_leaves_no_task() {
    let mut earlier = law();
    earlier.set("arrival.confirm", json!([])).expect("a known parameter");
    let (mut story, id) = running();
    story.law = earlier;
    story.fact("2026-05-07T10:00", cancellation(&id, Channel::Paper, "2026-05-07T10:00", None));
    let effective = story.case.live.values().find_map(|live| match &live.consequence {
        Consequence::CancellationDetermined(CancellationDetermined { effective, .. }) => {
            Some(*effective)
        }
        _ => None,
    });
    let effective = effective.expect("a day").to_string();
    story.fact("2026-05-07T10:01", receipt(&id, &effective));
    story.law = law();
    let step = story.clock("2026-05-08T10:00");
    assert!(step.events.is_empty(), "{:?}", step.events);
    assert!(!waits(&story) && story.contract(&id).arrivals.is_empty());
}
