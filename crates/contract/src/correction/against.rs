//! Corrections: what stands against mending what was entered, charged, applied
//! or agreed. Nothing is edited or deleted to do so.

use std::sync::Arc;

use reckon::{Moment, Month, Yen};
use terms::{Law, LawError};

use crate::declare::act::{Act, Part};
use crate::declare::fact::{Fact, Wish};
use crate::declare::ids::{ApplicationId, ContractId, InputId};
use crate::declare::reason::Finding;
use crate::money::charges::{Run, charges_of, credit_notes};
use crate::money::invoice::{Charge, ChargeKey, ChargeKind};
use crate::road::case::{Case, Happening, What};
use crate::road::unfold::{AccountState, ApplicationStatus, ContractStatus};
use crate::who::roles::{Role, may_register};

fn block(clause: &str, code: &str, detail: impl ToString) -> Finding {
    Finding::blocking(clause, code, detail.to_string())
}

/// What stands against a correction at a moment.
///
/// # Errors
/// When an agreement of a contract cannot be laid over the law.
pub(crate) fn against(
    law: &Law,
    case: &Case,
    state: &AccountState,
    at: Moment,
    act: &Act,
) -> Result<Vec<Finding>, LawError> {
    let mut findings = match act {
        Act::VoidEntry { of } => void(case, of),
        Act::CorrectEntry { of, by, occurred_at } => instead(case, of, (by, *occurred_at), at),
        Act::MovePayment { payment, amount, to } => {
            let mut findings = void(case, payment);
            if paid(case, payment) != Some(*amount) {
                findings.push(block("25-1b", "amount_differs", payment));
            }
            if *to == case.account {
                findings.push(block("25-1b", "same_account", to));
            }
            findings
        }
        Act::CorrectInvoices { month, amount } => excess(law, case, state, (*month, at), *amount)?,
        Act::UndoCashApplication { payment, number, amount } => {
            undo(state, (payment, number), *amount)
        }
        Act::ApplyPayment { payment, to } => apply(state, payment, to),
        Act::OffsetHeld { number, amount } => {
            let mut findings = held(state, *amount);
            findings.extend(owed(state, number, *amount));
            findings
        }
        Act::ReturnHeld { amount } => held(state, *amount),
        Act::WaiveInterest { number, amount } => match state.receivables.get(number) {
            Some(receivable) if receivable.late_interest >= *amount => Vec::new(),
            _ => vec![block("26-1", "no_such_interest", number)],
        },
        Act::WaiveFee { kind, contract, line, month, amount } => {
            let (kind, line, month, amount) = (*kind, *line, *month, *amount);
            fee(law, case, state, &Waived { kind, contract, line, month, amount }, at)?
        }
        Act::ChargeAmendmentCosts { application, .. } => amendment(state, application),
        Act::AgreeCancellation { contract, form, to, document } => {
            let mut findings = cancellation(case, state, contract, form);
            if to.is_some_and(|day| day < at.day()) {
                findings.push(block("15-1", "in_the_past", to.expect("looked at before")));
            }
            if document.trim().is_empty() {
                findings.push(block("15-1", "no_consent", contract));
            }
            findings
        }
        _ => Vec::new(),
    };
    if act.amount().is_some_and(|amount| !amount.is_positive()) {
        findings.push(block("24-1", "no_amount", ""));
    }
    Ok(findings)
}

/// So much of a charge that is not to be asked for.
struct Waived<'a> {
    kind: ChargeKind,
    contract: &'a ContractId,
    line: u32,
    month: Month,
    amount: Yen,
}

impl Waived<'_> {
    fn is_of(&self, key: &ChargeKey) -> bool {
        key.kind == self.kind
            && key.contract == *self.contract
            && key.line == self.line
            && key.month == self.month
    }
}

/// What stands against waiving so much of a charge.
fn fee(
    law: &Law,
    case: &Case,
    state: &AccountState,
    waived: &Waived<'_>,
    at: Moment,
) -> Result<Vec<Finding>, LawError> {
    let Waived { kind, contract, line, month, amount } = *waived;
    let run = Run { id: String::new(), month, issued_on: at.day() };
    let charges = charges_of(law, state, &run, |key| waived.is_of(key))?;
    Ok(match () {
        () if kind == ChargeKind::LateInterest || sum(&charges) < amount => {
            vec![block("24-1", "no_such_charge", format!("{contract}/{line} {month}"))]
        }
        () if kind == ChargeKind::Usage && !is_providers_fault(case, contract) => {
            vec![block("32-2b", "no_fault_of_provider", contract)]
        }
        () => paid_fee(law, state, waived, &charges),
    })
}

fn entry<'a>(case: &'a Case, of: &InputId) -> Option<&'a Happening> {
    case.happenings.iter().map(Arc::as_ref).rfind(|happening| happening.input == *of)
}

fn void(case: &Case, of: &InputId) -> Vec<Finding> {
    let Some(entry) = entry(case, of) else { return vec![block("20-1", "no_such_entry", of)] };
    let mut findings = Vec::new();
    if case.voided.contains(of) {
        findings.push(block("20-1", "already_voided", of));
    }
    if !can_be_wrong(&entry.what) {
        findings.push(block("20-1", "not_voidable", of));
    }
    findings
}

/// What somebody entered may be wrong. What the program itself did (sent, issued,
/// erased) did happen, and is mended by doing something else; the same holds for
/// what an act set in motion outside.
fn can_be_wrong(what: &What) -> bool {
    match what {
        // A statement of the provider was entered by hand before it needed two persons.
        What::Fact(
            Fact::UsageImported(_) | Fact::EntryVoided { .. } | Fact::NonRenewalStated { .. },
        ) => true,
        What::Fact(fact) => by_hand(fact),
        What::Act(Act::CorrectInvoices { .. } | Act::MovePayment { .. }) => false,
        What::Act(act) => act.is_correction(),
    }
}

fn by_hand(fact: &Fact) -> bool {
    Role::ALL.iter().any(|role| may_register(*role, fact))
}

fn instead(
    case: &Case,
    of: &InputId,
    (by, occurred_at): (&Fact, Moment),
    at: Moment,
) -> Vec<Finding> {
    let mut findings = void(case, of);
    let same_kind = |what: &What| match what {
        What::Fact(fact) => std::mem::discriminant(fact) == std::mem::discriminant(by),
        What::Act(_) => false,
    };
    // An act that corrected before stands beside the fact that it brought.
    let of_kind = case.happenings.iter().any(|h| h.input == *of && same_kind(&h.what));
    if !of_kind || !by_hand(by) {
        findings.push(block("20-1", "other_kind", of));
    }
    let later = |day: reckon::Day| day > at.day();
    if occurred_at > at || matches!(by, Fact::PaymentCredited(payment) if later(payment.on)) {
        findings.push(block("20-1", "in_the_future", occurred_at));
    }
    findings
}

fn paid(case: &Case, payment: &InputId) -> Option<Yen> {
    case.happenings.iter().filter(|h| h.input == *payment).find_map(|h| match &h.what {
        What::Fact(Fact::PaymentCredited(payment)) => Some(payment.amount),
        _ => None,
    })
}

fn excess(
    law: &Law,
    case: &Case,
    state: &AccountState,
    (month, at): (Month, Moment),
    amount: Yen,
) -> Result<Vec<Finding>, LawError> {
    let run = Run { id: String::new(), month, issued_on: at.day() };
    let notes = credit_notes(law, &case.account, state, &run, &InputId::from(""))?;
    let total: Yen = notes.iter().map(|note| -note.total).sum();
    Ok(match () {
        () if notes.is_empty() => vec![block("14-3", "nothing_to_credit", month)],
        () if total != amount => vec![block("14-3", "amount_differs", total)],
        () => Vec::new(),
    })
}

fn undo(state: &AccountState, (payment, number): (&InputId, &str), amount: Yen) -> Vec<Finding> {
    let applied: Yen = state
        .receivables
        .get(number)
        .into_iter()
        .flat_map(|receivable| &receivable.payments)
        .filter(|applied| applied.payment == *payment)
        .map(|applied| applied.amount)
        .sum();
    match () {
        () if applied.is_zero() => vec![block("25-1b", "not_applied", number)],
        () if applied != amount => vec![block("25-1b", "amount_differs", applied)],
        () => Vec::new(),
    }
}

fn apply(state: &AccountState, payment: &InputId, to: &[Part]) -> Vec<Finding> {
    let parts = state.held_parts.iter().filter(|part| part.payment == *payment);
    let of_payment: Yen = parts.map(|part| part.amount).sum();
    let sum: Yen = to.iter().map(|part| part.amount).sum();
    let mut findings = held(state, sum);
    if sum > of_payment {
        findings.push(block("25-1b", "not_so_much_held", of_payment));
    }
    for part in to {
        findings.extend(owed(state, &part.number, part.amount));
        let twice = to.iter().filter(|other| other.number == part.number).count() > 1;
        if twice || !part.amount.is_positive() {
            findings.push(block("25-1b", "no_amount", &part.number));
        }
    }
    findings
}

fn held(state: &AccountState, amount: Yen) -> Vec<Finding> {
    let free = state.held - state.to_return;
    if amount > free { vec![block("24-2", "not_so_much_held", free)] } else { Vec::new() }
}

fn owed(state: &AccountState, number: &str, amount: Yen) -> Vec<Finding> {
    match state.receivables.get(number) {
        None => vec![block("20-1", "unknown_subject", number)],
        Some(receivable) if amount > receivable.outstanding => {
            vec![block("25-1b", "above_outstanding", receivable.outstanding)]
        }
        Some(_) => Vec::new(),
    }
}

fn sum(charges: &[Charge]) -> Yen {
    charges.iter().map(|charge| charge.amount).sum()
}

/// 24-2: what was paid of a fee that was owed is not returned, by a waiver neither. As
/// much can be waived as the invoices with the fee still leave open.
fn paid_fee(
    law: &Law,
    state: &AccountState,
    waived: &Waived<'_>,
    charges: &[Charge],
) -> Vec<Finding> {
    let invoiced = state.receivables.values().filter(|receivable| {
        receivable.invoice.lines.iter().any(|line| waived.is_of(&line.charge.key))
    });
    let open: Vec<Yen> = invoiced.map(|receivable| receivable.outstanding).collect();
    let point = charges.iter().find_map(|charge| charge.tax_point);
    let rate = point.and_then(|day| law.tax.at(day).ok());
    let amount = waived.amount;
    let with_tax = amount + rate.map_or(Yen::ZERO, |rate| rate.on(amount));
    let left: Yen = open.iter().copied().sum();
    match open.is_empty() || left >= with_tax {
        true => Vec::new(),
        false => vec![block("24-2", "fee_paid", left)],
    }
}

/// 32-3b: what others used with the customer's account is owed (32-2b), unless somebody
/// found intent or negligence of the provider, with the document that shows it.
fn is_providers_fault(case: &Case, contract: &ContractId) -> bool {
    case.in_force().into_iter().any(|happening| match &happening.what {
        What::Fact(Fact::JudgementRecorded { clause, about, .. }) => {
            clause == "32-3b" && *about == contract.0
        }
        _ => false,
    })
}

/// 9-9, A-13: costs of an amendment are those before the service begins.
fn amendment(state: &AccountState, application: &ApplicationId) -> Vec<Finding> {
    let formed = state
        .applications
        .get(application)
        .filter(|found| found.status == ApplicationStatus::Formed);
    let change = formed.and_then(|found| match &found.content.wish {
        Wish::Change { contract, .. } => Some((found, state.contracts.get(contract)?)),
        Wish::New { .. } | Wish::Faulty { .. } => None,
    });
    let Some((found, contract)) = change else {
        return vec![block("9-9", "not_an_amendment", application)];
    };
    let received = found.received_at.day();
    let started = contract.lines.iter().any(|l| l.started_on.is_some_and(|on| on <= received));
    match () {
        () if contract.amendment_costs.iter().any(|costs| costs.application == found.input) => {
            vec![block("9-9", "already_charged", application)]
        }
        () if started => vec![block("9-9", "service_started", application)],
        () => Vec::new(),
    }
}

fn cancellation(
    case: &Case,
    state: &AccountState,
    contract: &ContractId,
    form: &InputId,
) -> Vec<Finding> {
    let Some(found) = state.contracts.get(contract) else {
        return vec![block("20-1", "unknown_subject", contract)];
    };
    if matches!(found.status, ContractStatus::Ended | ContractStatus::Erased) {
        return vec![block("15-1", "contract_ended", contract)];
    }
    let is_form = case.in_force().into_iter().any(|happening| match &happening.what {
        What::Fact(Fact::CancellationFormArrived { contract: of, .. }) => {
            happening.input == *form && of == contract
        }
        _ => false,
    });
    if is_form { Vec::new() } else { vec![block("15-1", "no_such_form", form)] }
}
