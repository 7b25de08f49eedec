//! 5-1: a contract is transferred only with the provider's written consent.

mod case;

use case::facts::{cancellation, receipt};
use case::{Story, day, obstacles};
use contract::declare::act::{Act, Approve, Propose, TransferContract, VoidEntry};
use contract::declare::consequence::Consequence;
use contract::declare::fact::{Fact, TransferredWithoutConsent};
use contract::declare::ids::ContractId;
use contract::declare::reason::Audience;
use contract::notices::notice::Channel;
use contract::who::roles::Role;

const DESK: (&str, Role) = ("desk-2", Role::OrderDesk);
const LEGAL: (&str, Role) = ("legal-1", Role::Legal);

fn wish(contract: &ContractId, consent: &str, consented_on: &str) -> Act {
    Act::TransferContract(TransferContract {
        contract: contract.clone(),
        to: "青葉ホールディングス株式会社".into(),
        from: day("2026-07-01"),
        consent: consent.into(),
        consented_on: day(consented_on),
    })
}

/// Proposed by the desk and approved by legal; what stood against it.
fn transferred(story: &mut Story, when: &str, act: &Act) -> Vec<String> {
    let propose = Act::Propose(Propose { act: Box::new(act.clone()) });
    let proposed = story.act(when, DESK, propose);
    if proposed.refused {
        return obstacles(&proposed);
    }
    // An approval that is voided leaves its proposal open again.
    let proposal = story.state.proposals.last().expect("a proposal").id.clone();
    obstacles(&story.act(
        when,
        LEGAL,
        Act::Approve(Approve { proposal, act: Box::new(act.clone()) }),
    ))
}

fn has_passed(story: &Story) -> bool {
    story.has(|what| matches!(what, Consequence::ContractTransferred(_)))
}

#[test]
fn a_contract_passes_on_the_day_that_a_consent_in_writing_names() {
    let mut story = Story::new();
    let id = story.running();
    let wish = wish(&id, "consents/2026-06.pdf", "2026-06-10");
    assert_eq!(transferred(&mut story, "2026-06-12T10:00", &wish), [""; 0]);
    assert!(!has_passed(&story));
    story.clock("2026-07-01T00:00");
    assert!(has_passed(&story));
    assert_eq!(transferred(&mut story, "2026-07-02T10:00", &wish), ["already_transferred"]);
}

#[test]
fn a_transfer_that_was_entered_wrongly_is_voided_and_done_rightly() {
    let mut story = Story::new();
    let id = story.running();
    let wrong = wish(&id, "consents/2026-06.pdf", "2026-06-10");
    assert_eq!(transferred(&mut story, "2026-06-12T10:00", &wrong), [""; 0]);
    let of = story.last_input();
    story.clock("2026-07-01T00:00");
    assert!(has_passed(&story));
    let void = Act::VoidEntry(VoidEntry { of });
    assert_eq!(transferred(&mut story, "2026-07-02T10:00", &void), [""; 0]);
    assert!(
        story
            .case
            .live
            .values()
            .all(|live| { !matches!(live.consequence, Consequence::ContractTransferred(_)) })
    );
    let right = wish(&id, "consents/2026-06b.pdf", "2026-06-10");
    assert_eq!(transferred(&mut story, "2026-07-02T11:00", &right), [""; 0]);
}

#[test]
fn a_contract_that_ends_before_passes_to_nobody() {
    let mut story = Story::new();
    let id = story.running();
    let wish = wish(&id, "consents/2026-04.pdf", "2026-04-20");
    assert_eq!(transferred(&mut story, "2026-05-01T10:00", &wish), [""; 0]);
    story.fact(
        "2026-05-02T10:00",
        cancellation(&id, Channel::Paper, "2026-05-02T10:00", Some("2026-06-20")),
    );
    story.fact("2026-05-02T11:00", receipt(&id, "2026-06-20"));
    story.clock("2026-08-01T00:00");
    assert!(!has_passed(&story), "{:?}", story.contract(&id).end);
}

#[test]
fn without_a_consent_given_before_it_is_refused() {
    let mut story = Story::new();
    let id = story.running();
    for (consent, on, code) in [
        (" ", "2026-06-10", "no_written_consent"),
        ("consents/2026-07.pdf", "2026-07-02", "consent_too_late"),
        ("consents/2026-06.pdf", "2026-06-20", "in_the_future"),
    ] {
        let refused = transferred(&mut story, "2026-06-12T10:00", &wish(&id, consent, on));
        assert_eq!(refused, [code]);
    }
    let unknown = wish(&"K-none".into(), "consents/2026-06.pdf", "2026-06-10");
    assert_eq!(transferred(&mut story, "2026-06-12T10:00", &unknown), ["unknown_subject"]);
}

#[test]
fn one_person_alone_transfers_nothing() {
    let mut story = Story::new();
    let id = story.running();
    let wish = wish(&id, "consents/2026-06.pdf", "2026-06-10");
    assert!(wish.needs_approval() && !wish.may(Role::System));
    let propose = Act::Propose(Propose { act: Box::new(wish.clone()) });
    assert!(!story.act("2026-06-12T10:00", LEGAL, propose).refused);
    let proposal = story.state.proposals[0].id.clone();
    let own = Act::Approve(Approve { proposal, act: Box::new(wish) });
    assert_eq!(obstacles(&story.act("2026-06-12T11:00", LEGAL, own)), ["same_person"]);
}

#[test]
fn a_transfer_without_consent_is_recorded_as_a_breach_for_staff() {
    let mut story = Story::new();
    let id = story.running();
    let found = TransferredWithoutConsent {
        contract: id,
        to: "青葉ホールディングス株式会社".into(),
        on: day("2026-06-01"),
        document: "found/registry.pdf".into(),
    };
    story.fact("2026-06-12T10:00", Fact::TransferredWithoutConsent(found));
    assert!(story.has(|what| matches!(what, Consequence::TransferBreached(_))
        && what.audience() == Audience::Staff));
    assert!(!has_passed(&story));
    assert!(story.state.rights.is_empty(), "a judgement of its own opens a right");
}
