//! Parallel months: what an earlier way charged for a month, line by line beside
//! what the terms say, and every yen of difference with the reason for it.
//!
//! Reasons are proven, not guessed: one is given only where counting in that way
//! comes to the other amount to the yen. What none explains is
//! [`Difference::Unexplained`], and somebody must look.

mod reason;
mod tax;

use std::collections::{BTreeMap, BTreeSet};

use reckon::{Day, Decimal, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Law, LawError};

use crate::declare::ids::ContractId;
use crate::declare::reason::Because;
use crate::declare::words::Language;
use crate::money::charges::of_month;
use crate::money::invoice::{Charge, ChargeKind};
use crate::road::unfold::AccountState;

/// An invoice of the earlier way for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldInvoice {
    pub number: String,
    pub lines: Vec<OldLine>,
    /// As it stood on the invoice.
    pub tax: Yen,
}

/// A line that the earlier way charged, without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldLine {
    pub contract: ContractId,
    /// None where the earlier way knows no numbers of lines.
    pub line: Option<u32>,
    pub kind: ChargeKind,
    pub item: String,
    pub amount: Yen,
}

/// What both ways came to for one account and service month.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema, Serialize)]
pub struct Compared {
    pub lines: Vec<ComparedLine>,
    pub taxes: Vec<ComparedTax>,
    /// With tax.
    pub ours: Yen,
    /// With tax.
    pub theirs: Yen,
    /// What the price table gives no price for: not compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<String>,
}

impl Compared {
    /// Theirs less ours, with tax: the sum of all rows.
    ///
    /// ```
    /// assert!(contract::compare::Compared::default().difference().is_zero());
    /// ```
    pub fn difference(&self) -> Yen {
        self.theirs - self.ours
    }
}

/// One charge of both sides, without tax.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ComparedLine {
    pub contract: ContractId,
    pub line: u32,
    pub kind: ChargeKind,
    pub item: String,
    pub ours: Yen,
    pub theirs: Yen,
    /// Why they differ; none where they agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Difference>,
    /// Why ours is what it is; none where the terms charge nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}

/// A difference of tax that does not come from one line alone.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ComparedTax {
    /// The earlier invoice; none when it concerns all of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// Theirs less ours.
    pub difference: Yen,
    pub reason: Difference,
}

/// What the earlier way did otherwise.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Difference {
    /// It charged nothing for what the terms charge.
    NotCharged,
    /// It charged nothing while the service was suspended; the fee runs (24-3).
    NotChargedWhileStopped,
    /// The contract is not in the record.
    UnknownContract,
    /// The contract has no such line or item.
    UnknownLine,
    /// Use of the line had not begun, or the contract or line was over (24-1).
    OutsideOfUse,
    /// No usage is on record that would be charged (23-1).
    NoUsageOnRecord,
    /// The terms charge nothing of this kind in this month.
    NothingDue,
    /// A price of the table that is not in force on the first of the month (A-08).
    OtherPrice { from: Day, yen: Decimal },
    /// The list price where a fee was agreed (1-2).
    ListPrice { yen: Decimal },
    /// Days in place of the whole month (24-1, 15-2).
    Prorated { days: u32, of: u32 },
    /// The whole month where the price table prorates the first one (A-20).
    NotProrated,
    /// Another quantity.
    Quantity { theirs: u32 },
    /// The tax is in the amount (24-1).
    WithTax,
    /// The monthly cap of the item was left out.
    NotCapped,
    /// What was waived here with approval is asked for.
    NotWaived,
    /// Rounded otherwise than down for each line (27-1, A-89).
    Rounded { how: Rounding },
    /// Another number of months of the minimum term that is left (14-2).
    Months { theirs: u32, ours: u32 },
    /// The tax on the lines that differ.
    TaxOfLines,
    /// Another number of invoices, each with a rounding of its own (27-1).
    TaxByOtherInvoices,
    /// The tax was rounded otherwise than down once for each invoice and rate (27-1).
    TaxRounded { how: Rounding },
    /// Tax on what bears none, such as late interest (26-1).
    TaxOnUntaxed,
    /// Another rate of tax.
    TaxRate { percent: u32 },
    /// None of these comes to the amount: somebody must look.
    Unexplained,
}

/// How a fraction of a yen was treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    HalfUp,
    Up,
    /// Down, once on the sum.
    DownOnSum,
    /// Half up, once on the sum.
    HalfUpOnSum,
    /// Down, on each line.
    DownByLine,
    /// Half up, on each line.
    HalfUpByLine,
}

/// A charge of one kind for one item of a line.
type Key = (ContractId, u32, ChargeKind, String);

/// Compares what an earlier way charged an account for a service month with what
/// the terms charge for it, whoever charged it. Amounts in yen.
///
/// # Errors
/// When an agreement of a contract cannot be laid over the law.
pub fn compare(
    law: &Law,
    state: &AccountState,
    month: Month,
    invoices: &[OldInvoice],
) -> Result<Compared, LawError> {
    let found = of_month(law, state, month)?;
    let mut here: BTreeMap<Key, Vec<&Charge>> = BTreeMap::new();
    for charge in &found.charges {
        here.entry(key_of(charge)).or_default().push(charge);
    }
    let mut there: BTreeMap<Key, Yen> = BTreeMap::new();
    for old in invoices.iter().flat_map(|invoice| &invoice.lines) {
        *there.entry(old_key(state, old)).or_default() += old.amount;
    }
    let keys: BTreeSet<&Key> = here.keys().chain(there.keys()).collect();
    let lines: Vec<_> = keys
        .into_iter()
        .map(|key| {
            let charges = here.get(key).map(Vec::as_slice).unwrap_or_default();
            let ours: Yen = charges.iter().map(|charge| charge.amount).sum();
            let theirs = there.get(key).copied().unwrap_or_default();
            let side = reason::Side { law, state, month, key, charges, ours };
            ComparedLine {
                contract: key.0.clone(),
                line: key.1,
                kind: key.2,
                item: key.3.clone(),
                ours,
                theirs,
                reason: (ours != theirs).then(|| side.reason(theirs)),
                because: charges.first().map(|charge| charge.because.clone()),
            }
        })
        .collect();
    let differ = lines.iter().any(|line| line.ours != line.theirs);
    let taxes = tax::compared(law, state, &found, month, invoices, differ);
    let net = |side: fn(&ComparedLine) -> Yen| lines.iter().map(side).sum::<Yen>();
    let ours = net(|line| line.ours) + found.tax;
    let theirs = net(|line| line.theirs) + invoices.iter().map(|invoice| invoice.tax).sum();
    let unpriced = found.unpriced.iter().map(|what| what.line(Language::English)).collect();
    Ok(Compared { lines, taxes, ours, theirs, unpriced })
}

fn key_of(charge: &Charge) -> Key {
    let key = &charge.key;
    (key.contract.clone(), key.line, key.kind, key.item.clone())
}

fn old_key(state: &AccountState, old: &OldLine) -> Key {
    let line = old.line.unwrap_or_else(|| line_of(state, old));
    (old.contract.clone(), line, old.kind, old.item.clone())
}

/// The line of the item, where the earlier way gives no number.
fn line_of(state: &AccountState, old: &OldLine) -> u32 {
    let lines = state.contracts.get(&old.contract).map(|contract| &contract.lines);
    let line = lines.and_then(|lines| lines.iter().find(|line| line.item == old.item));
    line.map_or(0, |line| line.number)
}
