//! What the applicant writes into the application form (申込書, 9-2), as facts
//! of the form itself: nothing here is checked against the terms.

use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::Override;

use crate::declare::sealed::{Sealed, Signature};

/// The content of an application form (登録内容) without personal data: the
/// people named in it are kept apart and named by `Person` rows (42-3).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ApplicationForm {
    pub applicant: Company,
    pub lines: Vec<LineWish>,
    /// First and last day of the period of use (利用期間, 13-1).
    pub period: UsePeriod,
    pub payment: Payment,
    /// Individual agreements that differ from the terms (1-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_terms: Vec<SpecialTerm>,
    /// Number of the quotation (見積書) on which the application rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Company {
    pub name: String,
    pub kana: String,
    /// 法人番号, 13 digits with a check digit.
    pub corporate_number: String,
    pub postal_code: String,
    pub address: String,
    pub representative_title: String,
}

/// One service wished for.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct LineWish {
    /// Number of the row in the form, from 1.
    pub number: u32,
    pub service: Service,
    /// Code of the item in the price table (別紙1).
    pub item: String,
    pub quantity: u32,
    pub start: Day,
    /// Only where agreed otherwise than one month (14-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_term_months: Option<u32>,
    /// Monthly fee agreed individually, without tax (1-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_fee: Option<Yen>,
}

/// The two kinds of service of the terms (2-1(1)).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
pub enum Service {
    /// Smart Data Platform, resold (20-2, 20-3).
    #[serde(rename = "SDPF")]
    Sdpf,
    /// The provider's own support service (21-1).
    #[serde(rename = "SDPF_SUPPORT")]
    SdpfSupport,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct UsePeriod {
    pub from: Day,
    pub to: Day,
}

/// How and when the customer pays (25-1).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "PaymentTerms")]
pub struct Payment {
    pub method: PaymentMethod,
    pub due: DueRule,
    /// Name in half-width kana by which transfers arrive, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_kana: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Invoice and bank transfer.
    Transfer,
    /// Automatic debit through a collection agent.
    Debit,
}

/// The nominal due date, counted from the month of the invoice date.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
pub struct DueRule {
    /// 1 for 翌月, 2 for 翌々月.
    pub months_after: u32,
    /// Day of that month; `None` for its end (末日).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u32>,
}

/// A parameter of the terms that the individual contract sets otherwise (1-2).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SpecialTerm {
    pub parameter: String,
    pub value: serde_json::Value,
    /// Reference of the signed document.
    pub document: String,
    pub signed_on: Day,
    /// True when it names the clause it sets aside.
    #[serde(default)]
    pub names_clause: bool,
}

impl SpecialTerm {
    /// The agreement as it is laid over the terms from a moment on (1-2).
    pub fn from(&self, from: Moment) -> Override {
        Override {
            parameter: self.parameter.clone(),
            value: self.value.clone(),
            document: self.document.clone(),
            signed_on: self.signed_on,
            from,
            names_clause: self.names_clause,
        }
    }
}

impl ApplicationForm {
    /// Every individual agreement of the form, in force from a moment on.
    pub fn agreements(&self, from: Moment) -> Vec<Override> {
        self.special_terms.iter().map(|term| term.from(from)).collect()
    }
}

/// Personal data of the people whom a form names (42-3(1)): kept as rows under
/// a key of their own, never in an event.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Person {
    pub role: PersonRole,
    pub name: String,
    #[serde(default)]
    pub department: String,
    pub mail: String,
    pub phone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// 利用責任者 (30-1).
    ResponsiblePerson,
    Billing,
    Technical,
    Emergency,
}

/// Article 15: what a cancellation form states.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct CancellationForm {
    /// 解除希望日, if one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<Day>,
    pub signed_by: Sealed<Signature>,
    /// 30-1: the signature is not that of the responsible person (利用責任者).
    #[serde(default, skip_serializing_if = "is_false")]
    pub signed_by_other: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
