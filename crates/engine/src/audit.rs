//! Looking at the record with fresh eyes: hashes over the stored bytes, and every
//! stored input decided again under its law.

use contract::case::Case;
use contract::decide;
use contract::stream::Record;
use terms::Law;

use crate::engine::{Engine, EngineError};

/// What `yakkan audit` found.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    pub accounts: u64,
    pub inputs: u64,
    pub events: u64,
    /// Broken chains and decisions that come out otherwise now.
    pub differences: Vec<String>,
    pub checkpoint: String,
}

impl Engine {
    /// Walks every chain and decides every input again. Writes nothing but a
    /// checkpoint.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(&self) -> Result<Audit, EngineError> {
        let mut audit = Audit::default();
        for fault in self.store.check_chains().await? {
            audit.differences.push(format!("{} #{}: {}", fault.stream, fault.seq, fault.problem));
        }
        for account in self.store.accounts().await? {
            audit.accounts += 1;
            let mut case = Case::new(account.clone());
            for record in self.store.records(&account).await? {
                audit.inputs += 1;
                audit.events += record.events.len() as u64;
                audit.differences.extend(self.changed_evidence(&record.input).await?);
                audit.differences.extend(self.decide_again(&case, &record).await?);
                case.apply(&record);
            }
        }
        audit.checkpoint = self.store.checkpoint(self.now()).await?;
        Ok(audit)
    }

    async fn decide_again(&self, case: &Case, record: &Record) -> Result<Vec<String>, EngineError> {
        let id = &record.input.id;
        let Some(text) = self.store.law(&record.law.0).await? else {
            return Ok(vec![format!("{id}: its law {} is not in the store", record.law)]);
        };
        let law: Law = match serde_json::from_str(&text) {
            Ok(law) => law,
            Err(error) => return Ok(vec![format!("{id}: its law cannot be read: {error}")]),
        };
        let again = decide(&law, case, &record.input)?.events;
        let differs = |(at, (then, now)): (usize, (&_, &_))| {
            (then != now).then(|| format!("{id}, event {}: decided otherwise now", at + 1))
        };
        let mut differences: Vec<_> =
            record.events.iter().zip(&again).enumerate().filter_map(differs).collect();
        if record.events.len() != again.len() {
            let (then, now) = (record.events.len(), again.len());
            differences.push(format!("{id}: {then} events then, {now} now"));
        }
        Ok(differences)
    }
}
