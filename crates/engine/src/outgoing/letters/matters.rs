//! Mails of matters.

use contract::AccountState;
use contract::declare::ids::ContractId;
use contract::matters::matter::MatterId;
use contract::sentence;
use document::wording::letters;

use super::{Draft, addressee, contract_in};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    /// 36-1: what the customer is asked for.
    pub(super) async fn information_request(
        &self,
        state: &AccountState,
        id: &ContractId,
        matter: &MatterId,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let asked = state.matters.get(matter).and_then(|asked| Some((asked, asked.due?)));
        let missing = || {
            EngineError::Refused(sentence!(
                "案件{matter}では何も求めていません。",
                "{matter} asks for nothing"
            ))
        };
        let (asked, reply_by) = asked.ok_or_else(missing)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let text = letters::information_request(&letters::InformationRequestLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            matter: matter.0.clone(),
            contract: id.0.clone(),
            question: asked.about.clone(),
            reply_by,
        });
        Ok(Draft { to: vec![person.mail], text, paper: None, contract: Some(id.clone()) })
    }
}
