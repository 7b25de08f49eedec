//! A case: everything registered for one account, folded from its records.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use reckon::Moment;

use crate::declare::act::{Act, Approve, CorrectEntry, MovePayment, VoidEntry};
use crate::declare::consequence::Consequence;
use crate::declare::fact::{EntryVoided, Fact, PaymentReversed};
use crate::declare::ids::{AccountId, ConsequenceId, InputId};
use crate::declare::words::Reader;
use crate::road::editions::Edition;
use crate::road::happenings::Happenings;
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
    pub actor: Actor,
    /// The edition under which it was registered.
    pub edition: Edition,
    /// The proposal that was approved by it.
    pub approves: Option<InputId>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq)]
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

impl Happening {
    /// By when it happened, then by when it was known.
    pub(crate) fn order(&self) -> (Moment, Moment, usize, &InputId) {
        (self.occurred_at, self.known_at, self.place, &self.input)
    }
}

/// A consequence that is recorded and not retracted.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    pub stream: Stream,
    pub occurred_at: Moment,
    pub consequence: Consequence,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub account: AccountId,
    /// In the order of registration, voided ones included.
    pub happenings: Vec<Arc<Happening>>,
    in_force: Happenings,
    pub live: BTreeMap<ConsequenceId, Arc<Live>>,
    /// The same, by the stream in which they stand.
    in_streams: HashMap<Stream, BTreeSet<ConsequenceId>>,
    /// Entries that a later fact declared wrong.
    pub voided: BTreeSet<InputId>,
    pub inputs: HashSet<InputId>,
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
            live: BTreeMap::new(),
            in_streams: HashMap::new(),
            voided: BTreeSet::new(),
            inputs: HashSet::new(),
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
        self.inputs.insert(input.id.clone());
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
                    let stream = self.in_streams.entry(live.stream.clone()).or_default();
                    stream.insert(id.clone());
                    self.live.insert(id.clone(), Arc::new(live));
                }
                Body::Retracted { of } => {
                    if let Some(gone) = self.live.remove(of) {
                        self.in_streams.entry(gone.stream.clone()).or_default().remove(of);
                    }
                }
            }
        }
    }

    /// What follows for an application, a contract, the ledger or the company.
    pub fn live_in(
        &self,
        stream: impl Into<Stream>,
    ) -> impl Iterator<Item = (&ConsequenceId, &Live)> {
        let ids = self.in_streams.get(&stream.into()).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.live.get(id)?.as_ref())))
    }

    /// How many records it was folded from.
    pub fn records(&self) -> u64 {
        self.inputs.len() as u64
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
        let happening = Happening {
            input: input.id.clone(),
            occurred_at: input.occurred_at,
            known_at: input.known_at,
            place: match &what {
                What::Act(_) => self.happenings.len() + 1,
                What::Fact(_) => 0,
            },
            actor: input.actor.clone(),
            edition: input.edition,
            approves,
            what,
        };
        let voids = voids(&happening.what).is_some();
        let mut added = Vec::new();
        // What happened instead of a wrong entry stands beside the act that says so.
        if let What::Act(Act::CorrectEntry(CorrectEntry { by, occurred_at, .. })) = &happening.what
        {
            let what = What::Fact(by.as_ref().clone());
            let (occurred_at, approves) = (*occurred_at, None);
            let place = 0;
            added.push(Happening { occurred_at, place, approves, what, ..happening.clone() });
        }
        added.push(happening);
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
    let voids: Vec<(&InputId, &InputId)> =
        happenings.iter().filter_map(|h| Some((&h.input, voids(&h.what)?))).collect();
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
