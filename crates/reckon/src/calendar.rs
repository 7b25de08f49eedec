//! Business days: which days are open, counting them forward and back.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::Day;
use crate::holidays::is_holiday;
use crate::period::days_after;

/// Which days are closed besides Saturdays, Sundays and national holidays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarKind {
    /// Nothing else.
    #[default]
    #[serde(rename = "JP")]
    National,
    /// Also 29 December to 3 January.
    #[serde(rename = "JP+YE")]
    YearEnd,
    /// Also 31 December to 3 January (銀行法施行令 5).
    #[serde(rename = "BANK")]
    Bank,
}

/// A calendar of business days (営業日): a kind, and the closed days that the
/// operator has published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessCalendar {
    pub kind: CalendarKind,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub closures: BTreeSet<Day>,
    /// Days that are open although they are holidays, weekends or of the turn of the
    /// year: a holiday that a later law moved, or a day on which the operator works.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub openings: BTreeSet<Day>,
}

/// How "N business days before" is counted (A-02).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CountingBack {
    /// At least N business days lie after the day of the act, up to and
    /// including the base day.
    #[default]
    Elapsed,
    /// The N-th business day strictly before the base day.
    Label,
    /// N full business days lie strictly between.
    Clear,
}

/// What becomes of a due date on a closed day (A-43).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Roll {
    #[default]
    Following,
    Preceding,
    None,
}

/// The last day on which an act is in time, and the last open day up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    pub latest_day: Day,
    pub latest_business_day: Day,
}

impl BusinessCalendar {
    pub fn of(kind: CalendarKind) -> BusinessCalendar {
        BusinessCalendar { kind, ..BusinessCalendar::default() }
    }

    pub fn is_open(&self, day: Day) -> bool {
        if self.closures.contains(&day) {
            return false;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let closed = weekend || is_holiday(day) || self.is_closed_at_new_year(day);
        !closed || self.openings.contains(&day)
    }

    fn is_closed_at_new_year(&self, day: Day) -> bool {
        let first_closed = match self.kind {
            CalendarKind::National => return false,
            CalendarKind::YearEnd => 29,
            CalendarKind::Bank => 31,
        };
        match day.month() {
            12 => day.day() >= first_closed,
            1 => day.day() <= 3,
            _ => false,
        }
    }

    /// The `count`-th business day strictly after `day` (`bd_after`); `day`
    /// itself when `count` is zero.
    ///
    /// ```
    /// use reckon::BusinessCalendar;
    /// let calendar = BusinessCalendar::default();
    /// let arrival = "2026-04-02".parse().unwrap();
    /// assert_eq!(calendar.after(arrival, 20).to_string(), "2026-05-01");
    /// ```
    pub fn after(&self, day: Day, count: u32) -> Day {
        let mut at = day;
        for _ in 0..count {
            at = self.next_open(days_after(at, 1));
        }
        at
    }

    /// The number of business days after `from`, up to and including `to`.
    pub fn count_between(&self, from: Day, to: Day) -> u32 {
        let mut count = 0;
        let mut at = from;
        while at < to {
            at = days_after(at, 1);
            count += u32::from(self.is_open(at));
        }
        count
    }

    /// The deadline of an act that must happen `count` business days before
    /// `base` (10-1, 13-1).
    ///
    /// ```
    /// use reckon::{BusinessCalendar, CountingBack};
    /// let limit = BusinessCalendar::default()
    ///     .before("2026-05-11".parse().unwrap(), 5, CountingBack::Elapsed);
    /// assert_eq!(limit.latest_day.to_string(), "2026-04-29");
    /// assert_eq!(limit.latest_business_day.to_string(), "2026-04-28");
    /// ```
    pub fn before(&self, base: Day, count: u32, mode: CountingBack) -> Deadline {
        let latest_day = match mode {
            _ if count == 0 => base,
            CountingBack::Elapsed => days_after(self.nth_open_back(base, count), -1),
            CountingBack::Label => self.nth_open_back(days_after(base, -1), count),
            CountingBack::Clear => days_after(self.nth_open_back(days_after(base, -1), count), -1),
        };
        let latest_business_day = self.last_open(latest_day);
        Deadline { latest_day, latest_business_day }
    }

    /// A due date moved off a closed day (25-1(1), 最判平成11・3・11).
    pub fn roll(&self, day: Day, roll: Roll) -> Day {
        match roll {
            Roll::Following => self.next_open(day),
            Roll::Preceding => self.last_open(day),
            Roll::None => day,
        }
    }

    /// The `count`-th open day going back from `day`, which itself may count.
    fn nth_open_back(&self, day: Day, count: u32) -> Day {
        let mut at = self.last_open(day);
        for _ in 1..count {
            at = self.last_open(days_after(at, -1));
        }
        at
    }

    fn next_open(&self, mut day: Day) -> Day {
        while !self.is_open(day) && day < Day::MAX {
            day = days_after(day, 1);
        }
        day
    }

    fn last_open(&self, mut day: Day) -> Day {
        while !self.is_open(day) && day > Day::MIN {
            day = days_after(day, -1);
        }
        day
    }
}
