//! Articles 14-2, 23, 24, 26 and 9-9: what should be charged, what was charged,
//! and the drafts of the difference. Running twice drafts nothing.

mod closing;
mod crediting;
mod drafting;

use std::collections::{BTreeMap, BTreeSet};

use reckon::{Day, Decimal, Moment, Month, Yen};
use terms::{Law, LawError};

use crate::application::form::DueRule;
use crate::declare::ids::{AccountId, ContractId};
use crate::declare::reason::Because;
use crate::ending::ended::Ended;
use crate::money::amendment_costs::{COST_RECOVERY, Costs};
use crate::money::fees::{
    ChargedBefore, FEE_WHILE_STOPPED, LAST_MONTH_FEE, MONTHLY_FEE, Product, USAGE_FEE,
};
use crate::money::held_back::HeldBack;
use crate::money::invoice::{Charge, ChargeKey, ChargeKind, Invoice, InvoiceKind, InvoiceLine};
use crate::money::waiver::Waived;
use crate::road::decide::CORRECTION;
use crate::road::unfold::{AccountState, AmendmentCosts, ContractState, LineState, Removal};
use crate::service::minimum_term::{
    EARLY_TERMINATION, LeftEarly, remaining_charge, remaining_charge_applies,
};
use crate::service::removal::{LINE_REMOVAL, RemovalAgreed};

pub(crate) use closing::on_cancellation;
pub use crediting::credit_notes;

/// Which months a billing run covers, and when its invoices are dated.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub id: String,
    /// The last service month that it charges.
    pub month: Month,
    pub issued_on: Day,
}

/// What a run drafts for one account, and what it could not price.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drafts {
    /// Without numbers, sorted by draft id.
    pub invoices: Vec<Invoice>,
    /// Charges without a price, and credits that wait for a later invoice.
    pub held_back: Vec<HeldBack>,
}

/// Drafts the invoices of one account: what should be charged up to the month
/// of the run, less what was charged.
///
/// # Errors
/// When an agreement of a contract cannot be laid over the law.
pub fn draft(
    law: &Law,
    account: &AccountId,
    state: &AccountState,
    run: &Run,
) -> Result<Drafts, LawError> {
    let OpenLines { lines, held_back } = open_lines(law, state, run)?;
    let mut drafts = Drafts { held_back, ..Drafts::default() };
    let mut groups: BTreeMap<Group, Vec<InvoiceLine>> = BTreeMap::new();
    for line in lines {
        let (kind, contract) = (line.charge.key.kind, &line.charge.key.contract);
        groups.entry(group_of(state, kind, contract, run.issued_on)).or_default().push(line);
    }
    for (group, lines) in groups {
        let total: Yen = lines.iter().map(|line| line.amount).sum();
        if !total.is_positive() {
            drafts.held_back.push(HeldBack::Credit { amount: -total });
            continue;
        }
        drafts.invoices.push(drafting::invoice(law, account, state, run, &group, lines)?);
    }
    drafts.invoices.sort_by(|a, b| a.draft.cmp(&b.draft));
    Ok(drafts)
}

/// What should be charged less what was charged, as lines, and what could not be
/// priced. Lines may be negative.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenLines {
    pub lines: Vec<InvoiceLine>,
    pub held_back: Vec<HeldBack>,
}

/// The lines of which a run makes its drafts.
///
/// # Errors
/// As [`draft`].
pub fn open_lines(law: &Law, state: &AccountState, run: &Run) -> Result<OpenLines, LawError> {
    let (mut held_back, mut open) = (Vec::new(), BTreeSet::new());
    let should = should_be_charged(law, state, run, &mut held_back, &mut open)?;
    let lines = difference(should, state, |key| key.month > run.month || open.contains(key));
    Ok(OpenLines { lines, held_back })
}

/// The charges that should be made under these keys.
///
/// # Errors
/// As [`draft`].
pub fn charges_of(
    law: &Law,
    state: &AccountState,
    run: &Run,
    is: impl Fn(&ChargeKey) -> bool,
) -> Result<Vec<Charge>, LawError> {
    let mut should = should_be_charged(law, state, run, &mut Vec::new(), &mut BTreeSet::new())?;
    should.retain(|charge| is(&charge.key));
    Ok(should)
}

/// What the terms charge for one service month.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfMonth {
    pub charges: Vec<Charge>,
    /// One rounding down for each invoice and rate (27-1).
    pub tax: Yen,
    /// What has no price.
    pub unpriced: Vec<HeldBack>,
}

/// What the terms charge for a service month, also where an earlier book charged
/// it and whatever was invoiced already: for comparing both ways.
///
/// # Errors
/// As [`draft`].
pub fn of_month(law: &Law, state: &AccountState, month: Month) -> Result<OfMonth, LawError> {
    let mut state = state.clone();
    for contract in state.contracts.values_mut() {
        contract.make_mut().taken_over = None;
    }
    let run = Run { id: String::new(), month, issued_on: month.plus(1).first_day() };
    let mut found = OfMonth::default();
    let charges = should_be_charged(law, &state, &run, &mut found.unpriced, &mut BTreeSet::new())?;
    found.charges = charges
        .into_iter()
        .filter(|charge| charge.key.month == month && !charge.amount.is_zero())
        .collect();
    let mut groups: BTreeMap<Group, Vec<InvoiceLine>> = BTreeMap::new();
    for (number, charge) in (1..).zip(found.charges.iter().cloned()) {
        let (kind, contract) = (charge.key.kind, &charge.key.contract);
        let group = group_of(&state, kind, contract, run.issued_on);
        let amount = charge.amount;
        let line = InvoiceLine { number, charge, charged_before: Yen::ZERO, amount };
        groups.entry(group).or_default().push(line);
    }
    found.tax = groups.values().map(|lines| drafting::tax(law, lines)).sum();
    Ok(found)
}

/// Lines of one group stand on one invoice.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    kind: InvoiceKind,
    due: DueRule,
    /// The contract whose invoices have an addressee of their own.
    apart: Option<ContractId>,
}

pub(crate) fn group_of(
    state: &AccountState,
    kind: ChargeKind,
    contract: &ContractId,
    issued_on: Day,
) -> Group {
    let own = state.parties.own_bill_to(contract, issued_on);
    Group {
        kind: kind.invoice_kind(),
        due: due_rule(state, contract),
        apart: own.is_some().then(|| contract.clone()),
    }
}

fn due_rule(state: &AccountState, contract: &ContractId) -> DueRule {
    state
        .contracts
        .get(contract)
        .map_or(DueRule { months_after: 1, day: None }, |c| c.form.payment.due)
}

/// Everything that the contracts of an account owe up to the month of the run.
fn should_be_charged(
    law: &Law,
    state: &AccountState,
    run: &Run,
    held_back: &mut Vec<HeldBack>,
    open: &mut BTreeSet<ChargeKey>,
) -> Result<Vec<Charge>, LawError> {
    let mut charges = Vec::new();
    for (id, contract) in &state.contracts {
        for line in &contract.lines {
            for charge in line_charges(law, id, contract, line, run)? {
                match charge {
                    Ok(charge) => charges.push(charge),
                    Err((key, unpriced)) => {
                        let contract = id.clone();
                        let (line, why) = (line.number, unpriced);
                        held_back.push(HeldBack::Unpriced { contract, line, why });
                        open.insert(key);
                    }
                }
            }
        }
        charges.extend(cost_recovery(id, contract, run));
        charges.extend(amendment_costs(id, contract, run));
    }
    for usage in usage_charges(law, state, run) {
        match usage {
            Ok(charge) => charges.push(charge),
            Err((key, unpriced)) => {
                let (contract, line) = (key.contract.clone(), key.line);
                held_back.push(HeldBack::Unpriced { contract, line, why: unpriced });
                open.insert(key);
            }
        }
    }
    charges.extend(state.receivables.iter().filter_map(|(number, receivable)| {
        let owed = receivable.interest.as_ref()?;
        let contract = receivable.invoice.contracts().first().map(|id| (*id).clone())?;
        Some(late_interest_charge(number, contract, owed))
    }));
    waive(state, &mut charges);
    Ok(charges)
}

/// The first service month that is charged here: what was taken over has been
/// charged up to the month before by the earlier book.
fn first_month(contract: &ContractState) -> Month {
    contract.taken_over.as_ref().map_or(Month::of(Day::MIN), |taken| taken.charge_from)
}

/// What a person waived with approval is not asked for; never more than the charge.
fn waive(state: &AccountState, charges: &mut [Charge]) {
    for waiver in &state.waivers {
        let key = |charge: &&mut Charge| {
            let key = &charge.key;
            key.kind == waiver.kind
                && key.contract == waiver.contract
                && key.line == waiver.line
                && key.month == waiver.month
        };
        // The usage of a line may stand in several charges.
        let mut left = waiver.amount;
        for charge in charges.iter_mut().filter(key) {
            if left.is_zero() {
                break;
            }
            let waived = left.min(charge.amount);
            left -= waived;
            charge.amount -= waived;
            let because = charge.because.clone().fact(&waiver.fact);
            let before = because.read().map_or(Yen::ZERO, |before: Waived| before.waived);
            charge.because = because.with(Waived { waived: before + waived });
        }
    }
}

type Priced = Result<Charge, (ChargeKey, rating::Unpriced)>;

/// The monthly fees of a line, and what it owes for leaving early.
fn line_charges(
    law: &Law,
    id: &ContractId,
    contract: &ContractState,
    line: &LineState,
    run: &Run,
) -> Result<Vec<Priced>, LawError> {
    let Some(started) = line.started_on else { return Ok(Vec::new()) };
    if is_metered(law, line) {
        return Ok(Vec::new());
    }
    let ends = [contract.end.as_ref().map(|end| end.on), line.removal.as_ref().map(|r| r.last_day)];
    let ends = ends.into_iter().flatten().map(Month::of);
    let last = ends.chain([run.month]).min().unwrap_or(run.month);
    let mut charges = Vec::new();
    for month in Month::of(started).max(first_month(contract)).up_to(last) {
        charges.push(monthly_fee(law, id, contract, line, month)?);
    }
    match &line.removal {
        Some(removal) => charges.extend(removed_line(id, line, removal, run).map(Ok)),
        None => charges.extend(early_termination(law, id, contract, line, run)?),
    }
    Ok(charges)
}

fn is_metered(law: &Law, line: &LineState) -> bool {
    law.prices.item(&line.item).is_some_and(|item| item.kind == terms::PriceKind::Metered)
}

/// 14-2 as the change contract that removed a line agreed on it, once it is over.
fn removed_line(id: &ContractId, line: &LineState, removal: &Removal, run: &Run) -> Option<Charge> {
    if removal.last_day > run.issued_on || !removal.residual.is_positive() {
        return None;
    }
    let key = ChargeKey {
        kind: ChargeKind::EarlyTermination,
        contract: id.clone(),
        line: line.number,
        item: line.item.clone(),
        resource: String::new(),
        month: Month::of(removal.last_day),
    };
    let because = Because::of(&LINE_REMOVAL)
        .fact(&removal.fact)
        .facts(&line.started_by)
        .with(RemovalAgreed { last_day: removal.last_day, residual: removal.residual });
    Some(lump_sum(key, "明細の削除に伴う残余分", removal.residual, Some(run.issued_on), because))
}

/// 24-1: the fee of a whole month, also of the last (15-2) and of a month in
/// which the service was suspended (24-3).
fn monthly_fee(
    law: &Law,
    id: &ContractId,
    contract: &ContractState,
    line: &LineState,
    month: Month,
) -> Result<Priced, LawError> {
    let terms = law.effective(Moment::start_of(month.first_day()), &contract.agreements)?;
    let version = line.at(month.first_day());
    let quantity = Decimal::whole(i64::from(version.quantity));
    let rated =
        rating::rate(&law.prices, &line.item, month, quantity, version.agreed_fee, line.started_on);
    let is_last = contract.end.as_ref().is_some_and(|end| Month::of(end.on) == month);
    let (from, to) = (Moment::start_of(month.first_day()), Moment::end_of(month.last_day()));
    let stop =
        contract.stops.iter().find(|stop| stop.from <= to && stop.to.is_none_or(|end| end >= from));
    let mut because = match (is_last, stop) {
        (true, _) => Because::of(&LAST_MONTH_FEE),
        (false, Some(stop)) => Because::of(&FEE_WHILE_STOPPED).fact(&stop.fact),
        (false, None) => Because::of(&MONTHLY_FEE),
    };
    because = because.facts(&line.started_by).fact(&version.fact).under(&terms);
    if let Some(end) = contract.end.as_ref().filter(|_| is_last) {
        because = because.facts(&end.facts).with(Ended { ended_on: end.on });
    }
    if version.agreed_fee.is_some() {
        because.agreements.insert("fee".to_owned(), version.fact.to_string());
    }
    let key = ChargeKey {
        kind: ChargeKind::MonthlyFee,
        contract: id.clone(),
        line: line.number,
        item: line.item.clone(),
        resource: String::new(),
        month,
    };
    Ok(match rated {
        Ok(rated) => Ok(charge(key, rated, Some(month.last_day()), because)),
        Err(unpriced) => Err((key, unpriced)),
    })
}

fn charge(
    key: ChargeKey,
    rated: rating::Rated,
    tax_point: Option<Day>,
    because: Because,
) -> Charge {
    let because = because.with(Product::of(&rated));
    Charge {
        key,
        name: rated.name,
        quantity: rated.quantity,
        unit: rated.unit,
        unit_price: rated.unit_price,
        amount: rated.amount,
        tax_point,
        because,
    }
}

/// 14-2, once the contract has been cancelled within the minimum term.
fn early_termination(
    law: &Law,
    id: &ContractId,
    contract: &ContractState,
    line: &LineState,
    run: &Run,
) -> Result<Option<Priced>, LawError> {
    let (Some(end), Some(term)) = (&contract.end, line.minimum_term) else { return Ok(None) };
    let over = end.on <= run.issued_on;
    let month = Month::of(end.on);
    if !over || !remaining_charge_applies(end.cause) || month < first_month(contract) {
        return Ok(None);
    }
    let key = ChargeKey {
        kind: ChargeKind::EarlyTermination,
        contract: id.clone(),
        line: line.number,
        item: line.item.clone(),
        resource: String::new(),
        month,
    };
    let version = line.at(month.first_day());
    let quantity = Decimal::whole(i64::from(version.quantity));
    let monthly = rating::rate(&law.prices, &line.item, month, quantity, version.agreed_fee, None);
    let mut monthly = match monthly {
        Ok(monthly) => monthly,
        Err(unpriced) => return Ok(Some(Err((key, unpriced)))),
    };
    let terms = law.effective(Moment::start_of(end.on), &contract.agreements)?;
    let remaining = remaining_charge(&terms, end.on, term.to, monthly.amount);
    if !remaining.amount.is_positive() {
        return Ok(None);
    }
    let monthly_fee = monthly.amount;
    monthly.unit_price = Decimal::whole(monthly.amount.0);
    monthly.quantity = Decimal::whole(remaining.whole_months);
    // Months of the fee are counted here, not what the item is sold by.
    monthly.unit = "month".to_owned();
    monthly.amount = remaining.amount;
    let because = Because::of(&EARLY_TERMINATION)
        .facts(&end.facts)
        .facts(&line.started_by)
        .with(LeftEarly {
            cancelled_on: end.on,
            minimum_term_to: term.to,
            monthly_fee,
            months: remaining.whole_months,
            product: Product::of(&monthly),
        })
        .under(&terms);
    Ok(Some(Ok(charge(key, monthly, Some(run.issued_on), because))))
}

fn cost_recovery(id: &ContractId, contract: &ContractState, run: &Run) -> Option<Charge> {
    let (fact, costs) = contract.withdrawal_costs.as_ref()?;
    let amount: Yen = costs.iter().copied().sum();
    let month = Month::of(contract.end.as_ref()?.on);
    let key = ChargeKey {
        kind: ChargeKind::CostRecovery,
        contract: id.clone(),
        line: 0,
        item: "COST-RECOVERY".to_owned(),
        resource: String::new(),
        month,
    };
    let because = Because::of(&COST_RECOVERY).fact(fact).with(Costs { costs: costs.clone() });
    Some(lump_sum(key, "準備・作業調整費用", amount, Some(run.issued_on), because))
}

/// 9-9: the costs of each amendment, once in one sum.
fn amendment_costs(id: &ContractId, contract: &ContractState, run: &Run) -> Vec<Charge> {
    let charge = |amendment: &AmendmentCosts| {
        let key = ChargeKey {
            kind: ChargeKind::CostRecovery,
            contract: id.clone(),
            line: 0,
            item: "COST-RECOVERY".to_owned(),
            resource: amendment.fact.to_string(),
            month: Month::of(amendment.approved_on),
        };
        let amount = amendment.costs.iter().copied().sum();
        let because = Because::of(&COST_RECOVERY)
            .fact(&amendment.fact)
            .fact(&amendment.application)
            .with(Costs { costs: amendment.costs.clone() });
        lump_sum(key, "準備・作業調整費用（変更）", amount, Some(run.issued_on), because)
    };
    contract.amendment_costs.iter().map(charge).collect()
}

fn late_interest_charge(
    number: &str,
    contract: ContractId,
    owed: &crate::road::unfold::InterestOwed,
) -> Charge {
    let key = ChargeKey {
        kind: ChargeKind::LateInterest,
        contract,
        line: 0,
        item: "LATE-INTEREST".to_owned(),
        resource: number.to_owned(),
        month: Month::of(owed.paid_on),
    };
    lump_sum(key, &format!("延滞利息（{number}）"), owed.amount, None, owed.because.clone())
}

fn lump_sum(
    key: ChargeKey,
    name: &str,
    amount: Yen,
    tax_point: Option<Day>,
    because: Because,
) -> Charge {
    Charge {
        key,
        name: name.to_owned(),
        quantity: Decimal::whole(1),
        unit: "式".to_owned(),
        unit_price: Decimal::whole(amount.0),
        amount,
        tax_point,
        because,
    }
}

/// 23-1: quantities of every import together, so that late ones only add.
fn usage_charges(law: &Law, state: &AccountState, run: &Run) -> Vec<Priced> {
    let mut sums: BTreeMap<ChargeKey, (Decimal, Because)> = BTreeMap::new();
    for (fact, _, total) in &state.usage {
        let Some(contract) = state.contracts.get(&total.contract) else { continue };
        if total.month > run.month || total.month < first_month(contract) {
            continue;
        }
        let key = ChargeKey {
            kind: ChargeKind::Usage,
            contract: total.contract.clone(),
            line: total.line,
            item: total.item.clone(),
            resource: total.resource.clone(),
            month: total.month,
        };
        let sum = sums.entry(key).or_insert((Decimal::whole(0), Because::of(&USAGE_FEE)));
        sum.0 = sum.0 + total.quantity;
        sum.1 = sum.1.clone().fact(fact);
    }
    let priced = sums.into_iter().map(|(key, (quantity, because))| {
        let tax_point = key.month.last_day();
        match rating::rate(&law.prices, &key.item, key.month, quantity, None, None) {
            Ok(rated) => Ok(charge(key, rated, Some(tax_point), because)),
            Err(unpriced) => Err((key, unpriced)),
        }
    });
    priced.collect()
}

/// What should be charged less what was charged, key by key; a charge that no
/// longer follows comes back as a negative line, unless it stays `open`: a month
/// after the run, or a charge whose price is missing.
fn difference(
    should: Vec<Charge>,
    state: &AccountState,
    open: impl Fn(&ChargeKey) -> bool,
) -> Vec<InvoiceLine> {
    let mut charged: BTreeMap<ChargeKey, (Yen, Charge)> = BTreeMap::new();
    // What an earlier book issued says nothing of what was charged here.
    let issued = state.receivables.values().filter(|r| r.taken_over.is_none());
    let notes = state.credit_notes.values().flat_map(|note| &note.lines);
    for line in issued.flat_map(|r| &r.invoice.lines).chain(notes) {
        let key = line.charge.key.clone();
        let before = charged.entry(key).or_insert_with(|| (Yen::ZERO, line.charge.clone()));
        before.0 += line.amount;
    }
    let mut by_key: BTreeMap<ChargeKey, Charge> =
        should.into_iter().map(|charge| (charge.key.clone(), charge)).collect();
    for (key, (_, earlier)) in charged.iter().filter(|(key, _)| !open(key)) {
        by_key.entry(key.clone()).or_insert_with(|| Charge {
            amount: Yen::ZERO,
            because: Because::of(&CORRECTION).facts(&earlier.because.facts),
            ..earlier.clone()
        });
    }
    let mut lines = Vec::new();
    for (key, mut charge) in by_key {
        let charged_before = charged.get(&key).map_or(Yen::ZERO, |(amount, _)| *amount);
        let amount = charge.amount - charged_before;
        if !amount.is_zero() {
            if !charged_before.is_zero() {
                charge.because = charge.because.with(ChargedBefore { charged_before });
            }
            let number = lines.len() as u32 + 1;
            lines.push(InvoiceLine { number, charge, charged_before, amount });
        }
    }
    lines
}
