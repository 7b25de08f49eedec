//! The terms pack at a glance: clauses, readings, parameters.

use std::sync::Arc;

use axum::extract::State;
use contract::declare::rules::{reliance_on_parameter, reliance_on_reading};
use maud::{Markup, html};
use terms::{Article, Pack};

use super::answer::{Page, Trouble};
use super::parts::Column::Text;
use super::parts::{self, Chip, Tone};
use super::{App, terms_coverage, words};

pub async fn list(State(app): State<Arc<App>>) -> Result<Page, Trouble> {
    let pack = &app.engine.pack;
    let unsigned = pack.readings.keys().filter(|id| app.signature(id).is_none()).count();
    let versions = html! { @for version in &pack.versions {
        div { (version.version) "版 " (parts::day(version.in_force_from)) " 施行" }
    } };
    let head = parts::list(&[
        ("規約", html! { (pack.title_ja) }),
        ("版", versions),
        ("条項", html! { (pack.clauses.len()) }),
        ("この版での対応", terms_coverage::totals(pack)),
        ("読み方", html! { (pack.readings.len()) "（うち未署名 " (unsigned) "）" }),
        ("設定値", html! { (pack.parameters.len()) }),
    ]);
    let body = html! {
        p.lead { "条項の文は Yakkan による要約です。効力があるのは事業者が公表した規約の本文です。" }
        (head)
        p.switches { a href="#readings" { "読み方" } a href="#parameters" { "設定値" } }
        (articles(pack))
        section #readings { h2 { "読み方（本文が定めていない点）" } (readings(&app)) }
        section #parameters { h2 { "設定値" } (parameters(&app)) }
    };
    Ok(Page::new("利用規約", body))
}

fn articles(pack: &Pack) -> Markup {
    html! {
        section {
            h2 { "条項" }
            @for article in pack.articles_in_order() { (clauses_of(pack, article)) }
        }
    }
}

fn clauses_of(pack: &Pack, article: &Article) -> Markup {
    let clauses = pack.clauses_of(article);
    html! {
        details.article {
            summary {
                span.nr { (article.numbered_ja()) } (article.ja)
                span.note { " " (clauses.len()) }
            }
            dl.summaries { @for clause in clauses {
                div {
                    dt { (parts::clause(&clause.id)) }
                    dd {
                        p { (clause.ja) " " span.note { (words::modality(&clause.modality)) } " " (terms_coverage::chip(pack, &clause.id)) }
                        p.english lang="en" { (clause.en) }
                    }
                }
            } }
        }
    }
}

fn readings(app: &App) -> Markup {
    let pack = &app.engine.pack;
    let rows: Vec<_> = pack
        .readings
        .values()
        .map(|reading| {
            let (option, text) = app.chosen(reading);
            let chosen = html! {
                "（" (option) "）" (text)
                @if option != reading.default { " " (parts::chip(Chip("既定と異なる", Tone::Watch))) }
            };
            vec![
                parts::clause(&reading.id),
                html! { (reading.question_ja) " " (terms_coverage::reliance(reliance_on_reading(&app.engine.law, reading))) },
                chosen,
                app.signature_chip(&reading.id),
            ]
        })
        .collect();
    let columns = [Text("番号"), Text("問い"), Text("採った読み方"), Text("署名")];
    parts::table(&columns, &rows, "読み方はありません。")
}

fn parameters(app: &App) -> Markup {
    let pack = &app.engine.pack;
    let rows: Vec<_> = pack
        .parameters
        .values()
        .map(|parameter| {
            let value = app.engine.law.parameters.get(&parameter.name).unwrap_or(&parameter.value);
            let own = *value != parameter.value;
            vec![
                parts::id_link("/terms", &parameter.name),
                html! { (parameter.ja) " " (terms_coverage::reliance(reliance_on_parameter(&app.engine.law, &parameter.name))) },
                html! { code { (value) } @if own { " " (parts::chip(Chip("事業者が設定", Tone::Plain))) } },
                parts::clause(&parameter.clause),
            ]
        })
        .collect();
    let columns = [Text("名前"), Text("意味"), Text("値"), Text("条項")];
    parts::table(&columns, &rows, "設定値はありません。")
}
