//! What both sides agree on a cancellation before the contract ends, and the
//! month end that is offered where the terms deem an early day.

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::ending::cancellation::CancellationFormArrived;
use crate::road::case::{Case, Happening};
use crate::road::state::{ContractStatus, OpenTask};
use crate::road::unfold::Unfolding;
use crate::who::roles::Role::{ContractApprover, Legal, OrderDesk};

pub(crate) const CANCELLATION_AGREED: Rule =
    Rule::new("cancellation_agreed", 1, "解除についての合意", "agreement on a cancellation")
        .clauses(&["15-1", "13-1b"]);
pub(crate) const MONTH_END_OFFER: Rule =
    Rule::new("month_end_offer", 1, "月末までの利用の案内", "offer of the end of the month")
        .clauses(&["15-1b", "15-2"])
        .readings(&["A-15"])
        .parameters(&["cancel.offer_month_end"]);

#[derive(Serialize)]
struct Offered {
    deemed: Day,
    month_end: Day,
}

/// An agreement on one cancellation form; the last one counts.
pub(crate) struct Agreed<'a> {
    pub act: &'a Happening,
    pub to: Option<Day>,
}

impl<'a> Unfolding<'a> {
    /// The agreement that holds for a form, if there is one.
    pub(crate) fn agreed_on(&self, id: &ContractId, form: &InputId) -> Option<Agreed<'a>> {
        let mut agreed = self.acts_of::<AgreeCancellation>(id);
        let (act, agreed) = agreed.rfind(|(_, agreed)| agreed.form == *form)?;
        Some(Agreed { act, to: agreed.to })
    }

    /// What was agreed, as an entry of the contract: each agreement, in its order.
    pub(crate) fn agreements(&mut self, id: &ContractId) {
        for (happening, agreed) in self.acts_of::<AgreeCancellation>(id) {
            let AgreeCancellation { form, to, document, .. } = agreed.clone();
            let because = Because::of(&CANCELLATION_AGREED).fact(&happening.input).fact(&form);
            let contract = id.clone();
            let what = Consequence::CancellationAgreed(CancellationAgreed {
                contract,
                form,
                to,
                document,
            });
            self.follow(happening.occurred_at, Stream::Contract(id.clone()), what, because);
        }
    }

    /// 15-1b, 15-2: a deemed day before the end of its month costs the whole
    /// month, so the customer may as well have the rest of it.
    pub(crate) fn month_end_offer(
        &mut self,
        id: &ContractId,
        form: &Happening,
        arrived_at: Moment,
        deemed: Day,
    ) {
        let month_end = Month::of(deemed).last_day();
        if deemed >= month_end {
            return;
        }
        let stream = Stream::Contract(id.clone());
        let because =
            Because::of(&MONTH_END_OFFER).fact(&form.input).with(Offered { deemed, month_end });
        let what = Consequence::MonthEndOffered(MonthEndOffered {
            contract: id.clone(),
            form: form.input.clone(),
            deemed,
            month_end,
        });
        self.follow(arrived_at, stream.clone(), what, because.clone());
        // When the day is over the contract is, and nothing is left to agree.
        let closed = Moment::start_of(crate::ending::ended::after(deemed));
        let (task, about) = (TaskKind::MonthEndOffer, id.0.clone());
        let task = OpenTask { task, about, opened_at: arrived_at, remind_on: deemed };
        self.task(&stream, task, Some(closed), because);
    }
}

/// The notice of what was agreed on a cancellation went out: its new last
/// day, or none when the contract goes on.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AgreementNoticeSent {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    pub message_id: String,
}

impl Entry for AgreementNoticeSent {
    const NAME: &'static str = "agreement_notice_sent";
    const CLAUSES: &'static [&'static str] = &["15-1", "13-1b"];
    const TITLE: Words = Words::new("解除の合意の通知の送信", "notice of an agreement sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        match self {
            AgreementNoticeSent { contract, to: Some(day), .. } => {
                say!(
                    l,
                    "契約{contract}の解除日変更の通知を送信（解除日 {day}）",
                    "notice sent that contract {contract} now ends on {day}"
                )
            }
            AgreementNoticeSent { contract, to: None, .. } => {
                say!(
                    l,
                    "契約{contract}の解除撤回の通知を送信",
                    "notice sent that contract {contract} goes on"
                )
            }
        }
    }
}

/// Before the end: both sides agree that the contract goes on, or that it
/// ends on another day than the form of the customer came to.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AgreeCancellation {
    pub contract: ContractId,
    /// The entry of the cancellation form.
    pub form: InputId,
    /// The agreed last day; none when the cancellation is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// The paper with the customer's consent.
    pub document: String,
}

impl Entry for AgreeCancellation {
    const NAME: &'static str = "agree_cancellation";
    const CLAUSES: &'static [&'static str] = &["15-1", "13-1b"];
    const TITLE: Words = Words::new("解除についての合意", "agreement on a cancellation");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        match self {
            AgreeCancellation { contract, to: Some(day), document, .. } => {
                say!(
                    l,
                    "契約{contract}の解除日を合意により{day}に変える（{document}）",
                    "move the cancellation of contract {contract} to {day} by agreement ({document})"
                )
            }
            AgreeCancellation { contract, document, .. } => {
                say!(
                    l,
                    "契約{contract}の解除を合意により撤回する（{document}）",
                    "withdraw the cancellation of contract {contract} by agreement ({document})"
                )
            }
        }
    }
}

impl Deed for AgreeCancellation {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[OrderDesk, ContractApprover, Legal];
    const SECOND: Second = Second::Correction;

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let AgreeCancellation { contract, form, to, document } = self;
        let mut findings = cancellation(asked.case, asked.state, contract, form);
        if let Some(past) = to.filter(|day| *day < asked.at.day()) {
            findings.push(Finding::blocking("15-1", "in_the_past", past));
        }
        if document.trim().is_empty() {
            findings.push(Finding::blocking("15-1", "no_consent", contract));
        }
        Ok(findings)
    }
}

/// What both sides agreed on a cancellation.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CancellationAgreed {
    pub contract: ContractId,
    pub form: InputId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    pub document: String,
}

impl Following for CancellationAgreed {
    fn line(&self, l: Reader) -> String {
        match self {
            CancellationAgreed { to: Some(day), document, .. } => {
                say!(
                    l,
                    "合意により解除日を{day}に変更（{document}）",
                    "cancellation moved to {day} by agreement ({document})"
                )
            }
            CancellationAgreed { to: None, document, .. } => {
                say!(
                    l,
                    "合意により解除を撤回し、契約を継続（{document}）",
                    "cancellation withdrawn by agreement: the contract goes on ({document})"
                )
            }
        }
    }
}

/// 15-2: the whole month is owed, so its last day costs the customer no more
/// than the deemed one: offered, and agreed if the customer wants it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MonthEndOffered {
    pub contract: ContractId,
    pub form: InputId,
    pub deemed: Day,
    pub month_end: Day,
}

impl Following for MonthEndOffered {
    fn line(&self, l: Reader) -> String {
        let MonthEndOffered { deemed, month_end, .. } = self;
        say!(
            l,
            "解除日は{deemed}とみなされるが、追加の料金なしで{month_end}までの利用を案内",
            "deemed to end on {deemed}; use up to {month_end} offered at no further fee"
        )
    }
}

fn cancellation(
    case: &Case,
    state: &AccountState,
    contract: &ContractId,
    form: &InputId,
) -> Vec<Finding> {
    let Some(found) = state.contracts.get(contract) else {
        return vec![Finding::blocking("20-1", "unknown_subject", contract)];
    };
    if matches!(found.status, ContractStatus::Ended | ContractStatus::Erased) {
        return vec![Finding::blocking("15-1", "contract_ended", contract)];
    }
    let is_form = case.in_force().iter().any(|happening| {
        let arrived = happening.fact::<CancellationFormArrived>();
        happening.input == *form && arrived.is_some_and(|arrived| arrived.contract == *contract)
    });
    if is_form { Vec::new() } else { vec![Finding::blocking("15-1", "no_such_form", form)] }
}
