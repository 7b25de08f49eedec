//! The access log: who came in, who was turned away, who read what.

use std::sync::atomic::{AtomicU32, Ordering};

use engine::Access;

use super::token;
use super::visitor::{Via, Visitor};
use super::{Door, DoorError};

/// From where a request came, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Came {
    /// A network address, or `cli` and the user of the machine.
    pub origin: String,
    pub agent: String,
}

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    SignIn,
    SignInFailed,
    SignOut,
    /// Turned away for want of a permission.
    Refused,
    /// Personal data or papers were read.
    Read,
    Export,
    /// People, credentials or keys were changed.
    Admin,
}

impl Noted {
    pub fn kind(self) -> &'static str {
        match self {
            Noted::SignIn => "sign_in",
            Noted::SignInFailed => "sign_in_failed",
            Noted::SignOut => "sign_out",
            Noted::Refused => "refused",
            Noted::Read => "read",
            Noted::Export => "export",
            Noted::Admin => "admin",
        }
    }
}

/// Tells lines of one second apart, in their order.
static COUNT: AtomicU32 = AtomicU32::new(0);

impl Door {
    /// Removes what is older than the log is kept. Returns how many lines.
    pub async fn forget_old(&self) -> Result<u64, DoorError> {
        let days = i64::from(self.settings.log_days);
        let before = self.now().plus_seconds(-days * 86_400);
        Ok(self.identity().forget_access(before).await?)
    }

    /// Notes what a visitor did.
    pub async fn note_of(
        &self,
        visitor: &Visitor,
        kind: Noted,
        what: &str,
        came: &Came,
        detail: &str,
    ) -> Result<(), DoorError> {
        let key = match &visitor.via {
            Via::Key { id } => id.as_str(),
            Via::Session { .. } => "",
        };
        self.note(&visitor.person, key, kind, what, came, detail).await
    }

    pub async fn note(
        &self,
        person: &str,
        key: &str,
        kind: Noted,
        what: &str,
        came: &Came,
        detail: &str,
    ) -> Result<(), DoorError> {
        let at = self.now();
        let mut random = [0; 4];
        token::fill(&mut random)?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let access = Access {
            id: format!("{:010x}{count:08x}{}", at.unix_seconds(), token::hex(&random)),
            at,
            person: person.to_owned(),
            key: key.to_owned(),
            kind: kind.kind().to_owned(),
            what: what.chars().take(200).collect(),
            origin: came.origin.clone(),
            detail: detail.to_owned(),
        };
        Ok(self.identity().note_access(&access).await?)
    }
}
