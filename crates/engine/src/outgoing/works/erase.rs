//! The erasure of what a contract left (19-2).

use contract::declare::act::ConfirmErasure;
use contract::declare::fact::MaterialErased;
use contract::road::stream::Input;

use crate::keeping::store::OutboxRow;
use crate::outgoing::prelude::*;
use crate::road::engine::Engine;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Erase {
    pub contract: ContractId,
}

impl Outgoing for Erase {
    const OF: Of = Of {
        kind: "erase",
        // What stands in these books alone is done here or not at all.
        ways: &[],
        is_asked_anew: true,
        ..Of::mail(
            "erase-",
            Words::new("資料の消去", "erasure"),
            Object::Contract,
            &[Role::PrivacyOfficer],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<Erase> {
        let Act::ConfirmErasure(ConfirmErasure { contract }) = asked.act()? else { return None };
        Some(Erase { contract: contract.clone() })
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        has_ended(state, &self.contract)
    }
}

impl Work for Erase {
    async fn perform(
        &self,
        engine: &Engine,
        row: &OutboxRow,
        case: &Case,
    ) -> Result<(), EngineError> {
        engine.erase(row, case, &self.contract).await
    }

    async fn destroys(
        &self,
        engine: &Engine,
        row: &OutboxRow,
    ) -> Result<Vec<(String, u64)>, EngineError> {
        engine.to_erase(&row.account, &self.contract).await
    }

    async fn comes_of_it(&self, _: &Desk<'_>, input: &Input) -> Result<Vec<Fact>, EngineError> {
        Ok(vec![Fact::MaterialErased(MaterialErased {
            contract: self.contract.clone(),
            erased: Vec::new(),
            by: input.actor.id.clone(),
            confirmed_by: input.actor.id.clone(),
        })])
    }
}
