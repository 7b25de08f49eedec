//! 請求書 (qualified invoice) and 延滞利息請求書.

use reckon::{Day, Decimal, Month, Yen};
use serde::{Deserialize, Serialize};

use super::{DayRange, Letterhead, Note, Taxed};

/// What an invoice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// Fees of a service month.
    Fee,
    /// Late interest, outside the scope of consumption tax.
    LateInterest,
    /// Fees of the rest of a minimum term.
    EarlyTermination,
    /// Costs that the customer has to bear.
    CostRecovery,
}

impl InvoiceKind {
    pub(super) fn title(self) -> &'static str {
        match self {
            InvoiceKind::LateInterest => "延滞利息請求書",
            _ => "請求書",
        }
    }
}

/// An invoice. `render` refuses one whose figures do not sum up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub head: Letterhead,
    pub kind: InvoiceKind,
    /// 件名.
    pub subject: String,
    /// 対象期間, where the invoice is of one month.
    #[serde(default)]
    pub service_month: Option<Month>,
    /// ご請求金額（税込）: the sum of `summary`.
    pub amount_due: Yen,
    /// お支払期限.
    pub due: Day,
    /// Clauses on which the due date rests.
    #[serde(default)]
    pub due_clauses: Vec<String>,
    #[serde(default)]
    pub lines: Vec<InvoiceLine>,
    /// The computation, for late interest.
    #[serde(default)]
    pub interest: Vec<InterestLine>,
    /// One row per tax rate, and one for what is not taxed.
    pub summary: Vec<RateSummary>,
    /// To which it is paid; none where it is paid by direct debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<BankAccount>,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// 品目.
    pub item: String,
    /// Smaller, below the item.
    #[serde(default)]
    pub detail: Option<String>,
    /// 期間, if the line has its own.
    #[serde(default)]
    pub period: Option<DayRange>,
    /// Set on a correction (訂正): the service month that it corrects.
    #[serde(default)]
    pub corrects: Option<Month>,
    #[serde(default)]
    pub quantity: Option<Decimal>,
    /// Unit of the quantity, such as 台.
    #[serde(default)]
    pub unit: String,
    /// 単価 without tax.
    #[serde(default)]
    pub unit_price: Option<Decimal>,
    /// 金額 without tax; negative where it is given back.
    pub amount: Yen,
    /// Tax rate in per cent; `None` is 対象外.
    pub percent: Option<u32>,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// The row of one tax rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateSummary {
    /// Tax rate in per cent; `None` is 対象外.
    pub percent: Option<u32>,
    #[serde(flatten)]
    pub sum: Taxed,
}

/// Late interest on one unpaid principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestLine {
    /// 元の請求書番号.
    pub invoice_number: String,
    /// 元本.
    pub principal: Yen,
    /// 支払期日.
    pub due: Day,
    /// 入金日.
    pub paid: Day,
    /// First and last day that are counted; `None` prints nothing of them.
    #[serde(default)]
    pub counted: Option<DayRange>,
    pub days: i64,
    /// 年率 in per cent: `14.6`.
    pub annual_percent: Decimal,
    /// 計算式 as text.
    pub formula: String,
    pub interest: Yen,
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// 振込先.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    pub bank: String,
    pub branch: String,
    /// 普通 or 当座.
    pub kind: String,
    pub number: String,
    /// 口座名義（カナ）.
    pub holder_kana: String,
}
