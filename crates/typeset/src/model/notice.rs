//! 通知書: a notice of the provider on paper.

use serde::{Deserialize, Serialize};

use super::{Letterhead, Note};

/// A notice to one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticePaper {
    pub head: Letterhead,
    /// 件名.
    pub title: String,
    /// The sentence of its kind; may be empty.
    #[serde(default)]
    pub lead: String,
    #[serde(default)]
    pub particulars: Vec<Particular>,
    /// What was written besides; lines stand apart.
    #[serde(default)]
    pub text: String,
    /// Clauses on which the notice rests.
    #[serde(default)]
    pub clauses: Vec<String>,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// One thing that a notice states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particular {
    pub label: String,
    pub value: String,
}
