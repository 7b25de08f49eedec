//! A notice that was approved goes to each customer, one after the other: what was given is
//! known by its id, so that a process that was killed goes on where it was, nobody gets two
//! and nobody is forgotten. What is to be read on the homepage is posted once the server has
//! fetched its own page and found it there.

use std::collections::BTreeMap;

use contract::declare::fact::{Fact, NoticeGiven, NoticePosted, NoticeWithdrawn};
use contract::declare::ids::{AccountId, InputId};
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;
use contract::road::editions;
use contract::road::stream::{Content, Input};
use reckon::Moment;

use super::at_work::{Pass, Place};
use super::audience::Addressed;
use super::entries::{
    CUSTOMERS_AN_ENTRY, NOTICES, NoticeEntry, NoticeStep, Posted, addressed_chunk, given_id,
};
use super::held::{Announcement, Standing};
use crate::keeping::fault;
use crate::keeping::store::{StoreError, Transaction};
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Customers that are given notices in one go, while others find something to do.
const CUSTOMERS_AT_ONCE: usize = 50;
/// Seconds between two looks at a page that could not be fetched.
const LOOK_AGAIN: i64 = 10;
/// Seconds until a customer who could not be told is come to again.
const FAILED_AGAIN: i64 = 60;

impl Engine {
    /// Gives notices that were approved to the next customers, and posts what is to be
    /// posted. Returns how many steps were taken.
    ///
    /// # Errors
    /// When the store fails. A page that cannot be fetched is looked for again later.
    pub async fn deliver_notices(&self) -> Result<u64, EngineError> {
        let held = self.announcements().await?;
        let leaves = |one: &&Announcement| one.standing() == Standing::Leaving || one.is_stopped();
        let leaving: Vec<_> = held.all.values().filter(leaves).collect();
        // After a restore somebody looks first at what left since the backup.
        if leaving.is_empty() || self.review().await?.is_some() {
            return Ok(0);
        }
        let mut steps = 0;
        for one in leaving {
            // A clock that was put back waits until it is past the approval again.
            let now = self.now();
            let approved = one.approved.as_ref().is_some_and(|approved| approved.at <= now);
            let waits =
                self.announcing.again.lock().expect("no holder panics").get(&one.id).copied();
            if !approved || waits.is_some_and(|until| now < until) {
                continue;
            }
            if one.given_to_all.is_none() {
                steps += self.pass(one, Pass::Give).await?;
            }
            if !one.goes_by(Channel::Homepage) {
                continue;
            }
            match &one.posted {
                None => steps += self.post_notice(one).await?,
                Some(posted) if posted.at > now => {}
                Some(_) if one.posting_told.is_none() && one.given_to_all.is_some() => {
                    steps += self.pass(one, Pass::Post).await?;
                }
                Some(_) => {}
            }
        }
        Ok(steps)
    }

    /// Takes a pass on by some customers, and notes when everybody was reached.
    async fn pass(&self, one: &Announcement, pass: Pass) -> Result<u64, EngineError> {
        let key = (one.id.clone(), pass);
        let place = || self.announcing.places.lock().expect("no holder panics");
        let from = match pass {
            Pass::Give => Place { chunk: one.given as usize / CUSTOMERS_AN_ENTRY, within: 0 },
            Pass::Post => Place::default(),
        };
        let mut at = place().get(&key).copied().unwrap_or(from);
        let mut steps = 0;
        while steps < CUSTOMERS_AT_ONCE {
            let chunk = addressed_chunk(&*self.store, &one.id, at.chunk).await?;
            let Some(chunk) = chunk else {
                place().remove(&key);
                return Ok(steps as u64 + u64::from(self.pass_over(one, pass).await?));
            };
            for to in chunk.iter().skip(at.within) {
                if steps >= CUSTOMERS_AT_ONCE {
                    break;
                }
                // Somebody may have withdrawn it meanwhile: the rest is not given it.
                let withdrawn = self.is_withdrawn(&one.id).await?;
                let told = match pass {
                    Pass::Give if withdrawn => Ok(()),
                    Pass::Give => self.give(one, to).await,
                    Pass::Post => self.tell_posted(one, to).await,
                };
                // The others are not kept waiting for one.
                self.note_failure(one, to, told.err());
                fault::point("notice.after_customer");
                at.within += 1;
                steps += 1;
            }
            if at.within >= chunk.len() {
                at = Place { chunk: at.chunk + 1, within: 0 };
                if pass == Pass::Give && chunk.len() == CUSTOMERS_AN_ENTRY {
                    let customers = (at.chunk * CUSTOMERS_AN_ENTRY) as u64;
                    self.note_step(one, NoticeStep::GivenUpTo { customers }).await?;
                }
            }
        }
        place().insert(key, at);
        Ok(steps as u64)
    }

    /// Everybody was come to: the pass is over, unless somebody could not be told, who is
    /// come to again in a while.
    async fn pass_over(&self, one: &Announcement, pass: Pass) -> Result<bool, EngineError> {
        if !self.failed_customers(&one.id).is_empty() {
            let again = self.now().plus_seconds(FAILED_AGAIN);
            self.announcing.again.lock().expect("no holder panics").insert(one.id.clone(), again);
            return Ok(false);
        }
        let step = match pass {
            Pass::Give => NoticeStep::GivenToAll { customers: self.count_given(one).await? },
            Pass::Post => NoticeStep::PostingTold,
        };
        self.note_step(one, step).await?;
        Ok(true)
    }

    fn note_failure(&self, one: &Announcement, to: &Addressed, error: Option<EngineError>) {
        let mut failed = self.announcing.failed.lock().expect("no holder panics");
        let of_notice = failed.entry(one.id.clone()).or_default();
        match error {
            None => drop(of_notice.remove(&to.account)),
            Some(error) => {
                tracing::error!("notice {} cannot be given to {}: {error}", one.id, to.account);
                of_notice.insert(to.account.clone(), error.told().ja);
            }
        }
    }

    /// Customers who could not be given a notice, and why, as far as this process knows.
    pub fn failed_customers(&self, id: &NoticeId) -> BTreeMap<AccountId, String> {
        let failed = self.announcing.failed.lock().expect("no holder panics");
        failed.get(id).cloned().unwrap_or_default()
    }

    async fn count_given(&self, one: &Announcement) -> Result<u64, EngineError> {
        let (mut given, mut number) = (0, 0);
        while let Some(chunk) = addressed_chunk(&*self.store, &one.id, number).await? {
            for to in &chunk {
                let id = given_id(&one.id, &one.written.text_hash, &to.account);
                given += u64::from(self.store.has_input(&InputId(id)).await?);
            }
            number += 1;
        }
        Ok(given)
    }

    async fn is_withdrawn(&self, id: &NoticeId) -> Result<bool, EngineError> {
        Ok(self.announcements().await?.get(id).is_some_and(|one| one.withdrawn.is_some()))
    }

    async fn give(&self, one: &Announcement, to: &Addressed) -> Result<(), EngineError> {
        let id = given_id(&one.id, &one.written.text_hash, &to.account);
        if self.store.has_input(&InputId(id.clone())).await? {
            return Ok(());
        }
        if let Some(old) = &one.written.withdraws
            && !self.withdraw(one, old, to).await?
        {
            // Who was never given the old one has nothing to hear of its withdrawal.
            return Ok(());
        }
        let given = NoticeGiven {
            delivery: DeliveryId::of(&one.id, &one.written.text_hash, &to.account),
            notice: one.id.clone(),
            kind: one.written.kind.clone(),
            title: one.written.title.clone(),
            text_hash: one.written.text_hash.clone(),
            contracts: to.contracts.clone(),
            channels: one.written.channels.clone(),
            takes_effect: one.written.takes_effect,
            cure_days: one.written.cure_days,
        };
        self.tell_customer(&id, to, self.now(), Fact::NoticeGiven(Box::new(given))).await
    }

    /// The old one holds no more for this customer, since it was decided so. Where it was not
    /// given, another process may be about to: it finds it withdrawn. Returns whether it was.
    async fn withdraw(
        &self,
        one: &Announcement,
        old: &NoticeId,
        to: &Addressed,
    ) -> Result<bool, EngineError> {
        let held = self.announcements().await?;
        let (Some(old), Some(approved)) = (held.get(old), &one.approved) else { return Ok(false) };
        let given = given_id(&old.id, &old.written.text_hash, &to.account);
        let delivery = DeliveryId::of(&old.id, &old.written.text_hash, &to.account);
        let withdrawn = NoticeWithdrawn { delivery, by: one.id.clone() };
        let id = format!("{given}-withdrawn");
        self.tell_customer(&id, to, approved.at, Fact::NoticeWithdrawn(withdrawn)).await?;
        Ok(self.store.has_input(&InputId(given)).await?)
    }

    async fn tell_posted(&self, one: &Announcement, to: &Addressed) -> Result<(), EngineError> {
        let hash = &one.written.text_hash;
        let (Some(posted), given) = (&one.posted, given_id(&one.id, hash, &to.account)) else {
            return Ok(());
        };
        // Withdrawn before it came to this customer.
        if !self.store.has_input(&InputId(given.clone())).await? {
            return Ok(());
        }
        let Posted { page, page_hash } = posted.what.clone();
        let delivery = DeliveryId::of(&one.id, hash, &to.account);
        let fact = Fact::NoticePosted(NoticePosted { delivery, page, page_hash });
        self.tell_customer(&format!("{given}-posted"), to, posted.at, fact).await
    }

    async fn tell_customer(
        &self,
        id: &str,
        to: &Addressed,
        occurred_at: Moment,
        fact: Fact,
    ) -> Result<(), EngineError> {
        let id = InputId(id.to_owned());
        if self.store.has_input(&id).await? {
            return Ok(());
        }
        let input = Input {
            id,
            account: to.account.clone(),
            occurred_at,
            known_at: self.now(),
            actor: system(),
            source: NOTICES.to_owned(),
            evidence: Vec::new(),
            edition: editions::PRESENT,
            content: Content::Fact(fact),
        };
        self.register(input).await?;
        Ok(())
    }

    /// 3-2: it is posted from when it could be read: the server fetches its own page.
    async fn post_notice(&self, one: &Announcement) -> Result<u64, EngineError> {
        let now = self.now();
        let looked = || self.announcing.looked.lock().expect("no holder panics");
        let last = looked().get(&one.id).copied();
        if last.is_some_and(|last| now >= last && now < last.plus_seconds(LOOK_AGAIN)) {
            return Ok(0);
        }
        let page = one.page();
        match self.homepage.shows(&page, &one.written.text_hash).await {
            Ok(page_hash) => {
                looked().remove(&one.id);
                self.note_step(one, NoticeStep::Posted(Posted { page, page_hash })).await?;
                Ok(1)
            }
            Err(why) => {
                tracing::warn!("notice {} is not on the homepage yet: {why}", one.id);
                looked().insert(one.id.clone(), self.now());
                Ok(0)
            }
        }
    }

    /// A step of a notice that the program takes itself; another process may have been
    /// quicker.
    async fn note_step(&self, one: &Announcement, what: NoticeStep) -> Result<(), EngineError> {
        let at = self.now();
        let entry = NoticeEntry { notice: one.id.clone(), by: system(), at, what };
        let transaction = Transaction {
            recorded_at: Some(at),
            operator: vec![entry.stored()],
            ..Transaction::default()
        };
        match self.store.commit(&transaction).await {
            Ok(()) | Err(StoreError::Duplicate(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// How many customers were given a notice so far, as far as this process knows.
    pub fn given_so_far(&self, one: &Announcement) -> u64 {
        let places = self.announcing.places.lock().expect("no holder panics");
        let place = places.get(&(one.id.clone(), Pass::Give));
        let here = place.map_or(0, |at| at.chunk * CUSTOMERS_AN_ENTRY + at.within);
        one.given.max(here as u64)
    }
}
