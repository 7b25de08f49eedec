//! Credit notes (返還請求書): what was charged in excess, given back on paper.

use reckon::{Day, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declare::ids::{ContractId, InputId};
use crate::declare::reason::Because;
use crate::money::invoice::{InvoiceKind, InvoiceLine, TaxGroup};

/// A credit note against one invoice. Drafts carry no number; an issued one
/// never changes. Amounts are negative.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CreditNote {
    pub number: String,
    /// The approved act that asked for it, and the draft that it was.
    pub act: InputId,
    pub draft: String,
    /// The invoice that charged too much, its date and kind.
    pub invoice: String,
    pub invoice_issued_on: Day,
    pub kind: InvoiceKind,
    pub issued_on: Day,
    /// `charge` says what should have been charged; `amount` is what this note
    /// takes off this invoice.
    pub lines: Vec<InvoiceLine>,
    pub tax_groups: Vec<TaxGroup>,
    /// With tax: negative.
    pub total: Yen,
    pub because_tax: Because,
}

impl CreditNote {
    /// The contract that stands first on it.
    pub fn contract(&self) -> Option<&ContractId> {
        self.lines.first().map(|line| &line.charge.key.contract)
    }
}
