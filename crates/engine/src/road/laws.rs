//! The laws of the records, each read and looked at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use terms::{Law, LawId};

use crate::keeping::store::{Fault, Store, StoreError};

#[derive(Default)]
pub(crate) struct Laws {
    read: BTreeMap<LawId, Result<Arc<Law>, String>>,
    pub faults: Vec<Fault>,
}

impl Laws {
    /// A law, or why it cannot be had.
    pub(crate) async fn of(
        &mut self,
        store: &dyn Store,
        id: &LawId,
    ) -> Result<Result<Arc<Law>, String>, StoreError> {
        if let Some(read) = self.read.get(id) {
            return Ok(read.clone());
        }
        let law = match store.law(&id.0).await? {
            None => {
                self.faults.push(Fault::at("law", &*id.0, "id", "there is no such law"));
                Err(format!("its law {id} is not in the store"))
            }
            Some(text) => {
                if LawId::of_text(&text) != *id {
                    let problem = "is not the law of which the id is the hash";
                    self.faults.push(Fault::at("law", &*id.0, "content", problem));
                }
                serde_json::from_str(&text)
                    .map(Arc::new)
                    .map_err(|error| format!("its law cannot be read: {error}"))
            }
        };
        self.read.insert(id.clone(), law.clone());
        Ok(law)
    }
}
