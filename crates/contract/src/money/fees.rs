//! Articles 23 to 25: which fee, what tax, when due, what a payment leaves.

use std::cmp::Ordering;

use rating::Rated;
use reckon::{Decimal, Interest, TaxRate};
use terms::Effective;

use crate::declare::prelude::*;
use crate::ending::ended::Ended;
use crate::money::invoice::{Charge, TaxGroup};
use crate::money::late_interest;

pub(crate) const MONTHLY_FEE: Rule = Rule::new("monthly_fee", 1, "月額料金", "monthly fee")
    .clauses(&["24-1", "23-1", "4-1b"])
    .readings(&["A-08", "A-20"])
    .parameters(&["fee_version.rule", "fee.prorate_first_month"])
    .told_by::<Fee>();
pub(crate) const LAST_MONTH_FEE: Rule =
    Rule::new("last_month_fee", 1, "最終月の料金", "fee of the last month")
        .clauses(&["15-2", "24-1"])
        .readings(&["A-15", "A-23"])
        .parameters(&["fee.prorate_last_month"])
        .told_by::<Fee>();
pub(crate) const FEE_WHILE_STOPPED: Rule =
    Rule::new("fee_while_stopped", 1, "停止中の料金", "fee while suspended")
        .clauses(&["24-3", "24-1"])
        .readings(&["A-51"])
        .told_by::<Fee>();
pub(crate) const USAGE_FEE: Rule = Rule::new("usage_fee", 1, "従量料金", "usage fee")
    .clauses(&["24-1", "23-1"])
    .readings(&["A-89"])
    .parameters(&["rounding.line"])
    .told_by::<Fee>();
pub(crate) const INVOICE_TAX: Rule = Rule::new("invoice_tax", 1, "消費税", "consumption tax")
    .clauses(&["24-1", "27-1"])
    .readings(&["A-49", "A-84"])
    .parameters(&["rounding.unit"])
    .told_by::<Taxed>();
pub(crate) const DUE_DATE: Rule = Rule::new("due_date", 1, "支払期日", "due date")
    .clauses(&["25-1(1)"])
    .readings(&["A-43"])
    .parameters(&["due.roll", "due.calendar"])
    .told_by::<DueDate>();

/// 23-1: quantity × unit price = amount.
#[derive(Serialize, Deserialize)]
pub(crate) struct Product {
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub amount: Yen,
    pub capped: bool,
}

impl Charge {
    /// 23-1: the monthly cap of the item decided the amount, and not quantity times price.
    pub fn is_capped(&self) -> bool {
        self.because.read::<Product>().is_some_and(|product| product.capped)
    }
}

/// What was charged before of the same.
#[derive(Serialize, Deserialize)]
pub(crate) struct ChargedBefore {
    pub charged_before: Yen,
}

#[derive(Serialize, Deserialize)]
struct Fee {
    #[serde(flatten)]
    product: Product,
    #[serde(flatten)]
    before: Option<ChargedBefore>,
    #[serde(flatten)]
    end: Option<Ended>,
}

impl Told for Fee {
    const OF_AMOUNTS: bool = true;

    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let mut lines = vec![self.product.line(l)];
        if let Some(ChargedBefore { charged_before }) = self.before {
            let (rest, before) =
                (yen(self.product.amount - charged_before, l), yen(charged_before, l));
            lines.push(say!(
                l,
                "請求済みの{before}を差し引き {rest}",
                "less {before} that was charged before: {rest}"
            ));
        }
        if let Some(Ended { ended_on }) = self.end {
            let ended = day(ended_on, l);
            lines.push(say!(
                l,
                "契約の終了 {ended}、その月も日割りせず全額",
                "contract ended {ended}: that month in full, not by the day"
            ));
        }
        Some(lines)
    }
}

impl Product {
    pub(crate) fn of(rated: &Rated) -> Product {
        let Rated { quantity, unit_price, amount, capped, .. } = *rated;
        Product { quantity, unit_price, amount, capped }
    }

    /// And what else decided the amount.
    fn line(&self, l: Reader) -> String {
        let Product { quantity, unit_price: price, amount, capped } = *self;
        let exact = quantity.ratio() * price.ratio();
        let (price, total) = (amount_text(price), yen(amount, l));
        if capped {
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
        }
    }
}

/// A price with separators where it has no fraction.
fn amount_text(price: Decimal) -> String {
    let text = price.to_string();
    text.parse::<i64>().map_or(text, |whole| Yen(whole).to_string())
}

/// 24-1, 27-1: one rounding per rate.
#[derive(Serialize, Deserialize)]
pub(crate) struct Taxed {
    pub groups: Vec<TaxGroup>,
}

impl Told for Taxed {
    const OF_AMOUNTS: bool = true;

    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let line = |group: &TaxGroup| {
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
        Some(self.groups.iter().map(line).collect())
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct DueDate {
    pub nominal_due: Day,
    pub due: Day,
}

impl Told for DueDate {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let (nominal, due) = (day(self.nominal_due, l), day(self.due, l));
        Some(vec![match self.nominal_due.cmp(&self.due) {
            Ordering::Equal => say!(l, "支払期日 {due}", "due {due}"),
            Ordering::Less => say!(
                l,
                "約定の期日 {nominal} は銀行休業日 → 翌営業日 {due}",
                "agreed due date {nominal} is a closed bank day → next open day {due}"
            ),
            Ordering::Greater => say!(
                l,
                "約定の期日 {nominal} は銀行休業日 → 前営業日 {due}",
                "agreed due date {nominal} is a closed bank day → open day before {due}"
            ),
        }])
    }
}

/// A monthly fee and the day from which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeVersion {
    pub from: Day,
    pub fee: Yen,
}

/// 4-1b: the fee of a month is the one in force on its first day; a fee
/// agreed individually stays (1-2).
pub fn fee_for_month(versions: &[FeeVersion], month: Month, agreed: Option<Yen>) -> Option<Yen> {
    let in_force = versions.iter().filter(|v| v.from <= month.first_day());
    agreed.or_else(|| in_force.max_by_key(|v| v.from).map(|v| v.fee))
}

/// 24-1: tax on the lines of one invoice at one rate, rounded once (27-1).
pub fn tax_on(lines: &[Yen], rate: TaxRate) -> Yen {
    rate.on(lines.iter().copied().sum())
}

/// 25-1(1): the due date, moved off a closed bank day.
pub fn due_date(terms: &Effective, nominal: Day) -> Day {
    terms.due_calendar().roll(nominal, terms.rules.due_roll)
}

/// 25-1b: what is left when the bank's fee was taken out of the transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortPayment {
    pub credited: Yen,
    pub outstanding: Yen,
    pub interest: Interest,
}

/// 25-1b: only what arrives counts as paid; the fee is the customer's.
pub fn short_payment(
    terms: &Effective,
    total: Yen,
    sent: Yen,
    transfer_fee: Yen,
    due: Day,
    paid: Day,
) -> ShortPayment {
    let credited = sent - transfer_fee;
    let outstanding = (total - credited).max(Yen::ZERO);
    ShortPayment {
        credited,
        outstanding,
        interest: late_interest::on(terms, outstanding, due, paid),
    }
}
