//! A case: everything registered for one account, folded from its records.

pub(crate) mod stored;

use std::collections::BTreeSet;
use std::sync::Arc;

use reckon::Moment;
use serde::{Deserialize, Serialize};

use crate::declare::act::{Act, Approve, CorrectEntry, MovePayment, VoidEntry};
use crate::declare::fact::{EntryVoided, Fact, PaymentReversed};
use crate::declare::ids::{AccountId, ConsequenceId, InputId};
use crate::declare::words::Reader;
use crate::declare::{Among, Entry};
use crate::money::cash::Place;
use crate::road::editions::Edition;
use crate::road::happenings::Happenings;
use crate::road::kept::Kept;
use crate::road::lives::{Live, Lives};
use crate::road::stream::{Body, Content, Event, Input, Record, Stream};
use crate::who::actor::Actor;

/// A fact or a done act, with its own times.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    pub input: InputId,
    pub occurred_at: Moment,
    pub known_at: Moment,
    /// Of an act, its place among what was registered: acts of one moment were done
    /// one after the other. Facts have none, since they hold in whatever order they
    /// come in.
    pub place: usize,
    pub actor: Arc<Actor>,
    /// The edition under which it was registered.
    pub edition: Edition,
    /// The proposal that was approved by it.
    pub approves: Option<InputId>,
    pub what: Kept<What>,
    /// What there is to find of it without looking at it.
    pub(crate) sign: Sign,
}

/// By what a happening is found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sign {
    pub kind: EntryKind,
    pub stream: Stream,
    /// The number of an invoice.
    pub number: Option<String>,
    /// Where it moves money.
    pub moves: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EntryKind {
    pub is_fact: bool,
    pub name: &'static str,
}

impl EntryKind {
    pub(crate) fn of(what: &What) -> EntryKind {
        match what {
            What::Fact(fact) => EntryKind { is_fact: true, name: fact.name() },
            What::Act(act) => EntryKind { is_fact: false, name: act.name() },
        }
    }

    pub(crate) fn fact<T: Among<Fact>>() -> EntryKind {
        EntryKind { is_fact: true, name: T::NAME }
    }

    pub(crate) fn act<T: Among<Act>>() -> EntryKind {
        EntryKind { is_fact: false, name: T::NAME }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum What {
    Fact(Fact),
    Act(Act),
}

impl What {
    /// What happened or was done, in one line.
    pub fn line(&self, reader: impl Into<Reader>) -> String {
        match self {
            What::Fact(fact) => fact.line(reader),
            What::Act(act) => act.line(reader),
        }
    }
}

/// When and by whom something happened, before it is said what.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    pub input: InputId,
    pub occurred_at: Moment,
    pub known_at: Moment,
    pub place: usize,
    pub actor: Arc<Actor>,
    pub edition: Edition,
    pub approves: Option<InputId>,
}

impl Circumstances {
    pub(crate) fn of(happening: &Happening) -> Circumstances {
        let Happening { input, occurred_at, known_at, place, actor, edition, approves, .. } =
            happening.clone();
        Circumstances { input, occurred_at, known_at, place, actor, edition, approves }
    }

    pub(crate) fn of_what(self, what: What) -> Happening {
        let number = match &what {
            What::Fact(Fact::InvoiceIssued(invoice)) => Some(invoice.number.clone()),
            What::Fact(Fact::ReceivableTakenOver(taken)) => Some(taken.number.clone()),
            _ => None,
        };
        let moves = Place::of(&self, &what);
        let sign = Sign { kind: EntryKind::of(&what), stream: what.stream(), number, moves };
        self.signed(sign, Kept::new(what))
    }

    pub(crate) fn signed(self, sign: Sign, what: Kept<What>) -> Happening {
        let Circumstances { input, occurred_at, known_at, place, actor, edition, approves } = self;
        Happening { input, occurred_at, known_at, place, actor, edition, approves, what, sign }
    }
}

impl Happening {
    /// By when it happened, then by when it was known.
    pub(crate) fn order(&self) -> (Moment, Moment, usize, &InputId) {
        (self.occurred_at, self.known_at, self.place, &self.input)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub account: AccountId,
    /// In the order of registration, voided ones included.
    pub happenings: Vec<Arc<Happening>>,
    in_force: Happenings,
    pub live: Lives,
    /// Entries that a later fact declared wrong.
    pub voided: BTreeSet<InputId>,
    /// How many records it was folded from.
    records: u64,
    /// Up to when consequences have been recorded.
    pub unfolded_until: Option<Moment>,
    /// Of the newest record.
    pub edition: Edition,
}

impl Case {
    pub fn new(account: AccountId) -> Case {
        Case {
            account,
            happenings: Vec::new(),
            in_force: Happenings::default(),
            live: Lives::default(),
            voided: BTreeSet::new(),
            records: 0,
            unfolded_until: None,
            edition: Edition::FIRST,
        }
    }

    pub fn of(account: AccountId, records: &[Record]) -> Case {
        let mut case = Case::new(account);
        for record in records {
            case.apply(record);
        }
        case
    }

    pub fn apply(&mut self, record: &Record) {
        self.enter(record);
        self.note(&record.input, &record.events);
    }

    /// Adds what a record says, and says what counts since then, or counts no longer.
    pub(crate) fn enter(&mut self, record: &Record) -> Vec<Arc<Happening>> {
        let is_entered =
            |event: &Event| matches!(event.body, Body::Registered { .. } | Body::Done { .. });
        match record.events.iter().any(is_entered) {
            true => self.register(&record.input),
            false => Vec::new(),
        }
    }

    /// Takes down what a step came to.
    pub(crate) fn note(&mut self, input: &Input, events: &[Event]) {
        self.records += 1;
        self.unfolded_until = self.unfolded_until.max(Some(input.known_at));
        self.edition = self.edition.max(input.edition);
        for event in events {
            match &event.body {
                Body::Registered { .. } | Body::Done { .. } | Body::Refused { .. } => {}
                Body::Follows { id, consequence } => {
                    let live = Live {
                        stream: event.stream.clone(),
                        occurred_at: event.occurred_at,
                        consequence: consequence.clone(),
                    };
                    self.live.insert(id.clone(), live);
                }
                Body::Retracted { of } => {
                    self.live.remove(of);
                }
            }
        }
    }

    /// What follows for an application, a contract, the ledger or the company.
    pub fn live_in(
        &self,
        stream: impl Into<Stream>,
    ) -> impl Iterator<Item = (&ConsequenceId, &Live)> {
        self.live.in_stream(stream.into())
    }

    /// Whether something was registered or done under this id.
    pub fn has(&self, input: &InputId) -> bool {
        self.happenings.iter().any(|happening| happening.input == *input)
    }

    /// How many records it was folded from.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Adds what an input says, before anything is derived from it, and says what
    /// counts since then, or counts no longer.
    pub(crate) fn register(&mut self, input: &Input) -> Vec<Arc<Happening>> {
        let what = match &input.content {
            Content::Fact(fact) => What::Fact(fact.clone()),
            // What was approved is done by whoever approved it.
            Content::Act(act) => What::Act(act.done().clone()),
            Content::Clock | Content::Edition => return Vec::new(),
        };
        let approves = match &input.content {
            Content::Act(Act::Approve(Approve { proposal, .. })) => Some(proposal.clone()),
            _ => None,
        };
        let known = Circumstances {
            input: input.id.clone(),
            occurred_at: input.occurred_at,
            known_at: input.known_at,
            place: match &what {
                What::Act(_) => self.happenings.len() + 1,
                What::Fact(_) => 0,
            },
            actor: Arc::new(input.actor.clone()),
            edition: input.edition,
            approves,
        };
        let voids = voids(&what).is_some();
        let mut added = Vec::new();
        // What happened instead of a wrong entry stands beside the act that says so.
        if let What::Act(Act::CorrectEntry(CorrectEntry { by, occurred_at, .. })) = &what {
            let by = What::Fact(by.as_ref().clone());
            let instead = Circumstances { occurred_at: *occurred_at, place: 0, ..known.clone() };
            added.push(Circumstances { approves: None, ..instead }.of_what(by));
        }
        added.push(known.of_what(what));
        let mut changed = Vec::new();
        for happening in added.into_iter().map(Arc::new) {
            if !self.voided.contains(&happening.input) {
                changed.extend(self.in_force.add(&happening));
            }
            self.happenings.push(happening);
        }
        if voids {
            changed.extend(self.void());
        }
        changed
    }

    /// Finds anew what counts no longer, and what counts again.
    fn void(&mut self) -> Vec<Arc<Happening>> {
        let before = std::mem::replace(&mut self.voided, voided(&self.happenings));
        let mut changed = Vec::new();
        for gone in self.voided.difference(&before) {
            changed.extend(self.in_force.remove(gone));
        }
        for again in before.difference(&self.voided) {
            for happening in self.happenings.iter().filter(|one| one.input == *again) {
                changed.extend(self.in_force.add(happening));
            }
        }
        changed
    }

    /// What counts, in the order in which it happened.
    pub fn in_force(&self) -> &Happenings {
        &self.in_force
    }
}

/// The entries that another declares wrong, unless that one is voided itself.
fn voided(happenings: &[Arc<Happening>]) -> BTreeSet<InputId> {
    let may = happenings.iter().filter(|one| VOIDING.contains(&one.sign.kind));
    let voids: Vec<(&InputId, &InputId)> =
        may.filter_map(|h| Some((&h.input, voids(&h.what)?))).collect();
    let mut voided = BTreeSet::new();
    // Each round settles the next entry of a chain of voids of voids.
    for _ in 0..=voids.len() {
        voided = voids
            .iter()
            .filter(|(by, _)| !voided.contains(*by))
            .map(|(_, of)| (*of).clone())
            .collect();
    }
    voided
}

/// Of what may void another.
const VOIDING: [EntryKind; 5] = [
    EntryKind { is_fact: true, name: EntryVoided::NAME },
    EntryKind { is_fact: true, name: PaymentReversed::NAME },
    EntryKind { is_fact: false, name: VoidEntry::NAME },
    EntryKind { is_fact: false, name: CorrectEntry::NAME },
    EntryKind { is_fact: false, name: MovePayment::NAME },
];

/// The entry that this one declares wrong.
fn voids(what: &What) -> Option<&InputId> {
    match what {
        What::Fact(
            Fact::EntryVoided(EntryVoided { of, .. })
            | Fact::PaymentReversed(PaymentReversed { payment: of, .. }),
        )
        | What::Act(
            Act::VoidEntry(VoidEntry { of })
            | Act::CorrectEntry(CorrectEntry { of, .. })
            | Act::MovePayment(MovePayment { payment: of, .. }),
        ) => Some(of),
        _ => None,
    }
}
