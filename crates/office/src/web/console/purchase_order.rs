//! The customer's order (発注書) arrives: on a quotation or an application, with
//! its file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::AccountState;
use contract::application::quote::PurchaseOrder;
use contract::declare::ids::{AccountId, ApplicationId, InputId};
use contract::who::roles::Permission;
use maud::{Markup, html};

use super::desk_form::{Subject, again, done};
use super::uploads::{faults, hat_with};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

const TITLE: &str = "発注書の登録";

/// From which page the order is registered.
struct About {
    account: AccountId,
    state: Arc<AccountState>,
    page: String,
}

async fn of_quote(app: &App, number: &str) -> Result<About, Trouble> {
    let (account, _) = app.quote(number).await?;
    let state = app.engine.state(&account).await?;
    Ok(About { account, state, page: parts::path("/quotes", number) })
}

async fn of_application(app: &App, id: &str) -> Result<About, Trouble> {
    let subject = Subject::load(app, "application", id).await?;
    let page = subject.page();
    Ok(About { account: subject.account, state: subject.state, page })
}

pub async fn on_quote(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Page, Trouble> {
    let about = of_quote(&app, &number).await?;
    let mut form = begin(&app)?;
    form.set("quote", &number);
    if let [only] = about.state.quotes[&number].applications.as_slice() {
        form.set("application", &only.0);
    }
    Ok(page(&visitor, &about, &form))
}

pub async fn on_application(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let about = of_application(&app, &id).await?;
    let mut form = begin(&app)?;
    let key = ApplicationId(id.clone());
    let quoted = about.state.quotes.iter().find(|(_, quote)| quote.applications.contains(&key));
    if let Some((number, _)) = quoted {
        form.set("quote", number);
    }
    form.set("application", &id);
    Ok(page(&visitor, &about, &form))
}

fn begin(app: &App) -> Result<Form, Trouble> {
    let mut form = Form::fresh()?;
    form.set("on", app.engine.now().day());
    Ok(form)
}

fn page(visitor: &Visitor, about: &About, form: &Form) -> Page {
    let body = html! {
        p.lead { "届いた発注書を登録します。申込みには代わりません。契約は申込と承諾で成立します。" (parts::clause("9-2")) }
        (field::frame_with_files(visitor, &format!("{}/order", about.page), form, "登録する", fields(about, form)))
        p.back { a href=(about.page) { "登録せずに戻る" } }
    };
    Page::new(TITLE, body)
}

fn fields(about: &About, form: &Form) -> Markup {
    let none = || vec![("-".to_owned(), "なし".to_owned())];
    let quotes = about.state.quotes.values().map(|one| {
        let quote = &one.quote;
        (quote.number.clone(), format!("{}（{} 発行）", quote.number, quote.issued_on))
    });
    let quotes: Vec<_> = none().into_iter().chain(quotes).collect();
    let applications =
        about.state.applications.iter().map(|(id, one)| {
            (id.0.clone(), format!("{id}（{} 受領）", one.content.received_at.day()))
        });
    let applications: Vec<_> = none().into_iter().chain(applications).collect();
    html! {
        (field::text(form, must("number", "発注書の番号", "お客様が付けた番号。")))
        (field::day(form, must("on", "発注書の日付", "")))
        (field::choice(form, may("quote", "どの見積書に対するものか", ""), &quotes))
        (field::choice(form, may("application", "どの申込についてか", ""), &applications))
        (field::number(form, may("amount", "金額（税込、円）", "書いてある場合だけ。見積書と違えば、承諾の前に知らせます。")))
        (field::file(form, may("file", "発注書のファイル", "PDF など。電子帳簿保存の検索で見つかるように保存します。"), ".pdf,.xlsx,.png,.jpg,.jpeg,.tif,.tiff"))
        (field::text(form, may("document", "ファイルを付けない場合の、紙の原本の保管場所や整理番号", "")))
    }
}

pub async fn take_on_quote(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let about = of_quote(&app, &number).await?;
    take(&app, &visitor, about, form).await
}

pub async fn take_on_application(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let about = of_application(&app, &id).await?;
    take(&app, &visitor, about, form).await
}

async fn take(
    app: &App,
    visitor: &Visitor,
    about: About,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(visitor, Permission::RegisterArrival)?;
    let id = format!("form-{}", form.key()?);
    if app.engine.store.has_input(&InputId(id.clone())).await? {
        return Ok(done(&about.page));
    }
    let order = read(app, &about, &mut form).filter(|_| form.is_good());
    let Some(order) = order else {
        return Ok(again(page(visitor, &about, &form)));
    };
    let file = form.upload("file").map(|file| (file.name.clone(), file.bytes.clone()));
    match app.engine.receive_purchase_order(&id, &about.account, order, file, &actor).await {
        Ok(_) => {
            app.bring().await?;
            Ok(done(&about.page))
        }
        Err(error) => {
            faults(&mut form, "number", error)?;
            Ok(again(page(visitor, &about, &form)))
        }
    }
}

fn read(app: &App, about: &About, form: &mut Form) -> Option<PurchaseOrder> {
    let number = form.required("number", "発注書の番号を入力してください。");
    let ordered_on = form.past_day("on", app.engine.now().day());
    let amount = if form.is_set("amount") { form.yen("amount") } else { None };
    let chosen =
        |name: &str| Some(form.text(name).to_owned()).filter(|v| !v.is_empty() && v != "-");
    let (quote, application) = (chosen("quote"), chosen("application").map(ApplicationId));
    if quote.as_ref().is_some_and(|number| !about.state.quotes.contains_key(number)) {
        form.fault("quote", "この会社の見積書を選んでください。");
    }
    if application.as_ref().is_some_and(|id| !about.state.applications.contains_key(id)) {
        form.fault("application", "この会社の申込を選んでください。");
    }
    let document = form.text("document").to_owned();
    if form.upload("file").is_none() && document.is_empty() {
        form.fault("file", "ファイルを選ぶか、紙の原本の保管場所を入力してください。");
    }
    if document.chars().count() > 200 {
        form.fault("document", "200 文字以内にしてください。");
    }
    Some(PurchaseOrder {
        number: number?,
        ordered_on: ordered_on?,
        quote,
        application,
        amount,
        document,
    })
}
