//! What a wish to stop would come to, for programs. Nothing is registered.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contract::roles::Permission;
use contract::what_if::{StopResult, StopTrial};
use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::Asked;
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Desired {
    /// The day on which the customer wishes to stop; as early as it can be, if it is not said.
    desired: Option<Day>,
}

/// Both roads: with the cancellation form (15-1), and with a statement that the
/// contract shall not be extended (13-1b).
#[derive(Serialize, JsonSchema)]
pub struct Trial {
    contract: contract::ids::ContractId,
    asked_at: Moment,
    desired: Option<Day>,
    cancellation: Option<StopResult>,
    non_renewal: Option<StopResult>,
    /// Invoices of the account that are unpaid today, with tax; for those who see money.
    unpaid: Option<Yen>,
}

pub async fn stop_trial(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(contract): Path<String>,
    asked: Asked<Desired>,
) -> Result<Json<Trial>, Trouble> {
    let (_, contract, _) = app.contract(&contract).await?;
    let desired = asked.query.desired;
    let today = app.engine.now().day();
    if let Some(past) = desired.filter(|day| *day < today) {
        return Err(Trouble::unusable(format!("desired {past} は過ぎた日です（今日 {today}）。")));
    }
    let trial = app.engine.try_to_stop(&contract, desired).await?;
    let StopTrial { contract, asked_at, desired, cancellation, non_renewal, unpaid } = trial;
    let unpaid = visitor.holds(Permission::ReadMoney).then_some(unpaid);
    Ok(Json(Trial { contract, asked_at, desired, cancellation, non_renewal, unpaid }))
}
