//! 解除通知 of the provider (16-1): takes effect by this mail, or on the later day that it names.

use contract::declare::act::Terminate;
use contract::declare::consequence::TerminationNoticeDetermined;
use contract::declare::fact::TerminationNoticeSent;
use contract::declare::ids::InputId;
use contract::declare::names::ground;
use contract::road::editions;
use contract::road::stated::{Circumstance, Termination};
use document::wording::letters::{PLAIN, cited};

use super::receipt::unpaid;
use crate::outgoing::determined::latest;
use crate::outgoing::prelude::*;

/// Carries out one act; older rows do not say which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerminationNotice {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<InputId>,
}

impl Outgoing for TerminationNotice {
    const OF: Of = Of {
        is_asked_anew: true,
        ..Of::mail(
            "termination-",
            Words::new("解除通知", "termination notice"),
            Object::Contract,
            &[Role::SuspensionApprover, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<TerminationNotice> {
        let Act::Terminate(Terminate { contract, .. }) = asked.act()? else { return None };
        let named = asked.input.edition.has(editions::LETTERS_ARE_DETERMINED);
        let act = named.then(|| asked.input.id.clone());
        Some(TerminationNotice { contract: contract.clone(), act })
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    /// The ground is still there: one of the things that it rested on when the act was
    /// done, not another of the same clause.
    fn is_wanted(&self, case: &Case, state: &AccountState) -> bool {
        let is_open = |notice: &Termination| {
            let mut abouts = notice.circumstances.iter().map(|one| one.about(&notice.contract));
            abouts.any(|about| {
                let mut rights = state.rights.iter();
                rights.any(|right| right.right == notice.ground && right.about == about)
            })
        };
        !has_ended(state, &self.contract) && self.determined(case).is_some_and(is_open)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let TerminationNotice { contract, act } = self.clone();
        Some(Fact::TerminationNoticeSent(TerminationNoticeSent { contract, act, message_id }))
    }
}

impl TerminationNotice {
    /// The notice that carries out the act, or the last act where it is not said which.
    fn determined<'c>(&self, case: &'c Case) -> Option<&'c Termination> {
        latest(case, &self.contract, |consequence| match consequence {
            Consequence::TerminationNoticeDetermined(TerminationNoticeDetermined { notice })
                if notice.contract == self.contract
                    && self.act.as_ref().is_none_or(|act| notice.act == *act) =>
            {
                Some(notice.as_ref())
            }
            _ => None,
        })
    }
}

impl Letter for TerminationNotice {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let id = &self.contract;
        let reached = desk.reach(id).await?;
        let notice = self.determined(desk.case).ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{id}は解除されていません。",
                "{id}: nobody terminated it"
            ))
        })?;
        Ok(reached.draft(text(notice)))
    }
}

pub(super) fn text(notice: &Termination) -> Wording {
    let ground = cited(&notice.ground);
    let effect = match notice.on {
        Some(day) => format!("{}の終了時", written_day(day)),
        None => "このメールの送信時（第3条第2項）".to_owned(),
    };
    let mut records = vec![
        ("契約番号", notice.contract.to_string()),
        ("解除の根拠", ground.clone()),
        ("事情", circumstances(notice)),
        ("解除の効力", effect),
    ];
    let mut remarks = vec![
        "契約の終了後は、当社からお渡しした資料を直ちに廃棄し、貴社の設備からも消去してください（第19条第1項）。"
            .to_owned(),
    ];
    if let Some(unpaid) = unpaid(&notice.unpaid, notice.interest_to) {
        records.extend(unpaid);
        records.push(("お支払期日", format!("{}（第16条第2項）", written_day(notice.payable_by))));
        remarks
            .push("延滞利息はご入金日により計算し、別にご請求します（第26条第1項）。".to_owned());
    }
    Wording {
        subject: format!("【重要】利用契約の解除について（契約番号 {}）", notice.contract),
        greeting: PLAIN,
        paragraphs: vec![format!(
            "当社は{ground}に基づき、貴社との利用契約を下記のとおり解除します。"
        )],
        records,
        remarks,
    }
}

fn circumstances(notice: &Termination) -> String {
    let told = notice.circumstances.iter().map(|one| match one {
        Circumstance::Arrears { number, due, outstanding } => format!(
            "請求書 {number}（支払期日 {}、未払額 {}）が支払われていないこと。",
            written_day(*due),
            yen(*outstanding, Language::Japanese)
        ),
        Circumstance::Recorded { on, .. } => {
            let ground = ground(&notice.ground, Language::Japanese).unwrap_or("この事由");
            format!("「{ground}」に当たる事実を、{}に当社が確認したこと。", written_day(*on))
        }
    });
    told.collect::<Vec<_>>().join("\n")
}
