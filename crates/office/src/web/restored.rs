//! The review after a restore: what may have left since the backup, and from which
//! number on the series are free. People decide on each, on a page or over the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use engine::{Held, NumbersSince, Review};
use maud::{Markup, html};
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Page, Trouble};
use super::console::desk_form::{again, done};
use super::console::uploads::hat_with;
use super::form::Form;
use super::parts::Column::Text;
use super::{App, csrf, parts, words};
use crate::access::Visitor;

const TITLE: &str = "復元後の確認";

/// What a person says after a restore.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Decision {
    /// The mail server's log says that this mail left, and when.
    Sent { effect: String, at: Moment },
    /// It did not leave, or has to again: it leaves with the next round.
    Release { effect: String },
    /// It is not to be sent.
    Drop { effect: String },
    /// From which number on the series are free.
    Numbers {
        /// The first number that nobody got, such as `INV-2026-000431`. Without it:
        /// none was given, or the same runs are repeated with the same dates.
        from: Option<String>,
    },
    /// Everything is decided: effects are performed by themselves again.
    Close,
}

impl App {
    /// Whether somebody has to look at what a restore left open.
    pub async fn is_under_review(&self) -> bool {
        self.engine.review().await.is_ok_and(|review| review.is_some())
    }

    /// # Errors
    /// When what is said cannot be so.
    pub async fn settle_restore(&self, decision: &Decision, by: &Actor) -> Result<(), Trouble> {
        let engine = &self.engine;
        match decision {
            Decision::Sent { effect, at } => engine.was_sent(effect, *at, by).await?,
            Decision::Release { effect } => engine.release(effect, by).await?,
            Decision::Drop { effect } => engine.drop_held(effect, by).await?,
            Decision::Numbers { from } => {
                let since = from.clone().map_or(NumbersSince::Repeat, NumbersSince::From);
                engine.state_numbers(&since, by).await?;
            }
            Decision::Close => engine.close_review(by).await?,
        }
        Ok(())
    }
}

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    whole(&app, &visitor, None).await
}

async fn whole(app: &App, visitor: &Visitor, why: Option<&str>) -> Result<Page, Trouble> {
    let held = app.engine.held().await?;
    let Some(review) = app.engine.review().await? else {
        return without_review(app, visitor, &held, why).await;
    };
    let decides = visitor.holds(Permission::SettleRestore);
    let body = html! {
        @if let Some(why) = why { p.wrong role="alert" { "記録できません：" (why) } }
        p.lead {
            (parts::moment(review.backup_at)) " のバックアップから "
            (parts::moment(review.restored_at)) " に復元しました。その間に社外へ出たものは記録にありません。"
            "確認を終えるまで、メールは自動では送られず、請求書の番号も付きません。"
        }
        (parts::section("復元の時に終了したもの", ended(&review)))
        (parts::section("バックアップの後に付いた番号", numbers(visitor, &review, decides)))
        (parts::section("保留中の送信と処理", effects(app, visitor, &held, decides).await?))
        (parts::section("バックアップの後の登録", html! {
            p { "バックアップの後に届いた申込・解約申込書・入金・利用明細は、もう一度登録してください。同じものは一度だけ数えられます。それが求めるメールも、ここに保留されます。" }
        }))
        @if decides { (close(visitor)) }
        @else { p.note { "決めるのは、契約の承認者か請求の担当者です。" } }
    };
    Ok(Page::new(TITLE, body))
}

/// No restore is looked at: what is held then is what only a newer edition of the
/// rules asks for.
async fn without_review(
    app: &App,
    visitor: &Visitor,
    held: &[Held],
    why: Option<&str>,
) -> Result<Page, Trouble> {
    let decides = visitor.holds(Permission::SettleRestore);
    let body = html! {
        @if let Some(why) = why { p.wrong role="alert" { "記録できません：" (why) } }
        p.empty { "確認の必要な復元はありません。" }
        @if !held.is_empty() {
            (parts::section("規則の改訂で生じた送信と処理", html! {
                p { "プログラムの規則が改まり、過去の登録から新たに求められるものです。自動では送られません。送るか、送らないかを一つずつ決めてください。" }
                (effects(app, visitor, held, decides).await?)
            }))
        }
    };
    Ok(Page::new(TITLE, body))
}

fn ended(review: &Review) -> Markup {
    let ended = review.ended;
    html! {
        p { "セッション " (ended.sessions) " 件、パスワード設定のリンク " (ended.links) " 件、API キー " (ended.keys) " 件" }
        p.note { "バックアップの後に終了したものが生き返らないよう、すべて終了しました。API キーは作り直してください。パスワードと役割はバックアップの時のものです。" }
    }
}

fn form(visitor: &Visitor, what: &str, inside: Markup) -> Markup {
    html! {
        form.filter method="post" action="/restored" {
            (csrf::field(visitor.csrf()))
            input type="hidden" name="what" value=(what);
            (inside)
        }
    }
}

fn numbers(visitor: &Visitor, review: &Review, decides: bool) -> Markup {
    html! {
        @if review.numbers_known { p { "確認済みです。請求を実行できます。" } }
        @else {
            p { "バックアップの後に請求書を発行していれば、誰にも渡していない最初の番号を入力してください。同じ月と日付で請求をやり直すなら、同じ請求に同じ番号が付きます。" }
            @if decides {
                (form(visitor, "numbers", html! {
                    label { "空いている最初の番号 " input name="from" required maxlength="40" placeholder="INV-2026-000431"; }
                    button.strong { "この番号から付ける" }
                }))
                (form(visitor, "numbers", html! { button { "発行していない、または同じ請求をやり直す" } }))
            }
        }
    }
}

async fn effects(
    app: &App,
    visitor: &Visitor,
    held: &[Held],
    decides: bool,
) -> Result<Markup, Trouble> {
    let mut names = BTreeMap::new();
    for one in held {
        let account = &one.row.account;
        if !names.contains_key(account) {
            names.insert(account.clone(), app.name_of_account(account).await?);
        }
    }
    let columns = [Text("内容"), Text("相手"), Text("Message-ID"), Text("どうするか")];
    let rows: Vec<_> = held
        .iter()
        .map(|one| {
            let name = names.get(&one.row.account).map_or("—", String::as_str);
            vec![
                html! { (words::effect(&one.row.payload)) " " (parts::long_id(&one.row.id)) },
                parts::name(name),
                match &one.message_id {
                    Some(id) => parts::long_id(id),
                    None => parts::none(),
                },
                html! { @if decides { (choices(app, visitor, one)) } },
            ]
        })
        .collect();
    Ok(html! {
        @if !held.is_empty() {
            p { "メールサーバーのログで Message-ID を探し、一つずつ決めてください。" }
        }
        (parts::table(&columns, &rows, "保留中のものはありません。"))
    })
}

/// Each with what it means for a mail, or for something else.
fn choices(app: &App, visitor: &Visitor, held: &Held) -> Markup {
    let id = html! { input type="hidden" name="effect" value=(held.row.id); };
    let now = app.engine.now().to_minute_text().replace(' ', "T");
    let (release, drop) = match held.message_id {
        Some(_) => ("送られていない：今送る", "もう送らない"),
        None => ("今行う", "もう行わない"),
    };
    html! {
        div.choices {
            @if held.message_id.is_some() {
                form method="post" action="/restored" {
                    (csrf::field(visitor.csrf()))
                    (id)
                    label { "ログの送信日時" input type="datetime-local" name="at" required max=(now); }
                    button name="what" value="sent" { "送信済み" }
                }
            }
            form method="post" action="/restored" {
                (csrf::field(visitor.csrf()))
                (id)
                button name="what" value="release" { (release) }
                button name="what" value="drop" { (drop) }
            }
        }
    }
}

fn close(visitor: &Visitor) -> Markup {
    let inside = html! {
        p { "番号を確認し、保留中のものをすべて決めると、確認を終えられます。" }
        (form(visitor, "close", html! { button.strong { "確認を終える" } }))
    };
    parts::section("確認を終える", inside)
}

fn decision(form: &mut Form) -> Result<Option<Decision>, Trouble> {
    let effect = form.text("effect").to_owned();
    Ok(Some(match form.text("what") {
        "sent" => {
            let Some(at) = form.moment("at") else { return Ok(None) };
            Decision::Sent { effect, at }
        }
        "release" => Decision::Release { effect },
        "drop" => Decision::Drop { effect },
        "numbers" => {
            let from = form.text("from").to_owned();
            Decision::Numbers { from: (!from.is_empty()).then_some(from) }
        }
        "close" => Decision::Close,
        other => return Err(Trouble::unusable(format!("「{other}」という操作はありません。"))),
    }))
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::SettleRestore)?;
    let Some(decision) = decision(&mut form)? else {
        let why = form.faults().values().cloned().collect::<Vec<_>>().join(" ");
        return Ok(again(whole(&app, &visitor, Some(&why)).await?));
    };
    match app.settle_restore(&decision, &actor).await {
        Ok(()) => {
            app.bring().await?;
            Ok(done("/restored"))
        }
        Err(trouble) if trouble.status.is_client_error() => {
            Ok(again(whole(&app, &visitor, Some(&trouble.detail.ja)).await?))
        }
        Err(trouble) => Err(trouble),
    }
}
