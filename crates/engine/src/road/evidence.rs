//! Evidence: papers, mails and files that an input rests on, bound to it by a
//! hash of their bytes, so that the chain of the streams covers them too.

use std::collections::{BTreeMap, BTreeSet};

use contract::road::stream::Input;

use crate::keeping::store::{Store, StoreError, Transaction};

const MARK: &str = " blake3:";

/// Names of what is kept with a step, with the hash of its bytes. A contact is
/// named only: the hash of so little would give away what was erased.
pub(crate) fn evidence(transaction: &Transaction) -> Vec<String> {
    let personal = transaction.personal.iter().map(|row| match row.class.as_str() {
        "contact" | "billing_contact" => row.id.clone(),
        _ => named(&row.id, &row.content),
    });
    let documents = transaction.documents.iter().map(|row| named(&row.id, &row.bytes));
    personal.chain(documents).collect()
}

fn named(id: &str, bytes: &[u8]) -> String {
    format!("{id}{MARK}{}", blake3::hash(bytes).to_hex())
}

/// What the evidence of some inputs hashes to now. What has been erased is not among it.
pub(crate) async fn hashes_now(
    store: &dyn Store,
    inputs: impl Iterator<Item = &Input>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let names = inputs.flat_map(|input| &input.evidence);
    let ids: BTreeSet<_> = names.filter_map(|name| Some(name.split_once(MARK)?.0)).collect();
    store.hashes_of(&ids.into_iter().collect::<Vec<_>>()).await
}

/// Evidence of an input that is no longer what it was.
pub(crate) fn changed_evidence(input: &Input, now: &BTreeMap<String, String>) -> Vec<String> {
    let named = input.evidence.iter().filter_map(|name| name.split_once(MARK));
    let changed = named.filter(|(id, then)| now.get(*id).is_some_and(|now| now != then));
    changed.map(|(id, _)| format!("{}: {id} is not what was recorded", input.id)).collect()
}
