//! The receivables of an account by their numbers, and what is owed of all of them.

use std::collections::BTreeMap;
use std::ops::Deref;

use reckon::Yen;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::road::kept::Kept;
use crate::road::state::Receivable;

/// Read freely, and changed one at a time, so that the sum is known without looking at each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receivables {
    by_number: BTreeMap<String, Kept<Receivable>>,
    outstanding: Yen,
}

impl Receivables {
    /// As they were stored, with what was owed of all.
    pub(crate) fn of(by_number: BTreeMap<String, Kept<Receivable>>, outstanding: Yen) -> Self {
        Receivables { by_number, outstanding }
    }

    /// What is owed of all of them together. None is less than nothing.
    pub fn outstanding(&self) -> Yen {
        self.outstanding
    }

    pub(crate) fn insert(&mut self, number: String, receivable: Receivable) {
        self.remove(&number);
        self.outstanding += receivable.outstanding;
        self.by_number.insert(number, Kept::new(receivable));
    }

    pub(crate) fn remove(&mut self, number: &str) {
        if let Some(gone) = self.by_number.remove(number) {
            self.outstanding -= gone.outstanding;
        }
    }

    /// Changes each, and leaves those that are meant.
    pub(crate) fn retain(&mut self, mut is_meant: impl FnMut(&mut Receivable) -> bool) {
        self.by_number.retain(|_, one| is_meant(one.make_mut()));
        self.outstanding = self.by_number.values().map(|one| one.outstanding).sum();
    }
}

impl Deref for Receivables {
    type Target = BTreeMap<String, Kept<Receivable>>;

    fn deref(&self) -> &BTreeMap<String, Kept<Receivable>> {
        &self.by_number
    }
}

impl<'a> IntoIterator for &'a Receivables {
    type Item = (&'a String, &'a Kept<Receivable>);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Kept<Receivable>>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_number.iter()
    }
}

impl Serialize for Receivables {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.by_number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Receivables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Receivables, D::Error> {
        let by_number = BTreeMap::<String, Kept<Receivable>>::deserialize(deserializer)?;
        let outstanding = by_number.values().map(|one| one.outstanding).sum();
        Ok(Receivables { by_number, outstanding })
    }
}
