//! The first page of the public site.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::html;

use super::frame::{Leaf, whole};
use super::{maintenance, notices, public};
use crate::web::App;
use crate::web::answer::Trouble;

/// So many notices, and so much work to come.
const NEWEST: usize = 5;
const COMING: usize = 3;

pub async fn show(State(app): State<Arc<App>>) -> Result<Html<String>, Trouble> {
    let (held, now) = (app.engine.announcements().await?, app.engine.now());
    let newest = public(&held);
    let newest = &newest[..newest.len().min(NEWEST)];
    let (coming, _) = maintenance::by_start(&held, now);
    let coming = &coming[..coming.len().min(COMING)];
    let company = &app.engine.operator.company.name;
    let description = format!(
        "{company}のクラウドサービスについてのお知らせ、利用規約、お申込みの手続きを掲載しています。"
    );
    let body = html! {
        div.hero {
            h1 { "お知らせとご案内" }
            p.lead { (description) }
        }
        section {
            h2 { "新しいお知らせ" }
            @if newest.is_empty() { p.empty { "掲載しているお知らせはありません。" } }
            @else { (notices::listed(newest, false)) }
            p { a.onward href="/site/notices" { "お知らせの一覧へ" } }
        }
        section {
            h2 { "メンテナンスの予定" }
            (maintenance::listed(coming, now, "予定されているものはありません。"))
            p { a.onward href="/site/maintenance" { "メンテナンス情報へ" } }
        }
        section {
            h2 { "ご案内" }
            ul.ways {
                li { a href="/site/terms" { "利用規約" } p { "現行の規約とこれまでの版、効力のある期間" } }
                li { a href="/site/apply" { "お申込み" } p { "申込みの手順と、申込書・解約申込書の様式" } }
                li { a href="/site/about" { "会社情報・お問い合わせ" } p { "所在地、登録番号、電話とメールの窓口" } }
            }
        }
    };
    let (path, title) = ("/site".to_owned(), company.clone());
    Ok(whole(&app, &Leaf { path, title, description, body }))
}
