//! An account as far as it has been worked out, carried from step to step: a step costs
//! what it touches, however long the account has lived.

use std::collections::BTreeSet;
use std::sync::Arc;

use reckon::Moment;
use terms::{Law, LawId};

use crate::money::cash::Cash;
use crate::road::case::{Case, Happening};
use crate::road::cells::{Cell, Cells, Touched};
use crate::road::frames::Frames;
use crate::road::interrupt::{Interrupt, Interrupted};
use crate::road::state::AccountState;
use crate::road::stored::WorkedOut;
use crate::road::stream::{Event, Input, Record};
use crate::road::unfold::{Followed, Unfolded, Unfolding};

/// Everything registered for an account, and what it comes to up to a moment.
#[derive(Debug, Clone)]
pub struct Account {
    case: Arc<Case>,
    /// Under which law, and up to when. Without it the next look works out all of it.
    worked_out: Option<(LawId, Moment)>,
    state: Arc<AccountState>,
    cash: Cash,
    cells: Cells,
    /// What counts, or counts no longer, since it was worked out.
    changed: Vec<Arc<Happening>>,
    /// Cells that were worked out since somebody asked.
    looked_at: BTreeSet<Cell>,
    /// To be looked at again: what may have read of the law what has changed in it.
    ahead: Touched,
    /// Where it was read from, if it was stored.
    frames: Option<Arc<Frames>>,
}

impl Account {
    /// Nothing of it is worked out yet.
    pub fn new(case: Case) -> Account {
        Account {
            case: Arc::new(case),
            worked_out: None,
            state: Arc::default(),
            cash: Cash::default(),
            cells: Cells::default(),
            changed: Vec::new(),
            looked_at: BTreeSet::new(),
            ahead: Touched::default(),
            frames: None,
        }
    }

    /// What was stored, to be carried on.
    pub(crate) fn going_on(case: Case, worked: WorkedOut, frames: Arc<Frames>) -> Account {
        let WorkedOut { law, until, state, cash, cells, coming, looked_at, is_law_new } = worked;
        let changed = coming.iter().filter_map(|number| case.happenings.get(*number).cloned());
        let ahead = if is_law_new { cells.looking_ahead() } else { Touched::default() };
        Account {
            changed: changed.collect(),
            worked_out: Some((law, until)),
            state: Arc::new(state),
            cash,
            cells,
            looked_at,
            ahead,
            frames: Some(frames),
            ..Account::new(case)
        }
    }

    /// How many pieces of what was stored were read.
    pub fn pieces_read(&self) -> usize {
        self.frames.as_ref().map_or(0, |frames| frames.looked_at())
    }

    pub(crate) fn worked_out(&self) -> Option<(&LawId, Moment)> {
        self.worked_out.as_ref().map(|(law, until)| (law, *until))
    }

    /// Whether another law makes some of it to be looked at again.
    pub(crate) fn is_to_be_brought(&self) -> bool {
        !self.ahead.is_empty()
    }

    pub(crate) fn looked_at(&self) -> &BTreeSet<Cell> {
        &self.looked_at
    }

    /// Which happenings, by their places, are not worked out, since they are still to come.
    pub(crate) fn coming_happenings(&self) -> Vec<usize> {
        let all = self.case.happenings.iter().enumerate();
        let is_coming = |one: &Arc<Happening>| self.changed.iter().any(|c| Arc::ptr_eq(c, one));
        all.filter(|(_, one)| is_coming(one)).map(|(number, _)| number).collect()
    }

    pub(crate) fn cash(&self) -> &Cash {
        &self.cash
    }

    /// Whether both come to the same in all that is stored.
    pub(crate) fn is_as(&self, other: &Account) -> bool {
        self.case == other.case
            && self.worked_out == other.worked_out
            && self.state == other.state
            && self.cells.is_same(&other.cells)
            && self.cash.stands_as(&other.cash)
            && self.changed.len() == other.changed.len()
            && self.coming_happenings() == other.coming_happenings()
            && self.looked_at == other.looked_at
    }

    pub fn case(&self) -> &Arc<Case> {
        &self.case
    }

    fn case_mut(&mut self) -> &mut Case {
        Arc::make_mut(&mut self.case)
    }

    /// Where it stands, as far as it has been worked out.
    pub fn state(&self) -> &Arc<AccountState> {
        &self.state
    }

    /// Takes along what somebody else recorded.
    pub fn apply(&mut self, record: &Record) {
        let changed = self.case_mut().enter(record);
        self.changed.extend(changed);
        self.case_mut().note(&record.input, &record.events);
        for moved in record.events.iter().filter_map(|event| event.body.consequence()) {
            self.cells.moved.entry(moved.clone()).or_default();
        }
    }

    /// Adds an input as it comes in.
    pub(crate) fn register(&mut self, input: &Input) {
        let changed = self.case_mut().register(input);
        self.changed.extend(changed);
    }

    /// Takes down what a step came to; where nothing did, there is no record.
    pub(crate) fn note(&mut self, input: &Input, events: &[Event]) {
        if !events.is_empty() {
            self.case_mut().note(input, events);
        }
    }

    /// Whether nothing is to be worked out up to a moment.
    pub fn is_brought_to(&self, law: &Law, until: Moment) -> bool {
        let is_known = |(known, at): &(LawId, Moment)| *at <= until && *known == law.id();
        let is_due = self.cells.next_due().is_some_and(|at| at <= until);
        self.changed.is_empty()
            && self.ahead.is_empty()
            && !is_due
            && self.worked_out.as_ref().is_some_and(is_known)
    }

    /// Works out what has changed since the last look, and what time brought, up to a
    /// moment. Looking back works out all of it.
    pub fn bring(&mut self, law: &Law, until: Moment) {
        self.bring_for(&Interrupt::default(), law, until).expect("nobody interrupts");
    }

    /// As [`Self::bring`], for a caller who may give up waiting.
    ///
    /// # Errors
    /// When they did.
    pub(crate) fn bring_for(
        &mut self,
        caller: &Interrupt,
        law: &Law,
        until: Moment,
    ) -> Result<(), Interrupted> {
        let id = law.id();
        let goes_on =
            self.worked_out.as_ref().is_some_and(|(known, at)| *known == id && *at <= until);
        if !goes_on {
            self.start_over();
        }
        let before = self.worked_out.take().map(|(_, at)| at);
        let mut touched = std::mem::take(&mut self.ahead);
        if before.is_some_and(|before| before < until) {
            touched.due(self.cells.due_by(until));
        }
        // What is still to happen is looked at again when it does.
        self.changed.retain(|happening| {
            touched.by(happening);
            happening.occurred_at > until
        });
        if touched.is_empty() {
            self.worked_out = Some((id, until));
            return Ok(());
        }
        let mut unfolding = Unfolding {
            caller,
            law,
            happenings: self.case.in_force(),
            until,
            state: Arc::unwrap_or_clone(std::mem::take(&mut self.state)),
            cash: std::mem::take(&mut self.cash),
            cells: std::mem::take(&mut self.cells),
            found: Default::default(),
        };
        let worked_out = unfolding.work_out(touched, before)?;
        unfolding.show_open();
        let Unfolding { state, cash, cells, .. } = unfolding;
        (self.state, self.cash, self.cells) = (Arc::new(state), cash, cells);
        self.looked_at.extend(worked_out);
        self.worked_out = Some((id, until));
        Ok(())
    }

    fn start_over(&mut self) {
        self.worked_out = None;
        self.state = Arc::default();
        self.cash = Cash::default();
        self.cells = Cells::default();
        self.cells.moved = self.case.live.keys().map(|id| (id.clone(), BTreeSet::new())).collect();
        self.changed = self.case.in_force().with_earlier().cloned().collect();
        self.ahead = Touched::default();
    }

    /// The cells that were worked out since this was asked last: all of them where all of
    /// it was worked out from the start.
    pub fn take_looked_at(&mut self) -> BTreeSet<Cell> {
        std::mem::take(&mut self.looked_at)
    }

    pub(crate) fn cells(&self) -> &Cells {
        &self.cells
    }

    pub(crate) fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// The cells that come out otherwise when all of it is worked out from the start:
    /// there are none, unless a reader of a cell is not told of a change.
    pub fn differs_from_whole(&self, law: &Law) -> Vec<Cell> {
        let Some((_, until)) = &self.worked_out else { return Vec::new() };
        let mut whole = Account::new(self.case.as_ref().clone());
        whole.bring(law, *until);
        let mut differs = self.cells.differing(&whole.cells);
        if differs.is_empty() && self.state != whole.state {
            differs.push(Cell::Cash);
        }
        differs
    }

    /// What will still follow if nothing happens, in the order of time.
    pub fn coming(&self) -> Vec<&Followed> {
        let Some((_, until)) = &self.worked_out else { return Vec::new() };
        let mut coming: Vec<_> = self.cells.coming(*until).collect();
        coming.sort_by(|a, b| (a.at, &a.stream, &a.id).cmp(&(b.at, &b.stream, &b.id)));
        coming.dedup_by(|a, b| a.id == b.id);
        coming
    }

    /// Every consequence up to the moment to which it was worked out.
    pub fn unfolded(&self) -> Unfolded {
        let until = self.worked_out.as_ref().map(|(_, until)| *until);
        let known = |followed: &&Followed| until.is_some_and(|until| followed.at <= until);
        let all = self.cells.all().flat_map(|found| &found.followed);
        let mut followed: Vec<_> = all.filter(known).cloned().collect();
        followed.sort_by(|a, b| (a.at, &a.stream, &a.id).cmp(&(b.at, &b.stream, &b.id)));
        followed.dedup_by(|a, b| a.id == b.id);
        Unfolded { followed, state: self.state.clone(), next_due: self.cells.next_due() }
    }
}

impl Unfolding<'_> {
    /// What is open, of all cells, into the state.
    fn show_open(&mut self) {
        let open = || self.cells.open();
        self.state.tasks = open().flat_map(|found| found.tasks.iter().cloned()).collect();
        self.state.rights = open().flat_map(|found| found.rights.iter().cloned()).collect();
        self.state.proposals = open().filter_map(|found| found.proposal.clone()).collect();
    }
}
