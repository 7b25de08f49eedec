//! Corrections (訂正): proposed on a page after a preview of every effect and every
//! document already sent; somebody else approves. The road of all of them is here.

pub mod contract_page;
pub mod entry;
pub mod invoice;
mod preview;

use axum::response::{IntoResponse, Response};
use contract::declare::act::{Act, Propose};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use maud::{Markup, html};

use super::desk_form::{again, told};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, may};
use crate::web::field::{self, Reached, must};
use crate::web::form::Form;
use crate::web::{App, parts};

pub use preview::{leaving, shown};

/// What is to be corrected, and where its page is.
pub struct Target {
    pub account: AccountId,
    /// Whose page it is.
    pub name: String,
    /// Where the page came from, and goes back to.
    pub back: String,
    /// Where the form goes.
    pub action: String,
}

/// One way to correct it: the value of the choice, and its words.
pub struct Way {
    pub key: String,
    pub words: Markup,
}

impl Way {
    pub fn new(key: impl Into<String>, words: Markup) -> Way {
        Way { key: key.into(), words }
    }
}

/// A page of corrections.
pub struct Sheet {
    pub title: &'static str,
    pub about: Markup,
    pub ways: Vec<Way>,
    /// Fields of one way or another; the hints say of which.
    pub fields: Markup,
}

/// The page as it is typed, or as it is looked at.
pub fn page(visitor: &Visitor, target: &Target, form: &Form, sheet: Sheet, at: Reached) -> Page {
    let Sheet { title, about, ways, fields } = sheet;
    let options: Vec<_> = ways.into_iter().map(|way| (way.key, way.words)).collect();
    let inside = html! {
        (field::radios(form, must("what", "どう訂正するか", ""), &options))
        (fields)
        (field::reason(form, true))
    };
    let body = html! {
        p.subject { (parts::name(&target.name)) }
        (about)
        @if options.is_empty() {
            p.empty { "ここで訂正できるものはありません。" }
        } @else {
            (field::frame(visitor, &target.action, form, "起案する", at, inside))
        }
        p.back { a href=(target.back) { "起案せずに戻る" } }
    };
    Page::new(title, body)
}

/// Looks at a correction, or puts it before a second person.
///
/// # Errors
/// As [`App::take`].
pub async fn take(
    app: &App,
    visitor: &Visitor,
    target: &Target,
    mut form: Form,
    read: impl FnOnce(&mut Form) -> Option<Act>,
    sheet: impl FnOnce(&Form) -> Sheet,
) -> Result<Response, Trouble> {
    form.reason(true);
    let act = read(&mut form).filter(|_| form.is_good());
    let Some(act) = act else {
        if form.text("what").is_empty() {
            form.fault("what", "どう訂正するかを選んでください。");
        }
        return Ok(again(page(visitor, target, &form, sheet(&form), Reached::Typing)));
    };
    let content = Content::Act(Act::Propose(Propose { act: Box::new(act) }));
    let preview = app.engine.preview_entry(&target.account, &content).await?;
    let preview = preview.seen_with(visitor.amounts());
    let occurred_at = app.engine.now();
    let bringing = Bringing { account: &target.account, content, occurred_at, source: "desk" };
    match app.take(visitor, &form, bringing).await? {
        Taken::Registered => Ok(told("/proposals", &form)),
        Taken::Looked(foreseen) if foreseen.is_blocked() => {
            let mut page = page(visitor, target, &form, sheet(&form), Reached::Typing);
            let body = page.body;
            page.body =
                html! { section.foreseen.stopped role="alert" { (foreseen.shown()) } (body) };
            Ok(again(page))
        }
        Taken::Looked(foreseen) => {
            let sent = app.sent_to(visitor, &preview).await?;
            let seen = html! {
                h2 { "承認されると" }
                (shown(&preview, &sent, foreseen.set_in_motion()))
                p.note { "起案しただけでは何も変わりません。別の人が承認した時に、その時の記録で計算されます。" }
            };
            let looked = Reached::Looked(seen);
            Ok(page(visitor, target, &form, sheet(&form), looked).into_response())
        }
    }
}

/// Whether the visitor may put an act before a second person: only such ways are
/// offered.
pub fn proposes(visitor: &Visitor, act: Act) -> bool {
    may(visitor, &Act::Propose(Propose { act: Box::new(act) }))
}
