//! The answer to "why?", with the clauses on which it rests.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use contract::declare::reason::{Audience, plain};
use contract::who::roles::Permission;
use document::wording::{self, ExplainedFact, ExplainedReading, Explanation, Language, Reader};
use engine::EngineError;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::entries::source;
use super::parts::{Chip, Tone};
use super::{App, links, parts};
use crate::access::Visitor;

/// In which language, and for whom.
#[derive(Debug, Clone, Default, JsonSchema, Deserialize)]
pub struct Asked {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    audience: String,
}

impl Asked {
    pub fn language(&self) -> Language {
        match self.lang.as_str() {
            "en" => Language::English,
            _ => Language::Japanese,
        }
    }

    pub fn audience(&self) -> Audience {
        match self.audience.as_str() {
            "public" => Audience::Everyone,
            _ => Audience::Staff,
        }
    }
}

impl Asked {
    /// What only staff may know is no part of a public answer.
    fn may_see(&self, explanation: &Explanation) -> bool {
        self.audience() == Audience::Staff || explanation.audience == Audience::Everyone
    }
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    app.may_ask(&visitor, &id).await?;
    let reader = visitor.reads(asked.language());
    let found = app.explained(&id, reader).await?;
    let account = match links::opens(&visitor, "/entries/{account}/{*id}") {
        true => app.account_behind(&id).await?,
        false => None,
    };
    let body = html! {
        p.lead { (parts::long_id(&id)) }
        (switches(&id, &asked))
        @for one in found.iter().filter(|one| asked.may_see(one)) { (explanation(&app, one, account.as_ref(), &asked, reader)) }
    };
    Ok(Page::new("なぜ？", body))
}

impl App {
    /// # Errors
    /// When it is about an invoice or a credit note, and whoever asks sees no money.
    pub async fn may_ask(&self, visitor: &Visitor, id: &str) -> Result<(), Trouble> {
        if visitor.holds(Permission::ReadMoney) {
            return Ok(());
        }
        let whole = id.split('/').next().unwrap_or(id);
        for kind in ["invoice", "credit_note"] {
            if self.account_of(kind, whole).await?.is_some() {
                let detail = "請求の理由は、請求書を見る権限のある人だけが見られます。";
                let status = StatusCode::FORBIDDEN;
                return Err(Trouble::new(status, "forbidden", "権限がありません", detail));
            }
        }
        Ok(())
    }

    /// Every stored reason of what has this id.
    pub async fn explained(&self, id: &str, reader: Reader) -> Result<Vec<Explanation>, Trouble> {
        let found = self.engine.explain(id, reader).await.map_err(|error| match error {
            EngineError::Refused(_) => missing(id),
            other => other.into(),
        })?;
        match found.is_empty() {
            true => Err(missing(id)),
            false => Ok(found),
        }
    }

    async fn account_behind(&self, id: &str) -> Result<Option<AccountId>, Trouble> {
        let whole = id.split('/').next().unwrap_or(id);
        for kind in ["invoice", "consequence", "contract", "application", "account"] {
            if let Some(account) = self.account_of(kind, whole).await? {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }
}

fn missing(id: &str) -> Trouble {
    let remedy = "請求書番号（と /明細番号）、契約、申込、または C- で始まる番号で尋ねてください。";
    Trouble::not_found("説明できるもの", id, remedy)
}

/// Links to the same answer in the other language or for the other reader.
fn switches(id: &str, asked: &Asked) -> Markup {
    let path = parts::path("/why", id);
    let english = asked.language() == Language::English;
    let public = asked.audience() == Audience::Everyone;
    let choice = |label: &str, (en, out): (bool, bool)| {
        let lang = if en { "en" } else { "ja" };
        let audience = if out { "public" } else { "staff" };
        let chosen = (en, out) == (english, public);
        let to = format!("{path}?lang={lang}&audience={audience}");
        html! { a href=(to) aria-current=[chosen.then_some("true")] { (label) } }
    };
    html! {
        p.switches {
            (choice("社内向け", (false, false))) (choice("契約者向け", (false, true)))
            span lang="en" { (choice("Staff (English)", (true, false))) }
            span lang="en" { (choice("Public (English)", (true, true))) }
        }
    }
}

/// The text, and below it what it rests on, each with the way to where it is to be found.
fn explanation(
    app: &App,
    one: &Explanation,
    account: Option<&AccountId>,
    asked: &Asked,
    reader: Reader,
) -> Markup {
    let staff = asked.audience() == Audience::Staff;
    // Readings, facts and values stand below it in words of their own.
    let mut text = Explanation { readings: Vec::new(), facts: Vec::new(), ..one.clone() };
    text.because.parameters.clear();
    let english = reader.language == Language::English;
    html! {
        article.why lang=[english.then_some("en")] {
            pre tabindex="0" { (wording::explain(&text, reader, asked.audience())) }
            (readings(&one.readings, reader, staff))
            (facts(&one.facts, account.filter(|_| staff), reader))
            @if staff { (values(app, one, reader)) }
            @if !one.clauses.is_empty() {
                p.sources {
                    span.note { (reader.pick("条項", "Clauses")) }
                    @for (id, _, _) in &one.clauses { (parts::clause(id)) }
                }
            }
        }
    }
}

/// Readings by their questions, with what was chosen; staff also read who signed it, and
/// what else could be.
fn readings(readings: &[ExplainedReading], reader: Reader, staff: bool) -> Markup {
    let other = reader.pick("ほかの読み方：", "or: ");
    html! {
        @if !readings.is_empty() {
            h2 { (reader.pick("読み方", "Readings")) }
            ul.plain { @for reading in readings { li {
                (reading.question) " " b { (reading.text) } " " (parts::clause(&reading.id))
                @if staff {
                    " " (signed(reading, reader))
                    @if reading.unverified_law {
                        " " (parts::chip(Chip(reader.pick("法令の確認待ち", "law to be confirmed by counsel"), Tone::Watch)))
                    }
                    @for text in &reading.alternatives { div.note { (other) (text) } }
                }
            } } }
        }
    }
}

fn signed(reading: &ExplainedReading, reader: Reader) -> Markup {
    match &reading.signed {
        Some((by, on)) => {
            let words = match reader.language {
                Language::Japanese => format!("{on} {by} 署名"),
                Language::English => format!("signed {on} by {by}"),
            };
            parts::chip(Chip(&words, Tone::Good))
        }
        None => parts::chip(Chip(reader.pick("未署名", "unsigned"), Tone::Watch)),
    }
}

/// What happened, with when it was known; whoever reads the record opens the entry.
fn facts(facts: &[ExplainedFact], account: Option<&AccountId>, reader: Reader) -> Markup {
    let known = reader.pick("に知りました", "known");
    html! {
        @if !facts.is_empty() {
            h2 { (reader.pick("事実", "Facts")) }
            ul.plain { @for fact in facts { li {
                (parts::moment(fact.occurred_at)) " "
                @match account {
                    Some(account) => a href=(parts::path(&format!("/entries/{account}"), &fact.id)) { (fact.text) },
                    None => (fact.text),
                }
                span.note { "　" (source(&fact.source, reader.language)) " " (parts::moment(fact.known_at)) " " (known) }
            } } }
        }
    }
}

/// What the rule was set to, by what it means. What a reading sets is told with it.
fn values(app: &App, one: &Explanation, reader: Reader) -> Markup {
    let pack = &app.engine.pack;
    let told = |name: &str| {
        let reading = pack.parameters.get(name).and_then(|parameter| parameter.reading.as_ref());
        reading.is_some_and(|id| one.readings.iter().any(|told| told.id == *id))
    };
    let left: Vec<_> = one.because.parameters.iter().filter(|(name, _)| !told(name)).collect();
    html! {
        @if !left.is_empty() {
            h2 { (reader.pick("設定値", "Values")) }
            ul.plain { @for (name, value) in left { li {
                @if let Some(parameter) = pack.parameters.get(name) { (reader.pick(&parameter.ja, &parameter.en)) " " }
                b { code { (plain(value)) } } " " (parts::id_link("/terms", name))
            } } }
        }
    }
}
