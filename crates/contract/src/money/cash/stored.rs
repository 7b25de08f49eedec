//! Money as it is stored: as it stands, and what stood before the newest movements.

use std::collections::BTreeMap;

use reckon::{Day, Moment, Yen};

use crate::declare::ids::{ContractId, InputId};
use crate::money::cash::{Before, Cash, LeftOver, Place, Rank};
use crate::money::reversible::{Change, Reversible};
use crate::road::kept::Kept;
use crate::road::skeleton::{Reading, Turn, Writing, piece_of, read_piece};
use crate::road::state::{AccountState, HeldPart, Receivable};

/// Of so many movements it is stored what stood before them: some two years of one contract
/// that is paid each month. What goes back further moves all of the money again.
const NEWEST: usize = 60;

impl Place {
    pub(crate) fn write(&self, to: &mut Writing) {
        to.moment(self.at);
        to.number(match self.rank {
            Rank::Opening => 0,
            Rank::Issue => 1,
            Rank::Movement => 2,
        });
        to.count(self.among_acts);
        to.text(&self.input.0);
    }

    pub(crate) fn read(from: &mut Reading) -> Option<Place> {
        let at = from.moment()?;
        let rank = match from.number()? {
            0 => Rank::Opening,
            1 => Rank::Issue,
            2 => Rank::Movement,
            _ => return None,
        };
        let among_acts = usize::try_from(from.number()?).ok()?;
        Some(Place { at, rank, among_acts, input: InputId(from.text()?) })
    }
}

fn write_receivable(receivable: &Kept<Receivable>, to: &mut Writing) {
    // Beside what was registered of it.
    let turn = Turn::at(Moment::start_of(receivable.invoice.issued_on));
    to.piece(turn, piece_of(receivable.as_ref()));
}

fn write_day(day: Day, to: &mut Writing) {
    to.moment(Moment::start_of(day));
}

fn read_day(from: &mut Reading) -> Option<Day> {
    Some(from.moment()?.day())
}

fn read_yen(from: &mut Reading) -> Option<Yen> {
    from.signed().map(Yen)
}

/// A map that can go back, by how its keys and values are written.
struct Way<K, V> {
    write_key: fn(&K, &mut Writing),
    write: fn(&V, &mut Writing),
    read_key: fn(&mut Reading) -> Option<K>,
    read: fn(&mut Reading) -> Option<V>,
}

impl<K: Ord + Clone, V: Clone> Way<K, V> {
    fn put(&self, map: &Reversible<K, V>, since: usize, to: &mut Writing) {
        to.count(map.iter().count());
        for (key, value) in map.iter() {
            (self.write_key)(key, to);
            (self.write)(value, to);
        }
        let changes = map.since(since);
        to.count(changes.len());
        for (key, before) in changes {
            (self.write_key)(key, to);
            to.flag(before.is_some());
            before.iter().for_each(|value| (self.write)(value, to));
        }
    }

    fn get(&self, from: &mut Reading) -> Option<Reversible<K, V>> {
        let mut now = BTreeMap::new();
        for _ in 0..from.count()? {
            let key = (self.read_key)(from)?;
            now.insert(key, (self.read)(from)?);
        }
        let mut changes = Vec::new();
        for _ in 0..from.count()? {
            let key = (self.read_key)(from)?;
            let before = if from.flag()? { Some((self.read)(from)?) } else { None };
            changes.push(Change { key, before });
        }
        Some(Reversible::of(now, changes))
    }
}

const ROWS: Way<String, Kept<Receivable>> = Way {
    write_key: |number, to| to.text(number),
    write: write_receivable,
    read_key: Reading::text,
    read: |from| from.piece(read_piece),
};

const UNSETTLED: Way<(Day, String), ()> = Way {
    write_key: |(due, number), to| {
        write_day(*due, to);
        to.text(number);
    },
    write: |(), _| {},
    read_key: |from| Some((read_day(from)?, from.text()?)),
    read: |_| Some(()),
};

const HELD: Way<InputId, HeldPart> = Way {
    write_key: |id, to| to.text(&id.0),
    write: |part, to| {
        to.text(&part.payment.0);
        write_day(part.on, to);
        to.signed(part.amount.0);
    },
    read_key: |from| from.text().map(InputId),
    read: |from| {
        let payment = InputId(from.text()?);
        Some(HeldPart { payment, on: read_day(from)?, amount: read_yen(from)? })
    },
};

const LEFT: Way<Place, LeftOver> = Way {
    write_key: Place::write,
    write: |over, to| to.plain(over),
    read_key: Place::read,
    read: |from| from.plain(),
};

const AHEAD: Way<Place, ()> =
    Way { write_key: Place::write, write: |(), _| {}, read_key: Place::read, read: |_| Some(()) };

impl Cash {
    pub(crate) fn write(&self, to: &mut Writing) {
        to.count(self.opened.len());
        for (number, (place, receivable)) in &self.opened {
            to.text(number);
            place.write(to);
            write_receivable(receivable, to);
        }
        to.count(self.of_contract.len());
        for (contract, openings) in &self.of_contract {
            to.text(&contract.0);
            to.count(openings.len());
            openings.keys().for_each(|number| to.text(number));
        }
        to.signed(self.to_return.0);
        to.signed(self.returned.0);
        let older = self.movements.len().saturating_sub(NEWEST);
        let newest: Vec<_> = self.movements.iter().skip(older).collect();
        let first = newest.first().map(|(_, before)| (*before).clone());
        // Without a movement nothing has changed.
        let first = first.unwrap_or_else(|| self.before());
        to.count(self.earlier.len() + older);
        let older = self.movements.keys().take(older);
        self.earlier.iter().chain(older).for_each(|place| place.write(to));
        to.count(newest.len());
        for (place, before) in newest {
            place.write(to);
            to.count(before.rows - first.rows);
            to.count(before.unsettled - first.unsettled);
            to.count(before.held - first.held);
            to.count(before.left - first.left);
            to.count(before.ahead - first.ahead);
            to.count(before.notes - first.notes);
            to.signed(before.to_return.0);
            to.signed(before.returned.0);
        }
        ROWS.put(&self.rows, first.rows, to);
        UNSETTLED.put(&self.unsettled, first.unsettled, to);
        HELD.put(&self.held, first.held, to);
        LEFT.put(&self.left, first.left, to);
        AHEAD.put(&self.ahead, first.ahead, to);
        NOTES.put(&self.notes, first.notes, to);
    }

    pub(crate) fn read(from: &mut Reading) -> Option<Cash> {
        let mut cash = Cash::default();
        for _ in 0..from.count()? {
            let number = from.text()?;
            let place = Place::read(from)?;
            cash.places_of_openings.insert(place.clone(), number.clone());
            cash.opened.insert(number, (place, from.piece(read_piece)?));
        }
        for _ in 0..from.count()? {
            let contract = ContractId(from.text()?);
            let mut openings = BTreeMap::new();
            for _ in 0..from.count()? {
                let number = from.text()?;
                let place = cash.opened.get(&number)?.0.clone();
                openings.insert(number, place);
            }
            cash.of_contract.insert(contract, openings);
        }
        (cash.to_return, cash.returned) = (read_yen(from)?, read_yen(from)?);
        for _ in 0..from.count()? {
            cash.earlier.insert(Place::read(from)?);
        }
        for _ in 0..from.count()? {
            let place = Place::read(from)?;
            cash.movements.insert(place, read_before(from)?);
        }
        let first = cash.movements.first_key_value().map(|(place, _)| place.clone());
        // Whatever has no place among the newest is not known.
        cash.known_from = first.filter(|_| !cash.earlier.is_empty());
        cash.rows = ROWS.get(from)?;
        cash.unsettled = UNSETTLED.get(from)?;
        cash.held = HELD.get(from)?;
        cash.left = LEFT.get(from)?;
        cash.ahead = AHEAD.get(from)?;
        cash.notes = NOTES.get(from)?;
        Some(cash)
    }

    /// Whether money stands alike in both, however it came there.
    pub(crate) fn stands_as(&self, other: &Cash) -> bool {
        let order = |cash: &Cash| {
            let known = cash.movements.keys();
            cash.earlier.iter().chain(known).cloned().collect::<Vec<_>>()
        };
        self.opened == other.opened
            && self.places_of_openings == other.places_of_openings
            && self.of_contract == other.of_contract
            && self.rows.iter().eq(other.rows.iter())
            && self.unsettled.iter().eq(other.unsettled.iter())
            && self.held.iter().eq(other.held.iter())
            && self.left.iter().eq(other.left.iter())
            && self.ahead.iter().eq(other.ahead.iter())
            && self.notes.iter().eq(other.notes.iter())
            && (self.to_return, self.returned) == (other.to_return, other.returned)
            && order(self) == order(other)
    }

    /// The last day of which a receivable asks the terms.
    pub(crate) fn last_issue(&self) -> Option<Day> {
        self.opened.values().map(|(_, one)| one.invoice.issued_on.max(one.due)).max()
    }
}

const NOTES: Way<String, std::sync::Arc<crate::money::credit_note::CreditNote>> = Way {
    write_key: |number, to| to.text(number),
    write: |note, to| to.plain(note),
    read_key: Reading::text,
    read: |from| from.plain(),
};

fn read_before(from: &mut Reading) -> Option<Before> {
    Some(Before {
        rows: from.count()?,
        unsettled: from.count()?,
        held: from.count()?,
        left: from.count()?,
        ahead: from.count()?,
        notes: from.count()?,
        to_return: read_yen(from)?,
        returned: read_yen(from)?,
    })
}

impl AccountState {
    pub(crate) fn write_receivables(&self, to: &mut Writing) {
        to.signed(self.receivables.outstanding().0);
        to.count(self.receivables.len());
        for (number, receivable) in self.receivables.iter() {
            to.text(number);
            write_receivable(receivable, to);
        }
    }
}
