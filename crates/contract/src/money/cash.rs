//! Article 25: money in the order of its days: applied, taken back, held, offset,
//! returned. What was applied, is held and was returned is what was credited.

pub(crate) mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::{Fact, Payment};
use crate::declare::prelude::*;
use crate::declare::task::{AlertCode, TaskKind};
use crate::money::credit_note::{CREDIT_NOTE, CreditApplied, CreditNote};
use crate::money::held::{HeldReturned, OFFSET, OffsetHeld, RETURN_OF_HELD, ReturnHeld};
use crate::money::invoice::Invoice;
use crate::money::ledger::{Opened, settling_amount};
use crate::money::payment::{
    APPLICATION_UNDONE, ApplicationUndone, ApplyPayment, CASH_APPLICATION, CreditedOn, OVERPAYMENT,
    Overpaid, Part, PaymentApplied, UndoCashApplication,
};
use crate::money::reversible::Reversible;
use crate::road::case::{Circumstances, Happening, What};
use crate::road::cells::{Cell, Span, Touched};
use crate::road::found::Found;
use crate::road::kept::Kept;
use crate::road::state::{Applied, Credited, HeldPart, OpenTask, Receivable};
use crate::road::unfold::Unfolding;

/// Something that moves money between a payment, the receivables and the holding.
enum Movement<'a> {
    /// An invoice that a payment named before it was issued.
    Named(&'a Invoice),
    Payment(&'a Payment),
    Note(&'a CreditNote),
    Undo {
        payment: &'a InputId,
        number: &'a str,
    },
    Apply {
        payment: &'a InputId,
        to: &'a [Part],
    },
    Offset {
        number: &'a str,
        amount: Yen,
    },
    ApproveReturn(Yen),
    Returned(Yen),
}

/// Where a movement stands among all: payments by the day on which they were credited,
/// everything else by its moment; what was credited on a day comes before what was done
/// on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    at: Moment,
    rank: Rank,
    among_acts: usize,
    input: InputId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Rank {
    Opening,
    Issue,
    Movement,
}

impl Place {
    /// Of what moves money; of an invoice, where it takes what was paid before.
    pub(crate) fn of(known: &Circumstances, what: &What) -> Option<Place> {
        let (at, rank) = match movement(what)? {
            Movement::Named(invoice) => (Moment::start_of(invoice.issued_on), Rank::Issue),
            Movement::Payment(payment) => (Moment::start_of(payment.on), Rank::Movement),
            _ => (known.occurred_at, Rank::Movement),
        };
        Some(Place { at, rank, among_acts: known.place, input: known.input.clone() })
    }

    /// Before all that moves money from a moment on.
    pub(crate) fn first_at(at: Moment) -> Place {
        Place { at, rank: Rank::Opening, among_acts: 0, input: InputId(String::new()) }
    }

    /// From where on a receivable is there.
    fn of_opening(opened: &Opened<'_>) -> Place {
        let issued = Moment::start_of(opened.receivable.invoice.issued_on);
        Place {
            at: issued.min(opened.happening.occurred_at),
            rank: Rank::Opening,
            among_acts: 0,
            input: opened.happening.input.clone(),
        }
    }
}

/// Money as it stands after the last movement, with what it takes to go back before any
/// of them: a payment that is booked late is applied in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cash {
    /// As they were opened.
    opened: BTreeMap<String, (Place, Kept<Receivable>)>,
    places_of_openings: BTreeMap<Place, String>,
    of_contract: BTreeMap<ContractId, BTreeMap<String, Place>>,
    /// What stood before each movement.
    movements: BTreeMap<Place, Before>,
    /// With what was paid on them and credited.
    pub(crate) rows: Reversible<String, Kept<Receivable>>,
    /// Those that may still take some, by their due dates.
    unsettled: Reversible<(Day, String), ()>,
    held: Reversible<InputId, HeldPart>,
    /// What is left of payments that settled less than they could.
    left: Reversible<Place, LeftOver>,
    /// Those of them that name an invoice.
    ahead: Reversible<Place, ()>,
    notes: Reversible<String, Arc<CreditNote>>,
    to_return: Yen,
    returned: Yen,
    /// The first movement of which it is known what stood before it, where those before
    /// were not stored.
    known_from: Option<Place>,
    /// The movements before that.
    earlier: BTreeSet<Place>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Before {
    rows: usize,
    unsettled: usize,
    held: usize,
    left: usize,
    ahead: usize,
    notes: usize,
    to_return: Yen,
    returned: Yen,
}

impl Cash {
    /// When the first payment came in that was more than what it could settle.
    pub(crate) fn first_left_over(&self) -> Option<Moment> {
        self.left.iter().map(|(place, over)| place.at.min(over.occurred_at)).min()
    }

    /// Receivables of a contract by their numbers, and where they were opened.
    pub(crate) fn openings_of(
        &self,
        id: &ContractId,
    ) -> impl Iterator<Item = (String, Place)> + use<> {
        let of_contract = self.of_contract.get(id).cloned().unwrap_or_default();
        of_contract.into_iter()
    }

    /// Takes a receivable up, or another in its place, or none.
    pub(crate) fn open(&mut self, number: &str, opened: Option<Opened<'_>>, touched: &mut Touched) {
        let new = opened.map(|opened| (Place::of_opening(&opened), Kept::new(opened.receivable)));
        let old = self.opened.remove(number);
        if old == new {
            self.opened.extend(new.map(|new| (number.to_owned(), new)));
            return;
        }
        if let Some((place, receivable)) = old {
            self.places_of_openings.remove(&place);
            for id in receivable.invoice.contracts() {
                self.of_contract.entry(id.clone()).or_default().remove(number);
            }
            touched.money(place);
        }
        if let Some((place, receivable)) = new {
            self.places_of_openings.insert(place.clone(), number.to_owned());
            for id in receivable.invoice.contracts() {
                let of_contract = self.of_contract.entry(id.clone()).or_default();
                of_contract.insert(number.to_owned(), place.clone());
            }
            touched.money(place.clone());
            self.opened.insert(number.to_owned(), (place, receivable));
        }
    }

    fn before(&self) -> Before {
        Before {
            rows: self.rows.changes(),
            unsettled: self.unsettled.changes(),
            held: self.held.changes(),
            left: self.left.changes(),
            ahead: self.ahead.changes(),
            notes: self.notes.changes(),
            to_return: self.to_return,
            returned: self.returned,
        }
    }

    /// From where on movements are moved anew: from a place, or from the first one if what
    /// stood before that place is not known any more.
    fn again_from(&self, from: &Place) -> Option<Place> {
        let is_known = self.known_from.as_ref().is_none_or(|known| known <= from);
        is_known.then(|| from.clone())
    }

    /// Goes back to before all. What stood then is not known: nothing did.
    fn go_back_to_start(&mut self, changed: &mut Changed) -> BTreeSet<Place> {
        changed.rows.extend(self.rows.clear());
        self.unsettled.clear();
        self.held.clear();
        changed.left.extend(self.left.clear());
        self.ahead.clear();
        changed.notes.extend(self.notes.clear());
        (self.to_return, self.returned) = (Yen::ZERO, Yen::ZERO);
        self.known_from = None;
        let known = std::mem::take(&mut self.movements).into_keys();
        known.chain(std::mem::take(&mut self.earlier)).collect()
    }

    /// Goes back to before a place. Gives the movements that are undone by it.
    fn go_back(&mut self, from: &Place, changed: &mut Changed) -> BTreeSet<Place> {
        let undone = self.movements.split_off(from);
        if let Some(before) = undone.values().next() {
            changed.rows.extend(self.rows.go_back(before.rows));
            self.unsettled.go_back(before.unsettled);
            self.held.go_back(before.held);
            changed.left.extend(self.left.go_back(before.left));
            self.ahead.go_back(before.ahead);
            changed.notes.extend(self.notes.go_back(before.notes));
            (self.to_return, self.returned) = (before.to_return, before.returned);
        }
        undone.into_keys().collect()
    }
}

/// What a run through the movements changed.
#[derive(Default)]
struct Changed {
    rows: BTreeSet<String>,
    left: BTreeSet<Place>,
    notes: BTreeSet<String>,
}

impl Changed {
    fn since(&mut self, cash: &Cash, then: &Before) {
        self.rows.extend(cash.rows.changed_since(then.rows).cloned());
        self.left.extend(cash.left.changed_since(then.left).cloned());
        self.notes.extend(cash.notes.changed_since(then.notes).cloned());
    }
}

enum Moving<'a> {
    Opening(String),
    Entry(&'a Happening),
}

/// What is left of a payment that settled less than it could.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeftOver {
    payment: InputId,
    occurred_at: Moment,
    on: Day,
    names: Vec<String>,
    left: Yen,
}

/// Money that settles something: of which payment, and as of which day.
struct Source<'a> {
    payment: &'a InputId,
    on: Day,
    /// The moment at which it is applied, and the act that applies it.
    at: Moment,
    act: Option<&'a InputId>,
    rule: &'static Rule,
}

impl<'a> Source<'a> {
    /// Money as it came, without anybody's act.
    fn of(payment: &'a InputId, on: Day, at: Moment) -> Source<'a> {
        Source { payment, on, at, act: None, rule: &CASH_APPLICATION }
    }
}

impl<'a> Unfolding<'a> {
    /// Moves money anew from a place on.
    pub(crate) fn move_money(&mut self, from: &Place, looked: Span, touched: &mut Touched) {
        let mut changed = Changed::default();
        let again = self.cash.again_from(from);
        let mut gone = match &again {
            Some(from) => self.cash.go_back(from, &mut changed),
            None => self.cash.go_back_to_start(&mut changed),
        };
        let so_far = self.cash.before();
        for (place, moving) in self.moving_from(again.as_ref()) {
            let before = self.cash.before();
            match moving {
                Moving::Opening(number) => self.take_up(&number),
                Moving::Entry(happening) => self.move_one(&place, happening),
            }
            gone.remove(&place);
            let found = std::mem::take(&mut self.found);
            self.cells.put(&Cell::Movement(place.clone()), found, looked);
            self.cash.movements.insert(place, before);
        }
        for place in gone {
            self.cells.put(&Cell::Movement(place), Found::default(), looked);
        }
        changed.since(&self.cash, &so_far);
        for number in changed.rows {
            touched.insert(Cell::Receivable(number));
        }
        for place in changed.left {
            self.left_over(&place);
            let found = std::mem::take(&mut self.found);
            self.cells.put(&Cell::Overpaid(place), found, looked);
        }
        for number in changed.notes {
            match self.cash.notes.get(&number) {
                Some(note) => self.state.credit_notes.insert(number, note.clone()),
                None => self.state.credit_notes.remove(&number),
            };
        }
        self.state.held_parts = self.held_parts();
        self.state.held = self.state.held_parts.iter().map(|part| part.amount).sum();
        (self.state.to_return, self.state.returned) = (self.cash.to_return, self.cash.returned);
    }

    /// Openings and entries, one after the other.
    fn moving_from(&self, from: Option<&Place>) -> Vec<(Place, Moving<'a>)> {
        let from = from.map_or(Bound::Unbounded, Bound::Included);
        let openings = self.cash.places_of_openings.range((from, Bound::Unbounded));
        let openings =
            openings.map(|(place, number)| (place.clone(), Moving::Opening(number.clone())));
        let entries = self.happenings.moving_from(from);
        let known = entries.filter(|(_, happening)| happening.occurred_at <= self.until);
        let known = known.map(|(place, happening)| (place.clone(), Moving::Entry(happening)));
        let mut moving: Vec<_> = openings.chain(known).collect();
        moving.sort_by(|(a, _), (b, _)| a.cmp(b));
        moving
    }

    /// From now on a receivable may take money.
    fn take_up(&mut self, number: &str) {
        let (_, receivable) = &self.cash.opened[number];
        self.cash.unsettled.set((receivable.due, number.to_owned()), ());
        self.cash.rows.set(number.to_owned(), receivable.clone());
    }

    fn move_one(&mut self, place: &Place, happening: &'a Happening) {
        let Some(movement) = movement(&happening.what) else { return };
        match movement {
            Movement::Named(invoice) => self.named(&invoice.number),
            Movement::Payment(payment) => self.credited(place, happening, payment),
            Movement::Note(note) => self.credit(happening, note),
            Movement::Undo { payment, number } => self.undo(happening, payment, number),
            Movement::Apply { payment, to } => self.apply_again(happening, payment, to),
            Movement::Offset { number, amount } => self.offset(happening, number, amount),
            Movement::ApproveReturn(amount) => self.cash.to_return += amount,
            Movement::Returned(amount) => self.returned(happening, amount),
        }
    }

    /// 25-1b: what was credited, to the invoices named, or to the oldest due. What
    /// names an invoice to come is held until that is issued.
    fn credited(&mut self, place: &Place, happening: &Happening, payment: &Payment) {
        let is_issued = |number: &&String| {
            self.cash.rows.get(number).is_some_and(|row| row.invoice.issued_on <= payment.on)
        };
        let unsettled = self.cash.unsettled.iter().map(|((_, number), ())| number);
        let order: Vec<String> = unsettled
            .filter(|number| payment.names.is_empty() || payment.names.contains(number))
            .filter(is_issued)
            .cloned()
            .collect();
        let (on, occurred_at) = (payment.on, happening.occurred_at);
        let source = Source::of(&happening.input, on, occurred_at);
        let mut left = payment.amount;
        for number in order {
            if left.is_zero() {
                break;
            }
            left -= self.apply_to(&source, &number, left);
        }
        if left.is_positive() {
            self.hold(&happening.input, on, left);
            let (payment, names) = (happening.input.clone(), payment.names.clone());
            if !names.is_empty() {
                self.cash.ahead.set(place.clone(), ());
            }
            let left_over = LeftOver { payment, occurred_at, on, names, left };
            self.cash.left.set(place.clone(), left_over);
        }
    }

    /// An invoice is issued that payments named before: what is still held of them
    /// settles it.
    fn named(&mut self, number: &str) {
        let Some(receivable) = self.cash.rows.get(&number.to_owned()) else { return };
        let issued_on = receivable.invoice.issued_on;
        let ahead: Vec<_> = self.cash.ahead.iter().map(|(place, ())| place.clone()).collect();
        for place in ahead {
            let Some(mut over) = self.cash.left.get(&place).cloned() else { continue };
            if over.on >= issued_on || !over.names.iter().any(|name| name == number) {
                continue;
            }
            let source = Source::of(&over.payment, over.on, over.occurred_at);
            let held = self.held_of(&over.payment);
            let applied = self.apply_to(&source, number, held);
            self.unhold(&over.payment, applied);
            over.left -= applied;
            if over.left.is_zero() {
                self.cash.ahead.remove(&place);
            }
            self.cash.left.set(place, over);
        }
    }

    fn left_over(&mut self, place: &Place) {
        let Some(over) = self.cash.left.get(place).cloned() else { return };
        if over.left.is_positive() {
            let what = Consequence::Overpaid(Overpaid {
                payment: over.payment.clone(),
                amount: over.left,
            });
            let because = Because::of(&OVERPAYMENT).fact(&over.payment);
            self.follow(over.occurred_at, Stream::Ledger, what, because);
        }
    }

    /// Settles as much of an invoice as is owed, and says how much that was.
    fn apply_to(&mut self, source: &Source, number: &str, most: Yen) -> Yen {
        let number = number.to_owned();
        let Some(row) = self.cash.rows.get(&number).cloned() else { return Yen::ZERO };
        let unsettled = (row.due, number.clone());
        if self.cash.unsettled.get(&unsettled).is_none() {
            return Yen::ZERO;
        }
        let terms = self.terms_of(&row.invoice);
        let settling = settling_amount(&terms, &row, source.on);
        let amount = most.min(settling);
        if amount == settling {
            self.cash.unsettled.remove(&unsettled);
        }
        if !amount.is_positive() {
            return Yen::ZERO;
        }
        let at = source.at.max(Moment::start_of(row.invoice.issued_on));
        let (payment, on) = (source.payment.clone(), source.on);
        let act = source.act.cloned();
        let issued_by = row.issued_by.clone();
        let mut row = row.into_value();
        row.payments.push(Applied { payment: payment.clone(), on, at, amount, act });
        row.payments.sort_by_key(|applied| applied.on);
        self.cash.rows.set(number.clone(), Kept::new(row));
        let what = Consequence::PaymentApplied(PaymentApplied { payment, number, amount });
        let because = Because::of(source.rule)
            .fact(source.payment)
            .fact(&issued_by)
            .facts(source.act)
            .with(CreditedOn { credited_on: on })
            .under(&terms);
        self.follow(at, Stream::Ledger, what, because);
        amount
    }

    /// A credit note lowers its receivable; what had been paid of that is held.
    fn credit(&mut self, happening: &Happening, note: &CreditNote) {
        let Some(row) = self.cash.rows.get(&note.invoice) else {
            let about = note.number.clone();
            let (at, detail) = (happening.occurred_at, note.invoice.clone());
            return self.alert(at, AlertCode::UnknownSubject, &about, detail);
        };
        let amount = -note.total;
        let mut row = row.as_ref().clone();
        row.credited += amount;
        row.credits.push(Credited {
            note: note.number.clone(),
            fact: happening.input.clone(),
            on: note.issued_on,
            at: happening.occurred_at,
            amount,
        });
        let issued_by = row.issued_by.clone();
        self.cash.rows.set(note.invoice.clone(), Kept::new(row));
        self.cash.notes.set(note.number.clone(), Arc::new(note.clone()));
        let (note, number) = (note.number.clone(), note.invoice.clone());
        let what =
            Consequence::CreditApplied(CreditApplied { note, number: number.clone(), amount });
        let because = Because::of(&CREDIT_NOTE).fact(&happening.input).fact(&issued_by);
        self.follow(happening.occurred_at, Stream::Ledger, what, because);
        self.release_excess(happening, &number);
    }

    /// Takes back what was paid above what is owed, the latest payment first.
    fn release_excess(&mut self, happening: &Happening, number: &str) {
        let number = number.to_owned();
        let Some(row) = self.cash.rows.get(&number).cloned() else { return };
        self.cash.unsettled.set((row.due, number.clone()), ());
        let terms = self.terms_of(&row.invoice);
        let mut row = row.into_value();
        while let Some(last) = row.payments.pop() {
            let needed = settling_amount(&terms, &row, last.on).min(last.amount);
            if needed.is_positive() {
                row.payments.push(Applied { amount: needed, ..last.clone() });
            }
            if needed < last.amount {
                self.take_back(happening, &last.payment, last.on, &number, last.amount - needed);
            }
            if needed.is_positive() || needed == last.amount {
                break;
            }
        }
        self.cash.rows.set(number, Kept::new(row));
    }

    /// What a payment settled of an invoice is held again.
    fn undo(&mut self, happening: &Happening, payment: &InputId, number: &str) {
        let number = number.to_owned();
        let Some(row) = self.cash.rows.get(&number).cloned() else { return };
        self.cash.unsettled.set((row.due, number.clone()), ());
        let mut row = row.into_value();
        let (undone, kept): (Vec<_>, Vec<_>) =
            row.payments.drain(..).partition(|applied| applied.payment == *payment);
        row.payments = kept;
        self.cash.rows.set(number.clone(), Kept::new(row));
        let amount: Yen = undone.iter().map(|applied| applied.amount).sum();
        let Some(first) = undone.first() else { return };
        let on = self.credited_on(payment).unwrap_or(first.on);
        self.take_back(happening, payment, on, &number, amount);
    }

    /// The day on which a payment was credited.
    fn credited_on(&self, payment: &InputId) -> Option<Day> {
        let found = self.facts_where::<Payment, _>(|one| one.input == *payment).next();
        found.map(|(_, payment)| payment.on)
    }

    fn take_back(
        &mut self,
        happening: &Happening,
        payment: &InputId,
        on: Day,
        number: &str,
        amount: Yen,
    ) {
        self.hold(payment, on, amount);
        let (of, number) = (payment.clone(), number.to_owned());
        let what =
            Consequence::ApplicationUndone(ApplicationUndone { payment: of, number, amount });
        let because = Because::of(&APPLICATION_UNDONE).fact(&happening.input).fact(payment);
        self.follow(happening.occurred_at, Stream::Ledger, what, because);
    }

    /// What is held of a payment settles other invoices, as of the day on which it
    /// was credited: the customer paid then, whoever booked it elsewhere.
    fn apply_again(&mut self, happening: &Happening, payment: &InputId, to: &[Part]) {
        let Some(on) = self.credited_on(payment) else { return };
        let (at, act) = (happening.occurred_at, Some(&happening.input));
        let source = Source { payment, on, at, act, rule: &CASH_APPLICATION };
        for part in to {
            let most = part.amount.min(self.held_of(payment));
            let applied = self.apply_to(&source, &part.number, most);
            self.unhold(payment, applied);
        }
    }

    /// Set-off works back to when the two debts first stood against each other
    /// (Civil Code 506(2)): the later of the due date and the day of the money, and
    /// no later than the act.
    fn offset(&mut self, happening: &Happening, number: &str, amount: Yen) {
        let Some(due) = self.cash.rows.get(&number.to_owned()).map(|row| row.due) else { return };
        let mut left = amount;
        for part in self.held_parts() {
            let at = happening.occurred_at;
            let on = at.day().min(part.on.max(due));
            let (payment, act) = (&part.payment, Some(&happening.input));
            let source = Source { payment, on, at, act, rule: &OFFSET };
            let applied = self.apply_to(&source, number, left.min(part.amount));
            self.unhold(&part.payment, applied);
            left -= applied;
        }
    }

    fn returned(&mut self, happening: &Happening, amount: Yen) {
        let covered = amount.min(self.cash.to_return);
        self.cash.to_return -= covered;
        if covered < amount {
            let about = happening.input.0.clone();
            let (at, detail) = (happening.occurred_at, (amount - covered).to_string());
            self.alert(at, AlertCode::ReturnedWithoutApproval, &about, detail);
        }
        let mut left = amount;
        for part in self.held_parts() {
            let taken = part.amount.min(left);
            self.unhold(&part.payment, taken);
            self.cash.returned += taken;
            left -= taken;
        }
    }

    /// A task for each approved return, done when so much was transferred.
    pub(crate) fn return_tasks(&mut self) {
        let mut asked = Yen::ZERO;
        for (happening, approved) in self.acts::<ReturnHeld>() {
            asked += approved.amount;
            let mut sum = Yen::ZERO;
            let done = self.facts::<HeldReturned>().find(|(_, transferred)| {
                sum += transferred.amount;
                sum >= asked
            });
            let done = done.map(|(transfer, _)| transfer.occurred_at);
            let at = happening.occurred_at;
            let terms = self.terms(at, &[], &happening.input.0);
            let remind = terms.calendar.after(at.day(), terms.rules.speedily_bd);
            let because = Because::of(&RETURN_OF_HELD).fact(&happening.input).under(&terms);
            let about = happening.input.0.clone();
            let task = TaskKind::ReturnHeld;
            let task = OpenTask { task, about, opened_at: at, remind_on: remind };
            self.task(&Stream::Ledger, task, done, because);
        }
    }

    fn hold(&mut self, payment: &InputId, on: Day, amount: Yen) {
        let held = self.cash.held.get(payment);
        let (on, before) = held.map_or((on, Yen::ZERO), |part| (part.on, part.amount));
        let part = HeldPart { payment: payment.clone(), on, amount: before + amount };
        self.cash.held.set(payment.clone(), part);
    }

    /// The earliest first.
    fn held_parts(&self) -> Vec<HeldPart> {
        let mut parts: Vec<_> = self.cash.held.iter().map(|(_, part)| part.clone()).collect();
        parts.sort_by(|a, b| (a.on, &a.payment).cmp(&(b.on, &b.payment)));
        parts
    }

    fn held_of(&self, payment: &InputId) -> Yen {
        self.cash.held.get(payment).map_or(Yen::ZERO, |part| part.amount)
    }

    fn unhold(&mut self, payment: &InputId, amount: Yen) {
        let Some(part) = self.cash.held.get(payment).cloned() else { return };
        match part.amount - amount {
            left if left.is_positive() => {
                self.cash.held.set(payment.clone(), HeldPart { amount: left, ..part });
            }
            _ => self.cash.held.remove(payment),
        }
    }
}

fn movement(what: &What) -> Option<Movement<'_>> {
    Some(match what {
        What::Fact(Fact::InvoiceIssued(invoice)) => Movement::Named(invoice),
        What::Fact(Fact::PaymentCredited(payment)) => Movement::Payment(payment),
        What::Fact(Fact::CreditNoteIssued(note)) => Movement::Note(note),
        What::Fact(Fact::HeldReturned(HeldReturned { amount, .. })) => Movement::Returned(*amount),
        What::Act(Act::UndoCashApplication(UndoCashApplication { payment, number, .. })) => {
            Movement::Undo { payment, number }
        }
        What::Act(Act::ApplyPayment(ApplyPayment { payment, to })) => {
            Movement::Apply { payment, to }
        }
        What::Act(Act::OffsetHeld(OffsetHeld { number, amount })) => {
            Movement::Offset { number, amount: *amount }
        }
        What::Act(Act::ReturnHeld(ReturnHeld { amount })) => Movement::ApproveReturn(*amount),
        _ => return None,
    })
}
