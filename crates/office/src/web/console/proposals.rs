//! What one person proposed: a second one reads it whole, then approves or declines.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::OpenProposal;
use contract::declare::act::{Act, Approve, Decline};
use contract::declare::ids::AccountId;
use contract::road::stream::{Content, Stream};
use document::wording::Language;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};

use super::correct::{leaving, shown};
use super::desk_form::{again, done, told};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, hat, may};
use crate::web::field::{self, Reached, must};
use crate::web::form::Form;
use crate::web::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use crate::web::rows::{Line, ProposalRow};
use crate::web::{App, links, parts};

const JA: Language = Language::Japanese;

/// What waits for a second person.
pub struct Proposals;

impl Listing for Proposals {
    type Row = Line<ProposalRow>;
    const PATH: &'static str = "/proposals";
    const TITLE: &'static str = "起案";
    const EMPTY: &'static str = "承認を待っている起案はありません。";
    const ORDER: &'static str = "at";

    fn columns() -> Vec<Column<Line<ProposalRow>>> {
        vec![
            Self::text("起案", |seen, row| {
                let text = row.content.act.line(seen.visitor.reads(JA));
                match links::opens(seen.visitor, ONE) {
                    true => Shown::both(parts::link(&path_of(row), &text), text),
                    false => Shown::Text(text),
                }
            }),
            Self::text("相手", |_, row| Shown::Name(row.name.clone())).by("name", &[Field::Name]),
            Self::text("起案した人", |seen, row| {
                Shown::Person(seen.app.engine.name_of(&row.content.by))
            })
            .by("by", &[Field::Text("by")]),
            Self::text("起案の時", |_, row| Shown::Moment(row.content.proposed_at))
                .by("at", &[Field::Text("proposed_at")]),
            Self::text("", |seen, row| {
                let next = html! {
                    @if row.content.by == seen.visitor.person { span.note { "自分の起案" } }
                    @else if links::opens(seen.visitor, ONE) { a href=(path_of(row)) { "内容を見る" } }
                };
                Shown::both(next, "")
            })
            .only_on_page(),
        ]
    }

    fn above(_: &Seen<'_>) -> Markup {
        html! { p.lead { "起案した人とは別の、承認の権限がある人が決めます。" } }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        html! {
            (field::text(form, field::may("q", "相手", "名称の一部")))
            (field::check(form, field::may("others", "他の人の起案だけ", "")))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<ProposalRow>>,
    ) -> Result<Found<Line<ProposalRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        if form.text("others") == "yes" {
            tests.push(Test::is(Field::Text("by"), seen.visitor.person.as_str()).negated());
        }
        wanted.views(seen.app, ListOf::Within("proposals"), tests).await
    }
}

const ONE: &str = "/proposals/{account}/{*id}";

fn path_of(row: &Line<ProposalRow>) -> String {
    proposal_path(&row.account, &row.content.id.0)
}

pub fn proposal_path(account: &AccountId, id: &str) -> String {
    parts::path(&format!("/proposals/{account}"), id)
}

struct Opened {
    account: AccountId,
    name: String,
    proposal: OpenProposal,
}

async fn find(app: &App, account: String, id: &str) -> Result<Opened, Trouble> {
    let account = AccountId(account);
    let missing =
        || Trouble::not_found("起案", id, "すでに承認か却下されたものは、記録から探せます。");
    let name = app.account_row(&account).await?.ok_or_else(missing)?.name;
    let state = app.engine.state(&account).await?;
    let open = state.proposals.iter().find(|open| open.id.0 == id).cloned();
    Ok(Opened { account, name, proposal: open.ok_or_else(missing)? })
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
    found: &Opened,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let Opened { account, name, proposal } = found;
    let reason = app.engine.reason_given(&proposal.id).await?;
    let preview = app.engine.preview_of(&proposal.id).await?;
    let sent = match &preview {
        Some(preview) => app.sent_to(visitor, preview).await?,
        None => Default::default(),
    };
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
            @let leaves = leaving(&preview);
            (shown(&preview.seen_with(visitor.amounts()), &sent, leaves))
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
        Taken::Registered => Ok(told("/proposals", &form)),
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
