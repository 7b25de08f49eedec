//! 15-1: a cancellation form arrived: typed from its paper or as a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::CancellationForm;
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::ContractId;
use contract::declare::sealed::{Sealed, Signature};
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use document::read_cancellation;
use engine::read_apart;
use maud::{Markup, html};
use reckon::Moment;

use super::desk_form::{Brings, DeskForm, Subject, again, done, local};
use super::looked_file;
use super::uploads;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::Bringing;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::{Form, Upload};
use crate::web::{App, parts};

/// The form was typed from its paper.
pub struct CancellationArrived;

impl DeskForm for CancellationArrived {
    const OF: &'static str = "contract";
    const NAME: &'static str = "cancellation";
    const TITLE: &'static str = "解約申込書の到達";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
        form.set("channel", "paper");
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let file = format!("{}/cancellation-file", subject.page());
        html! {
            p.lead { "解除の日は、届いた日と解除希望日から決まります。届いた日時は証拠になるので、受領印や配達記録のとおりに入力してください。月の途中に解除しても、その月の月額料金は減りません。未払いの債権は、解除の後も残ります。" (parts::clauses(&["14-3b", "15-1"])) }
            p { "ファイル（.xlsx）で届いた場合：" a href=(file) { "ファイルを読み込む" } }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::choice(form, must("channel", "方法", "定められていない方法で届いたものは、解除の効力を生じません（A-16）。"), &channels()))
            (field::moment(form, must("at", "届いた日時", "")))
            (field::day(form, may("desired", "解除希望日", "書かれていなければ空のままにします。")))
            (field::text(form, must("signed_by", "署名した人", "書かれたとおりの役職と氏名。利用責任者でなければ、別の人の確認が必要になります。")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let channel = channel(form, "channel");
        let arrived_at = form.past_moment("at", app.engine.now());
        let desired = form.day_if_set("desired");
        let signed_by = form.required("signed_by", "署名した人の氏名を入力してください。");
        let (contract, _) = subject.contract();
        let (channel, arrived_at, signer) = (channel?, arrived_at?, signed_by?);
        let signed_by = Sealed::Open(Signature { signer: Some(signer), sheet: None });
        let form = CancellationForm { desired, signed_by, signed_by_other: false };
        let fact = CancellationFormArrived { contract, channel, arrived_at, form };
        Some(Brings::fact(Fact::CancellationFormArrived(fact), arrived_at))
    }
}

/// The page on which a file is chosen.
pub async fn ask_file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let subject = Subject::load(&app, "contract", &id).await?;
    let mut form = Form::fresh()?;
    form.set("at", local(&app));
    form.set("channel", "paper");
    Ok(file_page(&app, &visitor, &subject, &form, &Reached::Typing))
}

fn file_page(
    app: &App,
    visitor: &Visitor,
    subject: &Subject,
    form: &Form,
    reached: &Reached,
) -> Page {
    Page::new("解約申込書のファイル", file_form(app, visitor, subject, form, reached))
}

fn file_form(
    app: &App,
    visitor: &Visitor,
    subject: &Subject,
    form: &Form,
    reached: &Reached,
) -> Markup {
    let action = format!("{}/cancellation-file", subject.page());
    let inside = html! {
        (looked_file::choose(form, "解約申込書（.xlsx）", "契約番号はファイルから読みます。不備があれば何も登録しません。", ".xlsx"))
        (field::choice(form, must("channel", "方法", ""), &channels()))
        (field::moment(form, must("at", "届いた日時", "受領印や受信の日時です。")))
        (field::reason(form, false))
    };
    html! {
        p.subject { (parts::name(&subject.name(app))) " " (parts::id_link("/contracts", &subject.id)) }
        (looked_file::frame(visitor, &action, form, "この解約申込書を登録する", reached, inside))
        p.back { a href=(subject.page()) { "登録せずに戻る" } }
    }
}

pub async fn take_file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let subject = Subject::load(&app, "contract", &id).await?;
    let actor = uploads::hat_with(&visitor, Permission::RegisterArrival)?;
    let file = uploads::required(&mut form, "file", "解約申込書のファイルを選んでください。");
    let channel = channel(&mut form, "channel");
    let at = form.past_moment("at", app.engine.now());
    let reason = form.reason(false);
    let all = (file, channel, at);
    let (Some(file), Some(channel), Some(at), true) = (all.0, all.1, all.2, form.is_good()) else {
        return Ok(again(file_page(&app, &visitor, &subject, &form, &Reached::Typing)));
    };
    if !looked_file::is_confirmed(&mut form, &file)
        && let Some(looked) =
            arrival_in(&app, &visitor, &subject, &form, &file, channel, at).await?
    {
        return Ok(file_page(&app, &visitor, &subject, &form, &looked).into_response());
    }
    let read = app
        .engine
        .receive_cancellation_file(&file.name, &file.bytes, channel, at, &actor, &reason)
        .await;
    match read {
        Ok(_) => {
            app.bring().await?;
            Ok(done(&subject.page()))
        }
        Err(error) => {
            uploads::faults(&mut form, "file", error)?;
            Ok(again(file_page(&app, &visitor, &subject, &form, &Reached::Typing)))
        }
    }
}

/// What the file says, and what would follow of it; nothing where it cannot be read, or is of
/// another contract: the engine says so.
async fn arrival_in(
    app: &App,
    visitor: &Visitor,
    subject: &Subject,
    form: &Form,
    file: &Upload,
    channel: Channel,
    at: Moment,
) -> Result<Option<Reached>, Trouble> {
    let read = read_apart(read_cancellation, &file.name, &file.bytes).await;
    let Ok(sheet) = read else { return Ok(None) };
    let named = app.engine.contract_named(&sheet.contract).await?;
    if named.is_none_or(|view| view.id != subject.id) {
        return Ok(None);
    }
    let desired = sheet.desired;
    let signature = Signature { signer: Some(sheet.signed_by.clone()), sheet: None };
    let signed_by = Sealed::Open(signature);
    let typed = CancellationForm { desired, signed_by, signed_by_other: false };
    let content = Content::Fact(Fact::CancellationFormArrived(CancellationFormArrived {
        contract: ContractId(subject.id.clone()),
        channel,
        arrived_at: at,
        form: typed,
    }));
    let actor = uploads::hat_with(visitor, Permission::RegisterArrival)?;
    let bringing = Bringing { account: &subject.account, content, occurred_at: at, source: "desk" };
    let foreseen = app.foresee(visitor, &app.input_of(form, &actor, &bringing)?).await?;
    Ok(Some(Reached::Looked(html! {
        (parts::list(&[
            ("会社名", html! { (sheet.company) }),
            ("解除希望日", desired.map_or_else(|| html! { "書かれていません" }, parts::day)),
            ("署名した人", html! { (sheet.signed_by) }),
        ]))
        (foreseen.shown())
    })))
}

const CHANNELS: [(&str, &str, Channel); 4] = [
    ("paper", "書面", Channel::Paper),
    ("email", "電子メール", Channel::Email),
    ("portal", "ポータル", Channel::Portal),
    ("other", "その他（口頭など）", Channel::Other),
];

fn channels() -> Vec<(&'static str, String)> {
    CHANNELS.iter().map(|(key, words, _)| (*key, (*words).to_owned())).collect()
}

fn channel(form: &mut Form, name: &str) -> Option<Channel> {
    let found = CHANNELS.iter().find(|(key, _, _)| *key == form.text(name));
    if found.is_none() {
        form.fault(name, "方法を選んでください。");
    }
    found.map(|(_, _, channel)| *channel)
}
