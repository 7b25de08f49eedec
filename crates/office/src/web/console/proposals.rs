//! What one person proposed: a second one reads it whole, then approves or declines.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::OpenProposal;
use contract::declare::act::{Act, Approve, Decline};
use contract::declare::ids::AccountId;
use contract::road::stream::{Content, Stream};
use document::wording::Language;
use maud::{Markup, html};

use super::correct::shown;
use super::desk_form::{again, done};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, hat, may};
use crate::web::field::{self, Reached, must};
use crate::web::form::Form;
use crate::web::parts::Column::Text;
use crate::web::{App, links, parts};

const JA: Language = Language::Japanese;

pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let columns = [Text("起案"), Text("相手"), Text("起案した人"), Text("起案の時"), Text("")];
    let mut rows = Vec::new();
    for (account, row) in app.accounts().await? {
        for proposal in row.proposals {
            let path = proposal_path(&account, &proposal.id.0);
            let mine = proposal.by == visitor.person;
            let opens = links::opens(&visitor, "/proposals/{account}/{*id}");
            let next = html! {
                @if mine { span.note { "自分の起案" } } @else if opens { a href=(path) { "内容を見る" } }
            };
            let text = proposal.act.line(visitor.reads(JA));
            rows.push(vec![
                if opens {
                    parts::link(&path, text)
                } else {
                    html! { (text) }
                },
                parts::name(&row.name),
                parts::person(app.engine.name_of(&proposal.by)),
                parts::moment(proposal.proposed_at),
                next,
            ]);
        }
    }
    let body = html! {
        p.lead { "起案した人とは別の、承認の権限がある人が決めます。" }
        (parts::table(&columns, &rows, "承認を待っている起案はありません。"))
    };
    Ok(Page::new("起案", body))
}

pub fn proposal_path(account: &AccountId, id: &str) -> String {
    parts::path(&format!("/proposals/{account}"), id)
}

struct Found {
    account: AccountId,
    name: String,
    proposal: OpenProposal,
}

async fn find(app: &App, account: String, id: &str) -> Result<Found, Trouble> {
    let account = AccountId(account);
    let missing =
        || Trouble::not_found("起案", id, "すでに承認か却下されたものは、記録から探せます。");
    let accounts = app.accounts().await?;
    let name = accounts.get(&account).ok_or_else(missing)?.name.clone();
    let state = app.engine.state(&account).await?;
    let open = state.proposals.iter().find(|open| open.id.0 == id).cloned();
    Ok(Found { account, name, proposal: open.ok_or_else(missing)? })
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
) -> Result<Page, Trouble> {
    let found = find(&app, account, &id).await?;
    let form = Form::fresh()?;
    let mut page = page(&app, &visitor, &found, &form, Reached::Typing).await?;
    // What it rested on may have gone since it was proposed.
    let (proposal, act) = (found.proposal.id.clone(), Box::new(found.proposal.act.clone()));
    let approve = Act::Approve(Approve { proposal, act });
    let own = visitor.hats.iter().any(|hat| hat.stands_for(&found.proposal.by));
    if may(&visitor, &approve) && !own {
        let content = Content::Act(approve);
        let actor = hat(&visitor, &content)?;
        let occurred_at = app.engine.now();
        let bringing = Bringing { account: &found.account, content, occurred_at, source: "desk" };
        let foreseen = app.foresee(&visitor, &app.input_of(&form, &actor, &bringing)?).await?;
        if foreseen.is_blocked() {
            page.body = html! { section.foreseen.stopped { (foreseen.shown()) } (page.body) };
        }
    }
    Ok(page)
}

async fn page(
    app: &App,
    visitor: &Visitor,
    found: &Found,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let Found { account, name, proposal } = found;
    let reason = app.engine.reason_given(&proposal.id).await?;
    let preview = app.engine.preview_of(&proposal.id).await?;
    let answers = [
        ("approve", html! { "承認する：自分がこの行為をしたことになります" }),
        ("decline", html! { "却下する：何も起こりません" }),
    ];
    let inside = html! {
        (field::radios(form, must("answer", "どうするか", ""), &answers))
        (field::reason(form, true))
    };
    let decline = Act::Decline(Decline {
        proposal: proposal.id.clone(),
        act: Box::new(proposal.act.clone()),
    });
    let body = html! {
        p.lead { (proposal.act.line(visitor.reads(JA))) }
        (parts::list(&[
            ("契約者", html! { (name) }),
            ("対象", about(&proposal.act)),
            ("起案した人", parts::person(app.engine.name_of(&proposal.by))),
            ("起案の時", parts::moment(proposal.proposed_at)),
            ("理由", html! { @match reason { Some(reason) => span.reply { (reason) }, None => (parts::none()) } }),
            ("記録", parts::id_link(&format!("/entries/{account}"), &proposal.id.0)),
        ]))
        @if let Some(preview) = preview {
            h2 { "起案の時に見込まれた変化" }
            (shown(&preview.seen_with(visitor.amounts())))
        }
        @if may(visitor, &decline) {
            (field::frame(visitor, &proposal_path(account, &proposal.id.0), form, "決める", reached, inside))
        } @else {
            p.empty { "この起案を決める権限がありません。" }
        }
    };
    Ok(Page::new("起案", body))
}

fn about(act: &Act) -> Markup {
    match act.done().stream() {
        Stream::Contract(id) => parts::id_link("/contracts", &id.0),
        Stream::Application(id) => parts::id_link("/applications", &id.0),
        Stream::Notice(id) => parts::id_link("/deliveries", &id.0),
        Stream::Ledger | Stream::Company => parts::none(),
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Trouble> {
    // Sent twice: the proposal is no longer open, and this is no fault.
    if app
        .engine
        .store
        .has_input(&contract::declare::ids::InputId(format!("form-{}", form.key()?)))
        .await?
    {
        return Ok(done("/proposals"));
    }
    let found = find(&app, account, &id).await?;
    form.reason(true);
    let proposal = found.proposal.id.clone();
    let act = Box::new(found.proposal.act.clone());
    let answer = match form.text("answer") {
        "approve" => Some(Act::Approve(Approve { proposal, act })),
        "decline" => Some(Act::Decline(Decline { proposal, act })),
        _ => None,
    };
    if answer.is_none() {
        form.fault("answer", "承認か却下かを選んでください。");
    }
    let Some(answer) = answer.filter(|_| form.is_good()) else {
        return Ok(again(page(&app, &visitor, &found, &form, Reached::Typing).await?));
    };
    let occurred_at = app.engine.now();
    let content = Content::Act(answer);
    let bringing = Bringing { account: &found.account, content, occurred_at, source: "desk" };
    match app.take(&visitor, &form, bringing).await? {
        Taken::Registered => Ok(done("/proposals")),
        Taken::Looked(foreseen) if foreseen.is_blocked() => {
            let mut shown = page(&app, &visitor, &found, &form, Reached::Typing).await?;
            let body = shown.body;
            shown.body =
                html! { section.foreseen.stopped role="alert" { (foreseen.shown()) } (body) };
            Ok(again(shown))
        }
        Taken::Looked(foreseen) => {
            Ok(page(&app, &visitor, &found, &form, foreseen.reached()).await?.into_response())
        }
    }
}
