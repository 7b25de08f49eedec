//! What could not be done is not lost: a person mends its cause and has it tried
//! again, says how it was done instead, or lets go what nobody needs any more. Both
//! tries stay in the record, and so does who said what, and why.

use contract::declare::ids::InputId;
use contract::road::editions;
use contract::road::stream::{Content, Input};
use contract::who::actor::Actor;
use reckon::Moment;
use serde_json::json;

use crate::keeping::store::{
    OperatorEntry, OutboxRow, OutboxState, OutboxUpdate, Store, Transaction,
};
use crate::keeping::subjects::operator_account;
use crate::outgoing::compose::LetterAhead;
use crate::outgoing::draft::Desk;
use crate::outgoing::list::{Effect, asked_in};
use crate::outgoing::replies;
use crate::outgoing::said::{Mending, NotMended, Way};
use crate::outgoing::tries::{REPEATS, TRY, repeated};
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;
use crate::road::reason::{operator_reason, reason_row};

/// What trying once more would come to.
#[derive(Debug, Clone)]
pub enum AnotherTry {
    /// Nothing: what it rested on has changed.
    Unwanted,
    /// This mail would leave.
    Sent(LetterAhead),
    /// It would be done.
    Done,
}

/// The operator's stream of what people said of effects that were refused.
const STREAM: &str = "effects";

impl Engine {
    /// An effect that a person can mend, with what it is.
    ///
    /// # Errors
    /// When there is none under this id, or it was not refused.
    pub async fn refused_effect(&self, id: &str) -> Result<(OutboxRow, Effect), EngineError> {
        let found = self.store.effect(id).await?;
        let row = found.ok_or_else(|| NotMended::Unknown(id.to_owned()))?;
        if row.state != OutboxState::Refused {
            return Err(NotMended::NotRefused(id.to_owned()).into());
        }
        let effect = serde_json::from_value(row.payload.clone());
        let unreadable = |error| EngineError::unreadable(id, &error);
        Ok((row, effect.map_err(unreadable)?))
    }

    /// Records what a person says of an effect that was refused. Returns under which
    /// id it is tried again, if it is.
    ///
    /// # Errors
    /// When it is not this person's to mend, was answered already, or cannot be so.
    pub async fn mend(
        &self,
        id: &str,
        mending: &Mending,
        by: &Actor,
        reason: &str,
    ) -> Result<Option<String>, EngineError> {
        let (row, effect) = self.refused_effect(id).await?;
        if !effect.of().menders.contains(&by.role) {
            return Err(NotMended::NotYours(by.role).into());
        }
        if reason.trim().is_empty() {
            return Err(NotMended::NoReason.into());
        }
        let wanted = self.is_wanted(&row, &effect).await?;
        let said = Said { row: &row, mending, by, reason };
        match mending {
            Mending::Again => {
                if !wanted {
                    return Err(NotMended::Changed.into());
                }
                let next = next_try(&*self.store, &row).await?;
                let mut transaction = self.said(&said, OutboxState::Settled, &next);
                transaction.outbox.push(OutboxRow {
                    id: next.clone(),
                    state: OutboxState::Waiting,
                    attempts: 0,
                    next_at: self.now(),
                    maybe_sent: false,
                    last_reply: String::new(),
                    ..row.clone()
                });
                self.store.commit(&transaction).await?;
                Ok(Some(next))
            }
            Mending::Elsewhere { way, at, reference } => {
                self.done_elsewhere(&said, &effect, *way, *at, reference).await?;
                Ok(None)
            }
            Mending::LetGo if wanted && effect.of().is_guarded => Err(NotMended::StillOwed.into()),
            Mending::LetGo => {
                let transaction = self.said(&said, OutboxState::Settled, "");
                self.store.commit(&transaction).await?;
                Ok(None)
            }
        }
    }

    /// What another try of a refused effect would come to: nothing where what it rested on
    /// has changed; of a mail, to whom it would go now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn another_try(&self, row: &OutboxRow) -> Result<AnotherTry, EngineError> {
        let Ok(effect) = serde_json::from_value::<Effect>(row.payload.clone()) else {
            return Ok(AnotherTry::Unwanted);
        };
        if !self.is_wanted(row, &effect).await? {
            return Ok(AnotherTry::Unwanted);
        }
        if effect.of().kind != "mail" || row.account == operator_account() {
            return Ok(AnotherTry::Done);
        }
        let (case, state) = (self.case(&row.account).await?, self.state(&row.account).await?);
        let desk = Desk { engine: self, case: &case, state: &state, at: self.now() };
        match self.letter_ahead(&effect, &desk).await {
            Ok(letter) => Ok(AnotherTry::Sent(letter)),
            Err(EngineError::Store(error)) => Err(error.into()),
            Err(_) => Ok(AnotherTry::Done),
        }
    }

    /// The guard, as it will be looked at before another try.
    async fn is_wanted(&self, row: &OutboxRow, effect: &Effect) -> Result<bool, EngineError> {
        if row.account == operator_account() {
            return Ok(true);
        }
        let case = self.case(&row.account).await?;
        let state = self.state(&row.account).await?;
        Ok(effect.still_wanted(&case, &state).is_ok())
    }

    async fn done_elsewhere(
        &self,
        said: &Said<'_>,
        effect: &Effect,
        way: Way,
        at: Moment,
        reference: &str,
    ) -> Result<(), EngineError> {
        let id = &said.row.id;
        if !effect.of().ways.contains(&way) {
            return Err(NotMended::NotThatWay(way).into());
        }
        if reference.trim().is_empty() {
            return Err(NotMended::NoReference.into());
        }
        let (from, now) = (self.asked_at(said.row).await?, self.now());
        if at < from || at > now {
            return Err(NotMended::NotThen { at, from, now }.into());
        }
        let mut transaction = self.said(said, OutboxState::Done, reference);
        let Some(fact) = effect.done(reference.trim().to_owned(), at) else {
            return Ok(self.store.commit(&transaction).await?);
        };
        let mut input = Input {
            id: InputId(format!("did-{id}-elsewhere")),
            account: said.row.account.clone(),
            occurred_at: at,
            known_at: self.now(),
            actor: said.by.clone(),
            source: format!("outbox, {}", way.text()),
            evidence: Vec::new(),
            edition: editions::PRESENT,
            content: Content::Fact(fact),
        };
        transaction.personal.extend(reason_row(&input, said.reason));
        input.evidence = evidence(&transaction);
        self.register_with(input, transaction).await.map(|_| ())
    }

    /// When something first asked for this effect: it cannot have been done before.
    async fn asked_at(&self, row: &OutboxRow) -> Result<Moment, EngineError> {
        let first = row.id.split(TRY).next().unwrap_or(&row.id);
        let records = self.records(&row.account).await?;
        let asked = records.iter().find(|record| asked_in(record).any(|id| id == first));
        Ok(asked.map_or(Moment::from_unix_seconds(0), |record| record.input.occurred_at))
    }

    /// The row that needs nobody any more, and who said what of it. The key of the
    /// entry lets each try be answered once.
    fn said(&self, said: &Said<'_>, state: OutboxState, outcome: &str) -> Transaction {
        let Said { row, mending, by, reason } = said;
        let at = self.now();
        let key = format!("mended-{}", row.id);
        let (reason, evidence) = operator_reason(&key, reason);
        let kind = match mending {
            Mending::Again => "again",
            Mending::Elsewhere { .. } => "elsewhere",
            Mending::LetGo => "let_go",
        };
        let told = match mending {
            Mending::Again => replies::AGAIN.of(&[&outcome]),
            Mending::Elsewhere { way, at, .. } => {
                replies::done(*way).of(&[&at.to_minute_text(), &outcome])
            }
            Mending::LetGo => replies::LET_GO.of(&[]),
        };
        let last_reply = replies::said(&told, &by.id, &row.last_reply);
        // What was done in another way was done then; a refused try stays where it was.
        let next_at = match mending {
            Mending::Elsewhere { at, .. } => *at,
            Mending::Again | Mending::LetGo => row.next_at,
        };
        Transaction {
            recorded_at: Some(at),
            operator: vec![OperatorEntry {
                stream: STREAM.to_owned(),
                key,
                kind: kind.to_owned(),
                payload: json!({
                    "effect": row.id, "account": row.account, "mending": mending,
                    "outcome": outcome, "by": by.id, "at": at, "evidence": evidence,
                }),
            }],
            personal: reason.into_iter().collect(),
            outbox_updates: vec![OutboxUpdate {
                id: row.id.clone(),
                state,
                attempts: row.attempts,
                next_at,
                maybe_sent: row.maybe_sent,
                last_reply,
            }],
            ..Transaction::default()
        }
    }
}

async fn next_try(store: &dyn Store, row: &OutboxRow) -> Result<String, EngineError> {
    let first = row.id.split(TRY).next().unwrap_or(&row.id);
    let mut tries: u32 = 2;
    'next: loop {
        let repeating = (1..tries).map(|of| format!("{first}{TRY}{tries}{REPEATS}{of}"));
        for id in repeating.chain([format!("{first}{TRY}{tries}")]) {
            if store.effect(&id).await?.is_some() {
                tries += 1;
                continue 'next;
            }
        }
        break;
    }
    let next = format!("{first}{TRY}{tries}");
    // It may be there already: a second copy has to be told as one.
    Ok(if row.maybe_sent { format!("{next}{REPEATS}{}", repeated(&row.id)) } else { next })
}

/// What a person says, and of what.
struct Said<'a> {
    row: &'a OutboxRow,
    mending: &'a Mending,
    by: &'a Actor,
    reason: &'a str,
}
