//! Consumption tax (消費税等): the rate of a day, and one rounding per rate.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Day, Ratio, Yen};

/// A standard rate and the day from which it holds, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRate {
    pub from: Day,
    /// Whole per cent, national and local tax together.
    pub percent: u32,
}

/// Standard rates in the order of their days (消費税法 29, 地方税法 72の83).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxTable(pub Vec<TaxRate>);

/// There was no consumption tax on this day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no consumption tax rate is recorded for {0}")]
pub struct NoTaxRate(pub Day);

impl TaxTable {
    /// The rate of the day of supply, the end of the service month for a
    /// monthly fee (A-84).
    ///
    /// # Errors
    /// [`NoTaxRate`] before the first day of the table.
    pub fn at(&self, day: Day) -> Result<TaxRate, NoTaxRate> {
        let in_force = self.0.iter().rfind(|rate| rate.from <= day);
        in_force.copied().ok_or(NoTaxRate(day))
    }
}

impl TaxRate {
    /// Tax on the sum of the amounts of one invoice at this rate: one rounding
    /// per invoice and rate (27-1, 消費税法施行令 70の10).
    ///
    /// ```
    /// use reckon::{TaxRate, Yen};
    /// let rate = TaxRate { from: "2019-10-01".parse().unwrap(), percent: 10 };
    /// assert_eq!(rate.on(Yen(315)), Yen(31));
    /// ```
    pub fn on(&self, taxable: Yen) -> Yen {
        taxable.times(Ratio::new(i128::from(self.percent), 100)).rounded_down()
    }
}
