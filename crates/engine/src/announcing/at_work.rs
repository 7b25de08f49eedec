//! What this process knows of notices that leave.

use std::collections::BTreeMap;
use std::sync::Mutex;

use contract::declare::ids::AccountId;
use contract::notices::given::NoticeId;
use reckon::Moment;

use super::held::Cache;

/// The notices of the operator as they were read last, and how far this process is with those
/// that leave.
#[derive(Debug, Default)]
pub struct AtWork {
    pub(super) cache: Cache,
    pub(super) places: Mutex<BTreeMap<(NoticeId, Pass), Place>>,
    /// When a page was looked for in vain.
    pub(super) looked: Mutex<BTreeMap<NoticeId, Moment>>,
    /// Customers who could not be given one, why, and when it is tried again.
    pub(super) failed: Mutex<BTreeMap<NoticeId, BTreeMap<AccountId, String>>>,
    pub(super) again: Mutex<BTreeMap<NoticeId, Moment>>,
}

/// What everybody to whom a notice goes is told, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pass {
    Give,
    Post,
}

/// The next of those to whom it goes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) chunk: usize,
    pub(super) within: usize,
}
