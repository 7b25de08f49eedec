//! For search engines: what they may read, and where it is.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{PreEscaped, html};
use reckon::Moment;

use super::frame::MENU;
use super::{public, terms};
use crate::web::answer::Trouble;
use crate::web::{App, parts};

/// More a sitemap must not name.
const MOST: usize = 50_000;

/// Of all that is served under this name, the public site alone.
pub async fn robots(State(app): State<Arc<App>>) -> Response {
    let sitemap = app.public_address("/site/sitemap.xml");
    let text =
        format!("User-agent: *\nAllow: /site\nAllow: /looks/\nDisallow: /\n\nSitemap: {sitemap}\n");
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

pub async fn sitemap(State(app): State<Arc<App>>) -> Result<Response, Trouble> {
    let held = app.engine.announcements().await?;
    let lasting = ["/site"].into_iter().chain(MENU.map(|(path, _)| path)).map(str::to_owned);
    let versions = terms::versions(&app.engine.pack);
    let versions = versions.iter().map(|one| parts::path("/site/terms", &one.version));
    let pages = lasting.chain(versions).map(|path| (path, None));
    let notices = public(&held).into_iter().map(|one| {
        let posted = one.posted.as_ref().map(|posted| posted.at);
        let withdrawn = one.withdrawn.as_ref().map(|withdrawn| withdrawn.at);
        (one.page(), posted.max(withdrawn))
    });
    let pages: Vec<(String, Option<Moment>)> = pages.chain(notices).take(MOST).collect();
    let map = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for (path, changed) in pages {
                url {
                    loc { (app.public_address(&path)) }
                    @if let Some(at) = changed { lastmod { (at) } }
                }
            }
        }
    };
    let kind = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    Ok((kind, map.into_string()).into_response())
}
