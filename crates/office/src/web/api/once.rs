//! `Idempotency-Key`: the same request twice is done once and answered alike.

use std::future::Future;

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use contract::declare::ids::InputId;
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use engine::Requested;
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::{App, words};

/// Ids that begin so are made by the engine itself.
const OWN_IDS: [&str; 7] =
    ["did-", "tick-", "received-", "issued-", "usage-", "cancellation-", "request-"];

/// Longer keys are no keys.
const LONGEST: usize = 200;

/// The key of a request: from the header, or from the body, not two of them.
pub fn key(headers: &HeaderMap, id: Option<&str>) -> Result<String, Trouble> {
    let header = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let key = match (id, header) {
        (Some(id), Some(header)) if id != header => {
            return Err(Trouble::unusable("id と Idempotency-Key が食い違っています。"));
        }
        (Some(key), _) | (None, Some(key)) if !key.trim().is_empty() => key.to_owned(),
        _ => {
            let detail = "Idempotency-Key で、この登録の番号を付けてください。";
            return Err(Trouble::unusable(detail));
        }
    };
    if key.chars().count() > LONGEST || key.chars().any(char::is_control) {
        let detail = format!("番号は {LONGEST} 文字までで、制御文字は使えません。");
        return Err(Trouble::unusable(detail));
    }
    if OWN_IDS.iter().any(|own| key.starts_with(own)) {
        let detail = format!("「{key}」のような番号はシステムが使います。別の番号にしてください。");
        return Err(Trouble::unusable(detail));
    }
    Ok(key)
}

/// Does something that is more than one registration, once under its key.
/// `content` is everything that makes the request what it is.
pub async fn once<T: Serialize>(
    app: &App,
    actor: &Actor,
    headers: &HeaderMap,
    content: &[&[u8]],
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<Response, Trouble> {
    let key = key(headers, None)?;
    let mut whole = json!({ "by": actor.id, "role": actor.role }).to_string().into_bytes();
    for part in content {
        whole.extend((part.len() as u64).to_be_bytes());
        whole.extend(*part);
    }
    // One key is for one request, whatever its path.
    let is_entry = app.engine.store.has_input(&InputId(key.clone())).await?;
    if is_entry && !app.engine.is_request(&key).await? {
        return Err(used(&key));
    }
    let answer = match app.engine.request(&key, &whole, actor).await? {
        Requested::Other => return Err(used(&key)),
        Requested::Answered(answer) => {
            let mut answer: Value = serde_json::from_slice(&answer)
                .map_err(|why| Trouble::unusable(format!("{key}: {why}")))?;
            answer["repeated"] = json!(true);
            return Ok((StatusCode::OK, Json(answer)).into_response());
        }
        Requested::New | Requested::Begun => json!(work.await?),
    };
    app.engine.answered(&key, answer.to_string().into_bytes()).await?;
    app.bring().await?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

pub fn used(key: &str) -> Trouble {
    let detail = format!("「{key}」は別の内容の登録に使われています。新しい番号で送ってください。");
    Trouble::new(StatusCode::CONFLICT, "key-used", "番号が使用済みです", detail)
}

/// The hat under which something is done that a permission allows.
pub fn hat(visitor: &Visitor, asked: Option<Role>, need: Permission) -> Result<Actor, Trouble> {
    let may = |role: Role| role.holds(need);
    let hat = visitor.acting(asked, may).filter(|hat| may(hat.role)).cloned();
    hat.ok_or_else(|| not_permitted(visitor, asked))
}

pub fn not_permitted(visitor: &Visitor, asked: Option<Role>) -> Trouble {
    let own: Vec<_> = visitor.hats.iter().map(|hat| words::role(hat.role)).collect();
    let detail = match asked {
        Some(role) => format!(
            "役割「{}」ではこれを登録できません。あなたの役割：{}",
            words::role(role),
            own.join("、")
        ),
        None => format!("あなたの役割（{}）ではこれを登録できません。", own.join("、")),
    };
    Trouble::new(StatusCode::FORBIDDEN, "forbidden", "権限がありません", detail)
}
