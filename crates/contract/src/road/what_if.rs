//! What a wish to stop would come to, by both roads: cancellation (15-1) and no
//! further extension (13-1b). Nothing is registered: the wish is laid on a copy of
//! the case, and the same rules look at it.

use std::sync::Arc;

use reckon::{Day, Moment, Month, Period, Yen};
use schemars::JsonSchema;
use serde::Serialize;
use terms::{Law, LawError};
use thiserror::Error;

use crate::application::form::CancellationForm;
use crate::declare::consequence::{CancellationDetermined, Consequence};
use crate::declare::fact::{CancellationFormArrived, Fact, NonRenewalStated, ReceiptNoticeSent};
use crate::declare::ids::{ContractId, InputId};
use crate::declare::sealed::Sealed;
use crate::ending::renewal::{Side, Statement, extension, in_time, renewal_limit};
use crate::money::charges::{Run, draft};
use crate::money::invoice::{ChargeKind, Invoice};
use crate::notices::notice::Channel;
use crate::road::bounds::{self, Beyond};
use crate::road::case::Case;
use crate::road::editions;
use crate::road::interrupt::{Interrupt, Interrupted};
use crate::road::stream::{Content, Input};
use crate::road::unfold::{AccountState, ContractState, Receivable, unfold_for};
use crate::who::actor::Actor;
use crate::who::roles::Role;
use terms::ConfirmGround;

/// Extensions that are looked ahead for an expiry.
const HORIZON: u32 = 600;

/// A wish to stop, and both results.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct StopTrial {
    pub contract: ContractId,
    pub asked_at: Moment,
    pub desired: Option<Day>,
    /// 15-1: with the cancellation form.
    pub cancellation: Option<StopResult>,
    /// 13-1b: with a statement that the contract shall not be extended.
    pub non_renewal: Option<StopResult>,
    /// Invoices that are unpaid today, with tax.
    pub unpaid: Yen,
}

/// What one road comes to, billed month by month and paid in time. Amounts are yen
/// without tax unless they say otherwise; usage that is still to come is in none of
/// them.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct StopResult {
    /// The last day of the contract.
    pub ends_on: Day,
    /// 15-1b: the day is not the desired one, but deemed.
    pub deemed: bool,
    /// 13-1b: the last day on which a statement is in time for this expiry.
    pub limit: Option<Day>,
    /// Why a second person would look at the form first.
    pub confirm: Vec<ConfirmGround>,
    pub last_month: Month,
    /// 15-2: the fee of that month, in full.
    pub last_month_fee: Yen,
    /// 14-2: what remains of minimum terms.
    pub remaining_charge: Yen,
    /// Everything still to be invoiced up to the end, both of these included.
    pub to_invoice: Yen,
    pub tax: Yen,
    pub total: Yen,
}

/// Why a wish to stop could not be tried.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TrialError {
    /// An agreement of the contract cannot be laid over the law.
    #[error(transparent)]
    Law(#[from] LawError),
    #[error("the desired day is {0}")]
    Beyond(#[from] Beyond),
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

/// Lays a wish to stop on a copy of the case. `None` when the contract does not
/// run at that moment.
///
/// # Errors
/// A desired day that is past or further than [`bounds::WISHED_MONTHS`], an
/// agreement that cannot be laid over the law, or a caller who gave up waiting.
pub fn try_to_stop(
    law: &Law,
    case: &Case,
    id: &ContractId,
    desired: Option<Day>,
    at: Moment,
    caller: &Interrupt,
) -> Result<Option<StopTrial>, TrialError> {
    let state = unfold_for(caller, law, case, at)?.state;
    let Some(contract) = state.contracts.get(id) else { return Ok(None) };
    if contract.end.as_ref().is_some_and(|end| end.at <= at) {
        return Ok(None);
    }
    if let Some(day) = desired {
        bounds::wished(day, at.day(), contract.period.to)?;
    }
    let wish = Wish { law, case, id, contract, desired, at, caller };
    let open = state.receivables.values().map(|receivable| receivable.outstanding);
    Ok(Some(StopTrial {
        contract: id.clone(),
        asked_at: at,
        desired,
        cancellation: wish.cancelled()?,
        non_renewal: wish.not_extended()?,
        unpaid: open.sum(),
    }))
}

/// Who wishes to stop what, and when they said so.
struct Wish<'a> {
    law: &'a Law,
    case: &'a Case,
    id: &'a ContractId,
    contract: &'a ContractState,
    desired: Option<Day>,
    at: Moment,
    caller: &'a Interrupt,
}

impl Wish<'_> {
    /// 15-1: a form on the first channel that the operator admits, received today
    /// and answered by the receipt notice.
    fn cancelled(&self) -> Result<Option<StopResult>, TrialError> {
        let (id, at, desired) = (self.id, self.at, self.desired);
        let terms = self.law.effective(at, &self.contract.agreements)?;
        let Some(channel) = admitted(&terms.rules.cancel_channels) else { return Ok(None) };
        let mut known = self.case.clone();
        let form = CancellationForm { desired, signed_by: Sealed::row(""), signed_by_other: false };
        let (of, arrived_at) = (id.clone(), at);
        let arrived = Fact::CancellationFormArrived(CancellationFormArrived {
            contract: of,
            channel,
            arrived_at,
            form,
        });
        let wish = self.supposed("what-if-form", arrived);
        let input = wish.id.clone();
        known.register(&wish);
        let unfolded = unfold_for(self.caller, self.law, &known, at)?;
        let determined =
            unfolded.followed.into_iter().find_map(|followed| match followed.consequence {
                Consequence::CancellationDetermined(CancellationDetermined {
                    effective,
                    deemed,
                    confirm,
                    ..
                }) if followed.because.facts.contains(&input) => Some((effective, deemed, confirm)),
                _ => None,
            });
        let Some((effective, deemed, confirm)) = determined else { return Ok(None) };
        let of = id.clone();
        let notice = Fact::ReceiptNoticeSent(ReceiptNoticeSent {
            contract: of,
            effective,
            message_id: String::new(),
        });
        known.register(&self.supposed("what-if-notice", notice));
        let result = self.result(&known, effective)?;
        Ok(result.map(|result| StopResult { deemed, confirm, ..result }))
    }

    /// 13-1b: a statement received today against the first expiry for which it is
    /// in time and which does not come before the desired day.
    fn not_extended(&self) -> Result<Option<StopResult>, TrialError> {
        let (contract, desired, at) = (self.contract, self.desired, self.at);
        let (mut from, mut expiry) = (contract.period.from, contract.period.to);
        for _ in 0..HORIZON {
            self.caller.check()?;
            let terms = self.law.effective(Moment::start_of(from), &contract.agreements)?;
            let limit = renewal_limit(&terms, expiry);
            let wanted = desired.is_none_or(|day| day <= expiry);
            let ends_by_itself = terms.rules.extension_months == 0;
            if ends_by_itself || (wanted && in_time(limit, Some(at))) {
                let mut known = self.case.clone();
                let statement = Statement {
                    by: Side::Customer,
                    channel: Channel::Other,
                    sent_at: at,
                    arrived_at: Some(at),
                    against: spoken_against(desired, expiry),
                };
                let stated = Fact::NonRenewalStated(NonRenewalStated {
                    contract: self.id.clone(),
                    statement,
                });
                known.register(&self.supposed("what-if-statement", stated));
                let result = self.result(&known, expiry)?;
                // Of a contract that ends before by something else, no limit is told.
                let limit_of =
                    |result: &StopResult| (result.ends_on == expiry).then_some(limit.latest_day);
                return Ok(result.map(|result| StopResult { limit: limit_of(&result), ..result }));
            }
            (from, expiry) = extension(&terms, expiry);
        }
        Ok(None)
    }

    /// Where the contract stands when the day is over, and what is then invoiced.
    fn result(&self, known: &Case, last: Day) -> Result<Option<StopResult>, TrialError> {
        let next_day = Period::days(last, 2).last_day();
        let until = Moment::start_of(next_day);
        let state = unfold_for(self.caller, self.law, known, until)?.state;
        let mut state = Arc::unwrap_or_clone(state);
        let end = state.contracts.get(self.id).and_then(|contract| contract.end.clone());
        let Some(end) = end.filter(|end| end.on <= last) else { return Ok(None) };
        only(&mut state, self.id);
        let month = Month::of(end.on);
        let billed = self.billed(&mut state, end.on)?;
        let lines = || billed.iter().flat_map(|invoice| &invoice.lines);
        let charged = state.receivables.values().flat_map(|receivable| &receivable.invoice.lines);
        let last_month_fee = charged
            .filter(|line| line.charge.key.kind == ChargeKind::MonthlyFee)
            .filter(|line| line.charge.key.month == month)
            .map(|line| line.amount)
            .sum();
        let remaining = lines().filter(|line| line.charge.key.kind == ChargeKind::EarlyTermination);
        let groups = || billed.iter().flat_map(|invoice| &invoice.tax_groups);
        Ok(Some(StopResult {
            ends_on: end.on,
            deemed: false,
            limit: None,
            confirm: Vec::new(),
            last_month: month,
            last_month_fee,
            remaining_charge: remaining.map(|line| line.amount).sum(),
            to_invoice: groups().map(|group| group.taxable).sum(),
            tax: groups().map(|group| group.tax).sum(),
            total: billed.iter().map(|invoice| invoice.total).sum(),
        }))
    }

    /// What is invoiced from the month before the wish until the contract is over: a
    /// run for each month, dated when it is over, since tax is rounded invoice by
    /// invoice (27-1). What a run issues counts as charged in the next.
    fn billed(&self, state: &mut AccountState, ends_on: Day) -> Result<Vec<Invoice>, TrialError> {
        let (first, last) = (Month::of(self.at.day()).plus(-1), Month::of(ends_on));
        let mut issued = Vec::new();
        for month in first.up_to(last) {
            self.caller.check()?;
            let over = if month == last { ends_on } else { month.last_day() };
            let issued_on = Period::days(over, 2).last_day();
            let run = Run { id: format!("what-if-{month}"), month, issued_on };
            for mut invoice in draft(self.law, &self.case.account, state, &run)?.invoices {
                invoice.number = format!("what-if-{}", issued.len());
                state.receivables.insert(invoice.number.clone(), supposed_paid(&invoice));
                issued.push(invoice);
            }
        }
        Ok(issued)
    }

    fn supposed(&self, id: &str, fact: Fact) -> Input {
        Input {
            id: InputId::from(id),
            account: self.case.account.clone(),
            occurred_at: self.at,
            known_at: self.at,
            actor: Actor::new("what-if", Role::System),
            source: "what-if".to_owned(),
            evidence: Vec::new(),
            edition: editions::PRESENT,
            content: Content::Fact(fact),
        }
    }
}

/// The expiry that a statement with a desired day names; without one it holds for
/// the next expiry that it is in time for.
pub fn spoken_against(desired: Option<Day>, expiry: Day) -> Option<Day> {
    desired.map(|_| expiry)
}

/// An invoice that is paid in time, so that no interest comes of it.
fn supposed_paid(invoice: &Invoice) -> Receivable {
    Receivable {
        total: invoice.total,
        credited: Yen::ZERO,
        outstanding: Yen::ZERO,
        due: invoice.due,
        paid_on: None,
        late_interest: Yen::ZERO,
        taken_over: None,
        invoice: Arc::new(invoice.clone()),
        issued_by: InputId::from("what-if"),
        payments: Vec::new(),
        credits: Vec::new(),
        settled_at: None,
        interest: None,
    }
}

/// Leaves of the account what concerns this contract.
fn only(state: &mut AccountState, id: &ContractId) {
    state.contracts.retain(|contract, _| contract == id);
    state.usage.retain(|(_, _, total)| total.contract == *id);
    state.receivables.retain(|receivable| {
        let invoice = Arc::make_mut(&mut receivable.invoice);
        invoice.lines.retain(|line| line.charge.key.contract == *id);
        !invoice.lines.is_empty()
    });
}

/// The channel to be tried: paper where it is admitted, else the first.
fn admitted(channels: &[String]) -> Option<Channel> {
    let read = |name: &String| serde_json::from_value(serde_json::json!(name)).ok();
    let mut known = channels.iter().filter_map(read);
    if Channel::Paper.is_among(channels) { Some(Channel::Paper) } else { known.next() }
}
