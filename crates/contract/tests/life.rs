//! A contract from its application to its end (Articles 9, 13, 15, 19).

mod case;

use case::facts::*;
use case::{Story, at, day, obstacles};
use contract::application::receiving::{Change, Wish};
use contract::declare::act::{Act, ConfirmErasure, OrderErasure};
use contract::declare::consequence::{
    CancellationDetermined, Consequence, ContractExtended, StatementLate,
};
use contract::declare::fact::{ApplicationWithdrawn, Fact, MaterialErased};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::declare::task::TaskKind;
use contract::ending::erasure::ErasedClass;
use contract::notices::notice::Channel;
use contract::service::minimum_term::EndCause;
use contract::who::roles::Role;
use contract::{ApplicationStatus, ContractStatus, Provision};
use reckon::Yen;
use serde_json::json;

const APPROVER: (&str, Role) = ("approver-1", Role::ContractApprover);
const PRIVACY: (&str, Role) = ("privacy-1", Role::PrivacyOfficer);

fn ended(story: &Story, id: &ContractId) -> Option<(String, EndCause)> {
    let state = story.contract(id);
    assert_eq!(state.status == ContractStatus::Ended, state.provision == Provision::Ended);
    (state.status == ContractStatus::Ended)
        .then(|| state.end.clone().map(|end| (end.on.to_string(), end.cause)))
        .flatten()
}

fn erased(contract: &ContractId) -> Fact {
    let erased = vec![ErasedClass { class: "contact".into(), count: 2, method: "key".into() }];
    let (by, confirmed_by) = ("privacy-1".into(), "privacy-2".into());
    Fact::MaterialErased(MaterialErased { contract: contract.clone(), erased, by, confirmed_by })
}

#[test]
fn an_application_becomes_a_contract_when_the_mail_is_sent_and_by_nothing_else() {
    let mut story = Story::new();
    let id = ApplicationId::of_reference("ref-1");
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    story.fact("2026-03-02T10:00", application("ref-1", "2026-03-02T10:00", Wish::New { form }));
    assert_eq!(story.state.applications[&id].status, ApplicationStatus::Received);
    story.act("2026-03-05T10:00", APPROVER, accept(&id));
    assert_eq!(story.state.applications[&id].status, ApplicationStatus::Accepting);
    assert!(story.state.contracts.is_empty());
    story.fact("2026-03-06T10:00", mail_sent(&id));
    assert_eq!(story.state.applications[&id].status, ApplicationStatus::Formed);
    assert_eq!(story.contract(&id.contract()).formed_at, at("2026-03-06T10:00"));
    assert_eq!(story.contract(&id.contract()).status, ContractStatus::Formed);
}

#[test]
fn the_person_who_registered_an_application_cannot_accept_it() {
    let mut story = Story::new();
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    story.fact("2026-03-02T10:00", application("ref-1", "2026-03-02T10:00", Wish::New { form }));
    let id = ApplicationId::of_reference("ref-1");
    let same = story.act("2026-03-05T10:00", ("desk-1", Role::ContractApprover), accept(&id));
    assert_eq!((same.refused, obstacles(&same)), (true, vec!["same_person".to_owned()]));
    assert_eq!(story.state.applications[&id].status, ApplicationStatus::Received);
    let desk = story.act("2026-03-05T11:00", ("desk-2", Role::OrderDesk), accept(&id));
    assert_eq!(obstacles(&desk), ["not_permitted"]);
    let system = story.act("2026-03-05T12:00", ("timer", Role::System), accept(&id));
    assert_eq!(obstacles(&system), ["not_permitted"]);
}

#[test]
fn an_application_is_answered_once_and_must_suit_the_terms() {
    let mut story = Story::new();
    let wish = form("2026-04-01", "2026-04-15", vec![line(1, "NO-SUCH", "2026-04-01")]);
    story.fact(
        "2026-03-02T10:00",
        application("ref-1", "2026-03-02T10:00", Wish::New { form: wish }),
    );
    let id = ApplicationId::of_reference("ref-1");
    let refused = story.act("2026-03-05T10:00", APPROVER, accept(&id));
    assert_eq!(obstacles(&refused), ["ends_in_mid_month", "item_without_price"]);
    let mut story = Story::new();
    story.running();
    let id = ApplicationId::of_reference("ref-1");
    let again = story.act("2026-04-02T10:00", APPROVER, accept(&id));
    assert_eq!(obstacles(&again), ["already_answered"]);
    let unknown = story.act("2026-04-02T10:00", APPROVER, accept(&"P-none".into()));
    assert_eq!(obstacles(&unknown), ["unknown_subject"]);
}

#[test]
fn the_minimum_term_is_the_calendar_month_in_which_the_service_starts() {
    let mut story = Story::new();
    let form = form("2026-06-01", "2026-06-30", vec![line(1, "VM", "2026-06-17")]);
    let id = story.formed("ref-1", form);
    story.fact("2026-06-17T09:00", started(&id, 1, "2026-06-17"));
    let term = story.contract(&id).lines[0].minimum_term.expect("a minimum term");
    assert_eq!((term.from, term.to), (day("2026-06-01"), day("2026-06-30")));
    assert_eq!(story.contract(&id).status, ContractStatus::Active);
}

#[test]
fn a_contract_is_extended_month_by_month_over_a_year() {
    let mut story = Story::new();
    let id = story.running();
    story.clock("2027-05-01T00:00");
    assert_eq!(story.contract(&id).period.to, day("2027-06-30"));
    assert_eq!(story.count(|c| matches!(c, Consequence::ContractExtended(_))), 14);
    // 20 business days lie after 1 April, up to and including 30 April 2026.
    let first = story.when(|c| match c {
        Consequence::ContractExtended(ContractExtended { period, .. }) => {
            period.from == day("2026-05-01")
        }
        _ => false,
    });
    assert_eq!(first, Some(at("2026-04-02T00:00")));
    assert_eq!(story.contract(&id).renewal_limit, Some(day("2027-06-02")));
}

/// A line that is not started is not charged: somebody is asked from the day before.
#[test]
fn a_wished_start_that_passes_waits_for_its_registration() {
    let mut story = Story::new();
    let lines = vec![line(1, "VM", "2026-04-10"), line(2, "VM", "2026-04-10")];
    let id = story.formed("ref-1", form("2026-04-01", "2026-09-30", lines));
    let open =
        |story: &Story| story.state.tasks.iter().any(|task| task.task == TaskKind::RegisterStart);
    story.clock("2026-04-08T23:59");
    assert!(!open(&story));
    story.clock("2026-04-09T00:00");
    assert!(open(&story), "from the day before");
    story.fact("2026-04-10T09:00", started(&id, 1, "2026-04-10"));
    assert!(open(&story), "one of two lines");
    story.clock("2026-05-10T00:00");
    assert!(open(&story), "it does not go by itself");
    story.fact("2026-05-11T09:00", started(&id, 2, "2026-05-11"));
    assert!(!open(&story));
}

#[test]
fn a_statement_in_time_ends_the_contract_with_its_period() {
    let mut story = Story::new();
    let id = story.running();
    story.clock("2026-04-10T00:00");
    let limit = story.contract(&id).renewal_limit.expect("a limit");
    story.fact(&format!("{limit}T23:59"), non_renewal(&id, &format!("{limit}T23:59"), None));
    assert_eq!(story.contract(&id).status, ContractStatus::ExpiryScheduled);
    story.clock("2026-05-31T23:59:59");
    assert_eq!(ended(&story, &id), None);
    let over = story.clock("2026-06-01T00:00");
    assert_eq!(ended(&story, &id), Some(("2026-05-31".into(), EndCause::Expiry)));
    assert_eq!(over.next_due, None);
    assert!(story.has(|c| matches!(c, Consequence::AccountsClosed(_))));
}

#[test]
fn a_statement_one_day_late_ends_the_next_period() {
    let mut story = Story::new();
    let id = story.running();
    story.clock("2026-04-10T00:00");
    let limit = story.contract(&id).renewal_limit.expect("a limit");
    let late = limit.tomorrow().expect("a day");
    story.fact(&format!("{late}T00:00"), non_renewal(&id, &format!("{late}T00:00"), None));
    assert!(story.has(|c| matches!(
        c,
        Consequence::StatementLate(StatementLate { expiry, .. }) if *expiry == day("2026-05-31")
    )));
    story.clock("2026-07-01T00:00");
    assert_eq!(ended(&story, &id), Some(("2026-06-30".into(), EndCause::Expiry)));
}

#[test]
fn a_form_too_late_for_its_day_is_deemed_to_name_the_twentieth_business_day() {
    // X-03: one business day late before Golden Week costs the whole of May.
    let mut story = Story::new();
    let id = story.running();
    story.fact(
        "2026-04-02T10:00",
        cancellation(&id, Channel::Paper, "2026-04-02T10:00", Some("2026-04-30")),
    );
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationRequested);
    assert!(story.has(|c| matches!(
        c,
        Consequence::CancellationDetermined(CancellationDetermined { effective, deemed: true, .. })
            if *effective == day("2026-05-01")
    )));
    story.fact("2026-04-02T10:05", receipt(&id, "2026-05-01"));
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationScheduled);
    story.clock("2026-05-02T00:00");
    let end = Some(("2026-05-01".into(), EndCause::CustomerCancellation));
    assert_eq!(ended(&story, &id), end);
    story.clock("2026-12-01T00:00");
    assert_eq!(story.contract(&id).period.to, day("2026-05-31"));
}

#[test]
fn a_cancellation_months_ahead_does_not_stop_the_extensions_before_it() {
    // X-35, A-86: the form ends the contract with a period only when that comes.
    let mut story = Story::new();
    let id = story.running();
    story.fact(
        "2026-04-01T12:00",
        cancellation(&id, Channel::Paper, "2026-04-01T12:00", Some("2026-12-31")),
    );
    story.fact("2026-04-01T12:05", receipt(&id, "2026-12-31"));
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationScheduled);
    story.clock("2026-09-15T00:00");
    assert_eq!(story.contract(&id).period.to, day("2026-10-31"));
    story.clock("2027-01-01T00:00");
    assert_eq!(ended(&story, &id), Some(("2026-12-31".into(), EndCause::Expiry)));
    let scheduled = story.when(|c| matches!(c, Consequence::ExpiryScheduled(_)));
    let extended = story.when(|c| match c {
        Consequence::ContractExtended(ContractExtended { period, .. }) => {
            period.to == day("2026-12-31")
        }
        _ => false,
    });
    assert_eq!(scheduled, extended);
}

#[test]
fn a_mail_that_names_the_expiry_ends_the_contract_though_no_cancellation_form() {
    // X-28, A-86: mail has no effect under 15-1 but is a statement under 13-1.
    let mut story = Story::new();
    let id = story.running_until("2026-06-30");
    let form = cancellation(&id, Channel::Email, "2026-05-01T10:00", Some("2026-06-30"));
    story.fact("2026-05-01T10:00", form);
    assert!(story.has(|c| matches!(c, Consequence::ChannelWithoutEffect(_))));
    assert_eq!(story.contract(&id).status, ContractStatus::ExpiryScheduled);
    story.clock("2026-07-01T00:00");
    assert_eq!(ended(&story, &id), Some(("2026-06-30".into(), EndCause::Expiry)));
}

#[test]
fn a_mail_that_names_another_day_has_no_effect() {
    let mut story = Story::new();
    let id = story.running_until("2026-06-30");
    let form = cancellation(&id, Channel::Email, "2026-05-01T10:00", Some("2026-06-15"));
    story.fact("2026-05-01T10:00", form);
    story.clock("2026-07-01T00:00");
    assert_eq!(ended(&story, &id), None);
    assert!(!story.has(|c| matches!(c, Consequence::PayableNow(_))));
}

#[test]
fn without_the_receipt_notice_a_cancellation_ends_nothing() {
    let mut story = Story::new();
    let id = story.running();
    let form = cancellation(&id, Channel::Paper, "2026-04-10T10:00", Some("2026-06-15"));
    story.fact("2026-04-10T10:00", form);
    story.clock("2026-07-01T00:00");
    assert_eq!(ended(&story, &id), None);
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationRequested);
    // A late notice does not move the day (A-18).
    story.fact("2026-07-02T09:00", receipt(&id, "2026-06-15"));
    let end = Some(("2026-06-15".into(), EndCause::CustomerCancellation));
    assert_eq!(ended(&story, &id), end);
    let when = story.when(|c| matches!(c, Consequence::ContractEnded(_)));
    assert_eq!(when, Some(at("2026-07-02T09:00")));
}

#[test]
fn of_several_cancellation_forms_the_earliest_end_counts_and_there_is_one_end() {
    let mut story = Story::new();
    let id = story.running();
    story.fact(
        "2026-04-10T10:00",
        cancellation(&id, Channel::Paper, "2026-04-10T10:00", Some("2026-09-15")),
    );
    story.fact("2026-04-10T10:01", receipt(&id, "2026-09-15"));
    story.fact(
        "2026-05-11T10:00",
        cancellation(&id, Channel::Paper, "2026-05-11T10:00", Some("2026-07-15")),
    );
    story.fact("2026-05-11T10:01", receipt(&id, "2026-07-15"));
    story.fact("2026-05-12T10:00", non_renewal(&id, "2026-05-12T10:00", Some("2026-07-31")));
    story.clock("2026-12-01T00:00");
    let end = Some(("2026-07-15".into(), EndCause::CustomerCancellation));
    assert_eq!(ended(&story, &id), end);
    assert_eq!(story.count(|c| matches!(c, Consequence::ContractEnded(_))), 1);
}

#[test]
fn a_cancellation_before_the_service_starts_ends_a_contract_that_never_ran() {
    let mut story = Story::new();
    let form = form("2026-06-01", "2026-06-30", vec![line(1, "VM", "2026-06-01")]);
    let id = story.formed("ref-1", form);
    let form = cancellation(&id, Channel::Paper, "2026-03-09T10:00", Some("2026-05-15"));
    story.fact("2026-03-09T10:00", form);
    story.fact("2026-03-09T10:01", receipt(&id, "2026-05-15"));
    story.clock("2026-08-01T00:00");
    let end = Some(("2026-05-15".into(), EndCause::CustomerCancellation));
    assert_eq!(ended(&story, &id), end);
    assert_eq!(story.count(|c| matches!(c, Consequence::ContractExtended(_))), 0);
    assert!(story.drafts("r", "2026-07", "2026-08-01").invoices.is_empty());
}

#[test]
fn an_agreement_without_extension_ends_the_contract_with_its_period() {
    let mut story = Story::new();
    let mut form = form("2026-04-01", "2026-06-30", vec![line(1, "VM", "2026-04-01")]);
    form.special_terms.push(special("renewal.extension_months", json!(0)));
    let id = story.formed("ref-1", form);
    story.clock("2026-07-01T00:00");
    assert_eq!(ended(&story, &id), Some(("2026-06-30".into(), EndCause::Expiry)));
}

#[test]
fn a_long_notice_agreed_keeps_every_extension_that_came_before_the_end_was_known() {
    let mut story = Story::new();
    let mut form = form("2026-04-01", "2026-06-30", vec![line(1, "VM", "2026-04-01")]);
    form.special_terms.push(special("renewal.notice_bd", json!(60)));
    form.special_terms.push(special("cancel.notice_bd", json!(5)));
    let id = story.formed("ref-1", form);
    story.fact("2026-04-01T09:00", started(&id, 1, "2026-04-01"));
    story.clock("2026-06-10T00:00");
    let extended = story.contract(&id).period.to;
    assert_eq!(extended, day("2026-09-30"));
    story.fact(
        "2026-06-10T10:00",
        cancellation(&id, Channel::Paper, "2026-06-10T10:00", Some("2026-06-20")),
    );
    let notified = story.fact("2026-06-10T10:01", receipt(&id, "2026-06-20"));
    assert_eq!(case::retractions(&notified), 0);
    assert_eq!(story.contract(&id).period.to, extended);
}

#[test]
fn a_change_contract_holds_from_its_day_once_its_mail_is_sent() {
    let mut story = Story::new();
    let id = story.running();
    let changes = vec![Change::SetQuantity { line: 1, quantity: 3 }];
    let wish = change(&id, "2026-06-01", changes);
    story.fact("2026-05-01T10:00", application("ref-2", "2026-05-01T10:00", wish));
    let application = ApplicationId::of_reference("ref-2");
    story.act("2026-05-07T10:00", APPROVER, accept(&application));
    assert_eq!(story.contract(&id).lines[0].at(day("2026-06-01")).quantity, 1);
    story.fact("2026-05-08T10:00", mail_sent(&application));
    let line = &story.contract(&id).lines[0];
    assert_eq!(line.at(day("2026-05-31")).quantity, 1);
    assert_eq!(line.at(day("2026-06-01")).quantity, 3);
    assert!(story.has(|c| matches!(c, Consequence::ContractChanged(_))));
    assert_eq!(story.state.contracts.len(), 1);
}

#[test]
fn an_application_withdrawn_after_formation_costs_what_was_prepared() {
    let mut story = Story::new();
    let form = form("2026-06-01", "2026-06-30", vec![line(1, "VM", "2026-06-01")]);
    let id = story.formed("ref-1", form);
    let application = ApplicationId::of_reference("ref-1");
    let costs = vec![Yen(30_000), Yen(5_005)];
    story.fact(
        "2026-04-10T10:00",
        Fact::ApplicationWithdrawn(ApplicationWithdrawn {
            application: application.clone(),
            costs,
        }),
    );
    assert_eq!(
        story.state.applications[&application].status,
        ApplicationStatus::WithdrawnAfterFormation
    );
    assert_eq!(ended(&story, &id), Some(("2026-04-10".into(), EndCause::Withdrawal)));
    let drafts = story.drafts("r", "2026-04", "2026-04-30");
    assert_eq!(drafts.invoices.len(), 1);
    assert_eq!(drafts.invoices[0].total, Yen(38_505));
}

#[test]
fn an_application_withdrawn_before_formation_forms_nothing_even_if_a_mail_leaves() {
    let mut story = Story::new();
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    story.fact("2026-03-02T10:00", application("ref-1", "2026-03-02T10:00", Wish::New { form }));
    let id = ApplicationId::of_reference("ref-1");
    let withdrawn = Fact::ApplicationWithdrawn(ApplicationWithdrawn {
        application: id.clone(),
        costs: vec![Yen(9)],
    });
    story.fact("2026-03-03T10:00", withdrawn);
    story.fact("2026-03-04T10:00", mail_sent(&id));
    assert!(story.state.contracts.is_empty());
    assert_eq!(story.state.applications[&id].status, ApplicationStatus::Withdrawn);
    assert!(story.has(|c| matches!(c, Consequence::Alert(_))));
}

#[test]
fn erasure_needs_an_ended_contract_and_two_persons() {
    let mut story = Story::new();
    let id = story.running();
    let order = Act::OrderErasure(OrderErasure { contract: id.clone() });
    let confirm = Act::ConfirmErasure(ConfirmErasure { contract: id.clone() });
    let early = story.act("2026-04-10T10:00", PRIVACY, order.clone());
    assert_eq!(obstacles(&early), ["contract_running"]);
    story.fact("2026-04-10T10:00", non_renewal(&id, "2026-04-10T10:00", None));
    story.clock("2026-06-01T00:00");
    let unordered = story.act("2026-06-02T10:00", PRIVACY, confirm.clone());
    assert_eq!(obstacles(&unordered), ["not_ordered"]);
    assert!(!story.act("2026-06-02T10:10", PRIVACY, order.clone()).refused);
    let twice = story.act("2026-06-02T10:11", PRIVACY, order);
    assert_eq!(obstacles(&twice), ["already_ordered"]);
    let same = story.act("2026-06-02T10:20", PRIVACY, confirm.clone());
    assert_eq!(obstacles(&same), ["same_person"]);
    assert!(!story.act("2026-06-02T10:30", ("privacy-2", Role::PrivacyOfficer), confirm).refused);
    story.fact("2026-06-02T10:31", erased(&id));
    assert_eq!(story.contract(&id).status, ContractStatus::Erased);
}

#[test]
fn a_fact_about_an_unknown_contract_has_no_effect_but_an_alert() {
    let mut story = Story::new();
    story.fact("2026-04-10T10:00", non_renewal(&"K-none".into(), "2026-04-10T10:00", None));
    assert!(story.state.contracts.is_empty());
    assert_eq!(story.count(|c| matches!(c, Consequence::Alert(_))), 1);
}
