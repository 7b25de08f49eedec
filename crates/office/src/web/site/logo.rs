//! The operator's logo, which is read once, when the program starts.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::web::App;
use crate::web::answer::Trouble;

/// So many bytes it may have.
const MOST: usize = 256 << 10;

/// An image as it is sent.
#[derive(Debug, Clone)]
pub struct Logo {
    kind: HeaderValue,
    bytes: Bytes,
}

impl Logo {
    /// # Errors
    /// When the file cannot be read, or is no logo.
    pub fn read(path: &Path) -> anyhow::Result<Logo> {
        let told = || format!("the logo {} of the operator's file", path.display());
        let bytes = std::fs::read(path).with_context(told)?;
        Logo::of(path, bytes).with_context(told)
    }

    /// # Errors
    /// When its name or its size is not that of a logo.
    pub fn of(name: &Path, bytes: Vec<u8>) -> anyhow::Result<Logo> {
        let kind = match name.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            _ => bail!("name a file that ends in .svg or .png"),
        };
        if bytes.is_empty() || bytes.len() > MOST {
            bail!("it has {} bytes; from 1 to {MOST} are taken", bytes.len());
        }
        Ok(Logo { kind: HeaderValue::from_static(kind), bytes: bytes.into() })
    }
}

pub async fn show(State(app): State<Arc<App>>) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("画像", "logo", "トップページからお進みください。");
    let logo = app.logo.as_ref().ok_or_else(missing)?;
    // A drawing may set its own colours, and nothing else.
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    );
    let headers =
        [(header::CONTENT_TYPE, logo.kind.clone()), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, logo.bytes.clone()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_a_small_drawing_or_picture() {
        let of = |name: &str, length| Logo::of(Path::new(name), vec![b' '; length]);
        assert_eq!(of("logo.svg", 100).unwrap().kind, "image/svg+xml");
        assert_eq!(of("logo.png", MOST).unwrap().kind, "image/png");
        for (name, length) in [("logo.html", 100), ("svg", 100), ("a.svg", 0), ("a.png", MOST + 1)]
        {
            assert!(of(name, length).is_err(), "{name} {length}");
        }
        let missing = Logo::read(Path::new("nowhere/logo.svg")).unwrap_err();
        assert!(missing.to_string().contains("nowhere/logo.svg"), "{missing}");
    }
}
