//! Consequences that are recorded and not retracted: those since an account was stored, and
//! those that were, each read when somebody asks for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use reckon::Moment;

use crate::declare::consequence::Consequence;
use crate::declare::ids::ConsequenceId;
use crate::road::found::{Followed, Found};
use crate::road::kept::Kept;
use crate::road::stream::Stream;

/// A consequence that is recorded and not retracted.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    pub stream: Stream,
    pub occurred_at: Moment,
    pub consequence: Consequence,
}

/// All of an account, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Lives {
    stored: Arc<StoredLives>,
    /// Of those that were stored: retracted since.
    gone: HashSet<ConsequenceId>,
    new: BTreeMap<ConsequenceId, Arc<Live>>,
    /// The new ones, by the stream in which they stand.
    in_streams: HashMap<Stream, BTreeSet<ConsequenceId>>,
}

impl Lives {
    /// Nothing but what was stored.
    pub(crate) fn of(stored: &Arc<StoredLives>) -> Lives {
        Lives { stored: stored.clone(), ..Lives::default() }
    }

    pub fn get(&self, id: &ConsequenceId) -> Option<&Live> {
        let new = self.new.get(id).map(Arc::as_ref);
        new.or_else(|| self.stored.get(id).filter(|_| !self.gone.contains(id)))
    }

    pub(crate) fn insert(&mut self, id: ConsequenceId, live: Live) {
        self.in_streams.entry(live.stream.clone()).or_default().insert(id.clone());
        self.new.insert(id, Arc::new(live));
    }

    pub(crate) fn remove(&mut self, id: &ConsequenceId) {
        if let Some(gone) = self.new.remove(id) {
            self.in_streams.entry(gone.stream.clone()).or_default().remove(id);
        }
        if self.stored.get(id).is_some() {
            self.gone.insert(id.clone());
        }
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&ConsequenceId, &Live)> {
        let all = &self.stored.all().by_id;
        let stored = all.iter().filter(|(id, _)| !self.gone.contains(*id));
        let all: BTreeMap<_, _> = stored.chain(&self.new).collect();
        all.into_iter().map(|(id, live)| (id, live.as_ref()))
    }

    pub fn keys(&self) -> impl Iterator<Item = &ConsequenceId> {
        self.iter().map(|(id, _)| id)
    }

    pub fn values(&self) -> impl Iterator<Item = &Live> {
        self.iter().map(|(_, live)| live)
    }

    pub(crate) fn in_stream(
        &self,
        stream: Stream,
    ) -> impl Iterator<Item = (&ConsequenceId, &Live)> {
        let stored = self.stored.all().in_streams.get(&stream).into_iter().flatten();
        let stored = stored.filter(|id| !self.gone.contains(*id));
        let new = self.in_streams.get(&stream).into_iter().flatten();
        let ids: BTreeSet<_> = stored.chain(new).collect();
        ids.into_iter().filter_map(|id| Some((id, self.get(id)?)))
    }
}

impl Index<&ConsequenceId> for Lives {
    type Output = Live;

    fn index(&self, id: &ConsequenceId) -> &Live {
        self.get(id).expect("a consequence that is live")
    }
}

impl PartialEq for Lives {
    fn eq(&self, other: &Lives) -> bool {
        self.iter().eq(other.iter())
    }
}

/// What followed of the cells when an account was stored: then all of it was recorded, and
/// nothing else.
#[derive(Debug, Default)]
pub struct StoredLives {
    until: Option<Moment>,
    cells: Vec<Cell>,
    /// Beginnings of ids, and the cells of which they came; in their order.
    index: Vec<Beginning>,
    all: OnceLock<All>,
}

#[derive(Debug)]
struct Cell {
    found: Kept<Found>,
    lives: OnceLock<BTreeMap<ConsequenceId, Arc<Live>>>,
}

/// So that an id that is new opens nothing: one in ten thousand begins as one of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Beginning {
    pub id: u32,
    pub cell: u32,
}

impl Beginning {
    /// The first three bytes of a hash, behind `C-`.
    pub(crate) fn of(id: &ConsequenceId) -> u32 {
        let digits = id.0.get(2..8).unwrap_or_default();
        u32::from_str_radix(digits, 16).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct All {
    by_id: BTreeMap<ConsequenceId, Arc<Live>>,
    in_streams: HashMap<Stream, BTreeSet<ConsequenceId>>,
}

impl StoredLives {
    pub(crate) fn new(
        until: Moment,
        found: impl Iterator<Item = Kept<Found>>,
        index: Vec<Beginning>,
    ) -> StoredLives {
        let cells = found.map(|found| Cell { found, lives: OnceLock::new() }).collect();
        StoredLives { until: Some(until), cells, index, all: OnceLock::new() }
    }

    /// The cells of which something may have come under an id.
    fn cells_of(&self, id: &ConsequenceId) -> impl Iterator<Item = &Cell> {
        let begins = Beginning::of(id);
        let from = self.index.partition_point(|one| one.id < begins);
        let found = self.index[from..].iter().take_while(move |one| one.id == begins);
        found.filter_map(|one| self.cells.get(one.cell as usize))
    }

    fn get(&self, id: &ConsequenceId) -> Option<&Live> {
        self.cells_of(id).find_map(|cell| self.lives(cell).get(id)).map(Arc::as_ref)
    }

    /// Of how many cells it came, or will come.
    pub(crate) fn count(&self, id: &ConsequenceId) -> i64 {
        let of = self.cells_of(id).filter(|cell| cell.found.followed.iter().any(|f| f.id == *id));
        of.count() as i64
    }

    fn lives<'a>(&'a self, cell: &'a Cell) -> &'a BTreeMap<ConsequenceId, Arc<Live>> {
        cell.lives.get_or_init(|| {
            let known = |one: &&Followed| self.until.is_some_and(|until| one.at <= until);
            let known = cell.found.followed.iter().filter(known);
            known.map(|one| (one.id.clone(), Arc::new(one.live()))).collect()
        })
    }

    fn all(&self) -> &All {
        self.all.get_or_init(|| {
            let mut all = All::default();
            for (id, live) in self.cells.iter().flat_map(|cell| self.lives(cell)) {
                all.in_streams.entry(live.stream.clone()).or_default().insert(id.clone());
                all.by_id.insert(id.clone(), live.clone());
            }
            all
        })
    }
}
