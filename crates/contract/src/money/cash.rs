//! Article 25: money in the order of its days: applied, taken back, held, offset,
//! returned. What was applied, is held and was returned is what was credited.

use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::fact::{Fact, Payment};
use crate::declare::prelude::*;
use crate::declare::task::{AlertCode, TaskKind};
use crate::money::credit_note::{CREDIT_NOTE, CreditApplied, CreditNote};
use crate::money::held::{HeldReturned, OFFSET, OffsetHeld, RETURN_OF_HELD, ReturnHeld};
use crate::money::invoice::Invoice;
use crate::money::ledger::settling_amount;
use crate::money::payment::{
    APPLICATION_UNDONE, ApplicationUndone, ApplyPayment, CASH_APPLICATION, CreditedOn, OVERPAYMENT,
    Overpaid, Part, PaymentApplied, UndoCashApplication,
};
use crate::road::case::{Happening, What};
use crate::road::state::{Applied, Credited, HeldPart, OpenTask};
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

/// What is left of a payment that settled less than it could.
#[derive(Clone, Copy)]
pub(crate) struct LeftOver<'a> {
    happening: &'a Happening,
    payment: &'a Payment,
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
    fn of(happening: &'a Happening, payment: &Payment) -> Source<'a> {
        let (on, at) = (payment.on, happening.occurred_at);
        Source { payment: &happening.input, on, at, act: None, rule: &CASH_APPLICATION }
    }
}

impl<'a> Unfolding<'a> {
    pub(crate) fn cash(&mut self) {
        let receivables = self.state.receivables.iter();
        self.unsettled = receivables.map(|(number, r)| (r.due, number.clone())).collect();
        for (happening, on) in self.facts(|fact| match fact {
            Fact::PaymentCredited(payment) => Some(payment.on),
            _ => None,
        }) {
            self.credited_on.entry(&happening.input).or_insert(on);
        }
        for (happening, movement) in self.movements() {
            match movement {
                Movement::Named(invoice) => self.named(&invoice.number),
                Movement::Payment(payment) => self.credited(happening, payment),
                Movement::Note(note) => self.credit(happening, note),
                Movement::Undo { payment, number } => self.undo(happening, payment, number),
                Movement::Apply { payment, to } => self.apply_again(happening, payment, to),
                Movement::Offset { number, amount } => self.offset(happening, number, amount),
                Movement::ApproveReturn(amount) => self.state.to_return += amount,
                Movement::Returned(amount) => self.returned(happening, amount),
            }
        }
        self.follow_overpaid();
        self.state.held = self.state.held_parts.iter().map(|part| part.amount).sum();
        self.return_tasks();
    }

    /// Payments by the day on which they were credited, everything else by its
    /// moment; what was credited on a day comes before what was done on it.
    fn movements(&self) -> Vec<(&'a Happening, Movement<'a>)> {
        let each = self.happenings.iter().copied();
        let mut movements: Vec<_> = each
            .filter_map(|happening| {
                let movement = movement(&happening.what)?;
                let at = match &movement {
                    Movement::Named(invoice) => Moment::start_of(invoice.issued_on),
                    Movement::Payment(payment) => Moment::start_of(payment.on),
                    _ => happening.occurred_at,
                };
                Some((at, happening, movement))
            })
            .collect();
        movements.sort_by_key(|(at, happening, movement)| {
            let named = matches!(movement, Movement::Named(_));
            (*at, !named, happening.place, &happening.input)
        });
        movements.into_iter().map(|(_, happening, movement)| (happening, movement)).collect()
    }

    /// 25-1b: what was credited, to the invoices named, or to the oldest due. What
    /// names an invoice to come is held until that is issued.
    fn credited(&mut self, happening: &'a Happening, payment: &'a Payment) {
        let receivables = &self.state.receivables;
        let order: Vec<String> = self
            .unsettled
            .iter()
            .map(|(_, number)| number)
            .filter(|number| payment.names.is_empty() || payment.names.contains(number))
            .filter(|number| receivables[*number].invoice.issued_on <= payment.on)
            .cloned()
            .collect();
        let source = Source::of(happening, payment);
        let mut left = payment.amount;
        for number in order {
            if left.is_zero() {
                break;
            }
            left -= self.apply_to(&source, &number, left);
        }
        if left.is_positive() {
            self.hold(&happening.input, payment.on, left);
            self.overpaid.push(LeftOver { happening, payment, left });
        }
    }

    /// An invoice is issued that payments named before: what is still held of them
    /// settles it.
    fn named(&mut self, number: &str) {
        let Some(receivable) = self.state.receivables.get(number) else { return };
        let issued_on = receivable.invoice.issued_on;
        for at in 0..self.overpaid.len() {
            let LeftOver { happening, payment, .. } = self.overpaid[at];
            if payment.on >= issued_on || !payment.names.iter().any(|name| name == number) {
                continue;
            }
            let source = Source::of(happening, payment);
            let held = self.held_of(&happening.input);
            let applied = self.apply_to(&source, number, held);
            self.unhold(&happening.input, applied);
            self.overpaid[at].left -= applied;
        }
    }

    fn follow_overpaid(&mut self) {
        for LeftOver { happening, left, .. } in std::mem::take(&mut self.overpaid) {
            if left.is_positive() {
                let what = Consequence::Overpaid(Overpaid {
                    payment: happening.input.clone(),
                    amount: left,
                });
                let because = Because::of(&OVERPAYMENT).fact(&happening.input);
                self.follow(happening.occurred_at, Stream::Ledger, what, because);
            }
        }
    }

    /// Settles as much of an invoice as is owed, and says how much that was.
    fn apply_to(&mut self, source: &Source, number: &str, most: Yen) -> Yen {
        let due = self.state.receivables.get(number).map(|receivable| receivable.due);
        let Some(due) = due.filter(|due| self.unsettled.contains(&(*due, number.to_owned())))
        else {
            return Yen::ZERO;
        };
        let terms = self.terms_of(number);
        let receivable = self.state.receivables.get_mut(number).expect("looked at above");
        let settling = settling_amount(&terms, receivable, source.on);
        let amount = most.min(settling);
        if amount == settling {
            self.unsettled.remove(&(due, number.to_owned()));
        }
        if !amount.is_positive() {
            return Yen::ZERO;
        }
        let at = source.at.max(Moment::start_of(receivable.invoice.issued_on));
        let (payment, on) = (source.payment.clone(), source.on);
        let act = source.act.cloned();
        receivable.payments.push(Applied { payment: payment.clone(), on, at, amount, act });
        receivable.payments.sort_by_key(|applied| applied.on);
        let issued_by = receivable.issued_by.clone();
        let number = number.to_owned();
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
        let Some(receivable) = self.state.receivables.get_mut(&note.invoice) else {
            let about = note.number.clone();
            let (at, detail) = (happening.occurred_at, note.invoice.clone());
            return self.alert(at, AlertCode::UnknownSubject, &about, detail);
        };
        let amount = -note.total;
        receivable.credited += amount;
        receivable.credits.push(Credited {
            note: note.number.clone(),
            fact: happening.input.clone(),
            on: note.issued_on,
            at: happening.occurred_at,
            amount,
        });
        let issued_by = receivable.issued_by.clone();
        self.state.credit_notes.insert(note.number.clone(), note.clone());
        let (note, number) = (note.number.clone(), note.invoice.clone());
        let what =
            Consequence::CreditApplied(CreditApplied { note, number: number.clone(), amount });
        let because = Because::of(&CREDIT_NOTE).fact(&happening.input).fact(&issued_by);
        self.follow(happening.occurred_at, Stream::Ledger, what, because);
        self.release_excess(happening, &number);
    }

    /// Takes back what was paid above what is owed, the latest payment first.
    fn release_excess(&mut self, happening: &Happening, number: &str) {
        self.reopen(number);
        let terms = self.terms_of(number);
        loop {
            let receivable = self.state.receivables.get_mut(number).expect("a credited invoice");
            let Some(last) = receivable.payments.pop() else { return };
            let needed = settling_amount(&terms, receivable, last.on).min(last.amount);
            if needed.is_positive() {
                receivable.payments.push(Applied { amount: needed, ..last.clone() });
            }
            if needed == last.amount {
                return;
            }
            self.take_back(happening, &last.payment, last.on, number, last.amount - needed);
            if needed.is_positive() {
                return;
            }
        }
    }

    /// What a payment settled of an invoice is held again.
    fn undo(&mut self, happening: &Happening, payment: &InputId, number: &str) {
        self.reopen(number);
        let Some(receivable) = self.state.receivables.get_mut(number) else { return };
        let (undone, kept): (Vec<_>, Vec<_>) =
            receivable.payments.drain(..).partition(|applied| applied.payment == *payment);
        receivable.payments = kept;
        let amount: Yen = undone.iter().map(|applied| applied.amount).sum();
        let Some(first) = undone.first() else { return };
        let on = self.credited_on.get(payment).copied().unwrap_or(first.on);
        self.take_back(happening, payment, on, number, amount);
    }

    /// The receivable may take money again.
    fn reopen(&mut self, number: &str) {
        if let Some(receivable) = self.state.receivables.get(number) {
            self.unsettled.insert((receivable.due, number.to_owned()));
        }
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
        let Some(on) = self.credited_on.get(payment).copied() else { return };
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
        let Some(due) = self.state.receivables.get(number).map(|r| r.due) else { return };
        let mut left = amount;
        for part in self.state.held_parts.clone() {
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
        let covered = amount.min(self.state.to_return);
        self.state.to_return -= covered;
        if covered < amount {
            let about = happening.input.0.clone();
            let (at, detail) = (happening.occurred_at, (amount - covered).to_string());
            self.alert(at, AlertCode::ReturnedWithoutApproval, &about, detail);
        }
        let mut left = amount;
        for part in self.state.held_parts.clone() {
            let taken = part.amount.min(left);
            self.unhold(&part.payment, taken);
            self.state.returned += taken;
            left -= taken;
        }
    }

    /// A task for each approved return, done when so much was transferred.
    fn return_tasks(&mut self) {
        let approved = self.acts(|act| match act {
            Act::ReturnHeld(ReturnHeld { amount }) => Some(*amount),
            _ => None,
        });
        let transferred = self.facts(|fact| match fact {
            Fact::HeldReturned(HeldReturned { amount, .. }) => Some(*amount),
            _ => None,
        });
        let mut asked = Yen::ZERO;
        for (happening, amount) in approved {
            asked += amount;
            let mut sum = Yen::ZERO;
            let done = transferred.iter().find(|(_, amount)| {
                sum += *amount;
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
        let parts = &mut self.state.held_parts;
        match parts.iter_mut().find(|part| part.payment == *payment) {
            Some(part) => part.amount += amount,
            None => parts.push(HeldPart { payment: payment.clone(), on, amount }),
        }
        parts.sort_by(|a, b| (a.on, &a.payment).cmp(&(b.on, &b.payment)));
    }

    fn held_of(&self, payment: &InputId) -> Yen {
        let parts = self.state.held_parts.iter().filter(|part| part.payment == *payment);
        parts.map(|part| part.amount).sum()
    }

    fn unhold(&mut self, payment: &InputId, amount: Yen) {
        let parts = &mut self.state.held_parts;
        if let Some(part) = parts.iter_mut().find(|part| part.payment == *payment) {
            part.amount -= amount;
        }
        parts.retain(|part| part.amount.is_positive());
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
