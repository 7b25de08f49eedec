//! What counts of an account, to be found by subject and by kind without looking at
//! the rest.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::declare::Among;
use crate::declare::act::{Act, Decline};
use crate::declare::door::Doorway;
use crate::declare::fact::Fact;
use crate::declare::ids::InputId;
use crate::money::cash::Place;
use crate::road::case::{Happening, What};
use crate::road::stream::Stream;
use crate::takeover::earlier_facts;

/// Facts and done acts that nobody declared wrong, in the order in which they happened:
/// registration plays no part.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Happenings {
    all: Vec<Arc<Happening>>,
    /// With what a takeover says of the time before it.
    of_subject: HashMap<Stream, Vec<Arc<Happening>>>,
    of_kind: HashMap<(bool, &'static str), Vec<Arc<Happening>>>,
    /// What moves money, in the order in which it does.
    moving: BTreeMap<Place, Arc<Happening>>,
    /// How many answers each proposal has.
    answers: HashMap<InputId, usize>,
}

impl Happenings {
    /// Adds one, and says what came with it.
    pub(crate) fn add(&mut self, happening: &Arc<Happening>) -> Vec<Arc<Happening>> {
        insert(&mut self.all, happening);
        for answered in answers(happening) {
            *self.answers.entry(answered.clone()).or_default() += 1;
        }
        let added = with_earlier(happening);
        for one in &added {
            insert(self.of_subject.entry(one.what.stream()).or_default(), one);
            insert(self.of_kind.entry(kind(&one.what)).or_default(), one);
            self.moving.extend(Place::of(one).map(|place| (place, one.clone())));
        }
        added
    }

    /// Takes out whatever an input brought.
    pub(crate) fn remove(&mut self, input: &InputId) -> Vec<Arc<Happening>> {
        let is_other = |one: &Arc<Happening>| one.input != *input;
        let gone: Vec<_> = self.all.extract_if(.., |one| !is_other(one)).collect();
        for answered in gone.iter().flat_map(|one| answers(one)) {
            *self.answers.entry(answered.clone()).or_default() -= 1;
        }
        let gone: Vec<_> = gone.iter().flat_map(with_earlier).collect();
        for one in &gone {
            self.of_subject.entry(one.what.stream()).or_default().retain(is_other);
            self.of_kind.entry(kind(&one.what)).or_default().retain(is_other);
            if let Some(place) = Place::of(one) {
                self.moving.remove(&place);
            }
        }
        gone
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Happening> {
        self.all.iter().map(Arc::as_ref)
    }

    /// All, with what takeovers say of the time before them.
    pub(crate) fn with_earlier(&self) -> impl Iterator<Item = &Arc<Happening>> {
        self.of_kind.values().flatten()
    }

    /// Those that concern an application, a contract, the ledger or the company.
    pub fn concerning<'a>(
        &'a self,
        subject: &Stream,
    ) -> impl DoubleEndedIterator<Item = &'a Happening> + use<'a> {
        self.of_subject.get(subject).into_iter().flatten().map(Arc::as_ref)
    }

    /// The facts of a kind.
    pub fn facts<'a, T: Among<Fact> + 'a>(
        &'a self,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> {
        let found = self.of_kind.get(&(true, T::NAME)).into_iter().flatten();
        found.filter_map(|one| Some((one.as_ref(), one.fact()?)))
    }

    /// The acts of a kind.
    pub fn acts<'a, T: Among<Act> + 'a>(
        &'a self,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> {
        let found = self.of_kind.get(&(false, T::NAME)).into_iter().flatten();
        found.filter_map(|one| Some((one.as_ref(), one.act()?)))
    }

    /// What was brought through a door to what has this id.
    pub fn brought<'a>(
        &'a self,
        doorway: Doorway,
        id: &'a str,
    ) -> impl Iterator<Item = &'a Happening> {
        let field = doorway.door.of.field();
        let kind = (!doorway.is_act(), doorway.kind.name);
        let found = self.of_kind.get(&kind).into_iter().flatten().map(Arc::as_ref);
        found.filter(move |one| {
            let entry = match &one.what {
                What::Fact(fact) => serde_json::to_value(fact),
                What::Act(act) => serde_json::to_value(act),
            };
            entry.is_ok_and(|entry| entry[field] == id)
        })
    }

    /// What moves money from a place on.
    pub(crate) fn moving_from(&self, from: &Place) -> impl Iterator<Item = (&Place, &Happening)> {
        self.moving.range(from..).map(|(place, one)| (place, one.as_ref()))
    }

    /// Whether a proposal was approved or declined.
    pub(crate) fn is_answered(&self, proposal: &InputId) -> bool {
        self.answers.get(proposal).is_some_and(|count| *count > 0)
    }
}

/// After those that happened before it or at once.
fn insert(row: &mut Vec<Arc<Happening>>, happening: &Arc<Happening>) {
    let at = row.partition_point(|other| other.order() <= happening.order());
    row.insert(at, happening.clone());
}

fn with_earlier(happening: &Arc<Happening>) -> Vec<Arc<Happening>> {
    let earlier = earlier_facts(happening).map(Arc::new);
    std::iter::once(happening.clone()).chain(earlier).collect()
}

fn kind(what: &What) -> (bool, &'static str) {
    match what {
        What::Fact(fact) => (true, fact.name()),
        What::Act(act) => (false, act.name()),
    }
}

/// The proposals that were approved or declined by it.
fn answers(happening: &Happening) -> impl Iterator<Item = &InputId> {
    let declined = match &happening.what {
        What::Act(Act::Decline(Decline { proposal, .. })) => Some(proposal),
        _ => None,
    };
    happening.approves.iter().chain(declined)
}

impl Happening {
    /// The fact, if it is of this kind.
    pub fn fact<T: Among<Fact>>(&self) -> Option<&T> {
        match &self.what {
            What::Fact(fact) => T::among(fact),
            What::Act(_) => None,
        }
    }

    /// The act, if it is of this kind.
    pub fn act<T: Among<Act>>(&self) -> Option<&T> {
        match &self.what {
            What::Act(act) => T::among(act),
            What::Fact(_) => None,
        }
    }
}

impl What {
    /// The subject that it concerns.
    pub fn stream(&self) -> Stream {
        match self {
            What::Fact(fact) => fact.stream(),
            What::Act(act) => act.stream(),
        }
    }
}
