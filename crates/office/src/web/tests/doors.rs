//! Signing in and out as a browser does it, and what keeps others out.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use contract::who::roles::Role;
use engine::AccessQuery;
use engine::people::Belongs;

use super::{Answer, Office};
use crate::access::{OneTimeCodes, csrf_of};

pub const PASSWORD: &str = "correct horse battery";

/// A browser: it keeps cookies and fills in the hidden field of the last page.
pub struct Browser<'a> {
    office: &'a Office,
    cookies: Vec<(String, String)>,
    csrf: String,
}

impl<'a> Browser<'a> {
    pub fn at(office: &'a Office) -> Browser<'a> {
        Browser { office, cookies: Vec::new(), csrf: String::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path).header("host", "127.0.0.1:8080");
        self.ask(request, Body::empty()).await
    }

    pub async fn send(&mut self, path: &str, fields: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let body = Body::from(format!("csrf={}&{fields}", self.csrf));
        self.ask(request, body).await
    }

    async fn ask(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let pairs: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request.header("cookie", pairs.join("; "));
        let answer = self.office.ask(request.body(body).unwrap()).await;
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
            let (name, rest) = set.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        if let Some((_, rest)) = answer.text.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        answer
    }

    pub async fn sign_in(&mut self, person: &str, password: &str) -> Answer {
        self.get("/sign-in").await;
        let password = password.replace(' ', "+");
        self.send("/sign-in", &format!("person={person}&password={password}&next=/contracts")).await
    }
}

async fn office_with(person: &str) -> Office {
    let office = Office::at("2026-04-01T09:00:00").await;
    office.add(person, Belongs::Staff, &[Role::OrderDesk]).await;
    office.app.door.set_password(person, PASSWORD, None).await.unwrap();
    office
}

async fn kinds(office: &Office) -> Vec<String> {
    let query = AccessQuery { limit: 100, ..AccessQuery::default() };
    let log = office.engine.store.identity().access_log(&query).await.unwrap();
    log.into_iter().rev().map(|line| line.kind).collect()
}

#[tokio::test]
async fn a_person_signs_in_looks_and_signs_out() {
    let office = office_with("nomura").await;
    let mut browser = Browser::at(&office);
    let first = browser.get("/contracts").await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.headers["location"], "/sign-in?next=/contracts");
    let wrong = browser.sign_in("nomura", "wrong horse battery").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let unknown = browser.sign_in("nobody", PASSWORD).await;
    let sentence = "利用者 ID かパスワードが違うか";
    assert!(wrong.text.contains(sentence) && unknown.text.contains(sentence));
    let right = browser.sign_in("nomura", PASSWORD).await;
    assert_eq!(right.headers["location"], "/contracts", "{}", right.text);
    let page = browser.get("/contracts").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.text.contains("サインアウト") && page.text.contains("申込窓口"));
    assert!(!page.text.contains("href=\"/invoices\""), "what may not be opened is not offered");
    assert_eq!(browser.get("/invoices").await.status, StatusCode::FORBIDDEN);
    let kept = browser.cookies.clone();
    browser.get("/contracts").await;
    browser.send("/sign-out", "").await;
    browser.cookies = kept;
    assert_eq!(browser.get("/contracts").await.status, StatusCode::SEE_OTHER, "the token is dead");
    let noted = kinds(&office).await;
    let expected = ["sign_in_failed", "sign_in_failed", "sign_in", "refused", "sign_out"];
    assert_eq!(noted, expected);
}

#[tokio::test]
async fn failures_bring_waits_that_end() {
    let office = office_with("nomura").await;
    let mut browser = Browser::at(&office);
    for _ in 0..5 {
        browser.sign_in("nomura", "wrong horse battery").await;
    }
    let blocked = browser.sign_in("nomura", PASSWORD).await;
    assert_eq!(blocked.status, StatusCode::UNAUTHORIZED, "a wait runs");
    office.clock.move_to(office.clock_now().plus_seconds(31));
    let right = browser.sign_in("nomura", PASSWORD).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
}

/// Each name is tried once, so no wait by name begins.
#[tokio::test]
async fn many_names_from_one_address_are_refused_with_the_time_to_wait() {
    let office = office_with("nomura").await;
    let mut browser = Browser::at(&office);
    let mut refused = 0;
    for n in 0..150 {
        let answer = browser.sign_in(&format!("name-{n}"), "wrong horse battery").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let seconds: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=20).contains(&seconds), "{seconds}");
            assert!(answer.text.contains("秒後"), "{}", answer.text);
            refused += 1;
        }
    }
    assert_eq!(refused, 120);
    let right = browser.sign_in("nomura", PASSWORD).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right one has to wait too");
    assert_eq!(kinds(&office).await.len(), 31, "the log holds one line of the refusals");
    office.clock.move_to(office.clock_now().plus_seconds(20));
    let right = browser.sign_in("nomura", PASSWORD).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
}

#[tokio::test]
async fn a_common_password_is_refused_with_what_to_do() {
    let office = office_with("nomura").await;
    let token = office.token("nomura").await;
    let present = PASSWORD.replace(' ', "+");
    for weak in ["password1234", "nomura+minato+yakkan"] {
        let form = format!("present={present}&password={weak}&again={weak}");
        let refused = office.send_as("nomura", "/account/password", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{weak}");
        assert!(refused.text.contains("ください。"), "{}", refused.text);
    }
    assert!(office.app.door.visitor_of_token(&token).await.unwrap().is_some());
}

#[tokio::test]
async fn sessions_end_by_idleness_by_age_and_by_hand() {
    let office = office_with("nomura").await;
    let mut browser = Browser::at(&office);
    browser.sign_in("nomura", PASSWORD).await;
    let after = |office: &Office, minutes: i64| {
        office.clock.move_to(office.clock_now().plus_seconds(minutes * 60));
    };
    after(&office, 59);
    assert_eq!(browser.get("/contracts").await.status, StatusCode::OK);
    after(&office, 59);
    assert_eq!(browser.get("/contracts").await.status, StatusCode::OK, "looking keeps it");
    after(&office, 60);
    assert_eq!(browser.get("/contracts").await.status, StatusCode::SEE_OTHER, "idle");
    browser.sign_in("nomura", PASSWORD).await;
    for _ in 0..14 {
        after(&office, 50);
        assert_eq!(browser.get("/contracts").await.status, StatusCode::OK);
    }
    after(&office, 21);
    assert_eq!(browser.get("/contracts").await.status, StatusCode::SEE_OTHER, "12 hours old");
    let mut other = Browser::at(&office);
    browser.sign_in("nomura", PASSWORD).await;
    other.sign_in("nomura", PASSWORD).await;
    let page = other.get("/account").await;
    let (_, rest) = page.text.split_once("name=\"session\" value=\"").unwrap();
    other.send("/account/sessions", &format!("session={}", &rest[..16])).await;
    assert_eq!(browser.get("/contracts").await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.get("/contracts").await.status, StatusCode::OK);
}

#[tokio::test]
async fn forms_need_the_token_of_their_own_session() {
    let office = office_with("nomura").await;
    let mut browser = Browser::at(&office);
    browser.sign_in("nomura", PASSWORD).await;
    browser.csrf = csrf_of("another").unwrap();
    let strange = browser.send("/clock", "to=2026-04-02T09:00").await;
    assert_eq!(strange.status, StatusCode::FORBIDDEN);
    assert!(strange.text.contains("画面が古くなっています"));
    assert_eq!(office.engine.now().to_minute_text(), "2026-04-01 09:00");
    browser.get("/contracts").await;
    let own = browser.send("/clock", "to=2026-04-02T09:00").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    // A sign-in that another site prepared would sign the victim in as somebody else.
    let mut victim = Browser::at(&office);
    let prepared = victim.send("/sign-in", &format!("person=nomura&password={PASSWORD}")).await;
    assert_eq!(prepared.status, StatusCode::FORBIDDEN);
}

fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn whoever_must_have_codes_sets_them_up_before_anything_else() {
    let first = office_with("nomura").await;
    let (engine, clock) = (first.engine.clone(), first.clock.clone());
    let office = Office::asking(engine, clock, OneTimeCodes::Everybody).await;
    let mut browser = Browser::at(&office);
    browser.sign_in("nomura", PASSWORD).await;
    let sent = browser.get("/contracts").await;
    assert_eq!(sent.headers["location"], "/account/codes");
    assert_eq!(browser.get("/api/v1/contracts").await.status, StatusCode::FORBIDDEN);
    let page = browser.get("/account/codes").await;
    assert!(page.text.contains("<svg"), "a picture for the app");
    let secret = hidden(&page.text, "secret").to_owned();
    let wrong = browser.send("/account/codes", &format!("secret={secret}&code=12345")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = office.app.door.shown_code(&secret);
    let set = browser.send("/account/codes", &format!("secret={secret}&code={code}")).await;
    assert!(set.text.contains("回復コード"), "{}", set.text);
    let (_, rest) = set.text.split_once("<li><code>").unwrap();
    let recovery = rest[..11].to_owned();
    assert_eq!(browser.get("/contracts").await.status, StatusCode::OK);
    let mut other = Browser::at(&office);
    other.sign_in("nomura", PASSWORD).await;
    assert_eq!(other.get("/contracts").await.headers["location"], "/sign-in/code");
    other.get("/sign-in/code").await;
    let again = other.send("/sign-in/code", &format!("code={code}")).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "a code counts once");
    office.clock.move_to(office.clock_now().plus_seconds(30));
    let code = office.app.door.shown_code(&secret);
    let right = other.send("/sign-in/code", &format!("code={code}")).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
    assert_eq!(other.get("/contracts").await.status, StatusCode::OK);
    for expected in [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED] {
        let mut lost = Browser::at(&office);
        lost.sign_in("nomura", PASSWORD).await;
        lost.get("/sign-in/code").await;
        let answer = lost.send("/sign-in/code", &format!("code={recovery}")).await;
        assert_eq!(answer.status, expected, "a recovery code counts once");
    }
}
