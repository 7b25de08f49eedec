//! The public site: what everybody may read without signing in, under the operator's name.
//!
//! It reads the notices, the terms and the operator's file, and never an account. Nobody is
//! recognised on it and nothing that is due is brought, it has turns of its own
//! ([`Work::Site`]), and whoever reads it may keep what was read ([`kept`]): strangers keep
//! nobody of the desk waiting.
//!
//! [`Work::Site`]: super::routes::Work::Site

pub mod about;
pub mod apply;
pub mod crawlers;
pub mod feed;
pub mod frame;
pub mod kept;
pub mod logo;
pub mod maintenance;
pub mod notices;
pub mod start;
pub mod terms;

use std::cmp::Reverse;

use contract::declare::figures::written_day;
use engine::announcing::{Announcement, Announcements};
use maud::{Markup, html};
use reckon::{Day, Moment};

use super::App;

/// What is served at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Console, portal, API and the public site.
    Whole,
    /// The public site, and nothing else.
    Site,
}

impl Part {
    /// Whether a route of the table is served there.
    pub fn has(self, path: &str) -> bool {
        self == Part::Whole || owns(path) || path.starts_with("/looks/")
    }
}

/// Whether a path is of the public site.
pub fn owns(path: &str) -> bool {
    let rest = path.strip_prefix("/site");
    path == "/robots.txt" || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl App {
    /// Whether whoever asks for this path is told in the frame of the public site.
    pub fn tells_in_public(&self, path: &str) -> bool {
        self.part == Part::Site || owns(path)
    }

    /// The whole address of a page of the public site.
    fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }
}

/// What everybody may read, the newest first.
fn public(held: &Announcements) -> Vec<&Announcement> {
    let mut all: Vec<_> = held.newest().filter(|one| one.is_public()).collect();
    // From its approval on it can be read; of two at once the later one goes before.
    all.sort_by_key(|one| Reverse(one.approved.as_ref().map(|approved| approved.at)));
    all
}

/// The kind of a notice in a word.
fn kind(one: &Announcement) -> &'static str {
    one.kind().map_or("お知らせ", |kind| &kind.ja)
}

/// The kind on its ground, where the title does not say it already.
fn kind_chip(one: &Announcement) -> Markup {
    let kind = kind(one);
    html! { @if one.written.title != kind { span.kind { (kind) } } }
}

/// What a notice concerns, if its kind asks for that.
fn scope(one: &Announcement) -> Markup {
    let words = one.written.words.as_ref();
    let scope = words.and_then(|words| words.fields.get("scope"));
    html! { @if let Some(scope) = scope { p.scope { "対象：" (scope) } } }
}

fn day(day: Day) -> Markup {
    html! { time datetime=(day) { (written_day(day)) } }
}

fn moment(at: Moment) -> Markup {
    html! { time datetime=(at) { (written_day(at.day())) " " (clock(at)) } }
}

/// `9:05`.
fn clock(at: Moment) -> String {
    let local = at.japan();
    format!("{}:{:02}", local.hour(), local.minute())
}
