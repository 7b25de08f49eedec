//! The calendar month, the unit of the fee.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Day;

/// A calendar month such as `2026-04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// Why a text is no month.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a month such as 2026-04")]
pub struct MonthError(String);

impl Month {
    pub fn of(day: Day) -> Month {
        Month { year: day.year(), month: day.month() }
    }

    pub fn first_day(self) -> Day {
        Day::constant(self.year, self.month, 1)
    }

    pub fn last_day(self) -> Day {
        self.first_day().last_of_month()
    }

    /// Number of days, 28 to 31.
    pub fn days(self) -> i64 {
        i64::from(self.last_day().day())
    }

    /// The month `count` months later (earlier when negative); the last month of the
    /// calendar, 9999-12, where there is none.
    ///
    /// ```
    /// use reckon::Month;
    /// let november: Month = "2026-11".parse().unwrap();
    /// assert_eq!(november.plus(3).to_string(), "2027-02");
    /// assert_eq!(november.plus(-11).to_string(), "2025-12");
    /// ```
    pub fn plus(self, count: i64) -> Month {
        let (first, last) = (Month::of(Day::MIN).index(), Month::of(Day::MAX).index());
        let months = self.index().saturating_add(count).clamp(first, last);
        Month { year: months.div_euclid(12) as i16, month: (months.rem_euclid(12) + 1) as i8 }
    }

    /// Whole months from `earlier` to this one; negative when it is later.
    pub fn since(self, earlier: Month) -> i64 {
        self.index() - earlier.index()
    }

    /// Counted from January of the year 0.
    fn index(self) -> i64 {
        i64::from(self.year) * 12 + i64::from(self.month) - 1
    }

    /// Every month from this one up to and including `last`.
    pub fn up_to(self, last: Month) -> impl Iterator<Item = Month> {
        (0..=last.since(self)).map(move |n| self.plus(n))
    }

    pub fn year(self) -> i16 {
        self.year
    }

    pub fn number(self) -> i8 {
        self.month
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Month, MonthError> {
        let first: Day = format!("{text}-01").parse().map_err(|_| MonthError(text.to_owned()))?;
        let month = Month::of(first);
        if month.to_string() != text {
            return Err(MonthError(text.to_owned()));
        }
        Ok(month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;
    fn try_from(text: String) -> Result<Month, MonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}
