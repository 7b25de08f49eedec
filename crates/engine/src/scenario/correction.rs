//! Corrections in a scenario: each is an act that one person proposes and another
//! approves, and the return of money held is a fact.

use contract::declare::act::{
    Act, AgreeCancellation, ApplyPayment, ChargeAmendmentCosts, CorrectEntry, CorrectInvoices,
    MovePayment, OffsetHeld, ReturnHeld, UndoCashApplication, VoidEntry, WaiveFee, WaiveInterest,
};
use contract::declare::fact::{Fact, HeldReturned};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::Sentence;
use contract::money::invoice::ChargeKind;
use contract::money::payment::Part;
use contract::road::stream::Content;
use reckon::{Day, Moment, Month, Yen};
use serde::Deserialize;

use super::play::Player;
use super::step::Action;
use crate::road::outcome::EngineError;

/// A correction, by the names, steps and invoices of the scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Correction {
    /// The entry of an earlier step, by its number, was wrong.
    VoidEntry {
        step: usize,
    },
    /// As `void_entry`, and what happened instead: an action like that step's.
    CorrectEntry {
        step: usize,
        by: Box<Action>,
    },
    /// The payment of an earlier step belongs to another account.
    MovePayment {
        step: usize,
        to: String,
        amount: Yen,
    },
    CorrectInvoices {
        account: String,
        month: Month,
        amount: Yen,
    },
    UndoApplication {
        step: usize,
        invoice: String,
        amount: Yen,
    },
    ApplyPayment {
        step: usize,
        to: Vec<Part>,
    },
    OffsetHeld {
        account: String,
        invoice: String,
        amount: Yen,
    },
    ReturnHeld {
        account: String,
        amount: Yen,
    },
    HeldReturned {
        account: String,
        amount: Yen,
        #[serde(default)]
        on: Option<Day>,
        #[serde(default)]
        reference: String,
    },
    WaiveInterest {
        account: String,
        invoice: String,
        amount: Yen,
    },
    WaiveFee {
        contract: String,
        line: u32,
        kind: ChargeKind,
        month: Month,
        amount: Yen,
    },
    AmendmentCosts {
        application: String,
        costs: Vec<Yen>,
    },
    /// What both sides agreed on the cancellation form of an earlier step.
    AgreeCancellation {
        step: usize,
        contract: String,
        #[serde(default)]
        to: Option<Day>,
        document: String,
    },
}

impl Correction {
    /// The names that `do` can have.
    pub(super) const NAMES: [&'static str; 13] = [
        "void_entry",
        "correct_entry",
        "move_payment",
        "correct_invoices",
        "undo_application",
        "apply_payment",
        "offset_held",
        "return_held",
        "held_returned",
        "waive_interest",
        "waive_fee",
        "amendment_costs",
        "agree_cancellation",
    ];
}

type Entry = (AccountId, Content, Moment);

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
                let (_, content, occurred_at) = self.content(&by, at)?;
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
            money => self.money(money)?,
        };
        Ok((account, Content::Act(act), at))
    }

    fn money(&self, what: Correction) -> Result<(AccountId, Act), EngineError> {
        let account = |name: &str| Ok::<_, EngineError>(self.registered(name)?.account.clone());
        Ok(match what {
            Correction::MovePayment { step, to, amount } => {
                let ((from, payment), to) = (self.entry(step)?, account(&to)?);
                (from, Act::MovePayment(MovePayment { payment, to, amount }))
            }
            Correction::CorrectInvoices { account: name, month, amount } => {
                (account(&name)?, Act::CorrectInvoices(CorrectInvoices { month, amount }))
            }
            Correction::UndoApplication { step, invoice, amount } => {
                let ((account, payment), number) =
                    (self.entry(step)?, self.invoice_number(&invoice));
                (account, Act::UndoCashApplication(UndoCashApplication { payment, number, amount }))
            }
            Correction::ApplyPayment { step, to } => {
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
            Correction::OffsetHeld { account: name, invoice, amount } => {
                let number = self.invoice_number(&invoice);
                (account(&name)?, Act::OffsetHeld(OffsetHeld { number, amount }))
            }
            Correction::WaiveInterest { account: name, invoice, amount } => {
                let number = self.invoice_number(&invoice);
                (account(&name)?, Act::WaiveInterest(WaiveInterest { number, amount }))
            }
            Correction::ReturnHeld { account: name, amount } => {
                (account(&name)?, Act::ReturnHeld(ReturnHeld { amount }))
            }
            other => {
                return Err(EngineError::Refused(Sentence::same(format!(
                    "{other:?} moves no money"
                ))));
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
