//! 3-1: a notice of the operator; once more, where a person ordered it.

pub(crate) mod written;

use contract::declare::fact::{NoticeMailSent, NoticeMailedAgain};
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;

use crate::announcing::NoticeLetterOf;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeMail {
    pub notice: NoticeId,
    pub delivery: DeliveryId,
}

impl Outgoing for NoticeMail {
    const OF: Of = Of {
        // 3-2: a mail takes effect as it is sent; a letter would as it arrives.
        ways: &[Way::Mail],
        only_tells: true,
        is_asked_anew: true,
        ..Of::mail(
            "notice-",
            Words::new("通知のメール", "mail of a notice"),
            Object::Notice,
            &[Role::OrderDesk, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<NoticeMail> {
        let (notice, delivery) = match asked.fact()? {
            Fact::NoticeGiven(given) if given.channels.contains(&Channel::Email) => {
                (&given.notice, &given.delivery)
            }
            Fact::NoticeMailedAgain(NoticeMailedAgain { notice, delivery, .. }) => {
                (notice, delivery)
            }
            _ => return None,
        };
        Some(NoticeMail { notice: notice.clone(), delivery: delivery.clone() })
    }

    fn about(&self) -> &str {
        &self.delivery.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        let notice = state.notices.get(&self.delivery);
        notice.is_some_and(|notice| notice.withdrawn.is_none())
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let delivery = self.delivery.clone();
        Some(Fact::NoticeMailSent(NoticeMailSent { delivery, message_id }))
    }
}

impl Letter for NoticeMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let letter = desk.engine.notice_letter(desk.state, &self.delivery, desk.at).await?;
        let NoticeLetterOf { to, addressee, text, contract, .. } = letter;
        Ok(Draft { to, addressee, text, paper: None, contract: Some(contract) })
    }
}
