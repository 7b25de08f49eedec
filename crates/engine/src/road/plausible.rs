//! What nobody can have meant is refused before it goes down the road.

use contract::declare::fact::{Fact, HeldReturned, NonRenewalStated};
use contract::ending::renewal::no_end_on;
use contract::road::bounds::YEARS;
use contract::road::plausible::implausible;
use contract::road::stream::{Content, Input};
use contract::sentence;

use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What nobody can have meant: money of a later day, half of what needs two
/// persons, something that happens after it is known, amounts and days with
/// which no rule can count.
pub(crate) fn check_entry(input: &Input) -> Result<(), EngineError> {
    let today = input.known_at.day();
    let problem = match &input.content {
        _ if input.occurred_at > input.known_at => {
            let (at, now) = (input.occurred_at, input.known_at);
            let (then, until) = (at.to_minute_text(), now.to_minute_text());
            sentence!("{then}は今（{until}）より後です。", "{at} is later than now, {now}")
        }
        Content::Fact(Fact::PaymentCredited(payment)) if payment.on > today => {
            let on = payment.on;
            sentence!("入金日{on}は今日より後です。", "the payment is of {on}, later than today")
        }
        Content::Fact(Fact::HeldReturned(HeldReturned { on, .. })) if *on > today => {
            sentence!("振込日{on}は今日より後です。", "the transfer is of {on}, later than today")
        }
        Content::Act(act) if act.needs_approval() => {
            let name = act.name();
            sentence!(
                "これには二人が必要です。一人が起案し、別の一人が承認します。",
                "\"{name}\" needs two persons: one proposes it, another approves",
            )
        }
        content => match implausible(content) {
            Some(problem) => return Err(EngineError::beyond(problem)),
            None if !YEARS.contains(&input.occurred_at.day().year()) => {
                let at = input.occurred_at;
                sentence!("{at}はあり得ない年です。", "occurred_at is {at}, in no plausible year")
            }
            None => return Ok(()),
        },
    };
    Err(EngineError::Refused(problem))
}

impl Engine {
    /// What nobody can have meant of the customer as the record has it, by whichever door.
    ///
    /// # Errors
    /// What is wrong with it; a failing store.
    pub(crate) async fn check_against_record(&self, input: &Input) -> Result<(), EngineError> {
        let problem = match &input.content {
            Content::Fact(Fact::DataChangeNotified(change)) => {
                self.unusable_change(&input.account, &change.what).await?
            }
            Content::Fact(Fact::NonRenewalStated(NonRenewalStated { contract, statement })) => {
                let state = self.state(&input.account).await?;
                let contract = state.contracts.get(contract);
                let expiry = contract.zip(statement.against).and_then(|(contract, day)| {
                    Some((day, no_end_on(&self.law, contract, input.known_at, day)?))
                });
                expiry.map(|(day, expiry)| {
                    sentence!(
                        "{day}は利用期間の末日ではありません。この日以後で最初の末日は{expiry}です（13-1）。",
                        "no period ends on {day}: the first that ends on it or after it ends on {expiry} (13-1)",
                    )
                })
            }
            _ => None,
        };
        problem.map_or(Ok(()), |problem| Err(EngineError::Refused(problem)))
    }
}
