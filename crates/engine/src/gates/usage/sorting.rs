//! Which rows of a file count, which are known, and which nobody can take.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::Account;
use contract::declare::fact::UsageImported;
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::words::Sentence;
use contract::sentence;
use contract::service::usage::{UsageTime, UsageTotal};
use reckon::{Decimal, Month};

use super::counted::{Beside, Counted, fee_month};
use super::doubt::UsageDoubt;
use super::fitting::{doubt, priced_from, unusable};
use super::{Usage, UsageFile};
use crate::keeping::store::{RefusedRow, UsageRow};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// A row that counts.
pub(super) struct TakenRow {
    pub row: UsageRow,
    /// In which it is charged.
    month: Month,
    /// The spelling under which its resource is charged.
    resource: String,
    /// The quantity, or the difference to what it replaces.
    added: Decimal,
    replaces: bool,
    /// The import of what it replaces or corrects.
    rests_on: Option<String>,
}

/// The rows of a file.
#[derive(Default)]
pub(super) struct SortedOut {
    pub accepted: Vec<TakenRow>,
    known: u64,
    /// By which imports rows were known, for each account.
    pub known_from: BTreeMap<AccountId, BTreeSet<String>>,
    pub refused: Vec<RefusedRow>,
    doubts: Vec<UsageDoubt>,
}

/// Who took an id first.
enum Id {
    Free {
        source: String,
    },
    /// A row of an import that stands.
    Taken,
}

impl Engine {
    /// Which rows can be taken, and why the others cannot.
    pub(super) async fn sort_out(&self, rows: Vec<UsageRow>) -> Result<SortedOut, EngineError> {
        let mut accounts: BTreeMap<AccountId, (Arc<Account>, Counted)> = BTreeMap::new();
        for account in rows.iter().map(|row| &row.account).collect::<BTreeSet<_>>() {
            let opened = self.account(account).await?;
            let counted = Counted::of(&opened);
            accounts.insert(account.clone(), (opened, counted));
        }
        for row in &rows {
            accounts.entry(row.account.clone()).and_modify(|(_, counted)| counted.expect(row));
        }
        let ids = self.ids(&rows, &accounts).await?;
        let mut seen = BTreeSet::new();
        let mut sorted = SortedOut::default();
        for (mut row, id) in rows.into_iter().zip(ids) {
            let (account, counted) = accounts.get_mut(&row.account).expect("opened above");
            if let Some(reason) = unusable(&self.law, &row, account.state(), self.now()) {
                sorted.refuse(&row, reason);
                continue;
            }
            counted.look_up(&*self.store, &row).await?;
            let first = seen.insert((row.account.clone(), row.id.clone()));
            match id {
                Id::Free { source } if first => row.source = source,
                _ => {
                    match counted.again(&row) {
                        Some(import) => sorted.know(&row, import),
                        None => sorted.refuse(&row, taken(&row)),
                    }
                    continue;
                }
            }
            let priced_from = priced_from(&self.law, account.state(), &row);
            match counted.beside(&row, priced_from) {
                Beside::Known { from } => sorted.know(&row, from),
                Beside::Doubtful(reason) => sorted.refuse(&row, reason),
                Beside::Counts { resource, added, replaces, rests_on, overlaps } => {
                    counted.take(row.clone());
                    sorted.doubts.extend(doubt(&self.law, &row, account.state()));
                    sorted.doubts.extend(overlaps);
                    let month = fee_month(row.from, priced_from);
                    let taken = TakenRow { row, month, resource, added, replaces, rests_on };
                    sorted.accepted.push(taken);
                }
            }
        }
        Ok(sorted)
    }

    /// For each row whether its id is free: an import that was voided frees its ids,
    /// which are taken anew under the next source.
    async fn ids(
        &self,
        rows: &[UsageRow],
        accounts: &BTreeMap<AccountId, (Arc<Account>, Counted)>,
    ) -> Result<Vec<Id>, EngineError> {
        let mut ids: Vec<Option<Id>> = rows.iter().map(|_| None).collect();
        for turn in 1.. {
            let source = |row: &UsageRow| match turn {
                1 => row.source.clone(),
                turn => format!("{}#{turn}", row.source),
            };
            let open: Vec<usize> = (0..rows.len()).filter(|at| ids[*at].is_none()).collect();
            if open.is_empty() {
                break;
            }
            let keys: Vec<_> =
                open.iter().map(|at| (source(&rows[*at]), rows[*at].id.clone())).collect();
            let known = self.store.known_usage(&keys).await?;
            let holders: BTreeMap<_, _> =
                known.into_iter().map(|one| ((one.source, one.id), one.segment)).collect();
            for (at, key) in open.into_iter().zip(keys) {
                let (_, counted) = &accounts[&rows[at].account];
                match holders.get(&key) {
                    None => ids[at] = Some(Id::Free { source: key.0 }),
                    Some(segment) if counted.stands(import_of(segment)) => {
                        ids[at] = Some(Id::Taken);
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(ids.into_iter().flatten().collect())
    }
}

/// With what the names of the segments of an import begin.
fn import_of(segment: &str) -> &str {
    segment.split_once('-').map_or(segment, |(import, _)| import)
}

/// Whether what an import posted to an account is in force.
pub(super) fn stands(account: &Account, import: &str) -> bool {
    let mut imports = account.case().in_force().facts::<UsageImported>();
    imports.any(|(_, imported)| imported.segment == import)
}

fn taken(row: &UsageRow) -> Sentence {
    let id = &row.id;
    sentence!(
        "「id」：{id}は別のものに使われています。訂正には別のidを付けてください",
        "id: the id {id} was taken before, for something else; give a correction an id of its own",
    )
}

impl SortedOut {
    fn know(&mut self, row: &UsageRow, import: Option<String>) {
        self.known += 1;
        self.known_from.entry(row.account.clone()).or_default().extend(import);
    }

    fn refuse(&mut self, row: &UsageRow, reason: Sentence) {
        self.refused.push(RefusedRow {
            file: String::new(),
            row: row.row,
            reason,
            content: format!("{},{},{}", row.id, row.contract, row.resource),
        });
    }

    /// What is told of the file.
    pub(super) fn result(&self) -> Usage {
        Usage {
            accepted: self.accepted.len() as u64,
            replaced: self.accepted.iter().filter(|taken| taken.replaces).count() as u64,
            known: self.known,
            refused: self.refused.iter().map(RefusedRow::told).collect(),
            doubts: self.doubts.clone(),
            repeated: false,
            posted: BTreeMap::new(),
        }
    }

    /// What is posted to each account: totals by contract, line, resource, item and fee
    /// month.
    pub(super) fn facts(&self, file: UsageFile<'_>) -> BTreeMap<AccountId, UsageImported> {
        let mut accounts: BTreeMap<&AccountId, Vec<&TakenRow>> = BTreeMap::new();
        for taken in &self.accepted {
            accounts.entry(&taken.row.account).or_default().push(taken);
        }
        let imported = |(account, rows): (&AccountId, Vec<&TakenRow>)| {
            let imported = UsageImported {
                file: file.name.to_owned(),
                segment: file.key.to_owned(),
                sha256: file.digest.to_owned(),
                accepted: rows.len() as u64,
                refused: self.refused.len() as u64,
                totals: totals(&rows),
            };
            (account.clone(), imported)
        };
        accounts.into_iter().map(imported).collect()
    }
}

fn totals(rows: &[&TakenRow]) -> Vec<UsageTotal> {
    let mut totals: BTreeMap<(&str, u32, &str, &str, Month), UsageTotal> = BTreeMap::new();
    for TakenRow { row, month, resource, added, rests_on, .. } in rows {
        let total = totals
            .entry((&row.contract, row.line, resource, &row.item, *month))
            .or_insert_with(|| UsageTotal {
                contract: ContractId(row.contract.clone()),
                line: row.line,
                resource: resource.clone(),
                item: row.item.clone(),
                month: *month,
                quantity: Decimal::whole(0),
                time: None,
                rests_on: BTreeSet::new(),
            });
        total.rests_on.extend(rests_on.clone());
        total.quantity = total.quantity + *added;
        let time = total.time.unwrap_or(UsageTime { from: row.from, to: row.to });
        total.time = Some(UsageTime { from: time.from.min(row.from), to: time.to.max(row.to) });
    }
    totals.into_values().collect()
}
