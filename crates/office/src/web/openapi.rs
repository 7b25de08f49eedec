//! The document of the API (OpenAPI 3.1), made from the table of routes, the table
//! of operations and the types that serde reads and writes. Nothing is written
//! twice, so that it cannot say anything else than what is served.

mod operation;
mod table;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contract::who::roles::Permission;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use self::operation::{Gives, Operation, Takes};
use super::api::doors;
use super::api::shapes::Problem;
use super::cookie::Cookie;
use super::need::Need;
use super::routes::{Kind, ROUTES, Route};
use super::{App, Front};

pub use self::table::OPERATIONS;

const DEFINITIONS: &str = "/components/schemas";

/// Answers of the sample reseller, recorded by a test.
static EXAMPLES: &str = include_str!("openapi/examples.json");

/// Every way in which a request can fail, besides what an operation is for.
const READING_FAILS: &[u16] = &[400, 401, 403, 404, 422, 429, 500, 503, 507];
const WRITING_FAILS: &[u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503, 507];

pub async fn show(State(app): State<Arc<App>>) -> Json<Value> {
    Json(document(&app.front))
}

/// The whole document, of an installation that is reached in this way.
pub fn document(front: &Front) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = DEFINITIONS.into();
            settings.meta_schema = None;
        })
        .into_generator();
    let examples: Value = serde_json::from_str(EXAMPLES).expect("the examples are JSON");
    let mut paths = Map::new();
    for route in api_routes() {
        let found = operation_of(route);
        let described = describe(route, found, &examples, &mut generator);
        let path = paths.entry(plain(route.path)).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = described;
    }
    generator.subschema_for::<Problem>();
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Yakkan",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Contracts and billing of a resold cloud service by its written terms",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": problem() },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The key of a program (`yakkan key`), with its role and expiry.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": Cookie::Session.name(front),
                    "description": "A person who has signed in. What is sent with POST also \
                                    carries the header x-csrf-token.",
                },
            },
        },
    })
}

/// The routes that belong to the API.
pub fn api_routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.kind == Kind::Api)
}

/// What is said about a route; a test sees that nothing is missing.
fn operation_of(route: &Route) -> &'static Operation {
    let found = OPERATIONS.iter().find(|o| o.method == route.method && o.path == route.path);
    found.unwrap_or(&operation::UNSAID)
}

/// A path without the star that lets a parameter contain slashes.
fn plain(path: &str) -> String {
    path.replace("{*", "{")
}

fn describe(
    route: &Route,
    operation: &Operation,
    examples: &Value,
    generator: &mut SchemaGenerator,
) -> Value {
    let examples = &examples[operation.id];
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.about,
        "description": format!("{}。{}", route.title, permission_text(route.need)),
        "tags": [operation.tag],
        "parameters": parameters(route, operation, generator),
        "responses": responses(operation, &examples["response"], generator),
        "security": security(route.need),
        "x-permissions": permissions(route.need),
    });
    if let Takes::Door(doorway) = operation.takes {
        described["x-clauses"] = json!(doorway.kind.clauses);
    }
    let content = match operation.takes {
        Takes::Nothing => return described,
        Takes::Door(doorway) => {
            json!({ "application/json": { "schema": doors::schema(doorway, generator) } })
        }
        Takes::Json(schema) => {
            let mut media = json!({ "schema": schema(generator) });
            if !examples["request"].is_null() {
                media["example"] = examples["request"].clone();
            }
            json!({ "application/json": media })
        }
        Takes::File | Takes::PerhapsFile => json!({
            "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
        }),
    };
    let required = !matches!(operation.takes, Takes::PerhapsFile);
    described["requestBody"] = json!({ "required": required, "content": content });
    described
}

fn parameters(route: &Route, operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut parameters = Vec::new();
    for name in route.path.split('/').filter_map(|part| part.strip_prefix('{')) {
        let name = name.trim_start_matches('*').trim_end_matches('}');
        parameters.push(json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": { "type": "string", "minLength": 1 },
            "example": operation::path_example(route.path, name),
        }));
    }
    if let Some(query) = operation.query {
        let schema = query(generator).to_value();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let mut field = field.clone();
            let about = field.as_object_mut().and_then(|field| field.remove("description"));
            let mut parameter = json!({
                "name": name,
                "in": "query",
                "required": required.contains(&json!(name)),
                "schema": without_null(field),
            });
            if let Some(about) = about {
                parameter["description"] = about;
            }
            parameters.push(parameter);
        }
    }
    if operation.keyed {
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": true,
            "description": "The number of this request. The same request under it again is \
                            answered alike and does nothing; another one is refused with 409.",
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9._:@+-]{1,100}$" },
        }));
    }
    json!(parameters)
}

/// A query has no null: what is not said is left out.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some([one, null]) = schema["anyOf"].as_array().map(Vec::as_slice)
        && null["type"] == "null"
    {
        return one.clone();
    }
    schema
}

fn responses(operation: &Operation, example: &Value, generator: &mut SchemaGenerator) -> Value {
    let (statuses, content, fails): (&[&str], Value, _) = match operation.gives {
        Gives::Json(schema) => (
            &["200"],
            json!({ "application/json": { "schema": schema(generator) } }),
            match operation.method {
                "GET" => READING_FAILS,
                _ => WRITING_FAILS,
            },
        ),
        Gives::Done(schema) => (
            &["200", "201"],
            json!({ "application/json": { "schema": schema(generator) } }),
            WRITING_FAILS,
        ),
        Gives::State(schema) => (
            &["200", "503"],
            json!({ "application/json": { "schema": schema(generator) } }),
            READING_FAILS,
        ),
        Gives::Bytes => {
            let binary = json!({ "schema": { "type": "string", "format": "binary" } });
            (
                &["200"],
                json!({ "application/pdf": binary.clone(), "application/octet-stream": binary }),
                READING_FAILS,
            )
        }
    };
    let mut responses = Map::new();
    for status in statuses {
        let about = match *status {
            "201" => "Done.",
            "503" => "Not now.",
            _ => "As asked, or done before.",
        };
        let mut content = content.clone();
        if !example.is_null() {
            content["application/json"]["example"] = example.clone();
        }
        let response = json!({ "description": about, "content": content });
        responses.insert((*status).to_owned(), response);
    }
    for status in fails {
        let problem = || json!({ "$ref": "#/components/responses/Problem" });
        responses.entry(status.to_string()).or_insert_with(problem);
    }
    Value::Object(responses)
}

fn problem() -> Value {
    json!({
        "description": "What stands in the way, and what to do about it (RFC 9457).",
        "content": { "application/problem+json": {
            "schema": { "$ref": format!("#{DEFINITIONS}/{}", Problem::schema_name()) },
        } },
    })
}

fn permissions(need: Need) -> Vec<Permission> {
    match need {
        Need::One(permission) => vec![permission],
        Need::AnyOf(permissions) | Need::AllOf(permissions) => permissions.to_vec(),
        _ => Vec::new(),
    }
}

fn permission_text(need: Need) -> String {
    match (need, permissions(need).as_slice()) {
        (Need::Public, _) => "Needs no sign-in.".to_owned(),
        (Need::Monitoring, _) => "Needs this machine or the token of monitoring.".to_owned(),
        (_, []) => "Needs somebody who has signed in.".to_owned(),
        (_, several) => {
            let names = several.iter().map(|one| json!(one)).collect::<Vec<_>>();
            let names = names.iter().filter_map(Value::as_str).collect::<Vec<_>>();
            let and = if matches!(need, Need::AllOf(_)) { " and " } else { " or " };
            format!("Needs the permission {}.", names.join(and))
        }
    }
}

fn security(need: Need) -> Value {
    match need {
        Need::Public => json!([]),
        _ => json!([{ "key": [] }, { "session": [] }]),
    }
}
