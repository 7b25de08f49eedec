//! The two cookies: that of a session, and that of forms before there is one.

use axum::http::{HeaderMap, HeaderValue, header};

use super::here::Front;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    Session,
    /// Binds the form of the sign-in page to the browser that asked for it.
    Form,
}

impl Cookie {
    /// Behind TLS the prefix `__Host-` ties the cookie to this very host.
    pub fn name(self, front: &Front) -> String {
        let name = match self {
            Cookie::Session => "yakkan",
            Cookie::Form => "yakkan-form",
        };
        if front.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
    }

    pub fn read(self, front: &Front, headers: &HeaderMap) -> Option<String> {
        let name = self.name(front);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs =
            lines.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
        let (_, value) = pairs.find(|(found, _)| found.trim() == name)?;
        let token = value.trim();
        // Only what we set ourselves: 256 bits in hexadecimal.
        let ours = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        ours.then(|| token.to_owned())
    }

    /// The header that sets it; an empty token takes it away.
    pub fn set(self, front: &Front, token: &str) -> HeaderValue {
        let secure = if front.is_secure() { "; Secure" } else { "" };
        let age = if token.is_empty() { "; Max-Age=0" } else { "" };
        let text =
            format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name(front));
        HeaderValue::from_str(&text).expect("names and hexadecimal text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_tls_the_cookie_is_tied_to_the_host() {
        let token = "a1".repeat(32);
        let open = Front::default();
        let secure = Front::behind("https://desk.example.jp", Vec::new()).unwrap();
        let set = Cookie::Session.set(&secure, &token);
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-yakkan=a1a1") && set.contains("; Secure"), "{set}");
        assert!(set.contains("; HttpOnly") && set.contains("; Path=/;") && !set.contains("Domain"));
        let plain = Cookie::Session.set(&open, &token);
        assert!(plain.to_str().unwrap().starts_with("yakkan=a1"));
        let mut headers = HeaderMap::new();
        let line = format!("x=1; yakkan={token}; yakkan-form=short");
        headers.insert(header::COOKIE, line.parse().unwrap());
        assert_eq!(Cookie::Session.read(&open, &headers), Some(token));
        assert_eq!(Cookie::Form.read(&open, &headers), None);
        assert_eq!(Cookie::Session.read(&secure, &headers), None);
    }
}
