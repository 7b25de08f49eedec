//! What can be read over the API, one by one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use contract::road::shown;
use document::wording;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Asked;
use super::lists::{List, page};
use super::paging::{self, Filled, Listing};
use super::shapes::{ContractDetail, Hat, IndexItem, InvoiceDetail, Me, PaymentApplied, StoryLine};
use crate::access::Visitor;
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::need::Admission;
use crate::web::routes::{Kind, ROUTES, Route};
use crate::web::timeline::{Before, why_path};
use crate::web::why;

type Answer<T> = Result<Json<T>, Trouble>;

/// Who is asking: id, roles of today, account.
pub async fn me(visitor: Visitor) -> Json<Me> {
    let roles = visitor.hats.iter().map(Hat::of).collect();
    let Visitor { person, name, account, .. } = visitor;
    Json(Me { person, name, account, roles })
}

/// What there is for whoever asks, from the table of routes.
pub async fn index(visitor: Visitor) -> Json<Listing<IndexItem>> {
    let theirs = |route: &&Route| {
        route.kind == Kind::Api && route.need.admits(Some(&visitor)) == Admission::Enters
    };
    let item = |route: &Route| IndexItem {
        method: route.method.to_owned(),
        path: route.path.to_owned(),
        title: route.title.to_owned(),
    };
    Json(Listing { items: ROUTES.iter().filter(theirs).map(item).collect(), next: None })
}

pub async fn contract(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Answer<ContractDetail> {
    let (account, id, state) = app.contract(&id).await?;
    let own = state.receivables.iter().filter(|(_, r)| r.invoice.contracts().contains(&&id));
    let invoices = own.map(|(number, _)| number.clone()).collect();
    let missing = || Trouble::not_found("契約", &id.0, "");
    let contract = state.contracts.get(&id).ok_or_else(missing)?;
    let name = state.company_on(contract, app.engine.now().day()).name.clone();
    let number = app.number_of(&id.0).await?;
    Ok(Json(ContractDetail {
        id: id.0,
        number,
        account,
        name,
        state: shown::Contract::of(contract),
        invoices,
    }))
}

/// Which part of a story.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryAsked {
    /// From `next` of the page before.
    cursor: Option<String>,
}

pub async fn timeline(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked<StoryAsked>,
) -> List<StoryLine> {
    let after = paging::after("timeline", asked.query.cursor.as_deref())?;
    let (account, id, _) = app.contract(&id).await?;
    let known = app.engine.account(&account).await?;
    let story = app.story(&visitor, &known, &id, &Before::place(after)).await?;
    let line = |told: engine::Told| StoryLine {
        page: why_path(&account, &told),
        at: told.at,
        id: told.id,
        kind: told.kind.to_owned(),
        stream: told.stream,
        text: told.text,
        clauses: told.clauses.iter().map(ToString::to_string).collect(),
        retracted: told.retracted,
    };
    let next = story.earlier_than.map(|place| place.to_string());
    page("timeline", &asked, Filled { items: story.lines.into_iter().map(line).collect(), next })
}

pub async fn invoice(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
) -> Answer<InvoiceDetail> {
    let (account, state) = app.invoice(&number).await?;
    let receivable = &state.receivables[&number];
    let payments = receivable.payments.iter();
    let payment = |applied: &contract::Applied| PaymentApplied {
        payment: applied.payment.0.clone(),
        on: applied.on,
        amount: applied.amount,
    };
    Ok(Json(InvoiceDetail {
        id: number,
        account,
        invoice: receivable.invoice.as_ref().clone(),
        outstanding: receivable.outstanding,
        paid_on: receivable.paid_on,
        late_interest: receivable.late_interest,
        payments: payments.map(payment).collect(),
    }))
}

/// Everything recorded, as `yakkan export` prints it.
pub async fn export(State(app): State<Arc<App>>) -> Answer<Value> {
    Ok(Json(app.engine.export().await?))
}

/// The stored reasons, and the same as text. For people of the provider: this
/// version has no other callers.
pub async fn why(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked<why::Asked>,
) -> Answer<Value> {
    let asked = asked.query;
    let reader = visitor.reads(asked.language());
    app.may_ask(&visitor, &id).await?;
    let found = app.explained(&id, reader).await?;
    let items = found.iter().map(|explanation| {
        let mut item = json!(explanation);
        let clauses = explanation.clauses.iter();
        let clause =
            |(id, ja, en): &(String, String, String)| json!({ "id": id, "ja": ja, "en": en });
        item["clauses"] = json!(clauses.map(clause).collect::<Vec<_>>());
        item["text"] = json!(wording::explain(explanation, reader, asked.audience()));
        item
    });
    Ok(Json(json!({ "id": id, "items": items.collect::<Vec<_>>() })))
}
