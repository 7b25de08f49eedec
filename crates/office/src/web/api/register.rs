//! Facts and acts that come in over the API.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use contract::declare::act::Act;
use contract::declare::fact::{ContactChanged, Fact};
use contract::declare::ids::{AccountId, PersonId};
use contract::declare::sealed::Sealed;
use contract::registered::parties::RegisteredData;
use contract::road::stream::{Content, Input};
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::Outcome;
use reckon::Moment;
use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::Sent;
use super::once::{key, not_permitted, used};
use super::people::by_person;
use super::shapes::Taken;
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;

/// What a caller sends. Who it is, the session or key says, never the body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brought<C> {
    account: AccountId,
    /// The idempotency key; it may stand in the header `Idempotency-Key`.
    id: Option<String>,
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
    /// Why, in own words: kept sealed.
    #[serde(default)]
    reason: String,
    /// When it happened; now, if it is not said.
    occurred_at: Option<Moment>,
    source: Option<String>,
    content: C,
}

/// Longer reasons are documents.
const LONGEST_REASON: usize = 4_000;

pub async fn register_fact(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(brought): Sent<Brought<Fact>>,
) -> Result<Response, Trouble> {
    register_fact_of(&app, &visitor, &headers, brought).await
}

pub async fn register_fact_of(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    brought: Brought<Fact>,
) -> Result<Response, Trouble> {
    let fact = &brought.content;
    // Taken from outside, they would say that a mail left, a number was given or a key
    // destroyed when none was.
    if fact.by().is_none() {
        let detail = "この事実は、システムが送信・発行・取込み・消去・引継ぎ・訂正を実際に行った時に自ら記録します。送れなかったものを別の方法で済ませたときは、POST /api/v1/outbox/{id}/mending で記録してください。";
        return Err(Trouble::unusable(detail));
    }
    let named = match fact {
        Fact::ContactChanged(ContactChanged { person, kept, .. }) => Some((person, kept)),
        Fact::DataChangeNotified(change) => match &change.what {
            RegisteredData::Contact { person, kept, .. } => Some((person, kept)),
            _ => None,
        },
        _ => None,
    };
    if let Some((Sealed::Row(person), kept)) = named {
        app.known_people(&brought.account, [Some(person), kept.as_ref()]).await?;
    }
    let may = |role| fact.may_be_registered_by(role);
    let hat = visitor.acting(brought.role, may).filter(|hat| may(hat.role)).cloned();
    let hat = hat.ok_or_else(|| not_permitted(visitor, brought.role))?;
    let begins = matches!(fact, Fact::ApplicationReceived(_));
    let brought = brought.map(Content::Fact);
    app.register(headers, hat, brought, begins).await
}

pub async fn register_act(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(brought): Sent<Brought<Act>>,
) -> Result<Response, Trouble> {
    register_act_of(&app, &visitor, &headers, brought).await
}

pub async fn register_act_of(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    brought: Brought<Act>,
) -> Result<Response, Trouble> {
    let act = &brought.content;
    if act.needs_second_person() && app.is_program(visitor).await? {
        return Err(by_person("二人目として決めることは、人だけができます。"));
    }
    // Without a role that may, the act is refused and the refusal is recorded.
    let hat = visitor.acting(brought.role, |role| act.may(role));
    let hat = match brought.role {
        Some(_) => hat,
        None => hat.or(visitor.hats.first()),
    };
    let hat = hat.cloned().ok_or_else(|| not_permitted(visitor, brought.role))?;
    app.register(headers, hat, brought.map(Content::Act), false).await
}

impl App {
    /// The sealed rows that a fact names, each kept for this account.
    async fn known_people(
        &self,
        account: &AccountId,
        named: [Option<&PersonId>; 2],
    ) -> Result<(), Trouble> {
        for id in named.into_iter().flatten() {
            let row = self.engine.store.personal(&id.0).await?;
            if row.is_none_or(|row| row.account != *account) {
                let detail = format!(
                    "「{id}」という連絡先の行は、この契約者にはありません。氏名やメールアドレスとともに POST /api/v1/applications/{{id}}/contacts で登録してください。"
                );
                return Err(Trouble::unusable(detail));
            }
        }
        Ok(())
    }
}

/// What a request says besides its content.
struct Said<'a> {
    occurred_at: Option<Moment>,
    source: Option<&'a str>,
    reason: &'a str,
}

impl<C> Brought<C> {
    /// Happened now, known by the key in the header.
    pub fn of(account: AccountId, content: C, role: Option<Role>, reason: String) -> Brought<C> {
        Brought { account, id: None, role, reason, occurred_at: None, source: None, content }
    }

    /// Happened at this moment, where it is said.
    pub fn at(self, occurred_at: Option<Moment>) -> Brought<C> {
        Brought { occurred_at, ..self }
    }

    pub fn map<D>(self, wrap: impl FnOnce(C) -> D) -> Brought<D> {
        let Brought { account, id, role, reason, occurred_at, source, content } = self;
        Brought { account, id, role, reason, occurred_at, source, content: wrap(content) }
    }
}

impl App {
    /// `begins`: the fact may be the first of its account.
    async fn register(
        &self,
        headers: &HeaderMap,
        actor: Actor,
        brought: Brought<Content>,
        begins: bool,
    ) -> Result<Response, Trouble> {
        let id = key(headers, brought.id.as_deref())?;
        if brought.reason.chars().count() > LONGEST_REASON {
            let detail = format!("reason は {LONGEST_REASON} 文字までです。");
            return Err(Trouble::unusable(detail));
        }
        let source = brought.source.as_deref().unwrap_or("api");
        let strange = |text: &str| text.chars().count() > 200 || text.chars().any(char::is_control);
        if strange(source) || strange(&brought.account.0) {
            let detail = "source と account は 200 文字までで、制御文字は使えません。";
            return Err(Trouble::unusable(detail));
        }
        let account = brought.account;
        if !begins && self.engine.store.view("account", &account.0).await?.is_none() {
            let remedy = "契約の一覧（/api/v1/contracts）の account を使ってください。";
            return Err(Trouble::not_found("契約者", &account.0, remedy));
        }
        if self.engine.is_request(&id).await? {
            return Err(used(&id));
        }
        let mut input = self.engine.input(id, &account, &actor, source, brought.content);
        if let Some(at) = brought.occurred_at {
            if at > input.known_at {
                let now = input.known_at;
                return Err(Trouble::unusable(format!(
                    "occurred_at {at} は未来です（現在 {now}）。"
                )));
            }
            input.occurred_at = at;
        }
        let outcome = self.engine.register_because(input.clone(), &brought.reason).await?;
        if outcome.repeated {
            let said = Said {
                occurred_at: brought.occurred_at,
                source: brought.source.as_deref(),
                reason: brought.reason.trim(),
            };
            self.same_as_before(&input, said).await?;
        }
        self.bring().await?;
        answer(outcome)
    }

    /// A key that was used before must have been used for the same thing.
    async fn same_as_before(&self, input: &Input, said: Said<'_>) -> Result<(), Trouble> {
        let input = &self.engine.sealed(input.clone()).await?;
        let records = self.engine.records(&input.account).await?;
        let earlier = records.iter().find(|record| record.input.id == input.id);
        let given = self.engine.reason_given(&input.id).await?.unwrap_or_default();
        let same = earlier.is_some_and(|record| {
            let known = &record.input;
            (&known.content, &known.actor) == (&input.content, &input.actor)
                && said.occurred_at.is_none_or(|at| at == known.occurred_at)
                && said.source.is_none_or(|source| source == known.source)
                && said.reason == given
        });
        if same {
            return Ok(());
        }
        Err(used(&input.id.0))
    }
}

fn answer(outcome: Outcome) -> Result<Response, Trouble> {
    if outcome.refused {
        let detail = "規約または権限により、この行為はできません。";
        let refused =
            Trouble::new(StatusCode::CONFLICT, "act-refused", "行為は拒否されました", detail);
        return Err(Trouble { because: outcome.findings, ..refused });
    }
    let status = if outcome.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(Taken::of(outcome))).into_response())
}
