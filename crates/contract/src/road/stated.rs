//! What letters and papers state: determined once, in the record, and printed as
//! it stands there.

use reckon::{CalendarKind, Day, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::application::form::{Service, SpecialTerm, UsePeriod};
use crate::application::receiving::Change;
use crate::declare::ids::{ApplicationId, ContractId, InputId};

/// 9-3, 9-5, 9-8: the acceptance form (申込請書) of a contract, or of a change
/// contract: what was accepted, and how the contract stands with it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Order {
    pub contract: ContractId,
    pub application: ApplicationId,
    /// The terms to which the applicant assented.
    pub version: String,
    /// Set for a change contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<OrderedChange>,
    pub period: UsePeriod,
    pub lines: Vec<OrderedLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_terms: Vec<SpecialTerm>,
    /// 13-1b: business days before the expiry, and months of each extension.
    pub renewal_notice_bd: u32,
    pub extension_months: u32,
}

/// What a change contract changes, from when (9-7).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OrderedChange {
    pub from: Day,
    pub changes: Vec<Change>,
    /// The lines that it ends, as they stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<OrderedLine>,
}

/// A line as an order states it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OrderedLine {
    pub number: u32,
    pub service: Service,
    pub item: String,
    pub quantity: u32,
    /// Since when it is used, or from when it is wished for.
    pub start: Day,
    /// 14-1.
    pub minimum_term: UsePeriod,
    /// Without tax; none for a metered item or one without a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_fee: Option<Yen>,
}

/// 15-1: the receipt notice (受領通知) of a cancellation form.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Receipt {
    pub contract: ContractId,
    /// The entry of the form.
    pub form: InputId,
    /// The terms in force when it arrived (4-1b).
    pub version: String,
    /// Codes of the lines that end with the contract.
    pub items: Vec<String>,
    pub arrived_on: Day,
    pub desired: Option<Day>,
    pub effective: Day,
    pub deemed: bool,
    pub counted: Counted,
    /// 15-2: in full, of all lines then in force.
    pub last_month: Month,
    pub last_month_fee: Charged,
    /// 14-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Charged>,
    /// 15-3: what was unpaid when the form arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpaid: Vec<UnpaidInvoice>,
    /// Interest as if everything were paid on this day.
    pub interest_to: Day,
    /// The day that is offered in place of a deemed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_end: Option<Day>,
}

/// 15-1, 15-1b: how the business days of a notice were counted.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Counted {
    /// How many the desired day leaves, where one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// How many it takes.
    pub needed: u32,
    /// After how many the deemed day is, and which day that is.
    pub deemed_after: u32,
    pub earliest: Day,
    #[schemars(with = "String")]
    pub calendar: CalendarKind,
}

/// A charge without its tax, and the tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Charged {
    pub net: Yen,
    pub tax: Yen,
}

/// An invoice of a contract of which something is unpaid, interest included.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct UnpaidInvoice {
    pub number: String,
    pub due: Day,
    pub outstanding: Yen,
    pub interest: Yen,
}

/// 16-1: the notice of termination (解除通知) that carries out one act.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Termination {
    pub contract: ContractId,
    pub act: InputId,
    pub ground: String,
    /// What the ground rests on: never empty, since an act names an open right.
    pub circumstances: Vec<Circumstance>,
    /// The later day that the act names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// 16-2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpaid: Vec<UnpaidInvoice>,
    pub interest_to: Day,
    pub payable_by: Day,
}

/// One thing on which a ground of 16-1 rests.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Circumstance {
    /// 16-1(2): an invoice unpaid for so long.
    Arrears { number: String, due: Day, outstanding: Yen },
    /// What a person recorded, and the day of it.
    Recorded { input: InputId, on: Day },
}

impl Circumstance {
    /// What the right is about that rests on it: an invoice or the contract.
    pub fn about<'a>(&'a self, contract: &'a ContractId) -> &'a str {
        match self {
            Circumstance::Arrears { number, .. } => number,
            Circumstance::Recorded { .. } => &contract.0,
        }
    }
}
