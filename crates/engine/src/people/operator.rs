//! The reseller: who it is, its people, its prices and its choices, as one file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use contract::who::actor::Actor;
use contract::who::roles::Role;
use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use terms::{CalendarVersion, ChosenReading, Law, LawError, Pack, PriceItem, PriceTable};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub company: Company,
    pub bank: Bank,
    pub mail: MailAddresses,
    pub invoice: InvoiceSettings,
    #[serde(default)]
    pub quote: QuoteSettings,
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    /// Readings that counsel has chosen or signed, by id.
    #[serde(default, rename = "reading")]
    pub readings: BTreeMap<String, ChosenReading>,
    /// Parameters that are the operator's to set, such as the channels.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// Choices and values that hold from a later day on.
    #[serde(default, rename = "change")]
    pub changes: Vec<DatedChange>,
    #[serde(default, rename = "calendar")]
    pub calendars: Vec<CalendarVersion>,
    #[serde(rename = "item")]
    pub items: Vec<PriceItem>,
}

/// From a day on: another option of a reading, or another value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum DatedChange {
    Reading {
        from: Day,
        reading: String,
        option: String,
        #[serde(default)]
        signed_by: Option<String>,
        #[serde(default)]
        signed_on: Option<Day>,
    },
    Parameter {
        from: Day,
        parameter: String,
        value: Value,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    pub name: String,
    pub representative: String,
    pub postal_code: String,
    pub address: String,
    pub phone: String,
    /// `T` and 13 digits (適格請求書発行事業者).
    pub registration_number: String,
    pub department: String,
    /// A file beside this one, SVG or PNG: the public site shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    pub bank: String,
    pub branch: String,
    pub kind: String,
    pub number: String,
    pub holder_kana: String,
    /// Whether a transfer under a name that a person confirmed once is booked alone from
    /// then on; it is proposed otherwise.
    #[serde(default)]
    pub learned_names_book: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailAddresses {
    /// Sender of everything, and the designated address of 9-2.
    pub from: String,
    /// Where answers go, when not to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Domain of the Message-IDs.
    pub domain: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceSettings {
    /// `INV` in `INV-2026-000431`.
    pub prefix: String,
    /// `CN` in `CN-2026-000012`, of credit notes.
    #[serde(default = "credit_prefix")]
    pub credit_prefix: String,
    /// Days that backups are kept: the certificate of erasure names the last one.
    pub backup_days: u32,
}

fn credit_prefix() -> String {
    "CN".to_owned()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// Where this person's own mails go, such as the link for a password.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
    /// Further roles of the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_roles: Vec<Role>,
    /// What this person may approve at the most; without it, any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves_up_to: Option<Yen>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteSettings {
    /// `QUO` in `QUO-2026-000012`: a series of its own.
    pub prefix: String,
}

impl Default for QuoteSettings {
    fn default() -> QuoteSettings {
        QuoteSettings { prefix: "QUO".to_owned() }
    }
}

impl Operator {
    /// Reads the operator's file.
    ///
    /// # Errors
    /// A sentence with the line where the file is wrong.
    pub fn read(text: &str) -> Result<Operator, String> {
        let operator: Operator = toml::from_str(text)
            .map_err(|error| format!("the operator's file is wrong: {error}"))?;
        let InvoiceSettings { prefix, credit_prefix, .. } = &operator.invoice;
        if prefix == credit_prefix {
            return Err(format!(
                "the operator's file is wrong: [invoice] prefix and credit_prefix are both \"{prefix}\"; give each series its own"
            ));
        }
        let contradicted = operator.calendars.iter().find_map(CalendarVersion::contradiction);
        if let Some(day) = contradicted {
            return Err(format!(
                "the operator's file is wrong: a [[calendar]] says that {day} is open and that it is closed; keep one of them"
            ));
        }
        Ok(operator)
    }

    /// The law as this operator applies it.
    ///
    /// # Errors
    /// When a reading, an option or a parameter does not exist in the pack, or a
    /// value cannot be used.
    pub fn law(&self, pack: &Pack) -> Result<Law, LawError> {
        let mut law = Law::of(pack, PriceTable { item: self.items.clone() });
        for (id, choice) in &self.readings {
            law.choose(pack, id, choice.clone())?;
        }
        for (name, value) in &self.parameters {
            law.set(name, value.clone())?;
        }
        for change in self.changes.iter().cloned() {
            match change {
                DatedChange::Reading { from, reading, option, signed_by, signed_on } => {
                    let choice = ChosenReading { option, value: None, signed_by, signed_on };
                    law.choose_from(pack, &reading, choice, from)?;
                }
                DatedChange::Parameter { from, parameter, value } => {
                    law.set_from(&parameter, value, from)?;
                }
            }
        }
        law.change(|law| {
            law.calendars = self.calendars.clone();
            law.calendars.sort_by_key(|calendar| calendar.published_on);
        });
        law.effective(reckon::Moment::start_of(Day::constant(2026, 1, 1)), &[])?;
        Ok(law)
    }

    pub fn actor(&self, id: &str) -> Option<Actor> {
        let person = self.people.iter().find(|person| person.id == id)?;
        Some(Actor::new(&person.id, person.role))
    }

    pub fn name_of(&self, id: &str) -> String {
        let person = self.people.iter().find(|person| person.id == id);
        person.map_or_else(|| id.to_owned(), |person| person.name.clone())
    }
}

/// The worker and the timers.
pub fn system() -> Actor {
    Actor::new("system", Role::System)
}
