//! What a notice tells of that leaves by itself, and whether that still is so.

use contract::AccountState;
use contract::declare::act::{Act, Suspend};
use contract::declare::ids::ContractId;
use contract::road::case::{Case, What};
use reckon::{Day, Moment};

/// When an entry that counts happened.
pub(crate) fn when(case: &Case, input: &str) -> Option<Moment> {
    let found = case.in_force().iter().find(|one| one.input.0 == input);
    found.map(|one| one.occurred_at)
}

/// 12-3: the ground on which a person decided a stop: since the service ran last.
pub(crate) fn ground_of_stop(
    case: &Case,
    state: &AccountState,
    id: &ContractId,
    fact: &str,
) -> Option<String> {
    let contract = state.contracts.get(id)?;
    let at = contract.stops.iter().position(|stop| stop.fact.0 == fact)?;
    let from = contract.stops[at].from;
    let ran_from = at.checked_sub(1).and_then(|before| contract.stops[before].to);
    let decided = case
        .in_force()
        .concerning(&id.into())
        .filter(|one| one.occurred_at <= from && ran_from.is_none_or(|ran| one.occurred_at >= ran));
    let mut grounds = decided.filter_map(|one| match one.what.as_ref() {
        What::Act(Act::Suspend(Suspend { ground, .. })) => Some(ground.clone()),
        _ => None,
    });
    grounds.next_back()
}

/// Whether what such a notice tells of still is so: a stop that a person decided and that
/// goes on, a stop that ended, the last of the extensions.
pub(crate) fn is_so(
    case: &Case,
    state: &AccountState,
    id: &ContractId,
    kind: &str,
    about: &str,
) -> bool {
    let Some(contract) = state.contracts.get(id) else { return false };
    match kind {
        "suspension" => {
            let goes_on = |fact: &str, to: Option<Moment>| fact == about && to.is_none();
            contract.stops.iter().any(|stop| goes_on(&stop.fact.0, stop.to))
                && ground_of_stop(case, state, id, about).is_some()
        }
        "resumption" => {
            let at = when(case, about);
            at.is_some() && contract.stops.last().is_some_and(|stop| stop.to == at)
        }
        "extension" => {
            let last = about.parse().is_ok_and(|to: Day| contract.period.to == to);
            last && contract.end.is_none()
        }
        _ => false,
    }
}
