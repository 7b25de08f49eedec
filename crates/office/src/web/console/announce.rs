//! A notice is written: to whom, by which channels, what it says; and approved or dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::ids::{AccountId, ContractId};
use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use engine::EngineError;
use engine::announcing::{
    Announcement, Audience, AudienceAhead, Draft, DraftFault, NoticeAhead, Standing,
};
use maud::{Markup, html};
use serde::Deserialize;
use terms::{NoticeAsk, NoticeKind};

use super::desk_form::{again, done};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::not_permitted;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::{App, announcements, parts};

/// Customers that a preview names.
const NAMED: usize = 20;

fn is_named(roles: &[String], actor: &Actor) -> bool {
    let role = serde_json::to_value(actor.role).unwrap_or_default();
    roles.iter().any(|named| role == named.as_str())
}

/// In which hat somebody writes notices of a kind.
pub fn writer(visitor: &Visitor, kind: &NoticeKind) -> Option<Actor> {
    visitor.hats.iter().find(|hat| is_named(&kind.write, hat)).cloned()
}

/// The kinds that somebody writes.
pub fn writes(visitor: &Visitor) -> impl Iterator<Item = &'static NoticeKind> {
    NoticeKind::written().filter(|kind| writer(visitor, kind).is_some())
}

/// In which hat somebody approves a notice: nobody their own.
pub fn approves(visitor: &Visitor, one: &Announcement) -> Option<Actor> {
    let others =
        |hat: &&Actor| !hat.stands_for(&one.written_by.id) && !one.written_by.stands_for(&hat.id);
    visitor.hats.iter().filter(others).find(|hat| is_named(&one.approvers, hat)).cloned()
}

/// Whether somebody wrote it.
pub fn wrote(visitor: &Visitor, one: &Announcement) -> bool {
    visitor.hats.iter().any(|hat| hat.stands_for(&one.written_by.id))
}

/// Which kind is to be written.
pub async fn choose(visitor: Visitor) -> Result<Page, Trouble> {
    let rows: Vec<_> = writes(&visitor)
        .map(|kind| {
            vec![
                parts::link(&parts::path("/announcements/new", &kind.code), &kind.ja),
                parts::clause(&kind.clause),
                html! { (if kind.approve.is_empty() { "不要" } else { "別の人の承認が必要" }) },
            ]
        })
        .collect();
    let columns =
        [parts::Column::Text("種類"), parts::Column::Text("条項"), parts::Column::Text("承認")];
    let body = html! {
        p.lead { "何についての通知かを選んでください。" (parts::clause("3-1")) }
        (parts::table(&columns, &rows, "この役割で書ける通知はありません。"))
        p.back { a href="/announcements" { "書かずに戻る" } }
    };
    Ok(Page::new("通知を書く", body))
}

/// What the page begins with.
#[derive(Debug, Default, Deserialize)]
pub struct Begin {
    contract: Option<String>,
    withdraws: Option<String>,
}

fn kind_of(code: &str) -> Result<&'static NoticeKind, Trouble> {
    let kind = NoticeKind::of(code).filter(|kind| !kind.automatic);
    kind.ok_or_else(|| Trouble::not_found("通知の種類", code, "一覧から選んでください。"))
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(begin): Query<Begin>,
) -> Result<Page, Trouble> {
    let kind = kind_of(&code)?;
    let mut form = Form::fresh()?;
    form.set("title", &kind.ja);
    form.set("to", if kind.one { "contract" } else { "all" });
    if let Some(contract) = begin.contract {
        form.set("to", "contract");
        form.set("one", contract);
    }
    if let Some(old) = begin.withdraws {
        let held = app.engine.announcements().await?;
        if let Some(old) = held.get(&NoticeId(old)) {
            form.set("withdraws", &old.id);
            form.set("title", format!("「{}」の取りやめ", old.written.title));
        }
    }
    page(&app, &visitor, kind, &form, Reached::Typing).await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    kind: &'static NoticeKind,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let withdraws = form.text("withdraws").to_owned();
    let inside = html! {
        @if withdraws.is_empty() { (audience_fields(app, kind, form)) } @else {
            p { "通知 " (parts::id_link("/announcements", &withdraws)) " を撤回します。その通知を渡した契約者に送ります。" }
            input type="hidden" name="withdraws" value=(withdraws);
        }
        (field::group("方法", html! {
            @for channel in [Channel::Email, Channel::Homepage, Channel::Paper] {
                @if kind.goes_by(channel.name()) {
                    (field::check(form, may(by(channel), by_words(channel), "")))
                }
            }
            @if let Some(why) = form.faults().get("channels") { p.why-not { (why) } }
        }))
        (field::group("内容", html! {
            (field::text(form, must("title", "件名", "個人の名前は書かないでください。")))
            @for asked in &kind.fields {
                (asked_for(form, &format!("f_{}", asked.name), asked.ask, &asked.ja))
            }
            (field::long(form, may("text", "本文", "ほかに伝えること。4,000 字まで。")))
        }))
        @if let Some(why) = form.faults().get("timing").or(form.faults().get("kind")) { p.why-not { (why) } }
    };
    let verb = if kind.approve.is_empty() { "この内容で送る" } else { "承認を求める" };
    let action = parts::path("/announcements/new", &kind.code);
    let body = html! {
        p.lead { (kind.body) " " (parts::clause(&kind.clause)) }
        @if !kind.approve.is_empty() { p { "別の人が承認すると送られます。" } }
        (field::frame(visitor, &action, form, verb, reached, inside))
        p.back { a href="/announcements/new" { "送らずに戻る" } }
    };
    Ok(Page::new(kind.ja.clone(), body))
}

/// The box of a channel.
fn by(channel: Channel) -> &'static str {
    match channel {
        Channel::Homepage => "by_homepage",
        Channel::Paper => "by_paper",
        _ => "by_email",
    }
}

fn by_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Homepage => "ホームページに掲載する（読めるようになった時に効力）",
        Channel::Paper => "書面を送る（届いた時に効力。発送と到達を記録します）",
        _ => "メールで送る（送信の時に効力）",
    }
}

fn asked_for(form: &Form, name: &str, ask: NoticeAsk, label: &str) -> Markup {
    let of = must(name, label, "");
    match ask {
        NoticeAsk::Line => field::text(form, of),
        NoticeAsk::Text => field::long(form, of),
        NoticeAsk::Day => field::day(form, of),
        NoticeAsk::Moment => field::moment(form, of),
        NoticeAsk::Count => field::number(form, of),
    }
}

fn audience_fields(app: &App, kind: &NoticeKind, form: &Form) -> Markup {
    let items = app.engine.law.prices.item.iter();
    let items = items.map(|item| (item.code.clone(), item.name.clone()));
    let items: Vec<_> = [(String::new(), "選ばない".to_owned())].into_iter().chain(items).collect();
    let versions = app.engine.law.versions.iter();
    let versions = versions.map(|one| (one.version.clone(), format!("{} 版", one.version)));
    let versions: Vec<_> =
        [(String::new(), "選ばない".to_owned())].into_iter().chain(versions).collect();
    let to = [
        ("all", html! { "すべての契約者" }),
        ("service", html! { "あるサービスを利用している契約者" }),
        ("version", html! { "ある版の利用規約による契約者" }),
        ("customer", html! { "一つの契約者（続いている契約すべて）" }),
        ("contract", html! { "一つの契約" }),
    ];
    let to: Vec<_> = to.into_iter().filter(|(to, _)| !kind.one || *to == "contract").collect();
    field::group(
        "宛先",
        html! {
            (field::radios(form, must("to", "誰に", ""), &to))
            @if !kind.one {
                (field::choice(form, may("service", "サービス", "サービスで選ぶとき。"), &items))
                (field::choice(form, may("version", "利用規約の版", "版で選ぶとき。"), &versions))
            }
            (field::text(form, may("one", "契約番号または契約者の名前", "一つの契約、または一つの契約者に送るとき。")))
            @if let Some(why) = form.faults().get("audience") { p.why-not { (why) } }
        },
    )
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(code): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let kind = kind_of(&code)?;
    let actor = writer(&visitor, kind).ok_or_else(|| not_permitted(&visitor))?;
    let key = format!("form-{}", form.key()?);
    let Some(draft) = draft(&app, kind, &mut form).await? else {
        return Ok(again(page(&app, &visitor, kind, &form, Reached::Typing).await?));
    };
    if form.is_confirmed() {
        return match app.engine.write_notice(&key, &draft, &actor).await {
            Ok(id) => {
                app.bring().await?;
                Ok(done(&parts::path("/announcements", &id.0)))
            }
            Err(error) => {
                told(&mut form, error)?;
                Ok(again(page(&app, &visitor, kind, &form, Reached::Typing).await?))
            }
        };
    }
    match app.engine.notice_ahead(&draft, &actor).await {
        Ok(ahead) => {
            let reached = Reached::Looked(looked(&draft, &ahead));
            Ok(page(&app, &visitor, kind, &form, reached).await?.into_response())
        }
        Err(error) => {
            told(&mut form, error)?;
            Ok(again(page(&app, &visitor, kind, &form, Reached::Typing).await?))
        }
    }
}

/// What is wrong with a draft, beside its fields.
fn told(form: &mut Form, error: EngineError) -> Result<(), Trouble> {
    let EngineError::Draft(faults) = error else { return Err(error.into()) };
    for DraftFault { at, ja, .. } in faults {
        match at.strip_prefix("field.") {
            Some(field) => form.fault(&format!("f_{field}"), ja),
            None => form.fault(&at, ja),
        }
    }
    Ok(())
}

async fn draft(app: &App, kind: &NoticeKind, form: &mut Form) -> Result<Option<Draft>, Trouble> {
    let audience = match form.is_set("withdraws") {
        true => Some(Audience::All),
        false => audience(app, form).await?,
    };
    let channels = [Channel::Email, Channel::Homepage, Channel::Paper].into_iter();
    let channels = channels.filter(|channel| form.text(by(*channel)) == "yes").collect();
    let typed = |name: &String| (name.clone(), form.text(&format!("f_{name}")).to_owned());
    let fields: BTreeMap<_, _> = kind.fields.iter().map(|field| typed(&field.name)).collect();
    let withdraws = form.is_set("withdraws").then(|| NoticeId(form.text("withdraws").to_owned()));
    let (title, text) = (form.text("title").to_owned(), form.text("text").to_owned());
    Ok(audience.map(|audience| Draft {
        kind: kind.code.clone(),
        title,
        fields,
        text,
        audience,
        channels,
        withdraws,
    }))
}

async fn audience(app: &App, form: &mut Form) -> Result<Option<Audience>, Trouble> {
    let one = form.text("one").to_owned();
    Ok(match form.text("to") {
        "all" => Some(Audience::All),
        "service" if form.is_set("service") => {
            Some(Audience::Service { item: form.text("service").to_owned() })
        }
        "service" => wrong(form, "service", "サービスを選んでください。"),
        "version" if form.is_set("version") => {
            Some(Audience::Version { version: form.text("version").to_owned() })
        }
        "version" => wrong(form, "version", "利用規約の版を選んでください。"),
        "contract" if app.account_of("contract", &one).await?.is_some() => {
            Some(Audience::Contract { contract: ContractId(one) })
        }
        "contract" => match customer_of(app, &one).await? {
            Ok((_, contracts)) if contracts.len() == 1 => {
                Some(Audience::Contract { contract: contracts[0].clone() })
            }
            Ok(_) => wrong(
                form,
                "one",
                "この契約者には契約がいくつかあります。契約番号を入力してください。",
            ),
            Err(why) => wrong(form, "one", why),
        },
        "customer" => match customer_of(app, &one).await? {
            Ok((account, _)) => Some(Audience::Customer { account }),
            Err(why) => wrong(form, "one", why),
        },
        _ => wrong(form, "to", "誰に送るかを選んでください。"),
    })
}

fn wrong<T>(form: &mut Form, name: &str, why: impl Into<String>) -> Option<T> {
    form.fault(name, why);
    None
}

/// The customer of a contract's number, or of a name that one customer has.
async fn customer_of(
    app: &App,
    typed: &str,
) -> Result<Result<(AccountId, Vec<ContractId>), String>, Trouble> {
    if typed.is_empty() {
        return Ok(Err("契約番号または契約者の名前を入力してください。".to_owned()));
    }
    let row = match app.account_named(typed).await? {
        Some(account) => app.account_row(&account).await?.map(|row| (account, row.contracts)),
        None => None,
    };
    Ok(row.ok_or_else(|| {
        "その番号や名前の契約者は、見つからないか、いくつかあります。契約番号を入力してください。"
            .to_owned()
    }))
}

/// What will happen.
fn looked(draft: &Draft, ahead: &NoticeAhead) -> Markup {
    let has = |channel| draft.channels.contains(&channel);
    let AudienceAhead { customers, .. } = &ahead.audience;
    html! {
        @for warning in &ahead.warnings { p.why-not role="alert" { (warning.ja) } }
        h2 { @if ahead.waits { "承認されると送られる通知" } @else { "送られる通知" } }
        (announcements::words(&ahead.said, parts::clause))
        (to_whom(&ahead.audience))
        ul {
            @if ahead.waits { li { "別の人の承認を待ちます。承認されるまで、何も送られません。" } }
            @if has(Channel::Email) { li { (customers) " の契約者の利用責任者にメールが送られます。取り消せません。" } }
            @if has(Channel::Homepage) { li { "公開のページに掲載されます。読めるようになった時に効力を生じます。" } }
            @if has(Channel::Paper) { li { "契約者ごとに、書面を発送する作業ができます。" } }
            @if let Some(latest) = ahead.latest { li { (parts::moment(latest)) " までに効力を生じる必要があります。" } }
            @if draft.withdraws.is_some() { li { "前の通知は撤回され、予告の効力を失います。" } }
        }
    }
}

fn to_whom(ahead: &AudienceAhead) -> Markup {
    let AudienceAhead { customers, contracts, first, without_address } = ahead;
    html! {
        p { (customers) " の契約者、" (contracts) " の契約に送ります。" }
        ul.names {
            @for one in first.iter().take(NAMED) {
                li { (parts::name(&one.name)) " "
                    @for id in &one.to.contracts { (parts::id_link("/contracts", &id.0)) " " } }
            }
            @if *customers as usize > NAMED { li { "ほか " (*customers as usize - NAMED) } }
        }
        @if !without_address.is_empty() {
            p.why-not { "メールの宛先がない契約者：" (without_address.len()) }
            ul { @for one in without_address.iter().take(NAMED) { li { (parts::name(&one.name)) } } }
        }
    }
}

/// A notice that waits is approved or dropped.
pub async fn decision(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let one = known(&app, &id).await?;
    decide_page(&app, &visitor, &one, &Form::fresh()?, Reached::Typing).await
}

async fn known(app: &App, id: &str) -> Result<Announcement, Trouble> {
    let held = app.engine.announcements().await?;
    let missing = || Trouble::not_found("通知", id, "通知の一覧で番号を確かめてください。");
    held.get(&NoticeId(id.to_owned())).cloned().ok_or_else(missing)
}

async fn decide_page(
    app: &App,
    visitor: &Visitor,
    one: &Announcement,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let said = app.engine.said_by(one).await?;
    let approve = approves(visitor, one).is_some();
    let mut answers = Vec::new();
    if approve {
        answers.push(("approve", html! { "承認する：この通知が送られます" }));
    }
    answers.push(("drop", html! { "取り下げる：何も送られません" }));
    let inside = html! {
        (field::radios(form, must("answer", "どうするか", ""), &answers))
        (field::reason(form, false))
        @if let Some(why) = form.faults().get("notice") { p.why-not { (why) } }
    };
    let action = format!("{}/decide", parts::path("/announcements", &one.id.0));
    let body = html! {
        @if let Some(said) = said.as_ref().filter(|_| announcements::may_read(visitor, one)) {
            (announcements::words(said, parts::clause))
        }
        p { "宛先：" (announcements::audience(app, &one.written.audience)) }
        p { "書いた人：" (app.engine.name_of(&one.written_by.id)) "、" (parts::moment(one.written_at)) }
        @if one.standing() != Standing::Waiting { p { "もう決まっています：" (announcements::chip(one)) } } @else {
            @if !approve { p { "書いた人と同じ人、または承認の役割のない人は、承認できません。" } }
            (field::frame(visitor, &action, form, "決める", reached, inside))
        }
        p.back { a href=(parts::path("/announcements", &one.id.0)) { "通知に戻る" } }
    };
    Ok(Page::new(format!("通知 {} の承認・取下げ", one.id), body))
}

pub async fn decide(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    form.key()?;
    let one = known(&app, &id).await?;
    let reason = form.reason(false);
    let answer = form.text("answer").to_owned();
    let approver = approves(&visitor, &one);
    let actor = match answer.as_str() {
        "approve" => approver,
        "drop" => {
            let own = visitor.hats.iter().find(|hat| hat.stands_for(&one.written_by.id));
            approver.or_else(|| own.cloned())
        }
        _ => {
            form.fault("answer", "承認か取下げかを選んでください。");
            return Ok(again(decide_page(&app, &visitor, &one, &form, Reached::Typing).await?));
        }
    };
    let actor = actor.ok_or_else(|| not_permitted(&visitor))?;
    if !form.is_confirmed() {
        let shown = match answer.as_str() {
            "approve" => app.engine.audience_of(&one).await.map(|ahead| {
                html! {
                    h2 { "承認すると" } (to_whom(&ahead))
                }
            })?,
            _ => html! { p { "この通知は送られません。書いた内容は残ります。" } },
        };
        let page = decide_page(&app, &visitor, &one, &form, Reached::Looked(shown)).await?;
        return Ok(page.into_response());
    }
    let done_so = match answer.as_str() {
        "approve" => app.engine.approve_notice(&one.id, &actor).await,
        _ => app.engine.drop_notice(&one.id, &actor, &reason).await,
    };
    if let Err(error) = done_so {
        told(&mut form, error)?;
        return Ok(again(decide_page(&app, &visitor, &one, &form, Reached::Typing).await?));
    }
    app.bring().await?;
    Ok(done(&parts::path("/announcements", &one.id.0)))
}
