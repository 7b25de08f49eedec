//! What is registered of a customer, and its changes (10-1, 30-2).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contract::who::roles::{Permission, Role};
use engine::{ToldChange, ToldOn};
use reckon::{Day, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::Sent;
use super::once::{hat, key, once};
use super::shapes::Taken;
use super::steps::{past, text};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::registered::Registered;

/// A change as the customer told it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDataChange {
    change: ToldChange,
    /// The day from which it holds; it may be to come.
    planned_on: Day,
    /// The customer had not planned it, so that no limit of 10-1 applies.
    #[serde(default)]
    unplanned: bool,
    /// When it was told; now, if it is not said.
    told_at: Option<Moment>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(contract): Path<String>,
) -> Result<Json<Registered>, Trouble> {
    let (mut registered, _) = app.registered(&contract).await?;
    registered.show_to(&visitor);
    Ok(Json(registered))
}

pub async fn tell(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(contract): Path<String>,
    Sent(body): Sent<NewDataChange>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::RegisterArrival)?;
    let told_at = past(&app, body.told_at, "told_at")?;
    let (account, contract, _) = app.contract(&contract).await?;
    let id = format!("change-{}", key(&headers, None)?);
    let content: [&[u8]; 3] = [b"data change", contract.0.as_bytes(), &text(&body)];
    once(&app, &actor, &headers, &content, async {
        let on = ToldOn {
            at: told_at,
            planned_on: body.planned_on,
            unplanned: body.unplanned,
            actor: &actor,
            reason: &body.reason,
        };
        let found = app.engine.tell_change(&id, &account, &contract, body.change.clone(), on);
        Ok(Taken::of(found.await?))
    })
    .await
}
