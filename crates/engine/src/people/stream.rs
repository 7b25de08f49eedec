//! The operator's stream of changes of the people, and who they come to.

use std::sync::{Arc, Mutex};

use super::change::PeopleEntry;
use super::fold::People;
use super::operator::Operator;
use crate::keeping::store::{Store, StoreError};

/// The operator's stream in which changes stand.
pub const PEOPLE: &str = "people";

/// The people as of so many entries: another process may have written meanwhile.
#[derive(Debug, Default)]
pub struct PeopleCache(Mutex<Option<(u64, Arc<People>)>>);

impl PeopleCache {
    pub(super) async fn people(
        &self,
        store: &dyn Store,
        operator: &Operator,
    ) -> Result<Arc<People>, StoreError> {
        let length = store.operator_stream_length(PEOPLE).await?;
        let cached = self.0.lock().expect("no holder panics").clone();
        if let Some((of, people)) = cached
            && of == length
        {
            return Ok(people);
        }
        let entries = entries(store).await?;
        let people = Arc::new(People::of(operator, &entries));
        let fresh = (entries.len() as u64, people.clone());
        *self.0.lock().expect("no holder panics") = Some(fresh);
        Ok(people)
    }

    pub(super) fn name_of(&self, operator: &Operator, id: &str) -> String {
        let cached = self.0.lock().expect("no holder panics").clone();
        match cached {
            Some((_, people)) => people.name_of(id),
            None => operator.name_of(id),
        }
    }
}

pub(super) async fn entries(store: &dyn Store) -> Result<Vec<(String, PeopleEntry)>, StoreError> {
    let entries = store.operator_stream(PEOPLE).await?;
    let read = entries.into_iter().map(|entry| {
        let read = serde_json::from_value(entry.payload).map_err(|error| {
            StoreError::Broken(format!("entry {} of {PEOPLE}: {error}", entry.key))
        })?;
        Ok((entry.key, read))
    });
    read.collect()
}
