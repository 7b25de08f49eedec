//! What a wish to stop would come to: the end, and the yen until then. Pure: the
//! same rules on a copy of the case, nothing is written.

use contract::case::Case;
use contract::charges::{Run, draft};
use contract::fees::tax_on;
use contract::ids::{AccountId, ContractId};
use contract::invoice::InvoiceKind;
use contract::minimum_term::EndCause;
use contract::stream::{Input, Record};
use contract::{AccountState, decide, unfold};
use reckon::{Day, Moment, Month, Yen};
use terms::{Law, LawError};

/// What follows from one way to stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// `None`: it would not end the contract.
    pub end: Option<(Day, EndCause)>,
    /// Monthly fees up to the end that no invoice charges yet, with tax.
    pub fees: Yen,
    /// What is left of a minimum term (14-2), with tax.
    pub early: Yen,
    /// What is invoiced and not paid (15-3).
    pub unpaid: Yen,
}

impl Ending {
    pub fn total(&self) -> Yen {
        self.fees + self.early + self.unpaid
    }
}

/// Longer than any period of extension.
const FAR: i64 = 800 * 86_400;

/// What the contract comes to once this input is registered.
///
/// # Errors
/// When an agreement of the contract cannot be laid over the law.
pub fn ending(
    law: &Law,
    case: &Case,
    (account, contract): (&AccountId, &ContractId),
    input: &Input,
) -> Result<Ending, LawError> {
    let decision = decide(law, case, input)?;
    let unpaid = unpaid(&decision.state, contract);
    let mut case = case.clone();
    case.apply(&Record { input: input.clone(), law: law.id(), events: decision.events });
    let far = unfold(law, &case, input.known_at.plus_seconds(FAR)).state;
    let end = far.contracts.get(contract).and_then(|state| state.end.as_ref());
    let Some((on, cause)) = end.map(|end| (end.on, end.cause)) else {
        return Ok(Ending { end: None, fees: Yen::ZERO, early: Yen::ZERO, unpaid });
    };
    let last = Month::of(on);
    let state = unfold(law, &case, Moment::end_of(last.last_day()).plus_seconds(1)).state;
    let run = Run { id: "what-if".to_owned(), month: last, issued_on: last.last_day() };
    let drafts = draft(law, account, &state, &run)?;
    let sum = |kind: InvoiceKind| {
        let invoices = drafts.invoices.iter().filter(|invoice| invoice.kind == kind);
        let lines = invoices.flat_map(|invoice| &invoice.lines);
        let own = lines.filter(|line| line.charge.key.contract == *contract);
        own.map(|line| {
            let rate = line.charge.tax_point.and_then(|day| law.tax.at(day).ok());
            line.amount + rate.map_or(Yen::ZERO, |rate| tax_on(&[line.amount], rate))
        })
        .sum::<Yen>()
    };
    let (fees, early) = (sum(InvoiceKind::Fee), sum(InvoiceKind::EarlyTermination));
    Ok(Ending { end: Some((on, cause)), fees, early, unpaid })
}

fn unpaid(state: &AccountState, contract: &ContractId) -> Yen {
    let own = state.receivables.values().filter(|r| r.invoice.contracts().contains(&contract));
    own.map(|receivable| receivable.outstanding).sum()
}
