//! What a worker has taken up and has to let go of again, also when a step fails
//! or is given up half way.

use std::sync::Mutex;

use contract::declare::ids::AccountId;

use crate::keeping::store::{OutboxRow, OutboxState, OutboxUpdate, Store, StoreError, Transaction};
use crate::road::outcome::EngineError;

/// What was left behind, until the store has taken note of it.
#[derive(Debug, Default)]
pub struct Unfinished {
    left: Mutex<Vec<Left>>,
    /// One at a time lets go: a second one would end claims that are newer.
    letting_go: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, PartialEq)]
struct Left {
    accounts: Vec<AccountId>,
    /// Effects that are to wait again, as far as their attempt is known.
    rows: Vec<OutboxRow>,
}

/// Accounts that nobody else takes up; left behind when this is dropped.
pub(crate) struct InHand<'e> {
    unfinished: &'e Unfinished,
    left: Left,
}

impl InHand<'_> {
    /// The store could not take note of an attempt, of which nobody knows now
    /// whether it was performed; the rows after it were not tried.
    pub(crate) fn leave(&mut self, rows: &[OutboxRow], error: &EngineError) {
        let Some((tried, others)) = rows.split_first() else { return };
        if matches!(error, EngineError::Store(_)) {
            self.left.rows.push(OutboxRow { maybe_sent: true, ..tried.clone() });
        }
        self.left.rows.extend_from_slice(others);
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        if !self.left.accounts.is_empty() {
            let mut left = self.unfinished.left.lock().expect("no holder panics");
            left.push(self.left.clone());
        }
    }
}

impl Unfinished {
    pub(crate) fn in_hand(&self, accounts: impl Iterator<Item = AccountId>) -> InHand<'_> {
        let mut accounts: Vec<_> = accounts.collect();
        accounts.sort();
        accounts.dedup();
        InHand { unfinished: self, left: Left { accounts, rows: Vec::new() } }
    }

    /// Lets go of what was left behind here, and takes over what workers that are
    /// gone have left.
    pub(crate) async fn clear_up(&self, store: &dyn Store) -> Result<(), StoreError> {
        self.let_go(store).await?;
        let found = store.recover().await?;
        if found > 0 {
            tracing::warn!("{found} effects of a worker that is gone wait again");
        }
        Ok(())
    }

    /// Lets go of what was left behind here, once the store can be written.
    pub(crate) async fn let_go(&self, store: &dyn Store) -> Result<(), StoreError> {
        let _alone = self.letting_go.lock().await;
        let left = self.left.lock().expect("no holder panics").clone();
        if left.is_empty() {
            return Ok(());
        }
        let transaction = Transaction {
            outbox_updates: left.iter().flat_map(|left| &left.rows).map(waiting).collect(),
            released: left.iter().flat_map(|left| left.accounts.clone()).collect(),
            ..Transaction::default()
        };
        store.commit(&transaction).await?;
        // Others only add at the end.
        self.left.lock().expect("no holder panics").drain(..left.len());
        Ok(())
    }
}

fn waiting(row: &OutboxRow) -> OutboxUpdate {
    OutboxUpdate {
        id: row.id.clone(),
        state: OutboxState::Waiting,
        attempts: row.attempts,
        next_at: row.next_at,
        maybe_sent: row.maybe_sent,
        last_reply: row.last_reply.clone(),
    }
}
