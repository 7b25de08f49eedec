//! Notices of the operator, and what became of them at each customer.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contract::declare::ids::AccountId;
use contract::declare::words::Sentence;
use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use engine::announcing::{Addressed, Announcement, Audience, Draft, NoticeAhead, Standing};
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked::{Asked, Sent};
use super::lists::{Deliveries, List, Plain, is, page};
use super::once::{hat, once};
use super::paging::{self, Source, fill};
use super::people::by_person;
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;

/// A notice to be written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    notice: Draft,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// What is said of a notice that waits.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeAnswer {
    /// `true`: it leaves; `false`: it is dropped.
    approve: bool,
    /// Why it is dropped.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    reason: String,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// One notice, and how far it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeItem {
    pub id: NoticeId,
    pub kind: String,
    pub title: String,
    pub standing: NoticeStanding,
    pub channels: Vec<Channel>,
    pub audience: Audience,
    /// From when what it announces holds.
    pub takes_effect: Option<Moment>,
    pub written_by: String,
    pub written_at: Moment,
    pub approved_at: Option<Moment>,
    /// To how many customers it goes, and how many were given it.
    pub customers: u64,
    pub given: u64,
    /// Since when it can be read on the homepage.
    pub posted_at: Option<Moment>,
    pub text_hash: String,
    pub withdraws: Option<NoticeId>,
    pub withdrawn_by: Option<NoticeId>,
}

/// How far a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStanding {
    Waiting,
    Leaving,
    Out,
    Dropped,
    Withdrawn,
}

/// A notice that was written.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeTaken {
    pub notice: NoticeId,
    pub standing: NoticeStanding,
}

/// What would come of a notice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NoticeForeseen {
    pub customers: u64,
    pub contracts: u64,
    /// The first of them.
    pub first: Vec<Addressed>,
    /// Those who have no address for mails.
    pub without_address: Vec<AccountId>,
    /// By when it has to take effect.
    pub latest: Option<Moment>,
    pub warnings: Vec<Sentence>,
    /// Whether somebody else has to approve it.
    pub waits: bool,
}

impl From<Standing> for NoticeStanding {
    fn from(standing: Standing) -> NoticeStanding {
        match standing {
            Standing::Waiting => NoticeStanding::Waiting,
            Standing::Leaving => NoticeStanding::Leaving,
            Standing::Out => NoticeStanding::Out,
            Standing::Dropped => NoticeStanding::Dropped,
            Standing::Withdrawn => NoticeStanding::Withdrawn,
        }
    }
}

fn item(app: &App, one: &Announcement) -> NoticeItem {
    let written = &one.written;
    NoticeItem {
        id: one.id.clone(),
        kind: written.kind.clone(),
        title: written.title.clone(),
        standing: one.standing().into(),
        channels: written.channels.clone(),
        audience: written.audience.clone(),
        takes_effect: written.takes_effect,
        written_by: one.written_by.id.clone(),
        written_at: one.written_at,
        approved_at: one.approved.as_ref().map(|approved| approved.at),
        customers: one.approved.as_ref().map_or(0, |approved| approved.what.customers),
        given: app.engine.given_so_far(one),
        posted_at: one.posted.as_ref().map(|posted| posted.at),
        text_hash: written.text_hash.clone(),
        withdraws: written.withdraws.clone(),
        withdrawn_by: one.withdrawn.as_ref().map(|by| by.what.clone()),
    }
}

/// The notices, by id.
pub async fn list(State(app): State<Arc<App>>, asked: Asked<Plain>) -> List<NoticeItem> {
    let place = asked.query.place("notices")?;
    let held = app.engine.announcements().await?;
    let items = held.all.values().map(|one| item(&app, one)).collect();
    page("notices", &asked, paging::of_rows(items, place)?)
}

/// What became of notices at their customers, by delivery.
pub async fn deliveries(State(app): State<Arc<App>>, asked: Asked<Deliveries>) -> List<Value> {
    let query = &asked.query;
    let keep = |row: &Value| {
        is(row, "notice", query.notice.as_deref()) && is(row, "kind", query.kind.as_deref())
    };
    let place = query.place("deliveries")?;
    let store = app.engine.store.as_ref();
    let found = fill(store, Source::Views("delivery"), query.account.as_ref(), place, keep).await?;
    page("deliveries", &asked, found)
}

pub async fn write(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewNotice>,
) -> Result<Response, Trouble> {
    let actor = writer(&visitor, &body)?;
    let form = format!("notice-{}", super::once::key(&headers, None)?);
    let content = serde_json::to_vec(&body.notice).unwrap_or_default();
    once(&app, &actor, &headers, &[b"notice", &content], async {
        let notice = app.engine.write_notice(&form, &body.notice, &actor).await?;
        taken(&app, notice).await
    })
    .await
}

/// The hat that writes notices of this kind, where one of them does.
fn writer(visitor: &Visitor, body: &NewNotice) -> Result<Actor, Trouble> {
    let asked = hat(visitor, body.role, Permission::Announce)?;
    let kind = terms::NoticeKind::of(&body.notice.kind);
    let writes = kind.and_then(|kind| crate::web::console::announce::writer(visitor, kind));
    Ok(writes.filter(|_| body.role.is_none()).unwrap_or(asked))
}

async fn taken(app: &App, notice: NoticeId) -> Result<NoticeTaken, Trouble> {
    let held = app.engine.announcements().await?;
    let missing = || Trouble::not_found("通知", &notice.0, "番号を確かめてください。");
    let standing = held.get(&notice).ok_or_else(missing)?.standing().into();
    Ok(NoticeTaken { notice, standing })
}

/// What would come of it; nothing is written.
pub async fn preview(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Sent(body): Sent<NewNotice>,
) -> Result<Json<NoticeForeseen>, Trouble> {
    let actor = writer(&visitor, &body)?;
    let NoticeAhead { audience, latest, warnings, waits, .. } =
        app.engine.notice_ahead(&body.notice, &actor).await?;
    Ok(Json(NoticeForeseen {
        customers: audience.customers,
        contracts: audience.contracts,
        first: audience.first.into_iter().map(|one| one.to).collect(),
        without_address: audience.without_address.into_iter().map(|one| one.to.account).collect(),
        latest,
        warnings: warnings.into_iter().map(|one| Sentence { ja: one.ja, en: one.en }).collect(),
        waits,
    }))
}

/// A notice that waits leaves, or is dropped.
pub async fn answer(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Sent(body): Sent<NoticeAnswer>,
) -> Result<Response, Trouble> {
    if body.approve && app.is_program(&visitor).await? {
        return Err(by_person("二人目として決めることは、人だけができます。"));
    }
    let id = NoticeId(id);
    let held = app.engine.announcements().await?;
    let missing = || Trouble::not_found("通知", &id.0, "番号を確かめてください。");
    let one = held.get(&id).ok_or_else(missing)?;
    let asked = hat(&visitor, body.role, Permission::Announce)?;
    let approves = crate::web::console::announce::approves(&visitor, one);
    let actor = approves.filter(|_| body.role.is_none()).unwrap_or(asked);
    let content = serde_json::to_vec(&body).unwrap_or_default();
    once(&app, &actor, &headers, &[id.0.as_bytes(), &content], async {
        match body.approve {
            true => app.engine.approve_notice(&id, &actor).await?,
            false => app.engine.drop_notice(&id, &actor, &body.reason).await?,
        }
        taken(&app, id.clone()).await
    })
    .await
}
