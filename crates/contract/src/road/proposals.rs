//! Proposing, approving and declining what takes two persons.

use crate::declare::act::Act;
use crate::declare::prelude::*;
use crate::road::state::OpenProposal;
use crate::road::unfold::Unfolding;

/// Puts an act that needs two persons before the second one (起案).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Propose {
    pub act: Box<Act>,
}

impl Entry for Propose {
    const NAME: &'static str = "propose";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("起案", "proposal");

    fn stream(&self) -> Stream {
        self.act.stream()
    }

    fn line(&self, l: Reader) -> String {
        let Propose { act: inner } = self;
        let inner = inner.line(l);
        say!(l, "起案：{inner}", "proposed: {inner}")
    }
}

impl Deed for Propose {
    fn doers(&self) -> &'static [Role] {
        self.act.proposers()
    }

    fn amount(&self) -> Option<Yen> {
        self.act.amount()
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        self.act.against(asked)
    }
}

/// Approves a proposal: the act is done now, by the one who approves. It is
/// repeated here, so that nobody approves what they have not seen (承認).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Approve {
    pub proposal: InputId,
    pub act: Box<Act>,
}

impl Entry for Approve {
    const NAME: &'static str = "approve";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("承認", "approval");

    fn stream(&self) -> Stream {
        self.act.stream()
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        self.act.reaches_back_to()
    }

    fn line(&self, l: Reader) -> String {
        let Approve { act: inner, .. } = self;
        let inner = inner.line(l);
        say!(l, "承認：{inner}", "approved: {inner}")
    }
}

impl Deed for Approve {
    const SECOND: Second = Second::Other;

    fn doers(&self) -> &'static [Role] {
        self.act.doers()
    }

    fn amount(&self) -> Option<Yen> {
        self.act.amount()
    }

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        Some(state.proposals.iter().find(|open| open.id == self.proposal)?.by.as_str())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        self.act.against(asked)
    }
}

/// Turns a proposal down, or takes back one's own (却下).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Decline {
    pub proposal: InputId,
    pub act: Box<Act>,
}

impl Entry for Decline {
    const NAME: &'static str = "decline";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("却下", "proposal declined");

    fn stream(&self) -> Stream {
        self.act.stream()
    }

    fn line(&self, l: Reader) -> String {
        let Decline { act: inner, .. } = self;
        let inner = inner.line(l);
        say!(l, "却下：{inner}", "declined: {inner}")
    }
}

impl Deed for Decline {
    fn against(&self, _asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(Vec::new())
    }
}

/// What stands against proposing, approving or declining as such.
pub(crate) fn against_step(state: &AccountState, act: &Act) -> Vec<Finding> {
    let (proposal, inner) = match act {
        Act::Propose(Propose { act: inner }) if !inner.needs_approval() => {
            return vec![Finding::blocking("roles", "not_by_proposal", inner.name())];
        }
        Act::Approve(Approve { proposal, act }) | Act::Decline(Decline { proposal, act }) => {
            (proposal, act)
        }
        _ => return Vec::new(),
    };
    let open = state.proposals.iter().find(|open| open.id == *proposal);
    match open {
        None => vec![Finding::blocking("roles", "no_open_proposal", proposal.0.clone())],
        Some(open) if open.act != **inner => {
            vec![Finding::blocking("roles", "not_what_was_proposed", proposal.0.clone())]
        }
        Some(_) => Vec::new(),
    }
}

impl Unfolding<'_> {
    /// What one person proposed, until another approves or declines it.
    pub(crate) fn proposal(&mut self, id: &InputId) {
        let mut proposed = self.acts::<Propose>();
        let Some((happening, proposed)) = proposed.rfind(|(one, _)| one.input == *id) else {
            return;
        };
        if !self.happenings.is_answered(id) {
            self.found.proposal = Some(OpenProposal {
                id: id.clone(),
                by: happening.actor.id.clone(),
                proposed_at: happening.occurred_at,
                act: proposed.act.as_ref().clone(),
            });
        }
    }
}
