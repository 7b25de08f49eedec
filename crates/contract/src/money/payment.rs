//! 25-1b: money that came, what it settled, and what is taken back.

use crate::declare::prelude::*;
use crate::money::held::held;
use crate::who::roles::Role::{Billing, ContractApprover, Legal};

pub(crate) const CASH_APPLICATION: Rule =
    Rule::new("cash_application", 1, "入金の充当", "application of a payment")
        .clauses(&["25-1b", "26-1"])
        .readings(&["A-44", "A-47"])
        .parameters(&["payment.allocation", "payment.date_rule"])
        .told_by::<CreditedOn>();
pub(crate) const OVERPAYMENT: Rule =
    Rule::new("overpayment", 1, "過入金", "overpayment").clauses(&["24-2"]).readings(&["A-50"]);
pub(crate) const APPLICATION_UNDONE: Rule =
    Rule::new("application_undone", 1, "充当の取消し", "application taken back")
        .clauses(&["25-1b"])
        .readings(&["A-50"]);

#[derive(Serialize, Deserialize)]
pub(crate) struct CreditedOn {
    pub credited_on: Day,
}

impl Told for CreditedOn {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let on = day(self.credited_on, l);
        Some(vec![say!(l, "入金日 {on}", "credited {on}")])
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Payment {
    pub on: Day,
    pub amount: Yen,
    pub payer: String,
    /// Invoices that the payer named; the oldest due first when none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// An invoice, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Part {
    pub number: String,
    pub amount: Yen,
}

impl Entry for Payment {
    const NAME: &'static str = "payment_credited";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("入金", "payment credited");
    const BY: Option<Permission> = Some(Permission::RegisterMoney);

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let named = self.names.iter().map(|number| Reach::Invoice(number));
        [Reach::Money(Some(self.on)), Reach::Owed(self.on)].into_iter().chain(named).collect()
    }

    fn line(&self, l: Reader) -> String {
        let (on, amount, payer) = (self.on, yen(self.amount, l), &self.payer);
        if payer.is_empty() {
            return say!(l, "{on}に{amount}の入金", "{amount} credited on {on}");
        }
        say!(l, "{payer}から{on}に{amount}の入金", "{amount} from {payer} credited on {on}")
    }
}

/// What a payment settled of an invoice is taken back, and held.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UndoCashApplication {
    pub payment: InputId,
    pub number: String,
    pub amount: Yen,
}

impl Entry for UndoCashApplication {
    const NAME: &'static str = "undo_cash_application";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("充当の取消し", "application of a payment undone");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Money(None), Reach::Entry(&self.payment), Reach::LeftOver]
    }

    fn line(&self, l: Reader) -> String {
        let UndoCashApplication { payment, number, .. } = self;
        let sum = yen(self.amount, l);
        say!(
            l,
            "請求書{number}への入金{payment}の充当{sum}を取り消す",
            "take {sum} of payment {payment} back from invoice {number}"
        )
    }
}

impl Deed for UndoCashApplication {
    const DOERS: &'static [Role] = &[Billing, ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(undo(asked.state, self))
    }
}

/// What is held of a payment settles these invoices, as of its own day.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ApplyPayment {
    pub payment: InputId,
    pub to: Vec<Part>,
}

impl Entry for ApplyPayment {
    const NAME: &'static str = "apply_payment";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("仮受金の充当", "payment applied");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Money(None), Reach::Entry(&self.payment), Reach::LeftOver]
    }

    fn line(&self, l: Reader) -> String {
        let ApplyPayment { payment, to } = self;
        let parts = to.iter().map(|part| format!("{} {}", part.number, yen(part.amount, l)));
        let parts = parts.collect::<Vec<_>>().join(l.pick("、", ", "));
        say!(l, "入金{payment}を充当する（{parts}）", "apply payment {payment} ({parts})")
    }
}

impl Deed for ApplyPayment {
    const DOERS: &'static [Role] = &[Billing, ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.to.iter().map(|part| part.amount).sum())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(apply(asked.state, &self.payment, &self.to))
    }
}

/// A part of a payment settled a part of an invoice.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
// An answer of the API bears the name itself.
#[schemars(rename = "PaymentAppliedFollows")]
pub struct PaymentApplied {
    pub payment: InputId,
    pub number: String,
    pub amount: Yen,
}

impl Following for PaymentApplied {
    fn line(&self, l: Reader) -> String {
        let PaymentApplied { payment, number, amount } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "入金{payment}から{amount}を請求書{number}に充当",
            "{amount} of payment {payment} applied to invoice {number}"
        )
    }
}

/// More was paid than owed: held (仮受金).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Overpaid {
    pub payment: InputId,
    pub amount: Yen,
}

impl Following for Overpaid {
    fn line(&self, l: Reader) -> String {
        let Overpaid { payment, amount } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "入金{payment}のうち{amount}は請求を超えるため仮受金とする",
            "{amount} of payment {payment} exceeds what was owed: held"
        )
    }
}

/// A part of a payment was taken back from an invoice, and is held.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ApplicationUndone {
    pub payment: InputId,
    pub number: String,
    pub amount: Yen,
}

impl Following for ApplicationUndone {
    fn line(&self, l: Reader) -> String {
        let ApplicationUndone { payment, number, amount } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "請求書{number}への入金{payment}の充当{amount}を取り消し、仮受金とする",
            "{amount} of payment {payment} taken back from invoice {number}: held"
        )
    }
}

fn undo(state: &AccountState, wish: &UndoCashApplication) -> Vec<Finding> {
    let UndoCashApplication { payment, number, amount } = wish;
    let applied: Yen = state
        .receivables
        .get(number)
        .into_iter()
        .flat_map(|receivable| &receivable.payments)
        .filter(|applied| applied.payment == *payment)
        .map(|applied| applied.amount)
        .sum();
    match () {
        () if applied.is_zero() => vec![Finding::blocking("25-1b", "not_applied", number)],
        () if applied != *amount => vec![Finding::blocking("25-1b", "amount_differs", applied)],
        () => Vec::new(),
    }
}

fn apply(state: &AccountState, payment: &InputId, to: &[Part]) -> Vec<Finding> {
    let parts = state.held_parts.iter().filter(|part| part.payment == *payment);
    let of_payment: Yen = parts.map(|part| part.amount).sum();
    let sum: Yen = to.iter().map(|part| part.amount).sum();
    let mut findings = held(state, sum);
    if sum > of_payment {
        findings.push(Finding::blocking("25-1b", "not_so_much_held", of_payment));
    }
    for part in to {
        findings.extend(owed(state, &part.number, part.amount));
        let twice = to.iter().filter(|other| other.number == part.number).count() > 1;
        if twice || !part.amount.is_positive() {
            findings.push(Finding::blocking("25-1b", "no_amount", &part.number));
        }
    }
    findings
}

/// 25-1b: no more settles an invoice than it leaves open.
pub(crate) fn owed(state: &AccountState, number: &str, amount: Yen) -> Vec<Finding> {
    match state.receivables.get(number) {
        None => vec![Finding::blocking("20-1", "unknown_subject", number)],
        Some(receivable) if amount > receivable.outstanding => {
            vec![Finding::blocking("25-1b", "above_outstanding", receivable.outstanding)]
        }
        Some(_) => Vec::new(),
    }
}
