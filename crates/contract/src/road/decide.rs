//! One input in, events with their reasons out.

use std::collections::HashSet;

use reckon::Moment;
use serde::Serialize;
use terms::{Law, LawError};

use crate::declare::Asked;
use crate::declare::act::Act;
use crate::declare::reason::{Because, Finding};
use crate::declare::rules::Rule;
use crate::road::case::Case;
use crate::road::editions::Edition;
use crate::road::proposals::against_step;
use crate::road::state::AccountState;
use crate::road::stream::{Body, Content, Event, Input};
use crate::road::unfold::{Unfolded, unfold};
use crate::who::actor::Actor;

pub(crate) const RECORDED: Rule = Rule::new("recorded", 1, "登録", "registration");
pub(crate) const CORRECTION: Rule = Rule::new("correction", 1, "訂正", "correction");
pub(crate) const EDITION: Rule =
    Rule::new("edition", 1, "規則の改訂", "newer edition of the rules");

#[derive(Serialize)]
struct Entered {
    edition: Edition,
}

/// What an input comes to. An unread decision is a lost one.
#[must_use = "the events of a decision have to be appended"]
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub events: Vec<Event>,
    /// Why an act was refused, or what it should mind.
    pub findings: Vec<Finding>,
    pub refused: bool,
    /// Where the account stands once the events are appended.
    pub state: AccountState,
    pub next_due: Option<Moment>,
}

/// Decides an input: a fact is registered, an act is done or refused, and what
/// follows from all that is then known is recorded, less what is recorded
/// already; what no longer follows is retracted.
///
/// # Errors
/// When an agreement of a contract names a parameter that the law does not have.
pub fn decide(law: &Law, case: &Case, input: &Input) -> Result<Decision, LawError> {
    let (first, findings) = own_event(law, case, input)?;
    Ok(difference(law, case, input, first, findings))
}

/// What an input would come to if it were registered, or done, and what the terms
/// say against it. Nobody's permission is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// Where the account stands without it.
    pub before: Unfolded,
    pub decision: Decision,
}

/// Looks ahead: as [`decide`], whoever asks and whatever stands against it.
///
/// # Errors
/// As [`decide`].
pub fn foresee(law: &Law, case: &Case, input: &Input) -> Result<Foreseen, LawError> {
    let (id, digest) = (input.id.clone(), input.digest());
    let because = Because::of(&RECORDED).fact(&input.id);
    let occurred_at = input.occurred_at;
    let before = unfold(law, case, input.known_at);
    let (stream, body, findings) = match &input.content {
        Content::Clock | Content::Edition => (None, None, Vec::new()),
        Content::Fact(fact) => {
            (Some(fact.stream()), Some(Body::Registered { input: id, digest }), Vec::new())
        }
        Content::Act(act) => {
            let asked = Asked { law, case, state: &before.state, at: input.known_at };
            let findings = act.against(&asked)?;
            let body = Body::Done { input: id, digest, warnings: findings.clone() };
            (Some(act.stream()), Some(body), findings)
        }
    };
    let first = stream.zip(body).map(|(stream, body)| Event { stream, occurred_at, body, because });
    let decision = difference(law, case, input, first, findings);
    Ok(Foreseen { before, decision })
}

/// What follows from all that is then known, less what is recorded already.
fn difference(
    law: &Law,
    case: &Case,
    input: &Input,
    first: Option<Event>,
    findings: Vec<Finding>,
) -> Decision {
    let until = case.unfolded_until.map_or(input.known_at, |done| done.max(input.known_at));
    let refused = matches!(first.as_ref().map(|e| &e.body), Some(Body::Refused { .. }));
    let known = (first.is_some() && !refused).then(|| case.with(input));
    let known = known.as_ref().unwrap_or(case);
    let Unfolded { followed, state, next_due } = unfold(law, known, until);
    let mut events: Vec<Event> = first.into_iter().collect();
    let still: HashSet<_> = followed.iter().map(|followed| &followed.id).collect();
    for (id, live) in case.live.iter().filter(|(id, _)| !still.contains(id)) {
        events.push(Event {
            stream: live.stream.clone(),
            occurred_at: input.known_at,
            body: Body::Retracted { of: id.clone() },
            because: match input.content {
                Content::Edition => Because::of(&EDITION).with(Entered { edition: input.edition }),
                _ => Because::of(&CORRECTION).fact(&input.id),
            },
        });
    }
    for new in followed.into_iter().filter(|f| !case.live.contains_key(&f.id)) {
        events.push(Event {
            stream: new.stream,
            occurred_at: new.at,
            body: Body::Follows { id: new.id, consequence: new.consequence },
            because: new.because,
        });
    }
    Decision { events, findings, refused, state, next_due }
}

fn own_event(
    law: &Law,
    case: &Case,
    input: &Input,
) -> Result<(Option<Event>, Vec<Finding>), LawError> {
    let (id, digest) = (input.id.clone(), input.digest());
    let (stream, body, findings) = match &input.content {
        Content::Clock | Content::Edition => return Ok((None, Vec::new())),
        Content::Fact(fact) => (fact.stream(), Body::Registered { input: id, digest }, Vec::new()),
        Content::Act(act) => {
            let findings = evaluate_act(law, case, input, act)?;
            let body = if findings.iter().any(|f| f.blocks) {
                Body::Refused { input: id, digest, findings: findings.clone() }
            } else {
                Body::Done { input: id, digest, warnings: findings.clone() }
            };
            (act.stream(), body, findings)
        }
    };
    let because = Because::of(&RECORDED).fact(&input.id);
    let event = Event { stream, occurred_at: input.occurred_at, body, because };
    Ok((Some(event), findings))
}

/// Every ground that speaks against an act now, and every warning.
///
/// # Errors
/// As [`decide`].
pub fn evaluate_act(
    law: &Law,
    case: &Case,
    input: &Input,
    act: &Act,
) -> Result<Vec<Finding>, LawError> {
    let state = unfold(law, case, input.known_at).state;
    let mut findings = permission(&input.actor, act, act.earlier(&state));
    if input.actor.role.is_customers() && input.actor.account.as_ref() != Some(&case.account) {
        let detail = case.account.to_string();
        findings.push(Finding::blocking("roles", "other_account", detail));
    }
    findings.extend(against_step(&state, act));
    findings.extend(act.against(&Asked { law, case, state: &state, at: input.known_at })?);
    Ok(findings)
}

/// The findings that keep this actor from this act.
///
/// `earlier` is the person who did the step before: registered the application,
/// proposed the act, ordered the erasure.
fn permission(actor: &Actor, act: &Act, earlier: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !act.may(actor.role) {
        let detail = format!("{} ({:?})", actor.id, actor.role);
        findings.push(Finding::blocking("roles", "not_permitted", detail));
    }
    if earlier.is_some_and(|person| actor.stands_for(person)) {
        findings.push(Finding::blocking("roles", "same_person", actor.id.clone()));
    }
    if let (Act::Approve(_), Some(amount), Some(limit)) = (act, act.amount(), actor.approves_up_to)
        && amount > limit
    {
        let detail = format!("{amount} > {limit}");
        findings.push(Finding::blocking("roles", "above_limit", detail));
    }
    findings
}
