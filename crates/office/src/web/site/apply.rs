//! How to apply (9), and the blank forms.

use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use engine::EngineError;
use maud::{Markup, html};

use super::frame::{Leaf, whole};
use super::terms::clause_link;
use crate::web::answer::Trouble;
use crate::web::{App, parts};

const WORKBOOK: HeaderValue =
    HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

/// A form that everybody may take.
struct Blank {
    path: &'static str,
    /// The name under which it is kept by whoever takes it.
    name: &'static str,
    bytes: Bytes,
}

/// They are always the same, so they are written once.
static BLANKS: LazyLock<[Blank; 2]> = LazyLock::new(|| {
    let application = document::write_application(None).expect("it is blank");
    let cancellation = document::write_cancellation(None).expect("it is blank");
    [
        Blank { path: "application.xlsx", name: "利用申込書.xlsx", bytes: application.into() },
        Blank {
            path: "cancellation.xlsx", name: "解約申込書.xlsx", bytes: cancellation.into()
        },
    ]
});

pub async fn form(
    State(_): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    let missing = || Trouble::not_found("様式", &name, "お申込みのページから選んでください。");
    let blank = BLANKS.iter().find(|blank| blank.path == name).ok_or_else(missing)?;
    let place = format!("attachment; filename*=UTF-8''{}", parts::escaped(blank.name));
    let place = HeaderValue::from_str(&place).expect("it is escaped");
    let headers = [(header::CONTENT_TYPE, WORKBOOK), (header::CONTENT_DISPOSITION, place)];
    Ok((headers, blank.bytes.clone()).into_response())
}

pub async fn show(State(app): State<Arc<App>>) -> Result<Html<String>, Trouble> {
    let company = &app.engine.operator.company;
    let terms = app.engine.law.effective(app.engine.now(), &[]);
    let terms = terms.map_err(EngineError::from)?;
    let body = html! {
        h1 { "お申込み" }
        p.lead { "利用申込みから利用契約の成立までの流れと、様式のご案内です。" }
        (steps(&app, &terms.rules.application_channels))
        section {
            h2 { "様式" }
            ul.files {
                li { a href="/site/forms/application.xlsx" { "利用申込書" } span.note { "Excel（.xlsx）" } }
                li { a href="/site/forms/cancellation.xlsx" { "解約申込書" } span.note { "Excel（.xlsx）" } }
            }
        }
        section {
            h2 { "解約するとき" }
            p { "解約のお申込みは、" (told(&terms.rules.cancel_channels)) "お受けします。利用規約の要約は、次のとおりです。" }
            ul.summaries { (summary(&app, "15-1")) (summary(&app, "15-1b")) }
            p { "紙の解約申込書の送付先：" }
            (postal(&app))
        }
    };
    let description = format!(
        "{}のクラウドサービスの申込みの手順と、申込書・解約申込書の様式です。",
        company.name
    );
    let (path, title) = ("/site/apply".to_owned(), "お申込み".to_owned());
    Ok(whole(&app, &Leaf { path, title, description, body }))
}

/// The channels that the operator admits, in a sentence.
fn told(channels: &[String]) -> String {
    let words = channels.iter().filter_map(|channel| match channel.as_str() {
        "paper" => Some("紙の解約申込書"),
        "email" => Some("メール"),
        "portal" => Some("ご契約者の画面"),
        _ => None,
    });
    format!("{}で", words.collect::<Vec<_>>().join("または"))
}

fn postal(app: &App) -> Markup {
    let company = &app.engine.operator.company;
    html! { address { "〒" (company.postal_code) " " (company.address) br; (company.name) " " (company.department) } }
}

/// Our summary of a clause, with a link to it.
fn summary(app: &App, clause: &str) -> Markup {
    let found = app.engine.pack.clauses.get(clause);
    html! { @if let Some(found) = found { li { (found.ja) "（" (clause_link(app, clause)) "）" } } }
}

fn steps(app: &App, channels: &[String]) -> Markup {
    let mail = &app.engine.operator.mail.from;
    let admitted = |channel: &str| channels.iter().any(|one| one == channel);
    let clause = |id| clause_link(app, id);
    let step = |title: &str, inside: Markup| html! { li { h2 { (title) } (inside) } };
    html! {
        ol.steps {
            (step("利用規約を読む", html! {
                p { a href="/site/terms" { "現行の利用規約" } "をご確認ください。申込書をお送りいただいた時に、規約を承諾されたものとみなされます（" (clause("9-6")) "）。" }
            }))
            (step("申込書に記入する", html! {
                p { a href="/site/forms/application.xlsx" { "利用申込書（Excel）" } "に、会社名、利用責任者、利用期間、サービスの品目などを記入してください。お見積りによるお申込みは、見積番号も記入してください。" }
            }))
            (step("申込書を送る", html! {
                @if admitted("email") {
                    p { "申込書を添付して、" a href={ "mailto:" (mail) } { (mail) } " へメールでお送りください。そのあと速やかに、紙の申込書も次の宛先へお送りください（" (clause("9-2")) "）。" }
                } @else {
                    p { "紙の申込書を、次の宛先へお送りください（" (clause("9-2")) "）。" }
                }
                (postal(app))
                @if admitted("portal") { p { "ご契約者の画面をお使いの方は、そこからもお申込みになれます。" } }
            }))
            (step("当社が内容を確認する", html! {
                p { "お申込みの内容を確認します（" (clause("9-3")) "）。申込書に誤りや記入もれがあるときなど、お受けできないことがあります（" (clause("9-10")) "）。そのときは速やかにお知らせします。" }
            }))
            (step("承諾メールで契約が成立する", html! {
                p { "当社が承諾メールをお送りした時に、利用契約が成立します（" (clause("9-4")) "）。そのあと、申込請書をお送りします（" (clause("9-5")) "）。契約が成立した後にお申込みを変更・撤回されるときは、準備などにかかった費用をご負担いただきます（" (clause("9-9")) "）。" }
            }))
        }
    }
}
