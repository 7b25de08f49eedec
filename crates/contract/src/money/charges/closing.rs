//! What a cancellation on a day costs, as the runs after it will charge it: the
//! fee of the last month (15-2) and what remains of minimum terms (14-2).

use reckon::{Day, Month, Yen};
use terms::{Law, LawError};

use super::{Run, early_termination, first_month, is_metered, monthly_fee};
use crate::declare::ids::ContractId;
use crate::road::stated::Charged;
use crate::road::unfold::{ContractState, EndState};
use crate::service::minimum_term::EndCause;

/// Both charges of one contract, each with its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closing {
    pub last_month: Charged,
    pub remaining: Option<Charged>,
}

/// The charges of a contract if the customer's cancellation ends it on this day.
/// Lines that a change contract has removed are charged as it says (9-7), so of
/// them only a fee up to their own last month is among these.
pub(crate) fn on_cancellation(
    law: &Law,
    id: &ContractId,
    contract: &ContractState,
    on: Day,
) -> Result<Closing, LawError> {
    let mut contract = contract.clone();
    let at = reckon::Moment::end_of(on);
    let cause = EndCause::CustomerCancellation;
    contract.end = Some(EndState { on, cause, at, facts: Vec::new() });
    let month = Month::of(on);
    let run = Run { id: String::new(), month, issued_on: on };
    let (mut fees, mut remaining) = (Vec::new(), Vec::new());
    for line in &contract.lines {
        let runs = line.started_on.is_some_and(|day| Month::of(day) <= month);
        if !runs || is_metered(law, line) {
            continue;
        }
        let last = line.removal.as_ref().map(|removal| Month::of(removal.last_day));
        if month >= first_month(&contract) && last.is_none_or(|last| month <= last) {
            fees.extend(monthly_fee(law, id, &contract, line, month)?.ok());
        }
        if line.removal.is_none() {
            let charge = early_termination(law, id, &contract, line, &run)?;
            remaining.extend(charge.and_then(Result::ok));
        }
    }
    let sum = |charges: &[super::Charge]| charges.iter().map(|charge| charge.amount).sum();
    let taxed = |net: Yen, day: Day| {
        let tax = law.tax.at(day).map_or(Yen::ZERO, |rate| rate.on(net));
        Charged { net, tax }
    };
    Ok(Closing {
        last_month: taxed(sum(&fees), month.last_day()),
        remaining: (!remaining.is_empty()).then(|| taxed(sum(&remaining), on)),
    })
}
