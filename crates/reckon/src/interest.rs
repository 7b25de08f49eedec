//! Late interest (延滞利息, Article 26): counted days and the exact product.

use serde::{Deserialize, Serialize};

use crate::period::days_after;
use crate::{Day, Month, Period, Ratio, Yen};

/// How many days a year has when interest is computed (A-45).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearBasis {
    /// 365 always: 14.6 % a year is 0.04 % a day.
    #[default]
    Fixed365,
    /// Days that lie in a leap year over 366, the others over 365.
    Split366,
    /// Whole years at the full rate, the rest as `Split366`.
    WholeYears,
}

/// What the terms and the readings fix about late interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InterestRule {
    /// A year's interest on one yen, 146/1000 for 14.6 %.
    pub rate: Ratio,
    pub year_basis: YearBasis,
    /// False in the text: "up to the day before the payment date" (A-85).
    pub include_payment_day: bool,
}

/// Counted days, the exact product and its rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest {
    pub days: i64,
    pub exact: Ratio,
    pub amount: Yen,
}

impl InterestRule {
    /// Interest on one unpaid principal from the day after `due` to the day
    /// before `paid` (26-1), rounded down once (27-1).
    ///
    /// ```
    /// use reckon::{InterestRule, Ratio, Yen, YearBasis};
    /// let rule = InterestRule {
    ///     rate: Ratio::new(146, 1000),
    ///     year_basis: YearBasis::Fixed365,
    ///     include_payment_day: false,
    /// };
    /// let late = rule.on(Yen(110_000), "2026-01-30".parse().unwrap(), "2026-02-10".parse().unwrap());
    /// assert_eq!((late.days, late.amount), (10, Yen(440)));
    /// ```
    pub fn on(&self, principal: Yen, due: Day, paid: Day) -> Interest {
        let last = if self.include_payment_day { paid } else { days_after(paid, -1) };
        let first = days_after(due, 1);
        let days = days_from(first, last);
        let exact = principal.times(self.rate * self.years(first, last));
        Interest { days, exact, amount: exact.rounded_down() }
    }

    fn years(&self, first: Day, last: Day) -> Ratio {
        match self.year_basis {
            YearBasis::Fixed365 => Ratio::new(i128::from(days_from(first, last)), 365),
            YearBasis::Split366 => split_years(first, last),
            YearBasis::WholeYears => {
                let mut whole = 0;
                let after = |years: u32| Period::months(first, 12 * years).last_day();
                while last < Day::MAX && after(whole + 1) <= last {
                    whole += 1;
                }
                let rest = days_after(after(whole), 1);
                Ratio::new(i128::from(whole), 1) + split_years(rest, last)
            }
        }
    }
}

/// Days from `first` to `last`, both included; none when `last` is earlier.
fn days_from(first: Day, last: Day) -> i64 {
    let span = last.since(first).expect("days within the calendar");
    (i64::from(span.get_days()) + 1).max(0)
}

fn split_years(first: Day, last: Day) -> Ratio {
    let mut years = Ratio::ZERO;
    let mut from = first;
    while from <= last {
        let end_of_year = Month::of(Day::constant(from.year(), 12, 1)).last_day();
        let to = end_of_year.min(last);
        let basis = if from.in_leap_year() { 366 } else { 365 };
        years = years + Ratio::new(i128::from(days_from(from, to)), basis);
        if to == last {
            break;
        }
        from = days_after(end_of_year, 1);
    }
    years
}
