//! The letter of a matter (D-36): what the customer is asked for (36-1).

use crate::outgoing::prelude::*;
use contract::declare::fact::MatterLetterSent;
use contract::matters::matter::MatterId;
use contract::notices::notice::Channel;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatterMail {
    pub contract: ContractId,
    pub matter: MatterId,
}

impl Outgoing for MatterMail {
    const OF: Of = Of::mail(
        "matter-",
        Words::new("案件のメール", "mail of a matter"),
        Object::Matter,
        &[Role::OrderDesk, Role::ContractApprover],
    );

    fn asked(asked: Asked<'_>) -> Option<MatterMail> {
        let Fact::InformationRequested(information) = asked.fact()? else { return None };
        let contract = information.contract.clone();
        let by_mail = information.channel == Channel::Email;
        by_mail.then(|| MatterMail { contract, matter: MatterId::of(&asked.input.id) })
    }

    fn names(&self) -> String {
        self.matter.to_string()
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        state.matters.get(&self.matter).is_some_and(|matter| matter.closed.is_none())
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let MatterMail { contract, matter } = self.clone();
        Some(Fact::MatterLetterSent(MatterLetterSent { contract, matter, message_id }))
    }
}

impl Letter for MatterMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let MatterMail { contract, matter } = self;
        let asked = desk.state.matters.get(matter).and_then(|asked| Some((asked, asked.due?)));
        let missing = || {
            EngineError::Refused(sentence!(
                "案件{matter}では何も求めていません。",
                "{matter} asks for nothing"
            ))
        };
        let (asked, reply_by) = asked.ok_or_else(missing)?;
        Ok(desk.reach(contract).await?.draft(Wording {
            subject: format!("【お願い】情報のご提供について（案件番号 {matter}）"),
            greeting: TO_CUSTOMER,
            paragraphs: vec![
                "利用規約第36条第1項に基づき、次の情報のご提供をお願いいたします。".to_owned(),
            ],
            records: vec![
                ("契約番号", contract.to_string()),
                ("案件番号", matter.to_string()),
                ("お尋ねする内容", asked.about.clone()),
                ("ご回答の期限", written_day(reply_by)),
            ],
            remarks: vec![
                "このメールに返信してお知らせください。ご提供いただけない正当な理由があるときは、その理由をお知らせください。".to_owned(),
            ],
        }))
    }
}
