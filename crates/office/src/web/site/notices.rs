//! Notices (3-1) as everybody may read them, and when they were posted (3-2).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use contract::notices::given::NoticeId;
use engine::announcing::{Announcement, Announcements, Said};
use maud::{Markup, html};

use super::frame::{Leaf, whole};
use super::terms::clause_link;
use super::{kind_chip, moment, public, scope};
use crate::web::App;
use crate::web::answer::Trouble;
use crate::web::paged::Asked;

/// So many on a page.
const ROWS: usize = 20;
/// So many characters of a notice describe it.
const DESCRIBED: usize = 110;

pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let held = app.engine.announcements().await?;
    let all = public(&held);
    let part = asked.part_of("page", &all, ROWS)?;
    let body = html! {
        h1 { "お知らせ" }
        p.lead { "当社からのお知らせを、新しいものから順に掲載しています。お知らせは、掲載の時に効力を生じます（利用規約" (clause_link(&app, "3-2")) "）。" }
        @if all.is_empty() { p.empty { "掲載しているお知らせはありません。" } }
        @else { (listed(part.rows, true)) (part.links) }
        p.note { "新しいお知らせは、" a href="/site/notices.atom" { "フィード（Atom）" } "でも受け取れます。" }
    };
    let path = match part.at {
        1 => "/site/notices".to_owned(),
        at => format!("/site/notices?page={at}"),
    };
    let company = &app.engine.operator.company.name;
    let description =
        format!("{company}からのお知らせの一覧です。掲載の日時と内容を確かめられます。");
    Ok(whole(&app, &Leaf { path, title: "お知らせ".to_owned(), description, body }))
}

/// Notices one below the other, each with the record of its posting or without.
pub fn listed(notices: &[&Announcement], with_record: bool) -> Markup {
    html! {
        ol.notices { @for one in notices { li {
            p.when { (posted(one)) }
            div {
                p.what {
                    (kind_chip(one))
                    @if one.withdrawn.is_some() { span.kind.withdrawn { "撤回" } }
                }
                p.title { a href=(one.page()) { (one.written.title) } }
                (scope(one))
                @if with_record { details { summary { "掲載の記録" } (record(one)) } }
            }
        } } }
    }
}

/// When it was posted, or that it is on its way.
fn posted(one: &Announcement) -> Markup {
    match &one.posted {
        Some(posted) => moment(posted.at),
        None => html! { span.pending { "掲載の手続き中" } },
    }
}

/// What the posting left behind. The hash of the page stands here and in the feed: a page
/// cannot name its own.
fn record(one: &Announcement) -> Markup {
    html! {
        dl.record {
            div { dt { "番号" } dd { (one.id) } }
            div.long { dt { "本文のハッシュ" } dd { code { (one.written.text_hash) } } }
            @if let Some(posted) = &one.posted {
                div { dt { "掲載の日時" } dd { (moment(posted.at)) } }
                div.long { dt { "掲載を確かめたページのハッシュ" } dd { code { (posted.what.page_hash) } } }
            }
        }
    }
}

pub async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Html<String>, Trouble> {
    let missing = || Trouble::not_found("お知らせ", &id, "お知らせの一覧から選んでください。");
    let held = app.engine.announcements().await?;
    let found = held.get(&NoticeId(id.clone())).filter(|one| one.is_public());
    let one = found.ok_or_else(missing)?;
    let said = app.engine.said_by(one).await?.ok_or_else(missing)?;
    let body = html! {
        article.notice {
            p.trail { a href="/site/notices" { "お知らせの一覧" } }
            header {
                p.what { (kind_chip(one)) }
                h1 { (said.title) }
                p.when { (posted(one)) @if one.posted.is_some() { " 掲載" } }
            }
            (withdrawal(&held, one))
            (told(&said))
            (particulars(&app, one, &said))
        }
    };
    let description = description(&said);
    Ok(whole(&app, &Leaf { path: one.page(), title: said.title, description, body }))
}

/// What replaced it, and what it replaces. Of a notice that is not public no more is told than
/// that there is one.
fn withdrawal(held: &Announcements, one: &Announcement) -> Markup {
    let link = |id: &NoticeId| {
        held.get(id).filter(|other| other.is_public()).map(|other| {
            html! { a href=(other.page()) { (other.written.title) } }
        })
    };
    html! {
        @if let Some(withdrawn) = &one.withdrawn {
            div.banner role="note" {
                p { strong { "このお知らせは撤回されました。" } }
                p { (moment(withdrawn.at)) " に撤回"
                    @if let Some(link) = link(&withdrawn.what) { "。代わりのお知らせ：" (link) } }
            }
        }
        @if let Some(link) = one.written.withdraws.as_ref().and_then(link) {
            p.banner { "このお知らせは、次のお知らせを撤回するものです：" (link) }
        }
    }
}

fn told(said: &Said) -> Markup {
    html! {
        @if !said.lead.is_empty() { p.lead { (said.lead) } }
        @if !said.passages.is_empty() {
            dl.passages { @for passage in &said.passages {
                div { dt { (passage.label) } dd { (passage.value) } }
            } }
        }
        @if !said.text.is_empty() { div.written { (said.text) } }
    }
}

fn particulars(app: &App, one: &Announcement, said: &Said) -> Markup {
    let clause = clause_link(app, &said.clause);
    html! {
        section.particulars {
            h2 { "このお知らせについて" }
            dl.record {
                div { dt { "番号" } dd { (one.id) } }
                div { dt { "根拠となる条項" } dd { "利用規約" (clause) } }
                @if let Some(court) = &said.court { div { dt { "合意した裁判所" } dd { (court) } } }
                div { dt { "掲載の日時" } dd { (posted(one)) } }
                div.long { dt { "本文のハッシュ（BLAKE3）" } dd { code { (one.written.text_hash) } } }
            }
        }
    }
}

/// The beginning of what it says, on one line.
fn description(said: &Said) -> String {
    let passages = said.passages.iter().map(|one| format!("{}：{}", one.label, one.value));
    let lead = [said.lead.clone()].into_iter();
    let whole: Vec<_> = lead.chain(passages).chain([said.text.clone()]).collect();
    let words = whole.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    match words.chars().count() {
        0 => said.title.clone(),
        count if count > DESCRIBED => words.chars().take(DESCRIBED).chain(['…']).collect(),
        _ => words,
    }
}
