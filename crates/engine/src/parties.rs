//! 10-1: changes of what is registered of the customer, with their planned day.

use contract::act::Actor;
use contract::fact::Fact;
use contract::ids::AccountId;
use contract::parties::{DataChange, RegisteredData};
use contract::stream::Content;
use reckon::Moment;

use crate::engine::{Engine, EngineError, Outcome};

impl Engine {
    /// 10-1: a change of registered data, as it was told. People go by
    /// [`Engine::notify_contact`], since their data are sealed.
    ///
    /// # Errors
    /// A change that nobody can have meant: another corporate number, a contract
    /// that is not of this account, an empty name; or a failing store.
    pub async fn notify_change(
        &self,
        id: &str,
        account: &AccountId,
        change: DataChange,
        (told_at, actor): (Moment, &Actor),
    ) -> Result<Outcome, EngineError> {
        if let Some(problem) = self.unusable_change(account, &change.what).await? {
            return Err(EngineError::Refused(problem));
        }
        let fact = Fact::DataChangeNotified(Box::new(change));
        let mut input = self.input(id, account, actor, "desk", Content::Fact(fact));
        input.occurred_at = told_at;
        self.register(input).await
    }

    async fn unusable_change(
        &self,
        account: &AccountId,
        what: &RegisteredData,
    ) -> Result<Option<String>, EngineError> {
        Ok(match what {
            RegisteredData::Company { company } => {
                let number = &company.corporate_number;
                if AccountId::of_company(number) != *account {
                    Some(format!(
                        "the corporate number {number} is not that of {account}: another number \
                         is another company (5-1, A-92)"
                    ))
                } else if company.name.trim().is_empty() {
                    Some("the company has no name: write its registered trade name".to_owned())
                } else {
                    None
                }
            }
            RegisteredData::BillTo { contract, to } => {
                let known = self.state(account).await?.contracts;
                let foreign = contract.as_ref().filter(|id| !known.contains_key(*id));
                let nameless = to.as_ref().is_some_and(|to| to.name.trim().is_empty());
                foreign
                    .map(|id| format!("{account} has no contract {id}"))
                    .or(nameless.then(|| "the addressee of the invoices has no name".to_owned()))
            }
            RegisteredData::Payers { names } => {
                let empty = names.iter().any(|name| document::payer_key(name).is_empty());
                empty.then(|| "a payer's name is empty: write it as the bank has it".to_owned())
            }
            RegisteredData::Contact { .. } => {
                Some("a person is registered with its row".to_owned())
            }
        })
    }
}
