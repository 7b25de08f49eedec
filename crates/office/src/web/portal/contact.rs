//! 10-1, 30-2: the customer says to whom is written from now on.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::PersonRole;
use contract::declare::ids::{ContractId, InputId};
use contract::who::roles::Permission;
use maud::html;

use super::agreement::{clause_note, own_contract};
use crate::web::answer::{Page, Trouble};
use crate::web::console::desk_form::{again, done, told};
use crate::web::console::typed_person;
use crate::web::console::uploads::hat_with;
use crate::web::field::{self, Reached};
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::{App, parts};

pub async fn show(own: Own, Path(id): Path<String>) -> Result<Page, Trouble> {
    let (id, _) = own_contract(&own, &id).await?;
    Ok(page(&own, &id, &Form::fresh()?, Reached::Typing))
}

fn page(own: &Own, id: &ContractId, form: &Form, reached: Reached) -> Page {
    let path = parts::path("/my/contracts", &id.0);
    let body = html! {
        p.lead { "これからお送りする通知の宛先が変わります。 " (clause_note("10-1")) }
        (field::frame(&own.visitor, &format!("{path}/contact"), form, "変更する", reached, typed_person::fields(form)))
        p.back { a href=(path) { "変更せずに戻る" } }
    };
    Page::new("連絡先の変更", body)
}

pub async fn take(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    let actor = hat_with(&own.visitor, Permission::AskOwn)?;
    let key = format!("form-{}", form.key()?);
    let back = parts::path("/my/contracts", &id.0);
    if app.engine.store.has_input(&InputId(key.clone())).await? {
        return Ok(done(&back));
    }
    let Some(person) = typed_person::read(&mut form) else {
        return Ok(again(page(&own, &id, &form, Reached::Typing)));
    };
    let shown = html! {
        h2 { "変更の内容" }
        p { (person.name) " " (person.department) "、" (person.mail) "、" (person.phone) }
    };
    if !form.is_confirmed() {
        return Ok(page(&own, &id, &form, Reached::Looked(shown)).into_response());
    }
    let reaches = match person.role {
        PersonRole::ResponsiblePerson => Some("これからお送りする通知は、この宛先に届きます。"),
        PersonRole::Billing => Some("これからお送りする請求書などは、この宛先に届きます。"),
        PersonRole::Technical | PersonRole::Emergency => None,
    };
    let application = &state.contracts[&id].application;
    app.engine.change_contact(&key, own.account(), application, person, &actor, "").await?;
    app.bring().await?;
    let after = html! { (shown) @if let Some(what) = reaches { p { (what) } } };
    app.afterwards.keep(form.key()?, &own.visitor.person, after);
    Ok(told(&back, &form))
}
