//! What a step does, in its own words: each chapter an enum of its own, which the part of
//! the player takes that plays it.

use std::collections::{BTreeMap, BTreeSet};

use contract::PersonRole;
use contract::application::checks::CheckResult;
use contract::application::receiving::Change;
use contract::declare::door::{Doorway, Of};
use contract::ending::renewal::Side;
use contract::money::invoice::ChargeKind;
use contract::money::payment::Part;
use contract::notices::notice::Channel;
use contract::registered::filing::DocumentKind;
use contract::registered::parties::BillTo;
use reckon::{Day, Moment, Month, Yen};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use terms::CheckKind;

use super::files::DepositText;
use super::form::{FormText, QuoteText};
use super::when::{moment, optional_moment};
use crate::gates::filing::DocumentQuery;

/// What happens. Names are those that an earlier step gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(remote = "Self", tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Nothing; only time passes.
    Wait {},
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
    #[serde(skip)]
    Receiving(Receiving),
    #[serde(skip)]
    Desk(Desk),
    #[serde(skip)]
    Arrivals(Arrivals),
    #[serde(skip)]
    Notices(Notices),
    #[serde(skip)]
    Import(Import),
    #[serde(skip)]
    Dated(Dated),
    /// What mends something, under its own name.
    #[serde(skip)]
    Correction(Correction),
    #[serde(skip)]
    OfMoney(OfMoney),
    /// An entry as its door asks for it, under the word of the door.
    #[serde(skip)]
    Entry(Box<Typed>),
}

steps! {
    /// What comes in about an application.
    pub enum Receiving {
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
    }
}

steps! {
    /// What the desk issues, files and is told.
    pub enum Desk {
        /// A quotation (見積書) is issued, today.
        Quote {
            name: String,
            quote: Box<QuoteText>,
        },
        /// The customer's order on a quotation (発注書).
        PurchaseOrder(Box<OrderText>),
        /// A paper or file is filed, to be found again.
        FileDocument(Box<DocumentText>),
        /// Looks for filed documents; what is found is the result.
        Search {
            query: DocumentQuery,
        },
        /// 10-1: a change of registered data is notified, for a planned day.
        NotifyChange(Box<ChangeText>),
    }
}

steps! {
    /// Checks, and what arrives to end a contract.
    pub enum Arrivals {
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
    }
}

steps! {
    /// Notices of the operator.
    pub enum Notices {
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
    }
}

steps! {
    /// What is read from files.
    pub enum Import {
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
    }
}

steps! {
    /// What may have happened before it is known.
    pub enum Dated {
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
        /// Money entered by hand.
        Payment {
            account: String,
            amount: Yen,
            #[serde(default)]
            on: Option<Day>,
            #[serde(default)]
            names: Vec<String>,
        },
        /// The entry of an earlier step, by its number, was wrong. As the program took
        /// it before such a correction needed two persons.
        Void {
            step: usize,
            reason: String,
        },
    }
}

steps! {
    /// A correction, by the names, steps and invoices of the scenario.
    pub enum Correction {
        /// The entry of an earlier step, by its number, was wrong.
        VoidEntry {
            step: usize,
        },
        /// As `void_entry`, and what happened instead: an action like that step's.
        CorrectEntry {
            step: usize,
            by: Box<Action>,
        },
        HeldReturned {
            account: String,
            amount: Yen,
            #[serde(default)]
            on: Option<Day>,
            #[serde(default)]
            reference: String,
        },
        WaiveFee {
            contract: String,
            line: u32,
            kind: ChargeKind,
            month: Month,
            amount: Yen,
        },
        AmendmentCosts {
            application: String,
            costs: Vec<Yen>,
        },
        /// What both sides agreed on the cancellation form of an earlier step.
        AgreeCancellation {
            step: usize,
            contract: String,
            #[serde(default)]
            to: Option<Day>,
            document: String,
        },
    }
}

steps! {
    /// A correction of money alone.
    pub enum OfMoney {
        /// The payment of an earlier step belongs to another account.
        MovePayment {
            step: usize,
            to: String,
            amount: Yen,
        },
        CorrectInvoices {
            account: String,
            month: Month,
            amount: Yen,
        },
        UndoApplication {
            step: usize,
            invoice: String,
            amount: Yen,
        },
        ApplyPayment {
            step: usize,
            to: Vec<Part>,
        },
        OffsetHeld {
            account: String,
            invoice: String,
            amount: Yen,
        },
        ReturnHeld {
            account: String,
            amount: Yen,
        },
        WaiveInterest {
            account: String,
            invoice: String,
            amount: Yen,
        },
    }
}

/// The customer's order on a quotation (発注書).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderText {
    pub quote: String,
    pub number: String,
    #[serde(default)]
    pub application: Option<String>,
    #[serde(default)]
    pub on: Option<Day>,
    #[serde(default)]
    pub amount: Option<Yen>,
    #[serde(default)]
    pub file: Option<String>,
}

/// A paper or file is filed, to be found again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentText {
    pub application: String,
    pub kind: DocumentKind,
    pub counterparty: String,
    #[serde(default)]
    pub dated: Option<Day>,
    #[serde(default)]
    pub amount: Option<Yen>,
    /// Where the paper original is kept.
    #[serde(default)]
    pub original: Option<String>,
    /// Number of the receipt stamp (受付印).
    #[serde(default)]
    pub stamp: Option<String>,
    /// Number of the delivery record (配達記録).
    #[serde(default)]
    pub delivery: Option<String>,
    #[serde(default, deserialize_with = "optional_moment")]
    pub arrived_at: Option<Moment>,
    /// The file itself, or its text.
    #[serde(default)]
    pub file: Option<String>,
    #[serde(default)]
    pub text: String,
}

/// 10-1: a change of registered data is notified, for a planned day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeText {
    pub application: String,
    #[serde(default)]
    pub planned_on: Option<Day>,
    #[serde(default)]
    pub unplanned: bool,
    #[serde(default, deserialize_with = "optional_moment")]
    pub told_at: Option<Moment>,
    #[serde(default)]
    pub company: Option<CompanyText>,
    #[serde(default)]
    pub bill_to: Option<BillTo>,
    /// Invoices are addressed to the contracting party again.
    #[serde(default)]
    pub bill_to_customer: bool,
    /// Only those of the contract of this application, not of all.
    #[serde(default)]
    pub of_contract: bool,
    /// Names under which money comes.
    #[serde(default)]
    pub payers: Option<Vec<String>>,
    #[serde(default)]
    pub contact: Option<ContactText>,
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

/// One of a chapter, where it has this name.
macro_rules! of_chapters { ($name:ident, $table:ident, $($chapter:ident),*) => { $(
    if $chapter::names().any(|known| known == $name) {
        let step = $chapter::deserialize($table).map_err(D::Error::custom)?;
        return Ok(Action::$chapter(step));
    }
)* } }

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Action, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        let name = table.get("do").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        of_chapters!(
            name, table, Receiving, Desk, Arrivals, Notices, Import, Dated, Correction, OfMoney
        );
        let Some(doorway) = Doorway::of(&name) else {
            let own = ["wait", "bill", "cancellation_file"];
            if !own.contains(&name.as_str()) {
                return Err(D::Error::custom(no_step(&name, &own)));
            }
            return Action::deserialize(table).map_err(D::Error::custom);
        };
        table.remove("do");
        let asks = |name: &str| {
            let of = doorway.door.of;
            let asked = doorway.door.fields.iter().filter(|field| field.is_named());
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

/// Every name that `do` can have.
fn no_step(name: &str, own: &[&str]) -> String {
    let doors = Doorway::all().map(|doorway| doorway.word().to_owned());
    let known: BTreeSet<String> = Receiving::names()
        .chain(Desk::names())
        .chain(Arrivals::names())
        .chain(Notices::names())
        .chain(Import::names())
        .chain(Dated::names())
        .chain(Correction::names())
        .chain(OfMoney::names())
        .chain(doors)
        .chain(own.iter().map(|name| (*name).to_owned()))
        .collect();
    let known = known.into_iter().collect::<Vec<_>>().join(", ");
    format!("\"{name}\" is no step; there is: {known}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry that has a door is brought by it, unless its step says more, or less.
    #[test]
    fn no_step_hides_a_door_but_those_that_say_otherwise_than_it() {
        let chapters = Receiving::names()
            .chain(Desk::names())
            .chain(Arrivals::names())
            .chain(Notices::names())
            .chain(Import::names())
            .chain(Dated::names());
        let hiding: Vec<_> = chapters.filter(|name| Doorway::of(name).is_some()).collect();
        assert_eq!(hiding, ["contact", "confirm_arrival", "decline_arrival", "non_renewal"]);
    }

    #[test]
    fn what_is_no_step_is_named_with_those_that_there_are() {
        let unknown = "do = \"hope\"".parse::<toml::Table>().expect("a table");
        let error = <Action as Deserialize>::deserialize(unknown).expect_err("no step");
        let text = error.to_string();
        assert!(text.contains("hope") && text.contains("apply_payment, "), "{text}");
        assert!(text.contains("change_company, ") && text.contains("wait"), "{text}");
    }
}
