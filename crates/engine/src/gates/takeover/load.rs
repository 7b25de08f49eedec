//! Loading a checked workbook, many accounts in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::declare::ids::AccountId;
use contract::road::case::Case;
use contract::road::stream::Record;
use contract::sentence;
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use contract::{Account, AccountState};
use document::BookNumber;
use reckon::Yen;
use serde_json::json;
use terms::Law;

use super::{Entry, Takeover};
use crate::gates::takeover::check::number_text;
use crate::keeping::fault;
use crate::keeping::store::{NewRecord, OperatorEntry, Store, StoreError, Transaction};
use crate::outgoing::list::effects;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::views::{consequence_index, to_number, views};

/// Accounts that are written in one transaction.
const TOGETHER: usize = 50;

/// What a load came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    pub contracts: usize,
    pub receivables: usize,
    /// Rows that had been loaded before.
    pub known: usize,
    /// What the book says is open of the receivables loaded now, and the ledger.
    pub open_in_book: Yen,
    pub open_in_ledger: Yen,
}

impl Engine {
    /// Loads a workbook: all of it when nothing in it is wrong, else nothing. The
    /// same workbook again goes on where it stopped, and then changes nothing.
    /// `progress` hears how many rows of how many are recorded.
    ///
    /// # Errors
    /// Every fault of the workbook; a person without the right to take over a
    /// book; a failing store, after which the same call goes on.
    pub async fn load_book(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
        progress: &mut (dyn FnMut(usize, usize) + Send),
    ) -> Result<Loaded, EngineError> {
        if !actor.role.holds(Permission::TakeOver) {
            let (id, role) = (&actor.id, actor.role);
            return Err(EngineError::Refused(sentence!(
                "契約台帳を引き継げるのは、申込窓口・契約承認者・請求担当です。",
                "{id} ({role:?}) may not take over a book: order desk, contract approver or billing do",
            )));
        }
        let takeover = self.check_book(file, bytes, actor).await?;
        for number in &takeover.book.numbers {
            self.take_number(number, &takeover, actor).await?;
        }
        let mut loaded = Loaded { known: takeover.known, ..Loaded::default() };
        let all: usize = takeover.accounts.values().map(Vec::len).sum();
        let accounts: Vec<_> = takeover.accounts.iter().collect();
        for chunk in accounts.chunks(TOGETHER) {
            loaded.open_in_ledger += self.load_accounts(chunk).await?;
            fault::point("takeover.after_chunk");
            for entry in chunk.iter().flat_map(|(_, entries)| entries.iter()) {
                match &entry.opens {
                    Some((_, amount)) => {
                        loaded.receivables += 1;
                        loaded.open_in_book += *amount;
                    }
                    None => loaded.contracts += 1,
                }
            }
            progress(loaded.contracts + loaded.receivables, all);
        }
        self.note_takeover(&takeover, actor).await?;
        Ok(loaded)
    }

    /// Records the entries of some accounts in one transaction. Returns what is
    /// open in the ledger of the receivables among them.
    async fn load_accounts(
        &self,
        accounts: &[(&AccountId, &Vec<Entry>)],
    ) -> Result<Yen, EngineError> {
        loop {
            let mut transaction =
                Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
            let law = self.law.id();
            transaction.laws.push((law.0.clone(), self.law.text().to_string()));
            let mut open = Yen::ZERO;
            for (account, entries) in accounts {
                open += self.load_account(account, entries, &mut transaction).await?;
            }
            if transaction.records.is_empty() {
                return Ok(open);
            }
            let recorded_at = transaction.recorded_at.unwrap_or_else(|| self.now());
            transaction.numbered = to_number(&transaction.views, recorded_at);
            match self.store.commit(&transaction).await {
                // Somebody wrote to one of the accounts meanwhile: decide again.
                Err(StoreError::Conflict(_)) => {}
                Err(StoreError::Duplicate(id))
                    if transaction.records.iter().any(|new| new.record.input.id.0 == id) => {}
                other => return Ok(other.map(|()| open)?),
            }
        }
    }

    async fn load_account(
        &self,
        account: &AccountId,
        entries: &[Entry],
        transaction: &mut Transaction,
    ) -> Result<Yen, EngineError> {
        let records = self.store.records(account).await?;
        let mut loaded = Account::new(Case::of(account.clone(), &records));
        let today = transaction.recorded_at.unwrap_or_else(|| self.now()).day();
        let mut state: Option<Arc<AccountState>> = None;
        let law = self.law.id();
        let known = |entry: &&Entry| records.iter().any(|r| r.input.id == entry.input.id);
        let new = entries.iter().filter(|entry| !known(entry));
        for (after, entry) in (records.len() as u64..).zip(new) {
            let decision = loaded.decide(&self.law, &entry.input)?;
            transaction.outbox.extend(effects(
                &self.law,
                &entry.input,
                &decision.events,
                self.now(),
            ));
            transaction.views.extend(consequence_index(account, &decision.events));
            transaction.personal.extend(entry.personal.iter().cloned());
            let input = entry.input.clone();
            let record = Record { input, law: law.clone(), events: decision.events };
            transaction.records.push(NewRecord { after, record, next_due: decision.next_due });
            state = Some(decision.state);
        }
        let state = match state {
            Some(state) => {
                transaction.views.extend(views(today, account, &state));
                state
            }
            None => self.state(account).await?,
        };
        let numbers = entries.iter().filter_map(|entry| entry.opens.as_ref());
        let open = numbers.filter_map(|(number, _)| state.receivables.get(number));
        Ok(open.map(|receivable| receivable.outstanding).sum())
    }

    /// The last number of the earlier book becomes the last one of our series.
    async fn take_number(
        &self,
        number: &BookNumber,
        takeover: &Takeover,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        loop {
            let Ok(Some(last)) = taken_number(&*self.store, number).await? else { return Ok(()) };
            let entry = OperatorEntry {
                stream: format!("numbers/{}-{}", number.series, number.year),
                // The key of the next block, so that no billing run takes it too.
                key: number_text(number, last + 1),
                kind: "taken_over".to_owned(),
                payload: json!({
                    "run": "", "first": last + 1, "last": number.last, "by": actor.id,
                    "file": takeover.file, "sha256": takeover.sha256,
                }),
            };
            let mut transaction =
                Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
            transaction.operator.push(entry);
            match self.store.commit(&transaction).await {
                Err(StoreError::Duplicate(_)) => {}
                other => return Ok(other?),
            }
        }
    }

    async fn note_takeover(&self, takeover: &Takeover, actor: &Actor) -> Result<(), EngineError> {
        let mut transaction =
            Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
        transaction.operator.push(OperatorEntry {
            stream: "takeovers".to_owned(),
            key: takeover.sha256.clone(),
            kind: "book_taken_over".to_owned(),
            payload: json!({
                "file": takeover.file, "by": actor.id,
                "contracts": takeover.book.contracts.len(),
                "receivables": takeover.book.receivables.len(),
                "outstanding": takeover.book.outstanding(),
            }),
        });
        match self.store.commit(&transaction).await {
            Err(StoreError::Duplicate(_)) => Ok(()),
            other => Ok(other?),
        }
    }
}

/// What the entries of an account would come to, without writing anything.
pub(super) fn dry_run(
    law: &Law,
    account: &AccountId,
    entries: &[Entry],
) -> Result<(Vec<contract::Decision>, Option<Arc<AccountState>>), EngineError> {
    let mut tried = Account::new(Case::new(account.clone()));
    let mut decisions = Vec::new();
    for entry in entries {
        decisions.push(tried.decide(law, &entry.input)?);
    }
    let state = decisions.last().map(|decision| decision.state.clone());
    Ok((decisions, state))
}

/// The last number given here in a series, when the book's is higher; none
/// when it has been taken over; an error with the last one when it is lower.
pub(super) async fn taken_number(
    store: &dyn Store,
    number: &BookNumber,
) -> Result<Result<Option<u64>, u64>, EngineError> {
    let stream = format!("numbers/{}-{}", number.series, number.year);
    let given = store.operator_stream(&stream).await?;
    let taken = |entry: &OperatorEntry| {
        entry.kind == "taken_over" && entry.payload["last"] == json!(number.last)
    };
    if given.iter().any(taken) {
        return Ok(Ok(None));
    }
    let last = given.last().and_then(|entry| entry.payload["last"].as_u64()).unwrap_or(0);
    Ok(if number.last > last { Ok(Some(last)) } else { Err(last) })
}

/// Rows that are not recorded yet, by kind of row, for the preview.
pub(super) fn counts(accounts: &BTreeMap<AccountId, Vec<Entry>>) -> (usize, usize) {
    let entries = || accounts.values().flatten();
    let receivables = entries().filter(|entry| entry.opens.is_some()).count();
    (entries().count() - receivables, receivables)
}
