//! After a restore: what left the house since the backup stands in no record.
//!
//! A review is opened with the restore and closed by a person. Until then no
//! effect is performed by itself: each is held, and a person who has looked at
//! the mail server's log says of each whether it was sent, is to be sent, or is
//! to be dropped. Nor is a billing run numbered before a person has said from
//! which number on the series are free.

use contract::declare::fact::Fact;
use contract::declare::ids::InputId;
use contract::road::editions;
use contract::road::stream::{Content, Input};
use contract::sentence;
use contract::who::actor::Actor;
use reckon::Moment;
use serde_json::{Value, json};

use crate::keeping::identity::WaysEnded;
use crate::keeping::store::{
    OperatorEntry, OutboxRow, OutboxState, OutboxUpdate, Store, Transaction,
};
use crate::outgoing::compose::message_id;
use crate::outgoing::draft::Desk;
use crate::outgoing::list::Effect;
use crate::outgoing::outbox::{sent_for_operator, sent_transaction};
use crate::outgoing::replies;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;

/// The operator's stream of restores and of what people said after them.
const STREAM: &str = "restores";

/// A restore whose review is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// When the copy was made that was restored.
    pub backup_at: Moment,
    pub restored_at: Moment,
    /// A person has said which document numbers are free.
    pub numbers_known: bool,
    /// What the restore ended of what the backup brought back.
    pub ended: WaysEnded,
}

/// What the opening of a review did at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Effects that wait for a person.
    pub held: usize,
    /// Sessions, links and keys that the backup brought back.
    pub ended: WaysEnded,
}

/// Which numbers may have been given after the backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumbersSince {
    /// None, or the runs after the backup are repeated with the same dates: the
    /// same drafts get the same numbers then.
    Repeat,
    /// This one is the first that is free, such as `INV-2026-000431`; those
    /// before it are noted as given before the restore.
    From(String),
}

/// An effect that is held, with the Message-ID to look for in the mail log.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub row: OutboxRow,
    /// `None` for what is no mail.
    pub message_id: Option<String>,
}

impl Engine {
    /// Opens the review of a restore: ends every session, set-up link and key,
    /// since one that was ended after the backup would hold again; brings what
    /// follows up to now, and holds every effect that has not been performed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_review(&self, backup_at: Moment) -> Result<Opening, EngineError> {
        let at = self.now();
        let ended = self.store.identity().end_all_ways(at).await?;
        let payload = json!({ "backup_at": backup_at, "restored_at": at, "ended": ended });
        self.note(at, &format!("restored-{}", at.unix_seconds()), "restored", payload).await?;
        // Whoever was at work when the copy was made is not at work here.
        self.store.recover().await?;
        // What time brought since the backup may have asked for mails that left.
        self.catch_up().await?;
        let rows = self.store.outbox().await?;
        let open =
            |row: &&OutboxRow| matches!(row.state, OutboxState::Waiting | OutboxState::Performing);
        let outbox_updates: Vec<_> = rows.iter().filter(open).map(held).collect();
        let held = outbox_updates.len();
        self.store.commit(&Transaction { outbox_updates, ..Transaction::default() }).await?;
        Ok(Opening { held, ended })
    }

    /// The review that is open, if one is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn review(&self) -> Result<Option<Review>, EngineError> {
        let mut open = None;
        for entry in self.store.operator_stream(STREAM).await? {
            match (entry.kind.as_str(), &mut open) {
                ("restored", _) => {
                    open = Some(Review {
                        backup_at: moment(&entry.payload["backup_at"])?,
                        restored_at: moment(&entry.payload["restored_at"])?,
                        numbers_known: false,
                        // An earlier version ended nothing.
                        ended: serde_json::from_value(entry.payload["ended"].clone())
                            .unwrap_or_default(),
                    });
                }
                ("numbers", Some(review)) => review.numbers_known = true,
                ("reviewed", _) => open = None,
                _ => {}
            }
        }
        Ok(open)
    }

    /// Whether a claimed effect has to wait for a person. One that a person has
    /// released is marked as maybe sent.
    pub(crate) fn is_held_back(review: Option<&Review>, row: &OutboxRow) -> bool {
        review.is_some() && !row.maybe_sent
    }

    /// # Errors
    /// While nobody has said which numbers were given after a restored backup.
    pub(crate) async fn refuse_unknown_numbers(&self) -> Result<(), EngineError> {
        match self.review().await? {
            Some(review) if !review.numbers_known => {
                let at = review.backup_at.to_minute_text();
                Err(EngineError::Refused(sentence!(
                    "{at}のバックアップから復元した後です。先に「復元後の確認」で、その後に付けた番号を登録してください。",
                    "the data were restored from a backup of {at}: first say which numbers were given after it (yakkan restored numbers)",
                )))
            }
            _ => Ok(()),
        }
    }

    /// Effects on which a person has to decide.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn held(&self) -> Result<Vec<Held>, EngineError> {
        let rows = self.store.outbox().await?.into_iter();
        let rows = rows.filter(|row| row.state == OutboxState::Held);
        let with_id = |row: OutboxRow| Held {
            message_id: (row.kind == "mail")
                .then(|| format!("<{}>", message_id(&self.operator, &row))),
            row,
        };
        Ok(rows.map(with_id).collect())
    }

    /// It was not sent, or is to be sent again: it leaves with the next round.
    /// Its guard is looked at again then.
    ///
    /// # Errors
    /// When no such effect is held.
    pub async fn release(&self, id: &str, by: &Actor) -> Result<(), EngineError> {
        let row = held_row(&*self.store, id).await?;
        let update = OutboxUpdate {
            state: OutboxState::Waiting,
            next_at: self.now(),
            last_reply: replies::RELEASED.of(&[&by.id]),
            ..held(&row)
        };
        self.decided(&row, "released", by, update).await
    }

    /// It is not to be sent.
    ///
    /// # Errors
    /// When no such effect is held.
    pub async fn drop_held(&self, id: &str, by: &Actor) -> Result<(), EngineError> {
        let row = held_row(&*self.store, id).await?;
        let update = OutboxUpdate {
            state: OutboxState::Refused,
            last_reply: replies::DROPPED.of(&[&by.id]),
            ..held(&row)
        };
        self.decided(&row, "dropped", by, update).await
    }

    async fn decided(
        &self,
        row: &OutboxRow,
        kind: &str,
        by: &Actor,
        update: OutboxUpdate,
    ) -> Result<(), EngineError> {
        let at = self.now();
        let transaction = Transaction {
            recorded_at: Some(at),
            operator: vec![OperatorEntry {
                stream: STREAM.to_owned(),
                key: format!("{kind}-{}-{}", row.id, at.unix_seconds()),
                kind: kind.to_owned(),
                payload: json!({ "effect": row.id, "by": by.id, "at": at }),
            }],
            outbox_updates: vec![update],
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }

    /// The mail left after the backup, at the moment that the mail server's log
    /// says. It is written again as it was then and kept; the fact that it was
    /// sent is registered by this person.
    ///
    /// # Errors
    /// When no such mail is held, or the moment lies in the future.
    pub async fn was_sent(&self, id: &str, at: Moment, by: &Actor) -> Result<(), EngineError> {
        let row = held_row(&*self.store, id).await?;
        if at > self.now() {
            let now = self.now();
            let (then, until) = (at.to_minute_text(), now.to_minute_text());
            return Err(EngineError::Refused(sentence!(
                "{then}は今（{until}）より後です。",
                "{at} is later than now, {now}"
            )));
        }
        let effect: Effect = serde_json::from_value(row.payload.clone())
            .map_err(|error| EngineError::unreadable(id, &error))?;
        if row.kind != "mail" {
            return Err(EngineError::Refused(sentence!(
                "{id}はメールではありません。留置を解くか、したことを登録してください。",
                "{id} is no mail: release it, or register by hand what was done",
            )));
        }
        let case = self.case(&row.account).await?;
        let state = self.state(&row.account).await?;
        let desk = Desk { engine: self, case: &case, state: &state, at };
        let composed = self.compose(&row, &effect, &desk).await?;
        let message_id = composed.mail.message_id.clone();
        let reply = format!("sent before the restore, says {}", by.id);
        let transaction = sent_transaction(&row, composed, at, reply);
        let Some(fact) = effect.done(message_id, at) else {
            return sent_for_operator(&*self.store, &row, transaction).await;
        };
        self.register_sent(&row, fact, at, by, transaction).await
    }

    async fn register_sent(
        &self,
        row: &OutboxRow,
        fact: Fact,
        at: Moment,
        by: &Actor,
        transaction: Transaction,
    ) -> Result<(), EngineError> {
        let input = Input {
            id: InputId(format!("did-{}", row.id)),
            account: row.account.clone(),
            occurred_at: at,
            known_at: self.now(),
            actor: by.clone(),
            source: "mail server's log, after a restore".to_owned(),
            evidence: evidence(&transaction),
            edition: editions::PRESENT,
            content: Content::Fact(fact),
        };
        self.register_with(input, transaction).await.map(|_| ())
    }

    /// Says which document numbers may have been given after the backup.
    ///
    /// # Errors
    /// When no review is open, or the number does not fit its series.
    pub async fn state_numbers(
        &self,
        numbers: &NumbersSince,
        by: &Actor,
    ) -> Result<(), EngineError> {
        let Some(review) = self.review().await? else {
            return Err(no_review());
        };
        let at = self.now();
        let mut transaction = Transaction { recorded_at: Some(at), ..Transaction::default() };
        let mut payload = json!({ "by": by.id, "at": at });
        match numbers {
            NumbersSince::Repeat => payload["numbers"] = json!("repeat"),
            NumbersSince::From(first) => {
                payload["numbers"] = json!(first);
                transaction.operator.extend(skipped(&*self.store, first, &review, by).await?);
            }
        }
        transaction.operator.push(OperatorEntry {
            stream: STREAM.to_owned(),
            key: format!("numbers-{}", at.unix_seconds()),
            kind: "numbers".to_owned(),
            payload,
        });
        Ok(self.store.commit(&transaction).await?)
    }

    /// Ends the review: effects are performed by themselves again.
    ///
    /// # Errors
    /// While an effect is held or the numbers are not known.
    pub async fn close_review(&self, by: &Actor) -> Result<(), EngineError> {
        let Some(review) = self.review().await? else {
            return Err(no_review());
        };
        self.refuse_unknown_numbers().await?;
        let held = self.held().await?.len();
        if held > 0 {
            return Err(EngineError::Refused(sentence!(
                "留め置いたものが{held}件あります。先に一件ずつ決めてください。",
                "{held} effects are still held: decide on each of them first",
            )));
        }
        let at = self.now();
        let key = format!("reviewed-{}", review.restored_at.unix_seconds());
        self.note(at, &key, "reviewed", json!({ "by": by.id, "at": at })).await
    }

    async fn note(
        &self,
        at: Moment,
        key: &str,
        kind: &str,
        payload: Value,
    ) -> Result<(), EngineError> {
        let (stream, key, kind) = (STREAM.to_owned(), key.to_owned(), kind.to_owned());
        let transaction = Transaction {
            recorded_at: Some(at),
            operator: vec![OperatorEntry { stream, key, kind, payload }],
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }
}

pub(crate) async fn hold(store: &dyn Store, row: &OutboxRow) -> Result<(), EngineError> {
    let outbox_updates = vec![held(row)];
    Ok(store.commit(&Transaction { outbox_updates, ..Transaction::default() }).await?)
}

/// The block of numbers that the restored record does not know of.
async fn skipped(
    store: &dyn Store,
    first: &str,
    review: &Review,
    by: &Actor,
) -> Result<Option<OperatorEntry>, EngineError> {
    let wrong = || {
        EngineError::Refused(sentence!(
            "「{first}」はINV-2026-000431のような番号ではありません。",
            "{first} is no number such as INV-2026-000431: try again",
        ))
    };
    let (series, number) = first.rsplit_once('-').ok_or_else(wrong)?;
    let free: u64 = number.parse().map_err(|_| wrong())?;
    if !series.contains('-') || free == 0 {
        return Err(wrong());
    }
    let stream = format!("numbers/{series}");
    let blocks = store.operator_stream(&stream).await?;
    let last = blocks.last().and_then(|block| block.payload["last"].as_u64()).unwrap_or(0);
    if free <= last {
        return Err(EngineError::Refused(sentence!(
            "{first}はバックアップより前の番号です。バックアップにある{series}の最後の番号は{last}です。",
            "{first} was given before the backup: the last number of {series} in it is {last}",
        )));
    }
    let width = number.len();
    Ok((free > last + 1).then(|| OperatorEntry {
        stream,
        key: format!("{series}-{:0width$}", last + 1),
        kind: "given_before_restore".to_owned(),
        payload: json!({
            "run": format!("restore@{}", review.restored_at.unix_seconds()),
            "first": last + 1, "last": free - 1, "by": by.id,
        }),
    }))
}

async fn held_row(store: &dyn Store, id: &str) -> Result<OutboxRow, EngineError> {
    let row = store.effect(id).await?.filter(|row| row.state == OutboxState::Held);
    row.ok_or_else(|| {
        EngineError::Refused(sentence!("{id}は留め置かれていません。", "no effect {id} is held"))
    })
}

fn no_review() -> EngineError {
    EngineError::Refused(sentence!(
        "復元後の確認は行われていません。",
        "no review of a restore is open"
    ))
}

fn held(row: &OutboxRow) -> OutboxUpdate {
    OutboxUpdate {
        id: row.id.clone(),
        state: OutboxState::Held,
        attempts: row.attempts,
        next_at: row.next_at,
        maybe_sent: true,
        last_reply: replies::HELD.of(&[]),
    }
}

fn moment(value: &Value) -> Result<Moment, EngineError> {
    serde_json::from_value(value.clone()).map_err(|error| EngineError::unreadable(STREAM, &error))
}
