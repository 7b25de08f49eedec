//! An entry was wrong: it counts no longer, or something else happened.

use std::sync::Arc;

use crate::declare::act::Act;
use crate::declare::fact::{Fact, UsageImported};
use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::road::case::{Case, Happening, What};
use crate::road::state::OpenTask;
use crate::who::roles::Role::{
    Billing, Collections, ContractApprover, Legal, Operations, OrderDesk,
};

/// An earlier entry was wrong: it counts no longer. Written before such a
/// correction needed two persons (`Act::VoidEntry`).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct EntryVoided {
    pub of: InputId,
    pub reason: String,
}

impl Entry for EntryVoided {
    const NAME: &'static str = "entry_voided";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("登録の取消し（旧）", "entry voided (of old)");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Entry(&self.of)]
    }

    fn line(&self, l: Reader) -> String {
        let EntryVoided { of, reason } = self;
        say!(l, "登録{of}を取消し（理由：{reason}）", "entry {of} voided (reason: {reason})")
    }
}

/// An entry was wrong: it counts no longer.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct VoidEntry {
    pub of: InputId,
}

impl Entry for VoidEntry {
    const NAME: &'static str = "void_entry";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("登録の取消し", "entry voided");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Entry(&self.of)]
    }

    fn line(&self, l: Reader) -> String {
        let VoidEntry { of } = self;
        say!(l, "登録{of}を取り消す", "void entry {of}")
    }
}

impl Deed for VoidEntry {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] =
        &[OrderDesk, ContractApprover, Billing, Collections, Operations, Legal];
    const SECOND: Second = Second::Correction;

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let mut findings = void(asked.case, &self.of);
        if findings.is_empty() && is_rested_on(asked, &self.of) {
            findings.push(Finding::blocking("23-1", "later_usage_rests_on_it", &self.of));
        }
        if findings.is_empty() && is_termination_with_ground(asked, &self.of) {
            findings.push(Finding::blocking("20-1", "not_voidable", &self.of));
        }
        Ok(findings)
    }
}

/// 23-1: later rows replaced or corrected some of an import: they are voided before it.
fn is_rested_on(asked: &Asked, of: &InputId) -> bool {
    let Some(What::Fact(Fact::UsageImported(imported))) =
        entry(asked.case, of).map(|entry| entry.what.as_ref())
    else {
        return false;
    };
    let mut later = asked.case.in_force().facts::<UsageImported>();
    later.any(|(happening, one)| {
        let mut totals = one.totals.iter();
        happening.input != *of && totals.any(|total| total.rests_on.contains(&imported.segment))
    })
}

/// 16-1: a termination stands as it was told, unless its ground was never there.
fn is_termination_with_ground(asked: &Asked, of: &InputId) -> bool {
    let Some(What::Act(Act::Terminate(terminated))) =
        entry(asked.case, of).map(|entry| entry.what.as_ref())
    else {
        return false;
    };
    let is_looked_at = |open: &OpenTask| {
        open.task == TaskKind::ReviewTermination && open.about == terminated.contract.0
    };
    !asked.state.tasks.iter().any(is_looked_at)
}

/// An entry was wrong, and this is what happened instead, and when.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CorrectEntry {
    pub of: InputId,
    pub by: Box<Fact>,
    pub occurred_at: Moment,
}

impl Entry for CorrectEntry {
    const NAME: &'static str = "correct_entry";
    const CLAUSES: &'static [&'static str] = &["20-1"];
    const TITLE: Words = Words::new("登録の訂正", "entry corrected");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Entry(&self.of), Reach::Instead(&self.by, self.occurred_at)]
    }

    fn line(&self, l: Reader) -> String {
        let CorrectEntry { of, by, .. } = self;
        let by = by.line(l);
        say!(l, "登録{of}を次のとおり訂正する：{by}", "correct entry {of}: {by}")
    }
}

impl Deed for CorrectEntry {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] =
        &[OrderDesk, ContractApprover, Billing, Collections, Operations, Legal];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        match self.by.as_ref() {
            Fact::PaymentCredited(payment) => Some(payment.amount),
            _ => None,
        }
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(instead(asked, self))
    }
}

/// Money that was booked here belongs to another account: it counts no longer
/// here, and is entered there by a second step.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MovePayment {
    pub payment: InputId,
    pub to: AccountId,
    pub amount: Yen,
}

impl Entry for MovePayment {
    const NAME: &'static str = "move_payment";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("入金の付替え", "payment moved");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Entry(&self.payment)]
    }

    fn line(&self, l: Reader) -> String {
        let MovePayment { payment, to, .. } = self;
        let sum = yen(self.amount, l);
        say!(
            l,
            "入金{payment}（{sum}）を契約者{to}のものとして移す",
            "move payment {payment} of {sum} to account {to}"
        )
    }
}

impl Deed for MovePayment {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;
    const VOIDABLE: bool = false;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let MovePayment { payment, to, amount } = self;
        let mut findings = void(asked.case, payment);
        if paid(asked.case, payment) != Some(*amount) {
            findings.push(Finding::blocking("25-1b", "amount_differs", payment));
        }
        if *to == asked.case.account {
            findings.push(Finding::blocking("25-1b", "same_account", to));
        }
        Ok(findings)
    }
}

fn entry<'a>(case: &'a Case, of: &InputId) -> Option<&'a Happening> {
    case.happenings.iter().map(Arc::as_ref).rfind(|happening| happening.input == *of)
}

fn void(case: &Case, of: &InputId) -> Vec<Finding> {
    let Some(entry) = entry(case, of) else {
        return vec![Finding::blocking("20-1", "no_such_entry", of)];
    };
    let mut findings = Vec::new();
    if case.voided.contains(of) {
        findings.push(Finding::blocking("20-1", "already_voided", of));
    }
    if !can_be_wrong(&entry.what) {
        findings.push(Finding::blocking("20-1", "not_voidable", of));
    }
    findings
}

/// What somebody entered may be wrong. What the program itself did (sent, issued,
/// erased) did happen, and is mended by doing something else; the same holds for
/// what an act set in motion outside.
fn can_be_wrong(what: &What) -> bool {
    match what {
        // A statement of the provider was entered by hand before it needed two persons.
        What::Fact(Fact::UsageImported(_) | Fact::EntryVoided(_) | Fact::NonRenewalStated(_)) => {
            true
        }
        What::Fact(fact) => by_hand(fact),
        What::Act(act) => act.is_voidable(),
    }
}

fn by_hand(fact: &Fact) -> bool {
    Role::ALL.iter().any(|role| fact.may_be_registered_by(*role))
}

fn instead(asked: &Asked, correct: &CorrectEntry) -> Vec<Finding> {
    let CorrectEntry { of, by, occurred_at } = correct;
    let (case, by, at) = (asked.case, by.as_ref(), asked.at);
    let mut findings = void(case, of);
    let same_kind = |what: &What| match what {
        What::Fact(fact) => std::mem::discriminant(fact) == std::mem::discriminant(by),
        What::Act(_) => false,
    };
    // An act that corrected before stands beside the fact that it brought.
    let of_kind = case.happenings.iter().any(|h| h.input == *of && same_kind(&h.what));
    if !of_kind || !by_hand(by) {
        findings.push(Finding::blocking("20-1", "other_kind", of));
    }
    let later = |day: reckon::Day| day > at.day();
    if *occurred_at > at || matches!(by, Fact::PaymentCredited(payment) if later(payment.on)) {
        findings.push(Finding::blocking("20-1", "in_the_future", occurred_at));
    }
    findings
}

fn paid(case: &Case, payment: &InputId) -> Option<Yen> {
    case.happenings.iter().filter(|h| h.input == *payment).find_map(|h| match h.what.as_ref() {
        What::Fact(Fact::PaymentCredited(payment)) => Some(payment.amount),
        _ => None,
    })
}
