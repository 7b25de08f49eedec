//! Articles 14-2, 15-1 and 15-2 for one line: the terms on which a line can end
//! while its contract goes on. The terms text knows the end of a contract only;
//! for a line both sides agree on a change contract (9-7), and these are the
//! terms that the same articles would give.

use reckon::Decimal;
use terms::Law;

use crate::declare::prelude::*;
use crate::ending::cancellation;
use crate::road::unfold::{ContractState, LineState};
use crate::service::minimum_term::remaining_charge;

pub(crate) const LINE_REMOVAL: Rule =
    Rule::new("line_removal", 1, "明細の削除", "removal of a line")
        .clauses(&["14-2", "9-7"])
        .readings(&["A-19", "A-21"]);

#[derive(Serialize)]
pub(crate) struct RemovalAgreed {
    pub last_day: Day,
    pub residual: Yen,
}

/// What ending one line comes to, shown before the change is applied for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RemovalTerms {
    pub line: u32,
    pub item: String,
    pub asked_on: Day,
    pub desired: Option<Day>,
    /// Business days of notice (15-1), and the first day that leaves them.
    pub notice_bd: u32,
    pub earliest: Day,
    /// The desired day, or the earliest one in its place.
    pub last_day: Day,
    pub deemed: bool,
    /// Its fee is owed in full (15-2).
    pub last_month: Month,
    pub monthly_fee: Yen,
    pub minimum_term_to: Option<Day>,
    /// Months of the minimum term after the last month, and their fee without
    /// tax (14-2).
    pub residual_months: i64,
    pub residual: Yen,
    /// Tax on the residual at the last day.
    pub residual_tax: Yen,
}

/// The terms for a line that somebody asks on a day to end; none when the line
/// has no fixed price.
///
/// # Errors
/// When an agreement of the contract cannot be laid over the law.
pub fn removal_terms(
    law: &Law,
    contract: &ContractState,
    line: &LineState,
    asked_on: Day,
    desired: Option<Day>,
) -> Result<Option<RemovalTerms>, LawError> {
    let terms = law.effective(reckon::Moment::start_of(asked_on), &contract.agreements)?;
    let found = cancellation::effective(&terms, asked_on, desired);
    let last_month = Month::of(found.effective);
    let version = line.at(last_month.first_day());
    let quantity = Decimal::whole(i64::from(version.quantity));
    let rated =
        rating::rate(&law.prices, &line.item, last_month, quantity, version.agreed_fee, None);
    let Ok(monthly) = rated else { return Ok(None) };
    let remaining = line
        .minimum_term
        .map(|term| remaining_charge(&terms, found.effective, term.to, monthly.amount));
    let residual = remaining.map_or(Yen::ZERO, |remaining| remaining.amount);
    Ok(Some(RemovalTerms {
        line: line.number,
        item: line.item.clone(),
        asked_on,
        desired,
        notice_bd: terms.rules.cancel_notice_bd,
        earliest: cancellation::earliest(&terms, asked_on),
        last_day: found.effective,
        deemed: found.deemed,
        last_month,
        monthly_fee: monthly.amount,
        minimum_term_to: line.minimum_term.map(|term| term.to),
        residual_months: remaining.map_or(0, |remaining| remaining.whole_months),
        residual,
        residual_tax: law.tax.at(found.effective).map_or(Yen::ZERO, |rate| rate.on(residual)),
    }))
}
