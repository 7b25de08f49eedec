//! Style sheets and icon, parts of the program. Their names change with their content,
//! so that a browser may keep them.

use std::sync::{Arc, LazyLock};

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::App;
use super::answer::Trouble;

/// What never changes under its name.
pub struct Look {
    name: String,
    kind: &'static str,
    text: &'static str,
}

pub static STYLE: LazyLock<Look> = LazyLock::new(|| {
    Look::of("style", "css", "text/css; charset=utf-8", include_str!("style.css"))
});
pub static SITE_STYLE: LazyLock<Look> = LazyLock::new(|| {
    Look::of("site", "css", "text/css; charset=utf-8", include_str!("site/site.css"))
});
pub static ICON: LazyLock<Look> =
    LazyLock::new(|| Look::of("icon", "svg", "image/svg+xml", include_str!("icon.svg")));

impl Look {
    fn of(stem: &str, ending: &str, kind: &'static str, text: &'static str) -> Look {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        Look { name: format!("{stem}-{}.{ending}", &hash[..16]), kind, text }
    }

    pub fn path(&self) -> String {
        format!("/looks/{}", self.name)
    }
}

pub async fn one(State(_): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Trouble> {
    let look = [&STYLE, &SITE_STYLE, &ICON].into_iter().find(|look| look.name == name);
    let look = look
        .ok_or_else(|| Trouble::not_found("表示の定義", &name, "ページを開き直してください。"))?;
    let kept = "public, max-age=31536000, immutable";
    let headers = [(header::CONTENT_TYPE, look.kind), (header::CACHE_CONTROL, kept)];
    Ok((headers, look.text).into_response())
}
