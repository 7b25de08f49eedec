//! Evidence: papers, mails and files that an input rests on, bound to it by a
//! hash of their bytes, so that the chain of the streams covers them too.

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

/// Evidence of an input that is no longer what it was. What has been erased
/// is no difference.
pub(crate) async fn changed_evidence(
    store: &dyn Store,
    input: &Input,
) -> Result<Vec<String>, StoreError> {
    let mut changed = Vec::new();
    for name in &input.evidence {
        let Some((id, _)) = name.split_once(MARK) else { continue };
        let kept = match store.document(id).await? {
            Some(document) => Some(document.bytes),
            None => store.personal(id).await?.map(|row| row.content),
        };
        if kept.is_some_and(|bytes| named(id, &bytes) != *name) {
            changed.push(format!("{}: {id} is not what was recorded", input.id));
        }
    }
    Ok(changed)
}
