//! Keys of programs on pages: those of all, for whoever runs the installation, and
//! everybody's own. A secret is shown once, and only to somebody at a browser who
//! gave the password again.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::Belongs;
use engine::{ApiKey, plain};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::desk_form::{again, done};
use super::console::search::suits;
use super::entry::Entry;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::paged::Asked;
use super::parts::{self, Chip, Tone};
use super::{App, csrf, words};
use crate::access::{DoorError, NewKey, Noted, Visitor};

const TITLE: &str = "API キー";

/// As long as a key lives unless something else is asked for.
const USUAL_DAYS: i64 = 90;

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    Ok(Page::new(TITLE, whole(&app, &visitor, &asked, html! {}).await?))
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    told: Markup,
) -> Result<Markup, Trouble> {
    let seen = Seen::by(app, visitor).await?;
    let programs = seen
        .people
        .members()
        .filter(|member| member.belongs == Belongs::Program && !member.has_left(seen.today));
    let programs: Vec<_> = programs.map(|member| member.id.as_str()).collect();
    Ok(html! {
        (told)
        p.lead { "プログラムが API を使うための鍵です。鍵は一つの役割で働き、期限の日、失効させた時、または役割がなくなった時に使えなくなります。" }
        (parts::section("すべての鍵", list::part::<Keys>(&seen, asked).await?))
        (parts::section("鍵を作る", html! {
            @if programs.is_empty() {
                p.empty { "プログラムの利用者がいません。「利用者と権限」で、所属をプログラムとして加え、役割を与えてください。" }
            } @else { (new_key(visitor, "/keys", &programs, &roles_of_staff())) }
            p.note { "人の鍵は、本人だけが「自分のアカウント」で作れます。" }
        }))
    })
}

/// The list of keys. They are few, and held as a whole.
pub struct Keys;

/// A key, and the path to which its end is sent.
pub struct KeyLine {
    key: ApiKey,
    to: &'static str,
}

impl Listing for Keys {
    type Row = KeyLine;
    const PATH: &'static str = "/keys";
    const TITLE: &'static str = TITLE;
    const EMPTY: &'static str = "鍵はありません。";
    const ORDER: &'static str = "made";

    fn columns() -> Vec<Column<KeyLine>> {
        vec![
            Self::text("鍵", |_, KeyLine { key, .. }| {
                let markup = html! {
                    span.id { "yk_" (key.id) "_…" }
                    @if !key.label.is_empty() { div.note { (key.label) } }
                };
                Shown::both(markup, format!("yk_{}_… {}", key.id, key.label).trim_end())
            })
            .sorted("id"),
            Self::text("利用者", |seen, KeyLine { key, .. }| {
                Shown::Person(seen.people.name_of(&key.person))
            })
            .sorted("person"),
            Self::text("役割", |_, KeyLine { key, .. }| {
                let role = words::role(key.role);
                let markup = html! {
                    (role) @if let Some(account) = &key.account { " " span.id { (account) } }
                };
                Shown::both(markup, role)
            })
            .sorted("role"),
            Self::text("状態", |seen, KeyLine { key, .. }| state(seen.app, key)).sorted("state"),
            Self::text("最後の使用", |_, KeyLine { key, .. }| Shown::moment(key.used_at))
                .sorted("used"),
            Self::text("作成", |seen, KeyLine { key, .. }| {
                let by = seen.people.name_of(&key.made_by);
                let markup = html! { (parts::moment(key.made_at)) " " (by) };
                Shown::both(markup, format!("{} {by}", key.made_at.to_minute_text()))
            })
            .sorted("made"),
            Self::text("", |seen, one| Shown::both(revoke(seen, one), "")).only_on_page(),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        html! {
            (field::text(form, may("q", "鍵または利用者", "名前の一部")))
            (field::check(form, may("holds", "有効な鍵だけ", "")))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<KeyLine>,
    ) -> Result<Found<KeyLine>, Trouble> {
        let mut keys = seen.app.door.keys().await?;
        let text = plain(form.text("q"));
        keys.retain(|key| {
            let name = seen.people.name_of(&key.person);
            (form.text("holds") != "yes" || holds(seen.app, key))
                && suits(&text, &[&key.id, &key.label, &key.person, &name])
        });
        let rows = keys.into_iter().map(|key| KeyLine { key, to: "/keys" }).collect();
        Ok(wanted.of(seen, rows))
    }
}

fn roles_of_staff() -> Vec<Role> {
    let staff =
        |role: &Role| !role.is_customers() && !matches!(role, Role::System | Role::Subcontractor);
    Role::ALL.into_iter().filter(staff).collect()
}

/// The own keys of a visitor, for the page of their account.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Markup, Trouble> {
    let seen = Seen::by(app, visitor).await?;
    let mut keys = app.door.keys().await?;
    keys.retain(|key| key.person == visitor.person);
    let keys: Vec<_> = keys.into_iter().map(|key| KeyLine { key, to: "/account/keys" }).collect();
    let own = visitor.hats.iter().filter(|hat| hat.deputy_for.is_none());
    let roles: Vec<_> = own.map(|hat| hat.role).collect();
    let inside = html! {
        (list::bare::<Keys>(&seen, &keys))
        @if !roles.is_empty() {
            details.article { summary { "鍵を作る" }
                (new_key(visitor, "/account/keys", &[], &roles))
            }
        }
    };
    Ok(parts::section("自分の API キー", inside))
}

fn holds(app: &App, key: &ApiKey) -> bool {
    key.revoked_at.is_none() && app.door.wall.now() < key.expires_at
}

fn state(app: &App, key: &ApiKey) -> Shown {
    let (chip, at, then) = match key.revoked_at {
        Some(at) => (Chip("失効", Tone::Off), at, ""),
        None if !holds(app, key) => (Chip("期限切れ", Tone::Off), key.expires_at, ""),
        None => (Chip("有効", Tone::Good), key.expires_at, " まで"),
    };
    let words = format!("{} {}{then}", chip.0, at.to_minute_text());
    Shown::both(html! { (parts::chip(chip)) " " (parts::moment(at)) (then) }, words)
}

fn revoke(seen: &Seen<'_>, KeyLine { key, to }: &KeyLine) -> Markup {
    html! {
        @if holds(seen.app, key) {
            form method="post" action=(to) {
                (csrf::field(seen.visitor.csrf()))
                input type="hidden" name="what" value="revoke";
                button name="key_id" value=(key.id) { "失効させる" }
            }
        }
    }
}

fn new_key(visitor: &Visitor, to: &str, programs: &[&str], roles: &[Role]) -> Markup {
    html! {
        form.fields method="post" action=(to) {
            (csrf::field(visitor.csrf()))
            input type="hidden" name="what" value="new";
            @if !programs.is_empty() {
                label { "プログラム" select name="person" required {
                    @for person in programs { option value=(person) { (person) } }
                } }
            }
            label { "役割" select name="role" required {
                @for role in roles {
                    option value=(role_word(*role)) { (words::role(*role)) }
                }
            } }
            label { "名前（何に使うか）" input name="label" required maxlength="100"; }
            label { "有効な日数（400 日まで）" input name="days" inputmode="numeric" pattern="[0-9]{1,3}" value=(USUAL_DAYS) required; }
            label { "自分のパスワード" input type="password" name="present" required maxlength="256" autocomplete="current-password"; }
            button.strong type="submit" { "作る" }
        }
    }
}

fn role_word(role: Role) -> String {
    serde_json::json!(role).as_str().unwrap_or_default().to_owned()
}

/// The key itself, once.
fn shown_once(text: &str, key: &ApiKey) -> Markup {
    html! {
        div.card role="status" {
            p { "鍵を作りました。" strong { "この画面でしか表示されません。" } "控えてから閉じてください。" }
            p { code { (text) } }
            p.note { "使い方：" code { "Authorization: Bearer yk_…" } "　" (parts::moment(key.expires_at)) " まで" }
        }
    }
}

impl App {
    /// Makes a key and notes it in the access log.
    ///
    /// # Errors
    /// When there can be no such key.
    pub async fn make_key(
        &self,
        visitor: &Visitor,
        entry: &Entry,
        wanted: NewKey,
    ) -> Result<(String, ApiKey), DoorError> {
        let (text, key) = self.door.new_key(&visitor.person, wanted).await?;
        let what = format!("key {} of {}", key.id, key.person);
        self.door.note_of(visitor, Noted::Admin, &what, &entry.came, "made").await?;
        Ok((text, key))
    }

    /// # Errors
    /// When there is none that still holds.
    pub async fn end_key(
        &self,
        visitor: &Visitor,
        entry: &Entry,
        id: &str,
    ) -> Result<(), DoorError> {
        self.door.revoke_key(id).await?;
        let what = format!("key {id}");
        self.door.note_of(visitor, Noted::Admin, &what, &entry.came, "revoked").await
    }
}

/// What a form asks for, once its password was right.
async fn wanted(
    app: &App,
    visitor: &Visitor,
    form: &mut Form,
    person: String,
) -> Result<Result<NewKey, String>, Trouble> {
    let role = serde_json::from_value(serde_json::json!(form.text("role")))
        .map_err(|_| Trouble::unusable("役割を選んでください。"))?;
    let days: Option<i64> =
        form.number("days", "有効な日数を 1 から 400 の数字で入力してください。");
    let label = form.required("label", "何に使う鍵か、名前を入力してください。");
    let (Some(days), Some(label)) = (days, label) else {
        return Ok(Err(form.faults().values().cloned().collect::<Vec<_>>().join(" ")));
    };
    if !(1..=400).contains(&days) {
        return Ok(Err("有効な日数を 1 から 400 の数字で入力してください。".to_owned()));
    }
    if !app.door.confirms(&visitor.person, form.text("present")).await? {
        return Ok(Err("自分のパスワードが違います。".to_owned()));
    }
    let expires_at = app.door.wall.now().plus_seconds(days * 86_400);
    let account: Option<AccountId> = None;
    Ok(Ok(NewKey { person, role, account, label, expires_at }))
}

/// What was made is shown; what could not be done is said.
enum Outcome {
    Made(Markup),
    Ended,
    Refused(String),
}

async fn act(
    app: &App,
    visitor: &Visitor,
    entry: &Entry,
    form: &mut Form,
    person: String,
) -> Result<Outcome, Trouble> {
    let outcome = match form.text("what") {
        "new" => match wanted(app, visitor, form, person).await? {
            Err(why) => return Ok(Outcome::Refused(why)),
            Ok(wanted) => app
                .make_key(visitor, entry, wanted)
                .await
                .map(|(text, key)| Outcome::Made(shown_once(&text, &key))),
        },
        "revoke" => app.end_key(visitor, entry, form.text("key_id")).await.map(|()| Outcome::Ended),
        other => return Err(Trouble::unusable(format!("「{other}」という操作はありません。"))),
    };
    match outcome {
        Err(DoorError::Refused(why)) => Ok(Outcome::Refused(why.ja)),
        other => Ok(other?),
    }
}

fn refused(why: &str) -> Markup {
    html! { p.wrong role="alert" { "できません：" (why) } }
}

pub async fn take(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let person = form.text("person").to_owned();
    // An administrator ends any key, and makes those of programs.
    let page = async |told| {
        let body = whole(&app, &visitor, &Asked::default(), told).await?;
        Ok(Page::new(TITLE, body))
    };
    match act(&app, &visitor, &entry, &mut form, person).await? {
        Outcome::Ended => Ok(done("/keys")),
        Outcome::Made(shown) => page(shown).await.map(Page::into_response),
        Outcome::Refused(why) => page(refused(&why)).await.map(again),
    }
}

pub async fn take_own(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let id = form.text("key_id").to_owned();
    let theirs =
        app.door.keys().await?.iter().any(|key| key.id == id && key.person == visitor.person);
    if form.text("what") == "revoke" && !theirs {
        return Err(Trouble::not_found("鍵", &id, "自分のアカウントの一覧から選んでください。"));
    }
    let person = visitor.person.clone();
    let page = async |told| {
        let body = super::account::whole(&app, &visitor, told).await?;
        Ok(Page::new("自分のアカウント", body))
    };
    match act(&app, &visitor, &entry, &mut form, person).await? {
        Outcome::Ended => Ok(done("/account")),
        Outcome::Made(shown) => page(shown).await.map(Page::into_response),
        Outcome::Refused(why) => page(refused(&why)).await.map(again),
    }
}
