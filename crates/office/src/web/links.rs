//! Links to steps: only to where the visitor may go.

use contract::declare::act::Act;
use maud::{Markup, html};

use super::bring::may;
use super::need::Admission;
use super::parts;
use super::routes::ROUTES;
use crate::access::Visitor;

/// Whether a visitor may open a page of the table of routes.
pub fn opens(visitor: &Visitor, template: &str) -> bool {
    let route = ROUTES.iter().find(|route| route.method == "GET" && route.path == template);
    route.is_some_and(|route| route.need.admits(Some(visitor)) == Admission::Enters)
}

/// What an id speaks of: a link where its page may be opened.
pub fn about(visitor: &Visitor, id: &str, invoice_prefix: &str) -> Markup {
    let invoice = id.strip_prefix(invoice_prefix).is_some_and(|rest| rest.starts_with('-'));
    if invoice && !opens(visitor, "/invoices/{number}") {
        return html! { span.id { (id) } };
    }
    parts::about(id, invoice_prefix)
}

/// A step that a page offers: its path, its words, its route, and the act that it
/// is, where roles differ by the act.
pub struct Offer {
    pub path: String,
    pub words: &'static str,
    pub template: &'static str,
    pub act: Option<Act>,
}

/// A step that can be done here.
pub fn action(path: &str, words: &str) -> Markup {
    html! { a.action href=(path) { (words) } }
}

/// The steps that this visitor may do, as a row of links.
pub fn row(visitor: &Visitor, offers: &[Offer]) -> Markup {
    row_with(visitor, Vec::new(), offers)
}

/// As [`row`], with the doors of entries after it.
pub fn row_with(visitor: &Visitor, doors: Vec<Markup>, offers: &[Offer]) -> Markup {
    let open = |offer: &&Offer| {
        opens(visitor, offer.template) && offer.act.as_ref().is_none_or(|act| may(visitor, act))
    };
    let open = offers.iter().filter(open).map(|offer| action(&offer.path, offer.words));
    steps(open.chain(doors).collect())
}

/// Steps in a row.
pub fn steps(steps: Vec<Markup>) -> Markup {
    html! {
        @if !steps.is_empty() {
            nav.actions aria-label="手続" { @for step in steps { (step) } }
        }
    }
}
