//! The second step of moving a payment: it is entered in the other account.

use contract::declare::act::MovePayment;
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::Reader;

use crate::keeping::store::OutboxRow;
use crate::outgoing::prelude::*;
use crate::road::engine::Engine;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookPayment {
    pub payment: InputId,
    pub to: AccountId,
}

impl Outgoing for BookPayment {
    const OF: Of = Of {
        kind: "book",
        // What stands in these books alone is done here or not at all.
        ways: &[],
        is_guarded: false,
        ..Of::mail(
            "book-",
            Words::new("入金の付替え", "payment moved"),
            Object::Customer,
            &[Role::Billing, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<BookPayment> {
        let Act::MovePayment(MovePayment { payment, to, .. }) = asked.act()? else { return None };
        Some(BookPayment { payment: payment.clone(), to: to.clone() })
    }

    fn names(&self) -> String {
        short_hash(self.payment.0.as_bytes())
    }

    fn about(&self) -> &str {
        &self.payment.0
    }

    /// What was approved is looked at again where it is performed.
    fn is_wanted(&self, _: &Case, _: &AccountState) -> bool {
        true
    }
}

impl Work for BookPayment {
    async fn perform(
        &self,
        engine: &Engine,
        row: &OutboxRow,
        case: &Case,
    ) -> Result<(), EngineError> {
        engine.book_payment(row, case, &self.payment, &self.to).await
    }

    fn ahead(&self, _: Reader) -> String {
        format!("：契約者 {} の入金として登録します。", self.to)
    }
}
