//! 返還請求書: what an invoice charged in excess is given back. It carries what a
//! 適格返還請求書 must: the issuer's number, the invoice and its date, what was
//! supplied when, and the amount and tax of each rate.

use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};

use super::{InvoiceLine, Letterhead, Note, RateSummary};

/// A credit note. `render` refuses one whose figures do not sum up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    pub head: Letterhead,
    /// 件名.
    pub subject: String,
    /// The invoice that charged too much, and its date.
    pub invoice_number: String,
    pub invoice_date: Day,
    /// 減額（税込）: the sum of `summary`, without its sign.
    pub amount: Yen,
    /// Amounts without tax, negative.
    pub lines: Vec<InvoiceLine>,
    /// One row per tax rate, and one for what is not taxed; negative.
    pub summary: Vec<RateSummary>,
    #[serde(default)]
    pub notes: Vec<Note>,
}
