//! Answers that everybody may keep: for a minute without asking, and on as long as they are
//! still the same.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::web::routes::{Route, Work};

const A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// Marks an answer of the public site, and spares whoever has it already.
///
/// The mark is made of the answer itself. It changes with whatever the answer rests on: a
/// notice, the terms, the operator's file, the program, the day.
pub async fn keep(State(route): State<&'static Route>, request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if route.work != Work::Site || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mark = blake3::hash(&bytes).to_hex();
    // Weak: on the way it may be compressed.
    let tag = format!("W/\"{}\"", &mark[..32]);
    let tag = HeaderValue::from_str(&tag).expect("digits and letters");
    let is_known = known.is_some_and(|known| names(&known, &tag));
    parts.headers.insert(header::ETAG, tag);
    parts.headers.insert(header::CACHE_CONTROL, A_WHILE);
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether a list of marks names this one, weak or not.
fn names(list: &HeaderValue, tag: &HeaderValue) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Ok(list), Ok(tag)) = (list.to_str(), tag.to_str()) else { return false };
    list.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_known_among_others_and_weak_or_not() {
        let tag = HeaderValue::from_static("W/\"abc\"");
        for known in ["W/\"abc\"", "\"abc\"", "\"x\", W/\"abc\"", "*"] {
            assert!(names(&HeaderValue::from_static(known), &tag), "{known}");
        }
        for other in ["", "abc", "W/\"abcd\"", "\"x\",\"y\""] {
            assert!(!names(&HeaderValue::from_static(other), &tag), "{other}");
        }
    }
}
