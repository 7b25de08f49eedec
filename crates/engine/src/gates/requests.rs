//! Requests that are more than one input (a file, a billing run) under a key of
//! their own: done once under it, and answered again as the first time.

use contract::who::actor::Actor;
use serde_json::json;

use crate::keeping::store::{OperatorEntry, PersonalRow, StoreError, Transaction};
use crate::keeping::subjects::operator_account;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What is known of a request's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requested {
    /// Nothing: it is noted now, and the request is to be done.
    New,
    /// The same request began before and was not answered. Each of its steps is done
    /// once, so it can be done again.
    Begun,
    /// The same request was answered so.
    Answered(Vec<u8>),
    /// The key was used for something else.
    Other,
}

impl Engine {
    /// Whether a key was used for a request that is more than one input.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_request(&self, key: &str) -> Result<bool, EngineError> {
        let stream = format!("request/{}", name(key));
        Ok(self.store.operator_stream_length(&stream).await? > 0)
    }

    /// Notes a request under its key. `content` is everything that makes it this
    /// request; only its hash is kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn request(
        &self,
        key: &str,
        content: &[u8],
        actor: &Actor,
    ) -> Result<Requested, EngineError> {
        let digest = blake3::hash(content).to_hex()[..32].to_owned();
        let stream = format!("request/{}", name(key));
        let entry = OperatorEntry {
            stream: stream.clone(),
            key: "begun".to_owned(),
            kind: "request".to_owned(),
            payload: json!({ "key": key, "digest": digest, "by": actor.id, "at": self.now() }),
        };
        let transaction = Transaction {
            recorded_at: Some(self.now()),
            operator: vec![entry],
            ..Transaction::default()
        };
        match self.store.commit(&transaction).await {
            Ok(()) => return Ok(Requested::New),
            Err(StoreError::Duplicate(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let earlier = self.store.operator_stream(&stream).await?;
        if earlier.first().is_none_or(|entry| entry.payload["digest"] != json!(digest)) {
            return Ok(Requested::Other);
        }
        let answer = self.store.personal(&answer_id(key)).await?;
        Ok(answer.map_or(Requested::Begun, |row| Requested::Answered(row.content)))
    }

    /// Keeps what a request was answered, sealed: names may stand in it. When it was
    /// answered at the same moment by somebody else, that answer stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn answered(&self, key: &str, answer: Vec<u8>) -> Result<(), EngineError> {
        let row = PersonalRow {
            id: answer_id(key),
            subject: answer_id(key),
            account: operator_account(),
            class: "answer".to_owned(),
            name: "answer.json".to_owned(),
            content: answer,
        };
        let transaction = Transaction { personal: vec![row], ..Transaction::default() };
        match self.store.commit(&transaction).await {
            Err(StoreError::Duplicate(_)) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Keys are texts of strangers; names in the store are not.
fn name(key: &str) -> String {
    blake3::hash(key.as_bytes()).to_hex()[..32].to_owned()
}

fn answer_id(key: &str) -> String {
    format!("answer/{}", name(key))
}
