//! Usage files: rows are taken once, summed for each account, and kept apart as
//! immutable segments, one a contract so that they can be erased with it.

mod by_time;
mod counted;
mod doubt;
mod fitting;
mod sorting;

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::fact::{Fact, UsageImported};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::Sentence;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use document::read_usage;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::gates::reading::read_apart;
use crate::keeping::fault;
use crate::keeping::store::{OperatorEntry, StoreError, Transaction, UsageRow, UsageSegment};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::reason::operator_reason;
pub use doubt::UsageDoubt;
use sorting::SortedOut;

/// What a usage file came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Rows that count now, those that replace others included.
    pub accepted: u64,
    /// Of them, rows that replace what was counted for the same time before.
    pub replaced: u64,
    /// Rows that were counted before, from this file or another.
    pub known: u64,
    /// Rows that were not taken, with the reason: they stay visible.
    pub refused: Vec<Sentence>,
    /// What was counted and is doubtful.
    pub doubts: Vec<UsageDoubt>,
    /// The file had been read before, and all that it brought stands.
    pub repeated: bool,
    /// What was entered for each account.
    pub posted: BTreeMap<AccountId, InputId>,
}

/// A file under its name, with the hashes of its bytes.
#[derive(Clone, Copy)]
struct UsageFile<'a> {
    name: &'a str,
    /// By which its import is known: the hash, and after a void the how-many-th import.
    key: &'a str,
    /// SHA-256, by which others name it.
    digest: &'a str,
}

const FILES: &str = "usage-files";

impl Engine {
    /// Reads a usage file. One malformed row refuses the whole file; a row for nothing
    /// that exists, or of a time that was counted otherwise, is refused by itself.
    ///
    /// # Errors
    /// [`EngineError::Faults`] naming file, row and field.
    pub async fn import_usage(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Usage, EngineError> {
        self.import_usage_because(file, bytes, actor, "").await
    }

    /// As [`Engine::import_usage`], with why: it is sealed with the first import.
    ///
    /// # Errors
    /// As [`Engine::import_usage`].
    pub async fn import_usage_because(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
        reason: &str,
    ) -> Result<Usage, EngineError> {
        let read = match read_apart(read_usage, file, bytes).await {
            Ok(read) => read,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        // What a row comes to depends on those before it, so files wait for each other.
        let _turn = self.usage_turn.lock().await;
        self.post_last(actor).await?;
        let hash = blake3::hash(bytes).to_hex()[..16].to_owned();
        let rows: Vec<UsageRow> = read.rows.iter().map(usage_row).collect();
        let key = match self.next_import(&hash).await? {
            NextImport::Stands(usage) => return Ok(usage),
            NextImport::Lacks(usage, key) => {
                // What was refused then may be right now: its time is over, its contract
                // is there.
                let again = self.sort_out(rows.clone()).await?;
                if again.accepted.is_empty() {
                    return Ok(Usage { refused: again.result().refused, ..usage });
                }
                key
            }
            NextImport::Under(key) => key,
        };
        let digest = format!("{:x}", Sha256::digest(bytes));
        let file = UsageFile { name: file, key: &key, digest: &digest };
        let mut result = self.take(file, rows, actor, reason).await?;
        fault::point("usage.after_segment");
        if let Some(entry) = self.store.operator_entry(FILES, &key).await? {
            self.post(&entry, actor).await?;
            let accounts = posted(&entry)?.into_keys();
            result.posted =
                accounts.map(|account| (account.clone(), post_id(&key, &account))).collect();
        }
        Ok(result)
    }

    /// Keeps the rows that can be taken. When another program took a file in between,
    /// they are sorted out again.
    async fn take(
        &self,
        file: UsageFile<'_>,
        rows: Vec<UsageRow>,
        actor: &Actor,
        reason: &str,
    ) -> Result<Usage, EngineError> {
        loop {
            let before = self.store.operator_stream_length(FILES).await?;
            // What came in between counts before this file is looked at.
            self.post_last(actor).await?;
            let sorted = self.sort_out(rows.clone()).await?;
            let result = sorted.result();
            match self.keep(file, sorted, before, actor, reason).await {
                Err(EngineError::Store(StoreError::Conflict(_) | StoreError::Duplicate(_))) => {
                    tracing::debug!("{}: another file came in between", file.name);
                    if self.store.operator_entry(FILES, file.key).await?.is_some() {
                        return Ok(Usage { repeated: true, ..result });
                    }
                }
                other => return other.map(|()| result),
            }
        }
    }

    /// Segments, keys, refused rows and the totals to be posted: one transaction.
    async fn keep(
        &self,
        file: UsageFile<'_>,
        sorted: SortedOut,
        before: u64,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        let UsageFile { name, key, digest } = file;
        let facts = sorted.facts(file);
        let Usage { accepted, replaced, known, refused, .. } = sorted.result();
        let taken = json!({ "accepted": accepted, "replaced": replaced, "known": known, "refused": refused });
        let (why, evidence) = operator_reason(&format!("{FILES}/{key}"), reason);
        let mut payload =
            json!({ "file": name, "by": actor.id, "accounts": facts, "taken": taken });
        if !sorted.known_from.is_empty() {
            payload["known_from"] = json!(sorted.known_from);
        }
        if !evidence.is_empty() {
            payload["evidence"] = json!(evidence);
        }
        let entry = OperatorEntry {
            stream: FILES.to_owned(),
            key: key.to_owned(),
            kind: "usage_file".to_owned(),
            payload,
        };
        let mut by_contract: BTreeMap<String, Vec<UsageRow>> = BTreeMap::new();
        for taken in sorted.accepted {
            by_contract.entry(taken.row.contract.clone()).or_default().push(taken.row);
        }
        let segments = by_contract.into_iter().map(|(contract, rows)| UsageSegment {
            name: format!("{key}-{contract}"),
            file: name.to_owned(),
            sha256: digest.to_owned(),
            rows,
        });
        let mut refused_rows = sorted.refused;
        refused_rows.iter_mut().for_each(|row| row.file = name.to_owned());
        let transaction = Transaction {
            recorded_at: Some(self.now()),
            operator: vec![entry],
            operator_after: vec![(FILES.to_owned(), before)],
            personal: why.into_iter().collect(),
            usage: segments.collect(),
            refused_rows,
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }

    /// Posts the file that was kept last: all those before it were posted before it was
    /// kept.
    async fn post_last(&self, actor: &Actor) -> Result<(), EngineError> {
        match self.store.operator_last(FILES).await? {
            Some(entry) => self.post(&entry, actor).await,
            None => Ok(()),
        }
    }

    /// Posts the totals of a kept file to its accounts, each keyed by the file.
    async fn post(&self, entry: &OperatorEntry, actor: &Actor) -> Result<(), EngineError> {
        let (file, facts) = (entry.payload["file"].as_str().unwrap_or_default(), posted(entry)?);
        if let Some(last) = facts.keys().next_back()
            && self.store.has_input(&post_id(&entry.key, last)).await?
        {
            return Ok(());
        }
        // Whoever brought that file, not whoever comes after it.
        let by = entry.payload["by"].as_str().filter(|by| *by != actor.id);
        let other = by.and_then(|by| self.operator.actor(by));
        let actor = other.as_ref().unwrap_or(actor);
        for (account, imported) in facts {
            let fact = Content::Fact(Fact::UsageImported(imported));
            let id = post_id(&entry.key, &account);
            self.register(self.input(id.0, &account, actor, file, fact)).await?;
        }
        Ok(())
    }

    /// Whether all that a file brought stands, or under which key it is read (again):
    /// what was voided of it counts no more, and comes back with it.
    async fn next_import(&self, hash: &str) -> Result<NextImport, EngineError> {
        let mut key = hash.to_owned();
        let mut lacking = None;
        for import in 2.. {
            let Some(entry) = self.store.operator_entry(FILES, &key).await? else { break };
            let mut stands = true;
            let mut imports = known_from(&entry);
            for account in posted(&entry)?.into_keys() {
                imports.entry(account).or_default().insert(key.clone());
            }
            for (account, imports) in imports {
                let account = self.account(&account).await?;
                stands &= imports.iter().all(|import| sorting::stands(&account, import));
            }
            match as_before(&entry) {
                before if stands && before.refused.is_empty() => {
                    return Ok(NextImport::Stands(before));
                }
                before => lacking = stands.then_some(before),
            }
            key = format!("{hash}.{import}");
        }
        Ok(match lacking {
            Some(before) => NextImport::Lacks(before, key),
            None => NextImport::Under(key),
        })
    }
}

enum NextImport {
    /// Nothing of the file is voided.
    Stands(Usage),
    /// As [`NextImport::Stands`], and rows of it were refused; what can be taken of them
    /// now comes under this key.
    Lacks(Usage, String),
    Under(String),
}

/// Under which id the totals of a file are posted to an account.
fn post_id(key: &str, account: &AccountId) -> InputId {
    InputId(format!("usage-{key}-{account}"))
}

/// What is posted of a file, by account.
fn posted(entry: &OperatorEntry) -> Result<BTreeMap<AccountId, UsageImported>, EngineError> {
    serde_json::from_value(entry.payload["accounts"].clone())
        .map_err(|error| EngineError::unreadable(&entry.key, &error))
}

/// The imports by which rows of a file were known, by account.
fn known_from(entry: &OperatorEntry) -> BTreeMap<AccountId, BTreeSet<String>> {
    serde_json::from_value(entry.payload["known_from"].clone()).unwrap_or_default()
}

/// A file that was read before brings nothing new: what counted then is known.
fn as_before(entry: &OperatorEntry) -> Usage {
    let taken = &entry.payload["taken"];
    let refused = taken["refused"].as_array().into_iter().flatten();
    let count = |name: &str| taken[name].as_u64().unwrap_or_default();
    Usage {
        accepted: 0,
        replaced: 0,
        known: count("accepted") + count("known"),
        refused: refused.filter_map(|row| serde_json::from_value(row.clone()).ok()).collect(),
        doubts: Vec::new(),
        repeated: true,
        posted: BTreeMap::new(),
    }
}

fn usage_row(row: &document::UsageRow) -> UsageRow {
    UsageRow {
        source: row.account.clone(),
        id: row.id.clone(),
        row: row.row as u32,
        account: AccountId(row.account.clone()),
        contract: row.contract.clone(),
        line: row.line,
        resource: row.resource.clone(),
        item: row.item.clone(),
        quantity: row.quantity.to_string(),
        unit: row.unit.clone(),
        from: row.from,
        to: row.to,
    }
}
