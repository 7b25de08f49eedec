//! Periods of the Civil Code: where a month ends is law, not arithmetic.

use crate::{Day, Month};

/// A period counted from its first day (起算日), which is included. Whoever
/// excludes the day of the event (Civil Code 140) passes the day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first_day: Day,
    pub length: Length,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Days(u32),
    Months(u32),
}

impl Period {
    pub fn months(first_day: Day, months: u32) -> Period {
        Period { first_day, length: Length::Months(months) }
    }

    pub fn days(first_day: Day, days: u32) -> Period {
        Period { first_day, length: Length::Days(days) }
    }

    /// The day at whose end the period ends (Civil Code 141, 143).
    ///
    /// Months follow the calendar: from the first of a month they end at a
    /// month's end; otherwise on the day before the corresponding day; and where
    /// that day is missing, at the end of that month.
    ///
    /// ```
    /// use reckon::Period;
    /// let last = |first: &str, months| {
    ///     Period::months(first.parse().unwrap(), months).last_day().to_string()
    /// };
    /// assert_eq!(last("2026-02-01", 1), "2026-02-28");
    /// assert_eq!(last("2026-01-30", 1), "2026-02-28"); // no 30 February
    /// assert_eq!(last("2026-03-16", 1), "2026-04-15");
    /// assert_eq!(last("2027-03-01", 3), "2027-05-31");
    /// ```
    ///
    /// A period of no length ends the day before it begins. None ends after the
    /// last day of the calendar, 31 December 9999.
    pub fn last_day(self) -> Day {
        match self.length {
            Length::Days(days) => days_after(self.first_day, i64::from(days) - 1),
            Length::Months(months) => self.last_day_of_months(i64::from(months)),
        }
    }

    fn last_day_of_months(self, months: i64) -> Day {
        let first = self.first_day;
        let target = Month::of(first).plus(months);
        if target.since(Month::of(first)) < months {
            return Day::MAX;
        }
        if i64::from(first.day()) > target.days() {
            return target.last_day();
        }
        let corresponding = days_after(target.first_day(), i64::from(first.day()) - 1);
        days_after(corresponding, -1)
    }
}

/// The day `count` calendar days before `day`.
///
/// ```
/// let day = reckon::days_before("2026-03-01".parse().unwrap(), 1);
/// assert_eq!(day.to_string(), "2026-02-28");
/// ```
pub fn days_before(day: Day, count: u32) -> Day {
    days_after(day, -i64::from(count))
}

/// The day `count` calendar days after `day` (before it when negative). Where the
/// calendar ends, on 31 December 9999, it stays: whoever counts towards a day that
/// somebody typed comes to an end, and never fails.
pub(crate) fn days_after(day: Day, count: i64) -> Day {
    match count {
        1 => day.tomorrow().unwrap_or(Day::MAX),
        -1 => day.yesterday().unwrap_or(Day::MIN),
        _ => day.saturating_add(jiff::SignedDuration::from_secs(count.saturating_mul(86_400))),
    }
}
