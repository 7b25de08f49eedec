//! Articles 23 to 25: which fee, what tax, when due, what a payment leaves.

use reckon::{Day, Interest, Month, TaxRate, Yen};
use terms::Effective;

use crate::money::late_interest;

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
