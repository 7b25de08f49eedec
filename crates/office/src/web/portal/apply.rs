//! 9-2, 9-6: the customer applies on a page; the terms are shown before sending.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::ApplicationForm;
use contract::application::receiving::Wish;
use contract::declare::ids::{AccountId, ApplicationId, InputId};
use contract::notices::notice::Channel;
use contract::who::roles::Permission;
use document::write_application;
use engine::ApplicationCame;
use maud::{Markup, html};

use super::agreement::clause_note;
use super::stop::xlsx;
use crate::web::answer::{Page, Trouble};
use crate::web::console::desk_form::{again, confirm, done, told};
use crate::web::console::new_application::{Asks, begin, fields, read};
use crate::web::console::uploads::hat_with;
use crate::web::field::{self, Reached, must};
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::parts::Column::Text;
use crate::web::rows::ApplicationRow;
use crate::web::{App, parts, words};

const TITLE: &str = "利用申込";

pub async fn show(State(app): State<Arc<App>>, own: Own) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("corporate_number", own.account().0.trim_start_matches("A-"));
    if let Some(earlier) = earlier_form(&own).await? {
        let company = &earlier.applicant;
        form.set("company", &company.name);
        form.set("kana", &company.kana);
        form.set("postal_code", &company.postal_code);
        form.set("address", &company.address);
        form.set("title", &company.representative_title);
    }
    begin(&app, &mut form);
    page(&app, &own, &form, Reached::Typing).await
}

/// What the company said of itself the last time.
async fn earlier_form(own: &Own) -> Result<Option<ApplicationForm>, Trouble> {
    let state = own.state().await?;
    let forms =
        state.applications.values().filter_map(|application| match &application.content.wish {
            Wish::New { form } => Some((application.received_at, form)),
            Wish::Change { .. } | Wish::Faulty { .. } => None,
        });
    Ok(forms.max_by_key(|(at, _)| *at).map(|(_, form)| form.clone()))
}

async fn page(app: &App, own: &Own, form: &Form, reached: Reached) -> Result<Page, Trouble> {
    let inside = html! {
        (fields(app, form, Asks::Customer))
        (field::group("利用規約", html! {
            (field::check(form, must("assent", &format!("{}を読み、同意して申し込みます", terms_name(app)), "")))
        }))
    };
    let body = html! {
        p.lead { "利用申込者として契約をお申し込みいただけます（第9条1項）。お申込みの前に、" a href="/my/terms" { (terms_name(app)) } "をお読みください。送信した時に、この版に同意したものとみなされます（第9条6項・第20条4項）。" }
        @if !admits(app) {
            p.warning { "この画面から送ることはできません。記入済みの申込書をお作りしますので、お送りください。" b { "届くまでは申込みになりません。" } }
        }
        (field::frame(&own.visitor, "/my/apply", form, "この内容で申し込む", reached, inside))
        (parts::section("これまでの申込み", earlier(app, own).await?))
    };
    Ok(Page::new(TITLE, body))
}

/// The version that assent is given to (9-6).
fn terms_name(app: &App) -> String {
    let version = app.engine.law.version_at(app.engine.now());
    let version = version.map_or(String::new(), |version| {
        format!(" {}版（{} 施行）", version.version, version.in_force_from)
    });
    format!("{}{version}", app.engine.pack.title_ja)
}

/// whether an application counts when it comes from this page.
fn admits(app: &App) -> bool {
    let terms = app.engine.law.effective(app.engine.now(), &[]);
    terms.is_ok_and(|terms| terms.rules.application_channels.iter().any(|one| one == "portal"))
}

async fn earlier(app: &App, own: &Own) -> Result<Markup, Trouble> {
    let state = own.state().await?;
    let asked = |id: &str| {
        let found = state.applications.get(&ApplicationId(id.to_owned()))?;
        match &found.content.wish {
            Wish::New { form } => Some(lines_of(app, form)),
            Wish::Change { .. } | Wish::Faulty { .. } => None,
        }
    };
    let mut rows = own.rows::<ApplicationRow>("application").await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.content.received_at));
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                html! { span.id { (row.id) } },
                parts::moment(row.content.received_at),
                asked(&row.id).unwrap_or_else(parts::none),
                parts::chip(words::application_status(&row.content.status)),
                row.content.formed_at.map_or_else(parts::none, parts::moment),
            ]
        })
        .collect();
    let columns =
        [Text("申込番号"), Text("受付"), Text("お申込みの内容"), Text("状態"), Text("契約の成立")];
    Ok(parts::table(&columns, &lines, "申込みはまだありません。"))
}

pub async fn take(
    State(app): State<Arc<App>>,
    own: Own,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&own.visitor, Permission::Apply)?;
    let reference = format!("portal-{}", form.key()?);
    let application = ApplicationId::of_reference(&reference);
    if app.engine.store.has_input(&InputId(format!("received-{application}"))).await? {
        return Ok(done("/my/apply"));
    }
    confirm(&mut form, "assent");
    let typed = read(&app, &mut form);
    if let Some((content, _)) = &typed
        && AccountId::of_company(&content.applicant.corporate_number) != *own.account()
    {
        form.fault("corporate_number", "サインインしている会社の法人番号を入力してください。");
    }
    if let Some(end) = typed.as_ref().and_then(|(content, _)| app.engine.ends_in_mid_month(content))
    {
        let why = format!("利用期間の終了日は月末の日にしてください（{end} など）。");
        form.fault("to", why);
    }
    let (Some((content, people)), true) = (typed, form.is_good()) else {
        return Ok(again(page(&app, &own, &form, Reached::Typing).await?));
    };
    if form.text("step") == "paper" {
        let bytes = write_application(Some((&content, &people)))
            .map_err(|fault| Trouble::unusable(fault.line_ja()))?;
        return Ok(xlsx("申込書.xlsx", bytes));
    }
    if !admits(&app) {
        let reached = Reached::Paper(summary(&app, &content));
        return Ok(page(&app, &own, &form, reached).await?.into_response());
    }
    if !form.is_confirmed() {
        let reached = Reached::Looked(summary(&app, &content));
        return Ok(page(&app, &own, &form, reached).await?.into_response());
    }
    let now = app.engine.now();
    app.engine
        .receive_application(
            ApplicationCame {
                reference: &reference,
                channel: Channel::Portal,
                sent_at: now,
                received_at: now,
                sent_doubt: None,
                files: Vec::new(),
            },
            content,
            people,
            &actor,
        )
        .await?;
    app.bring().await?;
    let number = app.number_of(&application.0).await?.unwrap_or_else(|| application.0.clone());
    let after = html! {
        p { "申込番号は " b { span.id { (number) } } " です。お申し込みの時の規約に同意されたものとして受け付けました。" (clause_note("9-6")) }
        p { "契約は、当社が承諾のメールを送信した時に成立します。それまでは、下の一覧で状態を確かめられます。 " (clause_note("9-4")) }
    };
    app.afterwards.keep(form.key()?, &own.visitor.person, after);
    Ok(told("/my/apply", &form))
}

/// What is applied for, with the price of each thing.
fn lines_of(app: &App, form: &ApplicationForm) -> Markup {
    html! {
        ul.plain { @for line in &form.lines {
            li { (app.item_name(&line.item)) " × " (line.quantity) "、" (parts::day(line.start)) " から"
                @match (line.agreed_fee, app.unit_price(&line.item)) {
                    (Some(fee), _) => { "、月額 " (parts::yen(fee)) "（税抜）" },
                    (None, Some(price)) => { "、" (price) },
                    (None, None) => {},
                } }
        } }
    }
}

fn summary(app: &App, form: &ApplicationForm) -> Markup {
    html! {
        h2 { "お申込みの内容" }
        p { (form.applicant.name) "、利用期間 " (parts::day(form.period.from)) " 〜 " (parts::day(form.period.to)) }
        (lines_of(app, form))
        p.note { "単価は税抜で、お申込みの日の料金表によります。" }
        p { "同意いただく規約：" b { (terms_name(app)) } }
        p { "契約は、当社が承諾のメールを送信した時に成立します（第9条4項）。" }
    }
}
