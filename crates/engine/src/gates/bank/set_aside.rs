//! Movements that wait: entered for a customer, or set aside because nothing is to be
//! booked of them, such as a payment and its correction that both belong to nobody.

use std::collections::BTreeSet;

use contract::declare::fact::{Fact, PayerNameLearned};
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::road::stream::{Content, Input};
use contract::sentence;
use contract::who::actor::Actor;
use reckon::Moment;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::waits_no_more;
use crate::keeping::store::{MovementMark, OperatorEntry, Transaction, WaitingMovement};
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};
use crate::road::reason::operator_reason;

const STREAM: &str = "bank-set-aside";

/// A movement of which nothing is booked, and who said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    pub movement: String,
    pub file: String,
    pub row: u32,
    pub by: String,
    pub at: Moment,
    /// It was taken up again.
    pub taken_up: bool,
}

impl Engine {
    /// Movements that wait for a person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting_movements(&self) -> Result<Vec<WaitingMovement>, EngineError> {
        let mut waiting = Vec::new();
        for movement in self.store.waiting_movements().await? {
            let id = movement.id.strip_prefix("reversal-").unwrap_or(&movement.id).to_owned();
            // It was entered over the API under its id, or by an older program.
            match self.store.has_input(&InputId(id)).await? {
                true => self.store.commit(&waits_no_more(&movement.id)).await?,
                false => waiting.push(movement),
            }
        }
        Ok(waiting)
    }

    /// Enters the payment of a movement that waits, and where the name under which it
    /// came is to be learned, that too.
    ///
    /// # Errors
    /// As [`Engine::register_because`].
    pub async fn enter_movement(
        &self,
        payment: Input,
        learned: Option<Input>,
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        let movement = payment.id.0.clone();
        let outcome = self.register_because(payment, reason).await?;
        // Somebody else may have assigned it at the same moment, to another customer.
        if outcome.refused || outcome.repeated {
            return Ok(outcome);
        }
        self.store.commit(&waits_no_more(&movement)).await?;
        if let Some(learned) = learned {
            self.register_because(learned, "").await?;
        }
        Ok(outcome)
    }

    /// That a movement is of a customer which pays under this name.
    pub fn name_learned(
        &self,
        account: &AccountId,
        contract: ContractId,
        movement: &str,
        name: &str,
        actor: &Actor,
    ) -> Input {
        let learned = PayerNameLearned { contract, name: name.to_owned() };
        let content = Content::Fact(Fact::PayerNameLearned(learned));
        self.input(format!("learned-{movement}"), account, actor, "bank file", content)
    }

    /// Nothing is booked of a movement that waits, for a reason.
    ///
    /// # Errors
    /// When it does not wait, no reason is given, or the store fails.
    pub async fn set_movement_aside(
        &self,
        movement: &str,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        if reason.trim().is_empty() {
            return Err(EngineError::Refused(sentence!(
                "入金にしない理由を入力してください。",
                "say why nothing is booked of it",
            )));
        }
        self.mark_movement(movement, false, actor, reason).await
    }

    /// A movement that was set aside waits again.
    ///
    /// # Errors
    /// When it waits already, or the store fails.
    pub async fn take_movement_up(
        &self,
        movement: &str,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        self.mark_movement(movement, true, actor, reason).await
    }

    async fn mark_movement(
        &self,
        movement: &str,
        waits: bool,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        let Some(known) = self.store.movement(movement).await? else {
            return Err(EngineError::Refused(sentence!(
                "入出金{movement}はありません。",
                "there is no movement {movement}",
            )));
        };
        let before = self.set_aside().await?;
        let last = before.iter().rfind(|one| one.movement == movement);
        let is_aside = last.is_some_and(|one| !one.taken_up);
        if is_aside != waits || self.store.has_input(&InputId(movement.to_owned())).await? {
            return Err(EngineError::Refused(sentence!(
                "この入出金は、いまは別の状態です。入金ファイルのページで確かめてください。",
                "movement {movement} was settled meanwhile: look at the list again",
            )));
        }
        let key = format!("{movement}.{}", before.len() + 1);
        let (why, evidence) = operator_reason(&format!("{STREAM}/{key}"), reason);
        let told = SetAside {
            movement: movement.to_owned(),
            file: known.file,
            row: known.row,
            by: actor.id.clone(),
            at: self.now(),
            taken_up: waits,
        };
        let mut payload = json!(told);
        if !evidence.is_empty() {
            payload["evidence"] = json!(evidence);
        }
        let entry = OperatorEntry {
            stream: STREAM.to_owned(),
            key,
            kind: "movement_set_aside".to_owned(),
            payload,
        };
        let transaction = Transaction {
            recorded_at: Some(self.now()),
            operator: vec![entry],
            operator_after: vec![(STREAM.to_owned(), before.len() as u64)],
            personal: why.into_iter().collect(),
            movement_marks: vec![MovementMark { id: movement.to_owned(), waits }],
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }

    /// The movements that are set aside now.
    pub(super) async fn set_aside_now(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut aside = BTreeSet::new();
        for one in self.set_aside().await? {
            match one.taken_up {
                true => aside.remove(&one.movement),
                false => aside.insert(one.movement),
            };
        }
        Ok(aside)
    }

    /// What was set aside and taken up again, in its order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_aside(&self) -> Result<Vec<SetAside>, EngineError> {
        let entries = self.store.operator_stream(STREAM).await?;
        let told = entries.into_iter().map(|entry| serde_json::from_value(entry.payload));
        told.collect::<Result<_, _>>().map_err(|error| EngineError::unreadable(STREAM, &error))
    }
}
