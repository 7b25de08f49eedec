//! Corrections in a scenario: each is an act that one person proposes and another
//! approves, and the return of money held is a fact.

use contract::declare::act::{
    Act, AgreeCancellation, ApplyPayment, ChargeAmendmentCosts, CorrectEntry, CorrectInvoices,
    MovePayment, OffsetHeld, ReturnHeld, UndoCashApplication, VoidEntry, WaiveFee, WaiveInterest,
};
use contract::declare::fact::{Fact, HeldReturned};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::Sentence;
use contract::money::payment::Part;
use contract::road::stream::Content;
use reckon::Moment;

use super::action::{Correction, OfMoney};
use super::play::Player;
use crate::road::outcome::EngineError;

/// Of which account, what, and when it happened.
pub(super) type Entry = (AccountId, Content, Moment);

impl Player {
    /// The act or fact of a correction.
    pub(super) fn correction(&self, what: Correction, at: Moment) -> Result<Entry, EngineError> {
        let (account, act) = match what {
            Correction::VoidEntry { step } => {
                let (account, of) = self.entry(step)?;
                (account, Act::VoidEntry(VoidEntry { of }))
            }
            Correction::CorrectEntry { step, by } => {
                let (account, of) = self.entry(step)?;
                let (_, content, occurred_at) = self.instead(*by, at)?;
                let Content::Fact(by) = content else {
                    let why = "only a fact can stand in the place of a wrong entry";
                    return Err(EngineError::Refused(Sentence::same(why.to_owned())));
                };
                (account, Act::CorrectEntry(CorrectEntry { of, by: Box::new(by), occurred_at }))
            }
            Correction::AgreeCancellation { step, contract, to, document } => {
                let (_, form) = self.entry(step)?;
                let (account, contract) = self.contract(&contract)?;
                (
                    account,
                    Act::AgreeCancellation(AgreeCancellation { contract, form, to, document }),
                )
            }
            Correction::AmendmentCosts { application, costs } => {
                let (account, application) = self.application(&application)?;
                (account, Act::ChargeAmendmentCosts(ChargeAmendmentCosts { application, costs }))
            }
            Correction::WaiveFee { contract, line, kind, month, amount } => {
                let (account, contract) = self.contract(&contract)?;
                (account, Act::WaiveFee(WaiveFee { kind, contract, line, month, amount }))
            }
            Correction::HeldReturned { account, amount, on, reference } => {
                let account = self.registered(&account)?.account.clone();
                let on = on.unwrap_or(at.day());
                let fact = Fact::HeldReturned(HeldReturned { on, amount, reference });
                return Ok((account, Content::Fact(fact), at));
            }
        };
        Ok((account, Content::Act(act), at))
    }

    /// The act of a correction of money.
    pub(super) fn money(&self, what: OfMoney) -> Result<(AccountId, Act), EngineError> {
        let account = |name: &str| Ok::<_, EngineError>(self.registered(name)?.account.clone());
        Ok(match what {
            OfMoney::MovePayment { step, to, amount } => {
                let ((from, payment), to) = (self.entry(step)?, account(&to)?);
                (from, Act::MovePayment(MovePayment { payment, to, amount }))
            }
            OfMoney::CorrectInvoices { account: name, month, amount } => {
                (account(&name)?, Act::CorrectInvoices(CorrectInvoices { month, amount }))
            }
            OfMoney::UndoApplication { step, invoice, amount } => {
                let ((account, payment), number) =
                    (self.entry(step)?, self.invoice_number(&invoice));
                (account, Act::UndoCashApplication(UndoCashApplication { payment, number, amount }))
            }
            OfMoney::ApplyPayment { step, to } => {
                let (account, payment) = self.entry(step)?;
                let part = |part: Part| Part { number: self.invoice_number(&part.number), ..part };
                (
                    account,
                    Act::ApplyPayment(ApplyPayment {
                        payment,
                        to: to.into_iter().map(part).collect(),
                    }),
                )
            }
            OfMoney::OffsetHeld { account: name, invoice, amount } => {
                let number = self.invoice_number(&invoice);
                (account(&name)?, Act::OffsetHeld(OffsetHeld { number, amount }))
            }
            OfMoney::WaiveInterest { account: name, invoice, amount } => {
                let number = self.invoice_number(&invoice);
                (account(&name)?, Act::WaiveInterest(WaiveInterest { number, amount }))
            }
            OfMoney::ReturnHeld { account: name, amount } => {
                (account(&name)?, Act::ReturnHeld(ReturnHeld { amount }))
            }
        })
    }

    fn entry(&self, step: usize) -> Result<(AccountId, InputId), EngineError> {
        self.entry_of(step).ok_or_else(|| {
            EngineError::Refused(Sentence::same(format!(
                "step {step} registered nothing that can be corrected"
            )))
        })
    }
}
