//! 38-1(2): with its last contract the ways in of a customer end. Nothing is stored of
//! it: they follow from where the account stands, and open again when it applies anew.

use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::Member;

use super::{Door, DoorError};

impl Door {
    /// Whether a person of a customer may come in no more. Who speaks for the customer
    /// (30-1) still sees the invoices while something is to be paid or given back.
    pub(super) async fn is_shut(&self, member: &Member) -> Result<bool, DoorError> {
        let Some(account) = member.account() else { return Ok(false) };
        let state = self.engine.state(account).await?;
        let speaks = self
            .people()
            .await?
            .roles(&member.id, self.today())
            .contains(&Role::CustomerAdministrator);
        Ok(state.is_over() && !(speaks && state.is_unsettled()))
    }

    /// Whether the keys of a customer's programs hold no more.
    pub(super) async fn is_over(&self, account: Option<&AccountId>) -> Result<bool, DoorError> {
        match account {
            Some(account) => Ok(self.engine.state(account).await?.is_over()),
            None => Ok(false),
        }
    }
}
