//! What accounts came to, stored so that a step after a start of the program costs what it
//! touches. Never written in a step: in the background, a chapter of accounts at a time.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use contract::declare::ids::AccountId;
use contract::road::stored::FOLD;
use reckon::Moment;

use crate::keeping::store::{Fold, WorkedOut};
use crate::road::accounts::read;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// An account is stored anew when it has gone on by so many records; a shorter one is not
/// stored at all, since to work it out costs no more than to read it.
pub const BEHIND: u64 = 32;

/// Accounts in one chapter: between two of them the worker does what is due.
const CHAPTER: u32 = 20;
/// Seconds after the last account until the first is looked at again.
const REST: i64 = 600;
/// Seconds until what could not be stored is tried again.
const WAIT: i64 = 86_400;
/// So many accounts that cannot be stored are remembered.
const MOST: usize = 100_000;

/// Accounts that were stored, since the start of the program.
pub const WORKED_OUT: &str = "yakkan_worked_out_total";

/// How far the background is.
#[derive(Default)]
pub struct Storing {
    place: Mutex<Place>,
    billing: AtomicU64,
}

#[derive(Default)]
struct Place {
    /// The last account of the chapter before.
    after: String,
    /// When the next round begins, if none goes on.
    rests_until: Option<Moment>,
    stored: u64,
    /// What was to be recorded first, when it was tried, and when that is tried again.
    waiting: HashSet<AccountId>,
    waits_until: Option<Moment>,
}

/// What a chapter came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chapter {
    pub stored: u64,
    /// Accounts whose state waits for their next step.
    pub left: u64,
    pub is_last: bool,
}

/// A billing run goes on as long as somebody holds it.
pub(crate) struct Billing<'a>(&'a AtomicU64);

impl Drop for Billing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Storing {
    pub(crate) fn billing(&self) -> Billing<'_> {
        self.billing.fetch_add(1, Ordering::SeqCst);
        Billing(&self.billing)
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        // Whoever panicked meanwhile left a whole place behind.
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    fn fold(&self) -> Fold {
        Fold { version: FOLD, law: self.law_id().0 }
    }

    /// Stores what the accounts of one chapter came to, and says how many those were: none
    /// while a billing run goes on, and none for a while after the last account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn store_next_chapter(&self) -> Result<u64, EngineError> {
        let now = self.now();
        let storing = &self.accounts.storing;
        let after = {
            let place = storing.place();
            let rests = place.rests_until.is_some_and(|until| now < until);
            if rests || storing.billing.load(Ordering::SeqCst) > 0 {
                return Ok(0);
            }
            place.after.clone()
        };
        let behind = self.store.behind(&after, BEHIND, &self.fold(), CHAPTER).await?;
        let mut stored = 0;
        for account in &behind {
            if storing.billing.load(Ordering::SeqCst) > 0 {
                return Ok(stored);
            }
            let is_waiting = storing.place().waiting.contains(account);
            let is_stored = !is_waiting && self.store_worked_out(account).await?;
            let mut place = storing.place();
            place.after.clone_from(&account.0);
            if is_stored {
                stored += 1;
                place.stored += 1;
            } else if place.waiting.len() < MOST {
                place.waiting.insert(account.clone());
            }
        }
        let mut place = storing.place();
        if behind.len() < CHAPTER as usize {
            if place.stored > 0 {
                tracing::info!("{} accounts were stored as they stand", place.stored);
            }
            let Place { waiting, waits_until, .. } = std::mem::take(&mut *place);
            let again = waits_until.unwrap_or_else(|| now.plus_seconds(WAIT));
            place.rests_until = Some(now.plus_seconds(REST));
            if now < again {
                (place.waiting, place.waits_until) = (waiting, Some(again));
            }
        }
        metrics::counter!(WORKED_OUT).increment(stored);
        Ok(stored)
    }

    /// Stores what all accounts came to that are behind, a chapter at a time, and says after
    /// each how far it is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn store_all_worked_out(
        &self,
        mut tell: impl FnMut(Chapter),
    ) -> Result<Chapter, EngineError> {
        let mut all = Chapter::default();
        let mut after = String::new();
        while !all.is_last {
            let behind = self.store.behind(&after, BEHIND, &self.fold(), CHAPTER).await?;
            for account in &behind {
                match self.store_worked_out(account).await? {
                    true => all.stored += 1,
                    false => all.left += 1,
                }
                after.clone_from(&account.0);
            }
            all.is_last = behind.len() < CHAPTER as usize;
            tell(all);
        }
        Ok(all)
    }

    /// Stores what an account came to, however short it is. False where something is to be
    /// recorded first, by its next step.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn store_worked_out(&self, id: &AccountId) -> Result<bool, EngineError> {
        let account = read(&*self.store, &self.law, id).await?;
        let Some(body) = account.stored(&self.law) else { return Ok(false) };
        let row = WorkedOut { records: account.case().records(), fold: self.fold(), body };
        self.store.put_worked_out(id, &row).await?;
        Ok(true)
    }
}
