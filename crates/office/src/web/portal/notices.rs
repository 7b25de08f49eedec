//! Notices that the customer got (3-1): each with the moment from which it holds, and what is
//! asked for; and the mails that left, as they were sent.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::AccountState;
use contract::declare::fact::{Fact, NoticeConfirmed};
use contract::declare::ids::InputId;
use contract::declare::names;
use contract::declare::words::Language;
use contract::notices::effective::Notice;
use contract::notices::given::DeliveryId;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use document::read_mail;
use engine::announcing::Said;
use engine::{DocumentRow, EngineError, KeptMail, MailsPart, is_invoice};
use maud::{Markup, html};

use super::agreement::clause_note;
use crate::web::answer::{Page, Trouble};
use crate::web::console::desk_form::done;
use crate::web::console::uploads::hat_with;
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::paged::{Asked, Counted};
use crate::web::parts::Column::Text;
use crate::web::parts::{Chip, Tone};
use crate::web::{App, announcements, csrf, documents, numbered, parts};

pub async fn list(
    State(app): State<Arc<App>>,
    own: Own,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let state = own.state().await?;
    let body = html! {
        p.lead { "お送りした通知（第3条1項）です。メールの通知は送信した時、ホームページの通知は掲載した時、書面の通知は届いた時に効力を生じます（第3条2項）。" }
        (announced_table(&asked, &state)?)
        (parts::section("お送りしたメール", mails(&app, &own, &asked).await?))
    };
    Ok(Page::new("お知らせ", body))
}

/// The mails, the newest first. Only those that are shown are opened.
async fn mails(app: &App, own: &Own, asked: &Asked) -> Result<Markup, Trouble> {
    let (mut at, size) = asked.place("mails")?;
    let of_money = own.visitor.holds(Permission::ReadOwnMoney);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let part = |at: usize| MailsPart {
        of_money,
        skip: small((at - 1).saturating_mul(size)),
        limit: small(size),
    };
    let mut found = app.engine.kept_mails(own.account(), part(at)).await?;
    let count = usize::try_from(found.count).unwrap_or(usize::MAX);
    if found.mails.is_empty() && count > 0 {
        at = count.div_ceil(size);
        found = app.engine.kept_mails(own.account(), part(at)).await?;
    }
    let row = |mail: &KeptMail| {
        let subject = mail.subject.as_ref();
        vec![
            parts::moment(mail.sent_at),
            match subject {
                Some(subject) => {
                    parts::link(&parts::path("/my/notices", &mail.id), numbered::verbatim(subject))
                }
                None => html! { span.note { "消去済み" } },
            },
        ]
    };
    let rows: Vec<_> = found.mails.iter().map(row).collect();
    let columns = [Text("送信"), Text("件名")];
    let counted = Counted { at, size, count, shown: rows.len() };
    Ok(html! {
        (parts::table(&columns, &rows, "お送りしたメールはまだありません。"))
        (asked.links("mails", counted))
    })
}

/// The notices, the newest first. Those that nobody confirmed yet are marked.
fn announced_table(asked: &Asked, state: &AccountState) -> Result<Markup, Trouble> {
    let mut of: Vec<_> = state.notices.iter().filter(|(_, one)| one.notice.is_some()).collect();
    of.sort_by_key(|(_, one)| std::cmp::Reverse(one.given_at));
    let columns = [Text("確認"), Text("件名"), Text("効力の発生"), Text("予告の日時")];
    asked.table("notices", &of, &columns, "通知はまだありません。", |(id, one)| {
        vec![
            html! { @if let Some(mark) = mark(one) { (parts::chip(mark)) } },
            parts::link(&parts::path("/my/announcements", &id.0), &one.title),
            one.effective.as_ref().map_or_else(parts::none, |effect| parts::moment(effect.at)),
            one.takes_effect.map_or_else(parts::none, parts::moment),
        ]
    })
}

fn mark(one: &Notice) -> Option<Chip<'static>> {
    let asks = one.kind().is_some_and(|kind| kind.confirm);
    match one {
        Notice { withdrawn: Some(_), .. } => Some(Chip("撤回", Tone::Off)),
        _ if !one.confirmed.is_empty() => None,
        _ if asks => Some(Chip("確認をお願いします", Tone::Watch)),
        _ => Some(Chip("未確認", Tone::Plain)),
    }
}

/// One notice: what it says, since when it holds, and a text for the customer's own users,
/// whom it is the customer's to tell (38-2).
pub async fn announced(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let state = own.state().await?;
    let notice = notice(&state, &id)?;
    let held = app.engine.announcements().await?;
    let one = notice.notice.as_ref().and_then(|of| held.get(of));
    let said = match one {
        Some(one) => app.engine.said_by(one).await?,
        None => None,
    };
    // The customer's own people, by name.
    let mut confirmed = Vec::new();
    for one in &notice.confirmed {
        confirmed.push((app.known_as(&one.by).await?, one.at));
    }
    let (form, path) = (Form::fresh()?, parts::path("/my/announcements", &id));
    let effect = notice.effective.as_ref();
    let body = html! {
        @if let Some(withdrawn) = &notice.withdrawn {
            p.why-not { "この通知は、" (parts::moment(withdrawn.at)) " に撤回されました。" }
        }
        @if let Some(said) = &said { (announcements::words(said, clause_note)) }
        (parts::list(&[
            ("効力の発生", effect.map_or_else(parts::none, |effect| html! {
                (parts::moment(effect.at)) "（" (names::channel(effect.channel, Language::Japanese)) "）"
            })),
            ("予告の日時", notice.takes_effect.map_or_else(parts::none, parts::moment)),
            ("対象の契約", html! { @for id in &notice.contracts { (parts::id_link("/my/contracts", &id.0)) " " } }),
            ("確認", html! {
                @if confirmed.is_empty() { (parts::none()) }
                @for (name, at) in &confirmed { div { (name) "、" (parts::moment(*at)) } }
            }),
        ]))
        @if !notice.confirmed.iter().any(|one| one.by == own.visitor.person) {
            form.sheet method="post" action=(path) {
                (csrf::field(own.visitor.csrf()))
                input type="hidden" name="key" value=(form.text("key"));
                p { "確認したことが、時刻とともに当社に伝わります。契約の内容は変わりません。" }
                div.buttons { button.strong { "この通知を確認した" } }
            }
        }
        @if let Some(said) = &said { (to_pass_on(said)) }
        p.back { a href="/my/notices" { "一覧に戻る" } }
    };
    Ok(Page::new("お知らせ", body))
}

/// 38-2: the text for authorised users (認定利用者).
fn to_pass_on(said: &Said) -> Markup {
    let particulars = said.passages.iter().map(|one| format!("{}：{}", one.label, one.value));
    let lines = [said.title.clone(), said.lead.clone()].into_iter().chain(particulars);
    let lines = lines.chain([said.text.clone()]).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    html! {
        (parts::section("認定利用者への転送用の文", html! {
            p { "認定利用者がいる場合は、契約者からすみやかにお伝えください。 " (clause_note("38-2")) }
            pre.pass-on { (text) }
        }))
    }
}

fn notice<'a>(state: &'a AccountState, id: &str) -> Result<&'a Notice, Trouble> {
    let found = state.notices.get(&DeliveryId(id.to_owned())).map(AsRef::as_ref);
    found.ok_or_else(|| Trouble::not_found("お知らせ", id, "一覧から選んでください。"))
}

/// The reader confirms it.
pub async fn confirm(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let state = own.state().await?;
    notice(&state, &id)?;
    let actor = hat_with(&own.visitor, Permission::ReadOwn)?;
    let key = format!("form-{}", form.key()?);
    if !app.engine.store.has_input(&InputId(key.clone())).await? {
        let fact = Fact::NoticeConfirmed(NoticeConfirmed { delivery: DeliveryId(id.clone()) });
        let input = app.engine.input(key, own.account(), &actor, "portal", Content::Fact(fact));
        app.engine.register(input).await?;
        app.bring().await?;
    }
    Ok(done(&parts::path("/my/announcements", &id)))
}

/// One mail, its text and what was enclosed.
pub async fn one(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let row = own_mail(&app, &own, &id).await?;
    let mail = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
    let body = html! {
        (parts::list(&[
            ("送信", mail.date.map_or_else(parts::none, parts::moment)),
            ("宛先", html! { (mail.to.join("、")) }),
            ("添付", html! {
                @if mail.attachments.is_empty() { (parts::none()) }
                @for (number, part) in mail.attachments.iter().enumerate() {
                    div { a href={ (parts::path("/my/enclosures", &format!("{number}/{id}"))) } { (part.name) } }
                }
            }),
        ]))
        div.letter { (mail.text) }
        p.back { a href="/my/notices" { "一覧に戻る" } }
    };
    Ok(Page::new(mail.subject, body).verbatim())
}

/// What a mail carried, by its place in it.
pub async fn enclosure(
    State(app): State<Arc<App>>,
    own: Own,
    Path((number, id)): Path<(usize, String)>,
) -> Result<Response, Trouble> {
    let row = own_mail(&app, &own, &id).await?;
    let mail = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
    let missing =
        || Trouble::not_found("添付", &number.to_string(), "お知らせのページから開いてください。");
    let part = mail.attachments.into_iter().nth(number).ok_or_else(missing)?;
    Ok(documents::as_sent(DocumentRow {
        id,
        account: row.account,
        kind: "enclosure".to_owned(),
        name: part.name,
        mime: part.mime,
        bytes: part.bytes,
    }))
}

async fn own_mail(app: &App, own: &Own, id: &str) -> Result<engine::PersonalRow, Trouble> {
    let missing = || Trouble::not_found("お知らせ", id, "一覧から選んでください。");
    if is_invoice(id) && !own.visitor.holds(Permission::ReadOwnMoney) {
        return Err(missing());
    }
    app.engine.kept_mail(own.account(), id).await?.ok_or_else(missing)
}
