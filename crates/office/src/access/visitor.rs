//! Whoever was let in: as whom they may act today, and of which account they are.

use contract::declare::ids::AccountId;
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use engine::Stage;

/// By what somebody came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// `csrf` stands in every form of the session.
    Session {
        id: String,
        csrf: String,
    },
    Key {
        id: String,
    },
}

/// A person or program at the door, recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    pub person: String,
    pub name: String,
    /// Everything as which they may act today.
    pub hats: Vec<Actor>,
    /// People of a customer see this account and no other.
    pub account: Option<AccountId>,
    pub via: Via,
    pub stage: Stage,
}

impl Visitor {
    /// Whether any of the hats has a permission. Nobody has one before they have
    /// wholly proven who they are.
    pub fn holds(&self, permission: Permission) -> bool {
        self.stage == Stage::Full && self.hats.iter().any(|hat| hat.role.holds(permission))
    }

    /// The hat under which something is done: the one that was asked for, or the
    /// first that may do it.
    pub fn acting(&self, asked: Option<Role>, may: impl Fn(Role) -> bool) -> Option<&Actor> {
        let mut hats = self.hats.iter();
        match asked {
            Some(role) => hats.find(|hat| hat.role == role),
            None => hats.find(|hat| may(hat.role)),
        }
    }

    pub fn session(&self) -> Option<&str> {
        match &self.via {
            Via::Session { id, .. } => Some(id),
            Via::Key { .. } => None,
        }
    }

    /// What the forms of this session carry; empty for a key, which has none.
    pub fn csrf(&self) -> &str {
        match &self.via {
            Via::Session { csrf, .. } => csrf,
            Via::Key { .. } => "",
        }
    }
}
