//! Acts: what a person wants to do. They may be refused, with every ground.

use reckon::Day;
use serde::{Deserialize, Serialize};

use crate::ids::{ApplicationId, ContractId};
use crate::roles::Role;

/// Who did or registered something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: String,
    pub role: Role,
}

/// Something that a person with the role may do; a right is exercised only so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// 9-3: let the acceptance mail go out. The contract is formed when it has
    /// been sent, not by this.
    AcceptApplication { application: ApplicationId },
    /// 9-3b, 9-10: decline, naming the ground.
    RefuseApplication { application: ApplicationId, ground: String },
    /// 12-3: suspend on an open ground.
    Suspend { contract: ContractId, ground: String, proposed_by: String },
    /// Resume after the ground is gone.
    Resume { contract: ContractId },
    /// 16-1: terminate on an open ground. Takes effect by the notice.
    Terminate {
        contract: ContractId,
        ground: String,
        proposed_by: String,
        /// A later end than the notice, if one is set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Day>,
        /// 16-2: by when what is unpaid shall be paid.
        payable_by: Day,
    },
    /// 19-2: ask for the erasure of what the contract left.
    OrderErasure { contract: ContractId },
    /// The second person: keys and rows are then destroyed.
    ConfirmErasure { contract: ContractId },
}

impl Act {
    /// The name by which permissions and pages know it.
    pub fn name(&self) -> &'static str {
        match self {
            Act::AcceptApplication { .. } => "accept_application",
            Act::RefuseApplication { .. } => "refuse_application",
            Act::Suspend { .. } => "suspend",
            Act::Resume { .. } => "resume",
            Act::Terminate { .. } => "terminate",
            Act::OrderErasure { .. } => "order_erasure",
            Act::ConfirmErasure { .. } => "confirm_erasure",
        }
    }
}
