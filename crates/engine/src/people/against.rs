//! What speaks against a change of the people.

use contract::who::actor::Actor;
use contract::who::roles::Role;
use reckon::Day;

use super::approver::{is_approver, sleeps_after_link};
use super::change::{Belongs, PeopleChange};
use super::fold::{Member, People};

/// The sentence with which a change is turned down, if it is.
pub(super) fn against(
    people: &People,
    by: &Actor,
    change: &PeopleChange,
    today: Day,
) -> Option<String> {
    let needed: &[Role] = match change {
        PeopleChange::AccessReviewed { .. } => &[Role::Auditor, Role::Administrator],
        _ => &[Role::Administrator],
    };
    if by.role != Role::System && !needed.contains(&by.role) {
        return Some(format!("{} does not act as {:?} and may not do this", by.id, needed[0]));
    }
    if people.member(&by.id).is_some_and(Member::is_asleep) && sleeps_after_link(by.role) {
        return Some(format!("the role {:?} of {} sleeps", by.role, by.id));
    }
    match change {
        PeopleChange::Approved { proposal } | PeopleChange::Declined { proposal } => {
            answer(people, by, proposal, change, today)
        }
        PeopleChange::Proposed { wanted } => {
            asked_already(people, wanted).or_else(|| wrong(people, by, wanted, today))
        }
        PeopleChange::AccessReviewed { .. } => None,
        PeopleChange::LinkUsed { .. } if by.role != Role::System => {
            Some("this follows by itself when a link is used".to_owned())
        }
        change => {
            if change.needs_second_person(people) && by.role != Role::System {
                return Some(format!(
                    "\"{}\" needs two administrators: one proposes it, another approves",
                    change.name()
                ));
            }
            wrong(people, by, change, today)
        }
    }
}

/// The second person's answer.
fn answer(
    people: &People,
    by: &Actor,
    proposal: &str,
    change: &PeopleChange,
    today: Day,
) -> Option<String> {
    let Some((_, open)) = people.proposals().find(|(key, _)| *key == proposal) else {
        return Some(format!("no proposal {proposal} waits for an answer"));
    };
    if matches!(change, PeopleChange::Declined { .. }) {
        return None;
    }
    let same = |person: &str| by.stands_for(person);
    if same(&open.by.id) || open.by.deputy_for.as_deref().is_some_and(same) {
        return Some(format!("{} proposed it: another administrator must approve", open.by.id));
    }
    match &open.change {
        PeopleChange::Proposed { wanted } => wrong(people, by, wanted, today),
        _ => None,
    }
}

/// What is wrong with the change itself, whoever agrees to it.
fn wrong(people: &People, by: &Actor, change: &PeopleChange, today: Day) -> Option<String> {
    if let PeopleChange::PersonAdded { person, .. } = change {
        return new_person(people, person);
    }
    let person = change.person().unwrap_or_default();
    let Some(member) = people.member(person) else {
        return Some(format!("there is no person \"{person}\""));
    };
    if member.has_left(today) {
        return Some(format!("{person} left on {}", member.left_from.unwrap_or(today)));
    }
    let gives = !matches!(change, PeopleChange::RoleEnded { .. } | PeopleChange::PersonLeft { .. });
    if gives && (by.stands_for(person)) {
        return Some("nobody gives rights to themselves".to_owned());
    }
    match change {
        PeopleChange::RoleGranted { role, from, until, .. } => not_for(member, *role)
            .or_else(|| early(*from, today))
            .or_else(|| backwards(*from, *until))
            .or_else(|| {
                let has = member
                    .hats
                    .iter()
                    .any(|hat| hat.role == *role && hat.is_held_on(*from) && hat.until.is_none());
                has.then(|| format!("{person} holds this role already"))
            }),
        PeopleChange::RoleEnded { role, from, .. } => early(*from, today)
            .or_else(|| {
                let has =
                    member.hats.iter().any(|hat| hat.role == *role && hat.ended_from.is_none());
                (!has).then(|| format!("{person} does not hold this role"))
            })
            .or_else(|| last_administrator(people, member, Some(*role), *from)),
        PeopleChange::DeputyNamed { stands_for, role, from, until, .. } => {
            deputy(people, by, member, stands_for, *role)
                .or_else(|| early(*from, today))
                .or_else(|| backwards(*from, Some(*until)))
        }
        PeopleChange::LimitSet { up_to, from, .. } => early(*from, today).or_else(|| {
            let negative = up_to.is_some_and(|yen| yen.0 < 0);
            negative.then(|| "a limit is not below 0 yen".to_owned())
        }),
        PeopleChange::PersonLeft { from, .. } => {
            early(*from, today).or_else(|| last_administrator(people, member, None, *from))
        }
        PeopleChange::LinkWanted { .. } => {
            let program = member.belongs == Belongs::Program;
            program.then(|| format!("{person} is a program: it comes with a key"))
        }
        PeopleChange::RolesWoken { .. } => cannot_wake(by, member),
        PeopleChange::AddressSet { .. }
        | PeopleChange::LinkUsed { .. }
        | PeopleChange::CodesCleared { .. } => None,
        _ => Some("this cannot be proposed".to_owned()),
    }
}

fn new_person(people: &People, person: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let good = person.len() >= 2
        && person.len() <= 40
        && person.chars().all(fits)
        && person.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !good {
        return Some(format!(
            "\"{person}\" cannot be an id: 2 to 40 of a-z, 0-9, \"-\", \".\" and \"_\", a letter or digit first"
        ));
    }
    let known = people.member(person).is_some() || person == "system";
    known.then(|| format!("there is a person \"{person}\" already"))
}

/// One link for one person is enough to agree to.
fn asked_already(people: &People, wanted: &PeopleChange) -> Option<String> {
    let PeopleChange::LinkWanted { person } = wanted else { return None };
    let (_, by) = people.wish_for_link(person)?;
    Some(format!("{by} asked for a link for {person} already"))
}

/// Whoever may know the password that a link has set says nothing about whose it is.
fn cannot_wake(by: &Actor, member: &Member) -> Option<String> {
    if !member.is_asleep() {
        return Some(format!("no role of {} sleeps", member.id));
    }
    let one = member.link_of.iter().find(|person| by.stands_for(person))?;
    Some(format!(
        "{one} made or handed over the link of {}, or chose its address: another administrator must wake the roles",
        member.id
    ))
}

/// Customers hold customers' roles, and nobody else does. A key of a program is known
/// to whoever made it, so no program holds a role that approves.
fn not_for(member: &Member, role: Role) -> Option<String> {
    let fits = match (&member.belongs, role) {
        (_, Role::System) => false,
        (Belongs::Customer { .. }, role) => role.is_customers(),
        (Belongs::Subcontractor, role) => role == Role::Subcontractor,
        (Belongs::Staff, role) => !role.is_customers() && role != Role::Subcontractor,
        (Belongs::Program, role) => {
            !role.is_customers() && role != Role::Subcontractor && !is_approver(role)
        }
    };
    (!fits).then(|| format!("the role {role:?} cannot be given to {}", member.id))
}

fn deputy(
    people: &People,
    by: &Actor,
    member: &Member,
    stands_for: &str,
    role: Role,
) -> Option<String> {
    let Some(principal) = people.member(stands_for) else {
        return Some(format!("there is no person \"{stands_for}\""));
    };
    if principal.id == member.id {
        return Some("nobody stands in for themselves".to_owned());
    }
    if principal.account() != member.account() {
        return Some(format!("{} and {stands_for} are not of the same side", member.id));
    }
    if by.stands_for(&member.id) {
        return Some("nobody gives rights to themselves".to_owned());
    }
    let held = principal.hats.iter().any(|hat| hat.role == role && hat.ended_from.is_none());
    (!held)
        .then(|| format!("{stands_for} does not hold the role {role:?}"))
        .or_else(|| not_for(member, role))
}

/// A right of the past would falsify who could do what.
fn early(from: Day, today: Day) -> Option<String> {
    (from < today).then(|| format!("{from} is past: rights change from {today} on"))
}

fn backwards(from: Day, until: Option<Day>) -> Option<String> {
    let until = until.filter(|until| *until < from)?;
    Some(format!("the last day {until} comes before the first, {from}"))
}

/// Without an administrator nobody could change anything any more.
fn last_administrator(
    people: &People,
    member: &Member,
    role: Option<Role>,
    from: Day,
) -> Option<String> {
    let concerns = role.is_none_or(|role| role == Role::Administrator)
        && member.holds(Role::Administrator, from);
    let others = people.holders(Role::Administrator, from).iter().any(|id| *id != member.id);
    (concerns && !others).then(|| format!("{} is the last administrator", member.id))
}
