//! One input in, events with their reasons out.

use std::sync::Arc;

use reckon::Moment;
use serde::Serialize;
use terms::{Law, LawError};

use crate::declare::Asked;
use crate::declare::act::Act;
use crate::declare::reason::{Because, Finding};
use crate::declare::rules::Rule;
use crate::road::account::Account;
use crate::road::case::Case;
use crate::road::editions::Edition;
use crate::road::proposals::against_step;
use crate::road::state::AccountState;
use crate::road::stream::{Body, Content, Event, Input};
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
    pub state: Arc<AccountState>,
    pub next_due: Option<Moment>,
}

/// What an input would come to if it were registered, or done, and what the terms
/// say against it. Nobody's permission is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// Where the account stands without it.
    pub before: Arc<AccountState>,
    pub decision: Decision,
}

/// Decides an input on an account of which nothing is worked out yet: see
/// [`Account::decide`].
///
/// # Errors
/// As [`Account::decide`].
pub fn decide(law: &Law, case: &Case, input: &Input) -> Result<Decision, LawError> {
    Account::new(case.clone()).decide(law, input)
}

/// Every ground that speaks against an act now, and every warning.
///
/// # Errors
/// As [`Account::decide`].
pub fn evaluate_act(
    law: &Law,
    case: &Case,
    input: &Input,
    act: &Act,
) -> Result<Vec<Finding>, LawError> {
    Account::new(case.clone()).evaluate(law, input, act)
}

impl Account {
    /// Decides an input: a fact is registered, an act is done or refused, and what
    /// follows from all that is then known is recorded, less what is recorded
    /// already; what no longer follows is retracted. Afterwards the account stands as
    /// if the events were appended; on an error, or if they are not, it is thrown away.
    ///
    /// # Errors
    /// When an agreement of a contract names a parameter that the law does not have.
    pub fn decide(&mut self, law: &Law, input: &Input) -> Result<Decision, LawError> {
        let findings = match &input.content {
            Content::Act(act) => self.evaluate(law, input, act)?,
            _ => Vec::new(),
        };
        let refused = findings.iter().any(|finding| finding.blocks);
        Ok(self.follow(law, input, findings, refused))
    }

    /// Looks ahead: as [`Self::decide`], whoever asks and whatever stands against it.
    ///
    /// # Errors
    /// As [`Self::decide`].
    pub fn foresee(&mut self, law: &Law, input: &Input) -> Result<Foreseen, LawError> {
        let before = self.state_at(law, input.known_at);
        let findings = match &input.content {
            Content::Act(act) => {
                let asked = Asked { law, case: self.case(), state: &before, at: input.known_at };
                act.against(&asked)?
            }
            _ => Vec::new(),
        };
        let decision = self.follow(law, input, findings, false);
        Ok(Foreseen { before, decision })
    }

    /// What is entered, and what follows from all that is then known, less what is
    /// recorded already.
    fn follow(
        &mut self,
        law: &Law,
        input: &Input,
        findings: Vec<Finding>,
        refused: bool,
    ) -> Decision {
        let done = self.case().unfolded_until;
        let until = done.map_or(input.known_at, |done| done.max(input.known_at));
        let mut events: Vec<Event> = entered(input, &findings, refused).into_iter().collect();
        if !refused {
            self.register(input);
        }
        self.bring(law, until);
        events.extend(self.difference(input, until));
        self.note(input, &events);
        let (state, next_due) = (self.state().clone(), self.cells().next_due());
        Decision { events, findings, refused, state, next_due }
    }

    /// What follows and is not recorded, and what is recorded and no longer follows.
    fn difference(&mut self, input: &Input, until: Moment) -> Vec<Event> {
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for id in self.cells().moved.keys() {
            let live = self.case().live.get(id);
            match (live, self.cells().moved_to(id, until)) {
                (Some(live), None) if !self.cells().follows(id) => gone.push(Event {
                    stream: live.stream.clone(),
                    occurred_at: input.known_at,
                    body: Body::Retracted { of: id.clone() },
                    because: match input.content {
                        Content::Edition => {
                            Because::of(&EDITION).with(Entered { edition: input.edition })
                        }
                        _ => Because::of(&CORRECTION).fact(&input.id),
                    },
                }),
                (None, Some(followed)) => new.push(followed.clone()),
                _ => {}
            }
        }
        self.cells_mut().moved.clear();
        new.sort_by(|a, b| (a.at, &a.stream, &a.id).cmp(&(b.at, &b.stream, &b.id)));
        let new = new.into_iter().map(|new| Event {
            stream: new.stream,
            occurred_at: new.at,
            body: Body::Follows { id: new.id, consequence: new.consequence },
            because: new.because,
        });
        gone.into_iter().chain(new).collect()
    }

    /// Whether nothing is to be recorded or retracted of what came out.
    pub(crate) fn is_recorded(&self, until: Moment) -> bool {
        self.cells().moved.keys().all(|id| {
            match (self.case().live.get(id), self.cells().moved_to(id, until)) {
                (Some(_), None) => self.cells().follows(id),
                (None, Some(_)) => false,
                _ => true,
            }
        })
    }

    /// Where it stands at a moment, with everything that is then due.
    fn state_at(&mut self, law: &Law, at: Moment) -> Arc<AccountState> {
        if self.case().unfolded_until.is_none_or(|done| done <= at) {
            self.bring(law, at);
            return self.state().clone();
        }
        // A clock that is behind, or an act of an earlier record.
        let mut earlier = Account::new(self.case().as_ref().clone());
        earlier.bring(law, at);
        earlier.state().clone()
    }

    fn evaluate(&mut self, law: &Law, input: &Input, act: &Act) -> Result<Vec<Finding>, LawError> {
        let state = self.state_at(law, input.known_at);
        let case = self.case();
        let mut findings = permission(&input.actor, act, act.earlier(&state));
        if input.actor.role.is_customers() && input.actor.account.as_ref() != Some(&case.account) {
            let detail = case.account.to_string();
            findings.push(Finding::blocking("roles", "other_account", detail));
        }
        findings.extend(against_step(&state, act));
        findings.extend(act.against(&Asked { law, case, state: &state, at: input.known_at })?);
        Ok(findings)
    }
}

/// The entry of an input in its stream.
fn entered(input: &Input, findings: &[Finding], refused: bool) -> Option<Event> {
    let (id, digest) = (input.id.clone(), input.digest());
    let (stream, body) = match &input.content {
        Content::Clock | Content::Edition => return None,
        Content::Fact(fact) => (fact.stream(), Body::Registered { input: id, digest }),
        Content::Act(act) => {
            let findings = findings.to_vec();
            let body = match refused {
                true => Body::Refused { input: id, digest, findings },
                false => Body::Done { input: id, digest, warnings: findings },
            };
            (act.stream(), body)
        }
    };
    let because = Because::of(&RECORDED).fact(&input.id);
    Some(Event { stream, occurred_at: input.occurred_at, body, because })
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
