//! Days at the ends of the calendar: nothing that is counted fails or goes on for
//! ever there, whoever typed them.

use reckon::{
    BusinessCalendar, CalendarKind, CountingBack, Day, InterestRule, Moment, Month, Period, Ratio,
    Roll, YearBasis, Yen, holiday_name, japanese_era,
};

fn far() -> [Day; 6] {
    let typed = ["0000-01-01", "0001-01-01", "2199-12-31", "9999-01-01"];
    let [zero, first, late, last] = typed.map(|day| day.parse().expect("a day"));
    [Day::MIN, zero, first, late, last, Day::MAX]
}

#[test]
fn periods_and_months_stay_within_the_calendar() {
    for day in far() {
        for count in [0, 1, 2, 10_000, u32::MAX] {
            assert!(Period::days(day, count).last_day() >= Day::MIN, "{day} {count} days");
            assert!(Period::months(day, count).last_day() >= Day::MIN, "{day} {count} months");
        }
        for count in [i64::MIN, -1, 0, 1, i64::MAX] {
            let month = Month::of(day).plus(count);
            assert!(month.first_day() <= month.last_day(), "{day} {count}");
        }
    }
    let last = Month::of(Day::MAX);
    assert_eq!(last.plus(1), last);
    assert_eq!(Period::days(Day::MAX, 2).last_day(), Day::MAX);
    assert_eq!(Month::of(Day::MIN).plus(-1), Month::of(Day::MIN));
}

#[test]
fn moments_stay_within_the_calendar() {
    for day in far() {
        let (start, end) = (Moment::start_of(day), Moment::end_of(day));
        assert!(start <= end, "{day}");
        for moment in [start, end] {
            for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
                let moved = moment.plus_seconds(seconds);
                assert!(!moved.to_string().is_empty() && !moved.to_minute_text().is_empty());
                assert!(moved.utc_month() <= Month::of(Day::MAX));
            }
        }
    }
    let last = Moment::end_of(Day::MAX);
    assert_eq!(last.plus_seconds(1), last);
    assert_eq!(last.to_string().parse(), Ok(last));
}

#[test]
fn business_days_are_counted_up_to_the_end_of_the_calendar() {
    for kind in [CalendarKind::National, CalendarKind::YearEnd, CalendarKind::Bank] {
        let calendar = BusinessCalendar::of(kind);
        for day in far() {
            calendar.after(day, 20);
            for mode in [CountingBack::Elapsed, CountingBack::Label, CountingBack::Clear] {
                assert!(calendar.before(day, 20, mode).latest_day <= day, "{day}");
            }
            for roll in [Roll::Following, Roll::Preceding, Roll::None] {
                calendar.roll(day, roll);
            }
            let next = Period::days(day, 40).last_day();
            assert!(calendar.count_between(day, next) <= 39, "{day}");
            let _ = (holiday_name(day), japanese_era(day));
        }
    }
}

#[test]
fn interest_ends_with_the_calendar() {
    for year_basis in [YearBasis::Fixed365, YearBasis::Split366, YearBasis::WholeYears] {
        for include_payment_day in [true, false] {
            let rule =
                InterestRule { rate: Ratio::new(146, 1000), year_basis, include_payment_day };
            for (due, paid) in far().into_iter().flat_map(|due| far().map(|paid| (due, paid))) {
                let late = rule.on(Yen(110_000), due, paid);
                assert!(late.amount >= Yen::ZERO, "{due} {paid} {late:?}");
            }
        }
    }
}
