//! What a person says of an effect that was refused, and why it cannot be so.

use contract::who::roles::Role;
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a person says of an effect that was refused or given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Mending {
    /// The cause is mended: it is tried again, with everything as it stands now.
    Again,
    /// It was done in another way, at this moment.
    Elsewhere { way: Way, at: Moment, reference: String },
    /// Nobody needs it any more.
    LetGo,
}

/// How something was done that this system could not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Another mail program.
    Mail,
    Post,
    /// Handed over, or done by hand.
    Hand,
}

/// Why what a person said of a refused effect cannot be so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotMended {
    #[error("there is no effect {0}")]
    Unknown(String),
    #[error("{0} was not refused, or was answered already")]
    NotRefused(String),
    #[error("this effect is not for {0:?} to mend")]
    NotYours(Role),
    #[error("say why: what was mended, or how it was done")]
    NoReason,
    #[error("what it rested on has changed: do the step anew of which it came")]
    Changed,
    #[error("it is still owed: have it tried again, or say how it was done")]
    StillOwed,
    #[error("it cannot have been done {}", .0.text())]
    NotThatWay(Way),
    #[error("say what shows it: a Message-ID, a number, a name")]
    NoReference,
    #[error("{at} does not lie between {from} and now, {now}")]
    NotThen { at: Moment, from: Moment, now: Moment },
}

impl Way {
    pub const ALL: [Way; 3] = [Way::Mail, Way::Post, Way::Hand];

    pub(super) fn text(self) -> &'static str {
        match self {
            Way::Mail => "by another mail",
            Way::Post => "by post",
            Way::Hand => "by hand",
        }
    }
}
