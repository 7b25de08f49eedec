//! What a wish to stop would come to, by both roads: cancellation (15-1) and no
//! further extension (13-1b). Nothing is registered: the wish is laid on a copy of
//! the case, and the same rules look at it.

use reckon::{Day, Moment, Month, Period, Yen};
use schemars::JsonSchema;
use serde::Serialize;
use terms::{Law, LawError};

use crate::act::Actor;
use crate::case::Case;
use crate::charges::{Run, draft};
use crate::consequence::{ConfirmGround, Consequence};
use crate::fact::Fact;
use crate::form::CancellationForm;
use crate::ids::{ContractId, InputId};
use crate::invoice::{ChargeKind, Invoice};
use crate::notice::Channel;
use crate::roles::Role;
use crate::stream::{Content, Input};
use crate::unfold::{AccountState, ContractState, Receivable, unfold};
use crate::use_period::{Side, Statement, extension, in_time, renewal_limit};

/// Months that are looked ahead for an expiry.
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

/// Lays a wish to stop on a copy of the case. `None` when the contract does not
/// run at that moment.
///
/// # Errors
/// When an agreement of the contract cannot be laid over the law.
pub fn try_to_stop(
    law: &Law,
    case: &Case,
    id: &ContractId,
    desired: Option<Day>,
    at: Moment,
) -> Result<Option<StopTrial>, LawError> {
    let state = unfold(law, case, at).state;
    let Some(contract) = state.contracts.get(id) else { return Ok(None) };
    if contract.end.as_ref().is_some_and(|end| end.at <= at) {
        return Ok(None);
    }
    let open = state.receivables.values().map(|receivable| receivable.outstanding);
    Ok(Some(StopTrial {
        contract: id.clone(),
        asked_at: at,
        desired,
        cancellation: cancelled(law, case, (id, contract), desired, at)?,
        non_renewal: not_extended(law, case, (id, contract), desired, at)?,
        unpaid: open.sum(),
    }))
}

/// 15-1: a form on the first channel that the operator admits, received today and
/// answered by the receipt notice.
fn cancelled(
    law: &Law,
    case: &Case,
    (id, contract): (&ContractId, &ContractState),
    desired: Option<Day>,
    at: Moment,
) -> Result<Option<StopResult>, LawError> {
    let terms = law.effective(at, &contract.agreements)?;
    let Some(channel) = admitted(&terms.rules.cancel_channels) else { return Ok(None) };
    let mut known = case.clone();
    let form = CancellationForm { desired, signed_by: String::new(), signed_by_other: false };
    let (of, arrived_at) = (id.clone(), at);
    let arrived = Fact::CancellationFormArrived { contract: of, channel, arrived_at, form };
    let wish = supposed(case, "what-if-form", arrived, at);
    let input = wish.id.clone();
    known.register(&wish);
    let determined =
        unfold(law, &known, at).followed.into_iter().find_map(|followed| {
            match followed.consequence {
                Consequence::CancellationDetermined { effective, deemed, confirm, .. }
                    if followed.because.facts.contains(&input) =>
                {
                    Some((effective, deemed, confirm))
                }
                _ => None,
            }
        });
    let Some((effective, deemed, confirm)) = determined else { return Ok(None) };
    let of = id.clone();
    let notice = Fact::ReceiptNoticeSent { contract: of, effective, message_id: String::new() };
    known.register(&supposed(case, "what-if-notice", notice, at));
    let result = result(law, &known, id, (effective, at))?;
    Ok(result.map(|result| StopResult { deemed, confirm, ..result }))
}

/// 13-1b: a statement received today against the first expiry for which it is in
/// time and which does not come before the desired day.
fn not_extended(
    law: &Law,
    case: &Case,
    (id, contract): (&ContractId, &ContractState),
    desired: Option<Day>,
    at: Moment,
) -> Result<Option<StopResult>, LawError> {
    let (mut from, mut expiry) = (contract.period.from, contract.period.to);
    for _ in 0..HORIZON {
        let terms = law.effective(Moment::start_of(from), &contract.agreements)?;
        let limit = renewal_limit(&terms, expiry);
        let wanted = desired.is_none_or(|day| day <= expiry);
        let ends_by_itself = terms.rules.extension_months == 0;
        if ends_by_itself || (wanted && in_time(limit, Some(at))) {
            let mut known = case.clone();
            let statement = Statement {
                by: Side::Customer,
                channel: Channel::Other,
                sent_at: at,
                arrived_at: Some(at),
                against: spoken_against(desired, expiry),
            };
            let stated = Fact::NonRenewalStated { contract: id.clone(), statement };
            known.register(&supposed(case, "what-if-statement", stated, at));
            let result = result(law, &known, id, (expiry, at))?;
            // Of a contract that ends before by something else, no limit is told.
            let limit_of =
                |result: &StopResult| (result.ends_on == expiry).then_some(limit.latest_day);
            return Ok(result.map(|result| StopResult { limit: limit_of(&result), ..result }));
        }
        (from, expiry) = extension(&terms, expiry);
    }
    Ok(None)
}

/// The expiry that a statement with a desired day names; without one it holds for
/// the next expiry that it is in time for.
pub fn spoken_against(desired: Option<Day>, expiry: Day) -> Option<Day> {
    desired.map(|_| expiry)
}

/// Where the contract stands when the day is over, and what is then invoiced.
fn result(
    law: &Law,
    known: &Case,
    id: &ContractId,
    (last, at): (Day, Moment),
) -> Result<Option<StopResult>, LawError> {
    let next_day = Period::days(last, 2).last_day();
    let mut state = unfold(law, known, Moment::start_of(next_day)).state;
    let end = state.contracts.get(id).and_then(|contract| contract.end.clone());
    let Some(end) = end.filter(|end| end.on <= last) else { return Ok(None) };
    only(&mut state, id);
    let month = Month::of(end.on);
    let billed = billed(law, known, &mut state, (Month::of(at.day()).plus(-1), end.on))?;
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

/// What is invoiced from a month on until the contract is over: a run for each
/// month, dated when it is over, since tax is rounded invoice by invoice (27-1).
/// What a run issues counts as charged in the next.
fn billed(
    law: &Law,
    known: &Case,
    state: &mut AccountState,
    (first, ends_on): (Month, Day),
) -> Result<Vec<Invoice>, LawError> {
    let last = Month::of(ends_on);
    let mut issued = Vec::new();
    for month in first.up_to(last) {
        let over = if month == last { ends_on } else { month.last_day() };
        let issued_on = Period::days(over, 2).last_day();
        let run = Run { id: format!("what-if-{month}"), month, issued_on };
        for mut invoice in draft(law, &known.account, state, &run)?.invoices {
            invoice.number = format!("what-if-{}", issued.len());
            state.receivables.insert(invoice.number.clone(), supposed_paid(&invoice));
            issued.push(invoice);
        }
    }
    Ok(issued)
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
        invoice: invoice.clone(),
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
    for receivable in state.receivables.values_mut() {
        receivable.invoice.lines.retain(|line| line.charge.key.contract == *id);
    }
    state.receivables.retain(|_, receivable| !receivable.invoice.lines.is_empty());
}

/// The channel to be tried: paper where it is admitted, else the first.
fn admitted(channels: &[String]) -> Option<Channel> {
    let read = |name: &String| serde_json::from_value(serde_json::json!(name)).ok();
    let mut known = channels.iter().filter_map(read);
    if Channel::Paper.is_among(channels) { Some(Channel::Paper) } else { known.next() }
}

fn supposed(case: &Case, id: &str, fact: Fact, at: Moment) -> Input {
    Input {
        id: InputId::from(id),
        account: case.account.clone(),
        occurred_at: at,
        known_at: at,
        actor: Actor::new("what-if", Role::System),
        source: "what-if".to_owned(),
        evidence: Vec::new(),
        content: Content::Fact(fact),
    }
}
