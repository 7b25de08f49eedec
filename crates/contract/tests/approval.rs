//! Proposals: what one person asks for, and another approves or declines.

mod case;

use case::facts::*;
use case::{Story, account, actor, at, obstacles};
use contract::declare::act::{Act, Approve, Decline, Propose, Resume, Suspend};
use contract::declare::ids::{ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::road::stream::{Content, Input};
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use contract::{Provision, evaluate_act};

const COLLECTOR: (&str, Role) = ("collector-1", Role::Collections);
const APPROVER: (&str, Role) = ("suspender-1", Role::SuspensionApprover);

/// A running contract with an unpaid invoice, whose right to suspend is open.
fn overdue() -> (Story, Act) {
    let mut story = Story::new();
    let id: ContractId = story.running();
    story.invoiced("N-1", "2026-04", "2026-04-30");
    story.clock("2026-06-02T00:00");
    let suspend =
        Act::Suspend(Suspend { contract: id, ground: "12-3".into(), proposed_by: String::new() });
    (story, suspend)
}

fn proposed(story: &mut Story, act: &Act) -> InputId {
    let step = story.act(
        "2026-06-02T10:00",
        COLLECTOR,
        Act::Propose(Propose { act: Box::new(act.clone()) }),
    );
    assert!(!step.refused, "{:?}", step.findings);
    story.state.proposals[0].id.clone()
}

fn approve(proposal: &InputId, act: &Act) -> Act {
    Act::Approve(Approve { proposal: proposal.clone(), act: Box::new(act.clone()) })
}

/// What stands against an act of this person, without doing it.
fn against(story: &Story, by: Actor, act: Act) -> Vec<String> {
    let mut input: Input =
        case::input("asked", (at("2026-06-02T11:00"), at("2026-06-02T11:00")), Content::Clock);
    input.actor = by;
    let findings = evaluate_act(&story.law, &story.case, &input, &act).expect("the law applies");
    findings.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn what_was_proposed_waits_and_is_done_when_another_approves() {
    let (mut story, suspend) = overdue();
    let proposal = proposed(&mut story, &suspend);
    assert_eq!(story.state.proposals[0].by, "collector-1");
    let asked =
        |story: &Story| story.state.tasks.iter().any(|t| t.task == TaskKind::SuspendUpstream);
    assert!(!asked(&story));
    let step = story.act("2026-06-02T11:00", APPROVER, approve(&proposal, &suspend));
    assert!(!step.refused, "{:?}", step.findings);
    assert!(story.state.proposals.is_empty());
    assert!(asked(&story));
    let suspended = story.case.in_force().iter().last().map(|h| h.actor.id.clone());
    assert_eq!(suspended.as_deref(), Some("suspender-1"));
}

#[test]
fn nobody_approves_their_own_proposal_nor_that_of_the_person_they_stand_for() {
    let (mut story, suspend) = overdue();
    let step = story.act(
        "2026-06-02T10:00",
        APPROVER,
        Act::Propose(Propose { act: Box::new(suspend.clone()) }),
    );
    assert!(!step.refused);
    let proposal = story.state.proposals[0].id.clone();
    let own = story.act("2026-06-02T11:00", APPROVER, approve(&proposal, &suspend));
    assert_eq!(obstacles(&own), ["same_person"]);
    let mut deputy = actor("deputy-1", Role::SuspensionApprover);
    deputy.deputy_for = Some("suspender-1".into());
    assert_eq!(against(&story, deputy, approve(&proposal, &suspend)), ["same_person"]);
    let other = actor("suspender-2", Role::SuspensionApprover);
    assert!(against(&story, other, approve(&proposal, &suspend)).is_empty());
}

#[test]
fn only_what_was_proposed_can_be_approved_and_only_once() {
    let (mut story, suspend) = overdue();
    let proposal = proposed(&mut story, &suspend);
    let Act::Suspend(Suspend { contract, .. }) = &suspend else { unreachable!() };
    let other = Act::Suspend(Suspend {
        contract: contract.clone(),
        ground: "16-1(2)".into(),
        proposed_by: String::new(),
    });
    let step = story.act("2026-06-02T11:00", APPROVER, approve(&proposal, &other));
    assert!(obstacles(&step).contains(&"not_what_was_proposed".to_owned()));
    story.act("2026-06-02T11:00", APPROVER, approve(&proposal, &suspend));
    let again = story.act("2026-06-02T11:01", APPROVER, approve(&proposal, &suspend));
    assert!(obstacles(&again).contains(&"no_open_proposal".to_owned()));
}

#[test]
fn a_declined_proposal_is_gone_and_nothing_was_done() {
    let (mut story, suspend) = overdue();
    let proposal = proposed(&mut story, &suspend);
    let decline =
        Act::Decline(Decline { proposal: proposal.clone(), act: Box::new(suspend.clone()) });
    assert!(!story.act("2026-06-02T11:00", APPROVER, decline).refused);
    assert!(story.state.proposals.is_empty());
    let late = story.act("2026-06-02T12:00", APPROVER, approve(&proposal, &suspend));
    assert_eq!(obstacles(&late), ["no_open_proposal"]);
    let Act::Suspend(Suspend { contract, .. }) = &suspend else { unreachable!() };
    assert_eq!(story.state.contracts[contract].provision, Provision::InService);
}

#[test]
fn what_the_terms_say_is_looked_at_when_proposed_and_again_when_approved() {
    let (mut story, suspend) = overdue();
    let proposal = proposed(&mut story, &suspend);
    story.fact("2026-06-02T10:30", paid("2026-06-02", 110_000, &[]));
    let step = story.act("2026-06-02T11:00", APPROVER, approve(&proposal, &suspend));
    assert_eq!(obstacles(&step), ["no_open_right"]);
    let late =
        story.act("2026-06-02T12:00", COLLECTOR, Act::Propose(Propose { act: Box::new(suspend) }));
    assert_eq!(obstacles(&late), ["no_open_right"]);
}

#[test]
fn an_act_of_one_person_is_not_proposed() {
    let (mut story, suspend) = overdue();
    let Act::Suspend(Suspend { contract, .. }) = suspend else { unreachable!() };
    let resume = Act::Propose(Propose { act: Box::new(Act::Resume(Resume { contract })) });
    let step = story.act("2026-06-02T10:00", COLLECTOR, resume);
    assert!(obstacles(&step).contains(&"not_by_proposal".to_owned()));
}

#[test]
fn a_customer_cannot_act_in_another_account() {
    let (story, suspend) = overdue();
    let mut customer = actor("c-1", Role::CustomerAdministrator);
    let ask = Act::Propose(Propose { act: Box::new(suspend) });
    let elsewhere = against(&story, customer.clone(), ask.clone());
    assert_eq!(elsewhere, ["not_permitted", "other_account"]);
    customer.account = Some(account());
    assert_eq!(against(&story, customer, ask), ["not_permitted"]);
}

#[test]
fn the_system_holds_nothing_and_whoever_runs_the_installation_has_no_part_in_the_business() {
    let (_, suspend) = overdue();
    for role in [Role::System, Role::Administrator, Role::Auditor, Role::CustomerAdministrator] {
        assert!(!suspend.may(role) && !suspend.may_propose(role), "{role:?}");
        assert!(!role.holds(Permission::Act), "{role:?}");
    }
    assert!(Permission::ALL.iter().all(|permission| !Role::System.holds(*permission)));
}

#[test]
fn every_role_and_permission_is_on_its_list_once() {
    let names: std::collections::BTreeSet<_> = Role::ALL.iter().collect();
    assert_eq!(names.len(), Role::ALL.len());
    for permission in Permission::ALL {
        let roles: std::collections::BTreeSet<_> = permission.roles().iter().collect();
        assert_eq!(roles.len(), permission.roles().len(), "{permission:?}");
        assert!(!roles.is_empty());
    }
}
