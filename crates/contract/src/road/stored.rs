//! An account as it is stored, to go on from: nothing that its records do not give, and
//! thrown away whenever it does not fit.

use std::collections::{BTreeMap, BTreeSet};

use reckon::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;
use terms::{Law, LawId};

use crate::declare::ids::{AccountId, ApplicationId, ContractId};
use crate::money::cash::Cash;
use crate::money::receivables::Receivables;
use crate::notices::given::DeliveryId;
use crate::road::account::Account;
use crate::road::case::Case;
use crate::road::cells::{Cell, Cells};
use crate::road::editions;
use crate::road::kept::Kept;
use crate::road::lives::Lives;
use crate::road::skeleton::{Reading, Turn, Writing, piece_of, read_piece};
use crate::road::state::AccountState;

/// The version of what is stored and of the code that works it out: whoever changes what
/// an account comes to, or how it is written, counts the first number up.
pub const FOLD: u32 = FORM * 1000 + editions::PRESENT.0;
const FORM: u32 = 2;

/// Bytes of the seal in front.
const SEAL: usize = 16;

/// What is there besides the case, as one reads it back.
pub(crate) struct WorkedOut {
    pub law: LawId,
    pub until: Moment,
    pub state: AccountState,
    pub cash: Cash,
    pub cells: Cells,
    /// Of the happenings, those that are still to come.
    pub coming: BTreeSet<usize>,
    /// Of the cells, those of which nobody was told yet.
    pub looked_at: BTreeSet<Cell>,
    /// Another law holds, which differs only in what is still to come.
    pub is_law_new: bool,
}

impl Account {
    /// What there is to store: none while something is to be worked out or recorded.
    pub fn stored(&self, law: &Law) -> Option<Vec<u8>> {
        let (of, until) = self.worked_out()?;
        if *of != law.id() || self.is_to_be_brought() || !self.is_recorded(until) {
            return None;
        }
        let last = self.cash().last_issue().max(Some(until.day()))?;
        let mut to = Writing::default();
        to.number(u64::from(FOLD));
        to.text(&of.0);
        to.text(&law.id_up_to(last).0);
        to.moment(Moment::start_of(last));
        to.moment(until);
        self.case().write(&mut to);
        let coming: Vec<usize> = self.coming_happenings();
        to.count(coming.len());
        coming.into_iter().for_each(|number| to.count(number));
        self.cells().write(&mut to);
        let shown = self.looked_at();
        to.count(shown.len());
        shown.iter().for_each(|cell| cell.write(&mut to));
        self.cash().write(&mut to);
        self.state().write(&mut to);
        let body = to.finish()?;
        let mut sealed = blake3::hash(&body).as_bytes()[..SEAL].to_vec();
        sealed.extend(body);
        // What is not read back as it was written is not stored.
        let read = Account::of_stored(&self.case().account, law, sealed.clone())?;
        self.is_as(&read).then_some(sealed)
    }

    /// An account as it was stored; none where that does not fit the code or the law.
    pub fn of_stored(account: &AccountId, law: &Law, mut sealed: Vec<u8>) -> Option<Account> {
        let body = sealed.get(SEAL..)?;
        if blake3::hash(body).as_bytes()[..SEAL] != sealed[..SEAL] {
            return None;
        }
        sealed.drain(..SEAL);
        let mut from = Reading::of(sealed)?;
        if from.number()? != u64::from(FOLD) {
            return None;
        }
        let of = LawId(from.text()?);
        let known = LawId(from.text()?);
        let last = from.moment()?.day();
        let is_law_new = of != law.id();
        if is_law_new && law.id_up_to(last) != known {
            return None;
        }
        let until = from.moment()?;
        let mut case = Case::read(account, &mut from)?;
        let mut coming = BTreeSet::new();
        for _ in 0..from.count()? {
            coming.insert(from.count()?);
        }
        let (cells, lives) = Cells::read(&mut from, until)?;
        case.set_live(Lives::of(&lives));
        let mut looked_at = BTreeSet::new();
        for _ in 0..from.count()? {
            looked_at.insert(Cell::read(&mut from)?);
        }
        let cash = Cash::read(&mut from)?;
        let state = AccountState::read(&mut from)?;
        if !from.is_over() {
            return None;
        }
        let frames = from.frames().clone();
        let law = law.id();
        let worked = WorkedOut { law, until, state, cash, cells, coming, looked_at, is_law_new };
        Some(Account::going_on(case, worked, frames))
    }
}

impl AccountState {
    fn write(&self, to: &mut Writing) {
        let rest = AccountState {
            applications: BTreeMap::new(),
            contracts: BTreeMap::new(),
            receivables: Receivables::default(),
            notices: BTreeMap::new(),
            ..self.clone()
        };
        to.plain(&rest);
        write_all(&self.applications, |id| &id.0, to);
        write_all(&self.contracts, |id| &id.0, to);
        write_all(&self.notices, |id| &id.0, to);
        self.write_receivables(to);
    }

    fn read(from: &mut Reading) -> Option<AccountState> {
        let rest: AccountState = from.plain()?;
        let applications = read_all(ApplicationId, from)?;
        let contracts = read_all(ContractId, from)?;
        let notices = read_all(DeliveryId, from)?;
        let outstanding = reckon::Yen(from.signed()?);
        let receivables = Receivables::of(read_all(|number| number, from)?, outstanding);
        Some(AccountState { applications, contracts, receivables, notices, ..rest })
    }
}

fn write_all<K, T: Serialize>(
    all: &BTreeMap<K, Kept<T>>,
    name: impl Fn(&K) -> &str,
    to: &mut Writing,
) {
    to.count(all.len());
    for (id, one) in all {
        to.text(name(id));
        to.piece(Turn::First, piece_of(one.as_ref()));
    }
}

fn read_all<K: Ord, T: DeserializeOwned>(
    of: impl Fn(String) -> K,
    from: &mut Reading,
) -> Option<BTreeMap<K, Kept<T>>> {
    let mut all = BTreeMap::new();
    for _ in 0..from.count()? {
        let id = of(from.text()?);
        all.insert(id, from.piece(read_piece)?);
    }
    Some(all)
}
