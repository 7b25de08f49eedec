//! What a route asks of whoever comes.

use contract::who::roles::Permission;
use engine::Stage;

use crate::access::{Via, Visitor};

/// One of these stands in every row of the table of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Everybody, signed in or not.
    Public,
    /// Whoever has signed in or comes with a key.
    SignedIn,
    /// Somebody at a browser, for what is theirs alone: a key does not do.
    OwnAccount,
    /// As [`Need::OwnAccount`], also while one-time codes are still to be set up.
    Enrolling,
    /// Whoever has given the right password and still owes the code.
    OwingCode,
    /// This machine itself, or whoever has the token for monitoring: no person.
    Monitoring,
    One(Permission),
    AnyOf(&'static [Permission]),
    /// What holds both: the record as data has amounts in it.
    AllOf(&'static [Permission]),
}

/// What becomes of somebody who asks for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Enters,
    /// Nobody was recognised: they have to sign in.
    SignsIn,
    /// They have not wholly proven who they are: the step that comes next.
    Continues(&'static str),
    Refused,
}

impl Need {
    pub fn admits(self, visitor: Option<&Visitor>) -> Admission {
        if self == Need::Public {
            return Admission::Enters;
        }
        let Some(visitor) = visitor else { return Admission::SignsIn };
        match (self, visitor.stage) {
            (Need::OwingCode, Stage::Code) | (Need::Enrolling, Stage::Enrol) => Admission::Enters,
            (_, Stage::Code) => Admission::Continues("/sign-in/code"),
            (_, Stage::Enrol) => Admission::Continues("/account/codes"),
            (_, Stage::Full) if self.is_met(visitor) => Admission::Enters,
            _ => Admission::Refused,
        }
    }

    fn is_met(self, visitor: &Visitor) -> bool {
        match self {
            Need::Public | Need::SignedIn => true,
            Need::OwnAccount | Need::Enrolling => matches!(visitor.via, Via::Session { .. }),
            Need::OwingCode | Need::Monitoring => false,
            Need::One(permission) => visitor.holds(permission),
            Need::AnyOf(permissions) => permissions.iter().any(|one| visitor.holds(*one)),
            Need::AllOf(permissions) => permissions.iter().all(|one| visitor.holds(*one)),
        }
    }
}
