//! The canonical export: what is recorded, without recorded times and hashes, so
//! that two stores can be compared.

use contract::road::stream::Record;
use serde_json::{Value, json};

use crate::keeping::numbered::NUMBERED;
use crate::keeping::store::OutboxState;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    /// Everything recorded, account by account, in the order of registration;
    /// short numbers and names of documents; effects with their final state.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn export(&self) -> Result<Value, EngineError> {
        let mut accounts = Vec::new();
        for account in self.store.accounts().await? {
            let records = self.store.records(&account).await?;
            let documents = self.store.documents(&account).await?;
            let rows = self.store.views_of(&account).await?.into_iter();
            let ids = rows.filter(|row| NUMBERED.contains(&row.kind.as_str())).map(|row| row.id);
            let ids: Vec<_> = ids.collect();
            let ids: Vec<_> = ids.iter().map(String::as_str).collect();
            let numbers = self.store.short_numbers(&ids).await?;
            accounts.push(json!({
                "account": account,
                "records": records.iter().map(plain).collect::<Vec<_>>(),
                "documents": documents,
                "numbers": numbers,
            }));
        }
        let mut outbox = self.store.outbox().await?;
        outbox.sort_by(|a, b| a.id.cmp(&b.id));
        let effects = outbox.iter().map(|row| {
            let open = matches!(row.state, OutboxState::Waiting | OutboxState::Performing);
            json!({ "id": row.id, "effect": row.payload, "open": open, "state": row.state })
        });
        let effects: Vec<_> = effects.collect();
        Ok(
            json!({ "accounts": accounts, "effects": effects, "refused_rows": self.store.refused_rows().await? }),
        )
    }
}

fn plain(record: &Record) -> Value {
    json!({ "input": record.input, "events": record.events })
}
