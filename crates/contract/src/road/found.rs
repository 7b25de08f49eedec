//! What a cell comes to, besides its part of the state.

use reckon::Moment;
use serde::{Deserialize, Serialize};

use crate::declare::consequence::Consequence;
use crate::declare::ids::ConsequenceId;
use crate::declare::reason::Because;
use crate::road::lives::Live;
use crate::road::state::{OpenProposal, OpenRight, OpenTask};
use crate::road::stream::Stream;

/// A consequence with its moment and its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    pub id: ConsequenceId,
    pub at: Moment,
    pub stream: Stream,
    pub consequence: Consequence,
    pub because: Because,
}

impl Followed {
    pub(crate) fn new(
        at: Moment,
        stream: Stream,
        consequence: Consequence,
        because: Because,
    ) -> Followed {
        let id = consequence.id(&stream, at, &because.facts);
        Followed { id, at, stream, consequence, because }
    }

    pub(crate) fn live(&self) -> Live {
        Live {
            stream: self.stream.clone(),
            occurred_at: self.at,
            consequence: self.consequence.clone(),
        }
    }
}

/// What a cell comes to, besides its part of the state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Also what is still to come.
    pub followed: Vec<Followed>,
    pub tasks: Vec<OpenTask>,
    pub rights: Vec<OpenRight>,
    pub proposal: Option<OpenProposal>,
}

impl Found {
    pub(crate) fn is_open(&self) -> bool {
        !self.tasks.is_empty() || !self.rights.is_empty() || self.proposal.is_some()
    }

    /// Whether a right opened of it, or closed.
    pub(crate) fn has_rights(&self) -> bool {
        let mut what = self.followed.iter().map(|followed| &followed.consequence);
        what.any(|one| matches!(one, Consequence::RightOpened(_) | Consequence::RightClosed(_)))
    }

    pub(crate) fn next_after(&self, until: Moment) -> Option<Moment> {
        self.followed.iter().map(|followed| followed.at).filter(|at| *at > until).min()
    }
}

/// As it is stored: an id is made of the rest again.
#[derive(Serialize, Deserialize)]
struct StoredFound {
    f: Vec<StoredFollowed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    t: Vec<OpenTask>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    r: Vec<OpenRight>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<OpenProposal>,
}

#[derive(Serialize, Deserialize)]
struct StoredFollowed {
    at: Moment,
    of: Stream,
    what: Consequence,
    by: Because,
}

impl Found {
    pub(crate) fn written(&self) -> Option<Vec<u8>> {
        let followed = self.followed.iter().cloned().map(|one| StoredFollowed {
            at: one.at,
            of: one.stream,
            what: one.consequence,
            by: one.because,
        });
        let stored = StoredFound {
            f: followed.collect(),
            t: self.tasks.clone(),
            r: self.rights.clone(),
            p: self.proposal.clone(),
        };
        serde_json::to_vec(&stored).ok()
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Found> {
        let StoredFound { f, t, r, p } = serde_json::from_slice(bytes).ok()?;
        let followed = f.into_iter().map(|one| Followed::new(one.at, one.of, one.what, one.by));
        Some(Found { followed: followed.collect(), tasks: t, rights: r, proposal: p })
    }
}
