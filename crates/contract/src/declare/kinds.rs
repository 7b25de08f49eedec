//! What is asked of a fact, an act or a consequence of whichever kind.

use reckon::Moment;
use terms::LawError;

use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::ids::{ConsequenceId, InputId};
use crate::declare::reason::Finding;
use crate::declare::{Asked, Second};
use crate::road::stream::Stream;
use crate::who::roles::Role;

impl Fact {
    /// Whether a person of this role may register it by hand.
    pub fn may_be_registered_by(&self, role: Role) -> bool {
        self.by().is_some_and(|permission| role.holds(permission))
    }
}

impl Act {
    /// Whether it can only be done by approving a proposal of somebody else. Acceptance
    /// and erasure have a second person of their own: whoever registered the
    /// application, and whoever ordered the erasure.
    pub fn needs_approval(&self) -> bool {
        matches!(self.second(), Second::Proposed | Second::Correction)
    }

    /// Whether it mends what was entered, charged, applied or agreed before.
    pub fn is_correction(&self) -> bool {
        self.second() == Second::Correction
    }

    /// Whether it takes another person than the step before it.
    pub fn needs_second_person(&self) -> bool {
        matches!(self.second(), Second::Other | Second::Proposed)
    }

    /// Whether a role may do it, or approve a proposal of it.
    pub fn may(&self, role: Role) -> bool {
        match self {
            Act::Decline(decline) => decline.act.may(role) || decline.act.may_propose(role),
            act => act.doers().contains(&role),
        }
    }

    /// Whether a role may put it before a second person.
    pub fn may_propose(&self, role: Role) -> bool {
        self.proposers().contains(&role)
    }

    /// The act that is done by this one: that of an approved proposal, or itself.
    pub fn done(&self) -> &Act {
        match self {
            Act::Approve(approve) => &approve.act,
            other => other,
        }
    }

    /// What the terms say against it now.
    pub(crate) fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let mut findings = self.against_entry(asked)?;
        if self.is_correction() && self.amount().is_some_and(|amount| !amount.is_positive()) {
            findings.push(Finding::blocking("24-1", "no_amount", ""));
        }
        Ok(findings)
    }
}

impl Consequence {
    /// The id under which it stands in a stream, made from what it rests on: the
    /// same thing at another moment, or on other facts, is another consequence.
    pub fn id(&self, stream: &Stream, at: Moment, facts: &[InputId]) -> ConsequenceId {
        let text = serde_json::to_string(&(stream, at, self, facts)).expect("plain data");
        ConsequenceId(format!("C-{}", &blake3::hash(text.as_bytes()).to_hex()[..12]))
    }
}
