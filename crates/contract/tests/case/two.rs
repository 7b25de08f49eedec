//! Two persons who put a correction through.

use contract::declare::act::{Act, Approve, Propose};
use contract::who::roles::Role;

use super::{Brought, Story};

pub const CLERK: (&str, Role) = ("billing-1", Role::Billing);
pub const DESK: (&str, Role) = ("desk-2", Role::OrderDesk);
pub const APPROVER: (&str, Role) = ("approver-2", Role::ContractApprover);

impl Story {
    /// Proposed by one, approved by another; a refused proposal is the answer.
    pub fn corrected(&mut self, when: &str, by: (&str, Role), act: Act) -> Brought {
        let step = self.act(when, by, Act::Propose(Propose { act: Box::new(act.clone()) }));
        if step.refused {
            return step;
        }
        let proposal = self.last_input();
        self.act(when, APPROVER, Act::Approve(Approve { proposal, act: Box::new(act) }))
    }

    /// As [`Story::corrected`], and nothing stood against it.
    pub fn mended(&mut self, when: &str, by: (&str, Role), act: Act) {
        let step = self.corrected(when, by, act);
        assert!(!step.refused, "{:?}", step.findings);
    }
}
