//! Who acts.

use reckon::Yen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declare::ids::AccountId;
use crate::who::roles::Role;

/// Who did or registered something, in which role, and within which bounds. What
/// a rule needs to know of a person travels with every input.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Actor {
    pub id: String,
    pub role: Role,
    /// The person whose role this one exercises for a time (代理).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<String>,
    /// What this person may approve at the most; without a limit, any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves_up_to: Option<Yen>,
    /// The account to which a customer's person belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl Actor {
    /// A person in a role of their own, without a limit.
    ///
    /// ```
    /// use contract::who::actor::Actor;
    /// use contract::who::roles::Role;
    /// assert_eq!(Actor::new("sato", Role::OrderDesk).deputy_for, None);
    /// ```
    pub fn new(id: impl Into<String>, role: Role) -> Actor {
        Actor { id: id.into(), role, deputy_for: None, approves_up_to: None, account: None }
    }

    /// Whether this is the person, or somebody who acts in that person's place.
    pub fn stands_for(&self, person: &str) -> bool {
        self.id == person || self.deputy_for.as_deref() == Some(person)
    }
}
