//! 9-9: an application is withdrawn.

use crate::application::receiving::{Wish, while_open};
use crate::declare::prelude::*;
use crate::ending::ended::LastDay;
use crate::road::state::ApplicationStatus;
use reckon::TaxRate;

pub(crate) const WITHDRAWAL: Rule = Rule::new("withdrawal", 1, "申込の撤回", "withdrawal")
    .clauses(&["9-9"])
    .readings(&["A-13"])
    .parameters(&["withdrawal.until"])
    .told_by::<LastDay>();

/// Withdrawal of an application; after formation with its costs (9-9).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ApplicationWithdrawn {
    pub application: ApplicationId,
    #[serde(default)]
    pub costs: Vec<Yen>,
}

impl Entry for ApplicationWithdrawn {
    const NAME: &'static str = "application_withdrawn";
    const CLAUSES: &'static [&'static str] = &["9-9"];
    const TITLE: Words = Words::new("申込の撤回", "application withdrawn");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(
        Door::of_application(
            "申込者からの撤回を登録します。契約が成立する前なら費用はかかりません。成立したあとは、準備に要した費用を契約者に請求します。",
            "The applicant takes the application back. Before the contract has formed it costs nothing; afterwards the costs of preparation are charged.",
        )
        .word("withdraw")
        .offer("撤回が届いた", "a withdrawal arrived")
        .asks(&[Field::yens("costs", "準備等に要した費用（税抜、円）", "Costs of preparation, yen without tax")
            .called("cost")
            .hint("費用がなければ空のままにします。", "Nothing, if there were none.")
            .optional()])
        .at("撤回が届いた日時", "When the withdrawal arrived")
        .here(withdrawing),
    );

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let ApplicationWithdrawn { application, costs } = self;
        let costs = yen(costs.iter().copied().sum(), l);
        say!(
            l,
            "申込{application}の撤回（かかった費用 {costs}）",
            "application {application} withdrawn (costs incurred: {costs})"
        )
    }
}

fn withdrawing(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(application) = asked.application(id) else { return Here::default() };
    let here = while_open(asked, id, l);
    if application.status != ApplicationStatus::Formed {
        return here.hidden("costs");
    }
    let late = match &application.content.wish {
        Wish::Change { from, .. } => {
            let from = day(*from, l);
            say!(
                l,
                "変更日（{from}）以後に届いた撤回には効力がなく、費用も請求しません。",
                "A withdrawal that arrives on or after the day of the change ({from}) has no effect and costs nothing."
            )
        }
        _ => l
            .pick(
                "利用開始の後に届いた撤回には効力がなく、費用も請求しません。",
                "A withdrawal that arrives after the use began has no effect and costs nothing.",
            )
            .to_owned(),
    };
    here.note(late)
}

/// 9-9: what a withdrawal or amendment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct WithdrawalCost {
    pub payable: bool,
    pub cost: Yen,
    pub tax: Yen,
}

/// 9-9: all costs of preparation and their tax, but only after formation.
pub fn withdrawal_cost(
    formed_at: Option<Moment>,
    withdrawn_at: Moment,
    costs: &[Yen],
    rate: TaxRate,
) -> WithdrawalCost {
    let payable = formed_at.is_some_and(|formed| formed <= withdrawn_at);
    if !payable {
        return WithdrawalCost { payable, cost: Yen::ZERO, tax: Yen::ZERO };
    }
    let cost = costs.iter().copied().sum();
    WithdrawalCost { payable, cost, tax: rate.on(cost) }
}
