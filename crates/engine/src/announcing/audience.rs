//! To whom a notice goes.

use contract::declare::ids::{AccountId, ContractId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom a notice concerns.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Audience {
    Contract {
        contract: ContractId,
    },
    Customer {
        account: AccountId,
    },
    /// Those with a line of this service.
    Service {
        item: String,
    },
    /// Those whose contract stands under this version of the terms.
    Version {
        version: String,
    },
    All,
}

/// A customer to whom a notice goes, with the contracts that it concerns.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Addressed {
    pub account: AccountId,
    pub contracts: Vec<ContractId>,
}

impl Audience {
    /// Whether it is one customer alone: nothing of it is for everybody to read.
    pub fn is_one(&self) -> bool {
        matches!(self, Audience::Contract { .. } | Audience::Customer { .. })
    }
}
