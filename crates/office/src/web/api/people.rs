//! The people and the keys of programs, under the rules of their pages. What lets
//! somebody in (a set-up link, a key) is made by a person at a browser or a command,
//! never by a key: whoever steals one gets no second way in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use contract::declare::ids::AccountId;
use contract::who::roles::{Permission, Role};
use engine::people::{Belongs, PeopleChange, Wanted};
use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asked::{Asked, Sent};
use super::lists::{List, Plain, page};
use super::once::{hat, once};
use super::paging;
use super::shapes::Hat;
use crate::access::{LetIn, NewKey, Noted, Visitor};
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::entry::Entry;

/// Somebody who has or had a right here.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonItem {
    id: String,
    /// Empty for people of customers, whose name is kept sealed.
    name: String,
    belongs: Belongs,
    /// As what they may act today.
    roles: Vec<Hat>,
    /// The first day on which they are no longer here.
    left_from: Option<Day>,
    /// Roles in which one is a second person sleep while somebody stands here: a link
    /// set the password, and these people cannot say whose it is.
    link_of: Vec<String>,
}

/// A change that waits for a second administrator.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeopleProposal {
    id: String,
    by: String,
    at: Moment,
    wanted: PeopleChange,
}

/// On whose side somebody stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Staff,
    Customer,
    Subcontractor,
    Program,
}

/// A change of the people. Days are first days, `until` the last one; today, if it
/// is not said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PeopleStep {
    AddPerson {
        person: String,
        name: String,
        side: Side,
        /// Of a person of a customer.
        account: Option<AccountId>,
        /// Where the person's own mails go, such as the link for a password; kept sealed.
        #[serde(default)]
        mail: String,
    },
    /// Where the person's own mails go from now on; waits for a second administrator.
    SetAddress {
        person: String,
        mail: String,
    },
    /// One-time codes are set up anew; waits for a second administrator.
    ClearCodes {
        person: String,
    },
    /// The roles that sleep since a password was set with a link: an administrator who
    /// had no part in the link has made sure that the person themselves set it.
    WakeRoles {
        person: String,
    },
    /// A role that approves waits for a second administrator.
    GrantRole {
        person: String,
        role: Role,
        from: Option<Day>,
        until: Option<Day>,
    },
    EndRole {
        person: String,
        role: Role,
        from: Option<Day>,
    },
    NameDeputy {
        deputy: String,
        stands_for: String,
        role: Role,
        from: Option<Day>,
        until: Day,
    },
    /// What somebody may approve at the most; any amount without it.
    SetLimit {
        person: String,
        up_to: Option<Yen>,
        from: Option<Day>,
    },
    /// Roles end; on the day itself sessions and keys, too.
    Leave {
        person: String,
        from: Option<Day>,
    },
    Approve {
        proposal: String,
    },
    Decline {
        proposal: String,
    },
}

/// What is to change, and why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPeopleStep {
    step: PeopleStep,
    /// Kept sealed.
    #[serde(default)]
    reason: String,
}

/// It is recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeopleChanged {
    /// Of the entry; of a proposal it is what the second person names.
    id: String,
    /// A second administrator has to agree.
    waits: bool,
}

/// What became of the wish for a link with which a person sets a password, once.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum LinkAsked {
    /// It went to the person by mail, and to nobody else.
    Mailed {
        /// For so long it holds.
        hours: u32,
    },
    /// No mail can carry it: another administrator asks for it too, and hands it over.
    Waits { proposal: String },
    /// Another administrator asked for it before: hand it to the person.
    Handed { link: String, hours: u32 },
}

/// How many were ended.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionsEnded {
    sessions: u64,
}

/// A key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyItem {
    id: String,
    person: String,
    role: Role,
    account: Option<AccountId>,
    label: String,
    made_at: Moment,
    made_by: String,
    expires_at: Moment,
    revoked_at: Option<Moment>,
    used_at: Option<Moment>,
}

/// A key to be made, for a program.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedKey {
    person: String,
    role: Role,
    label: String,
    /// At the most 400.
    days: u16,
}

/// The key itself, which is shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyMade {
    id: String,
    key: String,
    expires_at: Moment,
}

/// The key holds no longer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyEnded {
    id: String,
}

impl PeopleStep {
    fn lets_somebody_in(&self) -> bool {
        matches!(
            self,
            PeopleStep::SetAddress { .. }
                | PeopleStep::ClearCodes { .. }
                | PeopleStep::WakeRoles { .. }
        )
    }

    fn wanted(self, today: Day, reason: &str) -> Result<Wanted, Trouble> {
        let from = |day: Option<Day>| day.unwrap_or(today);
        let change = match self {
            PeopleStep::AddPerson { person, name, side, account, mail } => {
                let belongs = match (side, account) {
                    (Side::Customer, Some(account)) => Belongs::Customer { account },
                    (Side::Customer, None) => {
                        return Err(Trouble::unusable(
                            "account に契約者のアカウントを書いてください。",
                        ));
                    }
                    (_, Some(_)) => {
                        return Err(Trouble::unusable("account は契約者の利用者だけに書きます。"));
                    }
                    (Side::Staff, None) => Belongs::Staff,
                    (Side::Subcontractor, None) => Belongs::Subcontractor,
                    (Side::Program, None) => Belongs::Program,
                };
                return Ok(Wanted::person(&person, &name, belongs, &mail, reason, "api"));
            }
            PeopleStep::SetAddress { person, mail } => {
                return Ok(Wanted::address(&person, &mail, reason, "api"));
            }
            PeopleStep::ClearCodes { person } => PeopleChange::CodesCleared { person },
            PeopleStep::WakeRoles { person } => PeopleChange::RolesWoken { person },
            PeopleStep::GrantRole { person, role, from: day, until } => {
                PeopleChange::RoleGranted { person, role, from: from(day), until }
            }
            PeopleStep::EndRole { person, role, from: day } => {
                PeopleChange::RoleEnded { person, role, from: from(day) }
            }
            PeopleStep::NameDeputy { deputy, stands_for, role, from: day, until } => {
                PeopleChange::DeputyNamed { deputy, stands_for, role, from: from(day), until }
            }
            PeopleStep::SetLimit { person, up_to, from: day } => {
                PeopleChange::LimitSet { person, up_to, from: from(day) }
            }
            PeopleStep::Leave { person, from: day } => {
                PeopleChange::PersonLeft { person, from: from(day) }
            }
            PeopleStep::Approve { proposal } => PeopleChange::Approved { proposal },
            PeopleStep::Decline { proposal } => PeopleChange::Declined { proposal },
        };
        Ok(Wanted::new(change, reason, "api"))
    }
}

pub async fn list(State(app): State<Arc<App>>, asked: Asked<Plain>) -> List<PersonItem> {
    let place = asked.query.place("people")?;
    let people = app.door.people().await?;
    let today = app.engine.now().day();
    let item = |member: &engine::people::Member| PersonItem {
        id: member.id.clone(),
        name: member.name.clone(),
        belongs: member.belongs.clone(),
        roles: people.hats(&member.id, today).iter().map(Hat::of).collect(),
        left_from: member.left_from,
        link_of: member.link_of.iter().cloned().collect(),
    };
    let found = paging::of_rows(people.members().map(item).collect(), place)?;
    page("people", &asked, found)
}

pub async fn proposals(State(app): State<Arc<App>>, asked: Asked<Plain>) -> List<PeopleProposal> {
    let place = asked.query.place("people-proposals")?;
    let people = app.door.people().await?;
    let open = people.proposals().filter_map(|(key, entry)| match &entry.change {
        PeopleChange::Proposed { wanted } => Some(PeopleProposal {
            id: key.to_owned(),
            by: entry.by.id.clone(),
            at: entry.at,
            wanted: (**wanted).clone(),
        }),
        _ => None,
    });
    let found = paging::of_rows(open.collect(), place)?;
    page("people-proposals", &asked, found)
}

pub async fn change(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewPeopleStep>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, None, Permission::ManagePeople)?;
    if body.step.lets_somebody_in() {
        at_a_browser(&visitor)?;
    }
    let text = json!(body).to_string();
    once(&app, &actor, &headers, &[b"people", text.as_bytes()], async {
        let wanted = body.step.wanted(app.engine.now().day(), &body.reason)?;
        let (name, person) = (wanted.change.name(), wanted.change.person().unwrap_or_default());
        let what = format!("{name} {person}").trim_end().to_owned();
        let (id, waits) = app.door.change_people(&actor, wanted).await?;
        app.door.note_of(&visitor, Noted::Admin, &what, &entry.came, &id).await?;
        Ok(PeopleChanged { id, waits })
    })
    .await
}

/// What lets somebody in is not made by a key.
fn at_a_browser(visitor: &Visitor) -> Result<(), Trouble> {
    if visitor.session().is_some() {
        return Ok(());
    }
    Err(by_person(
        "パスワード設定のリンク、API キー、アドレス、認証コードの解除、役割の再開は、サインインした人だけが扱えます。画面かコマンドを使ってください。",
    ))
}

/// A key is no person.
pub fn by_person(detail: &str) -> Trouble {
    Trouble::new(StatusCode::FORBIDDEN, "by-person", "API キーではできません", detail)
}

pub async fn set_up_link(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    Path(person): Path<String>,
) -> Result<(StatusCode, Json<LinkAsked>), Trouble> {
    at_a_browser(&visitor)?;
    app.known_person(&person).await?;
    let by = hat(&visitor, None, Permission::ManagePeople)?;
    let hours = app.door.settings.link_hours;
    let asked = match app.door.let_in(&by, &person, "", &entry.came).await? {
        LetIn::Mailed => LinkAsked::Mailed { hours },
        LetIn::Waits(proposal) => LinkAsked::Waits { proposal },
        LetIn::Handed(link) => LinkAsked::Handed { link, hours },
    };
    Ok((StatusCode::CREATED, Json(asked)))
}

pub async fn end_sessions(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    Path(person): Path<String>,
) -> Result<Json<SessionsEnded>, Trouble> {
    app.known_person(&person).await?;
    let sessions = app.door.end_sessions_of(&person).await?;
    let what = format!("sessions of {person}");
    app.door.note_of(&visitor, Noted::Admin, &what, &entry.came, "ended").await?;
    Ok(Json(SessionsEnded { sessions }))
}

pub async fn keys(State(app): State<Arc<App>>, asked: Asked<Plain>) -> List<KeyItem> {
    let place = asked.query.place("keys")?;
    let item = |key: engine::ApiKey| KeyItem {
        id: key.id,
        person: key.person,
        role: key.role,
        account: key.account,
        label: key.label,
        made_at: key.made_at,
        made_by: key.made_by,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
        used_at: key.used_at,
    };
    let keys = app.door.keys().await?.into_iter().map(item).collect();
    page("keys", &asked, paging::of_rows(keys, place)?)
}

pub async fn new_key(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    Sent(body): Sent<WantedKey>,
) -> Result<(StatusCode, Json<KeyMade>), Trouble> {
    at_a_browser(&visitor)?;
    let WantedKey { person, role, label, days } = body;
    let expires_at = app.door.wall.now().plus_seconds(i64::from(days) * 86_400);
    let wanted = NewKey { person, role, account: None, label, expires_at };
    let (text, key) = app.make_key(&visitor, &entry, wanted).await?;
    let made = KeyMade { id: key.id, key: text, expires_at: key.expires_at };
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn end_key(
    State(app): State<Arc<App>>,
    entry: Entry,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<KeyEnded>, Trouble> {
    if !app.door.keys().await?.iter().any(|key| key.id == id) {
        return Err(Trouble::not_found("鍵", &id, "一覧（/api/v1/keys）から選んでください。"));
    }
    app.end_key(&visitor, &entry, &id).await?;
    Ok(Json(KeyEnded { id }))
}

impl App {
    /// Whether it is a program that comes: its key is known to whoever made it, so it
    /// is nobody's second person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_program(&self, visitor: &Visitor) -> Result<bool, Trouble> {
        let people = self.door.people().await?;
        let member = people.member(&visitor.person);
        Ok(member.is_some_and(|member| member.belongs == Belongs::Program))
    }

    /// # Errors
    /// When nobody has this id.
    async fn known_person(&self, person: &str) -> Result<(), Trouble> {
        match self.door.people().await?.member(person) {
            Some(_) => Ok(()),
            None => Err(Trouble::not_found(
                "利用者",
                person,
                "一覧（/api/v1/people）から選んでください。",
            )),
        }
    }
}
