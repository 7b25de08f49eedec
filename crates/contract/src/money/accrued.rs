//! Article 26: what an invoice has borne of late interest up to a day.

use reckon::{Day, Moment, Yen};
use terms::{Allocation, Law, LawError};

use crate::money::invoice::ChargeKind;
use crate::money::ledger::{bears_interest, settled_on, unpaid_before, waits_for_debit};
use crate::road::unfold::AccountState;

/// The interest of an invoice that is not invoiced yet, as if the rest were paid on
/// this day: to the yen what is invoiced after that.
///
/// # Errors
/// When an agreement of its contract cannot be laid over the law.
pub fn accrued(law: &Law, state: &AccountState, number: &str, day: Day) -> Result<Yen, LawError> {
    let Some(receivable) = state.receivables.get(number) else { return Ok(Yen::ZERO) };
    let invoice = &receivable.invoice;
    let contract = invoice.contracts().first().and_then(|id| state.contracts.get(*id));
    let agreements = contract.map(|contract| contract.agreements.as_slice()).unwrap_or_default();
    let terms = law.effective(Moment::start_of(invoice.issued_on), agreements)?;
    if !bears_interest(&terms, receivable) || waits_for_debit(state, invoice, &terms) {
        return Ok(Yen::ZERO);
    }
    let settled = settled_on(&terms, receivable, day);
    if terms.rules.allocation == Allocation::Civil489 {
        // Each payment settles the interest that has run: this is the rest of it.
        let outstanding = unpaid_before(&terms, receivable, day);
        return Ok(settled.last_payment.map_or(Yen::ZERO, |paid| paid - outstanding));
    }
    Ok((settled.interest - invoiced(state, number, day)).max(Yen::ZERO))
}

/// What was invoiced of the interest of an invoice, an earlier book included.
fn invoiced(state: &AccountState, number: &str, day: Day) -> Yen {
    let earlier = state.receivables[number].taken_over.as_ref();
    let earlier = earlier.map_or(Yen::ZERO, |taken| taken.interest_charged);
    let issued = state.receivables.values().filter(|r| r.taken_over.is_none());
    let lines = issued.filter(|r| r.invoice.issued_on <= day).flat_map(|r| &r.invoice.lines);
    let of_it = lines.filter(|line| {
        line.charge.key.kind == ChargeKind::LateInterest && line.charge.key.resource == number
    });
    earlier + of_it.map(|line| line.amount).sum()
}
