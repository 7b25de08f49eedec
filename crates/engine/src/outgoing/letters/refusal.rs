//! 不承諾通知 (9-3). It has no room for the ground.

use contract::ApplicationStatus;
use contract::application::receiving::Wish;
use contract::declare::act::RefuseApplication;
use contract::declare::fact::RefusalSent;
use document::wording::letters::TO_APPLICANT;

use super::acceptance::{applicant, application_in, contract_of, has_status};
use crate::outgoing::draft::addressee;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusalMail {
    pub application: ApplicationId,
}

impl Outgoing for RefusalMail {
    const OF: Of = Of {
        is_asked_anew: true,
        ..Of::mail(
            "refusal-",
            Words::new("不承諾の通知", "notice of refusal"),
            Object::Application,
            &[Role::OrderDesk, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<RefusalMail> {
        let Act::RefuseApplication(RefuseApplication { application, .. }) = asked.act()? else {
            return None;
        };
        Some(RefusalMail { application: application.clone() })
    }

    fn about(&self) -> &str {
        &self.application.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        has_status(state, &self.application, ApplicationStatus::Received)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let application = self.application.clone();
        Some(Fact::RefusalSent(RefusalSent { application, message_id }))
    }
}

impl Letter for RefusalMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let application = application_in(desk.state, &self.application)?;
        let contract = contract_of(application);
        let company = match &application.content.wish {
            Wish::Faulty { applicant } => applicant.clone(),
            _ => applicant(desk, application).await?.0.name,
        };
        let person = desk.engine.contact(desk.state, &contract, "responsible_person").await?;
        let text = text(&self.application, application.content.sent_at.day());
        let addressee = addressee(&company, &person);
        let to = vec![person.mail];
        Ok(Draft { to, addressee, text, paper: None, contract: Some(contract) })
    }
}

pub(super) fn text(application: &ApplicationId, applied_on: Day) -> Wording {
    Wording {
        subject: format!("お申し込みの結果について（申込番号 {application}）"),
        greeting: TO_APPLICANT,
        paragraphs: vec![
            "検討の結果、誠に申し訳ございませんが、今回はお申し込みを承諾いたしかねます（第9条第3項）。"
                .to_owned(),
            "ご希望に沿えず恐縮ですが、ご理解くださいますようお願いいたします。".to_owned(),
        ],
        records: vec![
            ("申込番号", application.to_string()),
            ("お申込日", written_day(applied_on)),
            ("結果", "不承諾（利用契約は成立していません）".to_owned()),
        ],
        remarks: vec!["判断の理由についてのお問い合わせには、お答えしておりません。".to_owned()],
    }
}
