//! What speaks against a change of the people.

use contract::declare::words::Sentence;
use contract::sentence;
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
) -> Option<Sentence> {
    let needed: &[Role] = match change {
        PeopleChange::AccessReviewed { .. } => &[Role::Auditor, Role::Administrator],
        _ => &[Role::Administrator],
    };
    if by.role != Role::System && !needed.contains(&by.role) {
        let (id, role) = (&by.id, needed[0]);
        return Some(sentence!(
            "{id}の役割ではこれを行えません。",
            "{id} does not act as {role:?} and may not do this",
        ));
    }
    if people.member(&by.id).is_some_and(Member::is_asleep) && sleeps_after_link(by.role) {
        let (id, role) = (&by.id, by.role);
        return Some(sentence!(
            "{id}の役割は休止中です。別の管理者が解除してください。",
            "the role {role:?} of {id} sleeps",
        ));
    }
    match change {
        PeopleChange::Approved { proposal } | PeopleChange::Declined { proposal } => {
            answer(people, by, proposal, change, today)
        }
        PeopleChange::Proposed { wanted } => {
            asked_already(people, wanted).or_else(|| wrong(people, by, wanted, today))
        }
        PeopleChange::AccessReviewed { .. } => None,
        PeopleChange::LinkUsed { .. } if by.role != Role::System => Some(sentence!(
            "これはリンクが使われたときに自動で記録されます。",
            "this follows by itself when a link is used",
        )),
        change => {
            if change.needs_second_person(people) && by.role != Role::System {
                let name = change.name();
                return Some(sentence!(
                    "これには管理者が二人必要です。一人が起案し、別の一人が承認します。",
                    "\"{name}\" needs two administrators: one proposes it, another approves",
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
) -> Option<Sentence> {
    let Some((_, open)) = people.proposals().find(|(key, _)| *key == proposal) else {
        return Some(sentence!(
            "回答を待つ起案{proposal}はありません。",
            "no proposal {proposal} waits for an answer",
        ));
    };
    if matches!(change, PeopleChange::Declined { .. }) {
        return None;
    }
    let same = |person: &str| by.stands_for(person);
    if same(&open.by.id) || open.by.deputy_for.as_deref().is_some_and(same) {
        let id = &open.by.id;
        return Some(sentence!(
            "起案した{id}とは別の管理者が承認してください。",
            "{id} proposed it: another administrator must approve",
        ));
    }
    match &open.change {
        PeopleChange::Proposed { wanted } => wrong(people, by, wanted, today),
        _ => None,
    }
}

/// What is wrong with the change itself, whoever agrees to it.
fn wrong(people: &People, by: &Actor, change: &PeopleChange, today: Day) -> Option<Sentence> {
    if let PeopleChange::PersonAdded { person, .. } = change {
        return new_person(people, person);
    }
    let person = change.person().unwrap_or_default();
    let Some(member) = people.member(person) else {
        return Some(no_person(person));
    };
    if member.has_left(today) {
        let on = member.left_from.unwrap_or(today);
        return Some(sentence!("{person}は{on}に退任しています。", "{person} left on {on}"));
    }
    let gives = !matches!(change, PeopleChange::RoleEnded { .. } | PeopleChange::PersonLeft { .. });
    if gives && (by.stands_for(person)) {
        return Some(to_oneself());
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
                has.then(|| has_role(person))
            }),
        PeopleChange::RoleEnded { role, from, .. } => early(*from, today)
            .or_else(|| {
                let has =
                    member.hats.iter().any(|hat| hat.role == *role && hat.ended_from.is_none());
                (!has).then(|| lacks_role(person))
            })
            .or_else(|| last_administrator(people, member, Some(*role), *from)),
        PeopleChange::DeputyNamed { stands_for, role, from, until, .. } => {
            deputy(people, by, member, stands_for, *role)
                .or_else(|| early(*from, today))
                .or_else(|| backwards(*from, Some(*until)))
        }
        PeopleChange::LimitSet { up_to, from, .. } => early(*from, today).or_else(|| {
            let negative = up_to.is_some_and(|yen| yen.0 < 0);
            negative
                .then(|| sentence!("上限額は0円以上にしてください。", "a limit is not below 0 yen"))
        }),
        PeopleChange::PersonLeft { from, .. } => {
            early(*from, today).or_else(|| last_administrator(people, member, None, *from))
        }
        PeopleChange::LinkWanted { .. } => {
            let program = member.belongs == Belongs::Program;
            program.then(|| {
                sentence!(
                    "{person}はプログラムです。キーを発行してください。",
                    "{person} is a program: it comes with a key"
                )
            })
        }
        PeopleChange::RolesWoken { .. } => cannot_wake(by, member),
        PeopleChange::AddressSet { .. }
        | PeopleChange::LinkUsed { .. }
        | PeopleChange::CodesCleared { .. } => None,
        _ => Some(sentence!("これは起案できません。", "this cannot be proposed")),
    }
}

fn new_person(people: &People, person: &str) -> Option<Sentence> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let good = person.len() >= 2
        && person.len() <= 40
        && person.chars().all(fits)
        && person.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !good {
        return Some(sentence!(
            "「{person}」はIDに使えません。半角の英小文字・数字・「-」「.」「_」の2〜40文字で、先頭は英数字にしてください。",
            "\"{person}\" cannot be an id: 2 to 40 of a-z, 0-9, \"-\", \".\" and \"_\", a letter or digit first",
        ));
    }
    let known = people.member(person).is_some() || person == "system";
    known.then(|| {
        sentence!(
            "「{person}」はすでに登録されています。",
            "there is a person \"{person}\" already"
        )
    })
}

/// One link for one person is enough to agree to.
fn asked_already(people: &People, wanted: &PeopleChange) -> Option<Sentence> {
    let PeopleChange::LinkWanted { person } = wanted else { return None };
    let (_, by) = people.wish_for_link(person)?;
    Some(sentence!(
        "{person}のリンクは{by}がすでに求めています。",
        "{by} asked for a link for {person} already",
    ))
}

/// Whoever may know the password that a link has set says nothing about whose it is.
fn cannot_wake(by: &Actor, member: &Member) -> Option<Sentence> {
    if !member.is_asleep() {
        let id = &member.id;
        return Some(sentence!("{id}に休止中の役割はありません。", "no role of {id} sleeps"));
    }
    let one = member.link_of.iter().find(|person| by.stands_for(person))?;
    let id = &member.id;
    Some(sentence!(
        "{one}は{id}のリンクを発行したか渡し、またはアドレスを決めた人です。別の管理者が休止を解除してください。",
        "{one} made or handed over the link of {id}, or chose its address: another administrator must wake the roles",
    ))
}

/// Customers hold customers' roles, and nobody else does. A key of a program is known
/// to whoever made it, so no program holds a role that approves.
fn not_for(member: &Member, role: Role) -> Option<Sentence> {
    let fits = match (&member.belongs, role) {
        (_, Role::System) => false,
        (Belongs::Customer { .. }, role) => role.is_customers(),
        (Belongs::Subcontractor, role) => role == Role::Subcontractor,
        (Belongs::Staff, role) => !role.is_customers() && role != Role::Subcontractor,
        (Belongs::Program, role) => {
            !role.is_customers() && role != Role::Subcontractor && !is_approver(role)
        }
    };
    let id = &member.id;
    (!fits).then(|| {
        sentence!("この役割は{id}に与えられません。", "the role {role:?} cannot be given to {id}")
    })
}

fn deputy(
    people: &People,
    by: &Actor,
    member: &Member,
    stands_for: &str,
    role: Role,
) -> Option<Sentence> {
    let Some(principal) = people.member(stands_for) else {
        return Some(no_person(stands_for));
    };
    if principal.id == member.id {
        return Some(sentence!("自分の代行者にはなれません。", "nobody stands in for themselves"));
    }
    if principal.account() != member.account() {
        let id = &member.id;
        return Some(sentence!(
            "{id}と{stands_for}は所属が違います。",
            "{id} and {stands_for} are not of the same side",
        ));
    }
    if by.stands_for(&member.id) {
        return Some(to_oneself());
    }
    let held = principal.hats.iter().any(|hat| hat.role == role && hat.ended_from.is_none());
    (!held)
        .then(|| {
            sentence!(
                "{stands_for}はこの役割を持っていません。",
                "{stands_for} does not hold the role {role:?}",
            )
        })
        .or_else(|| not_for(member, role))
}

/// A right of the past would falsify who could do what.
fn early(from: Day, today: Day) -> Option<Sentence> {
    (from < today).then(|| {
        sentence!(
            "{from}は過ぎています。権限を変えられるのは{today}からです。",
            "{from} is past: rights change from {today} on",
        )
    })
}

fn has_role(person: &str) -> Sentence {
    sentence!("{person}はすでにこの役割を持っています。", "{person} holds this role already")
}

fn lacks_role(person: &str) -> Sentence {
    sentence!("{person}はこの役割を持っていません。", "{person} does not hold this role")
}

fn no_person(person: &str) -> Sentence {
    sentence!("「{person}」は登録されていません。", "there is no person \"{person}\"")
}

fn to_oneself() -> Sentence {
    sentence!("自分の権限は増やせません。", "nobody gives rights to themselves")
}

fn backwards(from: Day, until: Option<Day>) -> Option<Sentence> {
    let until = until.filter(|until| *until < from)?;
    Some(sentence!(
        "終わりの日{until}が始まりの日{from}より前です。",
        "the last day {until} comes before the first, {from}",
    ))
}

/// Without an administrator nobody could change anything any more.
fn last_administrator(
    people: &People,
    member: &Member,
    role: Option<Role>,
    from: Day,
) -> Option<Sentence> {
    let concerns = role.is_none_or(|role| role == Role::Administrator)
        && member.holds(Role::Administrator, from);
    let others = people.holders(Role::Administrator, from).iter().any(|id| *id != member.id);
    let id = &member.id;
    (concerns && !others)
        .then(|| sentence!("{id}は最後の管理者です。", "{id} is the last administrator"))
}
