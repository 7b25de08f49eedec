//! Looking at the record with fresh eyes: hashes and seals over the stored bytes, every
//! stored input decided again under its law, and what follows from the decisions made
//! again and compared with what is stored.

mod compared;
mod derived;

use std::collections::BTreeMap;

use contract::Account;
use contract::declare::ids::AccountId;
use contract::road::case::Case;
use contract::road::editions::Edition;

use self::compared::{Compared, compared};
use crate::keeping::store::{Fault, StoreError};
use crate::outgoing::list::effects;
use crate::road::engine::Engine;
use crate::road::evidence::{changed_evidence, hashes_now};
use crate::road::laws::Laws;
use crate::road::outcome::EngineError;
use crate::road::read_models::{ReadModels, recorded_on};
use crate::road::views::{VERSION, voided_view};

/// What `yakkan audit` found.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    pub accounts: u64,
    pub inputs: u64,
    pub events: u64,
    /// Changed bytes, each with its table, row and column, and decisions that come
    /// out otherwise now.
    pub differences: Vec<String>,
    /// How many entries come out otherwise now because a rule was mended since, by
    /// the edition that mended it.
    pub explained: BTreeMap<Edition, u64>,
    pub checkpoint: String,
}

impl Engine {
    /// Walks every chain, decides every input again and makes again what rests on it.
    /// Writes nothing but a checkpoint.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(&self) -> Result<Audit, EngineError> {
        let mut audit = Audit::default();
        let faults = self.store.check_chains().await?;
        audit.differences.extend(faults.iter().map(ToString::to_string));
        if let Some(made) = self.store.read_models().await?
            && made != VERSION
        {
            let problem = format!("this program makes read models of version {VERSION}");
            let fault = Fault::at("read_models", made.to_string(), "version", problem);
            audit.differences.push(fault.to_string());
        }
        let mut laws = Laws::default();
        for account in self.store.accounts().await? {
            audit.accounts += 1;
            match self.audit_account(&account, &mut laws, &mut audit).await {
                Err(EngineError::Store(StoreError::Broken(why))) => {
                    audit.differences.push(format!("account {account} cannot be read: {why}"));
                }
                done => done?,
            }
        }
        audit.differences.extend(laws.faults.iter().map(ToString::to_string));
        audit.checkpoint = self.store.checkpoint(self.now()).await?;
        Ok(audit)
    }

    async fn audit_account(
        &self,
        account: &AccountId,
        laws: &mut Laws,
        audit: &mut Audit,
    ) -> Result<(), EngineError> {
        let records = self.store.records(account).await?;
        let recorded = self.store.recorded_at(account).await?;
        let inputs = records.iter().map(|record| &record.input);
        let evidence = hashes_now(&*self.store, inputs).await?;
        let mut again = Account::new(Case::new(account.clone()));
        let mut models = ReadModels::new(account);
        let mut asked = Vec::new();
        let mut queued = None;
        for (at, record) in records.iter().enumerate() {
            audit.inputs += 1;
            audit.events += record.events.len() as u64;
            audit.differences.extend(changed_evidence(&record.input, &evidence));
            match laws.of(&*self.store, &record.law).await? {
                Err(why) => audit.differences.push(format!("{}: {why}", record.input.id)),
                Ok(law) => {
                    let voided = voided_view(&record.input, again.case());
                    let decision = again.decide(&law, &record.input)?;
                    if decision.events != record.events {
                        let before = Case::of(account.clone(), &records[..at]);
                        match compared(record, &decision, &before) {
                            Compared::Explained(by) => *audit.explained.entry(by).or_default() += 1,
                            Compared::Differs(how) => audit.differences.extend(how),
                        }
                        again = Account::new(Case::of(account.clone(), &records[..=at]));
                    }
                    asked.extend(effects(&law, &record.input, &record.events, self.now()));
                    queued = Some((law, decision.next_due));
                    let on = recorded_on(&recorded, at, record);
                    models.add(on, record, voided, decision);
                    continue;
                }
            }
            again.apply(record);
        }
        if let Some((law, _)) = &queued {
            let cells = again.differs_from_whole(law);
            let differs =
                |cell| format!("{account}: {cell:?} was worked out otherwise step by step");
            audit.differences.extend(cells.into_iter().map(differs));
        }
        let mut faults = self.compare_numbers(&models.to_number(&recorded, &records)).await?;
        faults.extend(self.compare_read_models(account, models.into_rows()).await?);
        faults.extend(self.compare_effects(account, asked).await?);
        faults.extend(self.compare_drafts(account, &records).await?);
        faults.extend(self.compare_worked_out(account, &records, laws).await?);
        if let Some((law, due)) = queued {
            faults.extend(self.compare_queue(again.case(), &law, due).await?);
        }
        audit.differences.extend(faults.iter().map(ToString::to_string));
        Ok(())
    }
}
