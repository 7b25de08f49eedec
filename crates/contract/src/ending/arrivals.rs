//! Articles 15-1 and 30-1: arrivals at which a second person looks before the
//! receipt notice goes out.

use reckon::{Day, Moment};
use terms::{ConfirmGround, Effective};

use crate::application::form::CancellationForm;
use crate::declare::act::Act;
use crate::declare::consequence::{Consequence, TaskKind};
use crate::declare::fact::Fact;
use crate::declare::ids::{ContractId, InputId};
use crate::declare::reason::Because;
use crate::ending::cancellation::Cancellation;
use crate::road::case::Happening;
use crate::road::stream::Stream;
use crate::road::unfold::{ArrivalState, ArrivalStatus, Unfolding};

/// A form on a channel that counts, with the day to which it comes.
pub(crate) struct Arrival<'a> {
    pub contract: &'a ContractId,
    pub happening: &'a Happening,
    pub form: &'a CancellationForm,
    pub arrived_at: Moment,
    pub answer: Cancellation,
    pub label_zone: bool,
    /// The receipt notice that names the day, if one went out.
    pub notice: Option<&'a Happening>,
}

impl<'a> Unfolding<'a> {
    /// What a second person said of an arrival: the first word counts.
    fn word_on(&self, id: &ContractId, arrival: &InputId) -> Option<(&'a Happening, bool)> {
        let words = self.acts_of(id, |act| match act {
            Act::ConfirmArrival { contract, arrival: of } => {
                (contract == id && of == arrival).then_some(true)
            }
            Act::DeclineArrival { contract, arrival: of } => {
                (contract == id && of == arrival).then_some(false)
            }
            _ => None,
        });
        words.into_iter().next()
    }

    pub(crate) fn is_declined(&self, id: &ContractId, arrival: &InputId) -> bool {
        self.word_on(id, arrival).is_some_and(|(_, confirmed)| !confirmed)
    }

    /// The grounds on which somebody has to confirm; none once the notice went
    /// out without a word, which an earlier version of the rules allowed.
    pub(crate) fn to_confirm(&self, found: &Arrival<'_>, terms: &Effective) -> Vec<ConfirmGround> {
        let word = self.word_on(found.contract, &found.happening.input);
        if found.notice.is_some_and(|notice| {
            word.is_none_or(|(word, _)| notice.occurred_at < word.occurred_at)
        }) {
            return Vec::new();
        }
        let holds = |ground: &ConfirmGround| match ground {
            ConfirmGround::BackDated => found.arrived_at.day() < found.happening.known_at.day(),
            ConfirmGround::Deemed => found.answer.deemed,
            ConfirmGround::LabelZone => found.label_zone,
            ConfirmGround::OtherSigner => found.form.signed_by_other,
        };
        let mut grounds: Vec<_> =
            terms.rules.arrival_confirm.iter().copied().filter(holds).collect();
        grounds.sort();
        grounds.dedup();
        grounds
    }

    /// The task to confirm, and what the second person's word comes to.
    pub(crate) fn confirmation(
        &mut self,
        found: &Arrival<'_>,
        grounds: &[ConfirmGround],
        terms: &Effective,
    ) -> Option<ArrivalState> {
        if grounds.is_empty() {
            return None;
        }
        let (id, arrival) = (found.contract, &found.happening.input);
        let stream = Stream::Contract(id.clone());
        let word = self.word_on(id, arrival);
        let known_at = found.happening.known_at;
        let remind: Day = terms.calendar.after(known_at.day(), terms.rules.without_delay_bd);
        let because = Because::rule("arrival_confirmation")
            .fact(arrival)
            .number("grounds", grounds)
            .number("arrived_on", found.arrived_at.day())
            .number("registered_on", known_at.day())
            .under(terms);
        let done = word.map(|(word, _)| word.occurred_at);
        let task = (TaskKind::ConfirmArrival, id.0.as_str());
        self.task(&stream, task, (known_at, remind), done, because.clone());
        if let Some((word, confirmed)) = word {
            let (contract, arrival) = (id.clone(), arrival.clone());
            let effective = found.answer.effective;
            let what = match confirmed {
                true => Consequence::ArrivalConfirmed { contract, arrival, effective },
                false => Consequence::ArrivalDeclined { contract, arrival },
            };
            let at = word.occurred_at.max(known_at);
            self.follow(at, stream, what, because.fact(&word.input));
        }
        Some(ArrivalState {
            arrival: arrival.clone(),
            arrived_at: found.arrived_at,
            effective: found.answer.effective,
            confirm: grounds.to_vec(),
            registered_by: found.happening.actor.id.clone(),
            status: match word {
                None => ArrivalStatus::Open,
                Some((_, true)) => ArrivalStatus::Confirmed,
                Some((_, false)) => ArrivalStatus::Declined,
            },
        })
    }

    /// The receipt notice that names this day for this contract.
    pub(crate) fn receipt_of(&self, id: &ContractId, effective: Day) -> Option<&'a Happening> {
        self.first(Stream::Contract(id.clone()), |fact| match fact {
            Fact::ReceiptNoticeSent { contract, effective: day, .. } => {
                contract == id && *day == effective
            }
            _ => false,
        })
    }
}
