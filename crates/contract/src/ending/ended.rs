//! Articles 19, 38-1(2) and 41-8: what follows when a contract has ended.

use reckon::{Day, Period};
use terms::Effective;

/// 41-8: the last day of the secrecy duty, counted from the day after the end.
pub fn secrecy_until(terms: &Effective, ended_on: Day) -> Day {
    let first = Period::days(ended_on, 2).last_day();
    Period::months(first, 12 * terms.rules.secrecy_years).last_day()
}
