//! The terms in force and the earlier ones, with their days. What a clause says is our own
//! summary: the text itself is the operator's, and does not come with the program.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Html;
use document::wording::letters::cited;
use maud::{Markup, html};
use reckon::{Moment, days_before};
use terms::{Pack, TermsVersion};

use super::day;
use super::frame::{Leaf, whole};
use crate::web::answer::Trouble;
use crate::web::{App, parts};

/// A clause in the words of letters, leading to its summary in the terms in force.
pub fn clause_link(app: &App, clause: &str) -> Markup {
    match app.engine.law.version_at(app.engine.now()) {
        Some(version) => {
            let page = page_of(version);
            html! { a.clause href={ (page) "#" (parts::escaped(clause)) } { (cited(clause)) } }
        }
        None => html! { (cited(clause)) },
    }
}

fn page_of(version: &TermsVersion) -> String {
    parts::path("/site/terms", &version.version)
}

/// The newest first.
pub fn versions(pack: &Pack) -> Vec<&TermsVersion> {
    let mut versions: Vec<_> = pack.versions.iter().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.in_force_from));
    versions
}

/// How a version stands to the others: from when to when it is in force.
struct Standing<'a> {
    version: &'a TermsVersion,
    /// The version after it.
    next: Option<&'a TermsVersion>,
    word: &'static str,
}

impl<'a> Standing<'a> {
    fn of(app: &'a App, version: &'a TermsVersion) -> Standing<'a> {
        let now = app.engine.now();
        let later = app.engine.pack.versions.iter();
        let later = later.filter(|other| other.in_force_from > version.in_force_from);
        let current = app.engine.law.version_at(now);
        let word = match () {
            () if Moment::start_of(version.in_force_from) > now => "施行前",
            () if current.is_some_and(|current| current.version == version.version) => "現行",
            () => "旧版",
        };
        Standing { version, next: later.min_by_key(|other| other.in_force_from), word }
    }

    fn days(&self) -> Markup {
        html! {
            (day(self.version.in_force_from)) " から"
            @if let Some(next) = self.next { " " (day(days_before(next.in_force_from, 1))) " まで" }
        }
    }

    fn chip(&self) -> Markup {
        html! { span.kind.current[self.word == "現行"] { (self.word) } }
    }
}

pub async fn list(State(app): State<Arc<App>>) -> Html<String> {
    let pack = &app.engine.pack;
    let body = html! {
        h1 { "利用規約" }
        p.lead { (pack.title_ja) "の、現行の版とこれまでの版です。" }
        ul.versions { @for version in versions(pack) {
            @let standing = Standing::of(&app, version);
            li {
                p.title { a href=(page_of(version)) { (version.version) "版" } " " (standing.chip()) }
                p { "効力のある期間：" (standing.days()) }
                @if let Some(on) = version.published_on { p { "公表：" (day(on)) } }
            }
        } }
        p.note { "条項ごとの要約を掲載しています。効力があるのは公表された規約の本文です。" }
    };
    let company = &app.engine.operator.company.name;
    let description = format!("{company}の{}の各版と、効力のある期間です。", pack.title_ja);
    let (path, title) = ("/site/terms".to_owned(), "利用規約".to_owned());
    whole(&app, &Leaf { path, title, description, body })
}

pub async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Html<String>, Trouble> {
    let pack = &app.engine.pack;
    let missing = || Trouble::not_found("利用規約の版", &id, "利用規約の一覧から選んでください。");
    let version = pack.versions.iter().find(|version| version.version == id);
    let version = version.ok_or_else(missing)?;
    let standing = Standing::of(&app, version);
    let title = format!("{} {}版", pack.title_ja, version.version);
    let body = html! {
        p.trail { a href="/site/terms" { "利用規約の一覧" } }
        h1 { (pack.title_ja) " " span.version { (version.version) "版" } }
        p.when { (standing.chip()) " " (standing.days()) }
        @if pack.has_clauses_of(version) { (summaries(pack)) }
        @else {
            p.empty { "この版の条項の要約は掲載していません。内容は、" a href="/site/about" { "お問い合わせ先" } "にお尋ねください。" }
        }
    };
    let description = format!("{title}の条項ごとの要約と、効力のある期間です。");
    Ok(whole(&app, &Leaf { path: page_of(version), title, description, body }))
}

fn summaries(pack: &Pack) -> Markup {
    let of_article = |number: u32| format!("article-{number}");
    html! {
        p.note { "条項ごとの要約です。効力があるのは公表された規約の本文です。" }
        details.contents { summary { "目次" } ul {
            @for article in pack.articles_in_order() {
                li { a href={ "#" (of_article(article.number)) } { (article.numbered_ja()) "　" (article.ja) } }
            }
        } }
        @for article in pack.articles_in_order() {
            section.article id=(of_article(article.number)) {
                h2 { @if article.number > 0 { span.number { (article.numbered_ja()) } } (article.ja) }
                dl.clauses { @for clause in pack.clauses_of(article) {
                    div id=(clause.id) { dt { (clause.id) } dd { (clause.ja) } }
                } }
            }
        }
    }
}
