//! Articles 24 to 26: receivables, cash application, late interest.

use std::sync::Arc;

use reckon::Period;
use terms::{Allocation, Effective};

use crate::application::form::PaymentMethod;
use crate::declare::act::{Act, Terminate, WaiveFee, WaiveInterest};
use crate::declare::consequence::{
    Consequence, InterestWaived, LateInterestOwed, PayableNow, ReceivableOverdue, ReceivablePaid,
};
use crate::declare::fact::{CancellationFormArrived, Fact};
use crate::declare::prelude::*;
use crate::ending::ended::{FINAL_SETTLEMENT, InterestTo, PAYABLE_AT_ARRIVAL};
use crate::money::fees::ChargedBefore;
use crate::money::invoice::{Invoice, InvoiceKind, OVERDUE, Overdue};
use crate::money::late_interest::{self, LATE_INTEREST, LateInterest};
use crate::money::payment::CASH_APPLICATION;
use crate::money::waiver::{Left, WAIVER};
use crate::road::case::Happening;
use crate::road::unfold::{
    AccountState, Applied, Credited, InterestOwed, Receivable, Unfolding, Waiver,
};

impl<'a> Unfolding<'a> {
    pub(crate) fn ledger(&mut self) {
        self.usage();
        for (happening, invoice) in self.facts(|fact| match fact {
            Fact::InvoiceIssued(invoice) => Some(invoice.as_ref()),
            _ => None,
        }) {
            self.open_receivable(happening, invoice);
        }
        self.taken_over_receivables();
        self.waivers();
        self.cash();
        let waived = self.interest_waived();
        let numbers: Vec<_> = self.state.receivables.keys().cloned().collect();
        for number in numbers {
            self.settle(&number, &waived);
        }
        self.payable_now();
    }

    fn usage(&mut self) {
        for (happening, imported) in self.facts(|fact| match fact {
            Fact::UsageImported(imported) => Some(imported),
            _ => None,
        }) {
            for total in &imported.totals {
                let row = (happening.input.clone(), happening.occurred_at, total.clone());
                self.state.usage.push(row);
            }
        }
    }

    fn open_receivable(&mut self, happening: &Happening, invoice: &Invoice) {
        let receivable = Receivable {
            total: invoice.total,
            credited: Yen::ZERO,
            outstanding: invoice.total,
            due: invoice.due,
            paid_on: None,
            late_interest: Yen::ZERO,
            taken_over: None,
            invoice: invoice.clone(),
            issued_by: happening.input.clone(),
            payments: Vec::new(),
            credits: Vec::new(),
            settled_at: None,
            interest: None,
        };
        self.state.receivables.entry(invoice.number.clone()).or_insert(receivable);
    }

    /// Fees that are not asked for; the charges look at them.
    fn waivers(&mut self) {
        for (happening, waiver) in self.acts(|act| match act {
            Act::WaiveFee(WaiveFee { kind, contract, line, month, amount }) => {
                Some((*kind, contract.clone(), *line, *month, *amount))
            }
            _ => None,
        }) {
            let (kind, contract, line, month, amount) = waiver;
            let fact = happening.input.clone();
            self.state.waivers.push(Waiver { fact, kind, contract, line, month, amount });
        }
    }

    /// Outstanding principal, the day it was paid, the interest that is owed.
    fn settle(&mut self, number: &str, waived: &[(&'a Happening, (&'a str, Yen))]) {
        let terms = self.terms_of(number);
        let receivable = &self.state.receivables[number];
        let outstanding = settle(&terms, receivable, &[]).principal_left;
        let paid = last_payment(receivable).filter(|_| outstanding.is_zero());
        let credit = receivable.credits.last().filter(|_| outstanding.is_zero());
        let credited = credit.map(|credit| (credit.on, credit.at));
        let due = receivable.due;
        let overdue_at = Moment::start_of(Period::days(due, 2).last_day());
        let unpaid_at_due = unpaid_before(&terms, receivable, overdue_at.day());
        let waits = self.waits_for_debit(number, &terms);
        let owed = Because::of(&OVERDUE).fact(&receivable.issued_by).with(Overdue { due });
        if unpaid_at_due.is_positive() && !waits {
            let what = Consequence::ReceivableOverdue(ReceivableOverdue {
                number: number.to_owned(),
                due,
                outstanding: unpaid_at_due,
            });
            self.follow(overdue_at, Stream::Ledger, what, owed);
        }
        let interest = paid.as_ref().and_then(|paid| self.interest_of(number, paid, &terms));
        let interest = interest.map(|owed| self.less_what_was_waived(number, owed, waived));
        // What a credit note settled in the end is not paid, and has its own entry.
        let settled = paid.as_ref().map(|paid| (paid.on, paid.at));
        let settled = settled.max(credited);
        if let Some(paid) = paid.filter(|paid| settled == Some((paid.on, paid.at))) {
            let what = Consequence::ReceivablePaid(ReceivablePaid {
                number: number.to_owned(),
                on: paid.on,
            });
            let because = Because::of(&CASH_APPLICATION).fact(&paid.payment).under(&terms);
            self.follow(paid.at, Stream::Ledger, what, because);
        }
        let receivable = self.state.receivables.get_mut(number).expect("an issued invoice");
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
        paid: &Applied,
        terms: &Effective,
    ) -> Option<InterestOwed> {
        if self.waits_for_debit(number, terms) {
            return None;
        }
        let receivable = &self.state.receivables[number];
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

    /// What a person waived with approval, of each invoice.
    pub(crate) fn interest_waived(&self) -> Vec<(&'a Happening, (&'a str, Yen))> {
        self.acts(|act| match act {
            Act::WaiveInterest(WaiveInterest { number, amount }) => {
                Some((number.as_str(), *amount))
            }
            _ => None,
        })
    }

    /// 26-1, as far as it was not waived.
    fn less_what_was_waived(
        &mut self,
        number: &str,
        mut owed: InterestOwed,
        waived: &[(&'a Happening, (&'a str, Yen))],
    ) -> InterestOwed {
        for (happening, (_, amount)) in waived.iter().filter(|(_, (of, _))| *of == number) {
            let amount = (*amount).min(owed.amount);
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
    fn payable_now(&mut self) {
        let arrivals = self.facts(|fact| match fact {
            Fact::CancellationFormArrived(CancellationFormArrived {
                contract,
                channel,
                arrived_at,
                ..
            }) => Some((contract.clone(), *channel, *arrived_at)),
            _ => None,
        });
        for (happening, (contract, channel, at)) in arrivals {
            let Some(state) = self.state.contracts.get(&contract) else { continue };
            let terms = self.terms(at, &state.agreements.clone(), &contract.0);
            let withdrawn = self.agreed_on(&contract, &happening.input);
            if !channel.is_among(&terms.rules.cancel_channels)
                || withdrawn.is_some_and(|agreed| agreed.to.is_none())
            {
                continue;
            }
            self.snapshot(&PAYABLE_AT_ARRIVAL, contract, at, at.day(), happening);
        }
        let terminations = self.acts(|act| match act {
            Act::Terminate(Terminate { contract, payable_by, .. }) => {
                Some((contract.clone(), *payable_by))
            }
            _ => None,
        });
        for (happening, (contract, by)) in terminations {
            if let Some(notice) = self.termination_notice(&contract, happening) {
                let at = notice.occurred_at;
                self.snapshot(&FINAL_SETTLEMENT, contract, at, by, happening);
            }
        }
    }

    fn snapshot(
        &mut self,
        rule: &Rule,
        contract: ContractId,
        at: Moment,
        by: Day,
        happening: &Happening,
    ) {
        let Some(state) = self.state.contracts.get(&contract) else { return };
        let terms = self.terms(at, &state.agreements.clone(), &contract.0);
        let unpaid = self.unpaid_of(&contract, at, happening);
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
        self.follow(at, Stream::Contract(contract), what, because);
    }

    pub(crate) fn waits_for_debit(&self, number: &str, terms: &Effective) -> bool {
        waits_for_debit(&self.state, number, terms)
    }

    /// The terms of the contract that an invoice belongs to.
    pub(crate) fn terms_of(&mut self, number: &str) -> Arc<Effective> {
        let invoice = &self.state.receivables[number].invoice;
        let at = Moment::start_of(invoice.issued_on);
        let contract = invoice.contracts().first().map(|id| (*id).clone());
        let agreements = contract
            .and_then(|id| self.state.contracts.get(&id))
            .map(|state| state.agreements.clone())
            .unwrap_or_default();
        self.terms(at, &agreements, number)
    }
}

/// it is to be taken by direct debit, which nobody has ordered: the customer
/// is not late with what the operator has not done.
pub(crate) fn waits_for_debit(state: &AccountState, number: &str, terms: &Effective) -> bool {
    let by_debit = |id: &&ContractId| {
        let contract = state.contracts.get(*id);
        contract.is_some_and(|c| c.form.payment.method == PaymentMethod::Debit)
    };
    let contracts = state.receivables[number].invoice.contracts();
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
