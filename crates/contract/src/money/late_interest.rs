//! Article 26: late interest (延滞利息), also over part payments.

use reckon::{Interest, Ratio};
use terms::{Allocation, Effective};

use crate::declare::prelude::*;

/// 26-1 on one principal paid in one sum.
pub fn on(terms: &Effective, principal: Yen, due: Day, paid: Day) -> Interest {
    terms.rules.interest().on(principal, due, paid)
}

/// A payment towards one debt; without an amount it settles what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    pub on: Day,
    pub amount: Option<Yen>,
}

/// One stretch of days with an unchanged principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Stretch {
    pub principal: Yen,
    /// The day before the first counted day: the due date, or the day before
    /// the last payment (whose day belongs to this stretch, R-2.16).
    pub after: Day,
    pub paid: Day,
    pub days: i64,
}

/// What part payments made of a debt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub interest: Yen,
    pub principal_left: Yen,
    /// What the last payment came to, interest included (`civil489` only).
    pub last_payment: Option<Yen>,
    pub stretches: Vec<Stretch>,
}

/// 26-1 over several payments in the order of their days. With
/// `principal_first` a payment lowers the principal, and the interest of all
/// stretches is one result; with `civil489` each payment settles the interest
/// that has run, rounded down at that moment, before the principal.
pub fn over_payments(terms: &Effective, principal: Yen, due: Day, payments: &[Payment]) -> Settled {
    let rule = terms.rules.interest();
    let by_interest_first = terms.rules.allocation == Allocation::Civil489;
    let mut left = principal;
    let mut after = due;
    let mut exact = Ratio::ZERO;
    let mut settled_interest = Yen::ZERO;
    let mut unpaid_interest = Yen::ZERO;
    let mut last_payment = None;
    let mut stretches = Vec::new();
    for payment in payments {
        let ran = rule.on(left, after, payment.on);
        if ran.days > 0 && left.is_positive() {
            stretches.push(Stretch { principal: left, after, paid: payment.on, days: ran.days });
        }
        exact = exact + ran.exact;
        after = next_stretch_after(terms, due, payment.on);
        if by_interest_first {
            unpaid_interest += ran.amount;
            let amount = payment.amount.unwrap_or(left + unpaid_interest);
            let to_interest = amount.min(unpaid_interest);
            settled_interest += to_interest;
            unpaid_interest -= to_interest;
            left = (left - (amount - to_interest)).max(Yen::ZERO);
            last_payment = Some(amount);
        } else {
            let amount = payment.amount.unwrap_or(left);
            left = (left - amount).max(Yen::ZERO);
        }
    }
    let interest = match by_interest_first {
        true => settled_interest + unpaid_interest,
        false => exact.rounded_down(),
    };
    Settled { interest, principal_left: left, last_payment, stretches }
}

/// The day of a payment belongs to the next stretch, since the earlier one ended
/// the day before it; unless the payment day is counted too.
fn next_stretch_after(terms: &Effective, due: Day, paid: Day) -> Day {
    let last_counted = match terms.rules.include_payment_day {
        true => paid,
        false => paid.yesterday().expect("a day within the calendar"),
    };
    last_counted.max(due)
}

/// 26-1: interest of a debt that has been paid late.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct LateInterestOwed {
    pub number: String,
    pub amount: Yen,
    pub days: i64,
    pub stretches: Vec<Stretch>,
}

impl Following for LateInterestOwed {
    fn line(&self, l: Reader) -> String {
        let LateInterestOwed { number, amount, days: count, .. } = self;
        let (amount, count) = (yen(*amount, l), days(*count, l));
        say!(
            l,
            "請求書{number}の遅れた支払に延滞利息{amount}（{count}分）",
            "late interest of {amount} on invoice {number} ({count})"
        )
    }
}
