//! 見積書: what is offered before an application.

use reckon::{Day, Decimal, Yen};
use serde::{Deserialize, Serialize};

use super::{DayRange, Letterhead, Note, RateSummary};

/// A quotation (見積書).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotation {
    pub head: Letterhead,
    /// 有効期限: the last day.
    pub valid_until: Day,
    /// 利用期間.
    #[serde(default)]
    pub use_period: Option<DayRange>,
    pub lines: Vec<QuotationLine>,
    /// Monthly fees by tax rate.
    pub summary: Vec<RateSummary>,
    /// 月額合計 with tax.
    pub monthly_total: Yen,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// One service that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotationLine {
    pub service: String,
    pub item: String,
    pub quantity: u32,
    pub unit: String,
    /// Without tax.
    pub unit_price: Decimal,
    /// 提供開始予定日.
    pub start: Day,
    /// 最低利用期間 in months, where it is agreed.
    #[serde(default)]
    pub minimum_months: Option<u32>,
    /// 月額 without tax; `None` prints 従量.
    #[serde(default)]
    pub monthly_fee: Option<Yen>,
}
