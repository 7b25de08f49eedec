//! Who the operator is and how it is reached.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::html;

use super::frame::{Leaf, whole};
use crate::web::App;

pub async fn show(State(app): State<Arc<App>>) -> Html<String> {
    let operator = &app.engine.operator;
    let (company, mail) = (&operator.company, &operator.mail.from);
    let dialled: String = company.phone.chars().filter(char::is_ascii_digit).collect();
    let body = html! {
        h1 { "会社情報" }
        dl.passages {
            div { dt { "会社名" } dd { (company.name) } }
            div { dt { "代表者" } dd { (company.representative) } }
            div { dt { "所在地" } dd { "〒" (company.postal_code) br; (company.address) } }
            div { dt { "登録番号" } dd { (company.registration_number) br; span.note { "適格請求書発行事業者" } } }
        }
        section {
            h2 { "お問い合わせ" }
            dl.passages {
                @if !company.department.is_empty() { div { dt { "窓口" } dd { (company.department) } } }
                div { dt { "電話" } dd { a href={ "tel:" (dialled) } { (company.phone) } } }
                div { dt { "メール" } dd { a href={ "mailto:" (mail) } { (mail) } } }
            }
        }
    };
    let description = format!("{}の所在地、代表者、登録番号とお問い合わせ先です。", company.name);
    let (path, title) = ("/site/about".to_owned(), "会社情報".to_owned());
    whole(&app, &Leaf { path, title, description, body })
}
