//! Reading and changing the people.

use std::sync::Arc;

use contract::declare::ids::AccountId;
use contract::sentence;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use serde::{Deserialize, Serialize};

use super::against::against;
use super::change::{Belongs, PeopleChange, PeopleEntry};
use super::fold::{People, address_id, contact_id};
use super::operator::system;
use super::stream::{PEOPLE, entries};
use crate::keeping::store::{OperatorEntry, PersonalRow, Store, StoreError, Transaction};
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;

/// How to reach a person: kept sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonContact {
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
}

/// A change that somebody wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub change: PeopleChange,
    /// Why, in the person's own words; kept sealed.
    pub reason: String,
    pub source: String,
    /// Of a person who is added.
    pub contact: Option<PersonContact>,
    /// Of a person whose address is set.
    pub address: Option<String>,
}

impl Wanted {
    pub fn new(change: PeopleChange, reason: &str, source: &str) -> Wanted {
        let (reason, source) = (reason.to_owned(), source.to_owned());
        Wanted { change, reason, source, contact: None, address: None }
    }

    /// Somebody new. The name of a customer's person stands sealed, and so does every
    /// address.
    pub fn person(
        person: &str,
        name: &str,
        belongs: Belongs,
        mail: &str,
        reason: &str,
        source: &str,
    ) -> Wanted {
        let is_sealed = matches!(belongs, Belongs::Customer { .. });
        let contact = PersonContact { name: name.to_owned(), mail: mail.to_owned() };
        let name = if is_sealed { String::new() } else { name.to_owned() };
        let change = PeopleChange::PersonAdded { person: person.to_owned(), name, belongs };
        let contact = (is_sealed || !mail.is_empty()).then_some(contact);
        Wanted { contact, ..Wanted::new(change, reason, source) }
    }

    /// Another address of somebody.
    pub fn address(person: &str, mail: &str, reason: &str, source: &str) -> Wanted {
        let change = PeopleChange::AddressSet { person: person.to_owned() };
        Wanted { address: Some(mail.to_owned()), ..Wanted::new(change, reason, source) }
    }
}

impl Engine {
    /// Everybody, as the operator's file and the stream have them now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people(&self) -> Result<Arc<People>, EngineError> {
        Ok(self.people.people(&*self.store, &self.operator).await?)
    }

    /// The name of somebody as the people were last read; a page reads them first.
    pub fn name_of(&self, id: &str) -> String {
        if id == system().id {
            return "システム".to_owned();
        }
        self.people.name_of(&self.operator, id)
    }

    /// The stream with its keys, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people_entries(&self) -> Result<Vec<(String, PeopleEntry)>, EngineError> {
        Ok(entries(&*self.store).await?)
    }

    /// Records a change of the people, or says why not. A change that needs two
    /// administrators is recorded as a proposal. Returns the key of the entry and
    /// whether it waits for the second person.
    ///
    /// # Errors
    /// [`EngineError::Refused`] with the ground.
    pub async fn change_people(
        &self,
        by: &Actor,
        wanted: Wanted,
    ) -> Result<(String, bool), EngineError> {
        loop {
            match self.try_change_people(by, &wanted).await {
                // Somebody else wrote the entry of this key: look again.
                Err(EngineError::Store(StoreError::Duplicate(_))) => {}
                other => return other,
            }
        }
    }

    async fn try_change_people(
        &self,
        by: &Actor,
        wanted: &Wanted,
    ) -> Result<(String, bool), EngineError> {
        let people = self.people().await?;
        let now = self.now();
        let mut change = wanted.change.clone();
        if change.needs_second_person(&people) && by.role != Role::System {
            change = PeopleChange::Proposed { wanted: Box::new(change) };
        }
        if let Some(why) = against(&people, by, &change, now.day()) {
            return Err(EngineError::Refused(why));
        }
        check_account(&*self.store, &change).await?;
        check_address(wanted)?;
        let key = people.next_key();
        let mut transaction = Transaction { recorded_at: Some(now), ..Transaction::default() };
        transaction.personal.extend(reason_row(&key, &wanted.reason));
        transaction.personal.extend(address_row(&people, &change, &key, wanted.address.as_ref()));
        let entry = PeopleEntry {
            at: now,
            by: by.clone(),
            source: wanted.source.clone(),
            evidence: evidence(&transaction),
            change,
        };
        transaction.personal.extend(contact_row(&entry.change, wanted.contact.as_ref()));
        transaction.operator.push(OperatorEntry {
            stream: PEOPLE.to_owned(),
            key: key.clone(),
            kind: entry.change.name().to_owned(),
            payload: serde_json::to_value(&entry).expect("plain data"),
        });
        self.store.commit(&transaction).await?;
        Ok((key, matches!(entry.change, PeopleChange::Proposed { .. })))
    }

    /// Name and address of a customer's person, unless erased.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn person_contact(&self, person: &str) -> Result<Option<PersonContact>, EngineError> {
        let row = self.store.personal(&contact_id(person)).await?;
        Ok(row.and_then(|row| serde_json::from_slice(&row.content).ok()))
    }

    /// Where the own mails of somebody go: as it was set last, with the person when
    /// they were added, or in the operator's file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn address_of(&self, person: &str) -> Result<Option<String>, EngineError> {
        let people = self.people().await?;
        let set = people.member(person).and_then(|member| member.address.as_ref());
        if let Some(address) = set
            && let Some(row) = self.store.personal(&address.row).await?
        {
            let mail = match serde_json::from_slice::<PersonContact>(&row.content) {
                Ok(contact) => contact.mail,
                Err(_) => String::from_utf8_lossy(&row.content).into_owned(),
            };
            if !mail.is_empty() {
                return Ok(Some(mail));
            }
        }
        let named = self.operator.people.iter().find(|named| named.id == person);
        Ok(named.map(|named| named.mail.clone()).filter(|mail| !mail.is_empty()))
    }

    /// The address that a proposal of one would set, for whoever has to agree to it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn proposed_address(
        &self,
        person: &str,
        proposal: &str,
    ) -> Result<Option<String>, EngineError> {
        let row = self.store.personal(&address_id(person, proposal)).await?;
        Ok(row.map(|row| String::from_utf8_lossy(&row.content).into_owned()))
    }

    /// The reason given for an entry of the people.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people_reason(&self, key: &str) -> Result<Option<String>, EngineError> {
        let row = self.store.personal(&format!("reason/{PEOPLE}/{key}")).await?;
        Ok(row.map(|row| String::from_utf8_lossy(&row.content).into_owned()))
    }
}

/// A customer's person is of a customer that there is, or of a company that may
/// become one: its account is that of its corporate number.
async fn check_account(store: &dyn Store, change: &PeopleChange) -> Result<(), EngineError> {
    let PeopleChange::PersonAdded { belongs: Belongs::Customer { account }, .. } = change else {
        return Ok(());
    };
    let number = account.0.strip_prefix("A-").unwrap_or_default();
    if document::field::corporate_number(number).is_ok_and(|read| read == number)
        || store.view("account", &account.0).await?.is_some()
    {
        return Ok(());
    }
    Err(EngineError::Refused(sentence!(
        "契約者{account}はありません。新しい会社のときは、A-に続けて法人番号を入力してください。",
        "there is no account {account}; that of a new company is A- and its corporate number",
    )))
}

fn reason_row(key: &str, reason: &str) -> Option<PersonalRow> {
    let reason = reason.trim();
    (!reason.is_empty()).then(|| PersonalRow {
        id: format!("reason/{PEOPLE}/{key}"),
        subject: format!("{PEOPLE}/reasons"),
        account: AccountId(String::new()),
        class: "reason".to_owned(),
        name: "reason.txt".to_owned(),
        content: reason.as_bytes().to_vec(),
    })
}

/// What is set or given as an address has to be one.
fn check_address(wanted: &Wanted) -> Result<(), EngineError> {
    let contact = wanted.contact.as_ref().map(|contact| &contact.mail);
    let given = wanted.address.as_ref().or(contact.filter(|mail| !mail.is_empty()));
    match given {
        Some(mail) if !document::field::mail_address(mail).is_ok_and(|read| read == *mail) => {
            Err(EngineError::Refused(sentence!(
                "「{mail}」はメールアドレスではありません。",
                "\"{mail}\" is no mail address",
            )))
        }
        None if matches!(wanted.change, PeopleChange::AddressSet { .. }) => {
            Err(EngineError::Refused(sentence!(
                "メールアドレスを入力してください。",
                "say which address"
            )))
        }
        _ => Ok(()),
    }
}

/// The key under which a person is sealed.
pub(crate) fn contact_subject(person: &str) -> String {
    format!("person/{person}")
}

fn contact_row(change: &PeopleChange, contact: Option<&PersonContact>) -> Option<PersonalRow> {
    let PeopleChange::PersonAdded { person, belongs, .. } = change else { return None };
    let account = match belongs {
        Belongs::Customer { account } => account.clone(),
        _ => AccountId(String::new()),
    };
    contact.map(|contact| PersonalRow {
        id: contact_id(person),
        subject: contact_subject(person),
        account,
        class: "contact".to_owned(),
        name: "contact.json".to_owned(),
        content: serde_json::to_vec(contact).expect("plain data"),
    })
}

fn address_row(
    people: &People,
    change: &PeopleChange,
    key: &str,
    address: Option<&String>,
) -> Option<PersonalRow> {
    let change = match change {
        PeopleChange::Proposed { wanted } => wanted,
        change => change,
    };
    let PeopleChange::AddressSet { person } = change else { return None };
    let account = people.member(person).and_then(|member| member.account().cloned());
    address.map(|address| PersonalRow {
        id: address_id(person, key),
        subject: contact_subject(person),
        account: account.unwrap_or(AccountId(String::new())),
        class: "contact".to_owned(),
        name: "address.txt".to_owned(),
        content: address.as_bytes().to_vec(),
    })
}
