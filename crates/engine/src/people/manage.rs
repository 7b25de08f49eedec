//! Reading and changing the people.

use std::sync::{Arc, Mutex};

use contract::act::Actor;
use contract::ids::AccountId;
use contract::roles::Role;
use serde::{Deserialize, Serialize};

use super::PEOPLE;
use super::against::against;
use super::change::{Belongs, PeopleChange, PeopleEntry};
use super::fold::People;
use crate::engine::{Engine, EngineError};
use crate::evidence::evidence;
use crate::store::{OperatorEntry, PersonalRow, StoreError, Transaction};

/// The people as of so many entries: another process may have written meanwhile.
#[derive(Debug, Default)]
pub struct PeopleCache(Mutex<Option<(u64, Arc<People>)>>);

/// How to reach a person of a customer: kept sealed.
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
    /// Of a customer's person who is added.
    pub contact: Option<PersonContact>,
}

impl Wanted {
    pub fn new(change: PeopleChange, reason: &str, source: &str) -> Wanted {
        let (reason, source) = (reason.to_owned(), source.to_owned());
        Wanted { change, reason, source, contact: None }
    }
}

impl Engine {
    /// Everybody, as the operator's file and the stream have them now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people(&self) -> Result<Arc<People>, EngineError> {
        let length = self.store.operator_stream_length(PEOPLE).await?;
        let cached = self.people.0.lock().expect("no holder panics").clone();
        if let Some((of, people)) = cached
            && of == length
        {
            return Ok(people);
        }
        let entries = self.people_entries().await?;
        let people = Arc::new(People::of(&self.operator, &entries));
        let fresh = (entries.len() as u64, people.clone());
        *self.people.0.lock().expect("no holder panics") = Some(fresh);
        Ok(people)
    }

    /// The name of somebody as the people were last read; a page reads them first.
    pub fn name_of(&self, id: &str) -> String {
        let cached = self.people.0.lock().expect("no holder panics").clone();
        match cached {
            Some((_, people)) => people.name_of(id),
            None => self.operator.name_of(id),
        }
    }

    /// The stream with its keys, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people_entries(&self) -> Result<Vec<(String, PeopleEntry)>, EngineError> {
        let entries = self.store.operator_stream(PEOPLE).await?;
        let read = entries.into_iter().map(|entry| {
            let read = serde_json::from_value(entry.payload).map_err(|error| {
                StoreError::Broken(format!("entry {} of {PEOPLE}: {error}", entry.key))
            })?;
            Ok((entry.key, read))
        });
        read.collect()
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
        self.check_account(&change).await?;
        let key = people.next_key();
        let mut step = Transaction { recorded_at: Some(now), ..Transaction::default() };
        step.personal.extend(reason_row(&key, &wanted.reason));
        let entry = PeopleEntry {
            at: now,
            by: by.clone(),
            source: wanted.source.clone(),
            evidence: evidence(&step),
            change,
        };
        step.personal.extend(contact_row(&entry.change, wanted.contact.as_ref()));
        step.operator.push(OperatorEntry {
            stream: PEOPLE.to_owned(),
            key: key.clone(),
            kind: entry.change.name().to_owned(),
            payload: serde_json::to_value(&entry).expect("plain data"),
        });
        self.store.commit(&step).await?;
        Ok((key, matches!(entry.change, PeopleChange::Proposed { .. })))
    }

    /// A customer's person is of a customer that there is, or of a company that may
    /// become one: its account is that of its corporate number.
    async fn check_account(&self, change: &PeopleChange) -> Result<(), EngineError> {
        let PeopleChange::PersonAdded { belongs: Belongs::Customer { account }, .. } = change
        else {
            return Ok(());
        };
        let number = account.0.strip_prefix("A-").unwrap_or_default();
        if document::field::corporate_number(number).is_ok_and(|read| read == number)
            || self.store.view("account", &account.0).await?.is_some()
        {
            return Ok(());
        }
        Err(EngineError::Refused(format!(
            "there is no account {account}; that of a new company is A- and its corporate number"
        )))
    }

    /// Name and address of a customer's person, unless erased.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn person_contact(&self, person: &str) -> Result<Option<PersonContact>, EngineError> {
        let row = self.store.personal(&contact_id(person)).await?;
        Ok(row.and_then(|row| serde_json::from_slice(&row.content).ok()))
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

fn contact_id(person: &str) -> String {
    format!("person/{person}/contact")
}

/// The key under which a customer's person is sealed.
pub(crate) fn contact_subject(person: &str) -> String {
    format!("person/{person}")
}

fn contact_row(change: &PeopleChange, contact: Option<&PersonContact>) -> Option<PersonalRow> {
    let PeopleChange::PersonAdded { person, belongs: Belongs::Customer { account }, .. } = change
    else {
        return None;
    };
    contact.map(|contact| PersonalRow {
        id: contact_id(person),
        subject: contact_subject(person),
        account: account.clone(),
        class: "contact".to_owned(),
        name: "contact.json".to_owned(),
        content: serde_json::to_vec(contact).expect("plain data"),
    })
}
