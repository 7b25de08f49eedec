//! The people, and what an administrator may change about them.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::declare::ids::AccountId;
use contract::who::roles::{Permission, Role};
use engine::people::{Belongs, Member, People, PeopleChange, Wanted as WantedChange};
use engine::{EngineError, plain};
use maud::{Markup, html};
use reckon::{Day, Yen};
use serde::Deserialize;

use super::account::hat_words;
use super::answer::{Page, Trouble};
use super::console::desk_form;
use super::console::search::suits;
use super::entry::Entry;
use super::field::{self, may};
use super::form::{Form, typed_day};
use super::list::{self, Column, Found, Listing, Named, Seen, Shown, Wanted};
use super::paged::Asked;
use super::parts::Column::Text;
use super::sign_in::{Sent, form};
use super::{App, csrf, parts, way_in, words};
use crate::access::{DoorError, Noted, Visitor};

/// What a form of the page holds; which fields count, `what` decides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Given {
    what: String,
    person: String,
    name: String,
    account: String,
    side: String,
    role: String,
    stands_for: String,
    from: String,
    until: String,
    up_to: String,
    proposal: String,
    mail: String,
    reason: String,
}

/// So many changes are shown.
const LAST: usize = 50;

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    Ok(Page::new(Members::TITLE, whole(&app, &visitor, &asked, None).await?))
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    told: Option<Markup>,
) -> Result<Markup, Trouble> {
    let people = app.door.people().await?;
    let today = app.engine.now().day();
    let manages = visitor.holds(Permission::ManagePeople);
    let seen = Seen::by(app, visitor).await?;
    Ok(html! {
        @if let Some(told) = told { (told) }
        (proposals(app, visitor, &people).await?)
        (list::part::<Members>(&seen, asked).await?)
        (changes(app).await?)
        @if manages { (forms(app, visitor, &people, today)) }
    })
}

/// The last changes, the newest first: who changed what, when, and why.
async fn changes(app: &App) -> Result<Markup, Trouble> {
    let entries = app.engine.people_entries().await?;
    let mut rows = Vec::new();
    for (key, entry) in entries.iter().rev().take(LAST) {
        let reason = app.engine.people_reason(key).await?;
        let wanted = match &entry.change {
            PeopleChange::Proposed { wanted } => {
                format!("起案：{}", change_words(app, wanted))
            }
            PeopleChange::Approved { .. } => "起案の承認".to_owned(),
            PeopleChange::Declined { .. } => "起案の却下".to_owned(),
            PeopleChange::AccessReviewed { .. } => "権限の点検の確認".to_owned(),
            PeopleChange::LinkUsed { person, .. } => {
                format!("{} がパスワード設定のリンクを使った", app.engine.name_of(person))
            }
            other => change_words(app, other),
        };
        rows.push(vec![
            parts::moment(entry.at),
            html! { (wanted) },
            parts::person(app.engine.name_of(&entry.by.id)),
            html! { @match reason { Some(reason) => span.reply { (reason) }, None => (parts::none()) } },
        ]);
    }
    let columns = [Text("日時"), Text("変更"), Text("登録した人"), Text("理由")];
    Ok(html! {
        @if !rows.is_empty() { (parts::section("最近の変更", parts::table(&columns, &rows, ""))) }
    })
}

/// The list of people. They are few, and held as a whole.
pub struct Members;

/// Somebody, and how the customer is called for whom they come.
pub struct MemberLine {
    member: Member,
    customer: Option<String>,
}

impl Listing for Members {
    type Row = MemberLine;
    const PATH: &'static str = "/people";
    const TITLE: &'static str = "利用者と権限";
    const UNIT: &'static str = "人";
    const EMPTY: &'static str = "利用者はいません。";
    const ORDER: &'static str = "id";

    fn columns() -> Vec<Column<MemberLine>> {
        vec![
            Self::text("利用者 ID", |_, one| {
                let id = &one.member.id;
                Shown::both(html! { span.id { (id) } }, id)
            })
            .sorted("id"),
            Self::text("氏名", |_, one| match one.member.name.as_str() {
                "" => Shown::None,
                name => Shown::Text(name.to_owned()),
            })
            .sorted("name"),
            Self::text("所属", |_, one| side(one)).sorted("side"),
            Self::text("今日の役割", roles).sorted("roles"),
            Self::text("退任", |_, one| Shown::day(one.member.left_from)).sorted("left"),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let roles = Role::ALL.map(|role| (role_text(role), words::role(role).to_owned()));
        html! {
            (field::text(form, may("q", "氏名または利用者 ID", "その一部")))
            (list::choice(form, ROLE, roles))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<MemberLine>,
    ) -> Result<Found<MemberLine>, Trouble> {
        let text = plain(form.text("q"));
        let known = Role::ALL.map(role_text);
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let role = list::chosen(form, ROLE, &known);
        let has = |member: &Member| {
            let hats = seen.people.hats(&member.id, seen.today);
            role.as_ref().is_none_or(|role| hats.iter().any(|hat| role_text(hat.role) == *role))
        };
        let suits = |one: &&Member| suits(&text, &[&one.id, &one.name]) && has(one);
        let line = |member: &Member| MemberLine { member: member.clone(), customer: None };
        let rows = seen.people.members().filter(suits).map(line).collect();
        let mut found = wanted.of(seen, rows);
        for one in &mut found.rows {
            if let Belongs::Customer { account } = &one.member.belongs {
                one.customer = seen.app.account_row(account).await?.map(|row| row.name);
            }
        }
        Ok(found)
    }
}

const ROLE: Named<'static> = Named { name: "role", label: "役割" };

fn side(one: &MemberLine) -> Shown {
    match &one.member.belongs {
        Belongs::Staff => Shown::Text("社内".to_owned()),
        Belongs::Customer { account } => {
            let markup = html! {
                "契約者 " @match &one.customer {
                    Some(name) => (parts::name(name)),
                    None => span.id { (account) },
                }
            };
            let name = one.customer.as_deref().unwrap_or(&account.0);
            Shown::both(markup, format!("契約者 {name}"))
        }
        Belongs::Subcontractor => Shown::Text("再委託先".to_owned()),
        Belongs::Program => Shown::Text("プログラム".to_owned()),
    }
}

/// What somebody may do today.
fn roles(seen: &Seen<'_>, one: &MemberLine) -> Shown {
    let hats = seen.people.hats(&one.member.id, seen.today);
    let markup = html! {
        @for hat in &hats { div { (hat_words(seen.app, hat)) } }
        @if hats.is_empty() { (parts::none()) }
        (way_in::sleeping(seen.app, seen.visitor, &seen.people, &one.member))
    };
    let words: Vec<_> = hats.iter().map(|hat| words::role(hat.role)).collect();
    Shown::both(markup, words.join("、"))
}

/// A change in words, for whoever has to agree to it.
fn change_words(app: &App, change: &PeopleChange) -> String {
    let name = |id: &str| app.engine.name_of(id);
    match change {
        PeopleChange::RoleGranted { person, role, from, until } => {
            let until = until.map_or_else(String::new, |day| format!("{day} まで"));
            format!("{} に役割「{}」を {from} から{until}与える", name(person), words::role(*role))
        }
        PeopleChange::DeputyNamed { deputy, stands_for, role, from, until } => format!(
            "{} を {} の代理（{}）にする、{from} から {until} まで",
            name(deputy),
            name(stands_for),
            words::role(*role)
        ),
        PeopleChange::LimitSet { person, up_to, from } => {
            let up_to = up_to.map_or("なし".to_owned(), |yen| format!("{yen}円"));
            format!("{} の承認の上限を {from} から {up_to} にする", name(person))
        }
        PeopleChange::AddressSet { person } => {
            format!("{} のメールアドレスを定める", name(person))
        }
        PeopleChange::LinkWanted { person } => {
            format!("{} に、パスワード設定のリンクを手渡しする", name(person))
        }
        PeopleChange::CodesCleared { person } => {
            format!("{} の認証コード（二段階認証）を解除する", name(person))
        }
        PeopleChange::RoleEnded { person, role, from } => {
            format!("{} の役割「{}」を {from} から外す", name(person), words::role(*role))
        }
        PeopleChange::PersonLeft { person, from } => {
            format!("{} の退任を {from} からとする", name(person))
        }
        PeopleChange::RolesWoken { person } => format!("{} の役割の休止を解く", name(person)),
        PeopleChange::PersonAdded { person, .. } => {
            format!("{} を利用者に加える", name(person))
        }
        // None of these waits for a second person.
        PeopleChange::LinkUsed { .. }
        | PeopleChange::AccessReviewed { .. }
        | PeopleChange::Proposed { .. }
        | PeopleChange::Approved { .. }
        | PeopleChange::Declined { .. } => "利用者の変更".to_owned(),
    }
}

async fn proposals(app: &App, visitor: &Visitor, people: &People) -> Result<Markup, Trouble> {
    let mut open = Vec::new();
    for (key, entry) in people.proposals() {
        let address = match entry.change.person() {
            Some(person) => app.engine.proposed_address(person, key).await?,
            None => None,
        };
        open.push((key, entry, address));
    }
    if open.is_empty() {
        return Ok(html! {});
    }
    let manages = visitor.holds(Permission::ManagePeople);
    let inside = html! {
        @for (key, entry, address) in open {
            @if let PeopleChange::Proposed { wanted } = &entry.change {
                div.card {
                    p { (change_words(app, wanted)) @if let Some(address) = address { "：" (address) } }
                    p.note { "起案 " (app.engine.name_of(&entry.by.id)) " " (parts::moment(entry.at)) }
                    @if manages {
                        form.filter method="post" action="/people" {
                            (csrf::field(visitor.csrf()))
                            input type="hidden" name="proposal" value=(key);
                            label { "理由 " input name="reason" maxlength="4000"; }
                            @if let PeopleChange::LinkWanted { person } = &**wanted {
                                input type="hidden" name="person" value=(person);
                                button.strong type="submit" name="what" value="link" { "承認し、リンクを受け取って本人に渡す" }
                            } @else {
                                button.strong type="submit" name="what" value="approve" { "承認する" }
                            }
                            button type="submit" name="what" value="decline" { "却下する" }
                        }
                    }
                }
            }
        }
    };
    Ok(parts::section("二人目の管理者の承認を待つ変更", inside))
}

fn forms(app: &App, visitor: &Visitor, people: &People, today: Day) -> Markup {
    let of = |what: &str, title: &str, fields: Markup| {
        html! {
            details.article { summary { (title) }
                form.fields method="post" action="/people" {
                    (csrf::field(visitor.csrf()))
                    input type="hidden" name="what" value=(what);
                    (fields)
                    label { "理由" input name="reason" required maxlength="4000"; }
                    button.strong type="submit" { (title) }
                }
            }
        }
    };
    // Nobody and nothing is chosen before somebody chose: a change has a great effect.
    let choose = html! { option value="" selected { "選んでください" } };
    let person = |label: &str, name: &str| {
        html! { label { (label) select name=(name) required { (choose)
            @for member in people.members().filter(|member| !member.has_left(today)) {
                option value=(member.id) { (member.id) " " (member.name) }
            }
        } } }
    };
    let role = html! { label { "役割" select name="role" required { (choose)
        @for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
            option value=(role_text(role)) { (words::role(role)) }
        }
    } } };
    let from = html! { label { "開始日" input type="date" name="from" value=(today) required; } };
    let until = |required: bool| html! { label { "最終日" input type="date" name="until" required[required]; } };
    html! {
        h2 { "変更" }
        (of("add", "利用者を加える", html! {
            label { "利用者 ID" input name="person" required maxlength="40" pattern="[a-z0-9][a-z0-9._\\-]+"; }
            label { "氏名または名称" input name="name" required maxlength="100"; }
            label { "所属" select name="side" required { (choose)
                option value="staff" { "社内" } option value="customer" { "契約者" }
                option value="subcontractor" { "再委託先" } option value="program" { "プログラム" }
            } }
            label { "契約者のアカウント（契約者の場合）" input name="account" maxlength="40"; }
            label { "メールアドレス（パスワード設定のリンクの送り先）" input name="mail" type="email" maxlength="200"; }
        }))
        (of("grant", "役割を与える", html! { (person("利用者", "person")) (role) (from) (until(false)) }))
        (of("revoke", "役割を外す", html! { (person("利用者", "person")) (role) (from) }))
        (of("deputy", "代理を定める", html! { (person("代理する人", "person")) (person("代理される人", "stands_for")) (role) (from) (until(true)) }))
        (of("limit", "承認の上限を定める", html! { (person("利用者", "person")) label { "上限（円、空なら上限なし）" input name="up_to" inputmode="numeric" pattern="[0-9]*"; } (from) }))
        (of("address", "メールアドレスを定める", html! { (person("利用者", "person")) label { "メールアドレス" input name="mail" type="email" required maxlength="200"; } }))
        (of("link", "パスワード設定のリンクを本人に送る", html! { (person("利用者", "person")) (way_in::how_links_go(app)) }))
        (of("codes", "認証コード（二段階認証）を解除する", person("利用者", "person")))
        (of("sessions", "セッションをすべて終了する", person("利用者", "person")))
        (of("leave", "退任を記録する", html! { (person("利用者", "person")) (from) }))
    }
}

fn role_text(role: Role) -> String {
    serde_json::json!(role).as_str().unwrap_or_default().to_owned()
}

impl Given {
    fn day(text: &str) -> Result<Day, Trouble> {
        typed_day(text)
    }

    fn role(&self) -> Result<Role, Trouble> {
        serde_json::from_value(serde_json::json!(self.role))
            .map_err(|_| Trouble::unusable(format!("「{}」という役割はありません。", self.role)))
    }

    fn belongs(&self) -> Belongs {
        match self.side.as_str() {
            "customer" => Belongs::Customer { account: AccountId(self.account.clone()) },
            "subcontractor" => Belongs::Subcontractor,
            "program" => Belongs::Program,
            _ => Belongs::Staff,
        }
    }

    fn wanted(&self, source: &str) -> Result<WantedChange, Trouble> {
        let person = self.person.clone();
        let from = || Given::day(&self.from);
        let until = || (!self.until.is_empty()).then(|| Given::day(&self.until)).transpose();
        let change = match self.what.as_str() {
            "add" => {
                let (belongs, mail) = (self.belongs(), self.mail.trim());
                return Ok(WantedChange::person(
                    &person,
                    &self.name,
                    belongs,
                    mail,
                    &self.reason,
                    source,
                ));
            }
            "address" => {
                return Ok(WantedChange::address(&person, self.mail.trim(), &self.reason, source));
            }
            "wake" => PeopleChange::RolesWoken { person },
            "codes" => PeopleChange::CodesCleared { person },
            "grant" => PeopleChange::RoleGranted {
                person,
                role: self.role()?,
                from: from()?,
                until: until()?,
            },
            "revoke" => PeopleChange::RoleEnded { person, role: self.role()?, from: from()? },
            "deputy" => PeopleChange::DeputyNamed {
                deputy: person,
                stands_for: self.stands_for.clone(),
                role: self.role()?,
                from: from()?,
                until: Given::day(&self.until)?,
            },
            "limit" => {
                let up_to = (!self.up_to.is_empty()).then(|| self.up_to.parse().map(Yen));
                let wrong =
                    |_| Trouble::unusable(format!("「{}」は金額ではありません。", self.up_to));
                let up_to = up_to.transpose().map_err(wrong)?;
                PeopleChange::LimitSet { person, up_to, from: from()? }
            }
            "leave" => PeopleChange::PersonLeft { person, from: from()? },
            "approve" => PeopleChange::Approved { proposal: self.proposal.clone() },
            "decline" => PeopleChange::Declined { proposal: self.proposal.clone() },
            other => return Err(Trouble::unusable(format!("「{other}」という操作はありません。"))),
        };
        Ok(WantedChange::new(change, &self.reason, source))
    }
}

pub async fn change(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    sent: Sent<Given>,
) -> Result<Response, Trouble> {
    let given = form(sent)?;
    if given.what == "sessions" {
        let ended = app.door.end_sessions_of(&given.person).await?;
        let what = format!("sessions of {}", given.person);
        app.door.note_of(&visitor, Noted::Admin, &what, &entry.came, "ended").await?;
        let told = html! { div.done role="status" { "セッション " (ended) " 件を終了しました。" } };
        let body = whole(&app, &visitor, &Asked::default(), Some(told)).await?;
        return Ok(Page::new(Members::TITLE, body).into_response());
    }
    let source = format!("page {}", entry.came.origin);
    let source = source.trim_end();
    let hat = visitor.acting(None, |role| role == Role::Administrator);
    let hat = hat.ok_or_else(|| Trouble::unusable("管理者の役割がありません。"))?;
    let done = match given.what.as_str() {
        "link" => {
            let asked = app.door.let_in(hat, &given.person, &given.reason, &entry.came).await;
            let has_address = app.engine.address_of(&given.person).await?.is_some();
            asked.map(|done| Some(way_in::told(&app, &given.person, has_address, &done)))
        }
        _ => app.door.change_people(hat, given.wanted(source)?).await.map(|_| None),
    };
    match done {
        Ok(None) => Ok(desk_form::done("/people")),
        Ok(Some(told)) => {
            let body = whole(&app, &visitor, &Asked::default(), Some(told)).await?;
            Ok(Page::new(Members::TITLE, body).into_response())
        }
        Err(DoorError::Engine(EngineError::Refused(why))) => {
            turned_down(&app, &visitor, &why.ja).await
        }
        Err(DoorError::Link(why)) => turned_down(&app, &visitor, words::no_link(why)).await,
        Err(error) => Err(error.into()),
    }
}

async fn turned_down(app: &App, visitor: &Visitor, why: &str) -> Result<Response, Trouble> {
    let told = html! { p.wrong role="alert" { "記録できません：" (why) } };
    let body = whole(app, visitor, &Asked::default(), Some(told)).await?;
    let mut response = Page::new(Members::TITLE, body).into_response();
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
