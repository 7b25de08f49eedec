//! Subjects: what is kept is sealed under the key of one, and goes with that key.

use contract::declare::ids::{AccountId, ContractId};

/// Under what the operator's own mails stand in the outbox.
pub(crate) fn operator_account() -> AccountId {
    AccountId("operator".to_owned())
}

/// What may be erased when the contract has ended (19-2).
pub(crate) fn material_subject(contract: &ContractId) -> String {
    format!("{contract}/material")
}

/// Contract records, kept for their statutory time.
pub(crate) fn records_subject(contract: &ContractId) -> String {
    format!("{contract}/records")
}

/// What concerns a company and no single contract, kept for its statutory time.
pub(crate) fn company_subject(account: &AccountId) -> String {
    format!("{account}/records")
}
