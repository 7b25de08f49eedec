//! How far back what an input adds or takes back may be dated, by what its kind declares
//! and what is registered.

use std::ops::Bound;
use std::sync::Arc;

use reckon::{Day, Moment};
use terms::Law;

use crate::application::receiving::Wish;
use crate::declare::Among;
use crate::declare::act::WaiveInterest;
use crate::declare::fact::{Application, Fact, Invoice, Payment, TakenOverReceivable};
use crate::declare::ids::ContractId;
use crate::declare::reach::Reach;
use crate::money::cash::Place;
use crate::road::account::Account;
use crate::road::case::{Happening, What};
use crate::road::stream::{Content, Input, Stream};

impl Account {
    /// The first moment to which something can be dated that this input adds or takes
    /// back. Time alone reaches back to where the account was looked at last; a newer
    /// edition, or another law than the account was worked out under, to the beginning.
    pub fn reach_of(&self, law: &Law, input: &Input) -> Moment {
        let is_of_another = self.worked_out().is_some_and(|(known, _)| *known != law.id());
        if is_of_another || input.content == Content::Edition {
            let all = self.case().happenings.iter().map(|one| own(one));
            return all.min().unwrap_or(input.known_at);
        }
        let what = match &input.content {
            Content::Fact(fact) => What::Fact(fact.clone()),
            Content::Act(act) => What::Act(act.done().clone()),
            Content::Clock | Content::Edition => {
                return self.case().unfolded_until.unwrap_or(input.known_at);
            }
        };
        let mut reach = Reaching { account: self, from: input.occurred_at, seen: Vec::new() };
        reach.all(&what.reaches_back_to(), input.occurred_at);
        reach.from
    }
}

impl What {
    /// How far back it reaches besides the moment at which it happened.
    pub fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        match self {
            What::Fact(fact) => fact.reaches_back_to(),
            What::Act(act) => act.reaches_back_to(),
        }
    }
}

/// The moment of a happening itself, and those that it states.
fn own(happening: &Happening) -> Moment {
    let stated = happening.what.reaches_back_to();
    let stated = stated.iter().filter_map(|reach| match reach {
        Reach::ItsDay => Some(Moment::start_of(happening.occurred_at.day())),
        Reach::Stated(at) => Some(*at),
        Reach::Money(day) => day.map(Moment::start_of),
        _ => None,
    });
    stated.fold(happening.occurred_at, Moment::min)
}

struct Reaching<'a> {
    account: &'a Account,
    from: Moment,
    /// The entries that were followed.
    seen: Vec<&'a str>,
}

impl<'a> Reaching<'a> {
    fn at(&mut self, at: Moment) {
        self.from = self.from.min(at);
    }

    /// What is said of something that happened at a moment.
    fn all(&mut self, reaches: &[Reach<'_>], at: Moment) {
        self.at(at);
        for reach in reaches {
            match reach {
                Reach::ItsDay => self.at(Moment::start_of(at.day())),
                Reach::Stated(at) => self.at(*at),
                Reach::Entry(id) => self.entry(&id.0),
                Reach::Instead(fact, at) => {
                    self.all(&fact.reaches_back_to(), *at);
                }
                Reach::Subject(subject) => self.subject(subject),
                Reach::Money(day) => {
                    let from = day.map_or(at, Moment::start_of);
                    self.at(from);
                    self.moved_from(from);
                }
                Reach::Owed(on) => self.owed(*on),
                Reach::Invoice(number) => self.invoice(number),
                Reach::LeftOver => {
                    let left = self.account.cash().first_left_over();
                    self.from = left.map_or(self.from, |left| self.from.min(left));
                }
                Reach::Applications => {
                    for (happening, application) in self.facts::<Application>() {
                        self.at(own(happening));
                        self.subject(&Stream::Application(application.application.clone()));
                    }
                }
            }
        }
    }

    fn facts<T: Among<Fact> + 'a>(&self) -> Vec<(&'a Happening, &'a T)> {
        self.account.case().in_force().facts::<T>().collect()
    }

    /// As far as whatever an input brought, also where it counts no longer.
    fn entry(&mut self, id: &str) {
        let account = self.account;
        let brought = account.case().happenings.iter().filter(|one| one.input.0 == id);
        let brought: Vec<&'a Arc<Happening>> = brought.collect();
        let Some(first) = brought.first() else { return };
        if self.seen.contains(&first.input.0.as_str()) {
            return;
        }
        self.seen.push(&first.input.0);
        for happening in brought {
            self.all(&happening.what.reaches_back_to(), happening.occurred_at);
        }
    }

    fn subject(&mut self, subject: &Stream) {
        match subject {
            Stream::Application(id) => {
                self.contract(&id.contract());
                let wishes = self.facts::<Application>();
                for (_, application) in wishes.iter().filter(|(_, one)| one.application == *id) {
                    if let Wish::Change { contract, .. } = &application.wish {
                        self.contract(contract);
                    }
                }
            }
            Stream::Contract(id) => self.contract(id),
            Stream::Notice(_) | Stream::Ledger | Stream::Company => self.stream(subject),
        }
    }

    fn stream(&mut self, stream: &Stream) {
        let account = self.account;
        let first = account.case().in_force().concerning(stream).map(own).min();
        self.from = first.map_or(self.from, |first| self.from.min(first));
    }

    /// A contract, what was applied for, and what was charged.
    fn contract(&mut self, id: &ContractId) {
        self.stream(&Stream::Contract(id.clone()));
        self.stream(&Stream::Application(id.application()));
        for (_, application) in self.facts::<Application>() {
            if matches!(&application.wish, Wish::Change { contract, .. } if contract == id) {
                self.stream(&Stream::Application(application.application.clone()));
            }
        }
        for (number, receivable) in &self.account.state().receivables {
            if receivable.invoice.contracts().contains(&id) {
                self.opening(number);
            }
        }
    }

    /// A movement stands in its place and is dated when it happened, which may be before.
    fn moved_from(&mut self, from: Moment) {
        let account = self.account;
        let from = Place::first_at(from);
        let moved = account.case().in_force().moving_from(Bound::Included(&from));
        let first = moved.map(|(_, happening)| own(happening)).min();
        self.from = first.map_or(self.from, |first| self.from.min(first));
    }

    fn owed(&mut self, on: Day) {
        for (number, receivable) in &self.account.state().receivables {
            let settled = receivable.settled_at.map(Moment::day).max(receivable.paid_on);
            if settled.is_none_or(|settled| settled >= on) {
                self.opening(number);
            }
        }
    }

    /// Since a receivable was there, or its interest was waived.
    fn opening(&mut self, number: &str) {
        let is_it = |one: &Happening| one.sign.number.as_deref() == Some(number);
        let account = self.account;
        let of = account.case().in_force();
        for (happening, _) in of.facts_where::<Invoice>(is_it) {
            self.at(own(happening));
        }
        for (happening, _) in of.facts_where::<TakenOverReceivable>(is_it) {
            self.at(own(happening));
        }
        for (happening, waived) in of.acts::<WaiveInterest>() {
            if waived.number == number {
                self.at(own(happening));
            }
        }
    }

    fn invoice(&mut self, number: &str) {
        self.opening(number);
        for (happening, payment) in self.facts::<Payment>() {
            if payment.names.iter().any(|named| named == number) {
                self.at(own(happening));
            }
        }
    }
}
