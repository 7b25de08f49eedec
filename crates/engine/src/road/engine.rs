//! Everything that a step needs, and where an account stands.

use std::sync::Arc;

use contract::declare::ids::{AccountId, InputId};
use contract::road::case::Case;
use contract::road::editions;
use contract::road::stream::{Content, Input, Record};
use contract::{Account, AccountState};
use reckon::Moment;
use terms::{Law, LawId, Pack};

use crate::announcing::AtWork;
use crate::keeping::clock::Clock;
use crate::keeping::in_hand::Unfinished;
use crate::keeping::ports::{Cloud, Homepage, Mail};
use crate::keeping::store::Store;
use crate::people::operator::Operator;
use crate::people::stream::PeopleCache;
use crate::road::accounts::AccountCache;
use crate::road::outcome::EngineError;

/// Everything that a step needs. Several may work on one store.
pub struct Engine {
    pub store: Arc<dyn Store>,
    pub mail: Arc<dyn Mail>,
    pub cloud: Arc<dyn Cloud>,
    pub homepage: Arc<dyn Homepage>,
    pub clock: Arc<dyn Clock>,
    pub fonts: Arc<typeset::Fonts>,
    pub pack: Pack,
    pub operator: Operator,
    pub law: Law,
    /// What was taken up and left behind, until the store has taken note of it.
    pub unfinished: Unfinished,
    pub people: PeopleCache,
    pub accounts: AccountCache,
    pub announcing: AtWork,
    /// Usage files wait for each other.
    pub usage_turn: tokio::sync::Mutex<()>,
}

impl Engine {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub async fn records(&self, account: &AccountId) -> Result<Vec<Record>, EngineError> {
        Ok(self.store.records(account).await?)
    }

    /// Everything registered for an account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn case(&self, account: &AccountId) -> Result<Arc<Case>, EngineError> {
        let account = self.accounts.account(&*self.store, &self.law, account).await?;
        Ok(account.case().clone())
    }

    /// An account as it stands now, with everything that is due.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn account(&self, account: &AccountId) -> Result<Arc<Account>, EngineError> {
        let mut account = self.accounts.account(&*self.store, &self.law, account).await?;
        let now = self.now();
        if !account.is_brought_to(&self.law, now) {
            Arc::make_mut(&mut account).bring(&self.law, now);
        }
        Ok(account)
    }

    /// Where an account stands now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn state(&self, account: &AccountId) -> Result<Arc<AccountState>, EngineError> {
        Ok(self.account(account).await?.state().clone())
    }

    /// An input that a person or a file brings, known now.
    pub fn input(
        &self,
        id: impl Into<String>,
        account: &AccountId,
        actor: &contract::who::actor::Actor,
        source: &str,
        content: Content,
    ) -> Input {
        Input {
            id: InputId(id.into()),
            account: account.clone(),
            occurred_at: self.now(),
            known_at: self.now(),
            actor: actor.clone(),
            source: source.to_owned(),
            evidence: Vec::new(),
            edition: editions::PRESENT,
            content,
        }
    }

    /// The id under which the present law is interned.
    pub fn law_id(&self) -> LawId {
        self.law.id()
    }
}
