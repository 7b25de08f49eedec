//! A case as it is stored: what happened by its signs, and what exactly as pieces.

use std::sync::Arc;

use crate::declare::Kind;
use crate::declare::act::Act;
use crate::declare::fact::Fact;
use crate::declare::ids::{AccountId, InputId};
use crate::money::cash::Place;
use crate::road::case::{Case, Circumstances, EntryKind, Happening, Sign};
use crate::road::editions::Edition;
use crate::road::happenings::Happenings;
use crate::road::lives::Lives;
use crate::road::skeleton::{Reading, Turn, Writing, piece_of, read_piece};
use crate::road::stream::Stream;
use crate::who::actor::Actor;

impl Case {
    pub(crate) fn write(&self, to: &mut Writing) {
        to.number(self.records);
        to.number(u64::from(self.edition.0));
        to.flag(self.unfolded_until.is_some());
        self.unfolded_until.iter().for_each(|until| to.moment(*until));
        to.count(self.voided.len());
        self.voided.iter().for_each(|id| to.text(&id.0));
        to.count(self.happenings.len());
        self.happenings.iter().for_each(|one| one.write(to));
    }

    /// But for what is live, which stands with the cells.
    pub(crate) fn read(account: &AccountId, from: &mut Reading) -> Option<Case> {
        let records = from.number()?;
        let edition = Edition(u32::try_from(from.number()?).ok()?);
        let unfolded_until = if from.flag()? { Some(from.moment()?) } else { None };
        let mut case = Case { records, edition, unfolded_until, ..Case::new(account.clone()) };
        for _ in 0..from.count()? {
            case.voided.insert(InputId(from.text()?));
        }
        let count = from.count()?;
        let mut known = Known::default();
        case.happenings = Vec::with_capacity(count);
        for _ in 0..count {
            case.happenings.push(Arc::new(known.happening(from)?));
        }
        let counting = case.happenings.iter().filter(|one| !case.voided.contains(&one.input));
        case.in_force = Happenings::of(counting.cloned().collect());
        Some(case)
    }

    pub(crate) fn set_live(&mut self, live: Lives) {
        self.live = live;
    }
}

impl Happening {
    fn write(&self, to: &mut Writing) {
        to.text(&self.input.0);
        to.moment(self.occurred_at);
        to.moment(self.known_at);
        to.count(self.place);
        to.plain(&self.actor);
        to.number(u64::from(self.edition.0));
        to.flag(self.approves.is_some());
        self.approves.iter().for_each(|id| to.text(&id.0));
        to.flag(self.sign.kind.is_fact);
        to.text(self.sign.kind.name);
        to.plain(&self.sign.stream);
        to.flag(self.sign.number.is_some());
        self.sign.number.iter().for_each(|number| to.text(number));
        to.flag(self.sign.moves.is_some());
        self.sign.moves.iter().for_each(|place| place.write(to));
        let turn = match self.sign.stream {
            Stream::Ledger | Stream::Notice(_) => Turn::at(self.known_at),
            _ => Turn::First,
        };
        to.piece(turn, piece_of(self.what.as_ref()));
    }
}

/// What many happenings share.
#[derive(Default)]
struct Known {
    actors: Vec<Shared<Arc<Actor>>>,
    streams: Vec<Shared<Stream>>,
    facts: Vec<Shared<EntryKind>>,
    acts: Vec<Shared<EntryKind>>,
}

struct Shared<T> {
    text: Arc<str>,
    value: T,
}

impl<T: Clone> Shared<T> {
    fn of(
        known: &mut Vec<Shared<T>>,
        text: Arc<str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        // The texts of a skeleton are there once each.
        if let Some(one) = known.iter().find(|one| Arc::ptr_eq(&one.text, &text)) {
            return Some(one.value.clone());
        }
        let value = read(&text)?;
        known.push(Shared { text, value: value.clone() });
        Some(value)
    }
}

impl Known {
    fn happening(&mut self, from: &mut Reading) -> Option<Happening> {
        let known = Circumstances {
            input: InputId(from.text()?),
            occurred_at: from.moment()?,
            known_at: from.moment()?,
            place: usize::try_from(from.number()?).ok()?,
            actor: Shared::of(&mut self.actors, from.shared()?, |text| {
                serde_json::from_str(text).ok().map(Arc::new)
            })?,
            edition: Edition(u32::try_from(from.number()?).ok()?),
            approves: if from.flag()? { Some(InputId(from.text()?)) } else { None },
        };
        let is_fact = from.flag()?;
        let kinds = if is_fact { &mut self.facts } else { &mut self.acts };
        let kind = Shared::of(kinds, from.shared()?, |name| kind(is_fact, name))?;
        let stream =
            Shared::of(&mut self.streams, from.shared()?, |text| serde_json::from_str(text).ok())?;
        let number = if from.flag()? { Some(from.text()?) } else { None };
        let moves = if from.flag()? { Some(Place::read(from)?) } else { None };
        let what = from.piece(read_piece)?;
        Some(known.signed(Sign { kind, stream, number, moves }, what))
    }
}

fn kind(is_fact: bool, name: &str) -> Option<EntryKind> {
    let of = |kind: &Kind| kind.name == name;
    let kinds = if is_fact { Fact::KINDS } else { Act::KINDS };
    let name = kinds.iter().find(|kind| of(kind))?.name;
    Some(EntryKind { is_fact, name })
}
