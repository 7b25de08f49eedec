//! Holidays and business days, for every day that the official table covers.

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use proptest::prelude::*;
use reckon::{BusinessCalendar, CalendarKind, CountingBack, Day, Roll, holiday_name};

const KINDS: [CalendarKind; 3] =
    [CalendarKind::National, CalendarKind::YearEnd, CalendarKind::Bank];

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn plus(day: Day, days: i64) -> Day {
    day.checked_add(jiff::Span::new().days(days)).expect("a day")
}

fn every_day() -> impl Iterator<Item = Day> {
    let last = day("2027-12-31");
    day("1955-01-01").series(jiff::Span::new().days(1)).take_while(move |day| *day <= last)
}

fn table() -> BTreeMap<Day, &'static str> {
    include_str!("../data/holidays.csv")
        .lines()
        .map(|line| line.split_once(',').expect("a day and a name"))
        .map(|(date, name)| (day(date), name))
        .collect()
}

#[test]
fn every_day_has_the_name_that_the_official_table_gives_it() {
    let table = table();
    assert_eq!(table.len(), 1067);
    for day in every_day() {
        assert_eq!(holiday_name(day), table.get(&day).copied(), "{day}");
    }
}

#[test]
fn each_calendar_is_open_on_the_days_it_should_be() {
    let table = table();
    for day in every_day() {
        let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let plain = weekday && !table.contains_key(&day);
        let date = (day.month(), day.day());
        let new_year = matches!(date, (1, 1..=3));
        let bank = plain && !new_year && date != (12, 31);
        let year_end = plain && !new_year && !matches!(date, (12, 29..=31));
        for (kind, open) in KINDS.into_iter().zip([plain, year_end, bank]) {
            assert_eq!(BusinessCalendar::of(kind).is_open(day), open, "{day} {kind:?}");
        }
    }
}

#[test]
fn substitutes_and_days_between_are_known_where_others_get_them_wrong() {
    let closed = [
        "1973-04-30",
        "1988-05-04",
        "2008-05-06",
        "2009-09-22",
        "2015-09-22",
        "2019-04-30",
        "2019-05-02",
        "2021-08-09",
        "2026-05-06",
        "2026-09-22",
        "2027-03-22",
    ];
    let open = ["1973-02-12", "1985-05-04", "2020-08-11", "2021-10-11", "2024-11-25"];
    assert!(
        closed.iter().all(|date| holiday_name(day(date)) == Some("休日") || *date == "2021-08-09")
    );
    assert!(open.iter().all(|date| holiday_name(day(date)).is_none()));
    let run = (0..10).map(|n| plus(day("2019-04-27"), n));
    assert!(run.into_iter().all(|day| !BusinessCalendar::default().is_open(day)));
}

#[test]
fn twenty_business_days_after_an_arrival_are_those_of_each_calendar() {
    let expected = [
        ("2026-04-20", ["2026-05-22", "2026-05-22", "2026-05-22"]),
        ("2026-08-31", ["2026-10-01", "2026-10-01", "2026-10-01"]),
        ("2026-12-01", ["2026-12-29", "2027-01-04", "2026-12-29"]),
        ("2026-12-10", ["2027-01-08", "2027-01-14", "2027-01-12"]),
        ("2027-04-01", ["2027-04-30", "2027-04-30", "2027-04-30"]),
    ];
    for (arrival, dates) in expected {
        for (kind, date) in KINDS.into_iter().zip(dates) {
            let calendar = BusinessCalendar::of(kind);
            assert_eq!(calendar.after(day(arrival), 20), day(date), "{arrival} {kind:?}");
        }
    }
}

#[test]
fn counting_back_from_a_closed_day_differs_between_the_readings() {
    let calendar = BusinessCalendar::of(CalendarKind::Bank);
    let expected = [
        ("2026-10-31", "2026-10-02", "2026-10-01"),
        ("2026-12-31", "2026-12-03", "2026-12-02"),
        ("2027-01-31", "2026-12-30", "2026-12-29"),
        ("2026-05-31", "2026-04-28", "2026-04-27"),
        ("2026-09-30", "2026-08-28", "2026-08-28"),
        ("2027-04-30", "2027-04-01", "2027-04-01"),
    ];
    for (base, label, elapsed) in expected {
        let by = |mode| calendar.before(day(base), 20, mode).latest_business_day;
        assert_eq!(
            (by(CountingBack::Label), by(CountingBack::Elapsed)),
            (day(label), day(elapsed)),
            "{base}"
        );
    }
}

#[test]
fn a_due_date_on_a_closed_bank_day_moves_as_it_is_told() {
    let calendar = BusinessCalendar::of(CalendarKind::Bank);
    let expected = [
        ("2026-10-31", "2026-11-02", "2026-10-30"),
        ("2026-12-31", "2027-01-04", "2026-12-30"),
        ("2027-02-28", "2027-03-01", "2027-02-26"),
    ];
    for (due, following, preceding) in expected {
        assert_eq!(calendar.roll(day(due), Roll::Following), day(following));
        assert_eq!(calendar.roll(day(due), Roll::Preceding), day(preceding));
        assert_eq!(calendar.roll(day(due), Roll::None), day(due));
    }
}

#[test]
fn a_published_closure_is_no_business_day() {
    let mut calendar = BusinessCalendar::default();
    calendar.closures.insert(day("2026-08-13"));
    assert!(!calendar.is_open(day("2026-08-13")));
    assert_eq!(calendar.after(day("2026-08-12"), 1), day("2026-08-14"));
}

fn any_calendar() -> impl Strategy<Value = BusinessCalendar> {
    let closures = proptest::collection::btree_set(0i64..1500, 0..20);
    (0usize..3, closures).prop_map(|(kind, closures)| BusinessCalendar {
        kind: KINDS[kind],
        openings: Default::default(),
        closures: closures.into_iter().map(|n| plus(day("2024-06-01"), n)).collect(),
    })
}

proptest! {
    #[test]
    fn an_arrival_is_in_time_just_when_enough_business_days_lie_after_it(
        calendar in any_calendar(), base in 0i64..1300, back in -5i64..60, count in 1u32..30
    ) {
        let base = plus(day("2024-09-01"), base);
        let arrival = plus(base, -back);
        let limit = calendar.before(base, count, CountingBack::Elapsed);
        let enough = calendar.count_between(arrival, base) >= count;
        prop_assert_eq!(arrival <= limit.latest_day, enough);
        prop_assert!(limit.latest_business_day <= limit.latest_day);
        prop_assert!(calendar.is_open(limit.latest_business_day));
    }

    #[test]
    fn the_nth_business_day_after_is_reached_from_its_own_limit(
        calendar in any_calendar(), arrival in 0i64..1300, count in 1u32..30
    ) {
        let arrival = plus(day("2024-09-01"), arrival);
        let reached = calendar.after(arrival, count);
        prop_assert!(calendar.is_open(reached));
        prop_assert_eq!(calendar.count_between(arrival, reached), count);
        prop_assert!(arrival <= calendar.before(reached, count, CountingBack::Elapsed).latest_day);
        let sooner = plus(reached, -1);
        prop_assert!(arrival > calendar.before(sooner, count, CountingBack::Elapsed).latest_day);
    }

    #[test]
    fn the_three_ways_of_counting_back_never_cross(
        calendar in any_calendar(), base in 0i64..1300, count in 0u32..30
    ) {
        let base = plus(day("2024-09-01"), base);
        let by = |mode| calendar.before(base, count, mode).latest_day;
        let (clear, elapsed, label) =
            (by(CountingBack::Clear), by(CountingBack::Elapsed), by(CountingBack::Label));
        prop_assert!(clear <= elapsed && elapsed <= base && label <= base);
        if calendar.is_open(base) && count > 0 {
            // For an open base day the last business day is the same.
            let last = |mode| calendar.before(base, count, mode).latest_business_day;
            prop_assert_eq!(last(CountingBack::Elapsed), last(CountingBack::Label));
        }
    }
}
