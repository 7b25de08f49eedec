//! 15-1, 30-1: a cancellation form arrives, and who signed it.

use contract::CancellationForm;
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::{AccountId, ContractId, short_hash};
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use reckon::{Day, Moment};

use crate::keeping::store::{PersonalRow, Transaction};
use crate::keeping::subjects::records_subject;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::{EngineError, Outcome};
use crate::road::plausible::check_entry;
use crate::road::reason::reason_row;

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
    /// 15-1: registers the arrival of a cancellation form. Who signed is a person:
    /// the name is kept in a sealed row (42-3), and only whether it is the
    /// responsible person's stands in the event (30-1).
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
        let signed_by_other = match &signed_by {
            Some(signer) => !self.is_responsible(account, &contract, signer).await?,
            None => false,
        };
        let keep = |id: String, class: &str, name: String, content: Vec<u8>| PersonalRow {
            id,
            subject: records_subject(&contract),
            account: account.clone(),
            class: class.to_owned(),
            name,
            content,
        };
        let mut transaction = Transaction::default();
        if let Some((name, content)) = file {
            let id = format!("{contract}/cancellation/{}", short_hash(&content));
            transaction.personal.push(keep(id, "application_file", name, content));
        } else if let Some(signer) = signed_by {
            let id = format!("{contract}/cancellation/{}", short_hash(id.as_bytes()));
            transaction.personal.push(keep(
                id,
                "contact",
                "signer".to_owned(),
                signer.into_bytes(),
            ));
        }
        let signed_by = transaction.personal.first().map(|row| row.id.clone()).unwrap_or_default();
        let form = CancellationForm { desired, signed_by, signed_by_other };
        let fact = Fact::CancellationFormArrived(CancellationFormArrived {
            contract,
            channel,
            arrived_at,
            form,
        });
        let mut input = self.input(id, account, actor, source, Content::Fact(fact));
        input.occurred_at = arrived_at.min(self.now());
        check_entry(&input)?;
        transaction.personal.extend(reason_row(&input, reason));
        input.evidence = evidence(&transaction);
        self.register_with(input, transaction).await
    }

    /// Whether a signature names the responsible person of a contract. Without a
    /// person on record nobody can say so.
    async fn is_responsible(
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
