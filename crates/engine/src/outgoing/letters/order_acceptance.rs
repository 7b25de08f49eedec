//! 申込請書 (9-5, 9-8), after the acceptance mail; of a change contract with its application.

pub(super) mod paper;

use contract::declare::consequence::{ContractFormed, TaskOpened};
use contract::declare::fact::OrderAcceptanceSent;
use contract::declare::task::TaskKind;
use contract::road::stated::Order;
use contract::road::stream::Stream;

use self::paper::{Accepted, LetterChange, changed, determined, letter_change, order_acceptance};
use super::acceptance::application_in;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderAcceptanceMail {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ApplicationId>,
}

impl Outgoing for OrderAcceptanceMail {
    const OF: Of = Of::mail(
        "order-acceptance-",
        Words::new("申込請書", "order acceptance"),
        Object::Contract,
        &[Role::OrderDesk, Role::ContractApprover],
    );

    fn asked(asked: Asked<'_>) -> Option<OrderAcceptanceMail> {
        match (asked.consequence()?, &asked.event.stream) {
            (Consequence::ContractFormed(ContractFormed { contract, .. }), _) => {
                Some(OrderAcceptanceMail { contract: contract.clone(), change: None })
            }
            // 9-8: the task that is about an application is that of a change contract.
            (
                Consequence::TaskOpened(TaskOpened {
                    task: TaskKind::OrderAcceptance, about, ..
                }),
                Stream::Contract(contract),
            ) if *about != contract.0 => {
                let change = Some(ApplicationId(about.clone()));
                Some(OrderAcceptanceMail { contract: contract.clone(), change })
            }
            _ => None,
        }
    }

    fn names(&self) -> String {
        match &self.change {
            Some(application) => format!("{}-{application}", self.contract),
            None => self.contract.to_string(),
        }
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        let is_owed = |application: &ApplicationId| {
            let mut owed = state.tasks.iter().filter(|o| o.task == TaskKind::OrderAcceptance);
            owed.any(|open| open.about == application.0)
        };
        state.contracts.contains_key(&self.contract) && self.change.iter().all(is_owed)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let OrderAcceptanceMail { contract, change } = self.clone();
        Some(Fact::OrderAcceptanceSent(OrderAcceptanceSent { contract, change, message_id }))
    }
}

impl Letter for OrderAcceptanceMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let reached = desk.reach(&self.contract).await?;
        let contract = reached.contract;
        let of = self.change.as_ref().unwrap_or(&contract.application);
        let application = application_in(desk.state, of)?;
        let order = determined(desk.case, &application.content.application)?;
        let formed_at = application.formed_at.unwrap_or(contract.formed_at);
        let accepted = Accepted { application, order, payment: &contract.form.payment, formed_at };
        let paper = order_acceptance(desk.sender(), &accepted, reached.recipient());
        let attachment = format!("申込請書_{}.pdf", self.contract);
        let change = letter_change(desk.sender(), order);
        let text = text(order, change.as_ref(), formed_at.day(), &attachment);
        Ok(reached.draft(text).with(attachment, paper))
    }
}

pub(super) fn text(
    order: &Order,
    change: Option<&LetterChange>,
    formed_on: Day,
    attachment: &str,
) -> Wording {
    let mut records = vec![
        ("申込番号", order.application.to_string()),
        ("契約番号", order.contract.to_string()),
        ("契約成立日", written_day(formed_on)),
    ];
    records.extend(change.into_iter().flat_map(changed));
    records.push(("添付", format!("申込請書（{attachment}）")));
    let (what, clauses) = match change {
        None => ("利用契約", "第9条第5項"),
        Some(_) => ("利用変更契約", "第9条第8項、同条第5項"),
    };
    Wording {
        subject: format!("【申込請書】送付のご案内（契約番号 {}）", order.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!("先に承諾した{what}について、申込請書をお送りします（{clauses}）。"),
            format!(
                "{what}は承諾メールの送信時に成立済みです。お手続きは要りませんので、控えとして保管してください。"
            ),
        ],
        records,
        remarks: Vec::new(),
    }
}
