//! 19-2: erasing what a contract left, ordered by one person and confirmed by
//! another. Keys and rows are destroyed; the record of it stays.

use std::collections::BTreeMap;

use contract::declare::act::{Act, ConfirmErasure, OrderErasure};
use contract::declare::fact::{Fact, MaterialErased};
use contract::declare::ids::{AccountId, ContractId};
use contract::ending::erasure::ErasedClass;
use contract::road::case::{Case, What};
use serde::{Deserialize, Serialize};

use crate::keeping::fault;
use crate::keeping::store::{OutboxRow, PersonalRow, Store, Transaction};
use crate::keeping::subjects::{material_subject, records_subject};
use crate::outgoing::tries::closed;
use crate::people::contact_subject;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// How much there was to erase, noted before anything is destroyed: the process
/// may die half way, and the certificate states what was there.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Inventory {
    counts: Vec<(String, u64)>,
}

/// The class of the names and addresses of customers' own users.
const OWN_USER: &str = "own_user";

const METHOD: &str = "暗号鍵の破棄と記録の削除";

impl Engine {
    pub(crate) async fn erase(
        &self,
        row: &OutboxRow,
        case: &Case,
        contract: &ContractId,
    ) -> Result<(), EngineError> {
        let users = self.users_to_erase(&row.account).await?;
        let inventory = inventory(&*self.store, row, contract, &users).await?;
        fault::point("erase.after_inventory");
        let at = self.now();
        let mut destroyed = self.store.erase(&material_subject(contract), at).await?;
        let mut own_users = 0;
        for user in &users {
            let classes = self.store.erase(&contact_subject(user), at).await?;
            own_users += classes.iter().map(|(_, count)| count).sum::<u64>();
        }
        if own_users > 0 {
            destroyed.push((OWN_USER.to_owned(), own_users));
        }
        self.store.erase_usage(&contract.0).await?;
        fault::point("erase.after_destroy");
        let erased = erased(inventory, destroyed);
        let (by, confirmed_by) = persons(case, contract);
        let fact = Fact::MaterialErased(MaterialErased {
            contract: contract.clone(),
            erased,
            by,
            confirmed_by,
        });
        let transaction =
            Transaction { outbox_updates: vec![closed(row, at)], ..Transaction::default() };
        self.register_effect(row, fact, at, transaction).await
    }

    /// What erasing a contract would destroy now: how many things of which class.
    pub(crate) async fn to_erase(
        &self,
        account: &AccountId,
        contract: &ContractId,
    ) -> Result<Vec<(String, u64)>, EngineError> {
        let users = self.users_to_erase(account).await?;
        counted(&*self.store, contract, &users).await
    }

    /// The customer's own users, once nothing of the account goes on: they are of
    /// the account, and another contract still needs them. They keep their id.
    async fn users_to_erase(&self, account: &AccountId) -> Result<Vec<String>, EngineError> {
        if self.state(account).await?.goes_on() {
            return Ok(Vec::new());
        }
        let people = self.people().await?;
        let own = people.members().filter(|member| member.account() == Some(account));
        Ok(own.map(|member| member.id.clone()).collect())
    }
}

/// Made once, before anything is destroyed.
async fn inventory(
    store: &dyn Store,
    row: &OutboxRow,
    contract: &ContractId,
    users: &[String],
) -> Result<Inventory, EngineError> {
    let id = inventory_id(contract);
    if let Some(kept) = store.personal(&id).await? {
        return serde_json::from_slice(&kept.content)
            .map_err(|error| EngineError::unreadable(&id, &error));
    }
    let counts = counted(store, contract, users).await?;
    let inventory = Inventory { counts };
    let personal = PersonalRow {
        id,
        subject: records_subject(contract),
        account: row.account.clone(),
        class: "erasure_record".to_owned(),
        name: "inventory.json".to_owned(),
        content: serde_json::to_vec(&inventory).expect("plain data"),
    };
    let transaction = Transaction { personal: vec![personal], ..Transaction::default() };
    store.commit(&transaction).await?;
    Ok(inventory)
}

/// How much there is of each class now.
async fn counted(
    store: &dyn Store,
    contract: &ContractId,
    users: &[String],
) -> Result<Vec<(String, u64)>, EngineError> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (_, class) in store.personal_of(&material_subject(contract)).await? {
        *counts.entry(class).or_default() += 1;
    }
    for user in users {
        let rows = store.personal_of(&contact_subject(user)).await?;
        if !rows.is_empty() {
            *counts.entry(OWN_USER.to_owned()).or_default() += rows.len() as u64;
        }
    }
    let usage = store.count_usage(&contract.0).await?;
    if usage > 0 {
        counts.insert("usage_detail".to_owned(), usage);
    }
    Ok(counts.into_iter().collect())
}

/// What was there, and what had been destroyed: after a restore the rows went when
/// the erasures were replayed, before there was an inventory.
fn erased(inventory: Inventory, destroyed: Vec<(String, u64)>) -> Vec<ErasedClass> {
    let mut counts: BTreeMap<String, u64> = destroyed.into_iter().collect();
    for (class, count) in inventory.counts {
        let known = counts.entry(class).or_default();
        *known = count.max(*known);
    }
    let counts = counts.into_iter();
    counts.map(|(class, count)| ErasedClass { class, count, method: METHOD.to_owned() }).collect()
}

fn inventory_id(contract: &ContractId) -> String {
    format!("{contract}/erasure/inventory")
}

/// Who ordered and who confirmed.
fn persons(case: &Case, contract: &ContractId) -> (String, String) {
    let mut persons = (String::new(), String::new());
    for happening in case.in_force().iter() {
        match happening.what.as_ref() {
            What::Act(Act::OrderErasure(OrderErasure { contract: of })) if of == contract => {
                persons.0.clone_from(&happening.actor.id);
            }
            What::Act(Act::ConfirmErasure(ConfirmErasure { contract: of })) if of == contract => {
                persons.1.clone_from(&happening.actor.id);
            }
            _ => {}
        }
    }
    persons
}
