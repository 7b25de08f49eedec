//! Periods of the Civil Code, months and moments.

use proptest::prelude::*;
use reckon::{Day, Moment, Month, Period};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn plus(day: Day, days: i64) -> Day {
    day.checked_add(jiff::Span::new().days(days)).expect("a day")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("a moment")
}

/// Civil Code 143 word for word, walking day by day: the period ends the day
/// before the corresponding day, or at the end of the last month without one.
fn oracle(first: Day, months: u32) -> Day {
    let mut crossed = 0;
    let mut at = first;
    loop {
        let next = plus(at, 1);
        let month_ends = next.day() == 1;
        if crossed == months && next.day() == first.day() && next > first {
            return at;
        }
        if month_ends && crossed == months {
            return at;
        }
        if month_ends {
            crossed += 1;
            if crossed == months && first.day() == 1 {
                return at;
            }
        }
        at = next;
    }
}

#[test]
fn months_end_as_the_civil_code_says() {
    let expected = [
        ("2026-02-01", 1, "2026-02-28"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-30", 1, "2028-02-29"),
        ("2026-03-16", 1, "2026-04-15"),
        ("2026-11-01", 3, "2027-01-31"),
        ("2026-11-29", 3, "2027-02-28"),
        ("2026-11-28", 3, "2027-02-27"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-01-01", 3, "2027-03-31"),
    ];
    for (first, months, last) in expected {
        assert_eq!(Period::months(day(first), months).last_day(), day(last), "{first} {months}");
    }
    assert_eq!(Period::days(day("2026-02-28"), 1).last_day(), day("2026-02-28"));
    assert_eq!(Period::days(day("2026-02-28"), 0).last_day(), day("2026-02-27"));
}

#[test]
fn every_first_day_of_five_years_ends_where_the_oracle_says() {
    for n in 0..5 * 366 {
        let first = plus(day("2026-01-01"), n);
        for months in [1, 2, 3, 12] {
            assert_eq!(
                Period::months(first, months).last_day(),
                oracle(first, months),
                "{first} {months}"
            );
        }
    }
}

proptest! {
    #[test]
    fn a_period_of_months_equals_the_oracle_and_grows(n in 0i64..20_000, months in 1u32..40) {
        let first = plus(day("1990-01-01"), n);
        let last = Period::months(first, months).last_day();
        prop_assert_eq!(last, oracle(first, months));
        prop_assert!(last < Period::months(first, months + 1).last_day());
        prop_assert!(last <= Period::months(plus(first, 1), months).last_day());
    }

    #[test]
    fn a_month_that_is_added_is_taken_off_again(n in 0i64..20_000, count in -500i64..500) {
        let month = Month::of(plus(day("1990-01-01"), n));
        let moved = month.plus(count);
        prop_assert_eq!(moved.plus(-count), month);
        prop_assert_eq!(moved.since(month), count);
        prop_assert_eq!(moved > month, count > 0);
        prop_assert_eq!(moved.to_string().parse::<Month>(), Ok(moved));
        prop_assert_eq!(plus(moved.last_day(), 1), moved.plus(1).first_day());
        prop_assert_eq!(month.up_to(moved).count() as i64, (count + 1).max(0));
    }

    #[test]
    fn a_moment_reads_back_as_it_is_written(seconds in -2_000_000_000i64..7_000_000_000) {
        let moment = Moment::from_unix_seconds(seconds);
        prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        prop_assert!(moment.to_string().ends_with("+09:00"));
        prop_assert!(Moment::start_of(moment.day()) <= moment && moment <= Moment::end_of(moment.day()));
        let json = serde_json::to_string(&moment).expect("text");
        prop_assert_eq!(serde_json::from_str::<Moment>(&json).ok(), Some(moment));
    }

    #[test]
    fn no_text_makes_a_moment_panic(text in "[-+]?[0-9]{1,6}-[0-9]{2}-[0-9]{2}T?[0-9:.]{0,12}(Z|[+]09:00)?") {
        let _ = text.parse::<Moment>();
    }
}

#[test]
fn until_nine_in_the_morning_the_upstream_is_a_day_behind() {
    let expected = [
        ("2026-04-01T00:00:00", "2026-03"),
        ("2026-04-01T08:59:59", "2026-03"),
        ("2026-04-01T09:00:00", "2026-04"),
        ("2026-04-30T23:59:59", "2026-04"),
        ("2027-01-01T00:00:00", "2026-12"),
        ("2028-03-01T08:59:59", "2028-02"),
    ];
    for (text, month) in expected {
        assert_eq!(moment(text).utc_month().to_string(), month, "{text}");
    }
}

#[test]
fn text_with_an_offset_is_converted_and_text_without_is_japan_time() {
    assert_eq!(moment("2026-03-31T15:00:00Z"), moment("2026-04-01T00:00:00"));
    assert_eq!(moment("2026-03-31T10:00:00-05:00"), moment("2026-04-01T00:00:00+09:00"));
    assert_eq!(moment("2026-04-01"), moment("2026-04-01T00:00"));
    assert_eq!(moment("2026-04-01T10:00:00.75"), moment("2026-04-01T10:00:00"));
}

#[test]
fn the_ends_of_the_year_range_are_errors_and_not_panics() {
    for text in [
        "9999-12-31T23:59:59",
        "9999-12-31T08:00:00",
        "-009999-01-01T00:00:00",
        "9999-12-31T23:59:59Z",
        "10000-01-01",
        "",
        "2026-04-01T25:00",
        "2026-02-29",
        "あいうえおかきくけこ",
        "2026-04",
    ] {
        assert!(text.parse::<Moment>().is_err(), "{text}");
    }
    for text in ["2026-4", "2026-13", "26-04", "2026-04-01", "", "2026-00"] {
        assert!(text.parse::<Month>().is_err(), "{text}");
    }
}
