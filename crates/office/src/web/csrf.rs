//! Was a form really sent from one of our pages? Every form carries a token that is
//! made from the cookie; another site can send the cookie along, but not read it.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};

use super::answer::Trouble;
use crate::access::is_same;

/// The name of the field, and of the header for programs that use a session.
const FIELD: &str = "csrf";
const HEADER: &str = "x-csrf-token";

/// No form of ours is larger: usage and bank files are.
const LARGEST: usize = 64 * 1024 * 1024;

/// The field of a form.
pub fn field(token: &str) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(token); }
}

/// Looks for the token; the request comes back whole.
///
/// # Errors
/// When it is missing or another one, or the body cannot be read.
pub async fn check(request: Request, expected: &str) -> Result<Request, Trouble> {
    let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    if header.is_some_and(|sent| is_same(sent, expected)) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST).await.map_err(|why| {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Trouble::new(status, "too-large", "送られた内容が大きすぎます", why.to_string())
    })?;
    match sent(&parts.headers, &bytes) {
        Some(sent) if is_same(&sent, expected) => Ok(Request::from_parts(parts, Body::from(bytes))),
        _ => Err(stale()),
    }
}

fn stale() -> Trouble {
    let detail = "画面が古くなっています。ページを開き直して、もう一度送ってください。";
    Trouble::new(StatusCode::FORBIDDEN, "stale-form", "受け付けられない要求です", detail)
}

/// The token in a form of either kind.
fn sent(headers: &HeaderMap, bytes: &Bytes) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if kind.starts_with("application/x-www-form-urlencoded") {
        // Hexadecimal text stands in a form as it is.
        let text = std::str::from_utf8(bytes).ok()?;
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        return pairs.find(|(name, _)| *name == FIELD).map(|(_, value)| value.to_owned());
    }
    if kind.starts_with("multipart/form-data") {
        let mark = format!("name=\"{FIELD}\"\r\n\r\n");
        let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes())?;
        let rest = &bytes[at + mark.len()..];
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        return String::from_utf8(rest[..end].to_vec()).ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(kind: &str, body: &str) -> Request {
        Request::post("/x").header("content-type", kind).body(Body::from(body.to_owned())).unwrap()
    }

    #[tokio::test]
    async fn the_token_is_found_in_forms_and_headers_only() {
        let form = "application/x-www-form-urlencoded";
        let whole = check(request(form, "a=1&csrf=good&b=2"), "good").await.unwrap();
        assert_eq!(to_bytes(whole.into_body(), 99).await.unwrap(), "a=1&csrf=good&b=2");
        assert!(check(request(form, "a=1&csrf=bad"), "good").await.is_err());
        assert!(check(request(form, "a=1"), "good").await.is_err());
        assert!(check(request("application/json", r#"{"csrf":"good"}"#), "good").await.is_err());
        let file = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ngood\r\n--x--";
        assert!(check(request("multipart/form-data; boundary=x", file), "good").await.is_ok());
        assert!(check(request("multipart/form-data; boundary=x", file), "other").await.is_err());
        let json = Request::post("/x").header("x-csrf-token", "good").body(Body::empty()).unwrap();
        assert!(check(json, "good").await.is_ok());
    }
}
