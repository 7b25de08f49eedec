//! One line, one result: cap, proration and rounding in their order.

use rating::{Unpriced, rate};
use reckon::{Day, Decimal, Month, Yen};
use terms::{Price, PriceItem, PriceKind, PriceTable};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn table() -> PriceTable {
    let price = |from: &str, yen: &str| Price { from: day(from), yen: decimal(yen) };
    PriceTable {
        item: vec![PriceItem {
            code: "X".into(),
            name: "X".into(),
            service: "SDPF".into(),
            kind: PriceKind::Metered,
            unit: "hour".into(),
            prorate_first_month: true,
            min_term_months: None,
            monthly_cap: Some(decimal("900.5")),
            price: vec![price("2026-06-15", "3"), price("2026-04-01", "1.25")],
        }],
    }
}

#[test]
fn the_price_of_a_month_is_the_one_in_force_on_its_first_day() {
    let amount =
        |m: &str| rate(&table(), "X", month(m), decimal("10"), None, None).map(|r| r.amount);
    assert_eq!(amount("2026-04"), Ok(Yen(12)));
    assert_eq!(amount("2026-06"), Ok(Yen(12)));
    assert_eq!(amount("2026-07"), Ok(Yen(30)));
    let missing = Unpriced::NoPrice { item: "X".into(), month: month("2026-03") };
    assert_eq!(amount("2026-03"), Err(missing));
    let unknown = rate(&table(), "Y", month("2026-04"), decimal("1"), None, None);
    assert_eq!(unknown, Err(Unpriced::UnknownItem("Y".into())));
}

#[test]
fn the_cap_is_compared_before_rounding() {
    let at = |hours: &str| {
        rate(&table(), "X", month("2026-04"), decimal(hours), None, None).expect("a price")
    };
    // 720.4 hours are 900.5 exactly: the cap decides nothing.
    assert_eq!((at("720.4").amount, at("720.4").capped), (Yen(900), false));
    assert_eq!((at("720.5").amount, at("720.5").capped), (Yen(900), true));
}

#[test]
fn an_agreed_price_needs_none_in_the_table() {
    let rated = rate(&table(), "X", month("2026-03"), decimal("2"), Some(Yen(7)), None);
    assert_eq!(rated.map(|r| (r.amount, r.unit_price)), Ok((Yen(14), Decimal::whole(7))));
}

#[test]
fn the_first_month_is_prorated_from_its_first_day_and_no_other() {
    let from = Some(day("2026-04-16"));
    let amount =
        |m: &str| rate(&table(), "X", month(m), decimal("100"), None, from).map(|r| r.amount);
    // 125 x 15 / 30 = 62.5
    assert_eq!(amount("2026-04"), Ok(Yen(62)));
    assert_eq!(amount("2026-05"), Ok(Yen(125)));
}
