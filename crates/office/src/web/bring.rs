//! From a form to the engine: under which hat, what would follow, and then once.

use std::sync::Arc;

use contract::declare::act::Act;
use contract::declare::ids::AccountId;
use contract::declare::reason::Finding;
use contract::declare::rules::rule;
use contract::road::stream::{Body, Content, Event, Input};
use contract::who::actor::Actor;
use document::wording::{self, Language, Reader};
use engine::Outcome;
use maud::{Markup, html};
use reckon::Moment;

use super::answer::Trouble;
use super::form::Form;
use super::{App, field, parts, words};
use crate::access::Visitor;
use axum::http::StatusCode;

const JA: Language = Language::Japanese;

/// What a form brings, before it is known whether it may be brought.
pub struct Bringing<'a> {
    pub account: &'a AccountId,
    pub content: Content,
    pub occurred_at: Moment,
    pub source: &'a str,
}

/// What would follow if an input were registered now.
pub struct Foreseen {
    pub findings: Vec<Finding>,
    events: Vec<Event>,
    undone: Vec<String>,
    reader: Reader,
}

/// What became of a form.
pub enum Taken {
    /// It can be sent, or something stands against it: this would follow.
    Looked(Foreseen),
    Registered,
}

/// The hat under which a visitor may bring something.
///
/// # Errors
/// When none of the hats may.
pub fn hat(visitor: &Visitor, content: &Content) -> Result<Actor, Trouble> {
    let may = |hat: &&Actor| match content {
        Content::Fact(fact) => fact.may_be_registered_by(hat.role),
        Content::Act(act) => act.may(hat.role),
        Content::Clock | Content::Edition => false,
    };
    visitor.hats.iter().find(may).cloned().ok_or_else(|| not_permitted(visitor))
}

pub fn not_permitted(visitor: &Visitor) -> Trouble {
    let own: Vec<_> = visitor.hats.iter().map(|hat| words::role(hat.role)).collect();
    let detail = format!("あなたの役割（{}）ではこれを行えません。", own.join("、"));
    Trouble::new(StatusCode::FORBIDDEN, "forbidden", "権限がありません", detail)
}

/// Whether one of the hats may do an act: links lead nowhere else.
pub fn may(visitor: &Visitor, act: &Act) -> bool {
    visitor.hats.iter().any(|hat| act.may(hat.role))
}

impl App {
    /// The input that a form comes to, under the key of the form.
    pub fn input_of(
        &self,
        form: &Form,
        actor: &Actor,
        bringing: &Bringing<'_>,
    ) -> Result<Input, Trouble> {
        let id = format!("form-{}", form.key()?);
        let Bringing { account, content, occurred_at, source } = bringing;
        let mut input = self.engine.input(id, account, actor, source, content.clone());
        input.occurred_at = *occurred_at;
        Ok(input)
    }

    /// Looks at what a form brings, and registers it when it was looked at before
    /// and nothing stands against it.
    ///
    /// # Errors
    /// When the visitor may not, the key was used for something else, or the engine
    /// cannot.
    pub async fn take(
        &self,
        visitor: &Visitor,
        form: &Form,
        bringing: Bringing<'_>,
    ) -> Result<Taken, Trouble> {
        let actor = hat(visitor, &bringing.content)?;
        let input = self.input_of(form, &actor, &bringing)?;
        if self.is_done(&input).await? {
            return Ok(Taken::Registered);
        }
        let reader = visitor.reads(JA);
        let foreseen = self.foresee(reader, &input).await?;
        if !form.is_confirmed() || foreseen.is_blocked() {
            return Ok(Taken::Looked(foreseen));
        }
        let outcome = self.engine.register_because(input, form.text("reason")).await?;
        self.finish(reader, outcome).await
    }

    /// Brings what follows; a refusal that came about in between is shown.
    pub async fn finish(&self, reader: Reader, outcome: Outcome) -> Result<Taken, Trouble> {
        self.bring().await?;
        let Outcome { refused, findings, events, .. } = outcome;
        match refused {
            true => Ok(Taken::Looked(Foreseen { findings, events, undone: Vec::new(), reader })),
            false => Ok(Taken::Registered),
        }
    }

    /// Whether this very thing is registered already: a form that was sent twice.
    pub async fn is_done(&self, input: &Input) -> Result<bool, Trouble> {
        if !self.engine.store.has_input(&input.id).await? {
            return Ok(false);
        }
        let records = self.engine.records(&input.account).await?;
        let earlier = records.iter().find(|record| record.input.id == input.id);
        let same = earlier.is_some_and(|record| {
            record.input.content == input.content && record.input.actor.id == input.actor.id
        });
        match same {
            true => Ok(true),
            false => {
                let detail =
                    "この画面はもう使われています。ページを開き直して、もう一度入力してください。";
                let title = "番号が使用済みです";
                Err(Trouble::new(StatusCode::CONFLICT, "key-used", title, detail))
            }
        }
    }

    /// What would follow if this were registered now. Nothing is written.
    pub async fn foresee(&self, reader: Reader, input: &Input) -> Result<Foreseen, Trouble> {
        let mut account = Arc::unwrap_or_clone(self.engine.account(&input.account).await?);
        let case = account.case().clone();
        let decision = account
            .decide(&self.engine.law, input)
            .map_err(|error| Trouble::from(engine::EngineError::Law(error)))?;
        let undone = decision.events.iter().filter_map(|event| match &event.body {
            Body::Retracted { of } => {
                let live = case.live.get(of)?;
                Some(live.consequence.line(reader))
            }
            _ => None,
        });
        let undone = undone.collect();
        Ok(Foreseen { findings: decision.findings, events: decision.events, undone, reader })
    }
}

impl Foreseen {
    pub fn is_blocked(&self) -> bool {
        self.findings.iter().any(|finding| finding.blocks)
    }

    /// For staff: every finding, everything that would follow, and what would no
    /// longer.
    pub fn shown(&self) -> Markup {
        let follows: Vec<_> =
            self.events.iter().filter_map(|event| follows(event, self.reader)).collect();
        html! {
            @if self.is_blocked() { h2 { "登録できません" } } @else { h2 { "登録すると" } }
            @if !self.findings.is_empty() {
                ul.findings { @for finding in &self.findings {
                    li.blocks[finding.blocks] {
                        @if finding.blocks { b { "妨げる事由：" } } @else { b { "注意：" } }
                        (wording::finding(finding, JA)) " " (clause(finding))
                    }
                } }
            }
            @if !self.is_blocked() {
                @if follows.is_empty() && self.undone.is_empty() {
                    p { "この登録が加わるほかに、今すぐ変わることはありません。" }
                }
                @if !follows.is_empty() {
                    p { "次のことが生じます。" }
                    ul.follows { @for line in &follows { li { (line) } } }
                }
                @if !self.undone.is_empty() {
                    p { "次のことは取り消されます。" }
                    ul.follows { @for line in &self.undone { li { s { (line) } } } }
                }
            }
        }
    }

    /// How a form is to be shown again.
    pub fn reached(&self) -> field::Reached {
        field::Reached::Looked(self.shown())
    }
}

fn clause(finding: &Finding) -> Markup {
    match finding.clause.as_str() {
        "roles" => html! {},
        clause => parts::clause(clause),
    }
}

fn follows(event: &Event, reader: Reader) -> Option<Markup> {
    let Body::Follows { consequence, .. } = &event.body else { return None };
    let clauses = rule(event.because.rule_id()).map(|rule| rule.clauses).unwrap_or_default();
    Some(html! {
        (parts::moment(event.occurred_at)) " " (consequence.line(reader)) " "
        (parts::clauses(clauses))
    })
}
