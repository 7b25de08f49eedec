//! Article 16: when the provider may terminate.

use reckon::{Day, Period};
use serde::Serialize;
use terms::Effective;

/// 16-1(2): the three months that must have passed, and the first day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Arrears {
    pub period_from: Day,
    pub period_to: Day,
    pub right_from: Day,
}

/// 16-1(2): counted from the day after the due date by Civil Code 143; `due` is
/// the day already moved off a closed bank day.
pub fn arrears(terms: &Effective, due: Day) -> Arrears {
    let period_from = Period::days(due, 2).last_day();
    let period_to = Period::months(period_from, terms.rules.arrears_months).last_day();
    Arrears { period_from, period_to, right_from: Period::days(period_to, 2).last_day() }
}

/// 16-1(7): the last day to cure a breach after a demand, and the day from which
/// termination is open if it was not cured. The day of the demand is not counted.
pub fn cure(demand_effective: Day, cure_days: u32) -> (Day, Day) {
    let cure_by = Period::days(demand_effective, cure_days + 1).last_day();
    (cure_by, Period::days(cure_by, 2).last_day())
}
