//! The step between two editions of the rules: what follows for an account only
//! because the rules were mended enters its record, and asks for nothing outside.

use contract::decide;
use contract::declare::ids::{AccountId, InputId};
use contract::road::case::Case;
use contract::road::editions;
use contract::road::stream::{Content, Input, Record};

use crate::keeping::store::{NewRecord, OutboxRow, OutboxState, StoreError, Transaction};
use crate::outgoing::list::effects;
use crate::outgoing::replies;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::laws::Laws;
use crate::road::outcome::EngineError;

impl Engine {
    /// Brings the record of an account up to the edition of this program, under the
    /// law of its last record and as of the moment up to which it had been brought:
    /// what time brings since then follows by itself afterwards.
    pub(crate) async fn bring_edition(
        &self,
        account: &AccountId,
        laws: &mut Laws,
    ) -> Result<(), EngineError> {
        loop {
            match self.try_edition(account, laws).await {
                Err(EngineError::Store(StoreError::Conflict(_))) => {}
                done => return done,
            }
        }
    }

    async fn try_edition(&self, account: &AccountId, laws: &mut Laws) -> Result<(), EngineError> {
        let case = self.case(account).await?;
        let (Some(until), true) = (case.unfolded_until, case.edition < editions::PRESENT) else {
            return Ok(());
        };
        let last = self.store.records_after(account, case.records() - 1).await?;
        let Some(Record { law: id, .. }) = last.last() else { return Ok(()) };
        let law = laws.of(&*self.store, id).await?.map_err(EngineError::damaged)?;
        let input = Input { occurred_at: until, known_at: until, ..self.edition_input(&case) };
        let decision = decide(&law, &case, &input)?;
        let mut transaction =
            Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
        if decision.events.is_empty() {
            transaction.due.push((account.clone(), case.records(), decision.next_due));
        } else {
            transaction
                .outbox
                .extend(effects(&law, &input, &decision.events, self.now()).into_iter().map(held));
            transaction.laws.push((id.0.clone(), law.text().to_string()));
            let record = Record { input, law: id.clone(), events: decision.events };
            let next_due = decision.next_due;
            transaction.records.push(NewRecord { after: case.records(), record, next_due });
        }
        Ok(self.store.commit(&transaction).await?)
    }

    fn edition_input(&self, case: &Case) -> Input {
        let editions::Edition(number) = editions::PRESENT;
        let id = InputId(format!("edition-{number}-{}", case.account));
        let source = format!("edition {number} of the rules");
        self.input(id.0, &case.account, &system(), &source, Content::Edition)
    }
}

/// A person decides on what only the mended rules ask for.
fn held(row: OutboxRow) -> OutboxRow {
    let editions::Edition(number) = editions::PRESENT;
    let last_reply = replies::OTHER_EDITION.of(&[&number]);
    OutboxRow { state: OutboxState::Held, last_reply, ..row }
}
