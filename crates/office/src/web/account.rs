//! What is everybody's own: password, one-time codes, sessions.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use contract::who::actor::Actor;
use engine::{Session, Stage};
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::entry::Entry;
use super::parts::Column::Text;
use super::sign_in::{Sent, form, opened_at, password_fields};
use super::{App, csrf, keys, parts, words};
use crate::access::{DoorError, Enrolment, Noted, Visitor};

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    Ok(Page::new("自分のアカウント", whole(&app, &visitor, html! {}).await?))
}

pub async fn whole(app: &App, visitor: &Visitor, told: Markup) -> Result<Markup, Trouble> {
    let sessions = app.door.sessions_of(&visitor.person).await?;
    let codes = app.door.codes_of(&visitor.person).await?;
    let keys = keys::own(app, visitor).await?;
    Ok(html! {
        (told)
        (parts::list(&[
            ("利用者 ID", html! { span.id { (visitor.person) } }),
            ("氏名", html! { (visitor.name) }),
            ("役割", html! { @for hat in &visitor.hats { div { (hat_words(app, hat)) } } @if visitor.hats.is_empty() { (parts::none()) } }),
        ]))
        (parts::section("パスワードの変更", html! {
            form.fields method="post" action="/account/password" {
                (csrf::field(visitor.csrf()))
                label { "今のパスワード" input type="password" name="present" required maxlength="256" autocomplete="current-password"; }
                (password_fields())
                button.strong type="submit" { "変更する" }
            }
            p.note { "変更すると、ほかのセッションはすべて終了します。" }
        }))
        (parts::section("認証コード（二段階認証）", codes_part(visitor, codes)))
        (parts::section("サインイン中のセッション", sessions_table(visitor, &sessions)))
        (keys)
    })
}

/// A role, in whose place, and up to how many yen.
pub fn hat_words(app: &App, hat: &Actor) -> Markup {
    html! {
        (words::role(hat.role))
        @if let Some(person) = &hat.deputy_for { "（" (app.engine.name_of(person)) "の代理）" }
        @if let Some(limit) = hat.approves_up_to { " " span.note { "承認の上限 " (parts::yen(limit)) } }
    }
}

fn codes_part(visitor: &Visitor, left: Option<u64>) -> Markup {
    html! {
        @match left {
            None => p { "設定されていません。 " a href="/account/codes" { "認証アプリを設定する" } },
            Some(left) => {
                p { "設定済みです。残りの回復コード：" (left) " 個。 " a href="/account/codes" { "設定し直す" } }
                form.fields method="post" action="/account/codes/stop" {
                    (csrf::field(visitor.csrf()))
                    label { "今のパスワード" input type="password" name="present" required maxlength="256" autocomplete="current-password"; }
                    button type="submit" { "認証コードを使わない" }
                }
            },
        }
    }
}

fn sessions_table(visitor: &Visitor, sessions: &[Session]) -> Markup {
    let columns = [Text("開始"), Text("最後の操作"), Text("接続元"), Text("ブラウザ"), Text("")];
    let own = visitor.session();
    let rows: Vec<_> = sessions
        .iter()
        .map(|session| {
            let end = html! {
                @if own == Some(session.id.as_str()) { span.note { "このセッション" } }
                @else {
                    form method="post" action="/account/sessions" {
                        (csrf::field(visitor.csrf()))
                        button name="session" value=(session.id) { "終了する" }
                    }
                }
            };
            vec![
                parts::moment(session.opened_at),
                parts::moment(session.seen_at),
                html! { (session.origin) },
                html! { span.note { (session.agent) } },
                end,
            ]
        })
        .collect();
    parts::table(&columns, &rows, "セッションはありません。")
}

#[derive(Deserialize)]
pub struct Change {
    present: String,
    password: String,
    again: String,
}

/// The page again, with why it could not be done.
async fn turned_down(app: &App, visitor: &Visitor, why: &str) -> Result<Response, Trouble> {
    let told = html! { p.wrong role="alert" { (why) } };
    let body = whole(app, visitor, told).await?;
    let mut response = Page::new("自分のアカウント", body).into_response();
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

pub async fn password(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    sent: Sent<Change>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    if given.password != given.again {
        return turned_down(&app, &visitor, "二つのパスワードが一致しません。").await;
    }
    if !app.door.confirms(&visitor.person, &given.present).await? {
        return turned_down(&app, &visitor, "今のパスワードが違います。").await;
    }
    match app.door.set_password(&visitor.person, &given.password, visitor.session()).await {
        Ok(()) => Ok(Redirect::to("/account").into_response()),
        Err(DoorError::Refused(why)) => turned_down(&app, &visitor, &why.ja).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub struct End {
    session: String,
}

pub async fn end_session(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    sent: Sent<End>,
) -> Result<Redirect, Trouble> {
    app.door.end_session(&visitor.person, &form(sent)?.session).await?;
    Ok(Redirect::to("/account"))
}

pub async fn codes(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let drawn = app.door.draw_enrolment(&visitor.person)?;
    Ok(Page::new("認証コードの設定", enrolment_form(&visitor, &drawn, None)?))
}

fn enrolment_form(
    visitor: &Visitor,
    drawn: &Enrolment,
    why: Option<&str>,
) -> Result<Markup, Trouble> {
    let picture = QrCode::new(&drawn.uri).map_err(|error| Trouble::unusable(error.to_string()))?;
    let picture = picture.render::<svg::Color>().min_dimensions(220, 220).build();
    // The renderer puts an XML declaration first, which has no place within a page.
    let picture = picture.split_once("?>").map_or(picture.as_str(), |(_, svg)| svg).to_owned();
    let asked_for = visitor.stage == Stage::Enrol;
    Ok(html! {
        @if asked_for { p.lead { "この役割には二段階認証が必要です。設定するとほかのページを開けます。" } }
        @if let Some(why) = why { p.wrong role="alert" { (why) } }
        ol {
            li { "認証アプリ（TOTP）でこの画像を読み取ります。" div.qr { (PreEscaped(picture)) }
                p.note { "読み取れない場合に入力する鍵：" code { (drawn.secret) } } }
            li { "アプリに表示された6桁を入力します。"
                form.fields method="post" action="/account/codes" {
                    (csrf::field(visitor.csrf()))
                    input type="hidden" name="secret" value=(drawn.secret);
                    @if !asked_for { label { "今のパスワード" input type="password" name="present" required maxlength="256" autocomplete="current-password"; } }
                    label { "認証コード" input name="code" required autocomplete="one-time-code" inputmode="numeric" maxlength="10"; }
                    button.strong type="submit" { "設定する" }
                }
            }
        }
    })
}

#[derive(Deserialize)]
pub struct Enrol {
    secret: String,
    code: String,
    #[serde(default)]
    present: String,
}

pub async fn take_codes(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    sent: Sent<Enrol>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    let again = |why: &str| -> Result<Response, Trouble> {
        let drawn = app.door.enrolment(&visitor.person, &given.secret);
        let body = enrolment_form(&visitor, &drawn, Some(why))?;
        let mut response = Page::new("認証コードの設定", body).into_response();
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(response)
    };
    // Whoever was sent here has just given the password.
    let just_came = visitor.stage == Stage::Enrol;
    if !just_came && !app.door.confirms(&visitor.person, &given.present).await? {
        return again("今のパスワードが違います。");
    }
    let codes = match app.door.enrol(&visitor.person, &given.secret, &given.code).await {
        Ok(codes) => codes,
        Err(DoorError::Refused(why)) => return again(&why.ja),
        Err(error) => return Err(error.into()),
    };
    let body = html! {
        p.lead { "二段階認証を設定しました。" }
        p { "認証アプリを使えなくなった時のための回復コードです。それぞれ一度だけ使えます。この画面は二度と表示されません。印刷するか、安全な場所に控えてください。" }
        ul.codes { @for code in &codes { li { code { (code) } } } }
        p { a href="/" { "控えたので続ける" } }
    };
    let page = Page::new("回復コード", body);
    if !just_came {
        return Ok(page.into_response());
    }
    // What they had proven before is not enough for the new session's rights.
    app.door.end_session(&visitor.person, visitor.session().unwrap_or_default()).await?;
    let opened = app.door.open_session(&visitor.person, Stage::Full, &entry.came).await?;
    app.door.note_of(&visitor, Noted::SignIn, "codes set up", &entry.came, "").await?;
    let cookies = opened_at(&app, &opened, "/").headers().clone();
    let mut response = page.into_response();
    for cookie in cookies.get_all(axum::http::header::SET_COOKIE) {
        response.headers_mut().append(axum::http::header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}

#[derive(Deserialize)]
pub struct Confirm {
    present: String,
}

pub async fn stop_codes(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    sent: Sent<Confirm>,
) -> Result<Response, Trouble> {
    if !app.door.confirms(&visitor.person, &form(sent)?.present).await? {
        return turned_down(&app, &visitor, "今のパスワードが違います。").await;
    }
    app.door.stop_codes(&visitor.person).await?;
    Ok(Redirect::to("/account").into_response())
}
