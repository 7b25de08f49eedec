//! Nothing that a request brings lies beyond its bounds. Query, form and JSON of
//! every route are looked at here before a handler reads them, so that none can be
//! forgotten; how far they may go stands in [`contract::bounds`]. Days on pages are
//! left to the form, which says beside the field what is wrong.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use contract::road::bounds::{LONGEST_TEXT, text_problem};
use contract::road::plausible;
use serde_json::Value;

use super::answer::Trouble;
use super::routes::{Kind, Route};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

type Pairs = Vec<(String, String)>;

pub async fn check(State(route): State<&'static Route>, request: Request, next: Next) -> Response {
    match within(route, request).await {
        Ok(request) => next.run(request).await,
        Err(trouble) => trouble.into_response(),
    }
}

async fn within(route: &Route, request: Request) -> Result<Request, Trouble> {
    look(route, &query(request.uri()))?;
    let kind = kind(request.headers()).filter(|kind| [FORM, JSON].contains(kind));
    let kind = kind.filter(|_| request.method() == Method::POST);
    let Some(kind) = kind.map(str::to_owned) else { return Ok(request) };
    let (parts, body) = request.into_parts();
    // The guard has read it, up to the limit of the route.
    let read = to_bytes(body, route.limit).await;
    let bytes = read.map_err(|why| Trouble::unusable(why.to_string()))?;
    match kind.as_str() {
        FORM => look(route, &form(&bytes).await)?,
        _ => look_at_json(&bytes)?,
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// The type of a body without its parameters.
fn kind(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or_default().trim())
}

/// What cannot be read has no pairs: its handler says so.
fn query(uri: &Uri) -> Pairs {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

async fn form(bytes: &Bytes) -> Pairs {
    let copy = Request::post("/").header(header::CONTENT_TYPE, FORM);
    let Ok(copy) = copy.body(Body::from(bytes.clone())) else { return Pairs::new() };
    Form::from_request(copy, &()).await.map(|Form(pairs)| pairs).unwrap_or_default()
}

fn look(route: &Route, pairs: &Pairs) -> Result<(), Trouble> {
    pairs.iter().try_for_each(|(name, value)| match route.kind {
        Kind::Page => look_at_text(name, value),
        Kind::Api | Kind::File => match text_problem(value) {
            Some(problem) => Err(Trouble::unusable(format!("{} {problem}", short(name)))),
            None => Ok(()),
        },
    })
}

fn look_at_json(bytes: &Bytes) -> Result<(), Trouble> {
    // What cannot be read is told by its handler, with the place.
    let Ok(Json(value)) = Json::<Value>::from_bytes(bytes) else { return Ok(()) };
    match plausible::beyond("body", &value) {
        Some(problem) => Err(Trouble::unusable(problem)),
        None => Ok(()),
    }
}

/// A text that somebody typed into a page.
///
/// # Errors
/// When it is longer than any field, or holds what no store keeps.
pub fn look_at_text(name: &str, value: &str) -> Result<(), Trouble> {
    let (name, length) = (short(name), value.chars().count());
    let problem = match value.contains('\0') {
        true => "に使えない文字（U+0000）があります。取り除いてください。".to_owned(),
        false if length > LONGEST_TEXT => {
            format!("は {length} 文字あります。{LONGEST_TEXT} 文字以内にしてください。")
        }
        false => return Ok(()),
    };
    Err(Trouble::unusable(format!("入力「{name}」{problem}")))
}

/// Of a name, so much as tells which it is.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
