//! Article 26: principal, rate and counted days of every stretch.

use contract::money::late_interest::Stretch;
use contract::say;
use reckon::{Day, Period, Yen};

use super::{Numbers, plain};
use crate::wording::Reader;
use crate::wording::figures::days;

pub(super) const NAMES: &[&str] =
    &["invoice", "principal", "due", "paid", "days", "stretches", "amount"];

pub(super) fn lines(n: &Numbers) -> Option<Vec<String>> {
    let stretches: Vec<Stretch> = n.number("stretches")?;
    let amount: Yen = n.number("amount")?;
    let rate = plain(n.because.parameters.get("interest.rate")?);
    let basis: String = n.parameter("interest.year_basis")?;
    let counts_payment_day = n.parameter("interest.include_payment_day").unwrap_or(false);
    let (first, l) = (stretches.first()?, n.language);
    let over = if basis == "fixed365" { " ÷ 365" } else { "" };
    let term = |stretch: &Stretch| {
        let (principal, counted) = (stretch.principal, days(stretch.days, l));
        format!("{principal} × {rate} % × {counted}{over}")
    };
    let terms: Vec<String> = stretches.iter().map(term).collect();
    let terms = terms.join(" + ");
    let mut lines =
        vec![say!(l, "1円未満切捨て（{terms}）= {amount}", "rounded down ({terms}) = {amount}")];
    lines.extend(year_basis(&basis, l));
    lines.push(span(first, counts_payment_day, l));
    lines.extend(stretches[1..].iter().map(|s| later_span(s, counts_payment_day, l)));
    Some(lines)
}

/// In words, where the year does not always have 365 days.
fn year_basis(basis: &str, language: Reader) -> Option<String> {
    let words = match basis {
        "fixed365" => return None,
        "split366" => language.pick(
            "うるう年に属する日は366、その他の日は365で割る",
            "days in a leap year over 366, the others over 365",
        ),
        "whole_years" => language.pick(
            "満1年は年率のまま、残りの日はうるう年に属せば366、その他は365で割る",
            "whole years at the yearly rate; of the rest, days in a leap year over 366, the others over 365",
        ),
        other => other,
    };
    Some(words.to_owned())
}

fn span(stretch: &Stretch, counts_payment_day: bool, language: Reader) -> String {
    let (from, to) = counted_days(stretch, counts_payment_day);
    let counted = days(stretch.days, language);
    let end = match counts_payment_day {
        true => language.pick("支払日", "the day of payment"),
        false => language.pick("支払日の前日", "the day before payment"),
    };
    say!(
        language,
        "期日の翌日 … {end}：{from} … {to} = {counted}",
        "the day after the due date … {end}: {from} … {to} = {counted}"
    )
}

/// A stretch after a part payment, on the principal that was left.
fn later_span(stretch: &Stretch, counts_payment_day: bool, language: Reader) -> String {
    let (from, to) = counted_days(stretch, counts_payment_day);
    let (counted, principal) = (days(stretch.days, language), stretch.principal);
    say!(
        language,
        "一部入金の後、残り{principal}円：{from} … {to} = {counted}",
        "after a part payment, on {principal} yen: {from} … {to} = {counted}"
    )
}

/// First and last counted day.
fn counted_days(stretch: &Stretch, counts_payment_day: bool) -> (Day, Day) {
    let first = Period::days(stretch.after, 2).last_day();
    let last = match counts_payment_day {
        true => stretch.paid,
        false => stretch.paid.yesterday().unwrap_or(stretch.paid),
    };
    (first, last)
}
