//! What follows: every consequence of what is known, up to a moment. Pure, and
//! the same for timers, for catching up, for audit and for what-if.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use reckon::{Day, Moment};
use terms::{Effective, Law, Override};

use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::ids::{ConsequenceId, ContractId, InputId};
use crate::declare::lists::following;
use crate::declare::reason::Because;
use crate::declare::rules::Rule;
use crate::declare::task::{Alert, AlertCode, TaskClosed, TaskOpened};
use crate::notices::refused::MailRefused;
use crate::road::case::{Case, Happening, What};
use crate::road::interrupt::{Interrupt, Interrupted};
use crate::road::stream::Stream;

pub use super::state::*;
pub use crate::money::accrued::accrued;

pub(crate) const NO_EFFECT: Rule = Rule::new("no_effect", 1, "効力なし", "no effect");

/// A consequence with its moment and its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    pub id: ConsequenceId,
    pub at: Moment,
    pub stream: Stream,
    pub consequence: Consequence,
    pub because: Because,
}

/// The answer of [`unfold`].
#[derive(Debug, Clone, PartialEq)]
pub struct Unfolded {
    /// In the order in which they came about.
    pub followed: Vec<Followed>,
    pub state: AccountState,
    /// When something more will follow if nothing happens.
    pub next_due: Option<Moment>,
}

/// Derives everything that follows from a case up to and including `until`.
pub fn unfold(law: &Law, case: &Case, until: Moment) -> Unfolded {
    unfold_for(&Interrupt::default(), law, case, until).expect("nobody interrupts")
}

/// As [`unfold`], for a caller who may give up waiting.
///
/// # Errors
/// When they did.
pub fn unfold_for(
    caller: &Interrupt,
    law: &Law,
    case: &Case,
    until: Moment,
) -> Result<Unfolded, Interrupted> {
    let mut happenings: Vec<_> =
        case.in_force().into_iter().filter(|h| h.occurred_at <= until).collect();
    let earlier = crate::takeover::earlier_facts(&happenings);
    if !earlier.is_empty() {
        happenings.extend(&earlier);
        happenings.sort_by(|a, b| a.order().cmp(&b.order()));
    }
    let mut unfolding = Unfolding {
        caller,
        law,
        of_subject: by_subject(&happenings),
        happenings,
        until,
        followed: Vec::new(),
        state: AccountState::default(),
        unsettled: BTreeSet::new(),
        credited_on: HashMap::new(),
        overpaid: Vec::new(),
    };
    for follow in following() {
        follow(&mut unfolding);
        caller.check()?;
    }
    Ok(unfolding.finish())
}

pub(crate) struct Unfolding<'a> {
    pub(crate) caller: &'a Interrupt,
    pub(crate) law: &'a Law,
    pub(crate) happenings: Vec<&'a Happening>,
    /// The same, apart for each application, each contract, the ledger, the company.
    pub(crate) of_subject: HashMap<Stream, Vec<&'a Happening>>,
    pub(crate) until: Moment,
    pub(crate) followed: Vec<Followed>,
    pub(crate) state: AccountState,
    /// While money is applied: the receivables that may still take some, by their
    /// due dates. Those of a long account that were settled long ago are left alone.
    pub(crate) unsettled: BTreeSet<(Day, String)>,
    /// The day on which each payment was credited.
    pub(crate) credited_on: HashMap<&'a InputId, Day>,
    /// Payments of which something was left over when they came.
    pub(crate) overpaid: Vec<crate::money::cash::LeftOver<'a>>,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn follow(
        &mut self,
        at: Moment,
        stream: Stream,
        what: Consequence,
        because: Because,
    ) {
        let id = what.id(&stream, at, &because.facts);
        self.followed.push(Followed { id, at, stream, consequence: what, because });
    }

    /// The facts of a kind, with the happening each stands in.
    pub(crate) fn facts<T>(&self, pick: impl Fn(&'a Fact) -> Option<T>) -> Vec<(&'a Happening, T)> {
        facts_among(&self.happenings, pick)
    }

    /// As [`Self::facts`], of those that concern one contract.
    pub(crate) fn facts_of<T>(
        &self,
        id: &ContractId,
        pick: impl Fn(&'a Fact) -> Option<T>,
    ) -> Vec<(&'a Happening, T)> {
        facts_among(self.concerning(Stream::Contract(id.clone())), pick)
    }

    pub(crate) fn acts<T>(&self, pick: impl Fn(&'a Act) -> Option<T>) -> Vec<(&'a Happening, T)> {
        acts_among(&self.happenings, pick)
    }

    /// As [`Self::acts`], of those that concern one contract.
    pub(crate) fn acts_of<T>(
        &self,
        id: &ContractId,
        pick: impl Fn(&'a Act) -> Option<T>,
    ) -> Vec<(&'a Happening, T)> {
        acts_among(self.concerning(Stream::Contract(id.clone())), pick)
    }

    /// The first fact of a kind among those that concern a subject.
    pub(crate) fn first(
        &self,
        subject: Stream,
        is: impl Fn(&Fact) -> bool,
    ) -> Option<&'a Happening> {
        let mut each = self.concerning(subject).iter().copied();
        each.find(|happening| matches!(&happening.what, What::Fact(fact) if is(fact)))
    }

    pub(crate) fn concerning(&self, subject: Stream) -> &[&'a Happening] {
        self.of_subject.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// The terms that hold at a moment, under a contract's agreements; without
    /// them, and with an alert, when an agreement cannot be applied.
    pub(crate) fn terms(
        &mut self,
        at: Moment,
        agreements: &[Override],
        about: &str,
    ) -> Arc<Effective> {
        self.law.effective(at, agreements).unwrap_or_else(|error| {
            self.alert(at, AlertCode::LawNotApplicable, about, error.to_string());
            self.law.effective(at, &[]).expect("the law was checked when it was put together")
        })
    }

    pub(crate) fn alert(&mut self, at: Moment, code: AlertCode, about: &str, detail: String) {
        let what = Consequence::Alert(Alert { code, about: about.to_owned(), detail });
        self.follow(at, Stream::Ledger, what, Because::of(&NO_EFFECT));
    }

    /// Opens a task, and closes it when it is done.
    pub(crate) fn task(
        &mut self,
        stream: &Stream,
        task: OpenTask,
        closed: Option<Moment>,
        because: Because,
    ) {
        let OpenTask { task: kind, opened_at, remind_on, .. } = task;
        let about = task.about.clone();
        let opened = TaskOpened { task: kind, about: about.clone(), remind_on };
        let open = Consequence::TaskOpened(opened);
        self.follow(opened_at, stream.clone(), open, because.clone());
        if let Some(at) = closed {
            let close = Consequence::TaskClosed(TaskClosed { task: kind, about });
            self.follow(at.max(opened_at), stream.clone(), close, because);
        }
        if opened_at <= self.until && closed.is_none_or(|at| at > self.until) {
            self.state.tasks.push(task);
        }
    }

    /// Facts that name a contract, application or invoice which does not exist
    /// have no effect; somebody must look.
    pub(crate) fn unknown_subjects(&mut self) {
        for (happening, fact) in self.facts(Some) {
            let unknown = match fact.stream() {
                Stream::Contract(id) => {
                    (!self.state.contracts.contains_key(&id)).then(|| id.to_string())
                }
                Stream::Application(id) => {
                    (!self.state.applications.contains_key(&id)).then(|| id.to_string())
                }
                Stream::Ledger | Stream::Company => None,
            };
            if let Some(about) = unknown {
                let detail = format!("input {} names it", happening.input);
                self.alert(happening.occurred_at, AlertCode::UnknownSubject, &about, detail);
            }
            if let Fact::MailRefused(MailRefused { about, mail, reply }) = fact {
                let detail = format!("{mail}: {reply}");
                self.alert(happening.occurred_at, AlertCode::MailRefused, about, detail);
            }
        }
    }

    pub(crate) fn finish(mut self) -> Unfolded {
        self.followed.sort_by(|a, b| (a.at, &a.stream, &a.id).cmp(&(b.at, &b.stream, &b.id)));
        self.followed.dedup_by(|a, b| a.id == b.id);
        let next_due = self.followed.iter().map(|f| f.at).filter(|at| *at > self.until).min();
        self.followed.retain(|followed| followed.at <= self.until);
        Unfolded { followed: self.followed, state: self.state, next_due }
    }
}

pub(crate) fn by_subject<'a>(happenings: &[&'a Happening]) -> HashMap<Stream, Vec<&'a Happening>> {
    let mut of_subject: HashMap<Stream, Vec<&Happening>> = HashMap::new();
    for happening in happenings {
        let subject = match &happening.what {
            What::Fact(fact) => fact.stream(),
            What::Act(act) => act.stream(),
        };
        of_subject.entry(subject).or_default().push(happening);
    }
    of_subject
}

pub(crate) fn facts_among<'a, T>(
    happenings: &[&'a Happening],
    pick: impl Fn(&'a Fact) -> Option<T>,
) -> Vec<(&'a Happening, T)> {
    let picked = happenings.iter().filter_map(|happening| match &happening.what {
        What::Fact(fact) => pick(fact).map(|found| (*happening, found)),
        What::Act(_) => None,
    });
    picked.collect()
}

pub(crate) fn acts_among<'a, T>(
    happenings: &[&'a Happening],
    pick: impl Fn(&'a Act) -> Option<T>,
) -> Vec<(&'a Happening, T)> {
    let picked = happenings.iter().filter_map(|happening| match &happening.what {
        What::Act(act) => pick(act).map(|found| (*happening, found)),
        What::Fact(_) => None,
    });
    picked.collect()
}
