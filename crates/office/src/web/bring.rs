//! From a form to the engine: under which hat, what would follow, and then once.

use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::ids::AccountId;
use contract::declare::names;
use contract::declare::reason::{Because, Finding};
use contract::declare::rules::rule;
use contract::road::stream::{Body, Content, Event, Input};
use contract::road::unfold::Followed;
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use contract::{AccountState, ContractState};
use document::wording::{self, Language, Reader, signed};
use engine::{Ahead, ChargeChange, Hindered, Motion, Outcome};
use maud::{Markup, PreEscaped, html};
use reckon::{Day, Moment};

use super::answer::Trouble;
use super::form::Form;
use super::{App, field, numbered, parts, words};
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

/// What would really happen if an input were registered now.
pub struct Foreseen {
    pub findings: Vec<Finding>,
    events: Vec<Event>,
    undone: Vec<Consequence>,
    motions: Vec<Motion>,
    /// Where things stand before and after, where that changes.
    states: Vec<Markup>,
    /// What follows later if nothing else happens.
    coming: Vec<Followed>,
    /// Of which more or less would be charged, for whoever sees amounts.
    charges: Vec<ChargeChange>,
    /// What it comes to once somebody approves it, where it is a proposal.
    approved: Option<Box<Foreseen>>,
    /// Ids of what would come about by it: nobody has heard of them yet.
    new: Vec<String>,
    reader: Seer,
}

/// Who looks: some see no amounts, some no addresses of people.
#[derive(Debug, Clone, Copy)]
struct Seer {
    reader: Reader,
    sees_people: bool,
}

/// What became of a form.
pub enum Taken {
    /// It can be sent, or something stands against it: this would follow.
    Looked(Box<Foreseen>),
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

/// What is known by its day only stands at nine in the morning.
pub fn morning(app: &App, on: Day) -> Moment {
    Moment::start_of(on).plus_seconds(9 * 3600).min(app.engine.now())
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
        self.take_input(visitor, form, input).await
    }

    /// As [`App::take`], of an input that was not registered before.
    pub async fn take_input(
        &self,
        visitor: &Visitor,
        form: &Form,
        input: Input,
    ) -> Result<Taken, Trouble> {
        let foreseen = self.foresee(visitor, &input).await?;
        if !form.is_confirmed() || foreseen.is_blocked() {
            return Ok(Taken::Looked(Box::new(foreseen)));
        }
        let outcome = self.engine.register_because(input, form.text("reason")).await?;
        let taken = self.finish(visitor, outcome).await?;
        if let Taken::Registered = taken {
            self.afterwards.keep(form.key()?, &visitor.person, foreseen.afterwards());
        }
        Ok(taken)
    }

    /// Brings what follows; a refusal that came about in between is shown.
    pub async fn finish(&self, visitor: &Visitor, outcome: Outcome) -> Result<Taken, Trouble> {
        self.bring().await?;
        let Outcome { refused, findings, events, .. } = outcome;
        match refused {
            true => Ok(Taken::Looked(Box::new(Foreseen {
                findings,
                events,
                undone: Vec::new(),
                motions: Vec::new(),
                states: Vec::new(),
                coming: Vec::new(),
                charges: Vec::new(),
                approved: None,
                new: Vec::new(),
                reader: Seer::of(visitor),
            }))),
            false => Ok(Taken::Registered),
        }
    }

    /// Whether this very thing is registered already: a form that was sent twice.
    pub async fn is_done(&self, input: &Input) -> Result<bool, Trouble> {
        if !self.engine.store.has_input(&input.id).await? {
            return Ok(false);
        }
        let input = &self.engine.sealed(input.clone()).await?;
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

    /// What would really happen if this were registered now. Nothing is written.
    pub async fn foresee(&self, visitor: &Visitor, input: &Input) -> Result<Foreseen, Trouble> {
        let ahead = self.engine.look_ahead(input).await?;
        Ok(Foreseen::of(ahead, Seer::of(visitor)))
    }
}

impl Seer {
    fn of(visitor: &Visitor) -> Seer {
        Seer { reader: visitor.reads(JA), sees_people: visitor.holds(Permission::ReadPersonal) }
    }
}

impl Foreseen {
    fn of(ahead: Ahead, reader: Seer) -> Foreseen {
        let Ahead { decision, undone, motions, before, after, coming, charges, approved } = ahead;
        let states = states(&before, &after);
        let new = brought_about(&before, &after);
        let approved = approved.map(|ahead| Box::new(Foreseen::of(*ahead, reader)));
        let (findings, events) = (decision.findings, decision.events);
        Foreseen {
            findings,
            events,
            undone,
            motions,
            states,
            coming,
            charges,
            approved,
            new,
            reader,
        }
    }

    pub fn is_blocked(&self) -> bool {
        self.findings.iter().any(|finding| finding.blocks)
    }

    /// For staff: every finding, everything that would follow, what would no longer, and
    /// what leaves the house.
    pub fn shown(&self) -> Markup {
        let shown = self.told().0;
        let approved = self.approved.iter().flat_map(|approved| &approved.new);
        let new = self.new.iter().chain(approved);
        PreEscaped(new.fold(shown, |shown, id| shown.replace(id.as_str(), NEW)))
    }

    fn told(&self) -> Markup {
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
                (self.changes())
                @if let Some(approved) = &self.approved {
                    h2 { "別の人が承認すると" }
                    @if approved.is_blocked() {
                        ul.findings { @for finding in &approved.findings {
                            li.blocks[finding.blocks] { (wording::finding(finding, JA)) " " (clause(finding)) }
                        } }
                    }
                    (approved.changes())
                }
            }
        }
    }

    /// The same once it is registered.
    pub fn afterwards(&self) -> Markup {
        html! {
            (self.changes())
            @if let Some(approved) = &self.approved {
                p { b { "別の人が承認すると" } }
                (approved.changes())
            }
        }
    }

    fn changes(&self) -> Markup {
        let reader = self.reader.reader;
        let lines = |events: &[Event]| -> Vec<Markup> {
            events.iter().filter_map(|event| follows(event, reader)).collect()
        };
        let follows = lines(&self.events);
        let coming: Vec<_> = self.coming.iter().take(MOST_COMING).collect();
        let quiet = follows.is_empty()
            && self.undone.is_empty()
            && self.motions.is_empty()
            && self.states.is_empty()
            && self.charges.is_empty()
            && coming.is_empty();
        html! {
            @if quiet && self.approved.is_none() {
                p { "記録に残ります。メールは出ず、契約・料金・クラウドは変わりません。" }
            }
            @if quiet && self.approved.is_some() {
                p { "承認を待つ起案になります。承認されるまで、ほかには何も起こりません。" }
            }
            @if !follows.is_empty() {
                p { "次のことが生じます。" }
                ul.follows { @for line in &follows { li { (line) } } }
            }
            @if !self.undone.is_empty() {
                p { "次のことは取り消されます。" }
                ul.follows { @for gone in &self.undone { li { s { (gone.line(reader)) } } } }
            }
            @if !self.states.is_empty() {
                p { "状態はこう変わります。" }
                ul.follows { @for state in &self.states { li { (state) } } }
            }
            (self.charged())
            @if !coming.is_empty() {
                p { "ほかに何も起こらなければ、その後こうなります。" }
                ul.follows { @for one in &coming {
                    li { (parts::moment(one.at)) " " (one.consequence.line(reader)) " " (rule_of(&one.because)) }
                } }
            }
            @if !self.motions.is_empty() {
                p { "次のことが行われます。" }
                ul.motions { @for motion in &self.motions { (self.performed(motion)) } }
            }
        }
    }

    /// Of what more or less is charged from now on, or for what is past.
    fn charged(&self) -> Markup {
        if self.charges.is_empty() {
            return html! {};
        }
        if !self.reader.reader.sees_amounts() {
            return html! { p { "請求する料金が変わります。" } };
        }
        let rest = self.charges.len().saturating_sub(MOST_COMING);
        html! {
            p { "請求する料金はこう変わります（税抜、来月分まで）。" }
            ul.follows {
                @for one in self.charges.iter().take(MOST_COMING) {
                    li { (parts::month(one.month)) " " (one.name) "（契約 " span.id { (one.contract) } @if one.line > 0 { " 明細" (one.line) } "）" b { (signed(one.difference)) "円" } }
                }
                @if rest > 0 { li { "ほか " (rest) " 件" } }
            }
            @if self.charges.iter().any(|one| (-one.difference).is_positive()) {
                p.note { "請求済みの分が減るときは、次の請求書で差し引くか、請求書の「訂正を起案」から返還請求書を発行します。" }
            }
        }
    }

    /// What approving a proposal sets in motion outside, one by one.
    pub fn set_in_motion(&self) -> Markup {
        let foreseen = self.approved.as_deref().unwrap_or(self);
        html! {
            @if !foreseen.motions.is_empty() {
                h3 { "送付・処理されるもの" }
                ul.motions { @for motion in &foreseen.motions { (foreseen.performed(motion)) } }
            }
        }
    }

    /// One thing that is done outside, and what comes of it.
    fn performed(&self, motion: &Motion) -> Markup {
        let then = motion.events.iter().filter_map(|event| follows(event, self.reader.reader));
        let then: Vec<_> = then.collect();
        html! {
            li {
                (self.moved(motion))
                @if !then.is_empty() {
                    p.note { "それによって：" }
                    ul.follows { @for line in &then { li { (line) } } }
                }
            }
        }
    }

    /// To whom and what, of one thing that is done outside.
    fn moved(&self, motion: &Motion) -> Markup {
        let Motion { effect, letter, erases, hindered, .. } = motion;
        html! {
            b { (effect.title(JA)) }
            @if let Some(letter) = letter {
                " 「" (numbered::verbatim(&letter.subject)) "」を "
                @if self.reader.sees_people { span.id { (letter.to) } } @else { "登録されている連絡先" }
                " に送ります"
                @if let Some(paper) = &letter.paper { "（添付 " (paper) "）" }
                "。"
            }
            (effect.ahead(self.reader.reader))
            @if !erases.is_empty() {
                "：次のものを消去します。元には戻せません。"
                ul { @for (class, count) in erases { li { (names::erased(class, JA)) " " (count) " 件" } } }
            }
            @match hindered {
                Some(Hindered::NotWanted) => p.why-not { "前提となる状態がないため、いまのままでは行われません。" },
                Some(Hindered::NotWritten(why)) => {
                    p.why-not { "いまのままではメールを書けません。連絡先と契約の内容を確かめてください。 " (why.ja) }
                },
                None => {},
            }
        }
    }

    /// How a form is to be shown again.
    pub fn reached(&self) -> field::Reached {
        field::Reached::Looked(self.shown())
    }
}

/// What stands for what has no number yet.
const NEW: &str = "（新規）";

/// Contracts, applications and matters that were not there before.
fn brought_about(before: &AccountState, after: &AccountState) -> Vec<String> {
    let contracts = after.contracts.keys().filter(|id| !before.contracts.contains_key(*id));
    let applications =
        after.applications.keys().filter(|id| !before.applications.contains_key(*id));
    let matters = after.matters.keys().filter(|id| !before.matters.contains_key(*id));
    let ids = contracts.map(|id| id.0.clone()).chain(applications.map(|id| id.0.clone()));
    ids.chain(matters.map(|id| id.0.clone())).collect()
}

/// The states of contracts and matters that change, with what they were.
fn states(before: &AccountState, after: &AccountState) -> Vec<Markup> {
    let mut changes = Vec::new();
    for (id, contract) in &after.contracts {
        let old = before.contracts.get(id);
        let status = |one: &ContractState| words::word(&one.status);
        let provision = |one: &ContractState| words::word(&one.provision);
        let (old_status, old_provision) =
            (old.map(|one| status(one)), old.map(|one| provision(one)));
        let (new_status, new_provision) = (status(contract), provision(contract));
        if old_status.as_ref() != Some(&new_status) {
            let old = old_status.as_deref().map(words::contract_status);
            changes.push(change(&id.0, old, words::contract_status(&new_status)));
        }
        if old_provision.as_ref() != Some(&new_provision) {
            let old = old_provision.as_deref().map(words::provision);
            changes.push(change(&id.0, old, words::provision(&new_provision)));
        }
    }
    for (id, matter) in &after.matters {
        let was_open = before.matters.get(id).is_some_and(|old| old.closed.is_none());
        if was_open && matter.closed.is_some() {
            changes.push(html! { "案件 " span.id { (id) } "：終了します" });
        }
    }
    changes
}

fn change(id: &str, old: Option<parts::Chip<'_>>, new: parts::Chip<'_>) -> Markup {
    html! {
        "契約 " span.id { (id) } "："
        @if let Some(old) = old { (parts::chip(old)) " → " }
        (parts::chip(new))
    }
}

fn clause(finding: &Finding) -> Markup {
    match finding.clause.as_str() {
        // Grounds that stand in no clause of the terms.
        "roles" | "takeover" => html! {},
        clause => parts::clause(clause),
    }
}

fn follows(event: &Event, reader: Reader) -> Option<Markup> {
    let Body::Follows { consequence, .. } = &event.body else { return None };
    Some(html! {
        (parts::moment(event.occurred_at)) " " (consequence.line(reader)) " "
        (rule_of(&event.because))
    })
}

fn rule_of(because: &Because) -> Markup {
    let clauses = rule(because.rule_id()).map(|rule| rule.clauses).unwrap_or_default();
    parts::clauses(clauses)
}

/// What comes after that would be told by the pages of the objects.
const MOST_COMING: usize = 12;
