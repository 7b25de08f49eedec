//! Signing in and out, and the link with which a password is set.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use contract::declare::words::Sentence;
use engine::SetUpLink;
use maud::{Markup, html};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::cookie::Cookie;
use super::entry::Entry;
use super::next::own_page;
use super::{App, csrf, parts};
use crate::access::{CodeAnswer, DoorError, Noted, Opened, SignInError, Visitor};

/// What the address of the sign-in page may carry.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// Where to go afterwards.
    #[serde(default)]
    next: String,
    /// An id to begin with: the demo lists its people.
    #[serde(default)]
    person: String,
}

#[derive(Deserialize)]
pub struct Given {
    person: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Code {
    code: String,
}

#[derive(Deserialize)]
pub struct NewPassword {
    password: String,
    again: String,
}

pub type Sent<T> = Result<Form<T>, FormRejection>;

pub fn form<T>(sent: Sent<T>) -> Result<T, Trouble> {
    sent.map(|Form(form)| form).map_err(|why| Trouble::unusable(why.to_string()))
}

pub async fn show(
    State(app): State<Arc<App>>,
    entry: Entry,
    Query(asked): Query<Asked>,
) -> Response {
    if entry.visitor.is_some() {
        return Redirect::to("/").into_response();
    }
    Page::new("サインイン", sign_in_form(&app, &entry, &asked, None)).into_response()
}

fn sign_in_form(app: &App, entry: &Entry, asked: &Asked, why: Option<&str>) -> Markup {
    html! {
        div.gate {
            @if let Some(why) = why { p.wrong role="alert" { (why) } }
            form.fields method="post" action="/sign-in" {
                (csrf::field(&entry.csrf))
                input type="hidden" name="next" value=(own_page(&asked.next));
                label { "利用者 ID" input name="person" value=(asked.person) required autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="40" autofocus[asked.person.is_empty()]; }
                label { "パスワード" input type="password" name="password" required autocomplete="current-password" maxlength="256" autofocus[!asked.person.is_empty()]; }
                button.strong type="submit" { "サインイン" }
            }
            @if let Some(hint) = &app.hint { (demo_people(hint)) }
        }
    }
}

/// The people of the demo, each with a link that fills in the id.
fn demo_people(people: &[(String, String, String)]) -> Markup {
    html! {
        section {
            h2 { "デモの利用者" }
            p.note { "パスワードは全員同じで、デモを起動した端末に表示されています。" }
            ul.plain { @for (id, name, role) in people {
                li { a href={ "/sign-in?person=" (parts::escaped(id)) } { (id) } "　" (name) "　" span.note { (role) } }
            } }
        }
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    entry: Entry,
    sent: Sent<Given>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    match app.door.sign_in(given.person.trim(), &given.password, &entry.came).await {
        Ok(opened) => Ok(opened_at(&app, &opened, own_page(&given.next))),
        Err(SignInError::Door(error)) => Err(error.into()),
        Err(why) => {
            let asked = Asked { next: given.next, person: given.person };
            let form = sign_in_form(&app, &entry, &asked, Some(&why.to_string()));
            let mut response = Page::new("サインイン", form).into_response();
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            if let SignInError::TooMany { seconds } = why {
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            Ok(response)
        }
    }
}

/// To the page that was asked for, with the cookie; the cookie of forms has served.
pub fn opened_at(app: &App, opened: &Opened, path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, Cookie::Session.set(&app.front, &opened.token));
    headers.append(header::SET_COOKIE, Cookie::Form.set(&app.front, ""));
    response
}

pub async fn code(visitor: Visitor) -> Page {
    Page::new("認証コード", code_form(&visitor, None))
}

fn code_form(visitor: &Visitor, why: Option<&str>) -> Markup {
    html! {
        div.gate {
            @if let Some(why) = why { p.wrong role="alert" { (why) } }
            p { "認証アプリに表示中の6桁、または回復コードを入力してください。" }
            form.fields method="post" action="/sign-in/code" {
                (csrf::field(visitor.csrf()))
                label { "認証コード" input name="code" required autocomplete="one-time-code" maxlength="20" autofocus; }
                button.strong type="submit" { "続ける" }
            }
        }
    }
}

pub async fn take_code(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    sent: Sent<Code>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    match app.door.take_code(&visitor, &given.code, &entry.came).await? {
        CodeAnswer::Right(opened) => Ok(opened_at(&app, &opened, "/")),
        CodeAnswer::Wrong => {
            let why = "認証コードが違います。";
            let mut response =
                Page::new("認証コード", code_form(&visitor, Some(why))).into_response();
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            Ok(response)
        }
        CodeAnswer::Over => Ok(Redirect::to("/sign-in").into_response()),
    }
}

pub async fn out(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
) -> Result<Response, Trouble> {
    app.door.end_session(&visitor.person, visitor.session().unwrap_or_default()).await?;
    app.door.note_of(&visitor, Noted::SignOut, "sign-out", &entry.came, "").await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let cookie = Cookie::Session.set(&app.front, "");
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

pub async fn set_up(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    entry: Entry,
) -> Result<Page, Trouble> {
    let link = usable(&app, &token, &entry).await?;
    Ok(Page::new("パスワードの設定", set_up_form(&entry, &token, &link.person, None)))
}

/// A link that holds, in the browser of nobody but its person.
async fn usable(app: &App, token: &str, entry: &Entry) -> Result<SetUpLink, Trouble> {
    let link = app.door.link_of(token, entry.visitor.as_ref(), &entry.came).await;
    link.map_err(|error| match error {
        DoorError::Refused(why) => {
            Trouble::new(StatusCode::NOT_FOUND, "not-found", "リンクが使えません", why.ja)
        }
        other => other.into(),
    })
}

fn set_up_form(entry: &Entry, token: &str, person: &str, why: Option<&str>) -> Markup {
    html! {
        div.gate {
            p { "利用者 " b { (person) } " のパスワードを決めてください。12文字以上です。" }
            @if let Some(why) = why { p.wrong role="alert" { (why) } }
            form.fields method="post" action=(parts::path("/set-up", token)) {
                (csrf::field(&entry.csrf))
                (password_fields())
                button.strong type="submit" { "設定する" }
            }
        }
    }
}

/// A new password, twice.
pub fn password_fields() -> Markup {
    html! {
        label { "新しいパスワード" input type="password" name="password" required minlength="12" maxlength="256" autocomplete="new-password"; }
        label { "もう一度" input type="password" name="again" required minlength="12" maxlength="256" autocomplete="new-password"; }
    }
}

pub async fn take_set_up(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    entry: Entry,
    sent: Sent<NewPassword>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    let person = usable(&app, &token, &entry).await?.person;
    let visitor = entry.visitor.as_ref();
    let done = match given.password == given.again {
        true => app.door.use_link(&token, &given.password, visitor, &entry.came).await.map(drop),
        false => Err(DoorError::Refused(Sentence::same("二つのパスワードが一致しません。"))),
    };
    match done {
        Ok(()) => {
            let to = format!("/sign-in?person={}", parts::escaped(&person));
            Ok(Redirect::to(&to).into_response())
        }
        Err(DoorError::Refused(why)) => {
            let body = set_up_form(&entry, &token, &person, Some(&why.ja));
            let mut response = Page::new("パスワードの設定", body).into_response();
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
