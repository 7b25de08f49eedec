//! Why somebody did something, in their own words: sealed, and named in the evidence.

use contract::declare::ids::{AccountId, InputId};
use contract::road::stream::Input;

use crate::keeping::store::{PersonalRow, Transaction};
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;

impl Engine {
    /// Why a person did or registered something, in their own words.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reason_given(&self, input: &InputId) -> Result<Option<String>, EngineError> {
        let row = self.store.personal(&reason_id(input)).await?;
        Ok(row.map(|row| String::from_utf8_lossy(&row.content).into_owned()))
    }
}

fn reason_id(input: &InputId) -> String {
    format!("reason/{input}")
}

/// The reason of an input, sealed; empty ones are none.
pub(crate) fn reason_row(input: &Input, reason: &str) -> Option<PersonalRow> {
    let reason = reason.trim();
    (!reason.is_empty()).then(|| PersonalRow {
        id: reason_id(&input.id),
        subject: format!("{}/reasons", input.account),
        account: input.account.clone(),
        class: "reason".to_owned(),
        name: "reason.txt".to_owned(),
        content: reason.as_bytes().to_vec(),
    })
}

/// The reason of a step of the operator's own (a file, a billing run), sealed, and
/// what its entry says of it.
pub(crate) fn operator_reason(key: &str, reason: &str) -> (Option<PersonalRow>, Vec<String>) {
    let reason = reason.trim();
    let row = (!reason.is_empty()).then(|| PersonalRow {
        id: format!("reason/{key}"),
        subject: "operator/reasons".to_owned(),
        account: AccountId(String::new()),
        class: "reason".to_owned(),
        name: "reason.txt".to_owned(),
        content: reason.as_bytes().to_vec(),
    });
    let transaction =
        Transaction { personal: row.iter().cloned().collect(), ..Transaction::default() };
    (row, evidence(&transaction))
}
