//! Work in the upstream cloud: the service of a contract stops, or runs again (12-3).

use contract::declare::act::{Resume, Suspend};
use contract::declare::fact::{UpstreamResumed, UpstreamSuspended};
use contract::declare::words::Reader;
use contract::road::stream::{Content, Input};

use crate::keeping::ports::{CloudOutcome, Wanted};
use crate::keeping::store::{OutboxRow, OutboxState, OutboxUpdate, Transaction};
use crate::outgoing::prelude::*;
use crate::outgoing::tries::closed;
use crate::road::engine::Engine;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cloud {
    pub contract: ContractId,
    pub wanted: Wanted,
}

impl Outgoing for Cloud {
    const OF: Of = Of {
        kind: "cloud",
        ways: &[Way::Hand],
        is_asked_anew: true,
        ..Of::mail(
            "cloud-",
            Words::new("クラウドの操作", "work in the cloud"),
            Object::Contract,
            &[Role::Operations],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<Cloud> {
        let (contract, wanted) = match asked.act()? {
            Act::Suspend(Suspend { contract, .. }) => (contract, Wanted::Suspended),
            Act::Resume(Resume { contract }) => (contract, Wanted::Running),
            _ => return None,
        };
        Some(Cloud { contract: contract.clone(), wanted })
    }

    fn names(&self) -> String {
        format!("{}-{:?}", self.contract, self.wanted).to_lowercase()
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        match self.wanted {
            Wanted::Suspended => {
                !has_ended(state, &self.contract)
                    && state.rights_on(&self.contract).next().is_some()
            }
            Wanted::Running => state.contracts.contains_key(&self.contract),
        }
    }

    fn done(&self, _: String, _: Moment) -> Option<Fact> {
        Some(self.changed())
    }
}

impl Cloud {
    fn changed(&self) -> Fact {
        let contract = self.contract.clone();
        match self.wanted {
            Wanted::Suspended => Fact::UpstreamSuspended(UpstreamSuspended { contract }),
            Wanted::Running => Fact::UpstreamResumed(UpstreamResumed { contract }),
        }
    }
}

impl Work for Cloud {
    async fn perform(&self, engine: &Engine, row: &OutboxRow, _: &Case) -> Result<(), EngineError> {
        match engine.cloud.apply(&self.contract.0, self.wanted).await {
            CloudOutcome::Done => {
                let at = engine.now();
                let outbox_updates = vec![closed(row, at)];
                let transaction = Transaction { outbox_updates, ..Transaction::default() };
                engine.register_effect(row, self.changed(), at, transaction).await
            }
            CloudOutcome::ByHand { check_list } => {
                let update = OutboxUpdate {
                    state: OutboxState::ByHand,
                    last_reply: check_list.join("\n"),
                    ..closed(row, engine.now())
                };
                engine.update(update).await
            }
        }
    }

    fn ahead(&self, _: Reader) -> String {
        let what = match self.wanted {
            Wanted::Suspended => "停止",
            Wanted::Running => "再開",
        };
        format!("：提供の{what}を、運用の人が行って登録します。")
    }
}

impl Engine {
    /// A person did by hand what a row asked for: the row is closed with the fact.
    pub(crate) async fn done_by_hand(
        &self,
        input: &Input,
    ) -> Result<Vec<OutboxUpdate>, EngineError> {
        let Content::Fact(fact @ (Fact::UpstreamSuspended(_) | Fact::UpstreamResumed(_))) =
            &input.content
        else {
            return Ok(Vec::new());
        };
        let rows = self.store.outbox_in(OutboxState::ByHand).await?;
        let asks_for_it = |row: &&OutboxRow| {
            let asked = serde_json::from_value(row.payload.clone());
            asked.is_ok_and(|cloud: Cloud| cloud.changed() == *fact)
        };
        Ok(rows.iter().filter(asks_for_it).map(|row| closed(row, self.now())).collect())
    }
}
