//! What can be read over the API.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use document::wording;
use serde_json::{Value, json};

use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::need::Admission;
use crate::web::own::Own;
use crate::web::routes::{Kind, ROUTES, Route};
use crate::web::timeline::why_path;
use crate::web::why::Asked;

type Answer = Result<Json<Value>, Trouble>;

/// The rows of a read model, each with its id and account.
async fn rows(app: &App, kind: &str) -> Answer {
    let views = app.engine.store.views(kind).await?;
    let items = views.into_iter().map(|view| with_id(&view.id, &view.account.0, view.content));
    Ok(Json(json!({ "items": items.collect::<Vec<_>>() })))
}

/// The rows of whoever asks.
async fn own_rows(own: &Own, kind: &str) -> Answer {
    let rows = own.rows::<Value>(kind).await?;
    let items = rows.into_iter().map(|row| with_id(&row.id, &row.account.0, row.content));
    Ok(Json(json!({ "items": items.collect::<Vec<_>>() })))
}

pub async fn own_contracts(own: Own) -> Answer {
    own_rows(&own, "contract").await
}

pub async fn own_invoices(own: Own) -> Answer {
    own_rows(&own, "invoice").await
}

/// Who is asking: id, roles of today, account.
pub async fn me(visitor: Visitor) -> Json<Value> {
    let hats = visitor.hats.iter().map(|hat| {
        json!({
            "role": hat.role,
            "deputy_for": hat.deputy_for,
            "approves_up_to": hat.approves_up_to,
        })
    });
    Json(json!({
        "person": visitor.person,
        "name": visitor.name,
        "account": visitor.account,
        "roles": hats.collect::<Vec<_>>(),
    }))
}

fn with_id(id: &str, account: &str, content: Value) -> Value {
    let mut item = json!({ "id": id, "account": account });
    if let (Value::Object(item), Value::Object(content)) = (&mut item, content) {
        item.extend(content);
    }
    item
}

/// One field of every account, each element with its account.
async fn of_accounts(app: &App, field: &str) -> Answer {
    let mut items = Vec::new();
    for view in app.engine.store.views("account").await? {
        let found = view.content[field].as_array().cloned().unwrap_or_default();
        for mut item in found {
            item["account"] = json!(view.account);
            items.push(item);
        }
    }
    Ok(Json(json!({ "items": items })))
}

/// What there is for whoever asks, from the table of routes.
pub async fn index(visitor: Visitor) -> Json<Value> {
    let theirs = |route: &&Route| {
        route.kind == Kind::Api && route.need.admits(Some(&visitor)) == Admission::Enters
    };
    let routes = ROUTES.iter().filter(theirs);
    let items = routes.map(|r| json!({ "method": r.method, "path": r.path, "title": r.title }));
    Json(json!({ "items": items.collect::<Vec<_>>() }))
}

pub async fn contracts(State(app): State<Arc<App>>) -> Answer {
    rows(&app, "contract").await
}

pub async fn applications(State(app): State<Arc<App>>) -> Answer {
    rows(&app, "application").await
}

pub async fn invoices(State(app): State<Arc<App>>) -> Answer {
    rows(&app, "invoice").await
}

pub async fn rights(State(app): State<Arc<App>>) -> Answer {
    of_accounts(&app, "rights").await
}

pub async fn tasks(State(app): State<Arc<App>>) -> Answer {
    of_accounts(&app, "tasks").await
}

pub async fn outbox(State(app): State<Arc<App>>) -> Answer {
    Ok(Json(json!({ "items": app.engine.store.outbox().await? })))
}

pub async fn contract(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let (account, id, state) = app.contract(&id).await?;
    let contract = &state.contracts[&id];
    let mut item = with_id(&id.0, &account.0, json!(contract));
    item["name"] = json!(contract.form.applicant.name);
    let own = state.receivables.iter().filter(|(_, r)| r.invoice.contracts().contains(&&id));
    item["invoices"] = json!(own.map(|(number, _)| number).collect::<Vec<_>>());
    Ok(Json(item))
}

pub async fn timeline(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let (account, id, state) = app.contract(&id).await?;
    let story = app.story(&account, &id, &state).await?;
    let items = story.iter().map(|told| {
        json!({
            "at": told.at,
            "id": told.id,
            "kind": told.kind,
            "stream": told.stream,
            "text": told.text,
            "clauses": told.clauses,
            "retracted": told.retracted,
            "page": why_path(&account, told),
        })
    });
    Ok(Json(json!({ "items": items.collect::<Vec<_>>() })))
}

pub async fn invoice(State(app): State<Arc<App>>, Path(number): Path<String>) -> Answer {
    let (account, state) = app.invoice(&number).await?;
    let receivable = &state.receivables[&number];
    let mut item = with_id(&number, &account.0, json!(receivable.invoice));
    item["outstanding"] = json!(receivable.outstanding);
    item["paid_on"] = json!(receivable.paid_on);
    item["late_interest"] = json!(receivable.late_interest);
    let payments = receivable.payments.iter();
    let payment =
        |p: &contract::Applied| json!({ "payment": p.payment, "on": p.on, "amount": p.amount });
    item["payments"] = json!(payments.map(payment).collect::<Vec<_>>());
    Ok(Json(item))
}

/// The stored reasons, and the same as text. For people of the provider: this
/// version has no other callers.
pub async fn why(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let language = asked.language();
    let found = app.explained(&id, language).await?;
    let items = found.iter().map(|explanation| {
        let mut item = json!(explanation);
        let clauses = explanation.clauses.iter();
        let clause =
            |(id, ja, en): &(String, String, String)| json!({ "id": id, "ja": ja, "en": en });
        item["clauses"] = json!(clauses.map(clause).collect::<Vec<_>>());
        item["text"] = json!(wording::explain(explanation, language, asked.audience()));
        item
    });
    Ok(Json(json!({ "id": id, "items": items.collect::<Vec<_>>() })))
}
