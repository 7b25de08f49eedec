//! 9-10(1): the contracts that the provider terminated, over all accounts. A company with the same corporate number is the same account, under
//! whatever name (2-1(3)); what resembles another one is a hint for a person.

use std::collections::BTreeSet;

use contract::application::receiving::{EarlierTermination, Resemblance};
use contract::declare::ids::{AccountId, ContractId};
use contract::service::minimum_term::EndCause;
use contract::{AccountState, ApplicationForm, ContractState};
use document::payer_key;
use reckon::Day;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keeping::store::{Store, StoreError};

/// What an applicant is compared with.
#[derive(Serialize, Deserialize)]
struct Terminated {
    on: Day,
    names: BTreeSet<String>,
    addresses: BTreeSet<String>,
    payers: BTreeSet<String>,
}

/// The row of a contract that was terminated, with every name that its company
/// had. No row is written for others; one that stands is looked at again.
pub(crate) fn terminated(state: &AccountState, contract: &ContractState) -> Option<Value> {
    let end = contract.end.as_ref().filter(|end| is_termination(end.cause))?;
    let forms = state.contracts.values().map(|contract| &contract.form);
    let changed = state.parties.companies.iter().map(|since| &since.value);
    let companies: Vec<_> = forms.clone().map(|form| &form.applicant).chain(changed).collect();
    let stated = forms.filter_map(|form| form.payment.payer_kana.as_ref());
    let payers = stated.chain(state.parties.payers.iter().flat_map(|since| &since.value));
    let row = Terminated {
        on: end.on,
        names: companies.iter().map(|company| payer_key(&company.name)).collect(),
        addresses: companies.iter().map(|company| plain(&company.address)).collect(),
        payers: payers.map(|name| payer_key(name)).collect(),
    };
    Some(serde_json::to_value(row).expect("plain data"))
}

fn is_termination(cause: EndCause) -> bool {
    matches!(cause, EndCause::ProviderTermination | EndCause::UserBreach)
}

/// An address without what people write in different ways.
fn plain(address: &str) -> String {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '－' | '‐' | '−' | 'ー' | '―' => '-',
        other => other,
    };
    address.chars().filter(|c| !c.is_whitespace()).map(digit).collect()
}

/// Terminated contracts of other accounts that resemble an applicant, as they
/// stand now: they travel in the input.
pub(crate) async fn terminations_like(
    store: &dyn Store,
    account: &AccountId,
    form: &ApplicationForm,
) -> Result<Vec<EarlierTermination>, StoreError> {
    let (name, address) = (payer_key(&form.applicant.name), plain(&form.applicant.address));
    let payers: Vec<_> = form.payment.payer_kana.iter().map(|name| payer_key(name)).collect();
    let mut found = Vec::new();
    for view in store.views("terminated").await? {
        let Ok(row) = serde_json::from_value::<Terminated>(view.content) else { continue };
        if view.account == *account {
            continue;
        }
        let same: Vec<_> = [
            (Resemblance::Name, row.names.contains(&name)),
            (Resemblance::Address, row.addresses.contains(&address)),
            (Resemblance::Payer, payers.iter().any(|payer| row.payers.contains(payer))),
        ]
        .into_iter()
        .filter_map(|(what, holds)| holds.then_some(what))
        .collect();
        if same.is_empty() || !is_terminated(store, &view.id).await? {
            continue;
        }
        let contract = ContractId(view.id);
        found.push(EarlierTermination { account: view.account, contract, on: row.on, same });
    }
    found.sort_by(|a, b| (a.on, &a.contract).cmp(&(b.on, &b.contract)));
    Ok(found)
}

/// A termination that was voided since leaves its row behind.
async fn is_terminated(store: &dyn Store, contract: &str) -> Result<bool, StoreError> {
    let view = store.view("contract", contract).await?;
    let cause = view.map(|view| view.content["end"]["cause"].clone()).unwrap_or_default();
    let cause: Option<EndCause> = serde_json::from_value(cause).ok();
    Ok(cause.is_some_and(is_termination))
}
