//! What an approved correction asks for beside its own account: credit notes with
//! numbers of their series, and a payment entered where it belongs.
//!
//! Both are effects of the outbox: repeated after a crash, recorded once.

use contract::AccountState;
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, InputId};
use contract::money::charges::{Run, credit_notes};
use contract::money::credit_note::CreditNote;
use contract::road::case::{Case, What};
use contract::road::stream::Content;
use reckon::{Month, Yen};
use serde_json::json;

use crate::keeping::store::{DraftRow, OperatorEntry, OutboxRow, StoreError, Transaction};
use crate::money::billing::{credit_series, last_number};
use crate::outgoing::replies;
use crate::outgoing::tries::closed;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// With what the runs of credit notes begin.
pub(crate) const CREDIT: &str = "credit/";

impl Engine {
    /// Drafts, numbers and issues the credit notes that an act approved, unless
    /// they come to another amount by now: nobody approved that.
    pub(crate) async fn issue_credit_notes(
        &self,
        row: &OutboxRow,
        act: &InputId,
        month: Month,
        amount: Yen,
    ) -> Result<(), EngineError> {
        let run = Run { id: format!("{CREDIT}{act}"), month, issued_on: self.now().day() };
        while self.store.operator_stream(&run.id).await?.is_empty() {
            let given = self.issue_numbered(run.issued_on.year(), &system()).await?;
            let state = self.state(&row.account).await?;
            let notes = credit_notes(&self.law, &row.account, &state, &run, act)?;
            let total: Yen = notes.iter().map(|note| -note.total).sum();
            if total != amount {
                let why = replies::OTHER_CREDIT.of(&[&amount, &total]);
                return self.give_up(row, &why).await;
            }
            match self.number_notes(row, &run, &notes, given).await {
                // Something else got numbers meanwhile, and may have given it back.
                Err(EngineError::Store(StoreError::Conflict(_))) => {}
                other => other?,
            }
        }
        self.issue_notes(&run.id).await?;
        self.update(closed(row, self.now())).await
    }

    /// The notes that would be issued now, under the next numbers.
    pub(crate) async fn credit_notes_ahead(
        &self,
        account: &AccountId,
        state: &AccountState,
        act: &InputId,
        month: Month,
    ) -> Result<Vec<CreditNote>, EngineError> {
        let run = Run { id: format!("{CREDIT}{act}"), month, issued_on: self.now().day() };
        let notes = credit_notes(&self.law, account, state, &run, act)?;
        self.next_numbers(&run, &notes).await
    }

    /// The notes of a run with the numbers that come next in their series.
    async fn next_numbers(
        &self,
        run: &Run,
        notes: &[CreditNote],
    ) -> Result<Vec<CreditNote>, EngineError> {
        let (prefix, year) = (&self.operator.invoice.credit_prefix, run.issued_on.year());
        let last = last_number(&*self.store, &credit_series(&self.operator, year)).await?;
        let numbered = notes.iter().zip(last + 1..).map(|(note, number)| CreditNote {
            number: format!("{prefix}-{year}-{number:06}"),
            ..note.clone()
        });
        Ok(numbered.collect())
    }

    /// One transaction of the operator: a block of the series, and the drafts.
    async fn number_notes(
        &self,
        row: &OutboxRow,
        run: &Run,
        notes: &[CreditNote],
        given: Vec<(String, u64)>,
    ) -> Result<(), EngineError> {
        let series = credit_series(&self.operator, run.issued_on.year());
        let last = last_number(&*self.store, &series).await?;
        let numbered = self.next_numbers(run, notes).await?.into_iter();
        let drafts: Vec<_> = numbered
            .map(|note| DraftRow {
                id: format!("{}-{}", run.id, note.draft),
                run: run.id.clone(),
                account: row.account.clone(),
                number: note.number.clone(),
                content: json!(note),
            })
            .collect();
        let entry = |stream: &str, key: &str, kind: &str, payload| OperatorEntry {
            stream: stream.to_owned(),
            key: key.to_owned(),
            kind: kind.to_owned(),
            payload,
        };
        let numbers: Vec<_> = drafts.iter().map(|draft| draft.number.clone()).collect();
        let Some(first) = numbers.first() else { return Ok(()) };
        let block =
            json!({ "run": run.id, "first": last + 1, "last": last + numbers.len() as u64 });
        let transaction = Transaction {
            recorded_at: Some(self.now()),
            operator_after: given,
            operator: vec![
                entry(&run.id, &run.id, "run", json!({ "month": run.month, "numbers": numbers })),
                // The key is the first number: two runs cannot take one block.
                entry(&series, first, "block", block),
            ],
            drafts: drafts.clone(),
            ..Transaction::default()
        };
        Ok(self.store.commit(&transaction).await?)
    }

    /// Issues the notes that a run has numbered and not issued yet.
    pub(crate) async fn issue_notes(&self, run: &str) -> Result<(), EngineError> {
        if run.starts_with(CREDIT) {
            for draft in self.store.unissued(run).await? {
                self.issue_note(&draft).await?;
            }
        }
        Ok(())
    }

    async fn issue_note(&self, draft: &DraftRow) -> Result<(), EngineError> {
        let note: CreditNote = serde_json::from_value(draft.content.clone())
            .map_err(|error| EngineError::unreadable(&draft.id, &error))?;
        let content = Content::Fact(Fact::CreditNoteIssued(Box::new(note)));
        let id = format!("issued-{}", draft.id);
        let input = self.input(id, &draft.account, &system(), "outbox", content);
        let transaction =
            Transaction { drafts_issued: vec![draft.id.clone()], ..Transaction::default() };
        let outcome = self.register_with(input, transaction.clone()).await?;
        if outcome.repeated {
            self.store.commit(&transaction).await?;
        }
        Ok(())
    }

    /// The payment that was moved is entered in the other account, under an id made
    /// from the entry that counts no longer here.
    pub(crate) async fn book_payment(
        &self,
        row: &OutboxRow,
        case: &Case,
        payment: &InputId,
        to: &AccountId,
    ) -> Result<(), EngineError> {
        let moved = case.happenings.iter().find(|happening| happening.input == *payment);
        let moved = moved.and_then(|happening| match happening.what.as_ref() {
            What::Fact(Fact::PaymentCredited(payment)) => Some((happening.occurred_at, payment)),
            _ => None,
        });
        let Some((occurred_at, payment)) = moved else {
            return self.give_up(row, &format!("{payment} is no payment")).await;
        };
        let content = Content::Fact(Fact::PaymentCredited(payment.clone()));
        let source = format!("moved from {}", row.account);
        let mut input = self.input(format!("moved-{}", row.id), to, &system(), &source, content);
        input.occurred_at = occurred_at;
        self.register_with(input, Transaction::default()).await?;
        self.update(closed(row, self.now())).await
    }
}
