//! Cells as they are stored, and of which cell each consequence came.

use std::collections::HashMap;
use std::sync::Arc;

use reckon::Moment;

use crate::declare::ids::{ApplicationId, ConsequenceId, ContractId, InputId};
use crate::money::cash::Place;
use crate::notices::given::DeliveryId;
use crate::road::cells::{Cell, Cells, Touched};
use crate::road::found::Found;
use crate::road::kept::Kept;
use crate::road::lives::{Beginning, StoredLives};
use crate::road::skeleton::{Reading, Turn, Writing};

impl Cell {
    pub(crate) fn write(&self, to: &mut Writing) {
        let (tag, text) = match self {
            Cell::Application(id) => (0, id.0.as_str()),
            Cell::Contract(id) => (1, id.0.as_str()),
            Cell::Order(id) => (2, id.0.as_str()),
            Cell::Opening(number) => (3, number.as_str()),
            Cell::Cash => (4, ""),
            Cell::Movement(_) => (5, ""),
            Cell::Overpaid(_) => (6, ""),
            Cell::Returns => (7, ""),
            Cell::Receivable(number) => (8, number.as_str()),
            Cell::Payable(id) => (9, id.0.as_str()),
            Cell::Notice(id) => (10, id.0.as_str()),
            Cell::Judged(about) => (11, about.as_str()),
            Cell::Resumption(id) => (12, id.0.as_str()),
            Cell::Letters(id) => (13, id.0.as_str()),
            Cell::Checks => (14, ""),
            Cell::Grounds(id) => (15, id.0.as_str()),
            Cell::Parties => (16, ""),
            Cell::Quote(number) => (17, number.as_str()),
            Cell::Conduct(id) => (18, id.0.as_str()),
            Cell::Unknown(_) => (19, ""),
            Cell::RefusedMails => (20, ""),
            Cell::Proposal(id) => (21, id.0.as_str()),
            Cell::Usage => (22, ""),
            Cell::Waivers => (23, ""),
        };
        to.number(tag);
        match self {
            Cell::Movement(place) | Cell::Overpaid(place) => place.write(to),
            Cell::Unknown(stream) => to.plain(stream),
            _ if text.is_empty() => {}
            _ => to.text(text),
        }
    }

    pub(crate) fn read(from: &mut Reading) -> Option<Cell> {
        Some(match from.number()? {
            0 => Cell::Application(ApplicationId(from.text()?)),
            1 => Cell::Contract(ContractId(from.text()?)),
            2 => Cell::Order(ApplicationId(from.text()?)),
            3 => Cell::Opening(from.text()?),
            4 => Cell::Cash,
            5 => Cell::Movement(Place::read(from)?),
            6 => Cell::Overpaid(Place::read(from)?),
            7 => Cell::Returns,
            8 => Cell::Receivable(from.text()?),
            9 => Cell::Payable(ContractId(from.text()?)),
            10 => Cell::Notice(DeliveryId(from.text()?)),
            11 => Cell::Judged(from.text()?),
            12 => Cell::Resumption(ContractId(from.text()?)),
            13 => Cell::Letters(ContractId(from.text()?)),
            14 => Cell::Checks,
            15 => Cell::Grounds(ApplicationId(from.text()?)),
            16 => Cell::Parties,
            17 => Cell::Quote(from.text()?),
            18 => Cell::Conduct(ContractId(from.text()?)),
            19 => Cell::Unknown(from.plain()?),
            20 => Cell::RefusedMails,
            21 => Cell::Proposal(InputId(from.text()?)),
            22 => Cell::Usage,
            23 => Cell::Waivers,
            _ => return None,
        })
    }

    /// Whether there come to be more of them with each month.
    fn is_one_of_many(&self) -> bool {
        self.is_of_money() || matches!(self, Cell::Notice(_) | Cell::Proposal(_))
    }

    /// Whether it is one of the many that only a debt or a movement of money made.
    fn is_of_money(&self) -> bool {
        matches!(
            self,
            Cell::Opening(_)
                | Cell::Cash
                | Cell::Movement(_)
                | Cell::Overpaid(_)
                | Cell::Receivable(_)
        )
    }
}

impl Cells {
    pub(crate) fn write(&self, to: &mut Writing) {
        let due: HashMap<&Cell, Moment> = self.due.iter().map(|(at, cell)| (cell, *at)).collect();
        let mut index = Vec::new();
        to.count(self.found.len());
        for (number, (cell, found)) in self.found.iter().enumerate() {
            cell.write(to);
            let is_open = self.open.contains(cell);
            to.flag(is_open);
            to.flag(self.rights.contains(cell));
            to.flag(due.contains_key(cell));
            due.get(cell).iter().for_each(|at| to.moment(**at));
            let last = found.followed.iter().map(|one| one.at).max();
            let turn = match last {
                Some(last) if cell.is_one_of_many() && !is_open => Turn::at(last),
                _ => Turn::First,
            };
            to.piece(turn, found.written());
            let of_cell =
                |id: &ConsequenceId| Beginning { id: Beginning::of(id), cell: number as u32 };
            index.extend(found.followed.iter().map(|one| of_cell(&one.id)));
        }
        index.sort_unstable();
        to.count(index.len());
        let mut before = 0;
        for Beginning { id, cell } in index {
            to.number(u64::from(id - before));
            to.number(u64::from(cell));
            before = id;
        }
    }

    /// As they were stored when they were worked out up to a moment.
    pub(crate) fn read(from: &mut Reading, until: Moment) -> Option<(Cells, Arc<StoredLives>)> {
        let mut cells = Cells::default();
        let mut found = Vec::new();
        for _ in 0..from.count()? {
            let cell = Cell::read(from)?;
            if from.flag()? {
                cells.open.insert(cell.clone());
            }
            if from.flag()? {
                cells.rights.insert(cell.clone());
            }
            if from.flag()? {
                cells.due.insert((from.moment()?, cell.clone()));
            }
            found.push((cell, from.piece(Found::read)?));
        }
        let count = from.count()?;
        let mut index = Vec::with_capacity(count);
        let mut id = 0_u32;
        for _ in 0..count {
            id = id.checked_add(u32::try_from(from.number()?).ok()?)?;
            index.push(Beginning { id, cell: u32::try_from(from.number()?).ok()? });
        }
        let all: Vec<Kept<Found>> = found.iter().map(|(_, found)| found.clone()).collect();
        let stored = Arc::new(StoredLives::new(until, all.into_iter(), index));
        cells.found = found.into_iter().collect();
        cells.stored = stored.clone();
        Some((cells, stored))
    }

    /// Those that may have looked ahead: at prices, days and terms that are still to come.
    pub(crate) fn looking_ahead(&self) -> Touched {
        let mut touched = Touched::default();
        let due = self.due.iter().map(|(_, cell)| cell.clone());
        touched.due(due.chain(self.open.iter().cloned()).collect());
        touched.due(self.found.keys().filter(|cell| !cell.is_of_money()).cloned().collect());
        touched
    }

    /// Whether they come to the same, and to nothing at the same time.
    pub(crate) fn is_same(&self, other: &Cells) -> bool {
        self.found == other.found
            && self.open == other.open
            && self.rights == other.rights
            && self.due == other.due
    }
}
