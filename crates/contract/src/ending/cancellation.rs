//! Article 15: cancellation by the customer.

use reckon::{CountingBack, Day, Month, Yen};
use serde::Serialize;
use terms::Effective;

use crate::money::late_interest;

/// 15-1, 15-1b: the day at whose end the contract is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cancellation {
    pub effective: Day,
    /// True when the terms put another day in place of the desired one.
    pub deemed: bool,
}

/// The desired day when it leaves the business days that 15-1 asks for, counted
/// from the arrival of the form; otherwise the day those business days later.
pub fn effective(terms: &Effective, arrival: Day, desired: Option<Day>) -> Cancellation {
    match desired.filter(|day| leaves_enough_time(terms, arrival, *day)) {
        Some(day) => Cancellation { effective: day, deemed: false },
        None => Cancellation { effective: earliest(terms, arrival), deemed: true },
    }
}

/// 15-1b: the day that is deemed desired, counted from arrival.
pub fn earliest(terms: &Effective, arrival: Day) -> Day {
    let days = terms.rules.cancel_deemed_bd;
    let counted_already = u32::from(counts_as_day_one(terms, arrival)).min(days);
    terms.calendar.after(arrival, days - counted_already)
}

fn leaves_enough_time(terms: &Effective, arrival: Day, desired: Day) -> bool {
    let needed = terms.rules.cancel_notice_bd;
    match terms.rules.cancel_threshold {
        CountingBack::Elapsed => {
            let counted = terms.calendar.count_between(arrival, desired)
                + u32::from(counts_as_day_one(terms, arrival) && arrival <= desired);
            arrival <= desired && counted >= needed
        }
        mode => arrival <= terms.calendar.before(desired, needed, mode).latest_day,
    }
}

fn counts_as_day_one(terms: &Effective, arrival: Day) -> bool {
    terms.rules.count_arrival_day && terms.calendar.is_open(arrival)
}

/// True in the zone of A-02 where the everyday way of counting would have kept
/// the desired day: a person looks at it before the notice leaves.
pub fn in_label_zone(terms: &Effective, arrival: Day, desired: Option<Day>) -> bool {
    let Some(day) = desired else { return false };
    let label = terms.calendar.before(day, terms.rules.cancel_notice_bd, CountingBack::Label);
    let everyday = arrival <= label.latest_day;
    everyday != leaves_enough_time(terms, arrival, day)
}

/// 15-2: the month whose fee is owed in full, even when the day is in the middle
/// of it.
pub fn final_month(end: Day) -> Month {
    Month::of(end)
}

/// A debt as it stood at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpaid {
    pub outstanding: Yen,
    pub due: Day,
}

/// 15-3: what is payable at once on arrival of the form, with late interest as
/// if paid on `paid`, each debt for itself.
pub fn payable_at_arrival(terms: &Effective, debts: &[Unpaid], paid: Day) -> (Yen, Yen) {
    let principal = debts.iter().map(|debt| debt.outstanding).sum();
    let interest = debts
        .iter()
        .map(|debt| late_interest::on(terms, debt.outstanding, debt.due, paid).amount)
        .sum();
    (principal, interest)
}
