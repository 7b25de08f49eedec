//! One clause, one reading or one parameter of the terms pack.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::declare::rules::{reliance_on_parameter, reliance_on_reading};
use maud::{Markup, html};
use reckon::Day;
use terms::{Clause, Parameter, Reading};

use super::answer::{Page, Trouble};
use super::parts::{self, Chip, Tone};
use super::{App, terms_coverage, words};

pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Page, Trouble> {
    let pack = &app.engine.pack;
    let body = if let Some(clause) = pack.clauses.get(&id) {
        of_clause(&app, clause)
    } else if let Some(reading) = pack.readings.get(&id) {
        of_reading(&app, reading)
    } else if let Some(parameter) = pack.parameters.get(&id) {
        of_parameter(&app, parameter)
    } else {
        let remedy = "利用規約の一覧から、条項・読み方・設定値を選んでください。";
        return Err(Trouble::not_found("条項・読み方・設定値", &id, remedy));
    };
    Ok(Page::new(format!("{} {id}", title(&app, &id)), body))
}

fn title(app: &App, id: &str) -> &'static str {
    if app.engine.pack.clauses.contains_key(id) {
        "条項"
    } else if app.engine.pack.readings.contains_key(id) {
        "読み方"
    } else {
        "設定値"
    }
}

fn of_clause(app: &App, clause: &Clause) -> Markup {
    let pack = &app.engine.pack;
    let article = pack.articles.get(&clause.article);
    let article = article
        .map_or(String::new(), |article| format!("{} {}", article.numbered_ja(), article.ja));
    let (readings, parameters) = (&clause.readings, &clause.parameters);
    html! {
        p.lead { (clause.ja) }
        p.english lang="en" { (clause.en) }
        (parts::list(&[
            ("条", html! { (article) }),
            ("性質", html! { (words::modality(&clause.modality)) }),
            ("この版での対応", terms_coverage::chip(pack, &clause.id)),
        ]))
        (terms_coverage::duties(pack, &clause.id))
        @if !readings.is_empty() {
            (parts::section("関係する読み方", html! {
                @for reading in readings.iter().filter_map(|id| pack.readings.get(id)) { (reading_card(app, reading)) }
            }))
        }
        @if !parameters.is_empty() {
            (parts::section("関係する設定値", html! {
                ul.plain { @for name in parameters { li { (parts::id_link("/terms", name)) " " (value_of(app, name)) } } }
            }))
        }
        p.note { "Yakkan による要約です。効力があるのは事業者が公表した規約の本文です。" }
    }
}

fn value_of(app: &App, name: &str) -> Markup {
    match app.engine.law.parameters.get(name) {
        Some(value) => html! { code { (value) } },
        None => parts::none(),
    }
}

fn reading_card(app: &App, reading: &Reading) -> Markup {
    let (option, text) = app.chosen(reading);
    html! {
        article.card {
            p { (parts::clause(&reading.id)) " " (reading.question_ja) }
            p { b { "（" (option) "）" (text) } " " (app.signature_chip(&reading.id)) }
        }
    }
}

fn of_reading(app: &App, reading: &Reading) -> Markup {
    let (chosen, _) = app.chosen(reading);
    html! {
        p.lead { (reading.question_ja) }
        p.english lang="en" { (reading.question_en) }
        p { (app.signature_chip(&reading.id)) " " (terms_coverage::reliance(reliance_on_reading(&app.engine.law, reading)))
            @if reading.unverified_law { " " (parts::chip(Chip("法令の確認待ち", Tone::Watch))) }
        }
        (parts::section("選択肢", html! {
            ol.options { @for option in &reading.options {
                li.chosen[option.key == chosen] {
                    span.key { (option.key) }
                    div {
                        p { (option.ja)
                            @if option.key == chosen { " " (parts::chip(Chip("採用", Tone::Good))) }
                            @if option.key == reading.default { " " (parts::chip(Chip("既定", Tone::Off))) }
                        }
                        p.english lang="en" { (option.en) }
                    }
                }
            } }
        }))
        (parts::section("既定の理由", html! {
            p { (reading.reason_ja) }
            p.english lang="en" { (reading.reason_en) }
        }))
        @if let Some(name) = &reading.parameter {
            (parts::section("設定値", html! { p { (parts::id_link("/terms", name)) " " (value_of(app, name)) } }))
        }
    }
}

fn of_parameter(app: &App, parameter: &Parameter) -> Markup {
    let reading = parameter.reading.as_ref();
    let kind = match parameter.kind.as_str() {
        "text" => "規約の本文",
        "reading" => "読み方",
        "data" => "資料",
        "input" => "人の入力",
        _ => "その他",
    };
    html! {
        p.lead { (parameter.ja) }
        p.english lang="en" { (parameter.en) }
        (parts::list(&[
            ("値", html! { (value_of(app, &parameter.name)) " " (parameter.unit.as_deref().unwrap_or_default()) }),
            ("規則での扱い", terms_coverage::reliance(reliance_on_parameter(&app.engine.law, &parameter.name))),
            ("規約での値", html! { code { (parameter.value) } }),
            ("出所", html! { (kind) }),
            ("条項", parts::clause(&parameter.clause)),
            ("読み方", reading.map_or_else(parts::none, |id| parts::clause(id))),
        ]))
    }
}

impl App {
    /// The option of a reading that holds here, with its text.
    pub fn chosen<'a>(&'a self, reading: &'a Reading) -> (&'a str, &'a str) {
        let choice = self.engine.law.readings.get(&reading.id);
        let key = choice.map_or(&reading.default, |choice| &choice.option);
        let text = reading
            .options
            .iter()
            .find(|option| option.key == *key)
            .map(|option| option.ja.as_str());
        (key, text.unwrap_or_default())
    }

    /// Who put a name under a reading, and when.
    pub fn signature(&self, reading: &str) -> Option<(String, Day)> {
        let choice = self.engine.law.readings.get(reading)?;
        choice.signed_by.clone().zip(choice.signed_on)
    }

    pub fn signature_chip(&self, reading: &str) -> Markup {
        match self.signature(reading) {
            Some((by, on)) => parts::chip(parts::Chip(&format!("{on} {by} 署名"), Tone::Good)),
            None => parts::chip(Chip("未署名", Tone::Watch)),
        }
    }
}
