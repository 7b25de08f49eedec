//! How far what comes from outside may go: days, months, counts, amounts and texts
//! of pages, API, command line, files and entries, all in this one place.
//!
//! Products of what passes fit into 64 bits: a fee, times units, times months of a
//! minimum term is 10¹⁷ yen at the most. Loops over the days or months up to one
//! that passes come to an end soon.

use std::fmt;

use reckon::{Day, Decimal, Moment, Month, Period, Yen};
use thiserror::Error;

/// The largest amount, in yen: a trillion.
pub const LARGEST_AMOUNT: Yen = Yen(1_000_000_000_000);

/// The largest fee of one unit for one month, in yen.
pub const LARGEST_FEE: Yen = Yen(1_000_000_000);

/// The largest number of units, months, days or lines, and the largest value that
/// an individual agreement can set a parameter to.
pub const LARGEST_COUNT: i64 = 10_000;

/// The years in which anything can have happened or been agreed.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// How far beyond today and the present period of use somebody can wish something,
/// in months: ten years. What would follow is worked out month by month.
pub const WISHED_MONTHS: u32 = 120;

/// The longest text of one field, of one line, and the most elements of one list.
pub const LONGEST_TEXT: usize = 4_000;
pub const LONGEST_LINE: usize = 200;
pub const LONGEST_LIST: usize = 200;

/// What lies outside: what was given, and the range that may be given instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{given}, not between {from} and {to}")]
pub struct Beyond {
    pub given: String,
    pub from: String,
    pub to: String,
}

/// A value within its bounds.
fn within<T: PartialOrd + fmt::Display>(given: T, from: T, to: T) -> Result<T, Beyond> {
    match given >= from && given <= to {
        true => Ok(given),
        false => {
            let [given, from, to] = [given, from, to].map(|value| value.to_string());
            Err(Beyond { given, from, to })
        }
    }
}

/// A day on which something can have happened or been agreed.
///
/// ```
/// use contract::road::bounds;
/// assert!(bounds::day("2026-04-01".parse().unwrap()).is_ok());
/// let beyond = bounds::day("9999-01-01".parse().unwrap()).unwrap_err();
/// assert_eq!(beyond.to_string(), "9999-01-01, not between 2000-01-01 and 2199-12-31");
/// ```
///
/// # Errors
/// When it lies before or after [`YEARS`].
pub fn day(day: Day) -> Result<Day, Beyond> {
    within(day, Day::constant(*YEARS.start(), 1, 1), Day::constant(*YEARS.end(), 12, 31))
}

/// As [`day`], of a month.
///
/// # Errors
/// As [`day`].
pub fn month(month: Month) -> Result<Month, Beyond> {
    let [first, last] = [YEARS.start(), YEARS.end()].map(|year| Day::constant(*year, 1, 1));
    within(month, Month::of(first), Month::of(last).plus(11))
}

/// As [`day`], of a moment.
///
/// # Errors
/// As [`day`].
pub fn moment(moment: Moment) -> Result<Moment, Beyond> {
    day(moment.day()).map(|_| moment)
}

/// The last day that can be wished or asked for, today and in the present period.
pub fn last_wished(today: Day, period_to: Day) -> Day {
    Period::months(today.max(period_to), WISHED_MONTHS).last_day()
}

/// A day that somebody wishes or asks for: from today on, up to [`last_wished`].
///
/// # Errors
/// When it is past, or too far.
pub fn wished(day: Day, today: Day, period_to: Day) -> Result<Day, Beyond> {
    within(day, today, last_wished(today, period_to))
}

/// An amount in yen, of either sign.
///
/// # Errors
/// When it is larger than [`LARGEST_AMOUNT`].
pub fn amount(amount: Yen) -> Result<Yen, Beyond> {
    within(amount, -LARGEST_AMOUNT, LARGEST_AMOUNT)
}

/// What is wrong with a text, if anything: it is too long, it holds a NUL, or it
/// reads as a day, month, moment or number that no field can mean.
pub fn text_problem(text: &str) -> Option<String> {
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        return Some(format!("has {length} characters, at most {LONGEST_TEXT}"));
    }
    if text.contains('\0') {
        return Some("contains the character U+0000".to_owned());
    }
    let beyond = match text.len() {
        7 => text.parse().ok().and_then(|read| month(read).err()),
        10 => text.parse().ok().and_then(|read| day(read).err()),
        _ => text.parse().ok().and_then(|read| moment(read).err()),
    };
    if let Some(beyond) = beyond {
        return Some(format!("is {beyond}"));
    }
    let size = text.strip_prefix('-').unwrap_or(text);
    let number: Option<Decimal> = size.parse().ok().filter(|_| size.len() > 15);
    let most = Decimal::whole(LARGEST_AMOUNT.0).ratio();
    let large = number.is_some_and(|number| number.ratio() > most);
    large.then(|| format!("is {text}, beyond {LARGEST_AMOUNT}"))
}
