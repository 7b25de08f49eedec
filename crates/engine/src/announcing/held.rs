//! Every notice of the operator, folded from the entries.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use reckon::Moment;
use terms::NoticeKind;

use super::entries::{Approved, NOTICES, NoticeEntry, NoticeStep, Posted, Written, entries};
use crate::keeping::store::{Store, StoreError};

/// A notice, and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    pub id: NoticeId,
    pub written: Arc<Written>,
    pub written_by: Actor,
    pub written_at: Moment,
    /// Roles of which one approves it, as another person than who wrote it; empty: nobody.
    /// What withdraws a notice is approved as that one was.
    pub approvers: Vec<String>,
    pub approved: Option<Signed<Approved>>,
    pub dropped: Option<Signed<String>>,
    pub posted: Option<Signed<Posted>>,
    /// Customers who were given it for certain.
    pub given: u64,
    pub given_to_all: Option<Moment>,
    pub posting_told: Option<Moment>,
    /// The notice that withdrew it, since when.
    pub withdrawn: Option<Signed<NoticeId>>,
}

/// Something with who said so, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed<T> {
    pub by: Actor,
    pub at: Moment,
    pub what: T,
}

/// How far a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for a second person.
    Waiting,
    /// It is on its way to somebody still, or is not yet on the homepage.
    Leaving,
    /// Everybody was given it.
    Out,
    Dropped,
    Withdrawn,
}

/// Every notice, by its id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Announcements {
    pub all: BTreeMap<NoticeId, Announcement>,
    /// How many entries they were folded from.
    pub(super) entries: u64,
}

impl Announcement {
    /// The kind, which the pack may have lost since.
    pub fn kind(&self) -> Option<&'static NoticeKind> {
        NoticeKind::of(&self.written.kind)
    }

    pub fn goes_by(&self, channel: Channel) -> bool {
        self.written.channels.contains(&channel)
    }

    pub fn standing(&self) -> Standing {
        let unposted = self.goes_by(Channel::Homepage) && self.posting_told.is_none();
        match () {
            () if self.dropped.is_some() => Standing::Dropped,
            () if self.approved.is_none() => Standing::Waiting,
            () if self.withdrawn.is_some() => Standing::Withdrawn,
            () if self.given_to_all.is_none() || unposted => Standing::Leaving,
            () => Standing::Out,
        }
    }

    /// Whether everybody may read it on the homepage, from its approval on.
    pub fn is_public(&self) -> bool {
        self.goes_by(Channel::Homepage)
            && !self.written.audience.is_one()
            && self.approved.is_some()
            && self.dropped.is_none()
    }

    /// Whether it was withdrawn before everybody was given it: the rest is passed over.
    pub(super) fn is_stopped(&self) -> bool {
        let unposted = self.goes_by(Channel::Homepage) && self.posting_told.is_none();
        self.withdrawn.is_some() && (self.given_to_all.is_none() || unposted)
    }

    /// The path of its page on the public site.
    pub fn page(&self) -> String {
        format!("/site/notices/{}", self.id)
    }
}

impl Announcements {
    pub fn get(&self, id: &NoticeId) -> Option<&Announcement> {
        self.all.get(id)
    }

    /// The newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Announcement> {
        self.all.values().rev()
    }

    /// Who approves a notice of a kind that withdraws this one, if it withdraws one.
    pub fn approvers(&self, kind: &str, withdraws: Option<&NoticeId>) -> Vec<String> {
        let own = NoticeKind::of(kind).map(|kind| kind.approve.clone()).unwrap_or_default();
        let old = withdraws.and_then(|old| self.get(old));
        match old.map(|old| &old.approvers).filter(|approvers| !approvers.is_empty()) {
            Some(approvers) if own.is_empty() => approvers.clone(),
            _ => own,
        }
    }

    /// What this form wrote already.
    pub(super) fn of_form(&self, form: &str) -> Option<&Announcement> {
        self.all.values().find(|one| one.written.form == form)
    }

    pub(super) fn next_id(&self) -> NoticeId {
        NoticeId::numbered(self.all.len() as u64 + 1)
    }

    fn of(entries: Vec<NoticeEntry>) -> Announcements {
        let mut held = Announcements { entries: entries.len() as u64, ..Announcements::default() };
        for NoticeEntry { notice, by, at, what } in entries {
            held.take(notice, by, at, what);
        }
        held
    }

    fn take(&mut self, id: NoticeId, by: Actor, at: Moment, what: NoticeStep) {
        if let NoticeStep::Written(written) = what {
            let approvers = self.approvers(&written.kind, written.withdraws.as_ref());
            let one = Announcement {
                id: id.clone(),
                written: Arc::new(*written),
                written_by: by,
                written_at: at,
                approvers,
                approved: None,
                dropped: None,
                posted: None,
                given: 0,
                given_to_all: None,
                posting_told: None,
                withdrawn: None,
            };
            self.all.insert(id, one);
            return;
        }
        let Some(one) = self.all.get_mut(&id) else { return };
        match what {
            NoticeStep::Written(_) => {}
            NoticeStep::Approved(what) => {
                one.approved = Some(Signed { by: by.clone(), at, what });
                let withdraws = one.written.withdraws.clone();
                if let Some(old) = withdraws.and_then(|old| self.all.get_mut(&old)) {
                    old.withdrawn = Some(Signed { by, at, what: id });
                }
            }
            NoticeStep::Dropped { reason } => {
                one.dropped = Some(Signed { by, at, what: reason });
            }
            NoticeStep::Posted(what) => one.posted = Some(Signed { by, at, what }),
            NoticeStep::GivenUpTo { customers } => one.given = one.given.max(customers),
            NoticeStep::GivenToAll { customers } => {
                one.given = customers;
                one.given_to_all = Some(at);
            }
            NoticeStep::PostingTold => one.posting_told = Some(at),
        }
    }
}

/// The notices as they were read last: another process may have written meanwhile.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Option<Arc<Announcements>>>);

impl Cache {
    pub(super) async fn announcements(
        &self,
        store: &dyn Store,
    ) -> Result<Arc<Announcements>, StoreError> {
        let length = store.operator_stream_length(NOTICES).await?;
        let cached = self.0.lock().expect("no holder panics").clone();
        if let Some(held) = cached.filter(|held| held.entries == length) {
            return Ok(held);
        }
        let held = Arc::new(Announcements::of(entries(store).await?));
        *self.0.lock().expect("no holder panics") = Some(held.clone());
        Ok(held)
    }
}
