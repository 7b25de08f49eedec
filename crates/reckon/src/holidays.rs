//! National holidays (国民の祝日に関する法律): the official table up to its last
//! year, and a computation for later years that is marked provisional.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use jiff::civil::Weekday;

use crate::Day;
use crate::period::days_after;

/// The last year for which the Cabinet Office has published the holidays. The
/// table is renewed each February; deadlines beyond it may still move.
pub const LAST_OFFICIAL_YEAR: i16 = 2027;

/// True when the holidays around this day are computed, not yet published.
pub fn is_provisional(day: Day) -> bool {
    day.year() > LAST_OFFICIAL_YEAR
}

static OFFICIAL: LazyLock<HashMap<Day, &'static str>> = LazyLock::new(|| {
    include_str!("../data/holidays.csv")
        .lines()
        .map(|line| {
            let (day, name) = line.split_once(',').expect("a day and a name on each line");
            (day.parse().expect("an ISO day"), name)
        })
        .collect()
});

/// The name of the holiday on this day, if it is one (weekends are not).
///
/// ```
/// use reckon::holiday_name;
/// assert_eq!(holiday_name("2026-05-06".parse().unwrap()), Some("休日"));
/// assert_eq!(holiday_name("2026-05-07".parse().unwrap()), None);
/// ```
pub fn holiday_name(day: Day) -> Option<&'static str> {
    if is_provisional(day) {
        return computed(day);
    }
    OFFICIAL.get(&day).copied()
}

/// Whether this day is a holiday: as [`holiday_name`], found out once a year of the
/// calendar. Deadlines are counted over many days.
pub(crate) fn is_holiday(day: Day) -> bool {
    let year = usize::try_from(day.year()).ok().and_then(|year| YEARS.get(year));
    match year {
        Some(year) => year.get_or_init(|| holidays_of(day.year())).contains(day),
        None => holiday_name(day).is_some(),
    }
}

static YEARS: [OnceLock<Year>; 2200] = [const { OnceLock::new() }; 2200];

/// A bit for each day of a year.
struct Year([u64; 6]);

impl Year {
    fn contains(&self, day: Day) -> bool {
        let at = day.day_of_year().unsigned_abs() as usize;
        self.0[at / 64] & (1 << (at % 64)) != 0
    }
}

fn holidays_of(year: i16) -> Year {
    let mut bits = [0; 6];
    let first = Day::constant(year, 1, 1);
    for day in first.series(jiff::ToSpan::day(1)).take_while(|day| day.year() == year) {
        if holiday_name(day).is_some() {
            let at = day.day_of_year().unsigned_abs() as usize;
            bits[at / 64] |= 1 << (at % 64);
        }
    }
    Year(bits)
}

/// The rules of the law as in force since 2022: named days, a substitute for a
/// Sunday (3-2), a day between two holidays (3-3).
pub(crate) fn computed(day: Day) -> Option<&'static str> {
    if let Some(name) = named(day) {
        return Some(name);
    }
    let between = named(days_after(day, -1)).is_some() && named(days_after(day, 1)).is_some();
    if is_substitute(day) || (between && day.weekday() != Weekday::Sunday) {
        return Some("休日");
    }
    None
}

/// True when an unbroken run of named days before this one holds a Sunday.
fn is_substitute(day: Day) -> bool {
    let mut before = days_after(day, -1);
    while named(before).is_some() && before > Day::MIN {
        if before.weekday() == Weekday::Sunday {
            return true;
        }
        before = days_after(before, -1);
    }
    false
}

fn named(day: Day) -> Option<&'static str> {
    let (month, number) = (day.month(), day.day());
    let name = match (month, number) {
        (1, 1) => "元日",
        (2, 11) => "建国記念の日",
        (2, 23) => "天皇誕生日",
        (3, _) if number == spring_equinox(day.year()) => "春分の日",
        (4, 29) => "昭和の日",
        (5, 3) => "憲法記念日",
        (5, 4) => "みどりの日",
        (5, 5) => "こどもの日",
        (8, 11) => "山の日",
        (9, _) if number == autumn_equinox(day.year()) => "秋分の日",
        (11, 3) => "文化の日",
        (11, 23) => "勤労感謝の日",
        _ => return nth_monday(day),
    };
    Some(name)
}

fn nth_monday(day: Day) -> Option<&'static str> {
    if day.weekday() != Weekday::Monday {
        return None;
    }
    match (day.month(), (day.day() + 6) / 7) {
        (1, 2) => Some("成人の日"),
        (7, 3) => Some("海の日"),
        (9, 3) => Some("敬老の日"),
        (10, 2) => Some("スポーツの日"),
        _ => None,
    }
}

/// Predicted equinox, good for 1980 to 2099; the gazette of the February before
/// is what counts. Integer form of 20.8431 + 0.242194 × (year − 1980) − leap days.
fn spring_equinox(year: i16) -> i8 {
    equinox(20_843_100, year)
}

fn autumn_equinox(year: i16) -> i8 {
    equinox(23_248_800, year)
}

fn equinox(base_millionths: i64, year: i16) -> i8 {
    let years = i64::from(year) - 1980;
    ((base_millionths + 242_194 * years) / 1_000_000 - years / 4) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn days(first: &str, last: &str) -> impl Iterator<Item = Day> {
        let last = day(last);
        day(first).series(jiff::Span::new().days(1)).take_while(move |day| *day <= last)
    }

    #[test]
    fn the_rules_give_the_official_days_since_the_law_of_today() {
        for day in days("2022-01-01", "2027-12-31") {
            assert_eq!(computed(day), OFFICIAL.get(&day).copied(), "{day}");
        }
    }

    /// Days that the law has moved since: the Emperor's birthday, and the
    /// mountain day of 2016.
    fn was_otherwise(day: Day) -> bool {
        match (day.month(), day.day()) {
            (2, 23 | 24) | (12, 23 | 24) => true,
            (8, 11 | 12) => day.year() < 2016,
            _ => false,
        }
    }

    #[test]
    fn the_rules_give_the_official_days_of_2007_to_2018_but_for_what_the_law_moved() {
        for day in days("2007-01-01", "2018-12-31").filter(|day| !was_otherwise(*day)) {
            let official = OFFICIAL.get(&day).copied();
            let name =
                official.map(|name| if name == "体育の日" { "スポーツの日" } else { name });
            assert_eq!(computed(day), name, "{day}");
        }
    }

    #[test]
    fn the_equinoxes_are_predicted_as_they_came_in_every_year_from_1980() {
        for year in 1980..=LAST_OFFICIAL_YEAR {
            for (month, number, name) in
                [(3, spring_equinox(year), "春分の日"), (9, autumn_equinox(year), "秋分の日")]
            {
                let day = Day::new(year, month, number).expect("a day");
                assert_eq!(OFFICIAL.get(&day).copied(), Some(name), "{day}");
            }
        }
    }

    #[test]
    fn the_holidays_of_2028_are_computed_and_provisional() {
        let expected = [
            "01-01", "01-10", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05",
            "07-17", "08-11", "09-18", "09-22", "10-09", "11-03", "11-23",
        ];
        let found: Vec<String> = days("2028-01-01", "2028-12-31")
            .filter(|day| holiday_name(*day).is_some())
            .map(|day| day.to_string()[5..].to_owned())
            .collect();
        assert_eq!(found, expected);
        assert!(
            days("1998-01-01", "2100-12-31")
                .all(|day| is_holiday(day) == holiday_name(day).is_some())
        );
        assert!(is_provisional(day("2028-01-01")) && !is_provisional(day("2027-12-31")));
    }
}
