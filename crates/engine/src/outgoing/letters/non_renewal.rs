//! 更新しない旨の通知 (13-1b, 3-2): the provider states that the contract is not extended.

use crate::outgoing::prelude::*;
use contract::declare::act::DeclineRenewal;
use contract::declare::fact::NonRenewalStated;
use contract::ending::renewal::{Side, Statement};
use contract::notices::notice::Channel;
use reckon::Month;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NonRenewalNotice {
    pub contract: ContractId,
    pub against: Day,
}

impl Outgoing for NonRenewalNotice {
    const OF: Of = Of {
        // 3-2: a mail takes effect as it is sent; a letter would as it arrives.
        ways: &[Way::Mail],
        is_asked_anew: true,
        ..Of::mail(
            "non-renewal-",
            Words::new("更新しない旨の通知", "notice of non-renewal"),
            Object::Contract,
            &[Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<NonRenewalNotice> {
        let Act::DeclineRenewal(DeclineRenewal { contract, against }) = asked.act()? else {
            return None;
        };
        Some(NonRenewalNotice { contract: contract.clone(), against: *against })
    }

    fn names(&self) -> String {
        format!("{}-{}", self.contract, self.against)
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        let period = state.contracts.get(&self.contract).map(|contract| contract.period.to);
        !has_ended(state, &self.contract) && period == Some(self.against)
    }

    fn done(&self, _: String, at: Moment) -> Option<Fact> {
        let statement = Statement {
            by: Side::Provider,
            channel: Channel::Email,
            sent_at: at,
            arrived_at: None,
            against: Some(self.against),
        };
        let contract = self.contract.clone();
        Some(Fact::NonRenewalStated(NonRenewalStated { contract, statement }))
    }
}

impl Letter for NonRenewalNotice {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let reached = desk.reach(&self.contract).await?;
        let (expiry, month) = (written_day(self.against), Month::of(self.against));
        Ok(reached.draft(Wording {
            subject: format!("【通知】利用契約を更新しません（契約番号 {}）", self.contract),
            greeting: TO_CUSTOMER,
            paragraphs: vec![format!(
                "利用期間の満了にあたり、当社は利用契約を延長しないことをお知らせします。利用契約は{expiry}をもって終了します（第13条第1項）。"
            )],
            records: vec![
                ("契約番号", self.contract.to_string()),
                ("利用期間の満了日", expiry),
                ("最終月の料金", format!("{}年{}月分まで全額", month.year(), month.number())),
            ],
            remarks: vec![
                "保存されている資料が必要なときは、満了日までにお手元にお移しください。".to_owned(),
            ],
        }))
    }
}
