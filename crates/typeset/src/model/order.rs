//! 申込請書: the application is accepted.

use reckon::{Day, Moment, Yen};
use serde::{Deserialize, Serialize};

use super::{DayRange, Letterhead, Note};

/// The acceptance of an application (申込請書).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAcceptance {
    pub head: Letterhead,
    pub contract_number: String,
    /// When the customer applied.
    pub applied_on: Day,
    /// When the contract was formed: the acceptance mail was sent.
    pub formed_at: Moment,
    #[serde(default)]
    pub formed_clauses: Vec<String>,
    /// Set for a change contract (利用変更契約): the lines are then as they stand
    /// with it.
    #[serde(default)]
    pub change: Option<ChangeOfContract>,
    /// 利用期間.
    pub use_period: DayRange,
    #[serde(default)]
    pub use_period_clauses: Vec<String>,
    pub lines: Vec<OrderLine>,
    /// 月額料金合計 without tax; `None` prints no sum (metered fees).
    #[serde(default)]
    pub monthly_total: Option<Yen>,
    /// お支払方法.
    pub payment_method: String,
    /// お支払期限 as a rule: 翌月末日.
    pub due_rule: String,
    #[serde(default)]
    pub payment_clauses: Vec<String>,
    #[serde(default)]
    pub special_terms: Vec<SpecialTerm>,
    /// 利用責任者, as one line.
    pub responsible_person: String,
    #[serde(default)]
    pub responsible_clauses: Vec<String>,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// What a change contract changes, and from when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOfContract {
    /// 変更日.
    pub from: Day,
    /// One line each, as printed.
    pub what: Vec<String>,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// One service of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub service: String,
    pub item: String,
    pub quantity: u32,
    /// 提供開始日.
    pub start: Day,
    /// 最低利用期間; `None` prints なし.
    #[serde(default)]
    pub minimum_term: Option<DayRange>,
    /// 月額 without tax; `None` prints 従量.
    #[serde(default)]
    pub monthly_fee: Option<Yen>,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// What is agreed otherwise than in the terms (特約).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialTerm {
    pub text: String,
    /// Reference of the signed document.
    pub document: String,
    pub signed_on: Day,
    #[serde(default)]
    pub clauses: Vec<String>,
}
