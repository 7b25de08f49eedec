//! Where somebody goes after signing in: a page of ours, or the start.

use super::routes::{Kind, ROUTES, Route};

/// The page that was asked for, if the table of routes has one at this path; else the
/// start page. Browsers forgive much in an address (`/\`, a tab between two slashes),
/// so nothing is kept that is not a path to the letter.
pub fn own_page(next: &str) -> &str {
    let is_page = |route: &Route| route.method == "GET" && route.kind == Kind::Page;
    let mut pages = ROUTES.iter().filter(|route| is_page(route));
    if is_path(next) && pages.any(|route| opens(route.path, next)) { next } else { "/" }
}

/// Slashes and the characters of a segment (RFC 3986, `pchar`); escapes in pairs, and
/// none of a control character.
fn is_path(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&c);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = |c: Option<u8>| c.and_then(|c| char::from(c).to_digit(16));
            match (hex(bytes.next()), hex(bytes.next())) {
                (Some(high), Some(low)) if high * 16 + low >= 0x20 && high * 16 + low != 0x7f => {}
                _ => return false,
            }
        } else if !plain(byte) {
            return false;
        }
    }
    text.starts_with('/')
}

/// Whether a path is one of a template of the table.
fn opens(template: &str, path: &str) -> bool {
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(segment)) if want.starts_with("{*") => {
                let rest = std::iter::once(segment).chain(given);
                return rest.into_iter().all(is_name);
            }
            (Some(want), Some(segment)) if want.starts_with('{') && is_name(segment) => {}
            (Some(want), Some(segment)) if want == segment => {}
            _ => return false,
        }
    }
}

/// Not empty, and no step up or on the spot.
fn is_name(segment: &str) -> bool {
    let dots = segment.to_ascii_lowercase().replace("%2e", ".");
    !segment.is_empty() && dots != "." && dots != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_table_is_reached_again_after_signing_in() {
        for route in ROUTES.iter().filter(|route| route.method == "GET" && route.kind == Kind::Page)
        {
            let path: Vec<_> = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { "K-1%E5%A5%91" } else { part })
                .collect();
            let path = path.join("/");
            assert_eq!(own_page(&path), path, "{}", route.path);
        }
        assert_eq!(own_page("/entries/A-1/mail/2026/1"), "/entries/A-1/mail/2026/1");
    }

    #[test]
    fn nobody_is_sent_elsewhere_after_signing_in() {
        let mut tricky = vec![String::new(), "https://evil.example".into(), "contracts".into()];
        // What browsers drop, forgive or take for a slash, between the slashes and after.
        let between = [
            "", "\t", "\n", "\r", "\0", "\\", "\u{b}", "\u{c}", " ", "%09", "%0a", "%0d", "%00",
            "%7f", "%", "%2", "%zz", "%5c", "%2f", ".", "..", "%2e", "%2E%2e", "\u{a0}",
            "\u{3000}", "\u{ff0f}", "\u{2215}", "@", "user@", ":", ";", "?", "#",
        ];
        for part in between {
            tricky.push(format!("/{part}/evil.example"));
            tricky.push(format!("{part}//evil.example"));
            tricky.push(format!("/{part}evil.example"));
            tricky.push(format!("//{part}evil.example/contracts"));
            tricky.push(format!("{part}https:{part}//evil.example"));
            tricky.push(format!("/contracts/{part}/evil"));
            if !part.is_empty() && !"@user@:;".contains(part) && part != "%5c" && part != "%2f" {
                tricky.push(format!("/contracts/{part}"));
            }
        }
        for scheme in ["javascript:alert(1)", "data:text/html,x", "//[::1]", "/nothing-of-ours"] {
            tricky.push(scheme.to_owned());
        }
        for next in tricky {
            assert_eq!(own_page(&next), "/", "{next:?}");
        }
    }
}
