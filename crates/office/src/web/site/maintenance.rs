//! Planned work (12-2) and interruptions (12-1): the notices of these kinds, by what they
//! announce.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use engine::announcing::{Announcement, Announcements};
use maud::{Markup, html};
use reckon::Moment;
use terms::PublicList;

use super::frame::{Leaf, whole};
use super::terms::clause_link;
use super::{clock, day, kind_chip, moment, public, scope};
use crate::web::App;
use crate::web::answer::Trouble;

/// So many that are over are shown; the others stand among the notices.
const OVER: usize = 50;

/// Work that a notice tells of.
pub struct Planned<'a> {
    one: &'a Announcement,
    from: Moment,
    to: Option<Moment>,
}

impl<'a> Planned<'a> {
    /// What a notice announces, if its kind stands in this list.
    fn of(one: &'a Announcement) -> Option<Planned<'a>> {
        let kind = one.kind().filter(|kind| kind.public == Some(PublicList::PlannedWork))?;
        let fields = &one.written.words.as_ref()?.fields;
        let moment = |name: &str| fields.get(name).and_then(|value| value.parse().ok());
        let from = moment(kind.target.as_deref().unwrap_or("from"))?;
        Some(Planned { one, from, to: moment("to") })
    }

    fn is_over(&self, now: Moment) -> bool {
        self.to.unwrap_or(self.from) <= now
    }

    fn state(&self, now: Moment) -> Option<&'static str> {
        match () {
            () if self.one.withdrawn.is_some() => Some("撤回"),
            () if self.from <= now && !self.is_over(now) => Some("実施中"),
            () => None,
        }
    }
}

/// What is under way or comes, the earliest first; and what is over, the latest first.
pub fn by_start(held: &Announcements, now: Moment) -> (Vec<Planned<'_>>, Vec<Planned<'_>>) {
    let all = public(held).into_iter().filter_map(Planned::of);
    let (mut over, mut coming): (Vec<_>, Vec<_>) = all.partition(|one| one.is_over(now));
    coming.sort_by_key(|one| one.from);
    over.sort_by_key(|one| std::cmp::Reverse(one.from));
    over.truncate(OVER);
    (coming, over)
}

pub async fn show(State(app): State<Arc<App>>) -> Result<Html<String>, Trouble> {
    let (held, now) = (app.engine.announcements().await?, app.engine.now());
    let (coming, over) = by_start(&held, now);
    let body = html! {
        h1 { "メンテナンス情報" }
        p.lead { "定期点検（利用規約" (clause_link(&app, "12-2")) "）と、サービスの中止（同" (clause_link(&app, "12-1")) "）についてのお知らせです。" }
        section {
            h2 { "実施中・これからの予定" }
            (listed(&coming, now, "予定されているものはありません。"))
        }
        section {
            h2 { "これまで" }
            (listed(&over, now, "これまでに掲載したものはありません。"))
        }
    };
    let company = &app.engine.operator.company.name;
    let description = format!(
        "{company}のクラウドサービスの定期点検と中止の予定、これまでの実施のお知らせです。"
    );
    let (path, title) = ("/site/maintenance".to_owned(), "メンテナンス情報".to_owned());
    Ok(whole(&app, &Leaf { path, title, description, body }))
}

/// A table that becomes a list where the window is narrow.
pub fn listed(works: &[Planned<'_>], now: Moment, when_empty: &str) -> Markup {
    if works.is_empty() {
        return html! { p.empty { (when_empty) } };
    }
    html! {
        ul.works { @for work in works {
            li.withdrawn[work.one.withdrawn.is_some()] {
                p.span { (span(work)) }
                p.what {
                    (kind_chip(work.one))
                    @if let Some(state) = work.state(now) { span.kind.withdrawn[work.one.withdrawn.is_some()] { (state) } }
                }
                p.title { a href=(work.one.page()) { (work.one.written.title) } }
                (scope(work.one))
            }
        } }
    }
}

/// From when to when; the day is not said twice.
fn span(work: &Planned<'_>) -> Markup {
    match work.to {
        Some(to) if to.day() == work.from.day() => html! {
            (day(work.from.day())) " "
            time datetime=(work.from) { (clock(work.from)) } " 〜 " time datetime=(to) { (clock(to)) }
        },
        Some(to) => html! { (moment(work.from)) " 〜 " (moment(to)) },
        None => html! { (moment(work.from)) " から" },
    }
}
