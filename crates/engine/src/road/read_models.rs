//! Read models made again from the records alone: for the audit, which compares them
//! with what is stored, and for data folders of an older program.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::declare::ids::AccountId;
use contract::road::case::Case;
use contract::road::stream::Record;
use contract::{Account, AccountState, Decision};
use reckon::{Day, Moment};

use crate::keeping::numbered::ToNumber;
use crate::keeping::store::{StoreError, Transaction, ViewRow};
use crate::road::engine::Engine;
use crate::road::laws::Laws;
use crate::road::outcome::EngineError;
use crate::road::views::{
    VERSION, accepted_by, names, names_are_same, views, views_of_input, voided_view,
};

/// The rows of one account as its records give them, one record after the other.
pub(crate) struct ReadModels {
    account: AccountId,
    rows: BTreeMap<(String, String), Made>,
    last: Option<Last>,
    /// What came about, in its order, each with the place of its record.
    came_about: Vec<(usize, &'static str, String)>,
    records: usize,
}

/// A row that the records give.
pub(crate) struct Made {
    pub row: ViewRow,
    /// False for one that no later state names: it may have been written within a
    /// step that went on, and then it never stood anywhere.
    pub must_stand: bool,
}

/// What came about, and when that was recorded.
pub(crate) struct Came {
    pub on: Moment,
    pub what: ToNumber,
}

/// The last record: what its state says is written out when it is over, or when a
/// later state no longer names some of it.
struct Last {
    on: Day,
    state: Arc<AccountState>,
    names: Arc<Names>,
    of_input: Vec<ViewRow>,
}

type Names = BTreeSet<(&'static str, String)>;

static NO_NAMES: Names = Names::new();

impl ReadModels {
    pub(crate) fn new(account: &AccountId) -> ReadModels {
        ReadModels {
            account: account.clone(),
            rows: BTreeMap::new(),
            last: None,
            came_about: Vec::new(),
            records: 0,
        }
    }

    /// Adds what a record wrote, on the day on which it was written down.
    pub(crate) fn add(
        &mut self,
        on: Day,
        record: &Record,
        voided: Option<ViewRow>,
        decision: Decision,
    ) {
        let Decision { state, .. } = decision;
        let same = self.last.as_ref().filter(|last| names_are_same(&last.state, &state));
        let names = match same {
            Some(last) => last.names.clone(),
            None => {
                let names = names(&self.account, &state);
                let known = self.last.as_ref().map_or(&NO_NAMES, |last| &*last.names);
                let new = names.difference(known);
                let came = new.map(|(kind, id)| (self.records, *kind, id.clone()));
                self.came_about.extend(came);
                Arc::new(names)
            }
        };
        if let Some(id) = accepted_by(&record.input, &state, &record.events) {
            self.came_about.push((self.records, "contract", id.0));
        }
        self.records += 1;
        if let Some(last) = self.last.take() {
            let gone: BTreeSet<_> = match Arc::ptr_eq(&last.names, &names) {
                true => BTreeSet::new(),
                false => last.names.difference(&names).cloned().collect(),
            };
            if !gone.is_empty() {
                let rows = views(last.on, &self.account, &last.state).into_iter();
                let is_gone = |row: &ViewRow| {
                    gone.iter().any(|(kind, id)| *kind == row.kind && *id == row.id)
                };
                rows.filter(is_gone).for_each(|row| self.put(row, false));
                last.of_input.into_iter().for_each(|row| self.put(row, true));
            }
        }
        let mut of_input: Vec<_> = voided.into_iter().collect();
        of_input.extend(views_of_input(&record.input, &state, &record.events));
        of_input.iter().cloned().for_each(|row| self.put(row, true));
        self.last = Some(Last { on, state, names, of_input });
    }

    fn put(&mut self, row: ViewRow, must_stand: bool) {
        self.rows.insert((row.kind.clone(), row.id.clone()), Made { row, must_stand });
    }

    /// What had, or should have had, a short number since the record by which it came
    /// about; what came about twice stands there twice.
    pub(crate) fn to_number(&self, recorded: &[Option<Moment>], records: &[Record]) -> Vec<Came> {
        let came = self.came_about.iter().filter_map(|(at, kind, id)| {
            let on = recorded.get(*at).copied().flatten().unwrap_or(records[*at].input.known_at);
            Some(Came { on, what: ToNumber::of(kind, id, on)? })
        });
        came.collect()
    }

    /// All rows after the last record.
    pub(crate) fn into_rows(mut self) -> BTreeMap<(String, String), Made> {
        if let Some(last) = self.last.take() {
            for row in views(last.on, &self.account, &last.state).into_iter().chain(last.of_input) {
                self.put(row, true);
            }
        }
        self.rows
    }
}

impl Engine {
    /// Brings a data folder of an older program up to this one: its records to the
    /// edition of the rules, its read models to what this program makes of them. To
    /// be called once when a store has been opened.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bring_up_to_date(&self) -> Result<(), EngineError> {
        if self.store.read_models().await? == Some(VERSION) {
            return Ok(());
        }
        let mut laws = Laws::default();
        let mut came = Vec::new();
        for account in self.store.accounts().await? {
            self.bring_edition(&account, &mut laws).await?;
            loop {
                let (records, rows, here) = self.read_models(&account, &mut laws).await?;
                match self.store.replace_views(&account, records, &rows).await {
                    Err(StoreError::Conflict(_)) => {}
                    done => {
                        done?;
                        came.extend(here);
                        break;
                    }
                }
            }
        }
        // In the order in which they were recorded, as if they had got them then.
        came.sort_by_key(|one: &Came| one.on);
        let numbered = came.into_iter().map(|one| one.what).collect();
        self.store.commit(&Transaction { numbered, ..Transaction::default() }).await?;
        Ok(self.store.note_read_models(VERSION).await?)
    }

    async fn read_models(
        &self,
        account: &AccountId,
        laws: &mut Laws,
    ) -> Result<(u64, Vec<ViewRow>, Vec<Came>), EngineError> {
        let records = self.store.records(account).await?;
        let recorded = self.store.recorded_at(account).await?;
        let mut again = Account::new(Case::new(account.clone()));
        let mut models = ReadModels::new(account);
        for (at, record) in records.iter().enumerate() {
            let law = laws.of(&*self.store, &record.law).await?.map_err(EngineError::damaged)?;
            let voided = voided_view(&record.input, again.case());
            let decision = again.decide(&law, &record.input)?;
            if decision.events != record.events {
                again = Account::new(Case::of(account.clone(), &records[..=at]));
            }
            models.add(recorded_on(&recorded, at, record), record, voided, decision);
        }
        let came = models.to_number(&recorded, &records);
        let rows = models.into_rows().into_values().map(|made| made.row).collect();
        Ok((records.len() as u64, rows, came))
    }
}

/// The day of which the rows of a record are.
pub(crate) fn recorded_on(recorded: &[Option<Moment>], at: usize, record: &Record) -> Day {
    recorded.get(at).copied().flatten().unwrap_or(record.input.known_at).day()
}
