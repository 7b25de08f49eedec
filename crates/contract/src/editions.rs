//! Editions of the rules: what was mended, and in which records it shows.
//!
//! A record names the edition under which it was decided. When a rule is mended, old
//! records keep what they say. What comes out otherwise now is explained by the
//! editions since, if they are about that kind of thing, and enters the record as a
//! step of its own ([`Content::Edition`](crate::stream::Content::Edition)), which
//! asks for nothing outside the house.

use serde::{Deserialize, Serialize};

use crate::consequence::Consequence;

/// Which edition decided a record. One that names none is of the first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Edition(pub u32);

impl Edition {
    pub const FIRST: Edition = Edition(1);

    pub(crate) fn is_first(&self) -> bool {
        *self == Edition::FIRST
    }

    /// The one with this number or a later one: the mending holds.
    pub fn has(self, mended: Edition) -> bool {
        self >= mended
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Default for Edition {
    fn default() -> Edition {
        Edition::FIRST
    }
}

/// What an edition mended.
#[derive(Debug, Clone, Copy)]
pub struct Mended {
    pub edition: Edition,
    pub clauses: &'static [&'static str],
    /// What follows now, and what followed before.
    pub effect: &'static str,
    /// Kinds of consequences that may come out otherwise in older records, and codes
    /// of findings that may stand against an act.
    pub touches: &'static [&'static str],
}

/// The edition under which this program decides.
pub const PRESENT: Edition = MENDED[MENDED.len() - 1].edition;

/// A-50 with 25-1b: a set-off that two persons decided stands.
pub const SET_OFF_STANDS: Edition = Edition(2);
/// 13-1b, 15-1: each end keeps what it excluded.
pub const EACH_END_EXCLUDES: Edition = Edition(3);

/// Every edition since the first, in their order.
pub const MENDED: &[Mended] = &[
    Mended {
        edition: SET_OFF_STANDS,
        clauses: &["24-2", "25-1b"],
        effect: "Money that names an invoice to come is held. What two persons then set off of it \
                 against another invoice stays there when the named invoice is issued: only the \
                 rest is for that one. Before, the set-off was undone in silence.",
        touches: CASH,
    },
    Mended {
        edition: EACH_END_EXCLUDES,
        clauses: &["13-1b", "15-1", "16-1"],
        effect: "An extension that a cancellation had excluded stays excluded when the provider \
                 terminates before the day of that cancellation. Before, only the first end over \
                 all time was looked at, and the extension came back.",
        touches: &["contract_extended", "minimum_term_set", "task_opened", "task_closed"],
    },
];

/// What follows from where money went.
const CASH: &[&str] = &[
    "payment_applied",
    "application_undone",
    "overpaid",
    "receivable_paid",
    "receivable_overdue",
    "late_interest_owed",
    "right_opened",
    "right_closed",
    "task_opened",
    "task_closed",
    "payable_now",
    "alert",
];

/// The first edition after one that is about this kind of thing.
pub fn explaining(kind: &str, since: Edition) -> Option<Edition> {
    let about = |touched: &&str| {
        kind.strip_prefix(*touched).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut later = MENDED.iter().filter(|mended| mended.edition > since);
    later.find(|mended| mended.touches.iter().any(|touched| about(touched))).map(|m| m.edition)
}

/// The kind of a consequence, such as `contract_formed`, `task_opened/erasure` or
/// `right_opened/12-3`.
pub fn kind_of(consequence: &Consequence) -> String {
    let stored = serde_json::to_value(consequence).expect("plain data");
    let kind = stored["type"].as_str().expect("a tagged enum");
    let named = ["task", "right", "code"].into_iter().find_map(|field| stored[field].as_str());
    match named {
        Some(named) => format!("{kind}/{named}"),
        None => kind.to_owned(),
    }
}
