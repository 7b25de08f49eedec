//! The frame around every page, and the answer's last form.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use contract::who::roles::Permission;
use document::wording::{self, Language};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;
use tokio::time::timeout;

use super::answer::{Page, Trouble};
use super::api::shapes::Ground;
use super::entry::peer_of;
use super::limits::crowded;
use super::need::Admission;
use super::routes::{ROUTES, Route};
use super::site::{self, Part};
use super::{App, Front, csrf, looks, words};
use crate::access::Visitor;

/// Brings what is due, sees who comes, lets the route answer, and gives the answer
/// its form.
pub async fn dress(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // Set by the forms that send people here after something was registered.
    let query = request.uri().query().unwrap_or_default();
    let told = query.split('&').find_map(|one| one.strip_prefix("done="));
    let is_key = |key: &str| key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let told = told.filter(|told| *told == "1" || is_key(told));
    let (told, done) = (told.map(str::to_owned), told.is_some());
    let (visitor, mut response) = answered(&app, request, next).await;
    let status = response.status();
    let set = response.headers().clone();
    let visitor = visitor.as_ref();
    let review = visitor.is_some() && app.is_under_review().await;
    let is_page = response.extensions().get::<Page>().is_some();
    let waiting = match visitor.filter(|_| is_page) {
        Some(visitor) => app.waiting(visitor, done).await,
        None => None,
    };
    let menu = Menu { review, waiting };
    if let Some(mut page) = response.extensions_mut().remove::<Page>() {
        if done {
            let of = told.zip(visitor);
            let what = of.and_then(|(key, visitor)| app.afterwards.take(&key, &visitor.person));
            let body = page.body;
            page.body = html! {
                div.done role="status" { p { "登録しました。" } @if let Some(what) = what { (what) } }
                (body)
            };
        }
        app.tell_ids(&mut page).await;
        response = whole(&app, &path, visitor, menu, &page).into_response();
    } else if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        response = match () {
            () if app.tells_in_public(&path) => {
                site::frame::trouble(&app, &trouble).into_response()
            }
            () if is_api(&path) => problem(&trouble),
            () => {
                let page = trouble_page(&trouble);
                whole(&app, &path, visitor, menu, &page).into_response()
            }
        };
    }
    if is_api(&path) && told_as_text(&response) {
        response = problem(&Trouble::told(response).await);
    }
    *response.status_mut() = status;
    for name in [header::SET_COOKIE, header::WWW_AUTHENTICATE, header::RETRY_AFTER] {
        response.headers_mut().remove(&name);
        for value in set.get_all(&name) {
            response.headers_mut().append(&name, value.clone());
        }
    }
    protect(&app.front, &mut response);
    response
}

/// Who came, and what the route answers, in the time that a request has.
async fn answered(app: &App, mut request: Request, next: Next) -> (Option<Visitor>, Response) {
    let peer = peer_of(&request);
    let (method, headers) = (request.method().clone(), request.headers().clone());
    // No name has it, and not every database stores it.
    let nameless = request.uri().path().contains("%00");
    // At the address of the public site nobody is known, whatever they ask for.
    let alone = app.part == Part::Site || is_alone(&request);
    let mut visitor = None;
    let answer = async {
        if nameless {
            return Err(Trouble::unusable("番地に文字 U+0000 は使えません。"));
        }
        let client = app.front.client(&headers, peer);
        let place = client.map(|client| app.gate.clients.enter(client).ok_or_else(crowded));
        let _place = place.transpose()?;
        let mut entry = app.arrive(&method, &headers, peer)?;
        if !alone {
            app.recognise(&mut entry, &headers).await?;
            app.bring().await?;
        }
        visitor = entry.visitor.clone();
        request.extensions_mut().insert(entry);
        Ok(next.run(request).await)
    };
    let answer = timeout(app.gate.limits.request(), answer).await;
    let response = answer.unwrap_or_else(|_| Err(too_long()));
    (visitor, response.unwrap_or_else(Trouble::into_response))
}

/// Whether the route that was found says so of itself.
fn is_alone(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    ROUTES.iter().any(|route| route.alone && Some(route.path) == path)
}

fn too_long() -> Trouble {
    let detail =
        "時間内に終わりませんでした。範囲を狭めるか、しばらくしてから、もう一度送ってください。";
    Trouble::new(StatusCode::SERVICE_UNAVAILABLE, "too-long", "時間がかかりすぎました", detail)
}

/// No script, no frame, nothing from elsewhere; nothing is kept in a cache. What
/// the route set itself stands. Whoever has come by TLS once comes by nothing else.
fn protect(front: &Front, response: &mut Response) {
    let headers = response.headers_mut();
    if front.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || ["/health", "/ready"].contains(&path)
}

/// Trouble that axum told before a handler of ours was asked.
fn told_as_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// RFC 9457, with the findings that speak against it.
fn problem(trouble: &Trouble) -> Response {
    let because: Vec<_> = trouble.because.iter().map(Ground::of).collect();
    let body = json!({
        "type": format!("urn:yakkan:problem:{}", trouble.code),
        "title": trouble.title,
        "status": trouble.status.as_u16(),
        "detail": trouble.detail.en,
        "because": because,
    });
    let mut response = Json(body).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn trouble_page(trouble: &Trouble) -> Page {
    let body = html! {
        p.lead { (trouble.detail.ja) }
        @if !trouble.because.is_empty() {
            ul { @for finding in &trouble.because {
                li { (wording::finding(finding, Language::Japanese)) }
            } }
        }
        p { a href="/" { "概況に戻る" } }
    };
    Page::new(trouble.title.clone(), body)
}

fn whole(
    app: &App,
    path: &str,
    visitor: Option<&Visitor>,
    shown: Menu,
    page: &Page,
) -> Html<String> {
    let company = &app.engine.operator.company.name;
    let markup = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " — Yakkan" }
                link rel="icon" type="image/svg+xml" href=(looks::ICON.path());
                link rel="stylesheet" href=(looks::STYLE.path());
            }
            body {
                a.skip href="#main" { "本文へ" }
                header.side {
                    a.brand href="/" { "Yakkan" span { (company) } }
                    @if let Some(visitor) = visitor {
                        nav aria-label="一覧" { (menu(path, visitor, shown)) }
                        (who(path, visitor))
                    }
                }
                div.page {
                    main id="main" tabindex="-1" {
                        p.now {
                            @if app.clock.is_some() { "手動の時計 " } @else { "現在 " }
                            time { (app.engine.now().to_minute_text()) }
                        }
                        h1 { (page.title) }
                        (page.body)
                    }
                    footer {
                        @if app.front.is_secure() { "Yakkan" } @else { "Yakkan（この計算機からのみ接続できます）" }
                    }
                }
            }
        }
    };
    Html(markup.into_string())
}

fn is_here(path: &str, to: &str) -> bool {
    match to {
        "/" => path == "/",
        to => path == to || path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/')),
    }
}

/// What the menu knows besides the table of routes.
#[derive(Clone, Copy)]
struct Menu {
    /// A review after a restore is open.
    review: bool,
    /// How many things wait for the visitor.
    waiting: Option<usize>,
}

/// The pages that this visitor may open; that of a review only while one is open.
fn menu(path: &str, visitor: &Visitor, shown: Menu) -> Markup {
    let open = |route: &&Route| {
        // The first page sends whoever has no part in the book elsewhere.
        let theirs = route.path != "/" || visitor.holds(Permission::ReadBook);
        let now = shown.review || route.path != "/restored";
        route.menu && theirs && now && route.need.admits(Some(visitor)) == Admission::Enters
    };
    // Of `/my` and `/my/terms` the page is the one that says more.
    let shown_here = ROUTES.iter().filter(open).filter(|route| is_here(path, route.path));
    let here = shown_here.max_by_key(|route| route.path.len()).map(|route| route.path);
    html! {
        @for route in ROUTES.iter().filter(open) {
            a href=(route.path) aria-current=[(here == Some(route.path)).then_some("page")] {
                (route.title)
                @if let Some(count) = shown.waiting.filter(|count| *count > 0 && route.path == "/waiting") {
                    " " span.count { (count) }
                }
            }
        }
    }
}

/// Who is signed in, and the way out.
fn who(path: &str, visitor: &Visitor) -> Markup {
    let roles = visitor.hats.iter().map(|hat| words::role(hat.role)).collect::<Vec<_>>();
    html! {
        div.who {
            a href="/account" aria-current=[is_here(path, "/account").then_some("page")] { (visitor.name) }
            span.note { (roles.join("・")) }
            form method="post" action="/sign-out" {
                (csrf::field(visitor.csrf()))
                button type="submit" { "サインアウト" }
            }
        }
    }
}
