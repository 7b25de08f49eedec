//! Articles 14-2 and 23 to 25: fees, tax and due dates.

use contract::money::invoice::TaxGroup;
use contract::say;
use reckon::{Day, Decimal, Yen};

use super::Numbers;
use crate::wording::figures::{day, months, yen};

pub(super) const FEE: &[&str] =
    &["quantity", "unit_price", "amount", "capped", "ended_on", "charged_before"];
pub(super) const EARLY: &[&str] = &[
    "cancelled_on",
    "minimum_term_to",
    "monthly_fee",
    "months",
    "quantity",
    "unit_price",
    "amount",
    "capped",
];

pub(super) fn fee(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let mut lines = vec![product(n)?];
    if let (Some(before), Some(amount)) =
        (n.number::<Yen>("charged_before"), n.number::<Yen>("amount"))
    {
        let (rest, before) = (yen(amount - before, l), yen(before, l));
        lines.push(say!(
            l,
            "請求済みの{before}を差し引き {rest}",
            "less {before} that was charged before: {rest}"
        ));
    }
    if let Some(ended) = n.day("ended_on") {
        lines.push(say!(
            l,
            "契約の終了 {ended}、その月も日割りせず全額",
            "contract ended {ended}: that month in full, not by the day"
        ));
    }
    Some(lines)
}

/// Quantity × unit price = amount, and what else decided the amount.
fn product(n: &Numbers) -> Option<String> {
    let (quantity, price): (Decimal, Decimal) = (n.number("quantity")?, n.number("unit_price")?);
    let amount: Yen = n.number("amount")?;
    let l = n.language;
    let exact = quantity.ratio() * price.ratio();
    let (price, total) = (amount_text(price), yen(amount, l));
    let capped: bool = n.number("capped").unwrap_or(false);
    Some(if capped {
        say!(
            l,
            "{quantity} × {price}円は月の上限を超えるため、上限の{total}",
            "{quantity} × {price} yen exceeds the monthly cap: {total}"
        )
    } else if exact.rounded_down() != amount {
        say!(
            l,
            "{quantity} × {price}円のうち利用した期間の分 = {total}",
            "the share of {quantity} × {price} yen for the time used = {total}"
        )
    } else if exact.is_whole() {
        say!(l, "{quantity} × {price}円 = {total}", "{quantity} × {price} yen = {total}")
    } else {
        say!(
            l,
            "1円未満切捨て（{quantity} × {price}円）= {total}",
            "rounded down ({quantity} × {price} yen) = {total}"
        )
    })
}

/// A price with separators where it has no fraction.
fn amount_text(price: Decimal) -> String {
    let text = price.to_string();
    text.parse::<i64>().map_or(text, |whole| Yen(whole).to_string())
}

pub(super) fn early_termination(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let (cancelled, to) = (n.day("cancelled_on")?, n.day("minimum_term_to")?);
    let (fee, amount): (Yen, Yen) = (n.number("monthly_fee")?, n.number("amount")?);
    let count = months(n.number("months")?, l);
    let (fee, amount) = (yen(fee, l), yen(amount, l));
    let overlap: Option<String> = n.parameter("early_termination.overlap");
    let total = match overlap.as_deref() {
        Some("include") => say!(
            l,
            "（{count} + 解除月の残りの日数分）× {fee} = {amount}",
            "({count} + the rest of the month of cancellation) × {fee} = {amount}"
        ),
        _ => say!(l, "{count} × {fee} = {amount}", "{count} × {fee} = {amount}"),
    };
    Some(vec![
        say!(
            l,
            "解除 {cancelled}、最低利用期間は{to}まで：解除月の翌月から{count}",
            "cancelled {cancelled}, minimum term up to {to}: {count} after the month of cancellation"
        ),
        total,
    ])
}

pub(super) fn costs(n: &Numbers) -> Option<Vec<String>> {
    let costs: Vec<Yen> = n.number("costs")?;
    let costs: Vec<String> = costs.into_iter().map(|cost| yen(cost, n.language)).collect();
    let costs = costs.join(" + ");
    Some(vec![say!(n.language, "かかった費用 {costs}", "costs incurred: {costs}")])
}

/// One rounding per rate.
pub(super) fn tax(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let groups: Vec<TaxGroup> = n.number("groups")?;
    let line = |group: TaxGroup| {
        let (taxable, tax) = (yen(group.taxable, l), yen(group.tax, l));
        match group.percent {
            Some(percent) => say!(
                l,
                "{percent} %対象 {taxable} × {percent} % → 消費税{tax}（1円未満切捨て）",
                "at {percent} %: {taxable} × {percent} % → tax {tax}, rounded down"
            ),
            None => say!(l, "{taxable}は課税対象外", "{taxable} without tax"),
        }
    };
    Some(groups.into_iter().map(line).collect())
}

pub(super) fn due_date(n: &Numbers) -> Option<Vec<String>> {
    let (nominal, due): (Day, Day) = (n.number("nominal_due")?, n.number("due")?);
    let l = n.language;
    let (nominal_text, due_text) = (day(nominal, l), day(due, l));
    let line = if nominal == due {
        say!(l, "支払期日 {due_text}", "due {due_text}")
    } else if nominal < due {
        say!(
            l,
            "約定の期日 {nominal_text} は銀行休業日 → 翌営業日 {due_text}",
            "agreed due date {nominal_text} is a closed bank day → next open day {due_text}"
        )
    } else {
        say!(
            l,
            "約定の期日 {nominal_text} は銀行休業日 → 前営業日 {due_text}",
            "agreed due date {nominal_text} is a closed bank day → open day before {due_text}"
        )
    };
    Some(vec![line])
}

pub(super) fn credited(n: &Numbers) -> Option<Vec<String>> {
    let on = n.day("credited_on")?;
    Some(vec![say!(n.language, "入金日 {on}", "credited {on}")])
}

pub(super) fn overdue(n: &Numbers) -> Option<Vec<String>> {
    let due = n.day("due")?;
    Some(vec![say!(
        n.language,
        "期日 {due} の終わりに未払い",
        "unpaid at the end of the due date {due}"
    )])
}

pub(super) fn interest_to(n: &Numbers) -> Option<Vec<String>> {
    let on = n.day("interest_to")?;
    Some(vec![say!(n.language, "{on}に支払うものとした利息", "interest as if paid on {on}")])
}
