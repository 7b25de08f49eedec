//! Interest, tax, rounding and quantities.

use proptest::prelude::*;
use reckon::{Day, Decimal, InterestRule, Ratio, TaxRate, TaxTable, YearBasis, Yen};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn rule(year_basis: YearBasis) -> InterestRule {
    InterestRule { rate: Ratio::new(146, 1000), year_basis, include_payment_day: false }
}

fn paid_after(days: i64) -> Day {
    day("2026-10-31").checked_add(jiff::Span::new().days(days + 1)).expect("a day")
}

#[test]
fn late_interest_is_that_of_the_worked_table() {
    let expected = [
        (110_000, "2026-10-31", "2026-11-01", 0, 0, 44),
        (110_000, "2026-10-31", "2026-11-02", 1, 44, 88),
        (110_000, "2026-10-31", "2026-11-30", 29, 1_276, 1_320),
        (1_000_000, "2026-10-31", "2026-12-31", 60, 24_000, 24_400),
        (1_234_567, "2026-09-30", "2026-12-25", 85, 41_975, 42_469),
        (2_499, "2026-10-31", "2026-11-02", 1, 0, 1),
        (2_500, "2026-10-31", "2026-11-02", 1, 1, 2),
        (1_000_000, "2026-10-31", "2027-11-01", 365, 146_000, 146_400),
    ];
    for (principal, due, paid, days, amount, with_payment_day) in expected {
        let late = rule(YearBasis::Fixed365).on(Yen(principal), day(due), day(paid));
        assert_eq!((late.days, late.amount), (days, Yen(amount)), "{principal} {due} {paid}");
        let mut counted = rule(YearBasis::Fixed365);
        counted.include_payment_day = true;
        assert_eq!(counted.on(Yen(principal), day(due), day(paid)).amount, Yen(with_payment_day));
    }
}

#[test]
fn payment_at_or_before_the_due_day_bears_no_interest_on_any_basis() {
    for basis in [YearBasis::Fixed365, YearBasis::Split366, YearBasis::WholeYears] {
        for paid in ["2028-02-29", "2028-02-28", "2027-01-01"] {
            let late = rule(basis).on(Yen(1_000_000), day("2028-02-29"), day(paid));
            assert_eq!((late.days, late.amount), (0, Yen(0)), "{paid} {basis:?}");
        }
    }
}

#[test]
fn leap_years_count_as_the_reading_says() {
    let on = |basis, due, paid| rule(basis).on(Yen(1_000_000), day(due), day(paid)).amount;
    assert_eq!(on(YearBasis::Fixed365, "2027-12-31", "2028-12-31"), Yen(146_000));
    assert_eq!(on(YearBasis::Split366, "2027-12-31", "2028-12-31"), Yen(145_601));
    assert_eq!(on(YearBasis::Fixed365, "2028-01-31", "2028-03-31"), Yen(23_600));
    assert_eq!(on(YearBasis::Split366, "2028-01-31", "2028-03-31"), Yen(23_535));
    // A whole year at the full rate: 366 days of 2028, and nothing more.
    assert_eq!(on(YearBasis::WholeYears, "2027-12-31", "2029-01-01"), Yen(146_000));
}

#[test]
fn whole_years_and_their_rest_are_one_result() {
    let rule = InterestRule {
        rate: Ratio::new(5, 100),
        year_basis: YearBasis::WholeYears,
        include_payment_day: false,
    };
    let late = rule.on(Yen(1_000_000), day("2010-06-02"), day("2012-03-03"));
    // 50,000 + 29,041.09… + 8,469.94…: rounded down once it is 87,511, where
    // rounding each part (87,510) would lose a yen.
    assert_eq!(late.amount, Yen(87_511));
}

#[test]
fn interest_at_four_hundredths_of_a_per_cent_a_day_is_exact_for_every_multiple_of_2500() {
    let rule = rule(YearBasis::Fixed365);
    for principal in (0..=10_000_000i64).step_by(2_500) {
        for days in [0, 1, 2, 7, 29, 30, 31, 90, 181, 364, 365, 366, 400] {
            let late = rule.on(Yen(principal), day("2026-10-31"), paid_after(days));
            assert_eq!(late.days, days);
            assert_eq!(late.amount, Yen(principal * days / 2_500), "{principal} {days}");
        }
    }
}

proptest! {
    #[test]
    fn interest_is_the_floor_of_principal_times_days_over_2500(
        principal in 0i64..1_000_000_000, days in 0i64..=400
    ) {
        let late = rule(YearBasis::Fixed365).on(Yen(principal), day("2026-10-31"), paid_after(days));
        prop_assert_eq!(late.amount, Yen(principal * days / 2_500));
    }

    #[test]
    fn a_decimal_reads_back_as_it_is_written(units in any::<i64>(), places in 0usize..=12) {
        let digits = format!("{:0width$}", units.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if units < 0 { "-" } else { "" };
        let text = match places {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction}"),
        };
        let decimal: Decimal = text.parse().expect("a decimal");
        prop_assert_eq!(decimal.to_string(), text);
        prop_assert_eq!(decimal.ratio(), Ratio::new(i128::from(units), 10i128.pow(places as u32)));
        prop_assert_eq!(decimal.is_negative(), units < 0);
    }

    #[test]
    fn a_sum_of_decimals_is_the_sum_of_their_values(
        a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000,
        places in 0usize..9
    ) {
        let fine: Decimal = format!("0.{:0places$}1", 0).parse().expect("a decimal");
        let sum = Decimal::whole(a) + fine + Decimal::whole(b);
        prop_assert_eq!(sum.ratio(), Decimal::whole(a + b).ratio() + fine.ratio());
    }

    #[test]
    fn rounding_cuts_toward_zero(over in -1_000_000_000i128..1_000_000_000, under in 1i128..10_000) {
        let ratio = Ratio::new(over, under);
        prop_assert_eq!(i128::from(ratio.rounded_down().0), over / under);
        prop_assert_eq!(ratio.is_whole(), over % under == 0);
        prop_assert_eq!(Ratio::new(-over, under).rounded_down(), -ratio.rounded_down());
        prop_assert_eq!(Ratio::new(-over, -under), ratio);
    }

    #[test]
    fn an_amount_shows_its_thousands(amount in any::<i64>()) {
        let text = Yen(amount).to_string();
        prop_assert_eq!(text.replace(',', "").parse::<i64>(), Ok(amount));
        let groups: Vec<&str> = text.trim_start_matches('-').split(',').collect();
        prop_assert!(groups[1..].iter().all(|group| group.len() == 3));
        prop_assert!((1..=3).contains(&groups[0].len()));
    }
}

#[test]
fn what_is_no_decimal_is_refused() {
    for text in [
        "",
        "-",
        ".",
        ".5",
        "5.",
        "1.2.3",
        "1,000",
        "+1",
        "1e3",
        "１",
        " 1",
        "--1",
        "0.1234567890123",
        "9223372036854775808",
        "1.-2",
    ] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
    assert_eq!("-0.5".parse::<Decimal>().map(|d| d.to_string()), Ok("-0.5".to_owned()));
}

#[test]
#[should_panic(expected = "within 64 bits")]
fn a_sum_beyond_64_bits_is_not_wrapped_around() {
    let _ = Decimal::whole(i64::MAX) + "0.1".parse().expect("a decimal");
}

#[test]
fn tax_is_rounded_down_once_on_the_sum() {
    let ten = TaxRate { from: day("2019-10-01"), percent: 10 };
    assert_eq!(ten.on(Yen(105 * 3)), Yen(31));
    assert_eq!(ten.on(Yen(33_333 * 3 + 7)), Yen(10_000));
    assert_eq!(ten.on(Yen(9)), Yen(0));
    assert_eq!(ten.on(Yen(-315)), Yen(-31));
}

#[test]
fn the_rate_of_a_day_is_the_last_that_began() {
    let table = TaxTable(
        [("1989-04-01", 3), ("1997-04-01", 5), ("2014-04-01", 8), ("2019-10-01", 10)]
            .map(|(from, percent)| TaxRate { from: day(from), percent })
            .to_vec(),
    );
    let at = |text: &str| table.at(day(text)).map(|rate| rate.percent).ok();
    assert_eq!(at("1989-03-31"), None);
    assert_eq!(at("1989-04-01"), Some(3));
    assert_eq!(at("2014-03-31"), Some(5));
    assert_eq!(at("2019-09-30"), Some(8));
    assert_eq!(at("2019-10-01"), Some(10));
}
