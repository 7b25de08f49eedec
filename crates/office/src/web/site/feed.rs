//! The notices that were posted, as an Atom feed (RFC 4287).

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::announcing::{Announcement, Announcements, Said};
use maud::{Markup, PreEscaped, html};
use reckon::Moment;

use super::{kind, public};
use crate::web::App;
use crate::web::answer::Trouble;

/// So many, the newest first.
const ENTRIES: usize = 50;

/// A notice that was posted.
struct Entry<'a> {
    one: &'a Announcement,
    posted: Moment,
    page_hash: &'a str,
}

impl Entry<'_> {
    fn newest(held: &Announcements) -> Vec<Entry<'_>> {
        let posted = public(held).into_iter().filter_map(|one| {
            let posted = one.posted.as_ref()?;
            Some(Entry { one, posted: posted.at, page_hash: &posted.what.page_hash })
        });
        posted.take(ENTRIES).collect()
    }

    /// When it was posted, or withdrawn since: what it says is another thing then.
    fn changed(&self) -> Moment {
        self.one.withdrawn.as_ref().map_or(self.posted, |withdrawn| withdrawn.at.max(self.posted))
    }
}

pub async fn show(State(app): State<Arc<App>>) -> Result<Response, Trouble> {
    let held = app.engine.announcements().await?;
    let newest = Entry::newest(&held);
    let mut entries = Vec::new();
    for one in &newest {
        if let Some(said) = app.engine.said_by(one.one).await? {
            entries.push(entry(&app, one, &said));
        }
    }
    let updated = newest.iter().map(Entry::changed).max();
    let first = app.engine.pack.versions.iter().map(|version| version.in_force_from).min();
    // A feed has to say when it changed, also before there is anything in it.
    let updated = updated.or(first.map(Moment::start_of)).unwrap_or(app.engine.now());
    let company = &app.engine.operator.company.name;
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja" {
            id { (id_of(&app, "notices")) }
            title { (clean(company)) "からのお知らせ" }
            updated { (updated) }
            link rel="self" type="application/atom+xml" href=(app.public_address("/site/notices.atom")) {}
            link rel="alternate" type="text/html" href=(app.public_address("/site/notices")) {}
            author { name { (clean(company)) } }
            @for entry in entries { (entry) }
        }
    };
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((kind, feed.into_string()).into_response())
}

fn entry(app: &App, entry: &Entry<'_>, said: &Said) -> Markup {
    let one = entry.one;
    html! {
        entry {
            id { (id_of(app, &format!("notices/{}", one.id))) }
            title { (clean(&said.title)) }
            published { (entry.posted) }
            updated { (entry.changed()) }
            link rel="alternate" type="text/html" href=(app.public_address(&one.page())) {}
            category term=(one.written.kind) label=(kind(one)) {}
            content type="text" { (clean(&content(entry, said))) }
        }
    }
}

fn content(entry: &Entry<'_>, said: &Said) -> String {
    let one = entry.one;
    let withdrawn = one.withdrawn.as_ref().map(|_| "このお知らせは撤回されました。".to_owned());
    let passages = said.passages.iter().map(|one| format!("{}：{}", one.label, one.value));
    let hashes = [
        format!("本文のハッシュ：{}", one.written.text_hash),
        format!("掲載を確かめたページのハッシュ：{}", entry.page_hash),
    ];
    let lines = withdrawn.into_iter().chain([said.lead.clone()]).chain(passages);
    let lines = lines.chain([said.text.clone()]).chain(hashes);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A name that stays the same wherever the site is reached (RFC 4151).
fn id_of(app: &App, what: &str) -> String {
    format!("tag:{},2026:yakkan/{what}", app.engine.operator.mail.domain)
}

/// Without the characters that no XML may hold, however they are written.
fn clean(text: &str) -> String {
    let may_stand = |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(may_stand).collect()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_no_xml_may_hold_is_left_out() {
        assert_eq!(clean("一\u{1}\u{B}\u{1F}二\n三\t\u{FFFF}四"), "一二\n三\t四");
    }
}
