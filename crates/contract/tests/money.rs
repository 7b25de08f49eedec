//! Payments, arrears and the rights that rest on them (Articles 12, 16, 24 to 26).

mod case;

use case::facts::*;
use case::{Story, at, day, obstacles, yen};
use contract::declare::act::{Act, Resume, Suspend, Terminate};
use contract::declare::consequence::{Consequence, PayableNow, TaskClosed, TaskOpened};
use contract::declare::fact::{Fact, TerminationNoticeSent, UpstreamResumed, UpstreamSuspended};
use contract::declare::ids::ContractId;
use contract::declare::task::TaskKind;
use contract::service::minimum_term::EndCause;
use contract::who::roles::Role;
use contract::{ContractStatus, Provision};
use serde_json::json;

const APPROVER: (&str, Role) = ("suspender-1", Role::SuspensionApprover);

/// A running contract with the invoice of April 2026: 110,000 due on 1 June,
/// the first open bank day after 31 May.
fn owing() -> (Story, ContractId) {
    let mut story = Story::new();
    let id = story.running();
    let invoice = story.invoiced("N-1", "2026-04", "2026-04-30");
    assert_eq!((invoice.total, invoice.due), (yen(110_000), day("2026-06-01")));
    assert_eq!(invoice.nominal_due, day("2026-05-31"));
    (story, id)
}

fn suspend(contract: &ContractId, ground: &str, proposed_by: &str) -> Act {
    let (ground, proposed_by) = (ground.to_owned(), proposed_by.to_owned());
    Act::Suspend(Suspend { contract: contract.clone(), ground, proposed_by })
}

fn terminate(contract: &ContractId, ground: &str) -> Act {
    Act::Terminate(Terminate {
        contract: contract.clone(),
        ground: ground.to_owned(),
        proposed_by: "collector-1".into(),
        on: None,
        payable_by: day("2026-09-30"),
    })
}

fn notice(contract: &ContractId) -> Fact {
    Fact::TerminationNoticeSent(TerminationNoticeSent {
        contract: contract.clone(),
        act: None,
        message_id: "m-end".into(),
    })
}

fn has_task(story: &Story, kind: TaskKind) -> bool {
    story.state.tasks.iter().any(|task| task.task == kind)
}

#[test]
fn a_debt_unpaid_at_its_due_day_is_overdue_and_opens_the_right_to_suspend() {
    let (mut story, _) = owing();
    let before = story.clock("2026-06-01T23:59:59");
    assert!(!story.has(|c| matches!(c, Consequence::ReceivableOverdue(_))));
    assert_eq!(before.next_due, Some(at("2026-06-02T00:00")));
    story.clock("2026-06-02T00:00");
    assert!(story.has(|c| matches!(c, Consequence::ReceivableOverdue(_))));
    assert!(story.has_right("12-3"));
}

#[test]
fn a_debt_paid_on_its_due_day_is_not_overdue() {
    let (mut story, _) = owing();
    story.fact("2026-06-01T15:00", paid("2026-06-01", 110_000, &[]));
    story.clock("2026-10-01T00:00");
    assert!(!story.has(|c| matches!(c, Consequence::ReceivableOverdue(_))));
    assert!(!story.has(|c| matches!(c, Consequence::RightOpened(_))));
    assert_eq!(story.state.receivables["N-1"].paid_on, Some(day("2026-06-01")));
}

#[test]
fn one_day_late_costs_nothing_and_two_days_late_one_day_of_interest() {
    for (on, interest) in [("2026-06-02", 0), ("2026-06-03", 44)] {
        let (mut story, _) = owing();
        story.fact(&format!("{on}T15:00"), paid(on, 110_000, &[]));
        assert_eq!(story.state.receivables["N-1"].late_interest, yen(interest));
        let lines: Vec<_> = story
            .drafts("r", "2026-04", "2026-06-30")
            .invoices
            .iter()
            .map(|i| (i.total, i.tax_groups[0].percent))
            .collect();
        let billed = if interest == 0 { vec![] } else { vec![(yen(interest), None)] };
        assert_eq!(lines, billed);
    }
}

#[test]
fn a_part_payment_lowers_the_principal_and_interest_is_one_result() {
    // X-16: 300,000 due 30 April; 100,000 on 11 May; the rest on 1 June.
    let mut story = Story::new();
    let id = story.running();
    let mut invoice = story.drafts("r", "2026-04", "2026-04-01").invoices.remove(0);
    invoice.number = "N-1".into();
    invoice.total = yen(300_000);
    invoice.due = day("2026-04-30");
    story.issue(invoice);
    story.fact("2026-05-11T10:00", paid("2026-05-11", 100_000, &["N-1"]));
    let owed = &story.state.receivables["N-1"];
    assert_eq!((owed.outstanding, owed.paid_on), (yen(200_000), None));
    story.fact("2026-06-01T10:00", paid("2026-06-01", 200_000, &["N-1"]));
    // 300,000 for 10 days and 200,000 for 21: 1,200 + 1,680.
    assert_eq!(story.state.receivables["N-1"].late_interest, yen(2_880));
    assert!(story.contract(&id).end.is_none());
}

#[test]
fn with_interest_first_a_payment_of_the_principal_alone_leaves_a_rest() {
    let mut story = Story::new();
    story.law.set("payment.allocation", json!("civil489")).expect("a parameter");
    story.running();
    story.invoiced("N-1", "2026-04", "2026-04-30");
    story.fact("2026-06-12T10:00", paid("2026-06-12", 110_000, &[]));
    // 10 days of 44 yen went to interest.
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(440));
    story.fact("2026-06-12T11:00", paid("2026-06-12", 500, &[]));
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(0));
    assert_eq!(story.state.held, yen(60));
}

#[test]
fn what_is_paid_in_excess_or_before_any_invoice_is_held() {
    let (mut story, _) = owing();
    story.fact("2026-05-20T10:00", paid("2026-05-20", 120_000, &[]));
    assert_eq!(story.state.held, yen(10_000));
    story.fact("2026-05-21T10:00", paid("2026-05-21", 5_000, &["N-9"]));
    assert_eq!(story.state.held, yen(15_000));
    assert_eq!(story.count(|c| matches!(c, Consequence::Overpaid(_))), 2);
}

#[test]
fn the_oldest_debt_is_settled_first_unless_the_payer_names_another() {
    let (mut story, _) = owing();
    story.invoiced("N-2", "2026-05", "2026-05-31");
    story.fact("2026-06-01T10:00", paid("2026-06-01", 50_000, &["N-2"]));
    story.fact("2026-06-02T10:00", paid("2026-06-02", 120_000, &[]));
    assert_eq!(story.state.receivables["N-1"].outstanding, yen(0));
    assert_eq!(story.state.receivables["N-2"].outstanding, yen(50_000));
}

#[test]
fn a_payment_closes_the_right_and_a_suspension_without_ground_asks_to_resume() {
    let (mut story, id) = owing();
    let act = suspend(&id, "12-3", "collector-1");
    let early = story.act("2026-06-01T10:00", APPROVER, act.clone());
    assert_eq!(obstacles(&early), ["no_open_right"]);
    let own = story.act("2026-06-03T10:00", APPROVER, suspend(&id, "12-3", "suspender-1"));
    assert_eq!(obstacles(&own), ["same_person"]);
    assert!(!story.act("2026-06-03T11:00", APPROVER, act.clone()).refused);
    assert!(has_task(&story, TaskKind::SuspendUpstream));
    story.fact(
        "2026-06-03T12:00",
        Fact::UpstreamSuspended(UpstreamSuspended { contract: id.clone() }),
    );
    assert_eq!(story.contract(&id).provision, Provision::Suspended);
    assert!(!has_task(&story, TaskKind::SuspendUpstream));
    assert!(!has_task(&story, TaskKind::ResumeUpstream));
    story.fact("2026-06-05T10:00", paid("2026-06-05", 110_000, &[]));
    assert!(!story.has_right("12-3"));
    assert!(has_task(&story, TaskKind::ResumeUpstream));
    story.fact("2026-06-05T11:00", Fact::UpstreamResumed(UpstreamResumed { contract: id.clone() }));
    assert_eq!(story.contract(&id).provision, Provision::InService);
    assert!(!has_task(&story, TaskKind::ResumeUpstream));
    let closed = story.act("2026-06-08T11:00", APPROVER, act);
    assert_eq!(obstacles(&closed), ["no_open_right"]);
}

#[test]
fn a_payment_before_the_upstream_stops_still_asks_to_resume() {
    let (mut story, id) = owing();
    story.act("2026-06-03T11:00", APPROVER, suspend(&id, "12-3", "collector-1"));
    story.fact("2026-06-04T09:00", paid("2026-06-04", 110_000, &[]));
    story.fact(
        "2026-06-04T12:00",
        Fact::UpstreamSuspended(UpstreamSuspended { contract: id.clone() }),
    );
    assert!(has_task(&story, TaskKind::ResumeUpstream));
}

/// A-32: in whatever way the ground falls away, somebody is asked on that day, and the
/// resumption ends it.
#[test]
fn a_ground_that_falls_away_asks_somebody_to_decide_on_resuming() {
    let stopped = || {
        let (mut story, id) = owing();
        story.act("2026-06-03T11:00", APPROVER, suspend(&id, "12-3", "collector-1"));
        story.fact(
            "2026-06-03T12:00",
            Fact::UpstreamSuspended(UpstreamSuspended { contract: id.clone() }),
        );
        assert!(!has_task(&story, TaskKind::ResumeUpstream));
        (story, id)
    };
    let (mut paid_later, id) = stopped();
    paid_later.fact("2026-06-05T10:00", paid("2026-06-05", 110_000, &[]));
    let opened = |c: &Consequence| {
        matches!(c, Consequence::TaskOpened(TaskOpened { task: TaskKind::ResumeUpstream, .. }))
    };
    assert_eq!(paid_later.when(opened), Some(at("2026-06-05T10:00")));
    let resume = Act::Resume(Resume { contract: id.clone() });
    assert!(!paid_later.act("2026-06-05T11:00", APPROVER, resume.clone()).refused);
    assert!(has_task(&paid_later, TaskKind::ResumeUpstream), "decided, and not done yet");
    let twice = paid_later.act("2026-06-05T12:00", APPROVER, resume.clone());
    assert_eq!(obstacles(&twice), ["already_asked"]);
    paid_later
        .fact("2026-06-05T13:00", Fact::UpstreamResumed(UpstreamResumed { contract: id.clone() }));
    assert!(!has_task(&paid_later, TaskKind::ResumeUpstream));

    // Paid on the due day, learnt later: the right never was.
    let (mut retracted, id) = stopped();
    let payment = paid("2026-06-01", 110_000, &[]);
    retracted.late_fact("2026-06-01T10:00", "2026-06-04T09:00", payment);
    assert!(has_task(&retracted, TaskKind::ResumeUpstream));
    retracted
        .fact("2026-06-05T13:00", Fact::UpstreamResumed(UpstreamResumed { contract: id.clone() }));
    assert!(!has_task(&retracted, TaskKind::ResumeUpstream), "done without a decision");
}

#[test]
fn each_suspension_closes_its_own_task() {
    let (mut story, id) = owing();
    for (day, number) in [("03", 1), ("04", 2)] {
        story.act(&format!("2026-06-{day}T10:00"), APPROVER, suspend(&id, "12-3", "collector-1"));
        story.fact(
            &format!("2026-06-{day}T11:00"),
            Fact::UpstreamSuspended(UpstreamSuspended { contract: id.clone() }),
        );
        story.fact(
            &format!("2026-06-{day}T12:00"),
            Fact::UpstreamResumed(UpstreamResumed { contract: id.clone() }),
        );
        let closed = |c: &Consequence| {
            matches!(c, Consequence::TaskClosed(TaskClosed { task: TaskKind::SuspendUpstream, .. }))
        };
        assert_eq!(story.count(closed), number);
    }
}

#[test]
fn three_months_of_arrears_open_the_right_to_terminate() {
    let (mut story, id) = owing();
    let early = story.act("2026-09-01T10:00", APPROVER, terminate(&id, "16-1(2)"));
    assert_eq!(obstacles(&early), ["no_open_right"]);
    // 2 June to 1 September: the right is open from 2 September.
    story.clock("2026-09-02T00:00");
    assert!(story.has_right("16-1(2)"));
    assert!(!story.act("2026-09-02T10:00", APPROVER, terminate(&id, "16-1(2)")).refused);
    assert_eq!(story.contract(&id).status, ContractStatus::Active);
    story.fact("2026-09-02T10:05", notice(&id));
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
    let end = story.contract(&id).end.clone().expect("an end");
    assert_eq!((end.on, end.cause), (day("2026-09-02"), EndCause::ProviderTermination));
    assert!(story.has(|c| matches!(
        c,
        Consequence::PayableNow(PayableNow { by, principal, .. })
            if *by == day("2026-09-30") && *principal == yen(110_000)
    )));
    // The extension of 31 August stands: nobody knew of the end then.
    assert_eq!(story.contract(&id).period.to, day("2026-10-31"));
    story.clock("2026-09-03T00:00");
    assert!(story.state.rights.is_empty(), "{:?}", story.state.rights);
}

#[test]
fn a_termination_comes_before_a_cancellation_that_is_scheduled_later() {
    // Y-06
    let (mut story, id) = owing();
    let form = cancellation(
        &id,
        contract::notices::notice::Channel::Paper,
        "2026-09-01T10:00",
        Some("2026-10-15"),
    );
    story.fact("2026-09-01T10:00", form);
    story.fact("2026-09-01T10:01", receipt(&id, "2026-10-15"));
    story.act("2026-09-10T10:00", APPROVER, terminate(&id, "16-1(2)"));
    story.fact("2026-09-10T10:05", notice(&id));
    story.clock("2026-11-01T00:00");
    let end = story.contract(&id).end.clone().expect("an end");
    assert_eq!((end.on, end.cause), (day("2026-09-10"), EndCause::ProviderTermination));
    assert_eq!(story.count(|c| matches!(c, Consequence::ContractEnded(_))), 1);
}

#[test]
fn rights_stay_open_through_the_last_day_and_close_with_it() {
    let (mut story, id) = owing();
    story.fact("2026-05-07T10:00", non_renewal(&id, "2026-05-07T10:00", Some("2026-06-30")));
    story.clock("2026-06-30T23:59:59");
    assert!(story.has_right("12-3"));
    story.clock("2026-07-01T00:00");
    assert!(!story.has_right("12-3"));
}

#[test]
fn a_right_that_would_open_after_the_end_of_the_contract_never_opens() {
    let (mut story, id) = owing();
    story.fact("2026-04-03T10:00", non_renewal(&id, "2026-04-03T10:00", Some("2026-05-31")));
    story.clock("2026-12-01T00:00");
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
    assert!(!story.has(|c| matches!(c, Consequence::RightOpened(_))));
    assert!(story.has(|c| matches!(c, Consequence::ReceivableOverdue(_))));
}
