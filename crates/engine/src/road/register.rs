//! An input goes down the road: load the account, decide, append all of it at once.

use std::sync::Arc;

use contract::declare::ids::{AccountId, InputId};
use contract::road::editions;
use contract::road::stream::{Body, Content, Input, Record};
use reckon::Moment;

use crate::keeping::numbered::ToNumber;
use crate::keeping::store::{NewRecord, Store, StoreError, Transaction};
use crate::keeping::{counted, fault};
use crate::outgoing::list::effects;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::{EngineError, Outcome};
use crate::road::plausible::check_entry;
use crate::road::reason::reason_row;
use crate::road::views::{accepted_by, changed_views, to_number, views_of_input, voided_view};

/// Accounts that one worker takes up in one go.
const ACCOUNTS_AT_ONCE: u32 = 25;

impl Engine {
    /// Registers an input: its events, the effects they ask for, the read models
    /// and the next due moment are written together, or nothing is.
    ///
    /// # Errors
    /// When the store cannot be written. A refused act is no error.
    pub async fn register(&self, input: Input) -> Result<Outcome, EngineError> {
        self.register_because(input, "").await
    }

    /// As [`Engine::register`], with the reason that the person gives for it. It is
    /// free text: sealed, and named in the evidence.
    ///
    /// # Errors
    /// As [`Engine::register`].
    pub async fn register_because(
        &self,
        mut input: Input,
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        if self.store.has_input(&input.id).await? {
            return self.earlier_outcome(&input).await;
        }
        let mut personal = self.seal(&mut input).await?;
        check_entry(&input)?;
        self.check_against_record(&input).await?;
        let rows = [reason_row(&input, reason), self.preview_row(&input).await?];
        personal.extend(rows.into_iter().flatten());
        let transaction = Transaction { personal, ..Transaction::default() };
        input.evidence.extend(evidence(&transaction));
        self.register_with(input, transaction).await
    }

    /// As [`Engine::register`], together with what else belongs to the step.
    pub(crate) async fn register_with(
        &self,
        input: Input,
        transaction: Transaction,
    ) -> Result<Outcome, EngineError> {
        loop {
            match self.try_register(&input, transaction.clone()).await {
                Err(EngineError::Store(StoreError::Conflict(_))) => {}
                Err(EngineError::Store(StoreError::Duplicate(id))) if id == input.id.0 => {
                    return self.earlier_outcome(&input).await;
                }
                other => return other,
            }
        }
    }

    async fn try_register(
        &self,
        input: &Input,
        mut transaction: Transaction,
    ) -> Result<Outcome, EngineError> {
        if self.store.has_input(&input.id).await? {
            return Err(StoreError::Duplicate(input.id.0.clone()).into());
        }
        let mut account = self.accounts.take(&*self.store, &self.law, &input.account).await?;
        let records = account.case().records();
        let voided = voided_view(input, account.case());
        let decision = account.decide(&self.law, input)?;
        if decision.events.is_empty() && input.content == Content::Clock {
            let next_due = decision.next_due;
            let outcome = nothing_new(&*self.store, input, records, next_due, transaction).await?;
            self.accounts.keep(Arc::new(account));
            return Ok(outcome);
        }
        let law = self.law.id();
        // One instant: read models are made again as of when they were recorded.
        let now = self.now();
        transaction.recorded_at = Some(now);
        transaction.laws.push((law.0.clone(), self.law.text().to_string()));
        transaction.outbox.extend(effects(&self.law, input, &decision.events, now));
        transaction.outbox_updates.extend(self.done_by_hand(input).await?);
        transaction.views.extend(changed_views(now.day(), &mut account));
        transaction.views.extend(voided);
        transaction.views.extend(views_of_input(input, &decision.state, &decision.events));
        transaction.numbered = to_number(&transaction.views, now);
        let accepted = accepted_by(input, &decision.state, &decision.events);
        transaction.numbered.extend(accepted.and_then(|id| ToNumber::of("contract", &id.0, now)));
        transaction.records.push(NewRecord {
            after: records,
            record: Record { input: input.clone(), law, events: decision.events.clone() },
            next_due: decision.next_due,
        });
        fault::point("register.before_commit");
        self.store.commit(&transaction).await?;
        self.accounts.keep(Arc::new(account));
        fault::point("register.after_commit");
        let outcome = Outcome {
            refused: decision.refused,
            findings: decision.findings,
            events: decision.events,
            repeated: false,
        };
        counted::registered(input, &outcome);
        Ok(outcome)
    }

    /// The same input again: what it came to the first time, and nothing more.
    async fn earlier_outcome(&self, input: &Input) -> Result<Outcome, EngineError> {
        let records = self.records(&input.account).await?;
        let mut outcome = Outcome { repeated: true, ..Outcome::default() };
        let earlier = records.iter().find(|record| record.input.id == input.id);
        for event in earlier.into_iter().flat_map(|record| &record.events) {
            match &event.body {
                Body::Refused { findings, .. } => {
                    outcome.refused = true;
                    outcome.findings.clone_from(findings);
                }
                Body::Done { warnings, .. } => outcome.findings.clone_from(warnings),
                _ => {}
            }
        }
        Ok(outcome)
    }

    /// Brings every consequence that is due up to now, earliest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn catch_up(&self) -> Result<u64, EngineError> {
        self.unfinished.clear_up(&*self.store).await?;
        let mut brought = 0;
        loop {
            let due = self.store.claim_due(self.now(), ACCOUNTS_AT_ONCE).await?;
            if due.is_empty() {
                return Ok(brought);
            }
            let in_hand = self.unfinished.in_hand(due.iter().map(|(_, account)| account.clone()));
            for (at, account) in due {
                self.register(tick(self.now(), &account, at)).await?;
                fault::point("tick.after_account");
                brought += 1;
            }
            drop(in_hand);
            self.unfinished.let_go(&*self.store).await?;
        }
    }

    /// Brings everything that is due up to now, also in accounts at which another
    /// worker is: for whoever wants to look. Two ticks of one account are no harm,
    /// the second finds nothing new.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bring_due(&self) -> Result<(), EngineError> {
        self.catch_up().await?;
        loop {
            let due = self.store.due(self.now(), ACCOUNTS_AT_ONCE).await?;
            if due.is_empty() {
                return Ok(());
            }
            for (at, account) in due {
                self.register(tick(self.now(), &account, at)).await?;
            }
        }
    }

    /// Does what is due now: consequences, then effects, until nothing is left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settle(&self) -> Result<(), EngineError> {
        loop {
            let brought = self.catch_up().await?;
            let told = self.deliver_notices().await?;
            let performed = self.perform_due().await?;
            if brought == 0 && told == 0 && performed == 0 {
                return Ok(());
            }
        }
    }
}

fn tick(now: Moment, account: &AccountId, due: Moment) -> Input {
    Input {
        id: InputId(format!("tick-{account}-{}-{}", due.unix_seconds(), now.unix_seconds())),
        account: account.clone(),
        occurred_at: now,
        known_at: now,
        actor: system(),
        source: "the calendar".to_owned(),
        evidence: Vec::new(),
        edition: editions::PRESENT,
        content: Content::Clock,
    }
}

/// Time passed and nothing followed: only the queue is put right.
async fn nothing_new(
    store: &dyn Store,
    input: &Input,
    records: u64,
    next_due: Option<Moment>,
    mut transaction: Transaction,
) -> Result<Outcome, StoreError> {
    transaction.due.push((input.account.clone(), records, next_due));
    store.commit(&transaction).await?;
    Ok(Outcome::default())
}
