//! The fee table (別紙1, 23-1) as dated data of the operator.

use reckon::{Day, Decimal};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceTable {
    #[serde(default)]
    pub item: Vec<PriceItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceItem {
    pub code: String,
    /// As it is printed on an invoice.
    pub name: String,
    /// `SDPF` or `SDPF_SUPPORT` (2-1(1)).
    pub service: String,
    pub kind: PriceKind,
    /// What one unit is: `month`, `hour`, `GB`.
    pub unit: String,
    /// Only where the table says so.
    #[serde(default)]
    pub prorate_first_month: bool,
    /// Where the table departs from one month (14-1b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_term_months: Option<u32>,
    /// The most that one resource costs in a month, without tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_cap: Option<Decimal>,
    pub price: Vec<Price>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceKind {
    /// A fixed monthly fee for each unit ordered.
    Monthly,
    /// Quantity used times price.
    Metered,
}

/// A price per unit in yen without tax, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub from: Day,
    pub yen: Decimal,
}

impl PriceTable {
    pub fn item(&self, code: &str) -> Option<&PriceItem> {
        self.item.iter().find(|item| item.code == code)
    }
}

impl PriceItem {
    /// The price in force on a day; the 1st of the month for a monthly fee.
    pub fn at(&self, day: Day) -> Option<&Price> {
        self.price.iter().filter(|price| price.from <= day).max_by_key(|price| price.from)
    }
}
