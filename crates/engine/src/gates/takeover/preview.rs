//! What loading a workbook would come to.

use contract::declare::consequence::Consequence;
use contract::declare::words::Sentence;
use contract::road::stream::Body;
use document::wording::Language;
use reckon::{Day, Month, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::Takeover;
use super::load::counts;
use crate::gates::takeover::check::number_text;
use crate::gates::takeover::load::dry_run;
use crate::outgoing::list::effects;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// The preview of a load.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema, Serialize)]
pub struct Preview {
    pub file: String,
    pub sha256: String,
    /// Of the whole workbook.
    pub contracts: usize,
    pub lines: usize,
    pub receivables: usize,
    pub outstanding: Yen,
    /// Of these, what is not recorded yet.
    pub new_contracts: usize,
    pub new_receivables: usize,
    pub numbers: Vec<String>,
    pub dates: Vec<NextDates>,
    /// What follows at once: extensions, rights, debts overdue, alerts.
    pub follows: Vec<String>,
    /// Mails that leave when the load is done.
    pub mails: Vec<String>,
    pub warnings: Vec<Sentence>,
}

/// When something happens next in a contract.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct NextDates {
    pub number: String,
    pub contract: String,
    pub name: String,
    pub period_to: Day,
    /// Last day for a statement against the next extension (13-1b).
    pub renewal_limit: Option<Day>,
    /// Last day of the longest minimum term (14-1).
    pub minimum_term_to: Option<Day>,
    pub charge_from: Month,
    pub ends_on: Option<Day>,
}

impl Engine {
    /// Works out what loading would come to, without writing anything.
    ///
    /// # Errors
    /// When an agreement cannot be laid over the law.
    pub fn preview(&self, takeover: &Takeover, language: Language) -> Result<Preview, EngineError> {
        let book = &takeover.book;
        let (new_contracts, new_receivables) = counts(&takeover.accounts);
        let mut preview = Preview {
            file: takeover.file.clone(),
            sha256: takeover.sha256.clone(),
            contracts: book.contracts.len(),
            lines: book.contracts.iter().map(|contract| contract.form.lines.len()).sum(),
            receivables: book.receivables.len(),
            outstanding: book.outstanding(),
            new_contracts,
            new_receivables,
            numbers: book.numbers.iter().map(|n| number_text(n, n.last)).collect(),
            warnings: takeover.warnings.clone(),
            ..Preview::default()
        };
        for (account, entries) in &takeover.accounts {
            let (decisions, state) = dry_run(&self.law, account, entries)?;
            for (entry, decision) in entries.iter().zip(&decisions) {
                let follows = decision.events.iter().filter_map(|event| match &event.body {
                    Body::Follows { consequence, .. } if !is_expected(consequence) => {
                        let text = consequence.line(language);
                        Some(format!("{}  {text}", event.occurred_at.to_minute_text()))
                    }
                    _ => None,
                });
                preview.follows.extend(follows);
                let mails = effects(&self.law, &entry.input, &decision.events, self.now());
                preview.mails.extend(mails.into_iter().map(|row| row.id));
            }
            for (id, contract) in state.iter().flat_map(|state| &state.contracts) {
                let Some(taken) = &contract.taken_over else { continue };
                let terms = contract.lines.iter().filter_map(|line| line.minimum_term);
                preview.dates.push(NextDates {
                    number: taken.number.clone(),
                    contract: id.0.clone(),
                    name: contract.form.applicant.name.clone(),
                    period_to: contract.period.to,
                    renewal_limit: contract.renewal_limit,
                    minimum_term_to: terms.map(|term| term.to).max(),
                    charge_from: taken.charge_from,
                    ends_on: contract.end.as_ref().map(|end| end.on),
                });
            }
        }
        preview.dates.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(preview)
    }
}

/// What stands in the workbook itself is no news.
fn is_expected(consequence: &Consequence) -> bool {
    matches!(
        consequence,
        Consequence::ContractTakenOver(_)
            | Consequence::ReceivableTakenOver(_)
            | Consequence::MinimumTermSet(_)
    )
}
