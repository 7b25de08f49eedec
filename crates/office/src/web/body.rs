//! The body of a request: nothing is read of it before it is known who sends it and
//! how much the route allows, and then not more, and not for ever.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::answer::Trouble;
use super::csrf::Awaited;
use super::routes::Route;
use super::{App, csrf};

/// So many bytes have to come in a second, once the first time has passed.
const SLOWEST: usize = 16 * 1024;

/// A request whose body is there, and the room that it takes up until it is answered.
pub struct Taken {
    pub request: Request,
    pub room: Option<OwnedSemaphorePermit>,
}

/// Reads the body of a request. `token` is what its form has to carry; a request with
/// a key has none.
///
/// # Errors
/// When there is more than the route allows, when it comes too slowly, or when it is
/// none of our forms.
pub async fn take(
    app: &App,
    route: &Route,
    request: Request,
    token: Option<&str>,
) -> Result<Taken, Trouble> {
    let (parts, body) = request.into_parts();
    let length = announced(&parts.headers);
    if length.is_some_and(|length| length > route.limit) {
        return Err(too_large(route.limit));
    }
    let awaited = match token {
        Some(token) => csrf::awaited(&parts.headers, token)?,
        None => None,
    };
    let patience = app.gate.limits.body();
    let room = app.gate.room.claim(length.unwrap_or(route.limit), patience).await?;
    let bytes = read(body, route.limit, patience, awaited, |bytes| app.gate.room.note_read(bytes));
    let request = Request::from_parts(parts, Body::from(bytes.await?));
    Ok(Taken { request, room })
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(
    mut body: Body,
    limit: usize,
    patience: Duration,
    mut awaited: Option<Awaited<'_>>,
    note: impl Fn(usize),
) -> Result<Bytes, Trouble> {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    loop {
        let earned = Duration::from_secs((bytes.len() / SLOWEST) as u64);
        let frame = match timeout_at(begun + patience + earned, body.frame()).await {
            Err(_) => return Err(too_slow()),
            Ok(None) => break,
            Ok(Some(frame)) => frame.map_err(|why| broken(&why.to_string()))?,
        };
        let Ok(data) = frame.into_data() else { continue };
        note(data.len());
        if bytes.len() + data.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&data);
        if bytes.len() >= csrf::WITHIN
            && let Some(awaited) = awaited.take()
        {
            awaited.look(&bytes)?;
        }
    }
    if let Some(awaited) = awaited {
        awaited.look(&bytes)?;
    }
    Ok(bytes.into())
}

fn too_large(limit: usize) -> Trouble {
    let most = match limit {
        limit if limit < 1024 * 1024 => format!("{} KiB", limit / 1024),
        limit => format!("{} MiB", limit / 1024 / 1024),
    };
    let detail = format!("一度に送れるのは {most} までです。内容を分けるか、小さくしてください。");
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Trouble::new(status, "too-large", "送られた内容が大きすぎます", detail)
}

fn too_slow() -> Trouble {
    let detail = "送信が途中で止まりました。通信を確かめて、もう一度送ってください。";
    Trouble::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "受信できませんでした", detail)
}

fn broken(why: &str) -> Trouble {
    let detail = format!("送信が途中で切れました（{why}）。もう一度送ってください。");
    Trouble::new(StatusCode::BAD_REQUEST, "broken", "受信できませんでした", detail)
}
