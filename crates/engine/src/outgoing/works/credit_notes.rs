//! credit notes that an act approved are drafted, numbered and issued.

use contract::declare::act::CorrectInvoices;
use contract::declare::ids::InputId;
use contract::declare::words::Reader;
use contract::road::stream::Input;
use reckon::{Month, Yen};

use crate::keeping::store::OutboxRow;
use crate::outgoing::prelude::*;
use crate::road::engine::Engine;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreditNotes {
    pub act: InputId,
    pub month: Month,
    pub amount: Yen,
}

impl Outgoing for CreditNotes {
    const OF: Of = Of {
        kind: "book",
        // What stands in these books alone is done here or not at all.
        ways: &[],
        is_guarded: false,
        ..Of::mail(
            "credit-notes-",
            Words::new("返還請求書", "credit notes"),
            Object::Customer,
            &[Role::Billing, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<CreditNotes> {
        let Act::CorrectInvoices(CorrectInvoices { month, amount }) = asked.act()? else {
            return None;
        };
        Some(CreditNotes { act: asked.input.id.clone(), month: *month, amount: *amount })
    }

    fn names(&self) -> String {
        short_hash(self.act.0.as_bytes())
    }

    fn about(&self) -> &str {
        &self.act.0
    }

    /// What was approved is looked at again where it is performed.
    fn is_wanted(&self, _: &Case, _: &AccountState) -> bool {
        true
    }
}

impl Work for CreditNotes {
    async fn perform(&self, engine: &Engine, row: &OutboxRow, _: &Case) -> Result<(), EngineError> {
        engine.issue_credit_notes(row, &self.act, self.month, self.amount).await
    }

    async fn comes_of_it(&self, desk: &Desk<'_>, input: &Input) -> Result<Vec<Fact>, EngineError> {
        let notes =
            desk.engine.credit_notes_ahead(&input.account, desk.state, &self.act, self.month);
        let notes = notes.await?.into_iter();
        Ok(notes.map(|note| Fact::CreditNoteIssued(Box::new(note))).collect())
    }

    fn ahead(&self, reader: Reader) -> String {
        let amount = yen(self.amount, reader);
        format!("：{amount} の返還請求書に番号を付けて発行し、送ります。")
    }
}
