//! Accounts that were looked at lately, as far as their records go. Records are only ever
//! added, so an account that was worked out once is carried on with what came since: by
//! this process or another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::Account;
use contract::declare::ids::AccountId;
use contract::road::case::Case;
use terms::Law;

use crate::keeping::store::{Store, StoreError};

/// So many records are kept folded, of whichever accounts were looked at last.
const RECORDS: u64 = 50_000;

#[derive(Default)]
pub struct AccountCache(Mutex<Kept>);

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
        let kept = self.get(id);
        let known = kept.as_ref().map_or(0, |account| account.case().records());
        let since = store.records_after(id, known).await?;
        if since.is_empty() {
            // Nothing is kept of an account of which there is nothing: anybody can ask.
            return Ok(kept.unwrap_or_else(|| Arc::new(Account::new(Case::new(id.clone())))));
        }
        // Taken out, so that mostly nobody else holds it and nothing is copied.
        self.forget(id);
        let mut account = Arc::unwrap_or_clone(
            kept.unwrap_or_else(|| Arc::new(Account::new(Case::new(id.clone())))),
        );
        for record in &since {
            account.apply(record);
        }
        if let Some(until) = account.case().unfolded_until {
            account.bring(law, until);
        }
        // Whoever recorded them wrote the rows of what they changed, under that law.
        if since.last().is_some_and(|record| record.law == law.id()) {
            account.take_looked_at();
        }
        let account = Arc::new(account);
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
