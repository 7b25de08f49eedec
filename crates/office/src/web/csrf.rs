//! Was a form really sent from one of our pages? Every form carries a token that is
//! made from the cookie; another site can send the cookie along, but not read it.

use axum::http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};

use super::answer::Trouble;
use crate::access::same_csrf;

/// The name of the field, and of the header for programs that use a session.
const FIELD: &str = "csrf";
const HEADER: &str = "x-csrf-token";

/// The field is the first of every form, and is looked for within so many bytes: the
/// file of a form from elsewhere is not read.
pub const WITHIN: usize = 16 * 1024;

/// The field of a form.
pub fn field(token: &str) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(token); }
}

/// A token that has to stand in the body.
pub struct Awaited<'a> {
    expected: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Pairs,
    Parts,
}

/// What the head leaves open: nothing, when it carries the token itself.
///
/// # Errors
/// When it carries another one, or announces a body that cannot have it.
pub fn awaited<'a>(headers: &HeaderMap, expected: &'a str) -> Result<Option<Awaited<'a>>, Trouble> {
    if expected.is_empty() {
        return Err(stale());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(sent) = text(HEADER) {
        return if same_csrf(sent, expected) { Ok(None) } else { Err(stale()) };
    }
    let kind = match text(header::CONTENT_TYPE.as_str()) {
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => Kind::Pairs,
        Some(kind) if kind.starts_with("multipart/form-data") => Kind::Parts,
        _ => return Err(stale()),
    };
    Ok(Some(Awaited { expected, kind }))
}

impl Awaited<'_> {
    /// Looks for the token in the body, or in what has come of it.
    ///
    /// # Errors
    /// When it is missing or another one.
    pub fn look(self, bytes: &[u8]) -> Result<(), Trouble> {
        let begun = &bytes[..bytes.len().min(WITHIN)];
        match sent(self.kind, begun) {
            Some(sent) if same_csrf(&sent, self.expected) => Ok(()),
            _ => Err(stale()),
        }
    }
}

fn stale() -> Trouble {
    let detail = "画面が古くなっています。ページを開き直して、もう一度送ってください。";
    Trouble::new(StatusCode::FORBIDDEN, "stale-form", "受け付けられない要求です", detail)
}

/// The token in a form of either kind.
fn sent(kind: Kind, bytes: &[u8]) -> Option<String> {
    match kind {
        Kind::Pairs => {
            // Hexadecimal text stands in a form as it is.
            let text = String::from_utf8_lossy(bytes);
            let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == FIELD).map(|(_, value)| value.to_owned())
        }
        Kind::Parts => {
            let mark = format!("name=\"{FIELD}\"\r\n\r\n");
            let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes())?;
            let rest = &bytes[at + mark.len()..];
            let end = rest.windows(2).position(|window| window == b"\r\n")?;
            String::from_utf8(rest[..end].to_vec()).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::csrf_of;

    fn head(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    /// Whether a body of this kind passes.
    fn passes(kind: &str, body: &str, expected: &str) -> bool {
        let head = head("content-type", kind);
        awaited(&head, expected).is_ok_and(|awaited| awaited.unwrap().look(body.as_bytes()).is_ok())
    }

    #[test]
    fn the_token_is_found_in_forms_and_headers_only() {
        let (good, bad) = (csrf_of("good").unwrap(), csrf_of("bad").unwrap());
        let again = csrf_of("good").unwrap();
        let form = "application/x-www-form-urlencoded";
        assert!(passes(form, &format!("a=1&csrf={good}&b=2"), &again));
        assert!(!passes(form, &format!("a=1&csrf={bad}"), &good));
        assert!(!passes(form, "a=1", &good));
        assert!(!passes("application/json", &format!(r#"{{"csrf":"{good}"}}"#), &good));
        let parts = "multipart/form-data; boundary=x";
        let named = "Content-Disposition: form-data; name=\"csrf\"";
        let file = format!("--x\r\n{named}\r\n\r\n{good}\r\n--x--");
        assert!(passes(parts, &file, &again));
        assert!(!passes(parts, &file, &bad));
        assert!(!passes(parts, &format!("{}{file}", "a".repeat(WITHIN)), &good), "too far back");
        assert!(awaited(&head("x-csrf-token", &good), &again).is_ok_and(|left| left.is_none()));
        assert!(awaited(&head("x-csrf-token", &bad), &good).is_err());
    }

    #[test]
    fn where_there_is_no_token_none_is_the_right_one() {
        assert!(!passes("application/x-www-form-urlencoded", "csrf=", ""));
        assert!(awaited(&head("x-csrf-token", ""), "").is_err());
    }
}
