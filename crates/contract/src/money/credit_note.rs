//! Credit notes (返還請求書): what was charged in excess, given back on paper.

use crate::declare::prelude::*;
use crate::money::charges::{Run, credit_notes};
use crate::money::invoice::{InvoiceKind, InvoiceLine, TaxGroup};
use crate::who::roles::Role::{Billing, ContractApprover, Legal};

pub(crate) const CREDIT_NOTE: Rule =
    Rule::new("credit_note", 1, "返還請求書による減額", "reduction by a credit note")
        .clauses(&["14-3", "24-2"])
        .readings(&["A-50"])
        .parameters(&["overpayment.return"]);

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

impl Entry for CreditNote {
    const NAME: &'static str = "credit_note_issued";
    const CLAUSES: &'static [&'static str] = &["14-3", "24-2"];
    const TITLE: Words = Words::new("返還請求書の発行", "credit note issued");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let owed = Reach::Owed(self.issued_on);
        vec![Reach::Money(None), Reach::Invoice(&self.invoice), owed]
    }

    fn line(&self, l: Reader) -> String {
        let (number, on, invoice) = (&self.number, self.issued_on, &self.invoice);
        let total = yen(-self.total, l);
        say!(
            l,
            "請求書{invoice}に対する返還請求書{number}を{on}に発行（{total}）",
            "credit note {number} on invoice {invoice} issued on {on} ({total})"
        )
    }
}

/// The mail with a credit note went out.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CreditNoteSent {
    pub number: String,
    pub message_id: String,
}

impl Entry for CreditNoteSent {
    const NAME: &'static str = "credit_note_sent";
    const CLAUSES: &'static [&'static str] = &["14-3", "24-2"];
    const TITLE: Words = Words::new("返還請求書の送付", "credit note sent");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let CreditNoteSent { number, .. } = self;
        say!(l, "返還請求書{number}をメールで送付", "credit note {number} sent by mail")
    }
}

/// credit notes (返還請求書) for what was charged in excess up to this
/// service month; `amount` is what they come to, with tax.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CorrectInvoices {
    pub month: Month,
    pub amount: Yen,
}

impl Entry for CorrectInvoices {
    const NAME: &'static str = "correct_invoices";
    const CLAUSES: &'static [&'static str] = &["14-3", "24-2"];
    const TITLE: Words = Words::new("請求しすぎの訂正", "excess charges corrected");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let CorrectInvoices { month, .. } = self;
        let sum = yen(self.amount, l);
        say!(
            l,
            "{month}までに請求しすぎた{sum}について返還請求書を発行する",
            "issue credit notes of {sum} for what was charged in excess up to {month}"
        )
    }
}

impl Deed for CorrectInvoices {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;
    const VOIDABLE: bool = false;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let CorrectInvoices { month, amount } = *self;
        let Asked { law, case, state, at } = *asked;
        let run = Run { id: String::new(), month, issued_on: at.day() };
        let notes = credit_notes(law, &case.account, state, &run, &InputId::from(""))?;
        let total: Yen = notes.iter().map(|note| -note.total).sum();
        Ok(match () {
            () if notes.is_empty() => vec![Finding::blocking("14-3", "nothing_to_credit", month)],
            () if total != amount => vec![Finding::blocking("14-3", "amount_differs", total)],
            () => Vec::new(),
        })
    }
}

/// A credit note lowered a receivable.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CreditApplied {
    pub note: String,
    pub number: String,
    pub amount: Yen,
}

impl Following for CreditApplied {
    fn line(&self, l: Reader) -> String {
        let CreditApplied { note, number, amount } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "返還請求書{note}により請求書{number}を{amount}減額",
            "invoice {number} lowered by {amount} (credit note {note})"
        )
    }
}
