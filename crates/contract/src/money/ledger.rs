//! Articles 24 to 26: receivables, cash application, late interest.

use std::sync::Arc;

use reckon::Period;
use terms::{Allocation, Effective};

use crate::application::form::PaymentMethod;
use crate::declare::act::{Terminate, WaiveFee, WaiveInterest};
use crate::declare::consequence::{
    Consequence, InterestWaived, LateInterestOwed, PayableNow, ReceivableOverdue, ReceivablePaid,
};
use crate::declare::fact::CancellationFormArrived;
use crate::declare::prelude::*;
use crate::ending::ended::{FINAL_SETTLEMENT, InterestTo, PAYABLE_AT_ARRIVAL};
use crate::money::fees::ChargedBefore;
use crate::money::invoice::{Invoice, InvoiceKind, OVERDUE, Overdue};
use crate::money::late_interest::{self, LATE_INTEREST, LateInterest};
use crate::money::payment::CASH_APPLICATION;
use crate::money::waiver::{Left, WAIVER};
use crate::road::case::Happening;
use crate::road::cells::{Cell, Touched};
use crate::road::unfold::{
    AccountState, Applied, Credited, InterestOwed, Receivable, Unfolding, Waiver,
};
use crate::service::usage::{UsageImported, UsageTotal};

impl<'a> Unfolding<'a> {
    pub(crate) fn usage(&mut self) {
        let imported = self.facts::<UsageImported>().flat_map(|(happening, imported)| {
            let row = |total: &UsageTotal| {
                (happening.input.clone(), happening.occurred_at, total.clone())
            };
            imported.totals.iter().map(row).collect::<Vec<_>>()
        });
        self.state.usage = imported.collect();
    }

    /// The invoice of a number, as it was issued first, or as an earlier book left it.
    pub(crate) fn open_receivable(&mut self, number: &str, touched: &mut Touched) {
        let is_of = |one: &Happening| one.sign.number.as_deref() == Some(number);
        let issued = self.facts_where::<Invoice, _>(is_of).next();
        let issued = issued.map(|(happening, invoice)| Opened::issued(happening, invoice));
        let opened = self.taken_over_receivable(number, issued);
        self.cash.open(number, opened, touched);
        touched.insert(Cell::Receivable(number.to_owned()));
    }

    /// Fees that are not asked for; the charges look at them.
    pub(crate) fn waivers(&mut self) {
        let waived = self.acts::<WaiveFee>().map(|(happening, waived)| {
            let WaiveFee { kind, contract, line, month, amount } = waived.clone();
            Waiver { fact: happening.input.clone(), kind, contract, line, month, amount }
        });
        self.state.waivers = waived.collect();
    }

    /// Outstanding principal, the day it was paid, the interest that is owed, and the
    /// rights that rest on it.
    pub(crate) fn receivable(&mut self, number: &str) {
        let Some(receivable) = self.cash.rows.get(&number.to_owned()).cloned() else {
            self.state.receivables.remove(number);
            return;
        };
        let mut receivable = receivable.as_ref().clone();
        let terms = self.terms_of(&receivable.invoice);
        let waits = waits_for_debit(&self.state, &receivable.invoice, &terms);
        self.settle(number, &mut receivable, &terms, waits);
        if !waits {
            self.rights_of(number, &receivable, &terms);
        }
        self.state.receivables.insert(number.to_owned(), receivable);
    }

    fn settle(
        &mut self,
        number: &str,
        receivable: &mut Receivable,
        terms: &Effective,
        waits: bool,
    ) {
        let outstanding = settle(terms, receivable, &[]).principal_left;
        let paid = last_payment(receivable).filter(|_| outstanding.is_zero());
        let credit = receivable.credits.last().filter(|_| outstanding.is_zero());
        let credited = credit.map(|credit| (credit.on, credit.at));
        let due = receivable.due;
        let overdue_at = Moment::start_of(Period::days(due, 2).last_day());
        let unpaid_at_due = unpaid_before(terms, receivable, overdue_at.day());
        let owed = Because::of(&OVERDUE).fact(&receivable.issued_by).with(Overdue { due });
        if unpaid_at_due.is_positive() && !waits {
            let what = Consequence::ReceivableOverdue(ReceivableOverdue {
                number: number.to_owned(),
                due,
                outstanding: unpaid_at_due,
            });
            self.follow(overdue_at, Stream::Ledger, what, owed);
        }
        let paid_late = paid.as_ref().filter(|_| !waits);
        let interest = paid_late.and_then(|paid| self.interest_of(number, receivable, paid, terms));
        let interest = interest.map(|owed| self.less_what_was_waived(number, owed));
        // What a credit note settled in the end is not paid, and has its own entry.
        let settled = paid.as_ref().map(|paid| (paid.on, paid.at));
        let settled = settled.max(credited);
        if let Some(paid) = paid.filter(|paid| settled == Some((paid.on, paid.at))) {
            let what = Consequence::ReceivablePaid(ReceivablePaid {
                number: number.to_owned(),
                on: paid.on,
            });
            let because = Because::of(&CASH_APPLICATION).fact(&paid.payment).under(terms);
            self.follow(paid.at, Stream::Ledger, what, because);
        }
        receivable.outstanding = outstanding;
        receivable.paid_on = settled.map(|(on, _)| on);
        receivable.settled_at = settled.map(|(_, at)| at);
        receivable.late_interest = interest.as_ref().map_or(Yen::ZERO, |i| i.amount);
        receivable.interest = interest;
    }

    /// 26-1: interest of a debt paid late, once it is paid in full.
    fn interest_of(
        &mut self,
        number: &str,
        receivable: &Receivable,
        paid: &Applied,
        terms: &Effective,
    ) -> Option<InterestOwed> {
        let bears = bears_interest(terms, receivable);
        let settled = settle(terms, receivable, &[]);
        let billed_apart = terms.rules.allocation == Allocation::PrincipalFirst;
        let charged = receivable.taken_over.as_ref().map_or(Yen::ZERO, |t| t.interest_charged);
        let amount = settled.interest - charged;
        if !bears || !billed_apart || !amount.is_positive() {
            return None;
        }
        let days = settled.stretches.iter().map(|s| s.days).sum();
        let mut because = Because::of(&LATE_INTEREST)
            .fact(&receivable.issued_by)
            .facts(receivable.payments.iter().map(|p| &p.payment))
            .with(LateInterest {
                invoice: number.to_owned(),
                principal: principal(receivable, &receivable.credits),
                due: receivable.due,
                paid: paid.on,
                days,
                stretches: settled.stretches.clone(),
                amount,
            })
            .under(terms);
        if !charged.is_zero() {
            because = because.with(ChargedBefore { charged_before: charged });
        }
        let what = Consequence::LateInterestOwed(LateInterestOwed {
            number: number.to_owned(),
            amount,
            days,
            stretches: settled.stretches,
        });
        self.follow(paid.at, Stream::Ledger, what, because.clone());
        Some(InterestOwed { amount, paid_on: paid.on, because })
    }

    /// 26-1, as far as it was not waived.
    fn less_what_was_waived(&mut self, number: &str, mut owed: InterestOwed) -> InterestOwed {
        let waived = self.acts::<WaiveInterest>().filter(|(_, waived)| waived.number == number);
        for (happening, waived) in waived {
            let amount = waived.amount.min(owed.amount);
            owed.amount -= amount;
            owed.because = owed.because.fact(&happening.input).with(Left { left: owed.amount });
            let what =
                Consequence::InterestWaived(InterestWaived { number: number.to_owned(), amount });
            let because = Because::of(&WAIVER).fact(&happening.input);
            self.follow(happening.occurred_at, Stream::Ledger, what, because);
        }
        owed
    }

    /// 15-3 on arrival of a cancellation form; 16-2 on termination, by the day
    /// that the provider set.
    pub(crate) fn payable_now(&mut self, contract: &ContractId) {
        let Some(state) = self.state.contracts.get(contract).cloned() else { return };
        for (happening, arrived) in self.facts_of::<CancellationFormArrived>(contract) {
            let (channel, at) = (arrived.channel, arrived.arrived_at);
            let terms = self.terms(at, &state.agreements, &contract.0);
            let withdrawn = self.agreed_on(contract, &happening.input);
            if !channel.is_among(&terms.rules.cancel_channels)
                || withdrawn.is_some_and(|agreed| agreed.to.is_none())
            {
                continue;
            }
            self.snapshot(&PAYABLE_AT_ARRIVAL, contract, at, at.day(), happening);
        }
        for (happening, terminated) in self.acts_of::<Terminate>(contract) {
            if let Some(notice) = self.termination_notice(contract, happening) {
                let (at, by) = (notice.occurred_at, terminated.payable_by);
                self.snapshot(&FINAL_SETTLEMENT, contract, at, by, happening);
            }
        }
    }

    fn snapshot(
        &mut self,
        rule: &Rule,
        contract: &ContractId,
        at: Moment,
        by: Day,
        happening: &Happening,
    ) {
        let Some(state) = self.state.contracts.get(contract).cloned() else { return };
        let terms = self.terms(at, &state.agreements, &contract.0);
        let unpaid = self.unpaid_of(contract, at, happening);
        if unpaid.is_empty() {
            return;
        }
        let principal = unpaid.iter().map(|debt| debt.outstanding).sum();
        let interest = unpaid.iter().map(|debt| debt.interest).sum();
        let facts = unpaid.iter().map(|debt| &self.state.receivables[&debt.number].issued_by);
        let facts: Vec<_> = facts.cloned().collect();
        let what = Consequence::PayableNow(PayableNow {
            contract: contract.clone(),
            principal,
            interest,
            by,
        });
        let because = Because::of(rule)
            .fact(&happening.input)
            .facts(&facts)
            .with(InterestTo { interest_to: at.day() })
            .under(&terms);
        self.follow(at, contract.into(), what, because);
    }

    /// The terms of the contract that an invoice belongs to.
    pub(crate) fn terms_of(&mut self, invoice: &Invoice) -> Arc<Effective> {
        let at = Moment::start_of(invoice.issued_on);
        let contract = invoice.contracts().first().map(|id| (*id).clone());
        let agreements = contract
            .and_then(|id| self.state.contracts.get(&id))
            .map(|state| state.agreements.clone())
            .unwrap_or_default();
        self.terms(at, &agreements, &invoice.number)
    }
}

/// A receivable as it stands before anything is paid or credited.
pub(crate) struct Opened<'a> {
    pub happening: &'a Happening,
    pub receivable: Receivable,
}

impl<'a> Opened<'a> {
    fn issued(happening: &'a Happening, invoice: &Invoice) -> Opened<'a> {
        let receivable = Receivable {
            total: invoice.total,
            credited: Yen::ZERO,
            outstanding: invoice.total,
            due: invoice.due,
            paid_on: None,
            late_interest: Yen::ZERO,
            taken_over: None,
            invoice: Arc::new(invoice.clone()),
            issued_by: happening.input.clone(),
            payments: Vec::new(),
            credits: Vec::new(),
            settled_at: None,
            interest: None,
        };
        Opened { happening, receivable }
    }
}

/// it is to be taken by direct debit, which nobody has ordered: the customer
/// is not late with what the operator has not done.
pub(crate) fn waits_for_debit(state: &AccountState, invoice: &Invoice, terms: &Effective) -> bool {
    let by_debit = |id: &&ContractId| {
        let contract = state.contracts.get(*id);
        contract.is_some_and(|c| c.form.payment.method == PaymentMethod::Debit)
    };
    let contracts = invoice.contracts();
    !terms.rules.late_without_debit && contracts.iter().all(by_debit)
}

/// Outstanding principal at 0:00 of a day.
pub(crate) fn unpaid_before(terms: &Effective, receivable: &Receivable, day: Day) -> Yen {
    let credits = receivable.credits.iter().filter(|credit| credit.on < day);
    let principal = principal(receivable, credits);
    let payments = receivable.payments.iter().filter(|payment| payment.on < day);
    let payments: Vec<_> = payments.map(paid).collect();
    late_interest::over_payments(terms, principal, receivable.due, &payments).principal_left
}

/// an invoice of interest bears none, unless the terms say so.
pub(crate) fn bears_interest(terms: &Effective, receivable: &Receivable) -> bool {
    receivable.invoice.kind != InvoiceKind::LateInterest || terms.rules.interest_on_interest
}

/// How a debt stands if a payment settles on this day what was left before it.
pub(crate) fn settled_on(
    terms: &Effective,
    receivable: &Receivable,
    day: Day,
) -> late_interest::Settled {
    let credits = receivable.credits.iter().filter(|credit| credit.on < day);
    let principal = principal(receivable, credits);
    let payments = receivable.payments.iter().filter(|payment| payment.on < day).map(paid);
    let rest = late_interest::Payment { on: day, amount: None };
    let payments: Vec<_> = payments.chain([rest]).collect();
    late_interest::over_payments(terms, principal, receivable.due, &payments)
}

/// What a payment on this day would have to be to settle the debt.
pub(crate) fn settling_amount(terms: &Effective, receivable: &Receivable, on: Day) -> Yen {
    let rest = late_interest::Payment { on, amount: None };
    match settle(terms, receivable, &[rest]).last_payment {
        Some(amount) => amount,
        None => settle(terms, receivable, &[]).principal_left,
    }
}

fn settle(
    terms: &Effective,
    receivable: &Receivable,
    more: &[late_interest::Payment],
) -> late_interest::Settled {
    let payments: Vec<_> =
        receivable.payments.iter().map(paid).chain(more.iter().copied()).collect();
    let principal = principal(receivable, &receivable.credits);
    late_interest::over_payments(terms, principal, receivable.due, &payments)
}

fn paid(applied: &Applied) -> late_interest::Payment {
    late_interest::Payment { on: applied.on, amount: Some(applied.amount) }
}

/// The payment of the latest day; settled no sooner than an act that applied some
/// of it from what was held.
fn last_payment(receivable: &Receivable) -> Option<Applied> {
    let last = receivable.payments.last()?.clone();
    let by_acts = receivable.payments.iter().filter(|applied| applied.act.is_some());
    let at = by_acts.map(|applied| applied.at).chain([last.at]).max()?;
    Some(Applied { at, ..last })
}

/// What was owed from the start: what a credit note took off never bore interest.
fn principal<'c>(receivable: &Receivable, credits: impl IntoIterator<Item = &'c Credited>) -> Yen {
    let credited: Yen = credits.into_iter().map(|credit| credit.amount).sum();
    (receivable.total - credited).max(Yen::ZERO)
}
