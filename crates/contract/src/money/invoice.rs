//! Invoices and their lines, as data that never changes once issued.

use reckon::Decimal;

use crate::declare::prelude::*;

pub(crate) const OVERDUE: Rule = Rule::new("overdue", 1, "支払の遅れ", "overdue payment")
    .clauses(&["25-1", "26-1"])
    .readings(&["A-43"])
    .told_by::<Overdue>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Overdue {
    pub due: Day,
}

impl Told for Overdue {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let due = day(self.due, l);
        Some(vec![say!(
            l,
            "期日 {due} の終わりに未払い",
            "unpaid at the end of the due date {due}"
        )])
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// Monthly fees and usage (24-1).
    Fee,
    /// Remaining minimum-term charge (14-2).
    EarlyTermination,
    /// Late interest (26-1).
    LateInterest,
    /// Costs of a withdrawal after formation (9-9).
    CostRecovery,
}

/// What a charge is for. Charges with one key are one charge: what was charged
/// before is taken off what should be charged now.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub struct ChargeKey {
    pub kind: ChargeKind,
    pub contract: ContractId,
    pub line: u32,
    pub item: String,
    /// The resource of a metered line; the invoice of late interest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// The service month; of late interest, the month of payment.
    pub month: Month,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    MonthlyFee,
    Usage,
    EarlyTermination,
    LateInterest,
    CostRecovery,
}

impl ChargeKind {
    pub fn invoice_kind(self) -> InvoiceKind {
        match self {
            ChargeKind::MonthlyFee | ChargeKind::Usage => InvoiceKind::Fee,
            ChargeKind::EarlyTermination => InvoiceKind::EarlyTermination,
            ChargeKind::LateInterest => InvoiceKind::LateInterest,
            ChargeKind::CostRecovery => InvoiceKind::CostRecovery,
        }
    }
}

/// Something that should be charged, without tax.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Charge {
    pub key: ChargeKey,
    pub name: String,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub amount: Yen,
    /// The day whose tax rate holds; none for late interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_point: Option<Day>,
    pub because: Because,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// From 1; `INV-2026-000431/1` names the first line.
    pub number: u32,
    pub charge: Charge,
    /// What earlier invoices charged under the same key; the line's own amount
    /// is `charge.amount` less this.
    #[serde(default, skip_serializing_if = "Yen::is_zero")]
    pub charged_before: Yen,
    pub amount: Yen,
}

impl InvoiceLine {
    /// True when the line mends what an earlier invoice charged.
    pub fn is_correction(&self) -> bool {
        !self.charged_before.is_zero()
    }
}

/// All lines at one rate, and the tax on their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct TaxGroup {
    /// None for what bears no tax (late interest).
    pub percent: Option<u32>,
    pub taxable: Yen,
    pub tax: Yen,
}

/// An invoice (請求書). Drafts carry no number; an issued one never changes.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Invoice {
    pub number: String,
    pub kind: InvoiceKind,
    /// The billing run that made it, and the draft that it was.
    pub run: String,
    pub draft: String,
    /// The last service month of the run.
    pub month: Month,
    pub issued_on: Day,
    pub nominal_due: Day,
    /// Moved off a closed bank day; every later clock counts from it.
    pub due: Day,
    pub lines: Vec<InvoiceLine>,
    pub tax_groups: Vec<TaxGroup>,
    pub total: Yen,
    pub because_tax: Because,
    pub because_due: Because,
}

impl Invoice {
    /// The contracts whose charges it carries, each once.
    pub fn contracts(&self) -> Vec<&ContractId> {
        let mut ids: Vec<_> = self.lines.iter().map(|line| &line.charge.key.contract).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

impl Entry for Invoice {
    const NAME: &'static str = "invoice_issued";
    const CLAUSES: &'static [&'static str] = &["24-1", "25-1"];
    const TITLE: Words = Words::new("請求書の発行", "invoice issued");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Money(Some(self.issued_on)), Reach::Invoice(&self.number)]
    }

    fn line(&self, l: Reader) -> String {
        issued(self, l)
    }
}

/// The mail with an invoice went out.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct InvoiceSent {
    pub number: String,
    pub message_id: String,
}

impl Entry for InvoiceSent {
    const NAME: &'static str = "invoice_sent";
    const CLAUSES: &'static [&'static str] = &["25-1"];
    const TITLE: Words = Words::new("請求書の送付", "invoice sent");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let InvoiceSent { number, .. } = self;
        say!(l, "請求書{number}をメールで送付", "invoice {number} sent by mail")
    }
}

/// 25-1: nothing of an invoice is left to pay.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReceivablePaid {
    pub number: String,
    pub on: Day,
}

impl Following for ReceivablePaid {
    fn line(&self, l: Reader) -> String {
        let ReceivablePaid { number, on } = self;
        say!(l, "請求書{number}は{on}に完済", "invoice {number} paid in full on {on}")
    }
}

/// 25-1: an invoice was not paid by its due date.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReceivableOverdue {
    pub number: String,
    pub due: Day,
    pub outstanding: Yen,
}

impl Following for ReceivableOverdue {
    fn line(&self, l: Reader) -> String {
        let ReceivableOverdue { number, due, outstanding } = self;
        let outstanding = yen(*outstanding, l);
        say!(
            l,
            "請求書{number}は期日 {due} を過ぎ、{outstanding}が未払い",
            "invoice {number} overdue since {due}: {outstanding} unpaid"
        )
    }
}

fn issued(invoice: &Invoice, language: Reader) -> String {
    let (number, on, due) = (&invoice.number, invoice.issued_on, invoice.due);
    let (total, kind) = (yen(invoice.total, language), names::invoice_kind(invoice.kind, language));
    say!(
        language,
        "請求書{number}を{on}に発行（{kind}、{total}、期日 {due}）",
        "invoice {number} issued on {on} ({kind}, {total}, due {due})"
    )
}
