//! Usage files: rows are taken once, summed for each account, and kept apart as
//! immutable segments, one a contract so that they can be erased with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::declare::fact::{Fact, UsageImported};
use contract::declare::ids::{AccountId, ContractId};
use contract::road::stream::Content;
use contract::service::usage::UsageTotal;
use contract::who::actor::Actor;
use contract::{AccountState, ContractStatus};
use document::read_usage;
use reckon::{Day, Decimal, Moment, Month};
use serde_json::json;
use sha2::{Digest, Sha256};
use terms::Law;

use crate::gates::reading::read_apart;
use crate::keeping::fault;
use crate::keeping::store::{
    OperatorEntry, RefusedRow, Store, StoreError, Transaction, UsageRow, UsageSegment,
};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::reason::operator_reason;

/// What a usage file came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    pub accepted: u64,
    /// Rows that were not taken, with the reason: they stay visible.
    pub refused: Vec<String>,
    pub repeated: bool,
}

/// A file under its name, with the hashes of its bytes.
#[derive(Clone, Copy)]
struct UsageFile<'a> {
    name: &'a str,
    hash: &'a str,
    /// SHA-256, by which others name it.
    digest: &'a str,
}

impl Engine {
    /// Reads a usage file. One malformed row refuses the whole file; a row that
    /// came before, or for nothing that exists, is refused by itself.
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
        let hash = blake3::hash(bytes).to_hex()[..16].to_owned();
        if let Some(earlier) = earlier_usage(&*self.store, &hash).await? {
            self.post(file, &hash, actor).await?;
            return Ok(earlier);
        }
        let rows: Vec<UsageRow> = read.rows.iter().map(usage_row).collect();
        let digest = format!("{:x}", Sha256::digest(bytes));
        let known = UsageFile { name: file, hash: &hash, digest: &digest };
        let result = self.take(known, rows, actor, reason).await?;
        fault::point("usage.after_segment");
        self.post(file, &hash, actor).await?;
        Ok(result)
    }

    /// Keeps the rows that can be taken. When another file with some of them came
    /// in between, they are sorted out again.
    async fn take(
        &self,
        file: UsageFile<'_>,
        rows: Vec<UsageRow>,
        actor: &Actor,
        reason: &str,
    ) -> Result<Usage, EngineError> {
        loop {
            let SortedOut { accepted, months, refused } = self.sort_out(rows.clone()).await?;
            let result = Usage {
                accepted: accepted.len() as u64,
                refused: refused.iter().map(|r| format!("row {}, {}", r.row, r.reason)).collect(),
                repeated: false,
            };
            let facts = facts(file, accepted.iter().zip(months), refused.len() as u64);
            let sorted = Sorted { accepted, refused, facts };
            match self.keep(file, sorted, &result, actor, reason).await {
                Err(EngineError::Store(StoreError::Duplicate(what))) => {
                    if let Some(earlier) = earlier_usage(&*self.store, file.hash).await? {
                        return Ok(earlier);
                    }
                    tracing::debug!("{}: {what} came in another file meanwhile", file.name);
                }
                other => return other.map(|()| result),
            }
        }
    }

    /// Segments, keys, refused rows and the totals to be posted: one transaction.
    async fn keep(
        &self,
        file: UsageFile<'_>,
        sorted: Sorted,
        result: &Usage,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        let UsageFile { name, hash, digest } = file;
        let Sorted { accepted, mut refused, facts } = sorted;
        let taken = json!({ "accepted": result.accepted, "refused": result.refused });
        for row in &mut refused {
            row.file = name.to_owned();
        }
        let (why, evidence) = operator_reason(&format!("usage-files/{hash}"), reason);
        let mut payload =
            json!({ "file": name, "by": actor.id, "accounts": facts, "taken": taken });
        if !evidence.is_empty() {
            payload["evidence"] = json!(evidence);
        }
        let entry = OperatorEntry {
            stream: "usage-files".to_owned(),
            key: hash.to_owned(),
            kind: "usage_file".to_owned(),
            payload,
        };
        let mut by_contract: BTreeMap<String, Vec<UsageRow>> = BTreeMap::new();
        for row in accepted {
            by_contract.entry(row.contract.clone()).or_default().push(row);
        }
        let segments = by_contract.into_iter().map(|(contract, rows)| UsageSegment {
            name: format!("{hash}-{contract}"),
            file: name.to_owned(),
            sha256: digest.to_owned(),
            rows,
        });
        let transaction = Transaction {
            recorded_at: Some(self.now()),
            operator: vec![entry],
            personal: why.into_iter().collect(),
            usage: segments.collect(),
            refused_rows: refused,
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }

    /// Posts the totals of a kept file to its accounts, each keyed by the file.
    async fn post(&self, file: &str, hash: &str, actor: &Actor) -> Result<(), EngineError> {
        let entries = self.store.operator_stream("usage-files").await?;
        let Some(entry) = entries.into_iter().find(|entry| entry.key == hash) else {
            return Ok(());
        };
        let facts: BTreeMap<AccountId, UsageImported> =
            serde_json::from_value(entry.payload["accounts"].clone())
                .map_err(|error| EngineError::Refused(format!("usage file {hash}: {error}")))?;
        for (account, imported) in facts {
            let id = format!("usage-{hash}-{account}");
            let fact = Content::Fact(Fact::UsageImported(imported));
            self.register(self.input(id, &account, actor, file, fact)).await?;
        }
        Ok(())
    }

    /// Which rows can be taken, and why the others cannot.
    async fn sort_out(&self, rows: Vec<UsageRow>) -> Result<SortedOut, EngineError> {
        let keys: Vec<_> = rows.iter().map(|row| (row.source.clone(), row.id.clone())).collect();
        let mut seen: BTreeSet<_> = self.store.known_usage(&keys).await?.into_iter().collect();
        let mut states: BTreeMap<AccountId, Arc<AccountState>> = BTreeMap::new();
        let mut sorted = SortedOut::default();
        for row in rows {
            if !states.contains_key(&row.account) {
                let state = self.state(&row.account).await?;
                states.insert(row.account.clone(), state);
            }
            let duplicate = !seen.insert((row.source.clone(), row.id.clone()));
            let reason = match duplicate {
                true => Some(format!(
                    "id: the id {} was taken before; give a correction an id of its own",
                    row.id
                )),
                false => unusable(&self.law, &row, &states[&row.account], self.now()),
            };
            match reason {
                None => {
                    sorted.months.push(fee_month(row.from, begun(&states[&row.account], &row)));
                    sorted.accepted.push(row);
                }
                Some(reason) => sorted.refused.push(RefusedRow {
                    file: String::new(),
                    row: row.row,
                    reason,
                    content: format!("{},{},{}", row.id, row.contract, row.resource),
                }),
            }
        }
        Ok(sorted)
    }
}

/// The rows of a file: those that can be taken, each with the month in which it is
/// charged, and those that cannot.
#[derive(Default)]
struct SortedOut {
    accepted: Vec<UsageRow>,
    months: Vec<Month>,
    refused: Vec<RefusedRow>,
}

/// The day on which the line of a row began.
fn begun(state: &AccountState, row: &UsageRow) -> Option<Day> {
    let contract = state.contracts.get(&ContractId(row.contract.clone()))?;
    contract.lines.iter().find(|line| line.number == row.line)?.started_on
}

/// The rows of a file, and what is posted of those that were taken.
struct Sorted {
    accepted: Vec<UsageRow>,
    refused: Vec<RefusedRow>,
    facts: BTreeMap<AccountId, UsageImported>,
}

/// The fee month of the upstream (UTC), and none before the line began (Japan time):
/// nothing is priced before its contract.
fn fee_month(from: Moment, begun: Option<Day>) -> Month {
    let month = from.utc_month();
    begun.map_or(month, |begun| month.max(Month::of(begun)))
}

/// Units of time that mean an hour, in the spelling of [`plain`].
const HOURS: [&str; 6] = ["h", "hr", "hrs", "hour", "hours", "時間"];

/// Capitals and full-width letters are no other unit.
fn plain(unit: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    unit.trim().chars().map(narrow).collect::<String>().to_lowercase()
}

fn is_hour(unit: &str) -> bool {
    HOURS.contains(&plain(unit).as_str())
}

/// Why a quantity cannot be counted: it is in another unit than its price.
fn uncountable(row: &UsageRow, priced_in: &str) -> Option<String> {
    let (item, unit) = (&row.item, &row.unit);
    let same = plain(unit) == plain(priced_in) || (is_hour(unit) && is_hour(priced_in));
    (!same).then(|| {
        let remedy = format!("give the quantity in {priced_in}");
        format!("unit: {item} is priced by {priced_in}, not by {unit}; {remedy}")
    })
}

/// Why a row cannot be taken: its field, what is wrong and what to do.
fn unusable(law: &Law, row: &UsageRow, state: &AccountState, now: Moment) -> Option<String> {
    let compare = "compare it with the order acceptance";
    let Some(contract) = state.contracts.get(&ContractId(row.contract.clone())) else {
        let (account, contract) = (&row.account, &row.contract);
        return Some(format!("contract: account {account} has no contract {contract}; {compare}"));
    };
    let Some(line) = contract.lines.iter().find(|line| line.number == row.line) else {
        let (contract, line) = (&row.contract, row.line);
        return Some(format!("line: contract {contract} has no line {line}; {compare}"));
    };
    if line.started_on.is_none_or(|start| row.from.day() < start) {
        let remedy = "register the start of the line first, or ask the upstream";
        return Some(format!("from: the use is earlier than the start of the service; {remedy}"));
    }
    if let Some(removal) = &line.removal
        && row.from.day() > removal.last_day
    {
        let (last_day, remedy) = (removal.last_day, "ask the upstream why it ran on");
        return Some(format!(
            "from: the use is later than the last day of the line, {last_day}; {remedy}"
        ));
    }
    if row.to > now {
        let remedy = "give the row when its time is over";
        return Some(format!("to: the use ends at {}, later than now; {remedy}", row.to));
    }
    if contract.status == ContractStatus::Erased {
        let remedy = "it cannot be charged any more; ask the upstream";
        return Some(format!("contract: the contract has ended and its data are erased; {remedy}"));
    }
    if contract.end.as_ref().is_some_and(|end| row.from.day() > end.on) {
        let remedy = "ask the upstream why it ran on";
        return Some(format!("from: the use is later than the end of the contract; {remedy}"));
    }
    let last_days = [
        line.removal.as_ref().map(|removal| removal.last_day),
        contract.end.as_ref().map(|end| end.on),
    ];
    if let Some(last_day) = last_days.into_iter().flatten().min()
        && row.to > Moment::end_of(last_day).plus_seconds(1)
    {
        let remedy = "give only what lies within";
        return Some(format!("to: the use goes on after the last day, {last_day}; {remedy}"));
    }
    let Some(item) = law.prices.item(&row.item) else {
        let remedy = "enter its price first, then give the rows in a new file";
        return Some(format!("item: the price table has no item {}; {remedy}", row.item));
    };
    uncountable(row, &item.unit)
}

/// What a file came to when it was read before.
async fn earlier_usage(store: &dyn Store, hash: &str) -> Result<Option<Usage>, EngineError> {
    let entries = store.operator_stream("usage-files").await?;
    let Some(entry) = entries.iter().find(|entry| entry.key == hash) else { return Ok(None) };
    let taken = &entry.payload["taken"];
    let refused = taken["refused"].as_array().into_iter().flatten();
    Ok(Some(Usage {
        accepted: taken["accepted"].as_u64().unwrap_or_default(),
        refused: refused.filter_map(|row| row.as_str().map(str::to_owned)).collect(),
        repeated: true,
    }))
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

/// Totals by contract, line, resource, item and fee month.
fn facts<'a>(
    file: UsageFile<'_>,
    rows: impl Iterator<Item = (&'a UsageRow, Month)>,
    refused: u64,
) -> BTreeMap<AccountId, UsageImported> {
    type Key = (String, u32, String, String, Month);
    let mut sums: BTreeMap<AccountId, BTreeMap<Key, Decimal>> = BTreeMap::new();
    let mut counts: BTreeMap<AccountId, u64> = BTreeMap::new();
    for (row, month) in rows {
        *counts.entry(row.account.clone()).or_default() += 1;
        let key = (row.contract.clone(), row.line, row.resource.clone(), row.item.clone(), month);
        let quantity: Decimal = row.quantity.parse().expect("written from a decimal");
        let sum = sums.entry(row.account.clone()).or_default().entry(key);
        let sum = sum.or_insert(Decimal::whole(0));
        *sum = *sum + quantity;
    }
    sums.into_iter()
        .map(|(account, totals)| {
            let imported = UsageImported {
                file: file.name.to_owned(),
                segment: file.hash.to_owned(),
                sha256: file.digest.to_owned(),
                accepted: counts[&account],
                refused,
                totals: totals
                    .into_iter()
                    .map(|((contract, line, resource, item, month), quantity)| UsageTotal {
                        contract: ContractId(contract),
                        line,
                        resource,
                        item,
                        month,
                        quantity,
                    })
                    .collect(),
            };
            (account, imported)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_night_is_charged_in_the_month_in_which_the_line_begins() {
        let night: Moment = "2026-05-01T00:30:00".parse().unwrap();
        let month = |begun: &str| fee_month(night, Some(begun.parse().unwrap()));
        assert_eq!(month("2026-05-01"), "2026-05".parse().unwrap());
        // A line that runs already: the month of the upstream is not over yet.
        assert_eq!(month("2026-04-10"), "2026-04".parse().unwrap());
    }
}
