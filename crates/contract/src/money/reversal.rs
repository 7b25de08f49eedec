//! 25-1b: a credit that the bank took back (訂正): it never paid anything.

use crate::declare::prelude::*;

/// 25-1b: the bank took a payment back, in whole: it counts no longer, as if it had been
/// entered wrongly, and what it settled is open again. Only a file of the bank brings
/// this; by hand, a payment is voided by two persons.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PaymentReversed {
    /// The entry of the payment.
    pub payment: InputId,
    pub on: Day,
    pub amount: Yen,
}

impl Entry for PaymentReversed {
    const NAME: &'static str = "payment_reversed";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("入金の訂正（銀行）", "payment reversed by the bank");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Entry(&self.payment)]
    }

    fn line(&self, l: Reader) -> String {
        let (payment, on, amount) = (&self.payment, self.on, yen(self.amount, l));
        say!(
            l,
            "銀行が入金{payment}（{amount}）を{on}に訂正",
            "payment {payment} of {amount} reversed by the bank on {on}"
        )
    }
}
