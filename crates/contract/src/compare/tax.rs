//! Why the tax differs, in three steps that add up: how each earlier invoice was
//! rounded, over how many invoices, and on which lines.

use std::collections::BTreeMap;

use reckon::{Day, Month, Ratio, TaxRate, Yen};
use terms::Law;

use super::reason::{half_up, up};
use super::{ComparedTax, Difference, Key, OldInvoice, OldLine, Rounding, key_of, old_key};
use crate::money::charges::{Group, OfMonth, group_of};
use crate::money::invoice::ChargeKind;
use crate::road::unfold::AccountState;

/// The tax day of each of our charges; others are taken by their kind.
struct Rates<'a> {
    law: &'a Law,
    state: &'a AccountState,
    month: Month,
    known: BTreeMap<Key, Option<Day>>,
}

impl Rates<'_> {
    fn of(&self, old: &OldLine) -> Option<TaxRate> {
        let known = self.known.get(&old_key(self.state, old)).copied();
        let day = known.unwrap_or_else(|| match old.kind {
            ChargeKind::LateInterest => None,
            ChargeKind::MonthlyFee | ChargeKind::Usage => Some(self.month.last_day()),
            ChargeKind::EarlyTermination | ChargeKind::CostRecovery => {
                Some(self.month.plus(1).first_day())
            }
        })?;
        self.law.tax.at(day).ok()
    }

    /// By the terms: rounded down once for each rate.
    fn by_terms<'a>(&self, lines: impl Iterator<Item = &'a OldLine>) -> Yen {
        self.sums(lines).into_iter().map(|(rate, sum)| rate_of(rate).on(sum)).sum()
    }

    fn sums<'a>(&self, lines: impl Iterator<Item = &'a OldLine>) -> BTreeMap<u32, Yen> {
        let mut sums = BTreeMap::new();
        for line in lines {
            if let Some(rate) = self.of(line) {
                *sums.entry(rate.percent).or_default() += line.amount;
            }
        }
        sums
    }

    fn why(&self, invoice: &OldInvoice) -> Difference {
        if invoice.lines.iter().all(|line| !self.state.contracts.contains_key(&line.contract)) {
            return Difference::UnknownContract;
        }
        let by_line = |round: fn(Ratio) -> Yen| -> Yen {
            let taxed = invoice.lines.iter().filter_map(|line| Some((line, self.of(line)?)));
            taxed.map(|(line, rate)| round(exact(line.amount, rate.percent))).sum()
        };
        let once = |round: fn(Ratio) -> Yen| -> Yen {
            let sums = self.sums(invoice.lines.iter());
            sums.into_iter().map(|(percent, sum)| round(exact(sum, percent))).sum()
        };
        let tried = [
            (by_line(Ratio::rounded_down), Rounding::DownByLine),
            (once(half_up), Rounding::HalfUp),
            (once(up), Rounding::Up),
            (by_line(half_up), Rounding::HalfUpByLine),
        ];
        if let Some((_, how)) = tried.into_iter().find(|(tax, _)| *tax == invoice.tax) {
            return Difference::TaxRounded { how };
        }
        let sum: Yen = invoice.lines.iter().map(|line| line.amount).sum();
        let rates = self.law.tax.0.iter().map(|rate| rate.percent);
        let other = rates.chain([0]).find(|percent| rate_of(*percent).on(sum) == invoice.tax);
        if other.is_some() && invoice.lines.iter().any(|line| self.of(line).is_none()) {
            return Difference::TaxOnUntaxed;
        }
        other.map_or(Difference::Unexplained, |percent| Difference::TaxRate { percent })
    }
}

fn rate_of(percent: u32) -> TaxRate {
    TaxRate { from: Day::MIN, percent }
}

fn exact(amount: Yen, percent: u32) -> Ratio {
    amount.times(Ratio::new(i128::from(percent), 100))
}

pub(super) fn compared(
    law: &Law,
    state: &AccountState,
    found: &OfMonth,
    month: Month,
    invoices: &[OldInvoice],
    lines_differ: bool,
) -> Vec<ComparedTax> {
    let known = found.charges.iter().map(|charge| (key_of(charge), charge.tax_point)).collect();
    let rates = Rates { law, state, month, known };
    let mut rows = Vec::new();
    let mut by_terms = Yen::ZERO;
    for invoice in invoices {
        let tax = rates.by_terms(invoice.lines.iter());
        by_terms += tax;
        let difference = invoice.tax - tax;
        if !difference.is_zero() {
            let (invoice, reason) = (Some(invoice.number.clone()), rates.why(invoice));
            rows.push(ComparedTax { invoice, difference, reason });
        }
    }
    // Their lines on invoices as we would draw them up.
    let issued_on = month.plus(1).first_day();
    let mut groups: BTreeMap<Group, Vec<&OldLine>> = BTreeMap::new();
    for line in invoices.iter().flat_map(|invoice| &invoice.lines) {
        let group = group_of(state, line.kind, &line.contract, issued_on);
        groups.entry(group).or_default().push(line);
    }
    let as_ours: Yen = groups.into_values().map(|group| rates.by_terms(group.into_iter())).sum();
    let of_lines = match lines_differ {
        true => Difference::TaxOfLines,
        // The same lines in the same groups bear the same tax.
        false => Difference::Unexplained,
    };
    for (difference, reason) in
        [(by_terms - as_ours, Difference::TaxByOtherInvoices), (as_ours - found.tax, of_lines)]
    {
        if !difference.is_zero() {
            rows.push(ComparedTax { invoice: None, difference, reason });
        }
    }
    rows
}
