//! Why one line differs: each way of counting that is known to occur is tried, and
//! named only when it comes to the amount.

use reckon::{Decimal, Month, Ratio, Yen};
use terms::Law;

use super::{Difference, Key, Rounding};
use crate::money::fees::Product;
use crate::money::invoice::{Charge, ChargeKind};
use crate::money::waiver::Waived;
use crate::road::unfold::{AccountState, ContractState, LineState};

/// Our side of a line, with all that may explain a difference.
pub(super) struct Side<'a> {
    pub law: &'a Law,
    pub state: &'a AccountState,
    pub month: Month,
    pub key: &'a Key,
    pub charges: &'a [&'a Charge],
    pub ours: Yen,
}

impl Side<'_> {
    pub fn reason(&self, theirs: Yen) -> Difference {
        let Some(contract) = self.state.contracts.get(&self.key.0) else {
            return Difference::UnknownContract;
        };
        let line = contract.lines.iter().find(|line| line.number == self.key.1);
        if self.charges.is_empty() {
            return self.only_there(contract, line);
        }
        if theirs.is_zero() {
            let fee = self.key.2 == ChargeKind::MonthlyFee;
            return match fee && self.was_stopped(contract) {
                true => Difference::NotChargedWhileStopped,
                false => Difference::NotCharged,
            };
        }
        let of_kind = match self.key.2 {
            ChargeKind::MonthlyFee => line.and_then(|line| self.fee(contract, line, theirs)),
            ChargeKind::EarlyTermination => self.months(theirs),
            _ => None,
        };
        of_kind.or_else(|| self.any_kind(theirs)).unwrap_or(Difference::Unexplained)
    }

    fn only_there(&self, contract: &ContractState, line: Option<&LineState>) -> Difference {
        if matches!(self.key.2, ChargeKind::LateInterest | ChargeKind::CostRecovery) {
            return Difference::NothingDue;
        }
        let Some(line) = line.filter(|line| line.item == self.key.3) else {
            return Difference::UnknownLine;
        };
        let begun = line.started_on.is_some_and(|on| Month::of(on) <= self.month);
        let removed = line.removal.as_ref().map(|removal| removal.last_day);
        let ends = contract.end.as_ref().map(|end| end.on).into_iter().chain(removed);
        let over = ends.into_iter().any(|last| Month::of(last) < self.month);
        match self.key.2 {
            ChargeKind::MonthlyFee | ChargeKind::Usage if !begun || over => {
                Difference::OutsideOfUse
            }
            ChargeKind::Usage => Difference::NoUsageOnRecord,
            _ => Difference::NothingDue,
        }
    }

    fn was_stopped(&self, contract: &ContractState) -> bool {
        let (first, last) = (self.month.first_day(), self.month.last_day());
        contract
            .stops
            .iter()
            .any(|stop| stop.from.day() <= last && stop.to.is_none_or(|to| to.day() >= first))
    }

    /// 24-1: what may have been counted otherwise in a monthly fee.
    fn fee(&self, contract: &ContractState, line: &LineState, theirs: Yen) -> Option<Difference> {
        let charge = self.charges.first()?;
        let quantity = charge.quantity.ratio();
        if whole(charge).rounded_down() == theirs && self.ours < theirs && !is_capped(charge) {
            return Some(match waived(charge) {
                Some(_) => Difference::NotWaived,
                None => Difference::NotProrated,
            });
        }
        let listed = self.law.prices.item(&self.key.3);
        let agreed = line.at(self.month.first_day()).agreed_fee.is_some();
        for price in listed.iter().flat_map(|item| &item.price) {
            if (quantity * price.yen.ratio()).rounded_down() == theirs {
                let (from, yen) = (price.from, price.yen);
                return Some(match agreed {
                    true => Difference::ListPrice { yen },
                    false => Difference::OtherPrice { from, yen },
                });
            }
        }
        self.prorated(contract, line, theirs).or_else(|| self.quantity(theirs))
    }

    /// The month cut at the first day of use, or at the last day.
    fn prorated(
        &self,
        contract: &ContractState,
        line: &LineState,
        theirs: Yen,
    ) -> Option<Difference> {
        let charge = self.charges.first()?;
        let of = self.month.days();
        let within = |day: &reckon::Day| Month::of(*day) == self.month;
        let first = line.started_on.filter(within).map(|day| of - i64::from(day.day()) + 1);
        let removed = line.removal.as_ref().map(|removal| removal.last_day);
        let ends = contract.end.as_ref().map(|end| end.on).into_iter().chain(removed);
        let last = ends.filter(within).map(|day| i64::from(day.day()));
        first.into_iter().chain(last).find_map(|days| {
            let part = whole(charge) * Ratio::new(i128::from(days), i128::from(of));
            let (days, of) = (u32::try_from(days).ok()?, u32::try_from(of).ok()?);
            let near = [part.rounded_down(), half_up(part), up(part)];
            near.contains(&theirs).then_some(Difference::Prorated { days, of })
        })
    }

    fn quantity(&self, theirs: Yen) -> Option<Difference> {
        let charge = self.charges.first()?;
        let unit = charge.unit_price.ratio();
        let times = unit.is_whole().then(|| unit.rounded_down()).filter(|yen| yen.is_positive())?;
        let count = theirs.0 / times.0;
        let theirs =
            u32::try_from(count).ok().filter(|_| count > 0 && count * times.0 == theirs.0)?;
        (Decimal::whole(i64::from(theirs)) != charge.quantity)
            .then_some(Difference::Quantity { theirs })
    }

    /// 14-2: the monthly fee times another number of months.
    fn months(&self, theirs: Yen) -> Option<Difference> {
        let charge = self.charges.first()?;
        let fee = charge.unit_price.ratio().rounded_down();
        let count = |amount: Yen| {
            let months = fee.is_positive().then(|| amount.0 / fee.0)?;
            u32::try_from(months).ok().filter(|_| fee.0 * months == amount.0)
        };
        let (theirs, ours) = (count(theirs)?, count(self.ours)?);
        (theirs != ours).then_some(Difference::Months { theirs, ours })
    }

    fn any_kind(&self, theirs: Yen) -> Option<Difference> {
        let by_each = |round: fn(Ratio) -> Yen| self.charges.iter().map(|c| round(exact(c))).sum();
        let sum = self.charges.iter().map(|c| exact(c)).fold(Ratio::ZERO, |a, b| a + b);
        let waived: Yen = self.charges.iter().filter_map(|c| waived(c)).sum();
        let uncapped: Yen = self.charges.iter().map(|c| whole(c).rounded_down()).sum();
        let point = self.charges.iter().find_map(|charge| charge.tax_point);
        let rate = point.and_then(|day| self.law.tax.at(day).ok());
        let with_tax = rate.map(|rate| self.ours + rate.on(self.ours));
        let rounded = |how| Difference::Rounded { how };
        let tried: [(Option<Yen>, Difference); 7] = [
            (Some(self.ours + waived), Difference::NotWaived),
            (with_tax, Difference::WithTax),
            (Some(uncapped), Difference::NotCapped),
            (Some(by_each(half_up)), rounded(Rounding::HalfUp)),
            (Some(by_each(up)), rounded(Rounding::Up)),
            (Some(sum.rounded_down()), rounded(Rounding::DownOnSum)),
            (Some(half_up(sum)), rounded(Rounding::HalfUpOnSum)),
        ];
        tried.into_iter().find(|(amount, _)| *amount == Some(theirs)).map(|(_, why)| why)
    }
}

/// Quantity times price, whatever took something off it.
fn whole(charge: &Charge) -> Ratio {
    charge.quantity.ratio() * charge.unit_price.ratio()
}

/// What was rounded down to the charge. Where a cap, a share of days or a waiver
/// decided it, that is the amount itself.
fn exact(charge: &Charge) -> Ratio {
    let whole = whole(charge);
    if whole.rounded_down() == charge.amount { whole } else { Ratio::from(charge.amount) }
}

fn is_capped(charge: &Charge) -> bool {
    charge.because.read().is_some_and(|product: Product| product.capped)
}

fn waived(charge: &Charge) -> Option<Yen> {
    charge.because.read().map(|Waived { waived }| waived)
}

/// As others round: half a yen and more is one yen.
pub(super) fn half_up(amount: Ratio) -> Yen {
    (amount + Ratio::new(1, 2)).rounded_down()
}

pub(super) fn up(amount: Ratio) -> Yen {
    let down = amount.rounded_down();
    if amount > Ratio::from(down) { down + Yen(1) } else { down }
}
