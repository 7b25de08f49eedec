//! Cases that were looked at lately. Records are only ever added, so a case that was
//! folded once is carried on with what came since: by this process or another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::declare::ids::AccountId;
use contract::road::case::Case;

use crate::keeping::store::{Store, StoreError};

/// So many records are kept folded, of whichever accounts were looked at last.
const RECORDS: u64 = 50_000;

#[derive(Default)]
pub struct CaseCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    cases: HashMap<AccountId, Looked>,
    looks: u64,
    records: u64,
}

struct Looked {
    case: Arc<Case>,
    /// When it was looked at last, in looks.
    at: u64,
}

impl CaseCache {
    /// Everything registered for an account.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn case(
        &self,
        store: &dyn Store,
        account: &AccountId,
    ) -> Result<Arc<Case>, StoreError> {
        let kept = self.get(account);
        let known = kept.as_ref().map_or(0, |case| case.records());
        let since = store.records_after(account, known).await?;
        if since.is_empty() {
            // Nothing is kept of an account of which there is nothing: anybody can ask.
            return Ok(kept.unwrap_or_else(|| Arc::new(Case::new(account.clone()))));
        }
        // Taken out, so that mostly nobody else holds it and nothing is copied.
        self.forget(account);
        let mut case = kept.unwrap_or_else(|| Arc::new(Case::new(account.clone())));
        let carried_on = Arc::make_mut(&mut case);
        for record in &since {
            carried_on.apply(record);
        }
        self.keep(&case);
        Ok(case)
    }

    fn get(&self, account: &AccountId) -> Option<Arc<Case>> {
        let mut kept = self.kept();
        kept.looks += 1;
        let at = kept.looks;
        let looked = kept.cases.get_mut(account)?;
        looked.at = at;
        Some(looked.case.clone())
    }

    fn forget(&self, account: &AccountId) {
        self.kept().forget(account);
    }

    fn keep(&self, case: &Arc<Case>) {
        let mut kept = self.kept();
        // Somebody may have carried it on further meanwhile.
        if kept.cases.get(&case.account).is_some_and(|l| l.case.records() >= case.records()) {
            return;
        }
        kept.forget(&case.account);
        kept.make_room(case.records());
        kept.looks += 1;
        let looked = Looked { case: case.clone(), at: kept.looks };
        kept.records += case.records();
        kept.cases.insert(case.account.clone(), looked);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Whoever panicked meanwhile left whole cases behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, account: &AccountId) {
        if let Some(looked) = self.cases.remove(account) {
            self.records -= looked.case.records();
        }
    }

    /// Forgets those that were not looked at for longest; an account that alone is
    /// larger than all that is kept takes all of it.
    fn make_room(&mut self, records: u64) {
        while self.records + records > RECORDS && !self.cases.is_empty() {
            let oldest = self.cases.iter().min_by_key(|(_, looked)| looked.at);
            let oldest = oldest.map(|(account, _)| account.clone()).expect("not empty");
            self.forget(&oldest);
        }
    }
}
