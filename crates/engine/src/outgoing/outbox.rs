//! The worker: effects are performed at least once and recorded exactly once.
//!
//! A row is claimed together with its account, its guard is looked at again, it is performed, and what
//! happened comes back as a fact in the same transaction that closes the row. A
//! process that dies in between finds the row again and repeats it under the
//! same Message-ID.

use contract::declare::fact::{Fact, MailRefused};
use contract::declare::ids::InputId;
use contract::road::account::Account;
use contract::road::editions;
use contract::road::stream::{Content, Input};
use reckon::Moment;

use crate::keeping::ports::{Delivery, Letter};
use crate::keeping::restored::hold;
use crate::keeping::store::{
    OperatorEntry, OutboxRow, OutboxState, OutboxUpdate, Store, Transaction,
};
use crate::keeping::subjects::operator_account;
use crate::keeping::{counted, fault};
use crate::outgoing::compose::Composed;
use crate::outgoing::draft::Desk;
use crate::outgoing::list::Effect;
use crate::outgoing::replies;
use crate::outgoing::tries::closed;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;

/// Seconds to wait after the first, second, … failed attempt; the last repeats.
const RETRY_SECONDS: [i64; 5] = [60, 300, 900, 3_600, 14_400];
/// Few enough that others find something to do while mails leave slowly.
const EFFECTS_AT_ONCE: u32 = 10;
/// With the waits above about five days.
const MOST_ATTEMPTS: u32 = 34;

impl Engine {
    /// Performs the effects whose time has come. Returns how many were tried.
    ///
    /// # Errors
    /// When the store fails; a mail that cannot be sent is no error.
    pub async fn perform_due(&self) -> Result<u64, EngineError> {
        self.unfinished.clear_up(&*self.store).await?;
        let rows = self.store.claim(self.now(), EFFECTS_AT_ONCE).await?;
        let mut in_hand = self.unfinished.in_hand(rows.iter().map(|row| row.account.clone()));
        fault::point("outbox.after_claim");
        let review = if rows.is_empty() { None } else { self.review().await? };
        for (at, row) in rows.iter().enumerate() {
            let held_back = Engine::is_held_back(review.as_ref(), row);
            let done =
                if held_back { hold(&*self.store, row).await } else { self.perform(row).await };
            if let Err(error) = done {
                in_hand.leave(&rows[at..], &error);
                return Err(error);
            }
            fault::point("outbox.after_commit");
        }
        drop(in_hand);
        self.unfinished.let_go(&*self.store).await?;
        Ok(rows.len() as u64)
    }

    async fn perform(&self, row: &OutboxRow) -> Result<(), EngineError> {
        let effect: Effect = match serde_json::from_value(row.payload.clone()) {
            Ok(effect) => effect,
            Err(error) => return self.give_up(row, &format!("unreadable effect: {error}")).await,
        };
        let account = self.account(&row.account).await?;
        if let Err(why) = effect.still_wanted(account.case(), account.state()) {
            if effect.of().only_tells {
                return self.update(settled(row, self.now(), why)).await;
            }
            return self.give_up(row, &why).await;
        }
        effect.perform(self, row, &account).await
    }

    pub(crate) async fn send(
        &self,
        row: &OutboxRow,
        account: &Account,
        effect: &Effect,
    ) -> Result<(), EngineError> {
        // One instant for the Date header, the enclosed paper and the fact.
        let at = self.now();
        let (case, state) = (account.case(), account.state());
        let desk = Desk { engine: self, case, state, at };
        let composed = match self.compose(row, effect, &desk).await {
            Ok(composed) => composed,
            Err(EngineError::Store(error)) => return Err(error.into()),
            Err(error) => return self.refused(row, effect, error.to_string()).await,
        };
        let letter = Letter {
            message_id: composed.mail.message_id.clone(),
            from: self.operator.mail.from.clone(),
            to: composed.mail.to.clone(),
            bytes: composed.bytes.clone(),
        };
        fault::point("outbox.before_send");
        let delivery = self.mail.send(&letter).await;
        fault::point("outbox.after_send");
        counted::mail(&delivery);
        // Servers like to repeat the address, which stands in no event (42-3).
        let plain = |reply: String| without_addresses(&reply, &letter.to);
        match delivery {
            Delivery::Accepted { reply } => {
                self.sent(row, effect, composed, at, plain(reply)).await
            }
            Delivery::Deferred { reply } => self.try_later(row, effect, plain(reply), false).await,
            Delivery::Unclear { why } => self.try_later(row, effect, plain(why), true).await,
            Delivery::Refused { reply } => self.refused(row, effect, plain(reply)).await,
        }
    }

    /// The mail left: the fact, the closed row and the mail itself, in one go.
    async fn sent(
        &self,
        row: &OutboxRow,
        effect: &Effect,
        composed: Composed,
        at: Moment,
        reply: String,
    ) -> Result<(), EngineError> {
        let message_id = composed.mail.message_id.clone();
        let transaction = sent_transaction(row, composed, at, reply);
        let Some(fact) = effect.done(message_id, at) else {
            return sent_for_operator(&*self.store, row, transaction).await;
        };
        self.register_effect(row, fact, at, transaction).await
    }

    /// What was performed comes back as a fact, together with the closed row.
    pub(crate) async fn register_effect(
        &self,
        row: &OutboxRow,
        fact: Fact,
        at: Moment,
        transaction: Transaction,
    ) -> Result<(), EngineError> {
        let evidence = evidence(&transaction);
        let input = Input { evidence, ..performed(row, fact, at) };
        let outcome = self.register_with(input, transaction.clone()).await?;
        if outcome.repeated {
            let only = Transaction {
                outbox_updates: transaction.outbox_updates,
                ..Transaction::default()
            };
            self.store.commit(&only).await?;
        }
        Ok(())
    }

    async fn try_later(
        &self,
        row: &OutboxRow,
        effect: &Effect,
        reply: String,
        unclear: bool,
    ) -> Result<(), EngineError> {
        let attempts = row.attempts + 1;
        // Sent into the unknown once more, it may come twice: a person looks first.
        if attempts >= MOST_ATTEMPTS || (unclear && row.maybe_sent) {
            let given_up = match row.maybe_sent || unclear {
                true => replies::PERHAPS_SENT,
                false => replies::GIVEN_UP,
            };
            let why = given_up.of(&[&attempts, &reply]);
            return self.refused(row, effect, why).await;
        }
        let wait = RETRY_SECONDS[(row.attempts as usize).min(RETRY_SECONDS.len() - 1)];
        let update = OutboxUpdate {
            id: row.id.clone(),
            state: OutboxState::Waiting,
            attempts: row.attempts + 1,
            next_at: self.now().plus_seconds(wait),
            maybe_sent: row.maybe_sent || unclear,
            last_reply: reply,
        };
        self.update(update).await
    }

    /// The own server refused it for good: it was never sent. An alert
    /// follows in the account; the row stays visible.
    async fn refused(
        &self,
        row: &OutboxRow,
        effect: &Effect,
        reply: String,
    ) -> Result<(), EngineError> {
        let at = self.now();
        let update = OutboxUpdate {
            id: row.id.clone(),
            state: OutboxState::Refused,
            attempts: row.attempts + 1,
            next_at: at,
            maybe_sent: row.maybe_sent,
            last_reply: reply.clone(),
        };
        if row.account == operator_account() {
            return self.update(update).await;
        }
        let about = effect.about().to_owned();
        let transaction = Transaction { outbox_updates: vec![update], ..Transaction::default() };
        let fact = Fact::MailRefused(MailRefused { about, mail: row.id.clone(), reply });
        self.register_effect(row, fact, at, transaction).await
    }

    pub(crate) async fn give_up(&self, row: &OutboxRow, why: &str) -> Result<(), EngineError> {
        let update = OutboxUpdate {
            id: row.id.clone(),
            state: OutboxState::Refused,
            attempts: row.attempts,
            next_at: self.now(),
            maybe_sent: row.maybe_sent,
            last_reply: why.to_owned(),
        };
        self.update(update).await
    }

    pub(crate) async fn update(&self, update: OutboxUpdate) -> Result<(), EngineError> {
        let transaction = Transaction { outbox_updates: vec![update], ..Transaction::default() };
        Ok(self.store.commit(&transaction).await?)
    }
}

/// What was performed, as it comes back.
pub(crate) fn performed(row: &OutboxRow, fact: Fact, at: Moment) -> Input {
    Input {
        id: InputId(format!("did-{}", row.id)),
        account: row.account.clone(),
        occurred_at: at,
        known_at: at,
        actor: system(),
        source: "outbox".to_owned(),
        evidence: Vec::new(),
        edition: editions::PRESENT,
        content: Content::Fact(fact),
    }
}

pub(crate) async fn sent_for_operator(
    store: &dyn Store,
    row: &OutboxRow,
    mut transaction: Transaction,
) -> Result<(), EngineError> {
    transaction.operator.push(OperatorEntry {
        stream: "mails".to_owned(),
        key: row.id.clone(),
        kind: "mail_sent".to_owned(),
        payload: row.payload.clone(),
    });
    Ok(store.commit(&transaction).await?)
}

/// The mail that left, and the row that it closes.
pub(crate) fn sent_transaction(
    row: &OutboxRow,
    composed: Composed,
    at: Moment,
    reply: String,
) -> Transaction {
    let done = OutboxUpdate { last_reply: reply, ..closed(row, at) };
    Transaction {
        recorded_at: Some(at),
        outbox_updates: vec![done],
        personal: composed.personal,
        documents: composed.documents,
        ..Transaction::default()
    }
}

fn without_addresses(reply: &str, to: &[String]) -> String {
    to.iter().fold(reply.to_owned(), |reply, address| reply.replace(address, "…"))
}

/// What it would have told is so no longer.
fn settled(row: &OutboxRow, at: Moment, why: String) -> OutboxUpdate {
    OutboxUpdate { state: OutboxState::Settled, last_reply: why, ..closed(row, at) }
}
