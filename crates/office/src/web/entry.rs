//! Whoever stands at the door with a request, and the guard before every route.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use contract::who::roles::Permission;

use super::answer::Trouble;
use super::cookie::Cookie;
use super::need::{Admission, Need};
use super::routes::{Kind, Note, Route};
use super::{App, body, monitoring, parts, words};
use crate::access::{Came, DoorError, Noted, Via, Visitor, csrf_of, draw_token};

/// Who came, from where, and what their forms carry.
#[derive(Debug, Clone)]
pub struct Entry {
    pub visitor: Option<Visitor>,
    pub came: Came,
    /// The token of forms: of the session, or of the cookie before there is one.
    pub csrf: String,
    /// A key was shown that does not hold.
    bad_key: bool,
}

impl From<DoorError> for Trouble {
    fn from(error: DoorError) -> Trouble {
        match error {
            DoorError::Store(error) => error.into(),
            DoorError::Engine(error) => error.into(),
            DoorError::Refused(why) => Trouble { detail: why, ..Trouble::unusable("") },
            DoorError::Link(why) => Trouble::unusable(words::no_link(why)),
            other => {
                tracing::error!("{other}");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Trouble::new(status, "door", "受付で障害が起きました", other.to_string())
            }
        }
    }
}

impl App {
    /// Somebody at the door, whom nobody knows yet.
    ///
    /// # Errors
    /// When the request comes by a way that is none of ours.
    pub fn arrive(
        &self,
        method: &Method,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<Entry, Trouble> {
        self.front.check(method, headers, peer)?;
        let came = Came {
            origin: self.front.sender(headers, peer),
            agent: text(headers, header::USER_AGENT.as_str()).to_owned(),
        };
        Ok(Entry { visitor: None, came, csrf: String::new(), bad_key: false })
    }

    /// Recognises whoever sent a request: a key first, then the cookie.
    pub async fn recognise(&self, entry: &mut Entry, headers: &HeaderMap) -> Result<(), Trouble> {
        if headers.contains_key(header::AUTHORIZATION) {
            let key = text(headers, header::AUTHORIZATION.as_str()).strip_prefix("Bearer ");
            entry.visitor = match key {
                Some(key) => self.door.visitor_of_key(key.trim()).await?,
                None => None,
            };
            entry.bad_key = entry.visitor.is_none();
            return Ok(());
        }
        if let Some(token) = Cookie::Session.read(&self.front, headers) {
            entry.visitor = self.door.visitor_of_token(&token).await?;
        }
        match &entry.visitor {
            Some(visitor) => visitor.csrf().clone_into(&mut entry.csrf),
            None => {
                if let Some(token) = Cookie::Form.read(&self.front, headers) {
                    entry.csrf = csrf_of(&token)?;
                }
            }
        }
        Ok(())
    }
}

/// Who is at the other end of the connection; tests have none.
pub fn peer_of(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|at| at.0.ip())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Lets in who may come in, and writes down what has to be.
pub async fn guard(
    State((app, route)): State<(Arc<App>, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(mut entry) = request.extensions().get::<Entry>().cloned() else {
        return unrecognised(route).into_response();
    };
    if route.need == Need::Monitoring && monitoring::admits(&app, &request) {
        return next.run(request).await;
    }
    match route.need.admits(entry.visitor.as_ref()) {
        Admission::Enters => {}
        Admission::SignsIn => return to_sign_in(route, &request, &entry),
        Admission::Continues(path) if route.kind == Kind::Page => {
            return Redirect::to(path).into_response();
        }
        Admission::Continues(_) | Admission::Refused => {
            let what = format!("{} {}", request.method(), request.uri().path());
            return refuse(&app, route, &what, &entry).await.into_response();
        }
    }
    let mut form_cookie = None;
    let reads = request.method() != Method::POST;
    // Nobody outside learns what a number stands for, nor that it does.
    let reads_book = entry.visitor.as_ref().is_some_and(|one| one.holds(Permission::ReadBook));
    if reads && reads_book && route.kind == Kind::Page {
        match app.by_id(request.uri()).await {
            Ok(Some(path)) => return Redirect::to(&path).into_response(),
            Ok(None) => {}
            Err(trouble) => return trouble.into_response(),
        }
    }
    // A page that asks nobody who comes has no form.
    let has_form = route.need == Need::Public && route.kind == Kind::Page && !route.alone;
    if has_form && entry.csrf.is_empty() && reads {
        match draw_token().and_then(|token| Ok((csrf_of(&token)?, token))) {
            Ok((csrf, token)) => {
                entry.csrf = csrf;
                form_cookie = Some(Cookie::Form.set(&app.front, &token));
                request.extensions_mut().insert(entry.clone());
            }
            Err(error) => return Trouble::from(error).into_response(),
        }
    }
    let by_key = matches!(&entry.visitor, Some(Visitor { via: Via::Key { .. }, .. }));
    let what = format!("{} {}", request.method(), request.uri().path());
    let mut room = None;
    if !reads {
        let token = (!by_key).then_some(entry.csrf.as_str());
        match body::take(&app, route, request, token).await {
            Ok(taken) => (request, room) = (taken.request, taken.room),
            Err(trouble) => return trouble.into_response(),
        }
    }
    let response = next.run(request).await;
    drop(room);
    let answered = !response.status().is_client_error();
    let noted = note(&app, route, &entry, &what, answered).await;
    let response = noted.map_or_else(|error| Trouble::from(error).into_response(), |()| response);
    with_cookie(response, form_cookie)
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What the table says is to be noted, if it was answered.
async fn note(
    app: &App,
    route: &Route,
    entry: &Entry,
    what: &str,
    answered: bool,
) -> Result<(), DoorError> {
    let (Some(visitor), true) = (&entry.visitor, answered) else {
        return Ok(());
    };
    let kind = match route.note {
        Note::Nothing => return Ok(()),
        Note::Read => Noted::Read,
        Note::Export => Noted::Export,
        Note::Admin => Noted::Admin,
    };
    app.door.note_of(visitor, kind, what, &entry.came, "").await
}

async fn refuse(app: &App, route: &Route, what: &str, entry: &Entry) -> Trouble {
    if let Some(visitor) = &entry.visitor
        && let Err(error) = app.door.note_of(visitor, Noted::Refused, what, &entry.came, "").await
    {
        return error.into();
    }
    let detail =
        format!("「{}」を開く権限がありません。必要なら管理者に相談してください。", route.title);
    Trouble::new(StatusCode::FORBIDDEN, "forbidden", "権限がありません", detail)
}

fn to_sign_in(route: &Route, request: &Request, entry: &Entry) -> Response {
    if route.kind == Kind::Page && !entry.bad_key {
        let back = match *request.method() {
            Method::GET => request.uri().path(),
            _ => "/",
        };
        let query =
            if back == "/" { String::new() } else { format!("?next={}", parts::escaped(back)) };
        return Redirect::to(&format!("/sign-in{query}")).into_response();
    }
    let mut response = unrecognised(route).into_response();
    let how = HeaderValue::from_static("Bearer realm=\"yakkan\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    response
}

fn unrecognised(route: &Route) -> Trouble {
    let detail = format!("「{}」にはサインインか有効な API キーが必要です。", route.title);
    Trouble::new(StatusCode::UNAUTHORIZED, "sign-in", "サインインしていません", detail)
}

impl<S: Send + Sync> FromRequestParts<S> for Entry {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Entry, Trouble> {
        let found = parts.extensions.get::<Entry>().cloned();
        found.ok_or_else(|| {
            let status = StatusCode::UNAUTHORIZED;
            Trouble::new(status, "sign-in", "サインインしていません", "サインインしてください。")
        })
    }
}

/// The guard has let somebody in: handlers of guarded routes ask for them.
impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Visitor, Trouble> {
        let entry = Entry::from_request_parts(parts, state).await?;
        entry.visitor.ok_or_else(|| {
            let status = StatusCode::UNAUTHORIZED;
            Trouble::new(status, "sign-in", "サインインしていません", "サインインしてください。")
        })
    }
}
