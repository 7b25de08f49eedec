//! What follows: every consequence of what is known, up to a moment. Pure, and
//! the same for timers, for catching up, for audit and for what-if.

use std::sync::Arc;
use std::vec;

use reckon::Moment;
use terms::{Effective, Law, Override};

use crate::declare::Among;
use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::Fact;
use crate::declare::reason::Because;
use crate::declare::rules::Rule;
use crate::declare::task::{self, Alert, AlertCode, TaskClosed, TaskOpened};
use crate::money::cash::Cash;
use crate::notices::refused::MailRefused;
use crate::road::account::Account;
use crate::road::case::{Case, Happening};
use crate::road::cells::Cells;
use crate::road::found::Found;
use crate::road::happenings::Happenings;
use crate::road::interrupt::{Interrupt, Interrupted};
use crate::road::stream::Stream;

pub use super::found::Followed;
pub use super::state::*;
pub use crate::money::accrued::accrued;

pub(crate) const NO_EFFECT: Rule = Rule::new("no_effect", 1, "効力なし", "no effect");

/// The answer of [`unfold`].
#[derive(Debug, Clone, PartialEq)]
pub struct Unfolded {
    /// In the order in which they came about.
    pub followed: Vec<Followed>,
    pub state: Arc<AccountState>,
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
    let mut account = Account::new(case.clone());
    account.bring_for(caller, law, until)?;
    Ok(account.unfolded())
}

/// What is at hand while one cell is worked out: everything that counts, what the cells
/// before it came to, and what this one comes to.
pub(crate) struct Unfolding<'a> {
    pub(crate) caller: &'a Interrupt,
    pub(crate) law: &'a Law,
    pub(crate) happenings: &'a Happenings,
    pub(crate) until: Moment,
    pub(crate) state: AccountState,
    pub(crate) cash: Cash,
    pub(crate) cells: Cells,
    /// What is found for the cell in hand.
    pub(crate) found: Found,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn follow(
        &mut self,
        at: Moment,
        stream: Stream,
        what: Consequence,
        because: Because,
    ) {
        self.found.followed.push(Followed::new(at, stream, what, because));
    }

    /// The facts of a kind, with the happening each stands in.
    pub(crate) fn facts<T: Among<Fact> + 'a>(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> + use<'a, T> {
        let until = self.until;
        self.happenings.facts::<T>().filter(move |(happening, _)| happening.occurred_at <= until)
    }

    /// As [`Self::facts`], of those that are picked before anybody looks at them.
    pub(crate) fn facts_where<T: Among<Fact> + 'a, F: Fn(&Happening) -> bool>(
        &self,
        is_meant: F,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> + use<'a, T, F> {
        let until = self.until;
        self.happenings.facts_where::<T>(move |one| one.occurred_at <= until && is_meant(one))
    }

    /// As [`Self::facts`], of those that concern one subject.
    pub(crate) fn facts_of<T: Among<Fact>>(
        &self,
        subject: impl Into<Stream>,
    ) -> vec::IntoIter<(&'a Happening, &'a T)> {
        let facts = self.concerning(subject).filter_map(|one| Some((one, one.fact()?)));
        facts.collect::<Vec<_>>().into_iter()
    }

    pub(crate) fn acts<T: Among<Act> + 'a>(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&'a Happening, &'a T)> + use<'a, T> {
        let until = self.until;
        self.happenings.acts::<T>().filter(move |(happening, _)| happening.occurred_at <= until)
    }

    /// As [`Self::acts`], of those that concern one subject.
    pub(crate) fn acts_of<T: Among<Act>>(
        &self,
        subject: impl Into<Stream>,
    ) -> vec::IntoIter<(&'a Happening, &'a T)> {
        let acts = self.concerning(subject).filter_map(|one| Some((one, one.act()?)));
        acts.collect::<Vec<_>>().into_iter()
    }

    pub(crate) fn concerning(&self, subject: impl Into<Stream>) -> vec::IntoIter<&'a Happening> {
        let concerning = self.happenings.concerning(&subject.into());
        let known = concerning.filter(|happening| happening.occurred_at <= self.until);
        known.collect::<Vec<_>>().into_iter()
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
            self.found.tasks.push(task);
        }
    }

    /// Facts that name a contract or an application which does not exist have no
    /// effect; somebody must look.
    pub(crate) fn unknown_subject(&mut self, subject: &Stream) {
        let (about, exists) = match subject {
            Stream::Contract(id) => (id.to_string(), self.state.contracts.contains_key(id)),
            Stream::Application(id) => (id.to_string(), self.state.applications.contains_key(id)),
            Stream::Notice(_) | Stream::Ledger | Stream::Company => return,
        };
        if exists {
            return;
        }
        for happening in self.concerning(subject) {
            if happening.sign.kind.is_fact {
                let detail = task::NAMED_BY.of(&[&happening.input]);
                self.alert(happening.occurred_at, AlertCode::UnknownSubject, &about, detail);
            }
        }
    }

    /// a mail that the own server refused; somebody must look.
    pub(crate) fn refused_mails(&mut self) {
        for (happening, MailRefused { about, mail, reply }) in self.facts() {
            let detail = format!("{mail}: {reply}");
            self.alert(happening.occurred_at, AlertCode::MailRefused, about, detail);
        }
    }
}
