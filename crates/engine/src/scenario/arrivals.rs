//! Steps about what arrives: checks of a company, cancellations, and who confirms them.

use contract::application::checks::{Check, CheckResult};
use contract::declare::act::{Act, ConfirmArrival, DeclineArrival};
use contract::declare::ids::InputId;
use contract::declare::sealed::Sealed;
use contract::declare::words::Sentence;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::{ArrivalStatus, Interrupt};
use reckon::{Moment, Period};
use serde_json::Value;

use super::action::Arrivals;
use super::play::{Player, outcome};
use crate::gates::arrivals::CancellationArrival;
use crate::gates::intake::Registered;
use crate::gates::stopping::SubmittedCancellation;
use crate::road::outcome::{EngineError, Outcome};

impl Player {
    pub(super) async fn arrivals(
        &mut self,
        number: usize,
        at: Moment,
        what: Arrivals,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let id = format!("{}-{number}", self.key);
        match what {
            Arrivals::Check {
                application,
                kind,
                result,
                made_by,
                on,
                expires_on,
                document,
                file,
            } => {
                let account = self.registered(&application)?.account.clone();
                let by = made_by.unwrap_or_else(|| actor.id.clone());
                let on = on.unwrap_or(at.day());
                let read = |name: String| self.read(&name).map(|bytes| (name, bytes));
                let document = Sealed::file_or(file.map(read).transpose()?, document);
                let check = Check { kind, on, result, by, document, expires_on };
                self.entries.insert(number, (account.clone(), InputId(id.clone())));
                let made = self.engine.record_check(&id, &account, check, actor).await?;
                Ok(outcome(made))
            }
            Arrivals::Cancellation { contract, channel, arrived_at, desired, signed_by } => {
                let (account, contract) = self.contract(&contract)?;
                let arrived_at = arrived_at.unwrap_or(at);
                let file = None;
                let arrived =
                    CancellationArrival { contract, channel, arrived_at, desired, signed_by, file };
                self.entries.insert(number, (account.clone(), InputId(id.clone())));
                let came =
                    self.engine.receive_cancellation(&id, &account, arrived, "scenario", actor, "");
                Ok(outcome(came.await?))
            }
            Arrivals::TryToStop { contract, desired } => {
                let contract = self.contract(&contract)?.1;
                let trial =
                    self.engine.try_to_stop(&contract, desired, &Interrupt::default()).await?;
                Ok(serde_json::to_value(trial).expect("plain data"))
            }
            Arrivals::SubmitCancellation { contract, channel, desired, signed_by } => {
                let (account, contract) = self.contract(&contract)?;
                let (arrived_at, file) = (at, None);
                let arrived =
                    CancellationArrival { contract, channel, arrived_at, desired, signed_by, file };
                self.entries.insert(number, (account, InputId(id.clone())));
                let submitted = self.engine.submit_cancellation(&id, arrived, actor).await?;
                Ok(told(submitted))
            }
            Arrivals::ConfirmArrival { contract } => {
                self.word_on_arrivals(number, &contract, true, actor).await
            }
            Arrivals::DeclineArrival { contract } => {
                self.word_on_arrivals(number, &contract, false, actor).await
            }
        }
    }

    /// Every check that the operator requires, passed and valid for a year.
    pub(super) async fn checked(
        &mut self,
        number: usize,
        checked: bool,
        registered: &Registered,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        if !checked {
            return Ok(());
        }
        let now = self.engine.now();
        let terms = self.engine.law.effective(now, &[])?;
        for kind in terms.rules.required_checks.iter().copied() {
            let name = contract::application::checks::name(kind);
            let check = Check {
                kind,
                on: now.day(),
                result: CheckResult::Passed,
                by: actor.id.clone(),
                document: Sealed::row(""),
                expires_on: Period::months(now.day(), 12).last_day(),
            };
            let id = format!("{}-{number}-{name}", self.key);
            self.engine.record_check(&id, &registered.account, check, actor).await?;
        }
        Ok(())
    }

    /// The word of a second person on every arrival of a contract that waits.
    async fn word_on_arrivals(
        &mut self,
        number: usize,
        name: &str,
        confirmed: bool,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let (account, contract) = self.contract(name)?;
        let state = self.engine.state(&account).await?;
        let arrivals = state.contracts.get(&contract).map(|c| c.arrivals.clone());
        let open: Vec<_> = arrivals
            .unwrap_or_default()
            .into_iter()
            .filter(|arrival| arrival.status == ArrivalStatus::Open)
            .collect();
        if open.is_empty() {
            return Err(EngineError::Refused(Sentence::same(format!(
                "no arrival of {name} waits for a word"
            ))));
        }
        let mut last = Outcome::default();
        for (at, arrival) in open.iter().enumerate() {
            let (contract, arrival) = (contract.clone(), arrival.arrival.clone());
            let act = match confirmed {
                true => Act::ConfirmArrival(ConfirmArrival { contract, arrival }),
                false => Act::DeclineArrival(DeclineArrival { contract, arrival }),
            };
            let id = match at {
                0 => format!("{}-{number}", self.key),
                _ => format!("{}-{number}-{at}", self.key),
            };
            self.entries.insert(number, (account.clone(), InputId(id.clone())));
            let input = self.engine.input(id, &account, actor, "scenario", Content::Act(act));
            last = self.engine.register(input).await?;
        }
        Ok(outcome(last))
    }
}

fn told(submitted: SubmittedCancellation) -> Value {
    let mut value = outcome(submitted.outcome);
    value["effective"] = submitted.effective.into();
    value["objection"] = submitted.objection.into();
    value["form"] = submitted.form.map(|form| form.name).into();
    value
}
