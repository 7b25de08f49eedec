//! What a wish to stop would come to, for programs. Nothing is registered.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Extension, Json};
use contract::Interrupt;
use contract::road::what_if::{StopResult, StopTrial};
use contract::who::roles::Permission;
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
    /// The day on which the customer wishes to stop, at most ten years after the present
    /// period of use; as early as it can be, if it is not said.
    desired: Option<Day>,
}

/// Both roads: with the cancellation form (15-1), and with a statement that the
/// contract shall not be extended (13-1b).
#[derive(Serialize, JsonSchema)]
pub struct Trial {
    contract: contract::declare::ids::ContractId,
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
    Extension(caller): Extension<Interrupt>,
) -> Result<Json<Trial>, Trouble> {
    let (_, contract, _) = app.contract(&contract).await?;
    let trial = app.engine.try_to_stop(&contract, asked.query.desired, &caller).await?;
    let StopTrial { contract, asked_at, desired, cancellation, non_renewal, unpaid } = trial;
    let unpaid = visitor.holds(Permission::ReadMoney).then_some(unpaid);
    Ok(Json(Trial { contract, asked_at, desired, cancellation, non_renewal, unpaid }))
}
