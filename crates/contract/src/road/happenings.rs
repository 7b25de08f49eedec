//! What counts of an account, to be found by subject and by kind without looking at
//! the rest.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use crate::declare::Among;
use crate::declare::act::{Act, Decline};
use crate::declare::door::{Doorway, held};
use crate::declare::fact::Fact;
use crate::declare::ids::InputId;
use crate::money::cash::Place;
use crate::road::case::{EntryKind, Happening, What};
use crate::road::stream::Stream;
use crate::takeover::earlier_facts;

/// Facts and done acts that nobody declared wrong, in the order in which they happened:
/// registration plays no part.
#[derive(Debug, Clone, Default)]
pub struct Happenings {
    all: Vec<Arc<Happening>>,
    /// With what a takeover says of the time before it.
    of_subject: HashMap<Stream, Vec<Arc<Happening>>>,
    of_kind: HashMap<EntryKind, Vec<Arc<Happening>>>,
    /// What moves money, in the order in which it does.
    moving: BTreeMap<Place, Arc<Happening>>,
    /// How many answers each proposal has.
    answers: HashMap<InputId, usize>,
}

/// Of what counts no longer a place may be left, with nothing in it.
impl PartialEq for Happenings {
    fn eq(&self, other: &Happenings) -> bool {
        fn filled<K: Eq + Hash, V>(rows: &HashMap<K, Vec<V>>) -> HashMap<&K, &Vec<V>> {
            rows.iter().filter(|(_, row)| !row.is_empty()).collect()
        }
        fn counted(answers: &HashMap<InputId, usize>) -> HashMap<&InputId, &usize> {
            answers.iter().filter(|(_, count)| **count > 0).collect()
        }
        self.all == other.all
            && filled(&self.of_subject) == filled(&other.of_subject)
            && filled(&self.of_kind) == filled(&other.of_kind)
            && self.moving == other.moving
            && counted(&self.answers) == counted(&other.answers)
    }
}

impl Happenings {
    /// All of these, which come in any order.
    pub(crate) fn of(mut happenings: Vec<Arc<Happening>>) -> Happenings {
        // In their order each is put behind those before it.
        happenings.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut all = Happenings::default();
        for happening in &happenings {
            all.add(happening);
        }
        all
    }

    /// Adds one, and says what came with it.
    pub(crate) fn add(&mut self, happening: &Arc<Happening>) -> Vec<Arc<Happening>> {
        insert(&mut self.all, happening);
        for answered in answers(happening) {
            *self.answers.entry(answered.clone()).or_default() += 1;
        }
        let added = with_earlier(happening);
        for one in &added {
            insert(self.of_subject.entry(one.sign.stream.clone()).or_default(), one);
            insert(self.of_kind.entry(one.sign.kind).or_default(), one);
            self.moving.extend(one.sign.moves.clone().map(|place| (place, one.clone())));
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
            self.of_subject.entry(one.sign.stream.clone()).or_default().retain(is_other);
            self.of_kind.entry(one.sign.kind).or_default().retain(is_other);
            if let Some(place) = &one.sign.moves {
                self.moving.remove(place);
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
        self.facts_where(|_| true)
    }

    /// The facts of a kind that somebody picks before he looks at them.
    pub(crate) fn facts_where<'a, T: Among<Fact> + 'a>(
        &'a self,
        is_meant: impl Fn(&Happening) -> bool,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> {
        let found = self.of_kind.get(&EntryKind::fact::<T>()).into_iter().flatten();
        let found = found.map(Arc::as_ref).filter(move |one| is_meant(one));
        found.filter_map(|one| Some((one, one.fact()?)))
    }

    /// The acts of a kind.
    pub fn acts<'a, T: Among<Act> + 'a>(
        &'a self,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> {
        let found = self.of_kind.get(&EntryKind::act::<T>()).into_iter().flatten();
        found.filter_map(|one| Some((one.as_ref(), one.act()?)))
    }

    /// What was brought through a door to what has this id.
    pub fn brought<'a>(
        &'a self,
        doorway: Doorway,
        id: &'a str,
    ) -> impl Iterator<Item = &'a Happening> {
        let field = doorway.door.of.field();
        let kind = EntryKind { is_fact: !doorway.is_act(), name: doorway.kind.name };
        let found = self.of_kind.get(&kind).into_iter().flatten().map(Arc::as_ref);
        found.filter(move |one| {
            let entry = match one.what.as_ref() {
                What::Fact(fact) => serde_json::to_value(fact),
                What::Act(act) => serde_json::to_value(act),
            };
            entry.is_ok_and(|entry| *held(&entry, field) == id)
        })
    }

    /// What moves money from a place on.
    pub(crate) fn moving_from(
        &self,
        from: Bound<&Place>,
    ) -> impl Iterator<Item = (&Place, &Happening)> {
        self.moving.range((from, Bound::Unbounded)).map(|(place, one)| (place, one.as_ref()))
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

/// The proposals that were approved or declined by it.
fn answers(happening: &Happening) -> impl Iterator<Item = &InputId> {
    let declined = happening.act::<Decline>().map(|declined| &declined.proposal);
    happening.approves.iter().chain(declined)
}

impl Happening {
    /// The fact, if it is of this kind.
    pub fn fact<T: Among<Fact>>(&self) -> Option<&T> {
        // Of another kind, it is not looked at.
        match (self.sign.kind == EntryKind::fact::<T>()).then(|| self.what.as_ref())? {
            What::Fact(fact) => T::among(fact),
            What::Act(_) => None,
        }
    }

    /// The act, if it is of this kind.
    pub fn act<T: Among<Act>>(&self) -> Option<&T> {
        match (self.sign.kind == EntryKind::act::<T>()).then(|| self.what.as_ref())? {
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
