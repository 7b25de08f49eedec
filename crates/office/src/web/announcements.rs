//! Notices of the operator (通知): what was written, how far it is, and to whom it went, each
//! with the moment from which it holds.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::declare::names;
use contract::declare::words::Language;
use contract::notices::effective::Notice;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::who::roles::Permission;
use engine::announcing::{Announcement, Audience, Said, Standing};
use engine::{DocumentRow, ListPart, Object, plain};
use maud::{Markup, html};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::console::search::suits;
use super::console::{announce, offers};
use super::form::Form;
use super::list::{self, Found, Listing, Named, Seen, Shown, Wanted};
use super::parts::Column::{self, Text};
use super::parts::{Chip, Tone};
use super::rows::{Row, read_rows};
use super::{App, documents, field, links, parts, unsent};
use crate::access::Visitor;
use crate::csv::Cell;

const JA: Language = Language::Japanese;
/// Customers that the page of a notice shows at a time.
const SHOWN: usize = 50;

/// As the filter of the list names them.
const STANDINGS: [(Standing, &str, &str, Tone); 5] = [
    (Standing::Waiting, "waiting", "承認待ち", Tone::Watch),
    (Standing::Leaving, "leaving", "送付中", Tone::Watch),
    (Standing::Out, "out", "送付済み", Tone::Good),
    (Standing::Withdrawn, "withdrawn", "撤回", Tone::Off),
    (Standing::Dropped, "dropped", "取下げ", Tone::Off),
];

pub fn chip(one: &Announcement) -> Markup {
    state(one).map_or_else(parts::none, parts::chip)
}

fn state(one: &Announcement) -> Option<Chip<'static>> {
    let standing = one.standing();
    let known = STANDINGS.iter().find(|(known, ..)| *known == standing);
    known.map(|(_, _, words, tone)| Chip(words, *tone))
}

/// The list of notices. They are few, and held as a whole.
pub struct Notices;

impl Listing for Notices {
    type Row = Announcement;
    const PATH: &'static str = "/announcements";
    const TITLE: &'static str = "通知";
    const UNIT: &'static str = "通";
    const EMPTY: &'static str = "通知はまだありません。";
    const ORDER: &'static str = "-written";

    fn columns() -> Vec<list::Column<Announcement>> {
        vec![
            Self::text("状態", |_, one| state(one).map_or(Shown::None, Shown::Chip))
                .sorted("state"),
            Self::text("番号", |_, one| Shown::Id("/announcements", one.id.0.clone())).sorted("id"),
            Self::text("種類", |_, one| Shown::Text(kind_words(one).to_owned())).sorted("kind"),
            Self::text("件名", |_, one| Shown::Text(one.written.title.clone())).sorted("title"),
            Self::text("方法", |_, one| Shown::Text(channels(&one.written.channels))),
            Self::text("予告の日時", |_, one| Shown::moment(one.written.takes_effect))
                .sorted("effect"),
            Self::text("書いた日時", |_, one| Shown::Moment(one.written_at))
                .sorted("written")
                .only_in_file(),
            Self::number("渡した契約者", |seen, one| {
                let given = seen.app.engine.given_so_far(one);
                let goes = one.approved.as_ref().map_or(0, |approved| approved.what.customers);
                let number = i64::try_from(given).unwrap_or(i64::MAX);
                Shown::Both(html! { (given) " / " (goes) }, Cell::Number(number))
            })
            .sorted("given"),
        ]
    }

    fn above(seen: &Seen<'_>) -> Markup {
        html! {
            p.lead { "契約者へのお知らせを一度書き、メール・ホームページ・書面で知らせます。"
                "メールは送信、掲載は掲載の時に、書面は届いた時に効力を生じます。" (parts::clauses(&["3-1", "3-2"])) }
            @if announce::writes(seen.visitor).next().is_some() {
                (links::steps(vec![links::action("/announcements/new", "通知を書く")]))
            }
        }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let states = STANDINGS.map(|(_, name, words, _)| (name.to_owned(), words.to_owned()));
        html! {
            (field::text(form, field::may("q", "件名または番号", "件名や番号の一部")))
            (list::choice(form, STATE, states))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Announcement>,
    ) -> Result<Found<Announcement>, Trouble> {
        seen.app.bring().await?;
        let state = list::chosen(form, STATE, &STANDINGS.map(|(_, name, ..)| name));
        let standing = |one: &Announcement| {
            state.as_ref().is_none_or(|state| {
                let standing = one.standing();
                STANDINGS.iter().any(|(known, name, ..)| *known == standing && name == state)
            })
        };
        let text = plain(form.text("q"));
        let suits = |one: &Announcement| suits(&text, &[&one.id.0, &one.written.title]);
        let held = seen.app.engine.announcements().await?;
        let rows = held.newest().filter(|one| standing(one) && suits(one)).cloned().collect();
        Ok(wanted.of(seen, rows))
    }
}

const STATE: Named<'static> = Named { name: "state", label: "状態" };

pub fn kind_words(one: &Announcement) -> &str {
    one.kind().map_or(one.written.kind.as_str(), |kind| kind.ja.as_str())
}

fn channels(channels: &[contract::notices::notice::Channel]) -> String {
    channels.iter().map(|one| names::channel(*one, JA)).collect::<Vec<_>>().join("、")
}

/// The part of its customers that the page shows.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(after): Query<After>,
) -> Result<Page, Trouble> {
    app.bring().await?;
    let id = NoticeId(id);
    let held = app.engine.announcements().await?;
    let one = held.get(&id).ok_or_else(|| missing(&id.0))?;
    let said = app.engine.said_by(one).await?;
    let body = html! {
        (steps(&visitor, one))
        (facts(&app, one))
        @match &said {
            Some(said) if may_read(&visitor, one) => (parts::section("内容", words(said, parts::clause))),
            Some(_) => p.empty { "一つの契約者への通知の内容は、個人の情報を見られる人と、書く人・承認する人が読めます。" },
            None => p.empty { "内容は、契約者の資料とともに消去されています。" },
        }
        (unsent::of(&app, &visitor, Object::Notice, &[&id.0]).await?)
        @if one.approved.is_some() { (reached(&app, one, &after).await?) }
        p.back { a href="/announcements" { "一覧に戻る" } }
    };
    Ok(Page::new(format!("通知 {id} {}", one.written.title), body))
}

/// What one customer is told may name people.
pub fn may_read(visitor: &Visitor, one: &Announcement) -> bool {
    one.written.sealed.is_none()
        || visitor.holds(Permission::ReadPersonal)
        || announce::wrote(visitor, one)
        || announce::approves(visitor, one).is_some()
}

fn missing(id: &str) -> Trouble {
    Trouble::not_found("通知", id, "通知の一覧で番号を確かめてください。")
}

fn steps(visitor: &Visitor, one: &Announcement) -> Markup {
    let mut steps = Vec::new();
    if one.standing() == Standing::Waiting
        && (announce::approves(visitor, one).is_some() || announce::wrote(visitor, one))
    {
        let path = format!("{}/decide", parts::path("/announcements", &one.id.0));
        steps.push(links::action(&path, "承認・取下げ"));
    }
    let writes = announce::writes(visitor).any(|kind| kind.code == "general");
    if matches!(one.standing(), Standing::Leaving | Standing::Out) && writes {
        let path = format!("/announcements/new/general?withdraws={}", one.id);
        steps.push(links::action(&path, "撤回の通知を書く"));
    }
    links::steps(steps)
}

fn facts(app: &App, one: &Announcement) -> Markup {
    let written = &one.written;
    let signed = |by: &str, at| html! { (app.engine.name_of(by)) "、" (parts::moment(at)) };
    let clause = one.kind().map(|kind| kind.clause.clone());
    parts::list(&[
        ("状態", chip(one)),
        (
            "種類",
            html! { (kind_words(one)) " " (parts::clauses(&clause.into_iter().collect::<Vec<_>>())) },
        ),
        ("宛先", audience(app, &written.audience)),
        ("方法", html! { (channels(&written.channels)) }),
        ("予告の日時", written.takes_effect.map_or_else(parts::none, parts::moment)),
        ("書いた人", signed(&one.written_by.id, one.written_at)),
        (
            "承認",
            match (&one.approved, one.approvers.is_empty()) {
                (_, true) => html! { "不要" },
                (Some(by), _) => signed(&by.by.id, by.at),
                (None, _) => parts::none(),
            },
        ),
        (
            "掲載",
            match (&one.posted, one.is_public()) {
                (Some(posted), _) => html! {
                    (parts::moment(posted.at)) " " (parts::link(&posted.what.page, "公開のページ"))
                },
                (None, true) => html! { "ページを読めるようになるのを待っています。" },
                (None, false) => parts::none(),
            },
        ),
        (
            "撤回",
            match (&one.withdrawn, &written.withdraws, &one.dropped) {
                (Some(by), ..) => html! {
                    (parts::id_link("/announcements", &by.what.0)) " により、" (parts::moment(by.at))
                },
                (None, Some(old), _) => html! {
                    (parts::id_link("/announcements", &old.0)) " を撤回する通知です。"
                },
                (None, None, Some(by)) => {
                    html! { "取下げ：" (by.what) "（" (signed(&by.by.id, by.at)) "）" }
                }
                (None, None, None) => parts::none(),
            },
        ),
    ])
}

pub fn audience(app: &App, audience: &Audience) -> Markup {
    match audience {
        Audience::Contract { contract } => {
            html! { "契約 " (parts::id_link("/contracts", &contract.0)) }
        }
        Audience::Customer { .. } => html! { "一つの契約者の、続いている契約すべて" },
        Audience::Service { item } => html! { "「" (app.item_name(item)) "」を利用している契約者" },
        Audience::Version { version } => html! { "利用規約 " (version) " 版の契約者" },
        Audience::All => html! { "すべての契約者" },
    }
}

/// What a notice says, as everybody reads it.
pub fn words(said: &Said, cited: fn(&str) -> Markup) -> Markup {
    let pairs: Vec<_> =
        said.passages.iter().map(|one| (one.label, html! { span.lines { (one.value) } })).collect();
    html! {
        article.notice {
            h2 { (said.title) }
            @if !said.lead.is_empty() { p { (said.lead) } }
            @if !pairs.is_empty() { (parts::list(&pairs)) }
            @for line in said.text.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
            p.note { "利用規約 " (cited(&said.clause)) " にもとづく通知です。"
                @if let Some(court) = &said.court {
                    "本契約に関する訴訟は、" (court) "を専属的合意管轄裁判所とします。" (cited("6-1"))
                }
            }
        }
    }
}

/// How far it is, and the customers to whom it went.
async fn reached(app: &App, one: &Announcement, after: &After) -> Result<Markup, Trouble> {
    let goes = one.approved.as_ref().map_or(0, |approved| approved.what.customers);
    let given = app.engine.given_so_far(one);
    let prefix = format!("{}/", one.id);
    let from = format!("{prefix}{}", after.after);
    let part = ListPart { after: &from, account: None, limit: SHOWN as u32 + 1 };
    let mut views = app.engine.store.views_part("notice", part).await?;
    views.retain(|view| view.id.starts_with(&prefix));
    let more = views.len() > SHOWN;
    views.truncate(SHOWN);
    let rows: Vec<Row<DeliveryRow>> = read_rows("notice", views)?;
    let next = rows.last().filter(|_| more).map(|row| row.account.0.clone());
    let mut lines = Vec::new();
    for row in &rows {
        let name = app.account_row(&row.account).await?.map(|row| row.name);
        lines.push(delivery_line(&row.content, &name.unwrap_or_default()));
    }
    let mut failed = Vec::new();
    for (account, why) in app.engine.failed_customers(&one.id).into_iter().take(SHOWN) {
        let row = app.account_row(&account).await?;
        failed.push((row.map_or(account.0, |row| row.name), why));
    }
    Ok(html! {
        h2 { "送付の状況" }
        p { (given) " / " (goes) " の契約者に渡しました。"
            @if given < goes { progress.reached max=(goes) value=(given) { (given) } } }
        @if !failed.is_empty() {
            section.foreseen.stopped {
                p { "渡せなかった契約者：" (failed.len()) "。しばらくして自動でもう一度試みます。" }
                ul { @for (name, why) in &failed { li { (parts::name(name)) " " span.reply { (why) } } } }
            }
        }
        (parts::table(DELIVERED, &lines, "まだ誰にも渡していません。"))
        @if let Some(next) = next {
            nav.paged aria-label="一覧の続き" {
                a href=(format!("?after={}", parts::escaped(&next))) rel="next" { "次へ →" }
            }
        }
    })
}

const DELIVERED: &[Column] = &[
    Text("状態"),
    Text("契約者"),
    Text("契約"),
    Text("効力の発生"),
    Text("方法"),
    Text("確認"),
    Text("送付"),
];

/// A customer's part of a notice, as lists show it.
#[derive(Debug, Deserialize)]
struct DeliveryRow {
    delivery: DeliveryId,
    #[serde(flatten)]
    notice: Notice,
}

fn delivery_line(row: &DeliveryRow, name: &str) -> Vec<Markup> {
    let notice = &row.notice;
    vec![
        state_chip(notice),
        parts::name(name),
        html! { @for id in &notice.contracts { (parts::id_link("/contracts", &id.0)) " " } },
        notice.effective.as_ref().map_or_else(parts::none, |effect| parts::moment(effect.at)),
        notice
            .effective
            .as_ref()
            .map_or_else(parts::none, |effect| html! { (names::channel(effect.channel, JA)) }),
        notice.confirmed.first().map_or_else(parts::none, |one| parts::moment(one.at)),
        parts::id_link("/deliveries", &row.delivery.0),
    ]
}

pub fn state_chip(notice: &Notice) -> Markup {
    let (words, tone) = match notice {
        Notice { withdrawn: Some(_), .. } => ("撤回", Tone::Off),
        Notice { in_time: Some(false), .. } => ("予告に間に合わず", Tone::Bad),
        Notice { effective: Some(_), bounced_at: Some(_), .. } => ("効力あり・不達", Tone::Watch),
        Notice { effective: Some(_), .. } => ("効力あり", Tone::Good),
        Notice { undeliverable_at: Some(_), .. } => ("返戻", Tone::Bad),
        Notice { dispatched_at: Some(_), .. } => ("書面を発送", Tone::Watch),
        _ => ("送付中", Tone::Watch),
    };
    parts::chip(Chip(words, tone))
}

/// A notice on its way to one customer.
pub async fn delivery(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("送付", &id, "通知のページから開いてください。");
    let account = app.account_of("delivery", &id).await?.ok_or_else(missing)?;
    let known = app.engine.account(&account).await?;
    let key = DeliveryId(id.clone());
    let notice = known.state().notices.get(&key).ok_or_else(missing)?.clone();
    let name = app.account_row(&account).await?.map(|row| row.name).unwrap_or_default();
    let entries = format!("/entries/{account}");
    let at = |at: Option<reckon::Moment>| at.map_or_else(parts::none, parts::moment);
    let mut ways = offers::doors(&app, &visitor, &known, "delivery", &id);
    if notice.notice.is_some() && links::opens(&visitor, "/deliveries/{id}/paper") {
        let path = format!("{}/paper", parts::path("/deliveries", &id));
        ways.push(links::action(&path, "書面（PDF）を開く"));
    }
    let effective = match &notice.effective {
        Some(effect) => html! {
            (parts::moment(effect.at)) "、" (names::channel(effect.channel, JA)) "により "
            @if links::opens(&visitor, "/entries/{account}/{*id}") { (parts::link(&parts::path(&entries, &effect.by.0), "登録を見る")) }
        },
        None => html! { "まだ生じていません。" },
    };
    let of = notice.notice.as_ref();
    let body = html! {
        (links::steps(ways))
        (parts::list(&[
            ("通知", of.map_or_else(|| html! { "自動の通知" }, |of| parts::id_link("/announcements", &of.0))),
            ("契約者", parts::name(&name)),
            ("契約", html! { @for id in &notice.contracts { (parts::id_link("/contracts", &id.0)) " " } }),
            ("状態", state_chip(&notice)),
            ("効力の発生", effective),
            ("予告の日時", at(notice.takes_effect)),
            ("メールの送信", at(notice.sent_at)),
            ("掲載", at(notice.posted_at)),
            ("書面の発送", at(notice.dispatched_at)),
            ("書面の到達", at(notice.arrived_at)),
            ("書面の返戻", at(notice.undeliverable_at)),
            ("メールの不達", at(notice.bounced_at)),
            ("契約者の確認", html! {
                @if notice.confirmed.is_empty() { (parts::none()) }
                @for one in &notice.confirmed { div { (app.engine.name_of(&one.by)) "、" (parts::moment(one.at)) } }
            }),
            ("根拠", parts::clauses(&["3-1", "3-2"])),
        ]))
    };
    Ok(Page::new(format!("送付 {}", notice.title), body))
}

/// The notice on paper, to be sent by post.
pub async fn paper(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("送付", &id, "通知のページから開いてください。");
    let account = app.account_of("delivery", &id).await?.ok_or_else(missing)?;
    let state = app.engine.state(&account).await?;
    let bytes = app.engine.notice_paper(&state, &DeliveryId(id.clone())).await?;
    Ok(documents::as_sent(DocumentRow {
        name: format!("通知書_{id}.pdf"),
        id,
        account,
        kind: "notice".to_owned(),
        mime: "application/pdf".to_owned(),
        bytes,
    }))
}

/// The notices that concern a contract, the newest first, for its page.
pub fn of_contract(
    visitor: &Visitor,
    known: &contract::AccountState,
    id: &contract::declare::ids::ContractId,
) -> Markup {
    let of = known.notices.iter().filter(|(_, one)| one.contracts.contains(id));
    let mut of: Vec<_> = of.collect();
    if of.is_empty() {
        return html! {};
    }
    of.sort_by_key(|(_, one)| std::cmp::Reverse(one.given_at));
    let opens = links::opens(visitor, "/deliveries/{id}");
    let rows: Vec<_> = of
        .iter()
        .take(SHOWN)
        .map(|(id, one)| {
            vec![
                state_chip(one),
                html! { (one.title) },
                one.effective.as_ref().map_or_else(parts::none, |effect| parts::moment(effect.at)),
                if opens {
                    parts::id_link("/deliveries", &id.0)
                } else {
                    html! { span.id { (id) } }
                },
            ]
        })
        .collect();
    let columns = [Text("状態"), Text("件名"), Text("効力の発生"), Text("送付")];
    parts::section("通知", parts::table(&columns, &rows, ""))
}
