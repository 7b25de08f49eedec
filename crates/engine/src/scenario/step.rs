//! The file: what happens when, by whom, and what is expected then.

use std::collections::BTreeMap;

use contract::PersonRole;
use contract::application::checks::CheckResult;
use contract::application::receiving::Change;
use contract::declare::door::{Doorway, Of};
use contract::ending::renewal::Side;
use contract::notices::notice::Channel;
use contract::registered::filing::DocumentKind;
use contract::registered::parties::BillTo;
use reckon::{Day, Moment, Month, Yen};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use terms::CheckKind;

use super::correction::Correction;
use super::expect::Expectation;
use super::files::DepositText;
use super::form::{FormText, QuoteText};
use crate::gates::filing::DocumentQuery;

/// A life with its start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub title: String,
    #[serde(default)]
    pub note: String,
    /// Where the clock stands at first.
    #[serde(deserialize_with = "moment")]
    pub start: Moment,
    /// File of the operator beside the scenario; the sample reseller without one.
    #[serde(default)]
    pub operator: Option<String>,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// One step: at its moment, everything due before is done first.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: Moment,
    /// Person of the operator's file; `desk` steps default to the first one.
    pub by: Option<String>,
    /// Of an act that needs two persons: who proposes it, before `by` approves.
    pub proposed_by: Option<String>,
    pub note: String,
    pub action: Action,
    pub expect: Vec<Expectation>,
    /// Nothing is done between the step before and this one: the machine slept.
    pub asleep: bool,
}

/// What happens. Names are those that an earlier step gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self", tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Nothing; only time passes.
    Wait {},
    /// 9-2: an application, by its content.
    Application {
        name: String,
        #[serde(default = "paper")]
        channel: Channel,
        #[serde(default)]
        reference: Option<String>,
        /// The checks that the operator requires passed the same day (9-10).
        #[serde(default = "yes")]
        checked: bool,
        form: Box<FormText>,
    },
    /// 9-2: an application mail with the form attached (.eml).
    ApplicationMail {
        name: String,
        file: String,
        #[serde(default = "yes")]
        checked: bool,
    },
    /// 9-10(3), 9-10(5): a check of the company was made.
    Check {
        application: String,
        kind: CheckKind,
        #[serde(default = "passed")]
        result: CheckResult,
        /// Who made it: the person of the step without one.
        #[serde(default)]
        made_by: Option<String>,
        #[serde(default)]
        on: Option<Day>,
        expires_on: Day,
        #[serde(default)]
        document: String,
        /// What shows it, as a file to be kept.
        #[serde(default)]
        file: Option<String>,
    },
    /// A quotation (見積書) is issued, today.
    Quote {
        name: String,
        quote: Box<QuoteText>,
    },
    /// The customer's order on a quotation (発注書).
    PurchaseOrder {
        quote: String,
        number: String,
        #[serde(default)]
        application: Option<String>,
        #[serde(default)]
        on: Option<Day>,
        #[serde(default)]
        amount: Option<Yen>,
        #[serde(default)]
        file: Option<String>,
    },
    /// A paper or file is filed, to be found again.
    FileDocument {
        application: String,
        kind: DocumentKind,
        counterparty: String,
        #[serde(default)]
        dated: Option<Day>,
        #[serde(default)]
        amount: Option<Yen>,
        /// Where the paper original is kept.
        #[serde(default)]
        original: Option<String>,
        /// Number of the receipt stamp (受付印).
        #[serde(default)]
        stamp: Option<String>,
        /// Number of the delivery record (配達記録).
        #[serde(default)]
        delivery: Option<String>,
        #[serde(default, deserialize_with = "optional_moment")]
        arrived_at: Option<Moment>,
        /// The file itself, or its text.
        #[serde(default)]
        file: Option<String>,
        #[serde(default)]
        text: String,
    },
    /// Looks for filed documents; what is found is the result.
    Search {
        query: DocumentQuery,
    },
    /// 10-1: a change of registered data is notified, for a planned day.
    NotifyChange {
        application: String,
        #[serde(default)]
        planned_on: Option<Day>,
        #[serde(default)]
        unplanned: bool,
        #[serde(default, deserialize_with = "optional_moment")]
        told_at: Option<Moment>,
        #[serde(default)]
        company: Option<CompanyText>,
        #[serde(default)]
        bill_to: Option<BillTo>,
        /// Invoices are addressed to the contracting party again.
        #[serde(default)]
        bill_to_customer: bool,
        /// Only those of the contract of this application, not of all.
        #[serde(default)]
        of_contract: bool,
        /// Names under which money comes.
        #[serde(default)]
        payers: Option<Vec<String>>,
        #[serde(default)]
        contact: Option<ContactText>,
    },
    /// 9-7: an application for a change.
    Change {
        name: String,
        contract: String,
        #[serde(default = "paper")]
        channel: Channel,
        from: Day,
        changes: Vec<Change>,
    },
    /// 10-1, 30-2: whom to write to from now on.
    Contact {
        application: String,
        person: String,
        mail: String,
        #[serde(default)]
        phone: String,
    },
    NonRenewal {
        contract: String,
        by: Side,
        channel: Channel,
        #[serde(default, deserialize_with = "optional_moment")]
        sent_at: Option<Moment>,
        #[serde(default, deserialize_with = "optional_moment")]
        arrived_at: Option<Moment>,
        #[serde(default)]
        against: Option<Day>,
    },
    Cancellation {
        contract: String,
        #[serde(default = "paper")]
        channel: Channel,
        #[serde(default, deserialize_with = "optional_moment")]
        arrived_at: Option<Moment>,
        #[serde(default)]
        desired: Option<Day>,
        #[serde(default)]
        signed_by: Option<String>,
    },
    /// What a wish to stop would come to under 15-1 and 13-1b; nothing is registered.
    TryToStop {
        contract: String,
        #[serde(default)]
        desired: Option<Day>,
    },
    /// 15-1: a cancellation by a page: what the channel cannot do in law, it says.
    SubmitCancellation {
        contract: String,
        #[serde(default = "portal")]
        channel: Channel,
        #[serde(default)]
        desired: Option<Day>,
        #[serde(default)]
        signed_by: Option<String>,
    },
    /// 15-1, 30-1: a second person's word on the arrivals that wait for one.
    ConfirmArrival {
        contract: String,
    },
    DeclineArrival {
        contract: String,
    },
    /// The same as a form file (.xlsx).
    CancellationFile {
        file: String,
        #[serde(default, deserialize_with = "optional_moment")]
        arrived_at: Option<Moment>,
    },
    Bill {
        month: Month,
        #[serde(default)]
        issued_on: Option<Day>,
    },
    /// Money entered by hand.
    Payment {
        account: String,
        amount: Yen,
        #[serde(default)]
        on: Option<Day>,
        #[serde(default)]
        names: Vec<String>,
    },
    DepositFile {
        file: String,
    },
    /// Deposits from which a 全銀 file is made and then read.
    Deposits {
        rows: Vec<DepositText>,
    },
    UsageFile {
        file: String,
    },
    Usage {
        rows: Vec<UsageText>,
    },
    /// The entry of an earlier step, by its number, was wrong. As the program took
    /// it before such a correction needed two persons.
    Void {
        step: usize,
        reason: String,
    },
    /// 3-1: a notice of the operator is written; it leaves, or waits for its approval.
    Notice {
        name: String,
        notice: Box<NoticeText>,
    },
    ApproveNotice {
        notice: String,
    },
    DropNotice {
        notice: String,
        reason: String,
    },
    /// The pages on which notices are posted can, or cannot, be read from now on.
    Homepage {
        up: bool,
    },
    /// What mends something, under its own name.
    #[serde(skip)]
    Correction(Correction),
    /// An entry as its door asks for it, under the word of the door.
    #[serde(skip)]
    Entry(Box<Typed>),
}

/// A notice as a step writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    pub kind: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    pub channels: Vec<Channel>,
    /// One contract, by the name of its application.
    #[serde(default)]
    pub contract: Option<String>,
    /// All contracts of one customer, by the name of an application of it.
    #[serde(default)]
    pub customer: Option<String>,
    /// Those with this service.
    #[serde(default)]
    pub service: Option<String>,
    /// Those under this version of the terms. Without any of the four: everybody.
    #[serde(default)]
    pub version: Option<String>,
    /// The notice that it withdraws, by its name.
    #[serde(default)]
    pub withdraws: Option<String>,
}

/// What the door of an entry asks for, by the names of the scenario.
#[derive(Debug, Clone)]
pub struct Typed {
    pub doorway: Doorway,
    pub fields: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Action, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        let name = table.get("do").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        if Correction::NAMES.contains(&name.as_str()) {
            return Correction::deserialize(table)
                .map(Action::Correction)
                .map_err(D::Error::custom);
        }
        // A statement of non-renewal says more here than a door asks for, and a contact
        // less.
        let is_own = [NON_RENEWAL, CONTACT].contains(&name.as_str());
        let doorway = Doorway::of(&name).filter(|_| !is_own);
        let Some(doorway) = doorway else {
            return Action::deserialize(table).map_err(D::Error::custom);
        };
        table.remove("do");
        let asks = |name: &str| {
            let of = doorway.door.of;
            let asked = doorway.door.fields.iter().filter(|field| field.is_stored());
            let mut names = asked.flat_map(|field| [field.called, field.name]);
            let account = match of {
                Of::Invoice(_) => name == "account",
                Of::Delivery(_) => false,
                Of::Matter(_) => name == "contract",
                Of::Contract(_) | Of::Application(_) | Of::Customer => false,
            };
            account || [of.name(), of.field()].contains(&name) || names.any(|known| known == name)
        };
        if let Some(strange) = table.keys().find(|name| !asks(name)) {
            return Err(D::Error::custom(format!("{name} asks for no \"{strange}\"")));
        }
        let fields =
            table.into_iter().map(|(name, value)| Ok((name, serde_json::to_value(value)?)));
        let fields = fields.collect::<Result<_, serde_json::Error>>().map_err(D::Error::custom)?;
        Ok(Action::Entry(Box::new(Typed { doorway, fields })))
    }
}

/// What changes of the company; the rest stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyText {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub kana: Option<String>,
    #[serde(default)]
    pub postal_code: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub representative_title: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactText {
    pub role: PersonRole,
    pub person: String,
    pub mail: String,
    #[serde(default)]
    pub phone: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageText {
    pub id: String,
    pub contract: String,
    pub line: u32,
    pub resource: String,
    pub item: String,
    pub quantity: String,
    #[serde(deserialize_with = "moment")]
    pub from: Moment,
    #[serde(deserialize_with = "moment")]
    pub to: Moment,
}

fn yes() -> bool {
    true
}

fn passed() -> CheckResult {
    CheckResult::Passed
}

fn portal() -> Channel {
    Channel::Portal
}

fn paper() -> Channel {
    Channel::Paper
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// A sentence naming the line, the step and the field that is wrong.
    pub fn read(text: &str) -> Result<Scenario, String> {
        let scenario: Scenario =
            toml::from_str(text).map_err(|error| format!("the scenario is wrong: {error}"))?;
        let mut before = scenario.start;
        for (number, step) in scenario.steps.iter().enumerate() {
            if step.at < before {
                let number = number + 1;
                return Err(format!(
                    "step {number} is at {}, earlier than the step before",
                    step.at
                ));
            }
            before = step.at;
        }
        Ok(scenario)
    }
}

const NON_RENEWAL: &str = "non_renewal";
const CONTACT: &str = "contact";

/// The fields of every step, beside those of its action.
#[derive(Deserialize)]
struct Common {
    #[serde(deserialize_with = "moment")]
    at: Moment,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    proposed_by: Option<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    expect: Vec<Expectation>,
    #[serde(default)]
    asleep: bool,
}

const COMMON: [&str; 6] = ["at", "by", "proposed_by", "note", "expect", "asleep"];

impl<'de> Deserialize<'de> for Step {
    /// Takes the common fields out first, so that a misspelt field of the action
    /// is an error and not silence.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Step, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        // `by` is a field of its own in a statement of non-renewal.
        let is_statement = table.get("do").and_then(|v| v.as_str()) == Some(NON_RENEWAL);
        let mut common = toml::Table::new();
        for name in COMMON {
            if name == "by" && is_statement {
                continue;
            }
            if let Some(value) = table.remove(name) {
                common.insert(name.to_owned(), value);
            }
        }
        if !table.contains_key("do") {
            table.insert("do".to_owned(), "wait".into());
        }
        let Common { at, by, proposed_by, note, expect, asleep } =
            Common::deserialize(common).map_err(D::Error::custom)?;
        let action = <Action as Deserialize>::deserialize(table);
        let action = action.map_err(|error| D::Error::custom(format!("step at {at}: {error}")))?;
        Ok(Step { at, by, proposed_by, note, action, expect, asleep })
    }
}

/// An instant as text; a day alone means 9:00 of it.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_moment(&text).map_err(serde::de::Error::custom)
}

fn optional_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    moment(deserializer).map(Some)
}

fn read_moment(text: &str) -> Result<Moment, reckon::MomentError> {
    match text.parse::<Day>() {
        Ok(day) if text.len() == 10 => Ok(Moment::start_of(day).plus_seconds(9 * 3600)),
        _ => text.parse(),
    }
}
