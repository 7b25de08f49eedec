//! The one table of routes: router and navigation are made from it.

use std::sync::Arc;

use axum::routing::{MethodRouter, get, post};

use super::App;
use super::{
    api, applications, clock, contracts, dashboard, documents, entries, frame, invoice_page,
    invoices, outbox, terms_index, terms_page, todo_lists, why,
};

/// What a route gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTML for people.
    Page,
    /// JSON for programs.
    Api,
    /// A file.
    File,
}

/// One row of the table.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub kind: Kind,
    pub title: &'static str,
    /// Stands in the navigation.
    pub menu: bool,
    pub handler: fn() -> MethodRouter<Arc<App>>,
}

type Handler = fn() -> MethodRouter<Arc<App>>;

const fn menu(path: &'static str, title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, kind: Kind::Page, title, menu: true, handler }
}

const fn page(path: &'static str, title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, kind: Kind::Page, title, menu: false, handler }
}

const fn read(path: &'static str, title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, kind: Kind::Api, title, menu: false, handler }
}

const fn write(path: &'static str, kind: Kind, title: &'static str, handler: Handler) -> Route {
    Route { method: "POST", path, kind, title, menu: false, handler }
}

const fn file(path: &'static str, title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, kind: Kind::File, title, menu: false, handler }
}

pub static ROUTES: &[Route] = &[
    menu("/", "概況", || get(dashboard::show)),
    menu("/contracts", "契約", || get(contracts::list)),
    menu("/applications", "申込", || get(applications::list)),
    menu("/invoices", "請求書", || get(invoices::list)),
    menu("/rights", "権利", || get(todo_lists::rights)),
    menu("/tasks", "作業", || get(todo_lists::tasks)),
    menu("/outbox", "送信と外部処理", || get(outbox::list)),
    menu("/refused", "取り込まなかった行", || get(outbox::refused_rows)),
    menu("/terms", "利用規約", || get(terms_index::list)),
    page("/contracts/{id}", "契約", || get(contracts::one)),
    page("/applications/{id}", "申込", || get(applications::one)),
    page("/invoices/{number}", "請求書", || get(invoice_page::one)),
    page("/entries/{account}/{*id}", "登録", || get(entries::one)),
    page("/why/{*id}", "なぜ？", || get(why::show)),
    page("/terms/{id}", "利用規約", || get(terms_page::one)),
    write("/clock", Kind::Page, "時計を進める", || post(clock::move_by_form)),
    file("/documents/{*id}", "書類", || get(documents::one)),
    file("/style.css", "表示の定義", || get(frame::style)),
    read("/health", "稼働の確認", || get(api::health)),
    read("/api/v1", "この API の一覧", || get(api::index)),
    read("/api/v1/contracts", "契約の一覧", || get(api::contracts)),
    read("/api/v1/contracts/{id}", "契約", || get(api::contract)),
    read("/api/v1/contracts/{id}/timeline", "契約の経過", || get(api::timeline)),
    read("/api/v1/applications", "申込の一覧", || get(api::applications)),
    read("/api/v1/invoices", "請求書の一覧", || get(api::invoices)),
    read("/api/v1/invoices/{number}", "請求書", || get(api::invoice)),
    read("/api/v1/rights", "生じている権利", || get(api::rights)),
    read("/api/v1/tasks", "残っている作業", || get(api::tasks)),
    read("/api/v1/outbox", "送信と外部処理", || get(api::outbox)),
    read("/api/v1/why/{*id}", "理由", || get(api::why)),
    write("/api/v1/clock", Kind::Api, "時計を進める", || post(clock::move_by_api)),
    write("/api/v1/facts", Kind::Api, "事実の登録", || post(api::register_fact)),
    write("/api/v1/acts", Kind::Api, "行為の登録", || post(api::register_act)),
];
