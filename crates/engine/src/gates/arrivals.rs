//! 15-1, 30-1: a cancellation form arrives, and who signed it.

use contract::CancellationForm;
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::sealed::{File, Sealed, Signature};
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use reckon::{Day, Moment};

use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

/// A cancellation form as it came.
#[derive(Debug, Clone)]
pub struct CancellationArrival {
    pub contract: ContractId,
    pub channel: Channel,
    pub arrived_at: Moment,
    /// 解除希望日, if one is written.
    pub desired: Option<Day>,
    /// Who signed, by name, perhaps with a title; `None` when the responsible
    /// person (利用責任者) is known to have brought it.
    pub signed_by: Option<String>,
    /// The form itself, to be kept with the contract's records.
    pub file: Option<(String, Vec<u8>)>,
}

impl Engine {
    /// 15-1: registers the arrival of a cancellation form. Who signed is a person: only
    /// whether it is the responsible person stands in the event (30-1).
    ///
    /// # Errors
    /// When the form arrives later than now, or the store fails.
    pub async fn receive_cancellation(
        &self,
        id: &str,
        account: &AccountId,
        arrived: CancellationArrival,
        source: &str,
        actor: &Actor,
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        let CancellationArrival { contract, channel, arrived_at, desired, signed_by, file } =
            arrived;
        let sheet = file.map(|(name, bytes)| File { name, bytes });
        let signed_by = Sealed::Open(Signature { signer: signed_by, sheet });
        let form = CancellationForm { desired, signed_by, signed_by_other: false };
        let fact = Fact::CancellationFormArrived(CancellationFormArrived {
            contract,
            channel,
            arrived_at,
            form,
        });
        let mut input = self.input(id, account, actor, source, Content::Fact(fact));
        input.occurred_at = arrived_at.min(self.now());
        self.register_because(input, reason).await
    }

    /// Whether a signature names the responsible person of a contract. Without a
    /// person on record nobody can say so.
    pub(crate) async fn is_responsible(
        &self,
        account: &AccountId,
        contract: &ContractId,
        signer: &str,
    ) -> Result<bool, EngineError> {
        let state = self.state(account).await?;
        match self.contact(&state, contract, "responsible_person").await {
            Ok(person) => {
                let name = without_spaces(&person.name);
                Ok(!name.is_empty() && without_spaces(signer).contains(&name))
            }
            Err(EngineError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn without_spaces(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}
