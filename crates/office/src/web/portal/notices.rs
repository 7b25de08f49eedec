//! Notices that the customer got (3-1), as the mails that left.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::who::roles::Permission;
use document::read_mail;
use engine::{DocumentRow, EngineError, is_invoice};
use maud::html;

use crate::web::answer::{Page, Trouble};
use crate::web::own::Own;
use crate::web::parts::Column::Text;
use crate::web::{App, documents, parts};

pub async fn list(State(app): State<Arc<App>>, own: Own) -> Result<Page, Trouble> {
    let money = own.visitor.holds(Permission::ReadOwnMoney);
    let state = own.state().await?;
    let mut notices = Vec::new();
    // Before acceptance there is no contract yet, but its name is known.
    let named: std::collections::BTreeSet<_> = state
        .applications
        .keys()
        .map(contract::declare::ids::ApplicationId::contract)
        .chain(state.contracts.keys().cloned())
        .collect();
    for contract in &named {
        notices.extend(app.engine.kept_mails(contract).await?);
    }
    notices.retain(|notice| money || !notice.is_invoice);
    notices.sort_by_key(|notice| std::cmp::Reverse(notice.sent_at));
    let rows: Vec<_> = notices
        .iter()
        .map(|notice| {
            vec![
                notice.sent_at.map_or_else(parts::none, parts::moment),
                parts::link(&parts::path("/my/notices", &notice.id), &notice.subject),
            ]
        })
        .collect();
    let body = html! {
        p.lead { "お送りした通知（第3条1項）の控えです。メールの通知は、送信した時に効力を生じます（第3条2項）。" }
        (parts::table(&[Text("送信"), Text("件名")], &rows, "お送りした通知はまだありません。"))
    };
    Ok(Page::new("お知らせ", body))
}

/// One mail, its text and what was enclosed.
pub async fn one(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let row = own_mail(&app, &own, &id).await?;
    let mail = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
    let body = html! {
        (parts::list(&[
            ("送信", mail.date.map_or_else(parts::none, parts::moment)),
            ("宛先", html! { (mail.to.join("、")) }),
            ("添付", html! {
                @if mail.attachments.is_empty() { (parts::none()) }
                @for (number, part) in mail.attachments.iter().enumerate() {
                    div { a href={ (parts::path("/my/enclosures", &format!("{number}/{id}"))) } { (part.name) } }
                }
            }),
        ]))
        div.letter { (mail.text) }
        p.back { a href="/my/notices" { "一覧に戻る" } }
    };
    Ok(Page::new(mail.subject, body))
}

/// What a mail carried, by its place in it.
pub async fn enclosure(
    State(app): State<Arc<App>>,
    own: Own,
    Path((number, id)): Path<(usize, String)>,
) -> Result<Response, Trouble> {
    let row = own_mail(&app, &own, &id).await?;
    let mail = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
    let missing =
        || Trouble::not_found("添付", &number.to_string(), "お知らせのページから開いてください。");
    let part = mail.attachments.into_iter().nth(number).ok_or_else(missing)?;
    Ok(documents::as_sent(DocumentRow {
        id,
        account: row.account,
        kind: "enclosure".to_owned(),
        name: part.name,
        mime: part.mime,
        bytes: part.bytes,
    }))
}

async fn own_mail(app: &App, own: &Own, id: &str) -> Result<engine::PersonalRow, Trouble> {
    let missing = || Trouble::not_found("お知らせ", id, "一覧から選んでください。");
    if is_invoice(id) && !own.visitor.holds(Permission::ReadOwnMoney) {
        return Err(missing());
    }
    app.engine.kept_mail(own.account(), id).await?.ok_or_else(missing)
}
