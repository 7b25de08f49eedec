//! The operation of an entry that has a door: made of what its clause declares, and read
//! as its page reads what is typed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use contract::declare::door::{Ask, Doorway, Field, First, TextForm, When};
use contract::declare::ids::InputId;
use contract::road::stream::Content;
use contract::who::roles::Role;
use reckon::Moment;
use schemars::{Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::asked::Sent;
use super::once::key;
use super::register::{Brought, register_act_of, register_fact_of};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::door::{self, Asking};
use crate::web::form::Form;

/// The path of its operation: that of its page, under that of the API.
pub fn template(doorway: &Doorway) -> String {
    format!("/api/v1{}", door::template(doorway))
}

pub fn post(doorway: Doorway) -> MethodRouter<Arc<App>> {
    routing::post(
        move |State(app): State<Arc<App>>,
              visitor: Visitor,
              Path(id): Path<String>,
              headers: HeaderMap,
              body: Sent<Typed>| { bring(app, visitor, doorway, id, headers, body) },
    )
}

/// What the body says besides the fields that the entry asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct Typed {
    /// In which of the own roles; the first that may, if it is not said.
    role: Option<Role>,
    #[serde(default)]
    reason: String,
    at: Option<Moment>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

async fn bring(
    app: Arc<App>,
    visitor: Visitor,
    doorway: Doorway,
    id: String,
    headers: HeaderMap,
    Sent(typed): Sent<Typed>,
) -> Result<Response, Trouble> {
    let asking = Asking::load(&app, &visitor, doorway, &id).await?;
    let now = app.engine.now();
    let key = InputId(key(&headers, None)?);
    let is_new = !app.engine.store.has_input(&key).await?;
    let mut form = typed.form(&asking, now.day())?;
    if typed.at.is_some_and(|at| at > now) {
        form.fault("at", format!("現在（{now}）より後です。"));
    }
    // What the entry itself holds cannot be another moment when it is sent again.
    if let (When::Asked(label), None, false) =
        (doorway.door.when, typed.at, doorway.door.stamps.is_empty())
    {
        form.fault("at", format!("{}を書いてください。", label.ja));
    }
    let happened = Some(typed.at.unwrap_or(now));
    let Some((content, at)) = asking.read(&app, &mut form, happened, is_new) else {
        let faults = form.faults().iter().map(|(field, fault)| format!("{field}：{fault}"));
        return Err(Trouble::unusable(faults.collect::<Vec<_>>().join(" ")));
    };
    // What is known by its day only stands at nine, or at the first time it was sent.
    let at = match doorway.door.when {
        When::Asked(_) => typed.at,
        When::On(_) => Some(at).filter(|at| is_new && *at != now),
        When::Now => None,
    };
    let account = asking.subject.account;
    match content {
        Content::Fact(fact) => {
            let brought = Brought::of(account, fact, typed.role, typed.reason).at(at);
            register_fact_of(&app, &visitor, &headers, brought).await
        }
        Content::Act(act) => {
            let brought = Brought::of(account, act, typed.role, typed.reason).at(at);
            register_act_of(&app, &visitor, &headers, brought).await
        }
        Content::Clock | Content::Edition => Err(Trouble::unusable("登録できません。")),
    }
}

impl Typed {
    /// As if it had been typed on the page: what the entry does not ask for is refused.
    fn form(&self, asking: &Asking, today: reckon::Day) -> Result<Form, Trouble> {
        let mut form = Form::default();
        form.set("reason", &self.reason);
        let asked = |name: &str| asking.fields().find(|field| field.called == name);
        for (name, value) in &self.fields {
            let Some(field) = asked(name).filter(|field| field.is_named()) else {
                let known: Vec<_> = named(asking.doorway).map(|field| field.called).collect();
                let known = known.join(", ");
                let detail = format!("{name} という項目はありません。項目：{known}");
                return Err(Trouble::unusable(detail));
            };
            match value {
                Value::Null => {}
                Value::Bool(is_so) if is_box(field) => {
                    form.set(field.called, if *is_so { "yes" } else { "" });
                }
                _ if is_box(field) => form.fault(field.called, "true か false で書いてください。"),
                Value::String(text) => form.set(field.called, text),
                Value::Number(number) => form.set(field.called, number),
                _ => form.fault(field.called, "文字か数で書いてください。"),
            }
        }
        for field in asking.fields() {
            let here = asking.here.first.get(field.name).filter(|_| field.first != First::Shown);
            let first = here.cloned().or(match field.first {
                First::Today => Some(today.to_string()),
                First::Text(text) => Some(text.to_owned()),
                First::Nothing | First::Shown => None,
            });
            match first {
                // What a person ticks is told by sending it.
                _ if field.ask == Ask::Tick => form.set(field.called, "yes"),
                Some(first) if field.must => form.suggest(field.called, first),
                _ => {}
            }
        }
        Ok(form)
    }
}

/// The fields that a program names.
fn named(doorway: Doorway) -> impl Iterator<Item = &'static Field> {
    doorway.door.fields.iter().filter(|field| field.is_named())
}

/// What the operation takes.
pub fn schema(doorway: Doorway, generator: &mut SchemaGenerator) -> Schema {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in named(doorway) {
        let mut asked = match field.ask {
            Ask::Flag | Ask::Without => json!({ "type": "boolean" }),
            Ask::Text(TextForm::Mail) => json!({ "type": "string", "format": "email" }),
            Ask::Line | Ask::Text(_) | Ask::Choice | Ask::ContractOrAll | Ask::Tick => {
                json!({ "type": "string", "minLength": 1 })
            }
            Ask::Day | Ask::PastDay | Ask::ComingDay => {
                json!({ "type": "string", "format": "date" })
            }
            Ask::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" }),
            Ask::Yen | Ask::Yens => json!({ "type": "integer", "minimum": 1 }),
            Ask::Count | Ask::NumberChoice => json!({ "type": "integer", "minimum": 0 }),
        };
        let about = [field.label.en, field.hint.en].join(". ");
        asked["description"] = json!(about.trim_end_matches(". "));
        properties.insert(field.called.to_owned(), asked);
        let is_said = matches!(field.first, First::Nothing | First::Shown);
        if field.must && is_said && !is_choice(field) && !doorway.door.can_leave_out(field) {
            required.push(field.called);
        }
    }
    if let When::Asked(label) = doorway.door.when {
        let at = json!({ "type": "string", "format": "date-time", "description": label.en });
        properties.insert("at".to_owned(), at);
        if !doorway.door.stamps.is_empty() {
            required.push("at");
        }
    }
    if doorway.door.reason_owed {
        required.push("reason");
    }
    let reason = json!({
        "type": "string",
        "description": "Why, in own words: kept sealed",
        "minLength": u32::from(doorway.door.reason_owed),
    });
    properties.insert("reason".to_owned(), reason);
    properties.insert("role".to_owned(), json!(generator.subschema_for::<Role>()));
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    schema.try_into().expect("an object")
}

fn is_box(field: &Field) -> bool {
    matches!(field.ask, Ask::Flag | Ask::Without)
}

/// Where there is but one thing to choose, it is chosen.
fn is_choice(field: &Field) -> bool {
    matches!(field.ask, Ask::Choice | Ask::NumberChoice)
}
