//! The road of a fact: load the account, decide, append all of it at once.

use std::sync::Arc;

use contract::declare::fact::{Fact, HeldReturned};
use contract::declare::ids::{AccountId, ApplicationId, InputId};
use contract::declare::reason::Finding;
use contract::road::bounds::YEARS;
use contract::road::editions;
use contract::road::plausible::implausible;
use contract::road::stream::{Body, Content, Event, Input, Record};
use contract::{AccountState, Interrupted, Unfolded, decide, unfold};
use reckon::Moment;
use terms::{Law, LawError, LawId, Pack};
use thiserror::Error;

use crate::keeping::clock::Clock;
use crate::keeping::counted;
use crate::keeping::fault;
use crate::keeping::in_hand::Unfinished;
use crate::keeping::ports::{Cloud, Mail};
use crate::keeping::store::{NewRecord, PersonalRow, Store, StoreError, Transaction};
use crate::outgoing::effects::effects;
use crate::outgoing::mending::NotMended;
use crate::people::PeopleCache;
use crate::people::operator::{Operator, system};
use crate::road::cases::CaseCache;
use crate::road::evidence::evidence;
use crate::road::views::{views, views_of_input};
use crate::road::written::WrittenRows;

/// Everything that a step needs. Several may work on one store.
pub struct Engine {
    pub store: Arc<dyn Store>,
    pub mail: Arc<dyn Mail>,
    pub cloud: Arc<dyn Cloud>,
    pub clock: Arc<dyn Clock>,
    pub fonts: Arc<typeset::Fonts>,
    pub pack: Pack,
    pub operator: Operator,
    pub law: Law,
    /// What was taken up and left behind, until the store has taken note of it.
    pub unfinished: Unfinished,
    pub people: PeopleCache,
    pub cases: CaseCache,
    pub written: WrittenRows,
}

/// Accounts that one worker takes up in one go.
const ACCOUNTS_AT_ONCE: u32 = 25;

/// What became of an input.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The act was refused; the findings say on which grounds.
    pub refused: bool,
    pub findings: Vec<Finding>,
    pub events: Vec<Event>,
    /// The same input had been registered before: nothing was done.
    pub repeated: bool,
}

#[derive(Debug, Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Law(#[from] LawError),
    #[error("{}", listed(.0))]
    Faults(Vec<document::Fault>),
    /// The form of an application has faults; it is registered with them (9-10(2)).
    #[error("{}\nregistered with its faults as {application} (9-10(2))", listed(.faults))]
    FaultyForm { application: ApplicationId, faults: Vec<document::Fault> },
    #[error(transparent)]
    Typeset(#[from] typeset::TypesetError),
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    #[error(transparent)]
    NotMended(#[from] NotMended),
    /// Something named does not exist, or a step is not possible now.
    #[error("{0}")]
    Refused(String),
}

fn listed(faults: &[document::Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Engine {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub async fn records(&self, account: &AccountId) -> Result<Vec<Record>, EngineError> {
        Ok(self.store.records(account).await?)
    }

    /// Where an account stands now, with everything that is due.
    pub async fn unfolded(&self, account: &AccountId) -> Result<Unfolded, EngineError> {
        let case = self.case(account).await?;
        Ok(unfold(&self.law, &case, self.now()))
    }

    pub async fn state(&self, account: &AccountId) -> Result<AccountState, EngineError> {
        Ok(self.unfolded(account).await?.state)
    }

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
        self.check_entry(&input)?;
        let rows = [reason_row(&input, reason), self.preview_row(&input).await?];
        let personal = rows.into_iter().flatten().collect();
        let step = Transaction { personal, ..Transaction::default() };
        input.evidence.extend(evidence(&step));
        self.register_with(input, step).await
    }

    /// Why a person did or registered something, in their own words.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reason_given(&self, input: &InputId) -> Result<Option<String>, EngineError> {
        let row = self.store.personal(&reason_id(input)).await?;
        Ok(row.map(|row| String::from_utf8_lossy(&row.content).into_owned()))
    }

    /// What nobody can have meant: money of a later day, half of what needs two
    /// persons, something that happens after it is known, amounts and days with
    /// which no rule can count.
    pub(crate) fn check_entry(&self, input: &Input) -> Result<(), EngineError> {
        let today = input.known_at.day();
        let problem = match &input.content {
            _ if input.occurred_at > input.known_at => {
                format!("{} is later than now, {}", input.occurred_at, input.known_at)
            }
            Content::Fact(Fact::PaymentCredited(payment)) if payment.on > today => {
                format!("the payment is of {}, later than today", payment.on)
            }
            Content::Fact(Fact::HeldReturned(HeldReturned { on, .. })) if *on > today => {
                format!("the transfer is of {on}, later than today")
            }
            Content::Act(act) if act.needs_approval() => {
                format!("\"{}\" needs two persons: one proposes it, another approves", act.name())
            }
            content => match implausible(content) {
                Some(problem) => problem,
                None if !YEARS.contains(&input.occurred_at.day().year()) => {
                    format!("occurred_at is {}, in no plausible year", input.occurred_at)
                }
                None => return Ok(()),
            },
        };
        Err(EngineError::Refused(problem))
    }

    /// As [`Engine::register`], together with what else belongs to the step.
    pub(crate) async fn register_with(
        &self,
        input: Input,
        step: Transaction,
    ) -> Result<Outcome, EngineError> {
        loop {
            match self.try_register(&input, step.clone()).await {
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
        mut step: Transaction,
    ) -> Result<Outcome, EngineError> {
        if self.store.has_input(&input.id).await? {
            return Err(StoreError::Duplicate(input.id.0.clone()).into());
        }
        let case = self.case(&input.account).await?;
        let decision = decide(&self.law, &case, input)?;
        if decision.events.is_empty() && input.content == Content::Clock {
            return Ok(self.nothing_new(input, case.records(), decision.next_due, step).await?);
        }
        let law = self.law.id();
        // One instant: read models are made again as of when they were recorded.
        let now = self.now();
        step.recorded_at = Some(now);
        step.laws.push((law.0.clone(), self.law.text().to_string()));
        step.outbox.extend(effects(self, input, &decision.events));
        step.outbox_updates.extend(self.done_by_hand(input).await?);
        let came = (&decision.state, decision.events.as_slice());
        let mut rows = views(now.day(), &input.account, &decision.state);
        let written = self.written.changed(&input.account, case.records(), &mut rows);
        step.views.extend(rows);
        let of_input = views_of_input(input, &case, came);
        // They may stand in the place of one that is remembered.
        let written = written.without(&of_input);
        step.views.extend(of_input);
        step.records.push(NewRecord {
            after: case.records(),
            record: Record { input: input.clone(), law, events: decision.events.clone() },
            next_due: decision.next_due,
        });
        fault::point("register.before_commit");
        self.store.commit(&step).await?;
        self.written.note(&input.account, written);
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

    /// Time passed and nothing followed: only the queue is put right.
    async fn nothing_new(
        &self,
        input: &Input,
        records: u64,
        next_due: Option<Moment>,
        mut step: Transaction,
    ) -> Result<Outcome, StoreError> {
        step.due.push((input.account.clone(), records, next_due));
        self.store.commit(&step).await?;
        Ok(Outcome::default())
    }

    /// Brings every consequence that is due up to now, earliest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn catch_up(&self) -> Result<u64, EngineError> {
        self.clear_up().await?;
        let mut brought = 0;
        loop {
            let due = self.store.claim_due(self.now(), ACCOUNTS_AT_ONCE).await?;
            if due.is_empty() {
                return Ok(brought);
            }
            let in_hand = self.in_hand(due.iter().map(|(_, account)| account.clone()));
            for (at, account) in due {
                self.register(self.tick(&account, at)).await?;
                fault::point("tick.after_account");
                brought += 1;
            }
            drop(in_hand);
            self.let_go().await?;
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
                self.register(self.tick(&account, at)).await?;
            }
        }
    }

    fn tick(&self, account: &AccountId, due: Moment) -> Input {
        let now = self.now();
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

    /// Does what is due now: consequences, then effects, until nothing is left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settle(&self) -> Result<(), EngineError> {
        loop {
            let brought = self.catch_up().await?;
            let performed = self.perform_due().await?;
            if brought == 0 && performed == 0 {
                return Ok(());
            }
        }
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

fn reason_id(input: &InputId) -> String {
    format!("reason/{input}")
}

/// The reason of an input, sealed; empty ones are none.
pub(crate) fn reason_row(input: &Input, reason: &str) -> Option<PersonalRow> {
    let reason = reason.trim();
    (!reason.is_empty()).then(|| PersonalRow {
        id: reason_id(&input.id),
        subject: format!("{}/reasons", input.account),
        account: input.account.clone(),
        class: "reason".to_owned(),
        name: "reason.txt".to_owned(),
        content: reason.as_bytes().to_vec(),
    })
}

/// The reason of a step of the operator's own (a file, a billing run), sealed, and
/// what its entry says of it.
pub(crate) fn operator_reason(key: &str, reason: &str) -> (Option<PersonalRow>, Vec<String>) {
    let reason = reason.trim();
    let row = (!reason.is_empty()).then(|| PersonalRow {
        id: format!("reason/{key}"),
        subject: "operator/reasons".to_owned(),
        account: AccountId(String::new()),
        class: "reason".to_owned(),
        name: "reason.txt".to_owned(),
        content: reason.as_bytes().to_vec(),
    });
    let step = Transaction { personal: row.iter().cloned().collect(), ..Transaction::default() };
    (row, evidence(&step))
}
