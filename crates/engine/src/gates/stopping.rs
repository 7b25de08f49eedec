//! A wish to stop, and what a channel can do in law (15-1, 13-1b, 9-2; ):
//! what a channel cannot do, its page does not pretend.

use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ContractId};
use contract::ending::renewal::may_end_on;
use contract::notices::notice::Channel;
use contract::road::stream::Body;
use contract::road::what_if::{StopTrial, TrialError, try_to_stop};
use contract::sentence;
use contract::who::actor::Actor;
use contract::{ApplicationForm, ContractState, Interrupt, Kept, Person};
use document::{CancellationSheet, write_application, write_cancellation};
use reckon::{Day, Month};

use crate::gates::arrivals::CancellationArrival;
use crate::gates::intake::{ApplicationCame, Registered};
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

/// A form that is filled in and not sent: it has an effect only when it arrives on
/// a channel that the operator admits.
#[derive(Debug, Clone)]
pub struct FilledForm {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The clause that asks for the form.
    pub clause: &'static str,
    /// Channels on which it counts.
    pub channels: Vec<String>,
}

/// What became of an application that was sent on a channel.
#[derive(Debug, Clone)]
pub enum SubmittedApplication {
    Registered(Registered),
    /// The channel is not admitted: nothing is registered, and this is the form.
    NotYetEffective(FilledForm),
}

/// What became of a cancellation that was sent on a channel. It is on record
/// either way.
#[derive(Debug, Clone)]
pub struct SubmittedCancellation {
    pub outcome: Outcome,
    /// 15-1: the channel is admitted.
    pub effective: bool,
    /// 13-1b: it names the next expiry in time, so the contract is not extended.
    pub objection: bool,
    /// Without effect under 15-1: the filled form, to be sent as the operator admits.
    pub form: Option<FilledForm>,
}

impl Engine {
    /// What a wish to stop would come to now under 15-1 and under 13-1b, with
    /// dates and yen. Nothing is registered.
    ///
    /// # Errors
    /// A contract that does not exist, or does not run any more; a desired day too
    /// far away; a caller who gave up waiting.
    pub async fn try_to_stop(
        &self,
        contract: &ContractId,
        desired: Option<Day>,
        caller: &Interrupt,
    ) -> Result<StopTrial, EngineError> {
        let missing = || EngineError::no_contract(contract);
        let view = self.store.view("contract", &contract.0).await?.ok_or_else(missing)?;
        let case = self.case(&view.account).await?;
        let trial = try_to_stop(&self.law, &case, contract, desired, self.now(), caller);
        let trial = trial.map_err(|error| match error {
            TrialError::Law(error) => error.into(),
            TrialError::Beyond(beyond) => {
                let (from, to) = (&beyond.from, &beyond.to);
                EngineError::Refused(sentence!(
                    "解除希望日は{from}から{to}までの日にしてください。",
                    "the desired day is {beyond}",
                ))
            }
            TrialError::Interrupted(given_up) => given_up.into(),
        })?;
        trial.ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{contract}はすでに終了しています。",
                "{contract} does not run any more"
            ))
        })
    }

    /// The account of a contract, and where the contract stands.
    async fn contract_state(
        &self,
        contract: &ContractId,
    ) -> Result<(AccountId, Kept<ContractState>), EngineError> {
        let missing = || EngineError::no_contract(contract);
        let view = self.store.view("contract", &contract.0).await?.ok_or_else(missing)?;
        let state = self.state(&view.account).await?;
        let found = state.contracts.get(contract).cloned().ok_or_else(missing)?;
        Ok((view.account, found))
    }

    /// 13-2: the end of the month, where the period of a form ends before it and no contract
    /// can be formed so.
    pub fn ends_in_mid_month(&self, form: &ApplicationForm) -> Option<Day> {
        let now = self.now();
        let terms = self.law.effective(now, &form.agreements(now)).ok()?;
        let end = form.period.to;
        (!may_end_on(&terms, end)).then(|| Month::of(end).last_day())
    }

    /// 9-2: an application by a page or program. Where the operator does not admit
    /// the channel, nothing is registered and the filled form comes back.
    ///
    /// # Errors
    /// A form that cannot be written, or a failing store.
    pub async fn submit_application(
        &self,
        reference: &str,
        channel: Channel,
        form: ApplicationForm,
        people: Vec<Person>,
        actor: &Actor,
    ) -> Result<SubmittedApplication, EngineError> {
        let terms = self.law.effective(self.now(), &[])?;
        let channels = &terms.rules.application_channels;
        if channel.is_among(channels) {
            let (now, files) = (self.now(), Vec::new());
            let came = ApplicationCame {
                reference,
                channel,
                sent_at: now,
                received_at: now,
                sent_doubt: None,
                files,
            };
            let registered = self.receive_application(came, form, people, actor).await?;
            return Ok(SubmittedApplication::Registered(registered));
        }
        let bytes = write_application(Some((&form, &people)))
            .map_err(|fault| EngineError::Faults(vec![*fault]))?;
        let name = format!("申込書_{}.xlsx", form.applicant.corporate_number);
        let form = FilledForm { name, bytes, clause: "9-2", channels: channels.clone() };
        Ok(SubmittedApplication::NotYetEffective(form))
    }

    /// 15-1: a cancellation by a page or program. It is registered as what it is:
    /// on a channel that is not admitted it has no effect under 15-1, but may be
    /// an objection under 13-1b, and the filled form comes back.
    ///
    /// # Errors
    /// A contract that does not exist, a form that cannot be written, or a failing
    /// store.
    pub async fn submit_cancellation(
        &self,
        id: &str,
        arrived: CancellationArrival,
        actor: &Actor,
    ) -> Result<SubmittedCancellation, EngineError> {
        let (account, contract) = self.contract_state(&arrived.contract).await?;
        let terms = self.law.effective(arrived.arrived_at, &contract.agreements)?;
        let channels = &terms.rules.cancel_channels;
        let effective = arrived.channel.is_among(channels);
        let form = match effective {
            true => None,
            false => {
                let state = self.state(&account).await?;
                let company = state.company_on(&contract, self.now().day());
                Some(filled(&company.name, &arrived, channels.clone())?)
            }
        };
        let outcome = self.receive_cancellation(id, &account, arrived, "portal", actor, "").await?;
        let objection = outcome.events.iter().any(|event| match &event.body {
            Body::Follows { consequence, .. } => {
                matches!(consequence, Consequence::ExpiryScheduled(_))
            }
            _ => false,
        });
        Ok(SubmittedCancellation { outcome, effective, objection, form })
    }
}

fn filled(
    company: &str,
    arrived: &CancellationArrival,
    channels: Vec<String>,
) -> Result<FilledForm, EngineError> {
    let sheet = CancellationSheet {
        company: company.to_owned(),
        contract: arrived.contract.0.clone(),
        desired: arrived.desired,
        signed_by: arrived.signed_by.clone().unwrap_or_default(),
    };
    let bytes =
        write_cancellation(Some(&sheet)).map_err(|fault| EngineError::Faults(vec![*fault]))?;
    let name = format!("解約申込書_{}.xlsx", arrived.contract);
    Ok(FilledForm { name, bytes, clause: "15-1", channels })
}
