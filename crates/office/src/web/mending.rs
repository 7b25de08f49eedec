//! An effect that was refused or given up: a person mends it here, or over the API.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use engine::{AnotherTry, Effect, Mending, NotMended, Object, OutboxRow, OutboxState, Way};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{Page, Trouble};
use super::api::asked::Sent;
use super::api::once::{not_permitted, once};
use super::console::desk_form::{again, done};
use super::field::{self, Reached, may, must};
use super::form::Form;
use super::{App, links, numbered, outbox, parts, words};
use crate::access::Visitor;

const TITLE: &str = "送信と外部処理";

/// What a person says of an effect that was refused, and why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMending {
    mending: Mending,
    /// What was mended, or how it was done, in own words: kept sealed.
    reason: String,
    role: Option<Role>,
}

/// It is recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mended {
    /// Under which id it is tried again, if it is.
    tried_as: Option<String>,
}

/// What the visitor sees of one effect.
struct Shown {
    row: OutboxRow,
    effect: Option<Effect>,
    name: String,
    /// What another try would come to.
    next: AnotherTry,
}

impl Shown {
    async fn load(app: &App, id: &str) -> Result<Shown, Trouble> {
        let row = app.engine.store.effect(id).await?;
        let missing = || Trouble::not_found("送信・処理", id, "一覧で番号を確かめてください。");
        let row = row.ok_or_else(missing)?;
        let effect = serde_json::from_value(row.payload.clone()).ok();
        let account = app.engine.store.view("account", &row.account.0).await?;
        let name = account.as_ref().and_then(|row| row.content["name"].as_str());
        let name = name.unwrap_or("—").to_owned();
        let next = app.engine.another_try(&row).await?;
        Ok(Shown { row, effect, name, next })
    }

    /// The hat under which the visitor can mend it, while it waits for that.
    fn hat(&self, visitor: &Visitor) -> Option<Actor> {
        let effect = self.effect.as_ref().filter(|_| self.row.state == OutboxState::Refused)?;
        visitor.hats.iter().find(|hat| effect.of().menders.contains(&hat.role)).cloned()
    }
}

/// Whether the visitor has something to say of a row.
pub fn mends(visitor: &Visitor, row: &OutboxRow) -> bool {
    let effect = serde_json::from_value::<Effect>(row.payload.clone());
    row.state == OutboxState::Refused
        && effect.is_ok_and(|effect| {
            visitor.hats.iter().any(|hat| effect.of().menders.contains(&hat.role))
        })
}

pub fn path(id: &str) -> String {
    parts::path("/outbox", id)
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let shown = Shown::load(&app, &id).await?;
    let mut form = Form::fresh()?;
    form.set("at", app.engine.now().to_minute_text().replace(' ', "T"));
    Ok(page(&app, &visitor, &shown, &form, Reached::Typing))
}

fn page(app: &App, visitor: &Visitor, shown: &Shown, form: &Form, reached: Reached) -> Page {
    let row = &shown.row;
    let about = ["application", "contract", "number"].map(|field| row.payload[field].as_str());
    let body = html! {
        p.subject { (parts::name(&shown.name)) " " span.id { (row.id) } }
        (parts::chip(words::outbox_state(row.state)))
        p { (words::effect(&row.payload))
            @for about in about.into_iter().flatten() { "　" (links::about(visitor, about, app.prefix())) } }
        p.note { "最後の返事：" (outbox::replied(app, visitor, row)) }
        @match (&shown.effect, shown.hat(visitor)) {
            (Some(effect), Some(_)) => {
                (causes(row, effect, &shown.next))
                (address(visitor, &shown.next))
                (field::frame(visitor, &path(&row.id), form, "記録する", reached, fields(form, effect, &shown.next)))
            },
            (Some(effect), None) if row.state == OutboxState::Refused => p.note {
                "決めるのは " (effect.of().menders.iter().map(|role| words::role(*role)).collect::<Vec<_>>().join("、")) " です。"
            },
            _ => {},
        }
    };
    Page::new(TITLE, body)
}

/// Where the cause is mended, before it is tried again.
fn causes(row: &OutboxRow, effect: &Effect, next: &AnotherTry) -> Markup {
    let is_invoice = effect.of().object == Object::Invoice;
    if let AnotherTry::Unwanted = next {
        return html! {
            p.lead { "もとになったことが変わったため、もう一度は行えません。必要なら、そのもとの手続き（承諾、停止など）を改めて行い、こちらは「もう要らない」を選びます。" }
        };
    }
    html! {
        p.lead { "原因を直してから、もう一度行います。別の方法で済ませたときは、その日時と控えを記録します。どちらも、前の結果とともに記録に残ります。" }
        @if let Some(id) = row.payload["application"].as_str() {
            p { a href={ (parts::path("/applications", id)) "/contact" } { "宛先を直す" } }
        }
        @if let Some(id) = row.payload["contract"].as_str() {
            p { a href=(parts::path("/contracts", id)) { "契約のページ" } " で宛先を直せます。" }
        }
        @if let Some(number) = row.payload["number"].as_str().filter(|_| is_invoice) {
            p { a href=(parts::path("/invoices", number)) { "請求書のページ" } " から契約と宛先をたどれます。" }
        }
    }
}

/// To whom it would go now.
fn address(visitor: &Visitor, next: &AnotherTry) -> Markup {
    html! {
        @if let AnotherTry::Sent(letter) = next && visitor.holds(Permission::ReadPersonal) {
            p { "いまの宛先：" span.verbatim { (letter.to) } }
        }
    }
}

fn fields(form: &Form, effect: &Effect, next: &AnotherTry) -> Markup {
    let is_mail = effect.of().kind == "mail";
    let again = if is_mail {
        "もう一度送る（今の宛先と内容で）"
    } else {
        "もう一度行う"
    };
    let mut options = Vec::new();
    if !matches!(next, AnotherTry::Unwanted) {
        options.push(("again", html! { (again) }));
    }
    if !effect.of().ways.is_empty() {
        options.push(("elsewhere", html! { "別の方法で済ませた" }));
    }
    options.push(("let_go", html! { "もう要らない" }));
    let ways: Vec<_> =
        effect.of().ways.iter().map(|way| (word(*way), way_words(*way).to_owned())).collect();
    html! {
        (field::radios(form, must("what", "どうするか", ""), &options))
        @if !ways.is_empty() {
            (field::group("別の方法で済ませたとき", html! {
                (field::choice(form, may("way", "方法", ""), &ways))
                (field::moment(form, may("at", "済ませた日時", "")))
                (field::text(form, may("reference", "控え", "メールの Message-ID、郵便の引受番号、受け取った人など")))
            }))
        }
        (field::reason(form, true))
    }
}

fn word(way: Way) -> String {
    json!(way).as_str().unwrap_or_default().to_owned()
}

fn way_words(way: Way) -> &'static str {
    match way {
        Way::Mail => "別のメール",
        Way::Post => "郵送",
        Way::Hand => "手渡し・手作業",
    }
}

/// What was typed; `None` when the form has faults.
fn read(app: &App, effect: &Effect, form: &mut Form) -> Option<Mending> {
    form.reason(true);
    let mending = match form.text("what") {
        "again" => Some(Mending::Again),
        "let_go" => Some(Mending::LetGo),
        "elsewhere" => {
            let ways = effect.of().ways;
            let way = |text: &str| ways.iter().copied().find(|way| word(*way) == text).ok_or(());
            let way = form.read("way", way, "方法を選んでください。");
            let at = form.past_moment("at", app.engine.now());
            let reference = form.required(
                "reference",
                "それを示すもの（番号、受け取った人など）を入力してください。",
            );
            way.zip(at).zip(reference).map(|((way, at), reference)| Mending::Elsewhere {
                way,
                at,
                reference,
            })
        }
        _ => {
            form.fault("what", "どれかを選んでください。");
            None
        }
    };
    mending.filter(|_| form.is_good())
}

/// What will happen, before it does.
fn foretold(visitor: &Visitor, shown: &Shown, mending: &Mending) -> Markup {
    let sees_people = visitor.holds(Permission::ReadPersonal);
    let what = words::effect(&shown.row.payload);
    html! {
        @match mending {
            Mending::Again => p { b { (what) } " を " (shown.name) " について、すぐにもう一度行います。"
                @if let AnotherTry::Sent(letter) = &shown.next {
                    "「" (numbered::verbatim(&letter.subject)) "」を "
                    @if sees_people { span.verbatim { (letter.to) } } @else { "登録されている連絡先" }
                    " に送ります。"
                }
            },
            Mending::Elsewhere { way, at, reference } => p {
                b { (what) } " は " (parts::moment(*at)) " に" (way_words(*way)) "で済んだものとして記録します（" (reference) "）。契約の成立・終了など、そこから生じることもその日時で生じます。"
            },
            Mending::LetGo => p { b { (what) } " は、もう行いません。" },
        }
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let shown = Shown::load(&app, &id).await?;
    if shown.row.state != OutboxState::Refused {
        // Sent twice, or answered by somebody else meanwhile: the page says how.
        return Ok(done(&path(&id)));
    }
    let by = shown.hat(&visitor).ok_or_else(|| super::bring::not_permitted(&visitor))?;
    let Some(effect) = &shown.effect else {
        return Ok(again(page(&app, &visitor, &shown, &form, Reached::Typing)));
    };
    let Some(mending) = read(&app, effect, &mut form) else {
        return Ok(again(page(&app, &visitor, &shown, &form, Reached::Typing)));
    };
    if !form.is_confirmed() {
        let reached = Reached::Looked(foretold(&visitor, &shown, &mending));
        return Ok(page(&app, &visitor, &shown, &form, reached).into_response());
    }
    match app.engine.mend(&id, &mending, &by, form.text("reason")).await {
        Ok(_) => {
            app.bring().await?;
            Ok(done(&path(&id)))
        }
        Err(engine::EngineError::NotMended(why)) => {
            form.fault("what", in_words(&why));
            Ok(again(page(&app, &visitor, &shown, &form, Reached::Typing)))
        }
        Err(other) => Err(other.into()),
    }
}

/// What stands against it, and what to do.
fn in_words(why: &NotMended) -> String {
    match why {
        NotMended::Unknown(id) => format!("「{id}」という送信・処理はありません。"),
        NotMended::NotRefused(_) => "もう対応済みです。ページを開き直してください。".to_owned(),
        NotMended::NotYours(role) => format!("{}の役割では決められません。", words::role(*role)),
        NotMended::NoReason => "理由を入力してください。".to_owned(),
        NotMended::Changed => "もとになったことが変わったため、もう一度は行えません。そのもとの手続き（承諾、停止など）を改めて行い、こちらは「もう要らない」を選んでください。".to_owned(),
        NotMended::StillOwed => "まだ行う必要があります。もう一度行うか、別の方法で済ませたことを記録してください。".to_owned(),
        NotMended::NotThatWay(way) => format!("これは{}では済みません（9-4 などの定め）。", way_words(*way)),
        NotMended::NoReference => "控えを入力してください。".to_owned(),
        NotMended::NotThen { from, now, .. } => format!(
            "済ませた日時は {} から {} までで入力してください。",
            from.to_minute_text(),
            now.to_minute_text()
        ),
    }
}

/// Over the API.
pub async fn mend(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Sent(body): Sent<NewMending>,
) -> Result<Response, Trouble> {
    let shown = Shown::load(&app, &id).await?;
    let yours =
        |role: Role| shown.effect.as_ref().is_some_and(|one| one.of().menders.contains(&role));
    let by = visitor.acting(body.role, yours).filter(|hat| yours(hat.role)).cloned();
    let by = by.ok_or_else(|| not_permitted(&visitor, body.role))?;
    let text = json!(body).to_string();
    once(&app, &by, &headers, &[b"mending", id.as_bytes(), text.as_bytes()], async {
        let tried_as = app.engine.mend(&id, &body.mending, &by, &body.reason).await?;
        Ok(Mended { tried_as })
    })
    .await
}
