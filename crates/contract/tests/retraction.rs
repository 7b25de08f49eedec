//! What is learnt late undoes what had been recorded without it.

mod case;

use case::facts::*;
use case::{Story, at, day, retractions, yen};
use contract::ContractStatus;
use contract::declare::consequence::{Consequence, ContractExtended};
use contract::declare::fact::{EntryVoided, Fact};
use contract::declare::ids::{ApplicationId, InputId};
use contract::notices::notice::Channel;

fn void(of: &InputId) -> Fact {
    Fact::EntryVoided(EntryVoided { of: of.clone(), reason: "wrong entry".into() })
}

#[test]
fn a_statement_learnt_late_undoes_an_extension() {
    let mut story = Story::new();
    let id = story.running_until("2026-06-30");
    story.clock("2026-06-15T00:00");
    assert_eq!(story.contract(&id).period.to, day("2026-07-31"));
    let statement = non_renewal(&id, "2026-05-20T10:00", Some("2026-06-30"));
    let late = story.late_fact("2026-05-20T10:00", "2026-06-16T10:00", statement);
    assert_eq!(retractions(&late), 1);
    assert!(!story.has(|c| matches!(c, Consequence::ContractExtended(_))));
    assert_eq!(story.contract(&id).period.to, day("2026-06-30"));
    assert_eq!(story.contract(&id).status, ContractStatus::ExpiryScheduled);
    story.clock("2026-07-01T00:00");
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
}

#[test]
fn a_cancellation_form_learnt_late_undoes_the_extensions_after_it() {
    let mut story = Story::new();
    story.law.set("arrival.confirm", serde_json::json!([])).expect("a known parameter");
    let id = story.running_until("2026-06-30");
    story.clock("2026-08-05T00:00");
    assert_eq!(story.contract(&id).period.to, day("2026-09-30"));
    let form = cancellation(&id, Channel::Paper, "2026-05-20T10:00", Some("2026-06-25"));
    story.late_fact("2026-05-20T10:00", "2026-08-06T10:00", form);
    assert_eq!(story.contract(&id).status, ContractStatus::CancellationRequested);
    let noticed =
        story.late_fact("2026-06-01T10:00", "2026-08-06T11:00", receipt(&id, "2026-06-25"));
    assert_eq!(retractions(&noticed), 3);
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
    assert_eq!(story.contract(&id).period.to, day("2026-06-30"));
    let ended = story.when(|c| matches!(c, Consequence::ContractEnded(_)));
    assert_eq!(ended, Some(at("2026-06-26T00:00")));
}

#[test]
fn a_payment_learnt_late_undoes_an_overdue_and_a_right() {
    let mut story = Story::new();
    story.running();
    story.invoiced("N-1", "2026-04", "2026-04-30");
    story.clock("2026-06-10T00:00");
    assert!(story.has_right("12-3"));
    let payment = paid("2026-06-01", 110_000, &[]);
    let late = story.late_fact("2026-06-01T14:00", "2026-06-10T09:00", payment);
    assert_eq!(retractions(&late), 2);
    assert!(!story.has_right("12-3"));
    assert!(!story.has(|c| matches!(c, Consequence::ReceivableOverdue(_))));
    assert_eq!(story.state.receivables["N-1"].late_interest, yen(0));
}

#[test]
fn a_voided_entry_undoes_what_followed_and_voiding_the_void_restores_it() {
    let mut story = Story::new();
    let id = story.running_until("2026-06-30");
    story.fact("2026-05-01T10:00", non_renewal(&id, "2026-05-01T10:00", None));
    let statement = story.last_input();
    story.fact("2026-07-05T10:00", void(&statement));
    let voiding = story.last_input();
    assert_ne!(story.contract(&id).status, ContractStatus::Ended);
    assert_eq!(story.contract(&id).period.to, day("2026-08-31"));
    assert!(!story.has(|c| matches!(c, Consequence::ContractEnded(_))));
    story.fact("2026-07-06T10:00", void(&voiding));
    assert_eq!(story.contract(&id).status, ContractStatus::Ended);
    assert!(story.has(|c| matches!(c, Consequence::ExpiryScheduled(_))));
    assert_eq!(story.case.voided.len(), 1);
}

#[test]
fn a_voided_formation_takes_the_contract_with_it() {
    let mut story = Story::new();
    let id = story.running();
    let sent = story.contract(&id).formed_by.clone();
    story.fact("2026-04-10T10:00", void(&sent));
    assert!(story.state.contracts.is_empty());
    assert!(!story.has(|c| matches!(c, Consequence::ContractFormed(_))));
    // What had named the contract now needs a look.
    assert!(story.has(|c| matches!(c, Consequence::Alert(_))));
}

#[test]
fn an_acceptance_mail_entered_with_the_wrong_time_is_put_right() {
    let mut story = Story::new();
    let id = story.running();
    let sent = story.contract(&id).formed_by.clone();
    story.fact("2026-04-10T10:00", void(&sent));
    let mail = mail_sent(&ApplicationId::of_reference("ref-1"));
    story.late_fact("2026-03-09T10:00", "2026-04-10T11:00", mail);
    assert_eq!(story.contract(&id).formed_at, at("2026-03-09T10:00"));
    let formed = story.when(|c| matches!(c, Consequence::ContractFormed(_)));
    assert_eq!(formed, Some(at("2026-03-09T10:00")));
}

#[test]
fn a_corrected_time_of_a_fact_moves_the_consequence_that_was_recorded() {
    let mut story = Story::new();
    let id = story.running();
    let sent = story.contract(&id).formed_by.clone();
    let mail = mail_sent(&ApplicationId::of_reference("ref-1"));
    story.late_fact("2026-03-05T12:00", "2026-04-10T11:00", mail);
    story.fact("2026-04-10T12:00", void(&sent));
    let formed = story.when(|c| matches!(c, Consequence::ContractFormed(_)));
    assert_eq!(formed, Some(at("2026-03-05T12:00")));
    assert_eq!(story.count(|c| matches!(c, Consequence::ContractFormed(_))), 1);
}

#[test]
fn an_input_known_before_what_is_unfolded_already_loses_nothing() {
    let mut story = Story::new();
    let id = story.running();
    story.clock("2026-06-10T00:00");
    let live = story.case.live.clone();
    let older = story.clock("2026-05-01T00:00");
    assert!(older.events.is_empty(), "{:?}", older.events);
    assert_eq!(story.case.live, live);
    assert_eq!(story.contract(&id).period.to, day("2026-07-31"));
}

#[test]
fn a_reading_chosen_anew_leaves_what_followed_before_its_day() {
    let mut story = Story::new();
    story.running_until("2026-06-30");
    story.clock("2026-07-20T00:00");
    let everyday = terms::ChosenReading {
        option: "b".to_owned(),
        value: None,
        signed_by: None,
        signed_on: None,
    };
    let pack = terms::Pack::bundled();
    story.law.choose_from(pack, "A-02", everyday, day("2026-08-01")).expect("an option");
    assert_eq!(retractions(&story.clock("2026-07-21T00:00")), 0);
    assert_eq!(retractions(&story.clock("2026-10-05T00:00")), 0);
    // 31 October is a Saturday: elapsed counting would end on the 1st.
    let limit = day("2026-10-02");
    assert!(story.has(|c| matches!(
        c,
        Consequence::ContractExtended(ContractExtended { period, limit: found, .. })
            if period.from == day("2026-11-01") && *found == limit
    )));
}
