//! The terms for customers: our summary of each clause, without anything that is
//! for staff, as how far this program carries it out.

use std::sync::Arc;

use axum::extract::State;
use maud::html;

use crate::web::answer::Page;
use crate::web::{App, parts};

pub async fn show(State(app): State<Arc<App>>) -> Page {
    let pack = &app.engine.pack;
    let version = app.engine.law.version_at(app.engine.now());
    let body = html! {
        p.lead {
            (pack.title_ja)
            @if let Some(version) = version { " " (version.version) "版（" (parts::day(version.in_force_from)) " 施行）" }
            "　当社：" (app.engine.operator.company.name)
        }
        p.note { "条項ごとの要約です。効力があるのは公表された規約の本文です。" }
        @for article in pack.articles_in_order() {
            section.terms id={ "article-" (article.number) } {
                h2 { (article.numbered_ja()) "　" (article.ja) }
                @for clause in pack.clauses_of(article) {
                    p { span.nr { (clause.id) } " " (clause.ja) }
                }
            }
        }
    };
    Page::new("利用規約", body)
}
