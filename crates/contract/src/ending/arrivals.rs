//! Articles 15-1 and 30-1: arrivals at which a second person looks before the
//! receipt notice goes out.

use terms::{ConfirmGround, Effective};

use crate::application::form::CancellationForm;
use crate::declare::act::Act;
use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::ending::cancellation::{Cancellation, CancellationFormArrived};
use crate::ending::letters::ReceiptNoticeSent;
use crate::road::case::{Happening, What};
use crate::road::state::{ArrivalState, ArrivalStatus, OpenTask};
use crate::road::unfold::Unfolding;
use crate::who::roles::Role::{ContractApprover, OrderDesk};

pub(crate) const ARRIVAL_CONFIRMATION: Rule =
    Rule::new("arrival_confirmation", 1, "到達の確認", "confirmation of an arrival")
        .clauses(&["15-1", "15-1b", "30-1"])
        .readings(&["A-02", "A-17", "A-37", "A-81"])
        .parameters(&["arrival.confirm", "prompt.without_delay_bd"])
        .told_by::<ToConfirm>();

#[derive(Serialize, Deserialize)]
struct ToConfirm {
    grounds: Vec<ConfirmGround>,
    arrived_on: Day,
    registered_on: Day,
}

impl Told for ToConfirm {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let grounds = self.grounds.iter().map(|ground| names::confirm_ground(*ground, l));
        let grounds = grounds.collect::<Vec<_>>().join(l.pick("、", ", "));
        let (arrived, registered) = (day(self.arrived_on, l), day(self.registered_on, l));
        Some(vec![
            say!(l, "確認する理由：{grounds}", "to be confirmed: {grounds}"),
            say!(
                l,
                "到達 {arrived}、登録 {registered}",
                "arrived {arrived}, registered {registered}"
            ),
        ])
    }
}

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
        let mut words = self.concerning(id).filter_map(|one| match one.what.as_ref() {
            What::Act(Act::ConfirmArrival(word)) => Some((one, &word.arrival, true)),
            What::Act(Act::DeclineArrival(word)) => Some((one, &word.arrival, false)),
            _ => None,
        });
        let (word, _, confirmed) = words.find(|(_, of, _)| *of == arrival)?;
        Some((word, confirmed))
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
        let because = Because::of(&ARRIVAL_CONFIRMATION)
            .fact(arrival)
            .with(ToConfirm {
                grounds: grounds.to_vec(),
                arrived_on: found.arrived_at.day(),
                registered_on: known_at.day(),
            })
            .under(terms);
        let done = word.map(|(word, _)| word.occurred_at);
        let (task, about) = (TaskKind::ConfirmArrival, id.0.clone());
        let task = OpenTask { task, about, opened_at: known_at, remind_on: remind };
        self.task(&stream, task, done, because.clone());
        if let Some((word, confirmed)) = word {
            let (contract, arrival) = (id.clone(), arrival.clone());
            let effective = found.answer.effective;
            let what = match confirmed {
                true => {
                    Consequence::ArrivalConfirmed(ArrivalConfirmed { contract, arrival, effective })
                }
                false => Consequence::ArrivalDeclined(ArrivalDeclined { contract, arrival }),
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
        let mut sent = self.facts_of::<ReceiptNoticeSent>(id);
        sent.find(|(_, notice)| notice.effective == effective).map(|(notice, _)| notice)
    }
}

/// The door of a second person's word on an arrival.
const LOOKED_AT: Door = Door::of_contract(
        "後から登録された到達、みなしの解除日、利用責任者以外の署名などは、登録した人とは別の人が確かめるまで、受領通知を送りません。登録のとおりに届いていれば確認し、そうでなければ認めません。",
        "An arrival that was registered late, a deemed day, or a signature of somebody else is looked at by another person than whoever registered it before the receipt notice goes out: it is confirmed as registered, or declined.",
    )
    .asks(&[Field::choice("arrival", "どの到達か", "Which arrival")])
    .opens()
    .reason_owed()
    .here(waiting);

/// The arrivals that wait, with what was registered of each.
fn waiting(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(contract) = asked.contract(id) else { return Here::default() };
    let open: Vec<_> =
        contract.arrivals.iter().filter(|one| one.status == ArrivalStatus::Open).collect();
    let choices = open.iter().map(|one| {
        let at = one.arrived_at.to_minute_text();
        Choice::new(&one.arrival.0, say!(l, "{at} に届いたもの", "what arrived {at}"))
    });
    let mut here = Here::offered(!open.is_empty()).choices("arrival", choices);
    here.told = open.iter().map(|one| told_of(asked, one, l)).collect();
    match open.is_empty() {
        true => here.note(l.pick("確認を待っている到達はありません。", "No arrival waits.")),
        false => here,
    }
}

fn told_of(asked: &Asked, one: &ArrivalState, l: Reader) -> Vec<(Words, Shown)> {
    let mut arrived = asked.case.in_force().facts::<CancellationFormArrived>();
    let form = arrived.find(|(happening, _)| happening.input == one.arrival);
    let form = form.map(|(_, arrived)| &arrived.form);
    let unwritten = || l.pick("書かれていません", "not written").to_owned();
    let wished = form.and_then(|form| form.desired).map_or_else(unwritten, |on| day(on, l));
    let signature = Shown::Signature {
        row: form.and_then(|form| form.signed_by.kept().cloned()),
        is_other: form.is_some_and(|form| form.signed_by_other),
    };
    vec![
        (Words::new("届いた日時", "Arrived"), Shown::Text(one.arrived_at.to_minute_text())),
        (Words::new("解除を希望する日", "Wished for"), Shown::Text(wished)),
        (Words::new("解除の日", "Comes to"), Shown::Text(day(one.effective, l))),
        (Words::new("署名", "Signed by"), signature),
        (Words::new("登録した人", "Registered by"), Shown::Person(one.registered_by.clone())),
        (Words::new("登録", "Entry"), Shown::Entry(one.arrival.clone())),
    ]
}

/// 15-1: the arrival of a cancellation form is as it was registered; the
/// receipt notice may go out. By somebody else than who registered it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ConfirmArrival {
    pub contract: ContractId,
    pub arrival: InputId,
}

impl Entry for ConfirmArrival {
    const NAME: &'static str = "confirm_arrival";
    const CLAUSES: &'static [&'static str] = &["15-1"];
    const TITLE: Words = Words::new("到達の確認", "arrival confirmed");
    const DOOR: Option<Door> = Some(
        LOOKED_AT
            .offer("到達を確認", "confirm the arrival")
            .verb("到達を確認し、受領通知を送る", "Confirm it, and send the receipt notice")
            .cites(&["30-1"]),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let ConfirmArrival { contract, .. } = self;
        say!(
            l,
            "契約{contract}の解約申込書の到達を確認する",
            "confirm the arrival of the cancellation form for contract {contract}"
        )
    }
}

impl Deed for ConfirmArrival {
    const DOERS: &'static [Role] = &[OrderDesk, ContractApprover];
    const SECOND: Second = Second::Other;

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        Some(arrival_of(state, &self.contract, &self.arrival)?.registered_by.as_str())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(word_on_arrival(asked, &self.contract, &self.arrival))
    }
}

/// 15-1, 30-1: it is not; the form has no effect.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct DeclineArrival {
    pub contract: ContractId,
    pub arrival: InputId,
}

impl Entry for DeclineArrival {
    const NAME: &'static str = "decline_arrival";
    const CLAUSES: &'static [&'static str] = &["15-1", "30-1"];
    const TITLE: Words = Words::new("到達の否認", "arrival declined");
    const DOOR: Option<Door> = Some(
        LOOKED_AT
            .offer("到達を認めない", "decline the arrival")
            .verb("認めない（効力を生じない）", "Decline it: it has no effect"),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let DeclineArrival { contract, .. } = self;
        say!(
            l,
            "契約{contract}の解約申込書の到達を認めない",
            "decline the arrival of the cancellation form for contract {contract}"
        )
    }
}

impl Deed for DeclineArrival {
    const DOERS: &'static [Role] = &[OrderDesk, ContractApprover];
    const SECOND: Second = Second::Other;

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        Some(arrival_of(state, &self.contract, &self.arrival)?.registered_by.as_str())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(word_on_arrival(asked, &self.contract, &self.arrival))
    }
}

/// 15-1: a second person found the arrival as registered.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ArrivalConfirmed {
    pub contract: ContractId,
    pub arrival: InputId,
    pub effective: Day,
}

impl Following for ArrivalConfirmed {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let ArrivalConfirmed { effective, .. } = self;
        say!(
            l,
            "解約申込書の到達を別の担当者が確認（解除日 {effective}）",
            "arrival of the cancellation form confirmed by a second person (cancellation on {effective})"
        )
    }
}

/// 15-1, 30-1: a second person did not; the form has no effect.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ArrivalDeclined {
    pub contract: ContractId,
    pub arrival: InputId,
}

impl Following for ArrivalDeclined {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        l.pick(
            "解約申込書の到達を別の担当者が認めず、申込書には効力なし",
            "arrival of the cancellation form declined by a second person: the form has no effect",
        )
        .to_owned()
    }
}

fn arrival_of<'a>(
    state: &'a AccountState,
    contract: &ContractId,
    arrival: &InputId,
) -> Option<&'a ArrivalState> {
    state.contracts.get(contract)?.arrivals.iter().find(|found| found.arrival == *arrival)
}

/// 15-1: the arrival waits for a second person's word.
fn word_on_arrival(asked: &Asked, id: &ContractId, arrival: &InputId) -> Vec<Finding> {
    let status = arrival_of(asked.state, id, arrival).map(|found| found.status);
    let code = match status {
        Some(ArrivalStatus::Open) => return asked.of_contract(id, |_| Vec::new()),
        Some(ArrivalStatus::Confirmed) => "arrival_confirmed",
        Some(ArrivalStatus::Declined) => "arrival_declined",
        None => "no_such_arrival",
    };
    asked.of_contract(id, |_| vec![Finding::blocking("15-1", code, arrival.0.clone())])
}
