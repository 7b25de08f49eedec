//! What one person proposed and a second has not answered yet.

use crate::declare::act::Act;
use crate::road::unfold::{OpenProposal, Unfolding};

impl Unfolding<'_> {
    pub(crate) fn proposals(&mut self) {
        let declined = self.acts(|act| match act {
            Act::Decline { proposal, .. } => Some(proposal),
            _ => None,
        });
        let approved = self.happenings.iter().filter_map(|happening| happening.approves.as_ref());
        let answered: Vec<_> =
            declined.into_iter().map(|(_, proposal)| proposal).chain(approved).collect();
        let proposed = self.acts(|act| match act {
            Act::Propose { act } => Some(act.as_ref()),
            _ => None,
        });
        self.state.proposals = proposed
            .into_iter()
            .filter(|(happening, _)| !answered.contains(&&happening.input))
            .map(|(happening, act)| OpenProposal {
                id: happening.input.clone(),
                by: happening.actor.id.clone(),
                proposed_at: happening.occurred_at,
                act: act.clone(),
            })
            .collect();
    }
}
