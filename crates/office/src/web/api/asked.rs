//! What a caller asks: the query and the body, each with its trouble told as such.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::web::answer::Trouble;

/// The query of a request, read, and the same request without its cursor.
#[derive(Debug, Clone)]
pub struct Asked<T> {
    pub query: T,
    /// Path and query up to where a cursor can be added.
    link: String,
}

impl<T> Asked<T> {
    /// Where the next page stands.
    pub fn next(&self, cursor: &str) -> String {
        format!("{}cursor={cursor}", self.link)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<T>, Trouble> {
        let Query(query) =
            Query::try_from_uri(&parts.uri).map_err(|why| Trouble::unusable(why.body_text()))?;
        let others = parts.uri.query().unwrap_or_default().split('&');
        let others = others.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let mut link = format!("{}?", parts.uri.path());
        for pair in others {
            link.push_str(pair);
            link.push('&');
        }
        Ok(Asked { query, link })
    }
}

/// A body of JSON.
#[derive(Debug, Clone)]
pub struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Sent<T>, Trouble> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Sent(body)),
            Err(why) => Err(unreadable(why)),
        }
    }
}

/// The status tells bad JSON, a missing content type and too much of it apart.
pub fn unreadable(why: JsonRejection) -> Trouble {
    Trouble { status: why.status(), ..Trouble::unusable(why.body_text()) }
}

/// How many rows a page has.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u32")]
pub struct Limit(u32);

const MOST: u32 = 200;
const USUAL: u32 = 50;

impl Limit {
    pub fn rows(asked: Option<Limit>) -> usize {
        asked.map_or(USUAL, |limit| limit.0) as usize
    }
}

impl TryFrom<u32> for Limit {
    type Error = String;

    fn try_from(rows: u32) -> Result<Limit, String> {
        match rows {
            1..=MOST => Ok(Limit(rows)),
            _ => Err(format!("limit is {rows}, not between 1 and {MOST}")),
        }
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Limit".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL })
    }
}
