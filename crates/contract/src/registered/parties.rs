//! Article 10 and 30-2: what is registered of the customer, and its changes. The
//! contracting party, whom invoices are addressed to (請求先), who pays and whom
//! to write to are separate, and each holds from a day on.

use reckon::{Day, Deadline, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::Effective;

use crate::application::form::{Company, Person, PersonRole};
use crate::declare::ids::{ContractId, InputId, PersonId};
use crate::declare::sealed::Sealed;

/// What the customer notified (登録内容の変更届, 10-1).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct DataChange {
    pub what: RegisteredData,
    /// 変更予定日: it holds from the beginning of this day.
    pub planned_on: Day,
    /// The customer had not planned it, and told without delay.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unplanned: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// One thing that is registered.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum RegisteredData {
    /// 10-1(1): trade name, head office, representative. The corporate number
    /// stays: another one is another company.
    Company { company: Company },
    /// 10-1(2): the addressee of the invoices of one contract, or of all; without
    /// one it is the contracting party again.
    BillTo {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contract: Option<ContractId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<BillTo>,
    },
    /// 10-1(2): names under which money comes, besides the customer's own.
    Payers { names: Vec<String> },
    /// 10-1(2), 30-2: whom to write to; the row holds who it is.
    Contact {
        contract: ContractId,
        role: PersonRole,
        person: Sealed<Person>,
        /// The row that stays with the accounting records, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<PersonId>,
    },
}

/// To whom an invoice is addressed.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct BillTo {
    pub name: String,
    #[serde(default)]
    pub department: String,
    pub postal_code: String,
    pub address: String,
}

impl RegisteredData {
    /// By what it is called in notices and lists.
    pub fn item(&self) -> RegisteredItem {
        match self {
            RegisteredData::Company { .. } => RegisteredItem::Company,
            RegisteredData::BillTo { .. } => RegisteredItem::BillTo,
            RegisteredData::Payers { .. } => RegisteredItem::Payers,
            RegisteredData::Contact { role: PersonRole::ResponsiblePerson, .. } => {
                RegisteredItem::ResponsiblePerson
            }
            RegisteredData::Contact { .. } => RegisteredItem::Contact,
        }
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RegisteredItem {
    Company,
    BillTo,
    Payers,
    /// 30-2: to be told speedily, without the limit of 10-1.
    ResponsiblePerson,
    Contact,
}

/// 10-1: the last day on which a planned change is notified in time.
pub fn notice_limit(terms: &Effective, planned_on: Day) -> Deadline {
    terms.calendar.before(planned_on, terms.rules.registration_notice_bd, terms.rules.before_mode)
}

/// Whether a change had to be notified by a day: one that was planned, and
/// is not of the responsible person.
pub fn has_limit(change: &DataChange) -> bool {
    !change.unplanned && change.what.item() != RegisteredItem::ResponsiblePerson
}

/// Everything registered of an account, with the day from which it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub companies: Vec<Since<Company>>,
    pub bill_to: Vec<Since<BillToOf>>,
    pub payers: Vec<Since<Vec<String>>>,
    /// Names under which a person saw it pay.
    #[serde(default)]
    pub learned: Vec<Since<String>>,
    /// Row of a person, and from when it counts.
    pub contacts: Vec<(PersonId, Moment)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since<T> {
    pub from: Day,
    pub value: T,
    pub fact: InputId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillToOf {
    pub contract: Option<ContractId>,
    pub to: Option<BillTo>,
}

impl Parties {
    /// The contracting party as it was registered on a day; none before the first
    /// change: then the form says who it is.
    pub fn company_on(&self, day: Day) -> Option<&Company> {
        newest(&self.companies, day)
    }

    /// To whom the invoices of a contract are addressed on a day, if not to the
    /// contracting party. What was said of one contract goes before what was said
    /// of all.
    pub fn bill_to_on(&self, contract: &ContractId, day: Day) -> Option<&BillTo> {
        self.own_bill_to(contract, day).or_else(|| self.said_of(None, day))
    }

    /// Whom the invoices of this contract alone are addressed to on a day.
    pub fn own_bill_to(&self, contract: &ContractId, day: Day) -> Option<&BillTo> {
        self.said_of(Some(contract), day)
    }

    fn said_of(&self, contract: Option<&ContractId>, day: Day) -> Option<&BillTo> {
        let said = self.bill_to.iter().filter(|s| s.value.contract.as_ref() == contract);
        let begun = said.filter(|since| since.from <= day);
        begun.max_by_key(|since| since.from).and_then(|since| since.value.to.as_ref())
    }

    /// Names under which money came or comes up to a day: a former payer is still
    /// known, since money may come late.
    pub fn payers_up_to(&self, day: Day) -> impl Iterator<Item = &String> {
        let known = self.payers.iter().filter(move |since| since.from <= day);
        known.flat_map(|since| &since.value)
    }
}

/// The value that holds on a day; of two from one day, the one registered later.
fn newest<T>(history: &[Since<T>], day: Day) -> Option<&T> {
    let begun = history.iter().filter(|since| since.from <= day);
    begun.max_by_key(|since| since.from).map(|since| &since.value)
}
