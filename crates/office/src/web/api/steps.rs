//! The steps of a contract's life that are more than a fact or an act as it stands.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use contract::application::checks::{Check, CheckKind, CheckResult};
use contract::application::receiving::Change;
use contract::declare::act::{Act, Approve, Decline, Propose};
use contract::declare::ids::{AccountId, ApplicationId, InputId};
use contract::declare::sealed::Sealed;
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::roles::{Permission, Role};
use contract::{ApplicationForm, Person};
use engine::{ApplicationCame, EntryPreview};
use reckon::{Day, Moment, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asked::{Asked, Sent};
use super::files::{name_of, whole};
use super::once::{hat, key, once};
use super::register::{Brought, register_act_of};
use super::shapes::{ApplicationTaken, RunTaken, Taken};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;

/// An application as data, however it came.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// Message-ID of the mail, or the number stamped on the paper: names the application.
    reference: String,
    channel: Channel,
    /// Now, if it is not said.
    sent_at: Option<Moment>,
    /// When it came in; now, if it is not said.
    received_at: Option<Moment>,
    form: ApplicationForm,
    /// The people whom the form names; they are kept sealed.
    people: Vec<Person>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// An application for a change of a running contract (9-7).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChange {
    reference: String,
    channel: Channel,
    /// The day from which the change holds.
    from: Day,
    changes: Vec<Change>,
    role: Option<Role>,
}

/// Who is to be written to from now on (10-1, 30-2).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    person: Person,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
    role: Option<Role>,
}

/// A check of a company.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheck {
    check: Check,
    role: Option<Role>,
}

/// A check of a company, and the name of the report in the body.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    /// Name of the file.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    kind: CheckKind,
    on: Day,
    result: CheckResult,
    /// The person or agency that checked.
    #[schemars(length(min = 1, max = 200))]
    by: String,
    /// Up to when it may be relied on.
    expires_on: Day,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
}

/// A billing run: charges everything up to a month.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    month: Month,
    /// Date of the invoices; today, if it is not said.
    issued_on: Option<Day>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
    role: Option<Role>,
}

/// A proposal of somebody else is approved.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    account: AccountId,
    /// The act as it was read in the list of proposals: nobody approves what they
    /// have not seen. Another one than was proposed is refused.
    act: Act,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
}

/// What would follow, without doing it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Foreseen {
    account: AccountId,
    /// An act, or a fact.
    content: Content,
}

/// A proposal is turned down.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalAnswer {
    account: AccountId,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
}

/// A moment that a caller names, which must have come.
pub fn past(app: &App, at: Option<Moment>, field: &str) -> Result<Moment, Trouble> {
    let now = app.engine.now();
    match at {
        Some(at) if at > now => {
            Err(Trouble::unusable(format!("{field} {at} は未来です（現在 {now}）。")))
        }
        at => Ok(at.unwrap_or(now)),
    }
}

pub fn text(body: &impl Serialize) -> Vec<u8> {
    json!(body).to_string().into_bytes()
}

fn named(reference: &str) -> Result<(), Trouble> {
    match reference.trim().is_empty() || reference.chars().count() > 400 {
        true => Err(Trouble::unusable(
            "reference に、メールの Message-ID か書面の受付番号を書いてください。",
        )),
        false => Ok(()),
    }
}

pub async fn application(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewApplication>,
) -> Result<Response, Trouble> {
    named(&body.reference)?;
    let actor = hat(&visitor, body.role, Permission::RegisterArrival)?;
    let sent_at = past(&app, body.sent_at, "sent_at")?;
    let received_at = past(&app, body.received_at, "received_at")?;
    let number = &body.form.applicant.corporate_number;
    if number.len() != 13 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = "form.applicant.corporate_number は 13 桁の法人番号です。";
        return Err(Trouble::unusable(detail));
    }
    once(&app, &actor, &headers, &[b"application", &text(&body)], async {
        let (form, people) = (body.form.clone(), body.people.clone());
        let came = ApplicationCame {
            reference: &body.reference,
            channel: body.channel,
            sent_at,
            received_at: received_at.max(sent_at),
            sent_doubt: None,
            files: Vec::new(),
        };
        let found = app.engine.receive_application(came, form, people, &actor);
        let engine::Registered { account, application, outcome } = found.await?;
        let number = app.number_of(&application.0).await?;
        Ok(ApplicationTaken { account, application, number, taken: Taken::of(outcome) })
    })
    .await
}

pub async fn change(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(contract): Path<String>,
    Sent(body): Sent<NewChange>,
) -> Result<Response, Trouble> {
    named(&body.reference)?;
    let actor = hat(&visitor, body.role, Permission::RegisterArrival)?;
    let (account, contract, _) = app.contract(&contract).await?;
    let content: [&[u8]; 3] = [b"change", contract.0.as_bytes(), &text(&body)];
    once(&app, &actor, &headers, &content, async {
        let came = engine::ChangeCame {
            reference: &body.reference,
            channel: body.channel,
            contract: contract.clone(),
            from: body.from,
            changes: body.changes.clone(),
        };
        let found = app.engine.receive_change(&account, came, &actor).await?;
        let engine::Registered { account, application, outcome } = found;
        let number = app.number_of(&application.0).await?;
        Ok(ApplicationTaken { account, application, number, taken: Taken::of(outcome) })
    })
    .await
}

pub async fn contact(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(application): Path<String>,
    Sent(body): Sent<NewContact>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::RegisterArrival)?;
    let account = app.account_of("application", &application).await?.ok_or_else(|| {
        Trouble::not_found("申込", &application, "一覧（/api/v1/applications）から選んでください。")
    })?;
    let application = ApplicationId(application);
    let id = format!("contact-{}", key(&headers, None)?);
    let content: [&[u8]; 3] = [b"contact", application.0.as_bytes(), &text(&body)];
    once(&app, &actor, &headers, &content, async {
        let person = body.person.clone();
        let found =
            app.engine.change_contact(&id, &account, &application, person, &actor, &body.reason);
        Ok(Taken::of(found.await?))
    })
    .await
}

pub async fn check(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(account): Path<String>,
    Sent(body): Sent<NewCheck>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::RegisterJudgement)?;
    let account = app.known_account(&account).await?;
    let id = format!("check-{}", key(&headers, None)?);
    let content: [&[u8]; 3] = [b"check", account.0.as_bytes(), &text(&body)];
    once(&app, &actor, &headers, &content, async {
        let check = body.check.clone();
        Ok(Taken::of(app.engine.record_check(&id, &account, check, &actor).await?))
    })
    .await
}

pub async fn check_file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(account): Path<String>,
    asked: Asked<CheckFile>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Response, Trouble> {
    let (query, bytes) = (asked.query, whole(file)?);
    let name = name_of(&query.name)?.to_owned();
    let actor = hat(&visitor, query.role, Permission::RegisterJudgement)?;
    let account = app.known_account(&account).await?;
    if query.by.trim().is_empty() || query.by.chars().any(char::is_control) {
        return Err(Trouble::unusable("by に、確認した人か機関を書いてください。"));
    }
    let id = format!("check-{}", key(&headers, None)?);
    let content: [&[u8]; 4] = [b"check file", account.0.as_bytes(), &text(&query), &bytes];
    once(&app, &actor, &headers, &content, async {
        let check = Check {
            kind: query.kind,
            on: query.on,
            result: query.result,
            by: query.by.clone(),
            document: Sealed::file_or(Some((name, bytes.to_vec())), ""),
            expires_on: query.expires_on,
        };
        Ok(Taken::of(app.engine.record_check(&id, &account, check, &actor).await?))
    })
    .await
}

pub async fn billing_run(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<NewRun>,
) -> Result<Response, Trouble> {
    let actor = hat(&visitor, body.role, Permission::RunBilling)?;
    let issued_on = body.issued_on.unwrap_or(app.engine.now().day());
    once(&app, &actor, &headers, &[b"billing run", &text(&body)], async {
        let found = app.engine.bill_because(body.month, issued_on, &actor, &body.reason).await?;
        let engine::RunResult { issued, held_back, .. } = found;
        let held_back = held_back.iter().map(engine::HeldBackOf::told).collect();
        Ok(RunTaken { issued, held_back, repeated: false })
    })
    .await
}

pub async fn propose(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(body): Sent<Brought<Act>>,
) -> Result<Response, Trouble> {
    let body = body.map(|act| Act::Propose(Propose { act: Box::new(act) }));
    register_act_of(&app, &visitor, &headers, body).await
}

pub async fn approve(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(proposal): Path<String>,
    Sent(body): Sent<Approval>,
) -> Result<Response, Trouble> {
    app.proposed(&body.account, &proposal).await?;
    let Approval { account, act, role, reason } = body;
    let act = Act::Approve(Approve { proposal: InputId(proposal), act: Box::new(act) });
    register_act_of(&app, &visitor, &headers, Brought::of(account, act, role, reason)).await
}

pub async fn preview(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Sent(body): Sent<Foreseen>,
) -> Result<axum::Json<EntryPreview>, Trouble> {
    let account = app.known_account(&body.account.0).await?;
    let preview = app.engine.preview_entry(&account, &body.content).await?;
    Ok(axum::Json(preview.seen_with(visitor.amounts())))
}

pub async fn decline(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(proposal): Path<String>,
    Sent(body): Sent<ProposalAnswer>,
) -> Result<Response, Trouble> {
    let act = app.proposed(&body.account, &proposal).await?;
    let act = Act::Decline(Decline { proposal: InputId(proposal), act });
    register_act_of(&app, &visitor, &headers, body.bring(act)).await
}

impl ProposalAnswer {
    fn bring(self, act: Act) -> Brought<Act> {
        Brought::of(self.account, act, self.role, self.reason)
    }
}

impl App {
    /// The act that somebody proposed under this id, answered or not.
    async fn proposed(&self, account: &AccountId, proposal: &str) -> Result<Box<Act>, Trouble> {
        let account = self.known_account(&account.0).await?;
        let records = self.engine.records(&account).await?;
        let found = records.into_iter().find(|record| record.input.id.0 == proposal);
        match found.map(|record| record.input.content) {
            Some(Content::Act(Act::Propose(Propose { act }))) => Ok(act),
            _ => {
                let remedy = "一覧（/api/v1/proposals）の id を使ってください。";
                Err(Trouble::not_found("起案", proposal, remedy))
            }
        }
    }
}

/// The people of a contract, for those who may see personal data.
pub async fn people(
    State(app): State<Arc<App>>,
    Path(contract): Path<String>,
) -> Result<axum::Json<super::shapes::People>, Trouble> {
    let (_, contract, state) = app.contract(&contract).await?;
    let items = app.engine.contract_people(&state, &contract).await?;
    Ok(axum::Json(super::shapes::People { items }))
}
