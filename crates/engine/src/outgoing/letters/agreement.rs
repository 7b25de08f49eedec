//! What both sides agreed on a cancellation: its new last day, or that the contract goes on.

use contract::ContractState;
use contract::declare::act::AgreeCancellation;
use contract::declare::consequence::CancellationAgreed;
use contract::declare::fact::AgreementNoticeSent;
use contract::road::case::What;
use reckon::Month;

use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementNotice {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

impl Outgoing for AgreementNotice {
    const OF: Of = Of {
        is_asked_anew: true,
        ..Of::mail(
            "agreement-",
            Words::new("解除についての合意の通知", "notice of an agreed cancellation"),
            Object::Contract,
            &[Role::OrderDesk, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<AgreementNotice> {
        let Act::AgreeCancellation(AgreeCancellation { contract, to, .. }) = asked.act()? else {
            return None;
        };
        Some(AgreementNotice { contract: contract.clone(), to: *to })
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    /// It is what both sides agreed on last.
    fn is_wanted(&self, case: &Case, _: &AccountState) -> bool {
        let agreed = case.live.values().filter_map(|live| match &live.consequence {
            Consequence::CancellationAgreed(CancellationAgreed { contract, to, .. })
                if *contract == self.contract =>
            {
                Some((live.occurred_at, *to))
            }
            _ => None,
        });
        let last = agreed.max_by_key(|(at, _)| *at);
        last.is_some_and(|(_, to)| to == self.to)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let AgreementNotice { contract, to } = self.clone();
        Some(Fact::AgreementNoticeSent(AgreementNoticeSent { contract, to, message_id }))
    }
}

impl Letter for AgreementNotice {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let AgreementNotice { contract: id, to } = self;
        let reached = desk.reach(id).await?;
        let agreed = desk.case.in_force().iter().rev().find_map(|h| match h.what.as_ref() {
            What::Act(Act::AgreeCancellation(AgreeCancellation {
                contract,
                to: day,
                document,
                ..
            })) if contract == id && day == to => Some(document.clone()),
            _ => None,
        });
        let document = agreed.ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{id}について合意の登録がありません。",
                "{id}: nothing was agreed"
            ))
        })?;
        let text = self.text(document, reached.contract);
        Ok(reached.draft(text))
    }
}

impl AgreementNotice {
    /// `document` is the paper with the customer's consent.
    fn text(&self, document: String, stands: &ContractState) -> Wording {
        let mut records = vec![("契約番号", self.contract.to_string()), ("合意の書面", document)];
        let (subject, paragraph, remark) = match self.to {
            Some(day) => {
                let month = Month::of(day);
                records.push(("解除日", written_day(day)));
                records.push((
                    "最終月の料金",
                    format!("{}年{}月分まで全額", month.year(), month.number()),
                ));
                (
                    "解除日を変更しました",
                    format!("合意に基づき、利用契約の解除日を{}に変更しました。", written_day(day)),
                    "さきにお送りした受領通知の解除日は、この通知の解除日に置き換わります。",
                )
            }
            None => {
                records.push(("利用期間の満了日", written_day(stands.period.to)));
                if let Some(limit) = stands.renewal_limit {
                    records.push(("延長しない旨の申出の期限", written_day(limit)));
                }
                (
                    "解除の撤回を承りました",
                    "合意に基づき、解除の申込を撤回として取り扱います。利用契約は継続します。"
                        .to_owned(),
                    "期限までに別段の意思表示がないときは、利用期間は自動的に延長されます（第13条第1項）。",
                )
            }
        };
        Wording {
            subject: format!("【通知】{subject}（契約番号 {}）", self.contract),
            greeting: TO_CUSTOMER,
            paragraphs: vec![paragraph],
            records,
            remarks: vec![remark.to_owned()],
        }
    }
}
