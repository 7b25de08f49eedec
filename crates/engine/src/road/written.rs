//! Which rows of an account this process wrote last, so that a step writes only those
//! that it changes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use contract::declare::ids::AccountId;

use crate::keeping::store::ViewRow;

/// So many rows are remembered. When there are more, all are forgotten: then they are
/// written once more, which is never wrong.
const ROWS: usize = 200_000;

#[derive(Default)]
pub struct WrittenRows(Mutex<HashMap<AccountId, Rows>>);

/// The rows of an account after so many records.
pub(crate) struct Rows {
    records: u64,
    digests: HashMap<(String, String), blake3::Hash>,
}

impl Rows {
    /// Forgets rows that others of the same step take the place of.
    pub(crate) fn without(mut self, others: &[ViewRow]) -> Rows {
        for row in others {
            self.digests.remove(&(row.kind.clone(), row.id.clone()));
        }
        self
    }
}

impl WrittenRows {
    /// Leaves out what stands already, and gives what will stand after one record more:
    /// to be noted once that is committed. When others have added records since, or
    /// nothing is remembered, every row is written.
    pub(crate) fn changed(
        &self,
        account: &AccountId,
        records: u64,
        rows: &mut Vec<ViewRow>,
    ) -> Rows {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        let known = known.filter(|known| known.records == records);
        let mut known = known.map(|known| known.digests).unwrap_or_default();
        let mut digests = HashMap::with_capacity(rows.len());
        rows.retain(|row| {
            let digest = blake3::hash(row.content.to_string().as_bytes());
            let (name, before) = match known.remove_entry(&(row.kind.clone(), row.id.clone())) {
                Some((name, before)) => (name, Some(before)),
                None => ((row.kind.clone(), row.id.clone()), None),
            };
            digests.insert(name, digest);
            before != Some(digest)
        });
        Rows { records: records + 1, digests }
    }

    pub(crate) fn note(&self, account: &AccountId, rows: Rows) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = known.values().map(|rows| rows.digests.len()).sum();
        if all + rows.digests.len() > ROWS {
            known.clear();
        }
        known.insert(account.clone(), rows);
    }
}
