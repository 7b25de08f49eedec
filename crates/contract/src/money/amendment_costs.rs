//! 9-9: what an amendment cost before the service began.

use crate::application::receiving::Wish;
use crate::declare::prelude::*;
use crate::road::state::ApplicationStatus;
use crate::who::roles::Role::{Billing, ContractApprover, Legal, OrderDesk};

pub(crate) const COST_RECOVERY: Rule =
    Rule::new("cost_recovery", 1, "撤回に伴う費用", "costs of a withdrawal")
        .clauses(&["9-9"])
        .readings(&["A-13"])
        .told_by::<Costs>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Costs {
    pub costs: Vec<Yen>,
}

impl Told for Costs {
    const OF_AMOUNTS: bool = true;

    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let costs = self.costs.iter().map(|cost| yen(*cost, l)).collect::<Vec<_>>().join(" + ");
        Some(vec![say!(l, "かかった費用 {costs}", "costs incurred: {costs}")])
    }
}

/// 9-9: what an amendment after formation cost, beside its change contract.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ChargeAmendmentCosts {
    pub application: ApplicationId,
    pub costs: Vec<Yen>,
}

impl Entry for ChargeAmendmentCosts {
    const NAME: &'static str = "charge_amendment_costs";
    const CLAUSES: &'static [&'static str] = &["9-9"];
    const TITLE: Words = Words::new("変更の費用の請求", "costs of an amendment charged");

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ChargeAmendmentCosts { application, .. } = self;
        let sum = yen(self.amount().unwrap_or_default(), l);
        say!(
            l,
            "変更申込{application}の準備等の費用{sum}を請求する",
            "charge costs of {sum} for the amendment {application}"
        )
    }
}

impl Deed for ChargeAmendmentCosts {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[OrderDesk, Billing];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.costs.iter().copied().sum())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(amendment(asked.state, &self.application))
    }
}

/// 9-9, A-13: costs of an amendment are those before the service begins.
fn amendment(state: &AccountState, application: &ApplicationId) -> Vec<Finding> {
    let formed = state
        .applications
        .get(application)
        .filter(|found| found.status == ApplicationStatus::Formed);
    let change = formed.and_then(|found| match &found.content.wish {
        Wish::Change { contract, .. } => Some((found, state.contracts.get(contract)?)),
        Wish::New { .. } | Wish::Faulty { .. } => None,
    });
    let Some((found, contract)) = change else {
        return vec![Finding::blocking("9-9", "not_an_amendment", application)];
    };
    let received = found.received_at.day();
    let started = contract.lines.iter().any(|l| l.started_on.is_some_and(|on| on <= received));
    match () {
        () if contract.amendment_costs.iter().any(|costs| costs.application == found.input) => {
            vec![Finding::blocking("9-9", "already_charged", application)]
        }
        () if started => vec![Finding::blocking("9-9", "service_started", application)],
        () => Vec::new(),
    }
}
