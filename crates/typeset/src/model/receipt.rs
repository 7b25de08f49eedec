//! 解約申込書受領通知書: a cancellation form has arrived.

use reckon::{Day, Month, Yen};
use serde::{Deserialize, Serialize};

use super::{Letterhead, Note, Taxed};

/// The receipt of a cancellation form, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptNotice {
    pub head: Letterhead,
    pub contract_number: String,
    /// Services that end, as printed.
    #[serde(default)]
    pub services: Vec<String>,
    /// 到達日.
    pub arrived: Day,
    /// How it arrived: 電子メール, 郵送.
    pub channel: String,
    /// 解除希望日, if one was written.
    #[serde(default)]
    pub desired: Option<Day>,
    /// Set when the effective day is deemed (みなし) and not the desired one.
    #[serde(default)]
    pub deemed: Option<Deemed>,
    pub counting: Counting,
    /// 解除日.
    pub effective: Day,
    #[serde(default)]
    pub effective_clauses: Vec<String>,
    pub last_month: Month,
    /// Fee of the last month, in full.
    pub last_month_fee: NoticeCharge,
    /// What remains of a minimum term.
    #[serde(default)]
    pub remaining_minimum: Option<NoticeCharge>,
    /// Receivables that fall due at once.
    #[serde(default)]
    pub unpaid: Vec<Unpaid>,
    /// Clauses of the acceleration: `15-3`.
    #[serde(default)]
    pub unpaid_clauses: Vec<String>,
    /// Day up to which interest is counted.
    #[serde(default)]
    pub interest_to: Option<Day>,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// Why a day is deemed to be the day of cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deemed {
    pub reason: String,
    pub clauses: Vec<String>,
}

/// How the business days of the notice were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    pub business_days: u32,
    /// The day reached after so many business days.
    pub reached: Day,
    /// Version of the calendar used.
    pub calendar: String,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// A charge that the cancellation leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeCharge {
    /// How it comes about.
    pub basis: String,
    #[serde(flatten)]
    pub sum: Taxed,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// An invoice that is not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpaid {
    pub invoice_number: String,
    /// 当初の支払期日.
    pub due: Day,
    /// Amount unpaid, with tax.
    pub amount: Yen,
    /// Late interest up to the day of the notice's `interest_to`.
    pub interest: Yen,
    #[serde(default)]
    pub clauses: Vec<String>,
}
