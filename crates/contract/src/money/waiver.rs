//! 26-1, 24-1: what is not asked for.

use terms::Law;

use crate::declare::prelude::*;
use crate::ending::judgement::JudgementRecorded;
use crate::money::charges::{Run, charges_of};
use crate::money::invoice::{Charge, ChargeKey, ChargeKind};
use crate::road::case::Case;
use crate::who::roles::Role::{Billing, Collections, ContractApprover, Legal};

pub(crate) const WAIVER: Rule =
    Rule::new("waiver", 1, "請求の免除", "waiver").clauses(&["26-1", "24-1"]);

/// What of a charge is not asked for.
#[derive(Serialize, Deserialize)]
pub struct Waived {
    pub waived: Yen,
}

/// What is left of late interest.
#[derive(Serialize)]
pub(crate) struct Left {
    pub left: Yen,
}

/// 26-1: late interest of this invoice is not asked for.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct WaiveInterest {
    pub number: String,
    pub amount: Yen,
}

impl Entry for WaiveInterest {
    const NAME: &'static str = "waive_interest";
    const CLAUSES: &'static [&'static str] = &["26-1"];
    const TITLE: Words = Words::new("延滞利息の免除", "late interest waived");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let WaiveInterest { number, .. } = self;
        let sum = yen(self.amount, l);
        say!(
            l,
            "請求書{number}の延滞利息{sum}を免除する",
            "waive {sum} of late interest on invoice {number}"
        )
    }
}

impl Deed for WaiveInterest {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing, Collections];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(match asked.state.receivables.get(&self.number) {
            Some(receivable) if receivable.late_interest >= self.amount => Vec::new(),
            _ => vec![Finding::blocking("26-1", "no_such_interest", &self.number)],
        })
    }
}

/// 24-1, 14-2, 9-9: a charge, or a part of it, without tax, is not asked for, as far
/// as it has not been paid (24-2); usage only by the provider's fault (32-3b).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct WaiveFee {
    pub kind: ChargeKind,
    pub contract: ContractId,
    pub line: u32,
    pub month: Month,
    pub amount: Yen,
}

impl Entry for WaiveFee {
    const NAME: &'static str = "waive_fee";
    const CLAUSES: &'static [&'static str] = &["24-1", "14-2", "9-9"];
    const TITLE: Words = Words::new("料金の免除", "fee waived");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let WaiveFee { kind, contract, line, month, .. } = self;
        let sum = yen(self.amount, l);
        let kind = names::charge_kind(*kind, l);
        say!(
            l,
            "契約{contract}の明細{line}の{month}の{kind}のうち{sum}（税抜）を免除する",
            "waive {sum} without tax of the {kind} of {month} for line {line} of contract {contract}"
        )
    }
}

impl Deed for WaiveFee {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing, Collections];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let WaiveFee { kind, ref contract, line, month, amount } = *self;
        let Asked { law, case, state, at } = *asked;
        let run = Run { id: String::new(), month, issued_on: at.day() };
        let charges = charges_of(law, state, &run, |key| self.is_of(key))?;
        Ok(match () {
            () if kind == ChargeKind::LateInterest || sum(&charges) < amount => {
                vec![Finding::blocking(
                    "24-1",
                    "no_such_charge",
                    format!("{contract}/{line} {month}"),
                )]
            }
            () if kind == ChargeKind::Usage && !is_providers_fault(case, contract) => {
                vec![Finding::blocking("32-2b", "no_fault_of_provider", contract)]
            }
            () => self.already_paid(law, state, &charges),
        })
    }
}

/// Late interest of an invoice that is not asked for.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct InterestWaived {
    pub number: String,
    pub amount: Yen,
}

impl Following for InterestWaived {
    fn line(&self, l: Reader) -> String {
        let InterestWaived { number, amount } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "請求書{number}の延滞利息のうち{amount}を免除",
            "{amount} of late interest on invoice {number} waived"
        )
    }
}

impl WaiveFee {
    fn is_of(&self, key: &ChargeKey) -> bool {
        key.kind == self.kind
            && key.contract == self.contract
            && key.line == self.line
            && key.month == self.month
    }

    /// 24-2: what was paid of a fee that was owed is not returned, by a waiver neither. As
    /// much can be waived as the invoices with the fee still leave open.
    fn already_paid(&self, law: &Law, state: &AccountState, charges: &[Charge]) -> Vec<Finding> {
        let invoiced = state.receivables.values().filter(|receivable| {
            receivable.invoice.lines.iter().any(|line| self.is_of(&line.charge.key))
        });
        let open: Vec<Yen> = invoiced.map(|receivable| receivable.outstanding).collect();
        let point = charges.iter().find_map(|charge| charge.tax_point);
        let rate = point.and_then(|day| law.tax.at(day).ok());
        let amount = self.amount;
        let with_tax = amount + rate.map_or(Yen::ZERO, |rate| rate.on(amount));
        let left: Yen = open.iter().copied().sum();
        match open.is_empty() || left >= with_tax {
            true => Vec::new(),
            false => vec![Finding::blocking("24-2", "fee_paid", left)],
        }
    }
}

fn sum(charges: &[Charge]) -> Yen {
    charges.iter().map(|charge| charge.amount).sum()
}

/// 32-3b: what others used with the customer's account is owed (32-2b), unless somebody
/// found intent or negligence of the provider, with the document that shows it.
fn is_providers_fault(case: &Case, contract: &ContractId) -> bool {
    let mut judged = case.in_force().facts::<JudgementRecorded>();
    judged.any(|(_, judged)| judged.clause == "32-3b" && judged.about == contract.0)
}
