//! The customer's order (発注書) arrives: on a quotation or an application, with
//! its file.

use contract::application::quote::PurchaseOrder;
use contract::declare::fact::Fact;
use contract::declare::ids::ApplicationId;
use contract::declare::sealed::Sealed;
use maud::{Markup, html};

use super::desk_form::{Brings, DeskForm, Subject};
use super::looked_file;
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// The step of both pages: on a quotation, or on an application.
pub struct Order<const ON_QUOTE: bool>;

impl<const ON_QUOTE: bool> DeskForm for Order<ON_QUOTE> {
    const OF: &'static str = if ON_QUOTE { "quote" } else { "application" };
    const NAME: &'static str = "order";
    const TITLE: &'static str = "発注書の登録";
    const FILES: bool = true;

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        form.set("on", app.engine.now().day());
        let quotes = &subject.state.quotes;
        if ON_QUOTE {
            form.set("quote", &subject.id);
            if let [only] = quotes[&subject.id].applications.as_slice() {
                form.set("application", &only.0);
            }
        } else {
            let (key, _) = subject.application();
            if let Some((number, _)) =
                quotes.iter().find(|(_, one)| one.applications.contains(&key))
            {
                form.set("quote", number);
            }
            form.set("application", &subject.id);
        }
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! {
            p.lead { "届いた発注書を登録します。申込みには代わりません。契約は申込と承諾で成立します。" (parts::clause("9-2")) }
        }
    }

    fn fields(_: &App, subject: &Subject, form: &Form) -> Markup {
        fields(subject, form)
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let order = Box::new(read(app, subject, form)?);
        Some(Brings::fact(Fact::PurchaseOrderReceived(order), app.engine.now()))
    }
}

fn fields(subject: &Subject, form: &Form) -> Markup {
    let none = || vec![("-".to_owned(), "なし".to_owned())];
    let quotes = subject.state.quotes.values().map(|one| {
        let quote = &one.quote;
        (
            quote.number.clone(),
            format!("{}（{} 発行、税込 {}円）", quote.number, quote.issued_on, quote.total),
        )
    });
    let quotes: Vec<_> = none().into_iter().chain(quotes).collect();
    let applications =
        subject.state.applications.iter().map(|(id, one)| {
            (id.0.clone(), format!("{id}（{} 受領）", one.content.received_at.day()))
        });
    let applications: Vec<_> = none().into_iter().chain(applications).collect();
    html! {
        (field::text(form, must("number", "発注書の番号", "お客様が付けた番号。")))
        (field::day(form, must("on", "発注書の日付", "")))
        (field::choice(form, may("quote", "どの見積書に対するものか", ""), &quotes))
        (field::choice(form, may("application", "どの申込についてか", ""), &applications))
        (field::number(form, may("amount", "金額（税込、円）", "書いてある場合だけ。見積書と違えば、承諾の前に知らせます。")))
        (looked_file::may_choose(form, "発注書のファイル", "PDF など。電子帳簿保存の検索で見つかるように保存します。", ".pdf,.xlsx,.png,.jpg,.jpeg,.tif,.tiff"))
        (field::text(form, may("document", "ファイルを付けない場合の、紙の原本の保管場所や整理番号", "")))
    }
}

fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<PurchaseOrder> {
    let number = form.required("number", "発注書の番号を入力してください。");
    let ordered_on = form.past_day("on", app.engine.now().day());
    let amount = if form.is_set("amount") { form.yen("amount") } else { None };
    let chosen =
        |name: &str| Some(form.text(name).to_owned()).filter(|v| !v.is_empty() && v != "-");
    let (quote, application) = (chosen("quote"), chosen("application").map(ApplicationId));
    if quote.as_ref().is_some_and(|number| !subject.state.quotes.contains_key(number)) {
        form.fault("quote", "この会社の見積書を選んでください。");
    }
    if application.as_ref().is_some_and(|id| !subject.state.applications.contains_key(id)) {
        form.fault("application", "この会社の申込を選んでください。");
    }
    let document = form.text("document").to_owned();
    if form.upload("file").is_none() && document.is_empty() {
        form.fault("file", "ファイルを選ぶか、紙の原本の保管場所を入力してください。");
    }
    if document.chars().count() > 200 {
        form.fault("document", "200 文字以内にしてください。");
    }
    let file = form.upload("file").map(|file| (file.name.clone(), file.bytes.clone()));
    Some(PurchaseOrder {
        number: number?,
        ordered_on: ordered_on?,
        quote,
        application,
        amount,
        document: Sealed::file_or(file, document),
    })
}
