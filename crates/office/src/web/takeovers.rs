//! Taking over an earlier book on a page: the workbook is read whole, every fault
//! is shown by its cell, what loading would come to is previewed, and the same file
//! is loaded. The server keeps no copy of it between the two.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contract::sentence;
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use document::Fault;
use document::wording::Language;
use engine::listed::{ListOf, ListQuery, Test};
use engine::{EngineError, Loaded, NextDates, Preview};
use maud::{Markup, html};

use super::App;
use super::answer::{Page, Trouble};
use super::console::desk_form::again;
use super::console::uploads::{hat_with, required};
use super::field::{self, must};
use super::form::{Form, Upload};
use super::links::opens;
use super::parts::Column::{Number, Text};
use super::parts::{self, path};
use super::rows::{ContractRow, read_line};
use crate::access::Visitor;

const TITLE: &str = "台帳の引継ぎ";

/// A list longer than this is cut on the page; the API has all of it.
const SHOWN: usize = 300;

impl App {
    /// Loads a workbook to its end, also when whoever asked is gone meanwhile. The
    /// same workbook again goes on where a load stopped.
    ///
    /// # Errors
    /// Every fault of the workbook, or a failing store.
    pub async fn load_book(
        &self,
        name: String,
        bytes: Vec<u8>,
        actor: Actor,
    ) -> Result<Loaded, EngineError> {
        let engine = self.engine.clone();
        let load = tokio::spawn(async move {
            let mut heard = |_: usize, _: usize| {};
            engine.load_book(&name, &bytes, &actor, &mut heard).await
        });
        let stopped = |error| {
            EngineError::Refused(sentence!(
                "引継ぎが途中で止まりました。もう一度同じファイルを引き継いでください。",
                "the load was stopped: {error}"
            ))
        };
        load.await.map_err(stopped)?
    }
}

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    whole(&app, &visitor, &Form::fresh()?, html! {}).await
}

async fn whole(app: &App, visitor: &Visitor, form: &Form, told: Markup) -> Result<Page, Trouble> {
    let body = html! {
        (told)
        p.lead { "いま使っている台帳の契約・未収の請求・最終番号を、一つのワークブックから引き継ぎます。不備が一つでもあれば何も登録しません。" }
        p { a href="/takeovers/template.xlsx" { "記入用のワークブック（.xlsx）" } "　説明と選択肢が入っています。" }
        (parts::section("確かめる", sheet(visitor, form, None)))
        (parts::section("引き継いだ契約のうち未確認のもの", unverified(app, visitor).await?))
    };
    Ok(Page::new(TITLE, body))
}

/// With the hash of what was previewed, the form loads that file and no other.
fn sheet(visitor: &Visitor, form: &Form, seen: Option<&Preview>) -> Markup {
    let (label, verb) = match seen {
        None => ("ワークブック（.xlsx）", "内容を確かめる"),
        Some(_) => ("確かめたのと同じファイル", "この内容で引き継ぐ"),
    };
    let hint = match seen {
        None => "ファイルはサーバーに残しません。",
        Some(_) => {
            "もう一度選んでください。一字でも違えば登録せず、その内容をまた示します。5,000 契約で一分ほどかかります。途中で画面が切れても登録は続き、同じファイルをもう一度送っても二重にはなりません。"
        }
    };
    let inside = html! {
        @if let Some(seen) = seen { input type="hidden" name="sha256" value=(seen.sha256); }
        (field::file(form, must("file", label, hint), ".xlsx"))
    };
    field::frame_with_files(visitor, "/takeovers", form, verb, inside)
}

pub async fn template() -> Result<Response, Trouble> {
    template_as("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}

/// As bytes, as the document of the API has it.
pub async fn template_for_programs() -> Result<Response, Trouble> {
    template_as("application/octet-stream")
}

fn template_as(kind: &'static str) -> Result<Response, Trouble> {
    let bytes = document::write_book(&Default::default())
        .map_err(|fault| Trouble::unusable(fault.line_ja()))?;
    let place = "attachment; filename=\"takeover.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)], bytes)
        .into_response())
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::TakeOver)?;
    let seen = form.text("sha256").to_owned();
    let Some(file) = required(&mut form, "file", "ファイルを選んでください。") else {
        return Ok(again(whole(&app, &visitor, &form, html! {}).await?));
    };
    let checked = match app.engine.check_book(&file.name, &file.bytes, &actor).await {
        Ok(takeover) => takeover,
        Err(EngineError::Faults(faults)) => {
            let told = faults_told(&file, &faults);
            return Ok(again(whole(&app, &visitor, &Form::fresh()?, told).await?));
        }
        Err(error) => return Err(error.into()),
    };
    if !seen.is_empty() && seen == checked.sha256 {
        let loaded = app.load_book(file.name, file.bytes, actor).await?;
        app.bring().await?;
        let told = loaded_told(&loaded);
        return Ok(whole(&app, &visitor, &Form::fresh()?, told).await?.into_response());
    }
    let preview = app.engine.preview(&checked, Language::Japanese)?;
    let other = !seen.is_empty();
    let body = html! {
        @if other {
            p.wrong role="alert" { "先ほど確かめたファイルと内容が違います。登録していません。今のファイルの内容は次のとおりです。" }
        }
        (previewed(&preview))
        (parts::section("引き継ぐ", sheet(&visitor, &form, Some(&preview))))
        p.back { a href="/takeovers" { "引き継がずに戻る" } }
    };
    let page = Page::new(TITLE, body);
    Ok(if other { again(page) } else { page.into_response() })
}

fn faults_told(file: &Upload, faults: &[Fault]) -> Markup {
    let columns = [Text("場所"), Text("項目"), Text("何が違うか"), Text("どう直すか")];
    let rows: Vec<_> = faults
        .iter()
        .take(SHOWN)
        .map(|fault| {
            vec![
                html! { span.id { (fault.place.ja) } },
                html! { (fault.field) },
                html! { (fault.problem.ja) },
                html! { (fault.remedy.ja) },
            ]
        })
        .collect();
    html! {
        div.wrong role="alert" {
            (file.name) " に直すところが " (faults.len()) " か所あります。何も登録していません。"
        }
        (parts::table(&columns, &rows, ""))
        (cut(faults.len()))
    }
}

fn cut(count: usize) -> Markup {
    html! { @if count > SHOWN { p.note { "ほか " (count - SHOWN) " 件は省いています。" } } }
}

fn loaded_told(loaded: &Loaded) -> Markup {
    let (book, ledger) = (loaded.open_in_book, loaded.open_in_ledger);
    html! {
        div.done role="status" {
            "契約 " (loaded.contracts) " 件と未収の請求 " (loaded.receivables) " 件を引き継ぎました。"
            @if loaded.known > 0 { "前に引き継いでいた " (loaded.known) " 行は変わりません。" }
        }
        p { "未収額：台帳 " (parts::yen(book)) "、元帳 " (parts::yen(ledger)) }
        @if book != ledger { p.note { "差額は、預かっていた入金を充てたものです。" } }
    }
}

fn previewed(preview: &Preview) -> Markup {
    let warnings: Vec<_> = preview.warnings.iter().map(|line| line.ja.clone()).collect();
    let figures = parts::list(&[
        ("ファイル", html! { (preview.file) }),
        ("SHA-256", parts::long_id(&preview.sha256)),
        (
            "契約",
            html! { (preview.contracts) " 件（明細 " (preview.lines) " 件）、うち新規 " (preview.new_contracts) " 件" },
        ),
        (
            "未収の請求",
            html! { (preview.receivables) " 件 " (parts::yen(preview.outstanding)) "、うち新規 " (preview.new_receivables) " 件" },
        ),
        ("最終番号", html! { (preview.numbers.join("、")) }),
    ]);
    let lines = |title: &str, lines: &[String], none: &str| {
        parts::section(
            title,
            html! {
                @if lines.is_empty() { p.empty { (none) } }
                @else { ul { @for line in lines.iter().take(SHOWN) { li { (line) } } } (cut(lines.len())) }
            },
        )
    };
    let columns = [
        Text("これまでの番号"),
        Text("契約者"),
        Text("期間の末日"),
        Text("更新申出期限"),
        Text("最低利用期間"),
        Text("請求開始月"),
        Text("終了"),
    ];
    let dates: Vec<_> = preview.dates.iter().take(SHOWN).map(dates_row).collect();
    html! {
        p.lead { "不備はありません。まだ何も登録していません。引き継ぐと次のようになります。" }
        (figures)
        (lines("見ておくこと", &warnings, "ありません。"))
        (lines("すぐに生じること", &preview.follows, "ありません。"))
        (lines("送られるメール", &preview.mails, "ありません。"))
        (parts::section("次の期日", html! {
            (parts::table(&columns, &dates, "新しい契約はありません。"))
            (cut(preview.dates.len()))
        }))
    }
}

fn dates_row(dates: &NextDates) -> Vec<Markup> {
    vec![
        html! { span.id { (dates.number) } },
        parts::name(&dates.name),
        parts::day(dates.period_to),
        parts::day_or_none(dates.renewal_limit),
        parts::day_or_none(dates.minimum_term_to),
        parts::month(dates.charge_from),
        parts::day_or_none(dates.ends_on),
    ]
}

async fn unverified(app: &App, visitor: &Visitor) -> Result<Markup, Trouble> {
    let tests = vec![Test::True("taken_over.unverified")];
    let query = ListQuery::first(SHOWN as u32, tests, Vec::new());
    let found = app.engine.store.list_views(ListOf::Kind("contract"), &query).await?;
    let count = usize::try_from(found.count).unwrap_or(usize::MAX);
    let open = found.rows.into_iter().map(read_line::<ContractRow>);
    let open: Vec<_> = open.collect::<Result<_, _>>()?;
    let may = opens(visitor, "/contracts/{id}/verify");
    let columns = [Text("契約"), Text("契約者"), Text("これまでの番号"), Number("")];
    let table: Vec<_> = open
        .iter()
        .map(|row| {
            let former = row.content.taken_over.as_ref().map(|taken| taken.number.as_str());
            let page = path("/contracts", &row.id);
            vec![
                parts::id_link("/contracts", &row.id),
                parts::name(&row.content.name),
                html! { span.id { (former.unwrap_or_default()) } },
                html! { @if may { a href={ (page) "/verify" } { "確認する" } } },
            ]
        })
        .collect();
    Ok(html! {
        @if count > 0 { p { a href="/contracts?status=unverified" { (count) " 件" } "。引き継いだ人とは別の人が、契約書と照らし合わせます。" } }
        (parts::table(&columns, &table, "ありません。"))
        (cut(count))
    })
}
