//! 37-1: the customer tells of something wrong with the service, and sees what became of
//! it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::AccountState;
use contract::declare::Entry;
use contract::declare::door::{Doorway, Here};
use contract::declare::fact::AbnormalityReported;
use contract::declare::ids::{ContractId, InputId};
use contract::matters::matter::MatterKind;
use contract::who::roles::Permission;
use document::wording::Language;
use maud::{Markup, html};
use serde_json::Map;

use super::agreement::{clause_note, own_contract};
use crate::web::answer::{Page, Trouble};
use crate::web::console::desk_form::{again, done};
use crate::web::console::uploads::hat_with;
use crate::web::field::{self, Reached};
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::parts::Column::Text;
use crate::web::parts::{Chip, Tone};
use crate::web::{App, door, parts};

/// The door of the entry, whose fields the customer fills as the desk does.
fn doorway() -> Doorway {
    Doorway::of(AbnormalityReported::NAME).expect("it is declared")
}

pub async fn show(own: Own, Path(id): Path<String>) -> Result<Page, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    Ok(page(&own, &id, &state, &Form::fresh()?, Reached::Typing))
}

fn page(own: &Own, id: &ContractId, state: &AccountState, form: &Form, reached: Reached) -> Page {
    let path = parts::path("/my/contracts", &id.0);
    let asked = doorway().door.fields.iter().filter(|field| field.name != "document");
    let inside = html! {
        @for field in asked { (door::input(form, field, &Here::default())) }
    };
    let body = html! {
        p.lead { "サービスの設備の異常に気づかれたら、すみやかにお知らせください。 " (clause_note("37-1")) }
        (field::frame(&own.visitor, &format!("{path}/report"), form, "知らせる", reached, inside))
        (parts::section("これまでのご連絡", reports(id, state)))
        p.back { a href=(path) { "知らせずに戻る" } }
    };
    Page::new("異常のご連絡", body)
}

/// What the customer told of before, and what became of it.
fn reports(id: &ContractId, state: &AccountState) -> Markup {
    let of = state
        .matters
        .iter()
        .filter(|(_, matter)| matter.contract == *id && matter.kind == AbnormalityReported::NAME);
    let mut of: Vec<_> = of.collect();
    of.sort_by_key(|(_, matter)| std::cmp::Reverse(matter.opened_at));
    let rows: Vec<_> = of
        .iter()
        .map(|(id, matter)| {
            let kind = MatterKind::named(&matter.kind);
            let result = matter.closed.as_ref().zip(kind);
            vec![
                parts::moment(matter.opened_at),
                html! { (matter.about) },
                match result {
                    Some((closed, kind)) => parts::chip(Chip(
                        kind.result(&closed.result, Language::Japanese),
                        Tone::Off,
                    )),
                    None => parts::chip(Chip("対応中", Tone::Watch)),
                },
                html! { span.id { (id) } },
            ]
        })
        .collect();
    let columns = [Text("ご連絡の日時"), Text("内容"), Text("状態"), Text("番号")];
    parts::table(&columns, &rows, "ご連絡はまだありません。")
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
    let back = format!("{}/report", parts::path("/my/contracts", &id.0));
    if app.engine.store.has_input(&InputId(key.clone())).await? {
        return Ok(done(&back));
    }
    let mut fields = Map::new();
    for field in doorway().door.fields.iter().filter(|field| field.name != "document") {
        let value = form.asked(field, &Here::default(), app.engine.now().day());
        fields.extend(value.map(|value| (field.name.to_owned(), value)));
    }
    let entry = doorway().entry(&id.0, app.engine.now(), fields).ok().filter(|_| form.is_good());
    let Some(entry) = entry else {
        return Ok(again(page(&own, &id, &state, &form, Reached::Typing)));
    };
    if !form.is_confirmed() {
        let shown = html! {
            h2 { "お知らせの内容" }
            p { (form.text("symptom")) }
            p { "受付の番号とともに記録し、担当者が対応します。契約も料金も変わりません。" }
        };
        return Ok(page(&own, &id, &state, &form, Reached::Looked(shown)).into_response());
    }
    // 43-1: the provider knows from the moment at which it comes.
    let input = app.engine.input(key, own.account(), &actor, "portal", entry);
    app.engine.register_because(input, "").await?;
    app.bring().await?;
    Ok(done(&back))
}
