//! 5-1: a contract is transferred only with the provider's written consent.

mod case;

use case::{Story, day, obstacles};
use contract::declare::act::{Act, Approve, Propose, TransferContract};
use contract::declare::consequence::Consequence;
use contract::declare::fact::{Fact, TransferredWithoutConsent};
use contract::declare::ids::ContractId;
use contract::declare::reason::Audience;
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
    let proposal = story.state.proposals[0].id.clone();
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
fn without_a_consent_given_before_it_is_refused() {
    let mut story = Story::new();
    let id = story.running();
    for (consent, on, code) in [
        (" ", "2026-06-10", "no_written_consent"),
        ("consents/2026-07.pdf", "2026-07-02", "consent_too_late"),
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
