//! Files that are read whole or not at all: applications, deposits, usage.

use contract::declare::words::Language;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use document::{Fault, read_application_mail, read_faulty_application, read_usage};
use engine::{ApplicationCame, EngineError, read_apart};
use maud::{Markup, html};
use reckon::Moment;

use super::desk_form::local;
use super::desk_form::{again, done};
use super::looked_file;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::not_permitted;
use crate::web::field::{self, Reached, may};
use crate::web::form::{Form, Upload};
use crate::web::{App, parts};

/// The first hat with a permission.
///
/// # Errors
/// When there is none; the route has let in nobody else.
pub fn hat_with(visitor: &Visitor, permission: Permission) -> Result<Actor, Trouble> {
    let hat = visitor.hats.iter().find(|hat| hat.role.holds(permission));
    hat.cloned().ok_or_else(|| not_permitted(visitor))
}

pub fn required(form: &mut Form, name: &str, what_to_do: &str) -> Option<Upload> {
    let upload = form.upload(name).cloned();
    if upload.is_none() {
        form.fault(name, what_to_do);
    }
    upload
}

/// What is wrong with a file, at its field: place by place.
///
/// # Errors
/// Everything else that the engine could not do.
pub fn faults(form: &mut Form, name: &str, error: EngineError) -> Result<(), Trouble> {
    match error {
        EngineError::Faults(found) => {
            form.fault(name, listed(&found));
            Ok(())
        }
        EngineError::FaultyForm { application, faults } => {
            let registered = format!(
                "不備のある申込 {application} として登録しました（9-10(2)）。直した申込書は、別の申込として登録してください。"
            );
            form.fault(name, format!("{registered}\n{}", places(&faults)));
            Ok(())
        }
        EngineError::Refused(why) => {
            form.fault(name, why.ja);
            Ok(())
        }
        other => Err(other.into()),
    }
}

fn listed(faults: &[Fault]) -> String {
    format!("このファイルは登録していません。直したファイルを選んでください。\n{}", places(faults))
}

pub fn places(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(Fault::line_ja).collect();
    lines.join("\n")
}

/// An application as a file: the mail that came, or the form alone.
pub async fn application(visitor: Visitor, State(app): State<Arc<App>>) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("at", local(&app));
    Ok(application_page(&visitor, &form, &Reached::Typing))
}

fn application_page(visitor: &Visitor, form: &Form, reached: &Reached) -> Page {
    Page::new("申込の登録", application_form(visitor, form, reached))
}

fn application_form(visitor: &Visitor, form: &Form, reached: &Reached) -> Markup {
    let inside = html! {
        (looked_file::choose(form, "申込メール（.eml）または申込書（.xlsx）", "不備があれば、どこを直すかを示します。メールの場合は、送信者にも返信します。法人番号が読めれば、不備のある申込として登録します（9-10(2)）。", ".eml,.xlsx"))
        (field::text(form, may("reference", "受付番号（.xlsx の場合）", "紙に押した番号など。同じ番号は一度だけ登録されます。")))
        (field::moment(form, may("at", "申込者が送った日時（.xlsx の場合）", "この時の規約に同意したものとみなされます（9-6）。")))
        (field::moment(form, may("received", "受け取った日時（.xlsx の場合）", "空欄なら今です。")))
    };
    html! {
        p.lead { "届いた申込を登録します。登録した人とは別の人が承諾します。" (parts::clause("9-2")) }
        (looked_file::frame(visitor, "/applications/file", form, "この申込を登録する", reached, inside))
        h2 { "紙の申込書" }
        p { "紙で届いた申込書は、" a href="/applications/new" { "画面に入力して登録" } "します。" }
    }
}

/// What is said of a paper form, where the file is no mail.
struct OnPaper {
    reference: String,
    at: Moment,
    received: Moment,
}

impl OnPaper {
    fn read(app: &App, form: &mut Form) -> Option<OnPaper> {
        let now = app.engine.now();
        let reference = form.required("reference", "受付番号を入力してください。");
        let at = form.past_moment("at", now);
        let received =
            if form.is_set("received") { form.past_moment("received", now) } else { Some(now) };
        let (reference, at, received) = (reference?, at?, received?);
        Some(OnPaper { reference, at, received: received.max(at) })
    }
}

pub async fn take_application(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterArrival)?;
    let typing = |form: &Form| again(application_page(&visitor, form, &Reached::Typing));
    let file = required(&mut form, "file", "ファイルを選んでください。");
    let Some(file) = file else { return Ok(typing(&form)) };
    let by_mail = document::is_mail(&file.name, &file.bytes);
    let on_paper = if by_mail { None } else { OnPaper::read(&app, &mut form) };
    if !form.is_good() {
        return Ok(typing(&form));
    }
    if !looked_file::is_confirmed(&mut form, &file)
        && let Some(shown) = application_in(&app, &file, by_mail).await
    {
        let page = application_page(&visitor, &form, &Reached::Looked(shown));
        return Ok(page.into_response());
    }
    let registered = match &on_paper {
        Some(OnPaper { reference, at, received }) => {
            let came = ApplicationCame {
                reference,
                channel: Channel::Paper,
                sent_at: *at,
                received_at: *received,
                sent_doubt: None,
                files: Vec::new(),
            };
            app.engine.receive_application_file(came, &file.name, &file.bytes, &actor).await
        }
        None => app.engine.receive_application_mail(&file.name, &file.bytes, &actor).await,
    };
    app.bring().await?;
    match registered {
        Ok(registered) => Ok(done(&parts::path("/applications", &registered.application.0))),
        Err(error) => {
            faults(&mut form, "file", error)?;
            let what_to_do = "申込メール（.eml）か、様式の申込書（.xlsx）を選んでください。ほかの形で届いた申込は、「画面に入力して登録」から書き写してください。";
            looked_file::other_kind(&mut form, &file, &[".eml", ".xlsx"], what_to_do);
            Ok(typing(&form))
        }
    }
}

/// What the file would register, and whom it would tell; nothing where there is no form to
/// read, which the engine says and takes note of.
async fn application_in(app: &App, file: &Upload, by_mail: bool) -> Option<Markup> {
    let (name, bytes) = match by_mail {
        true => {
            let mail = read_apart(read_application_mail, &file.name, &file.bytes).await;
            let form = mail.ok()?.1.form;
            (form.name, form.bytes)
        }
        false => (file.name.clone(), file.bytes.clone()),
    };
    match read_apart(read_faulty_application, &name, &bytes).await {
        Ok((form, people)) => Some(looked_file::application(app, &form, &people)),
        Err(faulty) if by_mail || faulty.applicant.is_some() => {
            Some(looked_file::faulty(&faulty, by_mail))
        }
        Err(_) => None,
    }
}

pub async fn usage(visitor: Visitor) -> Result<Page, Trouble> {
    let form = Form::fresh()?;
    Ok(Page::new("利用明細の取込み", usage_form(&visitor, &form, &Reached::Typing)))
}

fn usage_form(visitor: &Visitor, form: &Form, reached: &Reached) -> Markup {
    let inside = looked_file::choose(
        form,
        "利用明細（.csv）",
        "一行でも形が違えば、ファイル全体を取り込みません。同じ資源の同じ時間は一度だけ数え、違う数量で来たときは新しい値に替えます。減らすときは、マイナスの数量の行を取り込みます。",
        ".csv",
    );
    html! {
        p.lead { "クラウドの利用明細を取り込みます。料金は、誰が使ったかを問わず、次の請求で計算されます。契約にない明細の行は取り込みません。料金の月は上流の料金月（UTC）です。ただし、契約の明細や単価が始まる月（日本時間）より前の月には計上しません。" (parts::clauses(&["20-1", "23-1", "32-2b"])) }
        (looked_file::frame(visitor, "/usage", form, "取り込む", reached, html! { (inside) (field::reason(form, false)) }))
    }
}

pub async fn take_usage(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterOperation)?;
    let shown = |form: &Form, reached: &Reached| {
        Page::new("利用明細の取込み", usage_form(&visitor, form, reached))
    };
    let again_with = |form: &Form| again(shown(form, &Reached::Typing));
    let reason = form.reason(false);
    let file = required(&mut form, "file", "ファイルを選んでください。");
    let Some(file) = file.filter(|_| form.is_good()) else {
        return Ok(again_with(&form));
    };
    if !looked_file::is_confirmed(&mut form, &file)
        && let Ok(read) = read_apart(read_usage, &file.name, &file.bytes).await
    {
        let looked = Reached::Looked(looked_file::usage(&app, &read).await?);
        return Ok(shown(&form, &looked).into_response());
    }
    match app.engine.import_usage_because(&file.name, &file.bytes, &actor, &reason).await {
        Ok(usage) => {
            let body = html! {
                div.done role="status" {
                    @if usage.repeated { "このファイルは前に取り込んだものです。新しく数えた行はありません。" }
                    @else {
                        (usage.accepted) " 行を取り込みました。"
                        @if usage.replaced > 0 {
                            "うち " (usage.replaced) " 行は、同じ時間の前の値に替えて数えました。"
                        }
                        @if usage.known > 0 { (usage.known) " 行は取込み済みでした。" }
                    }
                }
                @if !usage.doubts.is_empty() {
                    p { "数えましたが、上流に確かめてください：" }
                    ul { @for one in &usage.doubts { li { (one.line(Language::Japanese)) } } }
                }
                @if !usage.refused.is_empty() {
                    p { "取り込まなかった行：" }
                    ul { @for why in &usage.refused { li { (why.ja) } } }
                    p { a href="/refused" { "取り込まなかった行の一覧" } }
                }
                p.back { a href="/usage" { "続けて取り込む" } }
            };
            Ok(Page::new("利用明細の取込み", body).into_response())
        }
        Err(error) => {
            faults(&mut form, "file", error)?;
            let what_to_do = "クラウドの管理画面から取得した利用明細（.csv）を選んでください。";
            looked_file::other_kind(&mut form, &file, &[".csv"], what_to_do);
            Ok(again_with(&form))
        }
    }
}
