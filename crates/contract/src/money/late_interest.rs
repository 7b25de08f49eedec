//! Article 26: late interest (延滞利息), also over part payments.

use reckon::{Interest, Period, Ratio};
use terms::{Allocation, Effective};

use crate::declare::prelude::*;
use crate::declare::reason::plain;

pub(crate) const LATE_INTEREST: Rule = Rule::new("late_interest", 1, "延滞利息", "late interest")
    .clauses(&["26-1", "27-1"])
    .readings(&["A-45", "A-46", "A-47", "A-85"])
    .parameters(&[
        "interest.rate",
        "interest.year_basis",
        "interest.include_payment_day",
        "interest.base",
        "payment.allocation",
    ])
    .told_by::<LateInterest>();

/// What late interest was reckoned from.
#[derive(Serialize, Deserialize)]
pub struct LateInterest {
    pub invoice: String,
    pub principal: Yen,
    pub due: Day,
    pub paid: Day,
    pub days: i64,
    pub stretches: Vec<Stretch>,
    pub amount: Yen,
}

impl Told for LateInterest {
    const OF_AMOUNTS: bool = true;

    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let amount = self.amount;
        let rate = plain(because.parameters.get("interest.rate")?);
        let basis: String = because.parameter("interest.year_basis")?;
        let counts_payment_day = because.parameter("interest.include_payment_day").unwrap_or(false);
        let (first, later) = self.stretches.split_first()?;
        let over = if basis == "fixed365" { " ÷ 365" } else { "" };
        let term = |stretch: &Stretch| {
            let (principal, counted) = (stretch.principal, days(stretch.days, l));
            format!("{principal} × {rate} % × {counted}{over}")
        };
        let terms = self.stretches.iter().map(term).collect::<Vec<_>>().join(" + ");
        let mut lines = vec![say!(
            l,
            "1円未満切捨て（{terms}）= {amount}",
            "rounded down ({terms}) = {amount}"
        )];
        lines.extend(year_basis(&basis, l));
        lines.push(first.span(counts_payment_day, l));
        lines.extend(later.iter().map(|stretch| stretch.later_span(counts_payment_day, l)));
        Some(lines)
    }
}

/// In words, where the year does not always have 365 days.
fn year_basis(basis: &str, l: Reader) -> Option<String> {
    let words = match basis {
        "fixed365" => return None,
        "split366" => l.pick(
            "うるう年に属する日は366、その他の日は365で割る",
            "days in a leap year over 366, the others over 365",
        ),
        "whole_years" => l.pick(
            "満1年は年率のまま、残りの日はうるう年に属せば366、その他は365で割る",
            "whole years at the yearly rate; of the rest, days in a leap year over 366, the others over 365",
        ),
        other => other,
    };
    Some(words.to_owned())
}

impl Stretch {
    fn span(&self, counts_payment_day: bool, l: Reader) -> String {
        let (from, to) = self.counted_days(counts_payment_day);
        let counted = days(self.days, l);
        let end = match counts_payment_day {
            true => l.pick("支払日", "the day of payment"),
            false => l.pick("支払日の前日", "the day before payment"),
        };
        say!(
            l,
            "期日の翌日 … {end}：{from} … {to} = {counted}",
            "the day after the due date … {end}: {from} … {to} = {counted}"
        )
    }

    /// After a part payment, on the principal that was left.
    fn later_span(&self, counts_payment_day: bool, l: Reader) -> String {
        let (from, to) = self.counted_days(counts_payment_day);
        let (counted, principal) = (days(self.days, l), self.principal);
        say!(
            l,
            "一部入金の後、残り{principal}円：{from} … {to} = {counted}",
            "after a part payment, on {principal} yen: {from} … {to} = {counted}"
        )
    }

    /// First and last counted day.
    fn counted_days(&self, counts_payment_day: bool) -> (Day, Day) {
        let first = Period::days(self.after, 2).last_day();
        let last = match counts_payment_day {
            true => self.paid,
            false => self.paid.yesterday().unwrap_or(self.paid),
        };
        (first, last)
    }
}

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
