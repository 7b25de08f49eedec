//! What the API answers, as types: the document of the API is made from them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use contract::Person;
use contract::declare::ids::{AccountId, ApplicationId};
use contract::declare::reason::Finding;
use contract::declare::words::Sentence;
use contract::money::invoice::Invoice;
use contract::road::shown;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use document::wording::{self, Language};
use engine::Outcome;
use reckon::{Day, Moment, Yen};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

use crate::web::dates::Coming;

/// A row of a read model: its id, its account, and what is shown of `T`. Rows that
/// were written by an earlier version have fewer fields, and voided ones only a
/// status: nothing but the id and the account is sure to be there.
pub struct Item<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Item<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Item", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let account = generator.subschema_for::<AccountId>();
        if let Some(Value::Object(fields)) = schema.get_mut("properties") {
            if fields.contains_key("status") {
                fields.insert("status".to_owned(), json!({ "type": "string" }));
            }
            fields.insert("id".to_owned(), json!({ "type": "string" }));
            fields.insert("account".to_owned(), account.to_value());
            fields.insert("name".to_owned(), json!({ "type": "string" }));
        }
        schema.insert("required".to_owned(), json!(["id", "account"]));
        schema
    }
}

/// A row that tells of something with a short number, such as `CTR-2026-0001`.
pub struct NumberedItem<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for NumberedItem<T> {
    fn schema_name() -> Cow<'static, str> {
        Item::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Item::<T>::json_schema(generator);
        if let Some(Value::Object(fields)) = schema.get_mut("properties") {
            let said = "The short number that people say in place of the id.";
            fields.insert("number".to_owned(), json!({ "type": "string", "description": said }));
        }
        schema
    }
}

/// An element of a list within an account, with that account.
pub struct Of<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Of<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OfAccount", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let account = generator.subschema_for::<AccountId>();
        if let Some(Value::Object(fields)) = schema.get_mut("properties") {
            fields.insert("account".to_owned(), account.to_value());
        }
        schema
    }
}

/// Problem details (RFC 9457). `because` has every ground that speaks against it.
#[derive(JsonSchema)]
#[allow(dead_code)] // Written by the frame; here for its schema.
pub struct Problem {
    /// `urn:yakkan:problem:` and a word for programs.
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    because: Vec<Ground>,
}

/// A finding in words.
#[derive(Serialize, JsonSchema)]
pub struct Ground {
    #[serde(flatten)]
    pub finding: Finding,
    pub ja: String,
    pub en: String,
}

impl Ground {
    pub fn of(finding: &Finding) -> Ground {
        Ground {
            finding: finding.clone(),
            ja: wording::finding(finding, Language::Japanese),
            en: wording::finding(finding, Language::English),
        }
    }
}

/// Whether the process answers.
#[derive(JsonSchema)]
#[allow(dead_code)] // Written by `monitoring`; here for its schema, as the next.
pub struct Health {
    status: String,
    version: String,
}

/// Whether work can be given to it, and what stands in the way.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub struct Ready {
    status: String,
    queue_age_seconds: i64,
    reasons: Vec<String>,
}

/// One operation of the API.
#[derive(Serialize, JsonSchema)]
pub struct IndexItem {
    pub method: String,
    pub path: String,
    pub title: String,
}

/// The company behind an account, and where its money stands for those who may see it.
#[derive(JsonSchema)]
#[allow(dead_code)] // Cut out of the read model; here for its schema.
pub struct AccountItem {
    id: String,
    name: String,
    contracts: Vec<String>,
    applications: Vec<String>,
    #[serde(default)]
    outstanding: Option<Yen>,
    #[serde(default)]
    held: Option<Yen>,
}

/// A row of an invoice list, besides what stands in `Receivable`.
#[derive(JsonSchema)]
#[allow(dead_code)] // Written by the engine; here for its schema.
pub struct InvoiceRow {
    #[serde(flatten)]
    receivable: shown::Receivable,
    kind: contract::money::invoice::InvoiceKind,
    issued_on: Day,
    month: reckon::Month,
}

/// One contract as it stands.
#[derive(Serialize, JsonSchema)]
pub struct ContractDetail {
    pub id: String,
    /// The short number that people say in place of the id.
    pub number: Option<String>,
    pub account: AccountId,
    pub name: String,
    #[serde(flatten)]
    pub state: shown::Contract,
    /// Numbers of the invoices that charge for it.
    pub invoices: Vec<String>,
}

/// One issued invoice and what has become of it.
#[derive(Serialize, JsonSchema)]
pub struct InvoiceDetail {
    pub id: String,
    pub account: AccountId,
    #[serde(flatten)]
    pub invoice: Invoice,
    pub outstanding: Yen,
    pub paid_on: Option<Day>,
    pub late_interest: Yen,
    pub payments: Vec<PaymentApplied>,
}

#[derive(Serialize, JsonSchema)]
pub struct PaymentApplied {
    pub payment: String,
    pub on: Day,
    pub amount: Yen,
}

/// One line of a story.
#[derive(Serialize, JsonSchema)]
pub struct StoryLine {
    pub at: Moment,
    pub id: String,
    /// `fact`, `act`, `refused` or `follows`.
    pub kind: String,
    pub stream: String,
    pub text: String,
    pub clauses: Vec<String>,
    /// It no longer follows from what is known.
    pub retracted: bool,
    /// The page that shows why.
    pub page: String,
}

/// A day to come and what it brings.
#[derive(Serialize, JsonSchema)]
pub struct DateToCome {
    pub on: Day,
    pub what: String,
    pub about: String,
    pub whom: String,
    pub clause: String,
}

impl From<Coming> for DateToCome {
    fn from(coming: Coming) -> DateToCome {
        let Coming { on, what, about, whom, clause } = coming;
        DateToCome { on, what, about, whom, clause: clause.to_owned() }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct DocumentItem {
    pub id: String,
    pub kind: String,
    pub name: String,
}

/// The people of a contract.
#[derive(Serialize, JsonSchema)]
pub struct People {
    pub items: Vec<Person>,
}

/// Why: one explanation for each decision that the id names.
#[derive(JsonSchema)]
#[allow(dead_code)] // Gathered by the engine; here for its schema.
pub struct Why {
    id: String,
    items: Vec<WhyItem>,
}

#[derive(JsonSchema)]
#[allow(dead_code)]
pub struct WhyItem {
    heading: String,
    clauses: Vec<WhyClause>,
    /// The whole explanation as text, in aligned columns.
    text: String,
    /// Only for staff.
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
}

#[derive(JsonSchema)]
#[allow(dead_code)]
pub struct WhyClause {
    id: String,
    ja: String,
    en: String,
}

/// Who is asking.
#[derive(Serialize, JsonSchema)]
pub struct Me {
    pub person: String,
    pub name: String,
    pub account: Option<AccountId>,
    pub roles: Vec<Hat>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Hat {
    pub role: Role,
    pub deputy_for: Option<String>,
    pub approves_up_to: Option<Yen>,
}

impl Hat {
    pub fn of(actor: &Actor) -> Hat {
        Hat {
            role: actor.role,
            deputy_for: actor.deputy_for.clone(),
            approves_up_to: actor.approves_up_to,
        }
    }
}

/// What became of something registered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Taken {
    /// Always false here: what was refused is answered as a problem.
    pub refused: bool,
    /// Warnings that did not stand in its way.
    pub findings: Vec<Finding>,
    /// The same had been sent before: nothing was done now.
    pub repeated: bool,
    /// How many events came of it.
    pub events: usize,
}

impl Taken {
    pub fn of(outcome: Outcome) -> Taken {
        let Outcome { refused, findings, events, repeated } = outcome;
        Taken { refused, findings, repeated, events: events.len() }
    }
}

/// An application that was registered, with the names that it got.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ApplicationTaken {
    pub account: AccountId,
    pub application: ApplicationId,
    /// The short number that people say in place of the id.
    pub number: Option<String>,
    #[serde(flatten)]
    pub taken: Taken,
}

/// What a deposit file came to.
#[derive(Serialize, JsonSchema)]
pub struct DepositsTaken {
    /// Movements that were booked now.
    pub applied: u32,
    /// Movements that had been booked before, from this file or another.
    pub known: u32,
    /// Rows that a person has to look at, with the reason: they stay visible.
    pub unmatched: Vec<Sentence>,
    /// The same, each with the customers whose it may be.
    pub waiting: Vec<engine::MovementDetails>,
    /// What was booked and does not go by all that its row says.
    pub doubts: Vec<String>,
    pub repeated: bool,
}

/// A movement of the bank that waits for a person.
#[derive(Serialize, JsonSchema)]
pub struct WaitingMovementItem {
    /// Of the movement, whatever file it stands in.
    pub id: String,
    /// The file in which it was read first, and its row there.
    pub file: String,
    pub row: u32,
    /// What is wrong and what to do.
    pub reason: String,
    /// What the bank says of it and whose it may be; none for those of older programs.
    pub details: Option<engine::MovementDetails>,
}

impl From<engine::WaitingMovement> for WaitingMovementItem {
    fn from(movement: engine::WaitingMovement) -> WaitingMovementItem {
        let engine::WaitingMovement { id, file, row, reason, content } = movement;
        let details = serde_json::from_value(content).ok();
        WaitingMovementItem { id, file, row, reason, details }
    }
}

/// What a usage file came to.
#[derive(Serialize, JsonSchema)]
pub struct UsageTaken {
    /// Rows that count now, those that replace others included.
    pub accepted: u64,
    /// Of them, rows that replace what was counted for the same time before.
    pub replaced: u64,
    /// Rows that were counted before, from this file or another.
    pub known: u64,
    /// Rows that were not taken, with the reason: they stay visible.
    pub refused: Vec<Sentence>,
    /// What was counted and is doubtful, such as more hours than its time has.
    pub doubts: Vec<String>,
    pub repeated: bool,
}

/// What a billing run came to.
#[derive(Serialize, JsonSchema)]
pub struct RunTaken {
    /// Numbers of the invoices of the run, in their order.
    pub issued: Vec<String>,
    /// What could not be priced or must wait, with the account.
    pub held_back: Vec<String>,
    pub repeated: bool,
}

/// Where the clock stands after it was moved.
#[derive(Serialize, JsonSchema)]
pub struct ClockMoved {
    pub now: Moment,
    pub due_moments: u64,
}
