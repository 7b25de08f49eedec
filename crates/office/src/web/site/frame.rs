//! The frame around every page of the public site.

use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use crate::web::answer::Trouble;
use crate::web::{App, looks};

/// The pages to which every page leads.
pub const MENU: [(&str, &str); 5] = [
    ("/site/notices", "お知らせ"),
    ("/site/maintenance", "メンテナンス"),
    ("/site/terms", "利用規約"),
    ("/site/apply", "お申込み"),
    ("/site/about", "会社情報"),
];

/// The inside of a page.
pub struct Leaf {
    /// Where it stands, with the part of a list.
    pub path: String,
    pub title: String,
    /// A sentence or two for whoever finds it by a search.
    pub description: String,
    pub body: Markup,
}

/// A page as it is sent.
pub fn whole(app: &App, leaf: &Leaf) -> Html<String> {
    let Leaf { path, title, description, body } = leaf;
    let company = &app.engine.operator.company.name;
    let title = match path.as_str() {
        "/site" => company.clone(),
        _ => format!("{title}｜{company}"),
    };
    let address = app.public_address(path);
    let head = html! {
        title { (title) }
        meta name="description" content=(description);
        link rel="canonical" href=(address);
        meta property="og:type" content="website";
        meta property="og:locale" content="ja_JP";
        meta property="og:site_name" content=(company);
        meta property="og:title" content=(title);
        meta property="og:description" content=(description);
        meta property="og:url" content=(address);
    };
    around(app, path, &head, body)
}

/// Why a page cannot be shown.
pub fn trouble(app: &App, trouble: &Trouble) -> Html<String> {
    let head = html! {
        title { (trouble.title) "｜" (app.engine.operator.company.name) }
        meta name="robots" content="noindex";
    };
    let body = html! {
        h1 { (trouble.title) }
        p.lead { (trouble.detail.ja) }
        p { a.onward href="/site" { "トップページへ" } }
    };
    around(app, "", &head, &body)
}

fn around(app: &App, path: &str, head: &Markup, body: &Markup) -> Html<String> {
    let company = &app.engine.operator.company;
    let page = path.split('?').next().unwrap_or_default();
    let is_here = |to: &str| page == to || page.starts_with(&format!("{to}/"));
    let markup = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                (head)
                link rel="alternate" type="application/atom+xml" title="お知らせ" href="/site/notices.atom";
                link rel="icon" type="image/svg+xml" href=(looks::ICON.path());
                link rel="stylesheet" href=(looks::SITE_STYLE.path());
            }
            body {
                a.skip href="#main" { "本文へ" }
                header.top {
                    a.brand href="/site" aria-current=[(path == "/site").then_some("page")] {
                        @if app.logo.is_some() { img src="/site/logo" alt=""; }
                        (company.name)
                    }
                    nav aria-label="サイト内" { ul {
                        @for (to, title) in MENU {
                            li { a href=(to) aria-current=[is_here(to).then_some("page")] { (title) } }
                        }
                    } }
                }
                main id="main" tabindex="-1" { (body) }
                footer {
                    p.brand { (company.name) }
                    p { "〒" (company.postal_code) " " (company.address) }
                    p { a href="/site/about" { "会社情報・お問い合わせ" } a href="/site/notices.atom" { "お知らせのフィード（Atom）" } }
                }
            }
        }
    };
    Html(markup.into_string())
}
