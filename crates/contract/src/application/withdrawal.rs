//! 9-9: an application is withdrawn.

use crate::declare::prelude::*;
use crate::ending::ended::LastDay;
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

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
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
