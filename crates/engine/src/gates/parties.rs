//! 10-1: changes of what is registered of the customer, with their planned day.

use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::sealed::Sealed;
use contract::declare::words::Sentence;
use contract::registered::parties::{BillTo, DataChange, RegisteredData};
use contract::road::stream::Content;
use contract::sentence;
use contract::who::actor::Actor;
use contract::{Company, Person};
use reckon::{Day, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

/// What a customer told of a change, with people in clear: they are sealed when it
/// is registered.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum ToldChange {
    /// 10-1(1): trade name, head office, representative.
    Company { company: Company },
    /// 10-1(2): to whom invoices are addressed; to the contracting party without `to`.
    BillTo {
        /// Of one contract alone; of all without it.
        #[serde(default)]
        contract: Option<ContractId>,
        #[serde(default)]
        to: Option<BillTo>,
    },
    /// 10-1(2): names under which money comes, besides the customer's own.
    Payers { names: Vec<String> },
    /// 10-1(2), 30-2: whom to write to about the contract.
    Contact { person: Person },
}

/// When a change is told, from when it holds, and who registers it, why.
#[derive(Clone, Copy)]
pub struct ToldOn<'a> {
    pub at: Moment,
    pub planned_on: Day,
    /// It was told without its planned day.
    pub unplanned: bool,
    pub actor: &'a Actor,
    pub reason: &'a str,
}

impl Engine {
    /// 10-1, 30-2: what was told of a contract or its company, whatever it is.
    ///
    /// # Errors
    /// As [`Engine::notify_change`].
    pub async fn tell_change(
        &self,
        id: &str,
        account: &AccountId,
        contract: &ContractId,
        told: ToldChange,
        on: ToldOn<'_>,
    ) -> Result<Outcome, EngineError> {
        let what = match told {
            ToldChange::Contact { person } => RegisteredData::Contact {
                contract: contract.clone(),
                role: person.role,
                person: Sealed::Open(person),
                kept: None,
            },
            ToldChange::Company { company } => RegisteredData::Company { company },
            ToldChange::BillTo { contract, to } => RegisteredData::BillTo { contract, to },
            ToldChange::Payers { names } => RegisteredData::Payers { names },
        };
        let ToldOn { at, planned_on, unplanned, actor, reason } = on;
        let change = DataChange { what, planned_on, unplanned };
        self.notify_change(id, account, change, at, actor, reason).await
    }

    /// 10-1: a change of registered data, as it was told.
    ///
    /// # Errors
    /// A change that nobody can have meant: another corporate number, a contract
    /// that is not of this account, an empty name; or a failing store.
    pub async fn notify_change(
        &self,
        id: &str,
        account: &AccountId,
        change: DataChange,
        told_at: Moment,
        actor: &Actor,
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        let fact = Fact::DataChangeNotified(Box::new(change));
        let mut input = self.input(id, account, actor, "desk", Content::Fact(fact));
        input.occurred_at = told_at;
        self.register_because(input, reason).await
    }

    /// Why a change cannot have been meant, if it cannot.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn unusable_change(
        &self,
        account: &AccountId,
        what: &RegisteredData,
    ) -> Result<Option<Sentence>, EngineError> {
        Ok(match what {
            RegisteredData::Company { company } => {
                let number = &company.corporate_number;
                if AccountId::of_company(number) != *account {
                    Some(sentence!(
                        "法人番号{number}はこの契約者のものではありません。法人番号が違えば別の会社です（5-1、A-92）。",
                        "the corporate number {number} is not that of {account}: another number is another company (5-1, A-92)",
                    ))
                } else if company.name.trim().is_empty() {
                    Some(sentence!(
                        "商号を登記のとおり入力してください。",
                        "the company has no name: write its registered trade name",
                    ))
                } else {
                    None
                }
            }
            RegisteredData::BillTo { contract, to } => {
                let state = self.state(account).await?;
                let known = &state.contracts;
                let foreign = contract.as_ref().filter(|id| !known.contains_key(*id));
                let nameless = to.as_ref().is_some_and(|to| to.name.trim().is_empty());
                foreign
                    .map(|id| {
                        sentence!(
                            "この契約者に契約{id}はありません。",
                            "{account} has no contract {id}"
                        )
                    })
                    .or(nameless.then(|| {
                        sentence!(
                            "請求先の名称を入力してください。",
                            "the addressee of the invoices has no name",
                        )
                    }))
            }
            RegisteredData::Payers { names } => {
                let empty = names.iter().any(|name| document::payer_key(name).is_empty());
                empty.then(|| {
                    sentence!(
                        "振込名義が空です。銀行に表示されるとおりに入力してください。",
                        "a payer's name is empty: write it as the bank has it",
                    )
                })
            }
            RegisteredData::Contact { .. } => None,
        })
    }
}
