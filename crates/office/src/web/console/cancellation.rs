//! 15-1: a cancellation form arrived: typed from its paper or as a file; and a
//! second person's look at a doubtful arrival.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contract::declare::act::{self, Act, DeclineArrival};
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::{ContractId, InputId};
use contract::declare::sealed::{Sealed, Signature};
use contract::notices::notice::Channel;
use contract::road::case::Happening;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use contract::{ArrivalState, ArrivalStatus, CancellationForm};
use document::read_cancellation;
use engine::read_apart;
use maud::{Markup, PreEscaped, html};
use reckon::Moment;

use super::desk_form::{self, Brings, DeskForm, Subject, Why, again, done, local};
use super::looked_file;
use super::uploads;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::api::files::SIGNER;
use crate::web::bring::Bringing;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::{Form, Upload};
use crate::web::{App, parts};

/// The form was typed from its paper.
pub struct CancellationArrived;

/// A second person looks at an arrival before the receipt notice goes out.
pub struct ConfirmArrival;

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

/// Arrivals of a contract that wait for a second person.
pub fn open_arrivals(subject: &Subject) -> Vec<ArrivalState> {
    let (_, contract) = subject.contract();
    let open = contract.arrivals.iter().filter(|one| one.status == ArrivalStatus::Open);
    open.cloned().collect()
}

/// The form that came, as it was registered.
fn form_of<'s>(subject: &'s Subject, one: &ArrivalState) -> Option<&'s CancellationForm> {
    let arrived = subject.known.case().in_force().facts::<CancellationFormArrived>();
    let of = |happening: &Happening| happening.input == one.arrival;
    let mut found = arrived.filter(|(happening, _)| of(happening));
    found.next().map(|(_, arrived)| &arrived.form)
}

/// Who signed it, and the sheet: both are sealed, and opened as evidence.
fn signature(form: &CancellationForm) -> Markup {
    html! {
        @if form.signed_by_other { "利用責任者ではない人 " }
        @match form.signed_by.kept() {
            None => (parts::none()),
            Some(row) => (kept(&row.0)),
        }
    }
}

fn kept(row: &str) -> Markup {
    parts::link(&parts::path("/api/v1/evidence", row), "署名した人と申込書を開く")
}

/// The page of the confirmation. What is sealed is opened apart from it, for whoever may
/// see it: the name of the signer stands there before the way to its evidence.
pub async fn confirming(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let sees = visitor.holds(Permission::ReadPersonal);
    let subject = Subject::load(&app, ConfirmArrival::OF, &id).await?;
    let shown = desk_form::show::<ConfirmArrival>(State(app.clone()), visitor, Path(id)).await;
    let mut page = shown?;
    for one in open_arrivals(&subject).iter().filter(|_| sees) {
        let Some(row) = form_of(&subject, one).and_then(|form| form.signed_by.kept()) else {
            continue;
        };
        let found = app.engine.store.personal(&row.0).await?;
        let Some(found) = found.filter(|found| found.name == SIGNER) else { continue };
        let (link, name) = (kept(&row.0), parts::person(String::from_utf8_lossy(&found.content)));
        let named = html! { (name) "　" (link) };
        page.body = PreEscaped(page.body.0.replace(&link.0, &named.0));
    }
    Ok(page)
}

impl DeskForm for ConfirmArrival {
    const OF: &'static str = "contract";
    const NAME: &'static str = "arrival";
    const TITLE: &'static str = "到達の確認";
    const VERB: &'static str = "確認の結果を登録する";
    const WHY: Why = Why::Owed;

    fn begin(_: &App, subject: &Subject, form: &mut Form) {
        if let [only] = open_arrivals(subject).as_slice() {
            form.set("arrival", &only.arrival.0);
        }
    }

    fn about(app: &App, subject: &Subject) -> Markup {
        let open = open_arrivals(subject);
        html! {
            p.lead { "後から登録された到達、みなしの解除日、利用責任者以外の署名などは、登録した人とは別の人が確かめるまで、受領通知を送りません。" (parts::clause("15-1")) }
            @if open.is_empty() { p.empty { "確認を待っている到達はありません。" } }
            @for one in &open {
                (parts::list(&[
                    ("届いた日時", parts::moment(one.arrived_at)),
                    ("解除を希望する日", form_of(subject, one).map_or_else(parts::none, |form| {
                        form.desired.map_or_else(|| html! { "書かれていません" }, parts::day)
                    })),
                    ("解除の日", parts::day(one.effective)),
                    ("署名", form_of(subject, one).map_or_else(parts::none, signature)),
                    ("登録した人", parts::person(app.engine.name_of(&one.registered_by))),
                    ("登録", parts::link(&parts::path(&format!("/entries/{}", subject.account), &one.arrival.0), "登録を見る")),
                ]))
            }
        }
    }

    fn fields(_: &App, subject: &Subject, form: &Form) -> Markup {
        let arrivals: Vec<_> = open_arrivals(subject)
            .iter()
            .map(|one| {
                (one.arrival.0.clone(), format!("{} に届いたもの", one.arrived_at.to_minute_text()))
            })
            .collect();
        let answers = [
            ("confirm", html! { "登録のとおりに届いた。受領通知を送る" }),
            ("decline", html! { "登録のとおりではない。効力を生じない" }),
        ];
        html! {
            (field::choice(form, must("arrival", "どの到達か", ""), &arrivals))
            (field::radios(form, must("answer", "確認の結果", ""), &answers))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let arrival = form.required("arrival", "どの到達かを選んでください。").map(InputId);
        let confirms = match form.text("answer") {
            "confirm" => Some(true),
            "decline" => Some(false),
            _ => None,
        };
        if confirms.is_none() {
            form.fault("answer", "確認の結果を選んでください。");
        }
        let (contract, _) = subject.contract();
        let (arrival, confirms) = (arrival?, confirms?);
        let act = match confirms {
            true => Act::ConfirmArrival(act::ConfirmArrival { contract, arrival }),
            false => Act::DeclineArrival(DeclineArrival { contract, arrival }),
        };
        Some(Brings::act(app, act))
    }
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
