//! The review after a restore, for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use contract::declare::ids::AccountId;
use contract::who::roles::{Permission, Role};
use engine::WaysEnded;
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asked::Sent;
use super::once::{hat, once};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::restored::Decision;

/// What waits for a decision after a restore.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RestoreReview {
    /// `null` when no review is open.
    review: Option<OpenReview>,
    held: Vec<HeldEffect>,
}

/// A restore on which people have not yet said everything.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenReview {
    /// When the copy was made that was restored.
    backup_at: Moment,
    restored_at: Moment,
    /// Somebody has said which document numbers are free.
    numbers_known: bool,
    /// What the backup brought back of people and programs, and was ended.
    ended: WaysEnded,
}

/// An effect that may have been performed since the backup.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HeldEffect {
    id: String,
    account: AccountId,
    /// `mail`, `cloud`, `erase`, `book`.
    kind: String,
    /// What it is, such as `invoice_mail`.
    effect: String,
    /// To look for in the mail server's log; `null` for what is no mail.
    message_id: Option<String>,
}

/// A decision, and in which role it is made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    decision: Decision,
    role: Option<Role>,
}

/// It was done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Decided {
    /// How many effects are still held.
    held: usize,
}

pub async fn show(State(app): State<Arc<App>>) -> Result<Json<RestoreReview>, Trouble> {
    let review = app.engine.review().await?.map(|review| OpenReview {
        backup_at: review.backup_at,
        restored_at: review.restored_at,
        numbers_known: review.numbers_known,
        ended: review.ended,
    });
    let held = app.engine.held().await?.into_iter().map(|held| HeldEffect {
        effect: held.row.payload["effect"].as_str().unwrap_or_default().to_owned(),
        id: held.row.id,
        account: held.row.account,
        kind: held.row.kind,
        message_id: held.message_id,
    });
    Ok(Json(RestoreReview { review, held: held.collect() }))
}

pub async fn decide(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewDecision>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::SettleRestore)?;
    let text = json!(body).to_string();
    once(&app, &actor, &headers, &[b"restored", text.as_bytes()], async {
        app.settle_restore(&body.decision, &actor).await?;
        Ok(Decided { held: app.engine.held().await?.len() })
    })
    .await
}
