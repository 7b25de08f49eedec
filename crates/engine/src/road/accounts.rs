//! Accounts that were looked at lately, as far as their records go. Records are only ever
//! added, so an account that was worked out once is carried on with what came since: by
//! this process or another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::Account;
use contract::declare::ids::AccountId;
use contract::road::case::Case;
use contract::road::stream::Record;
use terms::Law;

use crate::keeping::store::{Store, StoreError};
use crate::road::worked_out::Storing;

/// So many records are kept folded, of whichever accounts were looked at last.
const RECORDS: u64 = 50_000;

#[derive(Default)]
pub struct AccountCache {
    kept: Mutex<Kept>,
    pub(crate) storing: Storing,
}

#[derive(Default)]
struct Kept {
    accounts: HashMap<AccountId, Looked>,
    looks: u64,
    records: u64,
}

struct Looked {
    account: Arc<Account>,
    /// When it was looked at last, in looks.
    at: u64,
}

impl AccountCache {
    /// An account as of its last record.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn account(
        &self,
        store: &dyn Store,
        law: &Law,
        id: &AccountId,
    ) -> Result<Arc<Account>, StoreError> {
        let Some(kept) = self.get(id) else {
            let account = Arc::new(read(store, law, id).await?);
            // Nothing is kept of an account of which there is nothing: anybody can ask.
            if account.case().records() > 0 {
                self.keep(account.clone());
            }
            return Ok(account);
        };
        let since = store.records_after(id, kept.case().records()).await?;
        if since.is_empty() {
            return Ok(kept);
        }
        // Taken out, so that mostly nobody else holds it and nothing is copied.
        self.forget(id);
        let account = Arc::new(carried_on(Arc::unwrap_or_clone(kept), law, &since));
        self.keep(account.clone());
        Ok(account)
    }

    fn get(&self, account: &AccountId) -> Option<Arc<Account>> {
        let mut kept = self.kept();
        kept.looks += 1;
        let at = kept.looks;
        let looked = kept.accounts.get_mut(account)?;
        looked.at = at;
        Some(looked.account.clone())
    }

    fn forget(&self, account: &AccountId) {
        self.kept().forget(account);
    }

    /// As [`Self::account`], to decide on: it is kept again once that is recorded.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn take(
        &self,
        store: &dyn Store,
        law: &Law,
        id: &AccountId,
    ) -> Result<Account, StoreError> {
        let account = self.account(store, law, id).await?;
        self.forget(id);
        Ok(Arc::unwrap_or_clone(account))
    }

    pub(crate) fn keep(&self, account: Arc<Account>) {
        let (id, records) = (account.case().account.clone(), account.case().records());
        let mut kept = self.kept();
        // Somebody may have carried it on further meanwhile.
        if kept.accounts.get(&id).is_some_and(|looked| looked.records() > records) {
            return;
        }
        kept.forget(&id);
        kept.make_room(records);
        kept.looks += 1;
        let looked = Looked { account, at: kept.looks };
        kept.records += records;
        kept.accounts.insert(id, looked);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Whoever panicked meanwhile left whole accounts behind.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An account as the store has it: from what was stored of it, and what came since.
pub(crate) async fn read(
    store: &dyn Store,
    law: &Law,
    id: &AccountId,
) -> Result<Account, StoreError> {
    let stored = store.worked_out(id).await?.and_then(|row| {
        let account = Account::of_stored(id, law, row.body)?;
        (account.case().records() == row.records).then_some(account)
    });
    let account = stored.unwrap_or_else(|| Account::new(Case::new(id.clone())));
    let since = store.records_after(id, account.case().records()).await?;
    Ok(carried_on(account, law, &since))
}

fn carried_on(mut account: Account, law: &Law, since: &[Record]) -> Account {
    for record in since {
        account.apply(record);
    }
    let until = account.case().unfolded_until;
    if let Some(until) = until.filter(|until| !account.is_brought_to(law, *until)) {
        account.bring(law, until);
    }
    // Whoever recorded them wrote the rows of what they changed, under that law.
    if since.last().is_some_and(|record| record.law == law.id()) {
        account.take_looked_at();
    }
    account
}

impl Looked {
    fn records(&self) -> u64 {
        self.account.case().records()
    }
}

impl Kept {
    fn forget(&mut self, account: &AccountId) {
        if let Some(looked) = self.accounts.remove(account) {
            self.records -= looked.records();
        }
    }

    /// Forgets those that were not looked at for longest; an account that alone is
    /// larger than all that is kept takes all of it.
    fn make_room(&mut self, records: u64) {
        while self.records + records > RECORDS && !self.accounts.is_empty() {
            let oldest = self.accounts.iter().min_by_key(|(_, looked)| looked.at);
            let oldest = oldest.map(|(account, _)| account.clone()).expect("not empty");
            self.forget(&oldest);
        }
    }
}
