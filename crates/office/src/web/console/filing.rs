//! Filed documents (電子帳簿保存法施行規則 4条): found by day, counterparty, amount
//! and kind; and a scan or file is filed.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::ids::{AccountId, InputId};
use contract::registered::filing::{ArrivalEvidence, DocumentKind, FiledDocument};
use contract::who::roles::Permission;
use document::wording::{self, Language};
use engine::listed::{Field, ListOf, Test};
use engine::{DocumentQuery, NewDocument};
use maud::{Markup, html};
use reckon::{Day, Moment};
use serde::Deserialize;

use super::desk_form::{again, done};
use super::looked_file;
use super::quote::company_of;
use super::uploads::{faults, hat_with, required};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, may, must};
use crate::web::form::{Form, Upload};
use crate::web::links::{self, Offer};
use crate::web::list::{Column, Found, Listing, Seen, Shown, Wanted};
use crate::web::rows::Line;
use crate::web::{App, filed, parts};

const FILING: &str = "書類の保存";

/// The index of documents (電子帳簿保存法施行規則 4条): found by day, counterparty, amount
/// and kind.
pub struct Filed;

impl Listing for Filed {
    type Row = Line<FiledDocument>;
    const PATH: &'static str = "/filed";
    const TITLE: &'static str = "書類の検索";
    const EMPTY: &'static str = "書類はまだありません。";
    const ORDER: &'static str = "-dated";

    fn columns() -> Vec<Column<Line<FiledDocument>>> {
        vec![
            Self::text("取引年月日", |_, row| Shown::Day(row.content.dated))
                .by("dated", &[Field::Text("dated"), Field::Id]),
            Self::text("種類", |_, row| {
                let kind = wording::document_kind(row.content.kind, Language::Japanese);
                Shown::Text(kind.to_owned())
            })
            .by("kind", &[Field::Text("kind")]),
            Self::text("取引先", |_, row| Shown::Name(row.content.counterparty.clone()))
                .by("counterparty", &[Field::Text("counterparty")]),
            Self::number("金額（税込）", |_, row| Shown::yen(row.content.amount))
                .by("amount", &[Field::Number("amount")]),
            Self::text("何について", |seen, row| match &row.content.about {
                Some(about) => Shown::both(subject(seen.app, about), about),
                None => Shown::None,
            })
            .by("about", &[Field::Text("about")]),
            Self::text("原本の保管場所", |_, row| match &row.content.original {
                Some(place) => Shown::Text(place.clone()),
                None => Shown::None,
            })
            .by("original", &[Field::Text("original")]),
            Self::text("到達の記録", |_, row| arrival(row.content.arrival.as_ref()))
                .by("arrived", &[Field::Text("arrival.at")]),
            Self::text("書類", |_, row| {
                let document = row.content.document.name();
                Shown::both(html! { a href=(filed::path(document)) { "開く" } }, document)
            }),
        ]
    }

    fn above(seen: &Seen<'_>) -> Markup {
        let new = [Offer {
            path: "/filed/new".to_owned(),
            words: "書類を保存する",
            template: "/filed/new",
            act: None,
        }];
        links::row(seen.visitor, &new)
    }

    fn fields(seen: &Seen<'_>, form: &Form) -> Markup {
        fields(seen.visitor, form)
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<FiledDocument>>,
    ) -> Result<Found<Line<FiledDocument>>, Trouble> {
        let tests = tests(seen.visitor, &query(form));
        wanted.views(seen.app, ListOf::Kind("filed"), tests).await
    }
}

/// The same question for the store, of the kinds that the visitor may see.
fn tests(visitor: &Visitor, query: &DocumentQuery) -> Vec<Test> {
    let (dated, amount) = (Field::Text("dated"), Field::Number("amount"));
    let seen = |kind: &DocumentKind| {
        filed::may_see(visitor, *kind) && query.kind.is_none_or(|wanted| wanted == *kind)
    };
    let kinds: Vec<_> =
        DocumentKind::ALL.iter().filter(|kind| seen(kind)).map(crate::web::words::word).collect();
    let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
    let mut tests = vec![Test::one_of(Field::Text("kind"), &kinds)];
    tests.extend(query.from.map(|from| Test::from(dated, from.to_string())));
    tests.extend(query.to.map(|to| Test::up_to(dated, to.to_string())));
    let name = query.counterparty.clone();
    tests.extend(name.map(|name| Test::Holds(Field::Text("counterparty"), name)));
    tests.extend(query.least.map(|least| Test::from(amount, least.0)));
    tests.extend(query.most.map(|most| Test::up_to(amount, most.0)));
    if query.without_amount {
        tests.push(Test::Missing(amount));
    }
    tests
}

/// When a document came, and what shows it.
fn arrival(arrival: Option<&ArrivalEvidence>) -> Shown {
    let Some(arrival) = arrival else { return Shown::None };
    let stamp = arrival.stamp.iter().map(|stamp| format!(" 受付印 {stamp}"));
    let delivery = arrival.delivery.iter().map(|delivery| format!(" 配達記録 {delivery}"));
    let more = stamp.chain(delivery).collect::<String>();
    let words = format!("{}{more}", arrival.at.to_minute_text());
    Shown::both(html! { (parts::moment(arrival.at)) (more) }, words)
}

fn query(form: &mut Form) -> DocumentQuery {
    let kind = form.text("kind").to_owned();
    let yen = |form: &mut Form, name: &str| {
        if form.is_set(name) { form.yen(name) } else { None }
    };
    let (least, most) = (yen(form, "least"), yen(form, "most"));
    let (from, to) = (form.day_if_set("from"), form.day_if_set("to"));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        form.fault("to", "終わりの日は、始まりの日以後の日にしてください。");
    }
    if least.zip(most).is_some_and(|(least, most)| most < least) {
        form.fault("most", "上限は、下限以上の金額にしてください。");
    }
    DocumentQuery {
        from,
        to,
        counterparty: Some(form.text("counterparty").to_owned()).filter(|name| !name.is_empty()),
        least,
        most,
        without_amount: form.text("without_amount") == "yes",
        kind: kind_of(&kind),
    }
}

/// The fields of the search.
fn fields(visitor: &Visitor, form: &Form) -> Markup {
    let seen = |kind: &DocumentKind| filed::may_see(visitor, *kind);
    let every = [("all".to_owned(), "すべて".to_owned())];
    let kinds = every
        .into_iter()
        .chain(kinds().into_iter().filter(|(word, _)| kind_of(word).as_ref().is_some_and(seen)));
    let kinds: Vec<_> = kinds.collect();
    html! {
            (field::day(form, may("from", "取引年月日（から）", "")))
            (field::day(form, may("to", "取引年月日（まで）", "")))
            (field::text(form, may("counterparty", "取引先", "名称の一部")))
            (field::choice(form, may("kind", "種類", ""), &kinds))
            (field::number(form, may("least", "金額（以上、税込）", "")))
            (field::number(form, may("most", "金額（以下、税込）", "")))
            (field::check(form, may("without_amount", "金額の記載がないものだけ", "")))
    }
}

/// What a document is about, with its page.
fn subject(app: &App, id: &str) -> Markup {
    let quotes = format!("{}-", app.engine.operator.quote.prefix);
    match id {
        id if id.starts_with(&quotes) => parts::id_link("/quotes", id),
        // A page tells the name in its place.
        id if id.starts_with("A-") => {
            parts::link(&parts::path("/customers", id), format!("契約者{id}"))
        }
        id => parts::about(id, app.prefix()),
    }
}

/// Every kind by its stored word.
fn kinds() -> Vec<(String, String)> {
    let named = |kind: &DocumentKind| {
        let words = wording::document_kind(*kind, Language::Japanese).to_owned();
        (crate::web::words::word(kind), words)
    };
    DocumentKind::ALL.iter().map(named).collect()
}

fn kind_of(word: &str) -> Option<DocumentKind> {
    DocumentKind::ALL.into_iter().find(|kind| crate::web::words::word(kind) == word)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    /// The contract, application or quotation from whose page somebody comes.
    about: String,
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(begin): Query<Begin>,
) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("dated", app.engine.now().day());
    form.set("about", &begin.about);
    if let Some(account) = app.account_named(&begin.about).await? {
        form.set("counterparty", app.company_name(&account).await?);
    }
    Ok(page(&visitor, &form, &Reached::Typing))
}

fn page(visitor: &Visitor, form: &Form, reached: &Reached) -> Page {
    let inside = html! {
        (field::group("書類", html! {
            (looked_file::choose(form, "ファイル", "スキャンした書類、または届いた電子ファイル。暗号化して保存します。", ".pdf,.xlsx,.eml,.txt,.csv,.png,.jpg,.jpeg,.tif,.tiff"))
            (field::choice(form, must("kind", "種類", ""), &kinds()))
            (field::text(form, must("about", "何についての書類か", "契約・申込・見積書・請求書の番号、または会社の法人番号。")))
        }))
        (field::group("検索のための記録", html! {
            (field::day(form, must("dated", "取引年月日", "書類に書いてある日付。")))
            (field::text(form, may("counterparty", "取引先", "空なら、登録されている会社名です。")))
            (field::number(form, may("amount", "金額（税込、円）", "書いてある場合だけ。")))
        }))
        (field::group("紙の書類の場合", html! {
            (field::text(form, may("original", "原本の保管場所", "例 書庫A-12")))
            (field::moment(form, may("arrived_at", "届いた日時", "")))
            (field::text(form, may("stamp", "受付印の番号", "")))
            (field::text(form, may("delivery", "配達記録の番号", "")))
        }))
    };
    let body = html! {
        p.lead { "書類を保存し、日付・取引先・金額・種類で探せるようにします（電子帳簿保存法）。保存した書類は変わりません。" }
        p.note { "申込書、解約申込書、発注書、審査の報告書は、それぞれの画面で登録すると、ここにも入ります。" }
        (looked_file::frame(visitor, "/filed/new", form, "保存する", reached, inside))
        p.back { a href="/filed" { "保存せずに検索に戻る" } }
    };
    Page::new(FILING, body)
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterArrival)?;
    let id = format!("form-{}", form.key()?);
    if app.engine.store.has_input(&InputId(id.clone())).await? {
        return Ok(done("/filed"));
    }
    let account = account(&app, &mut form).await?;
    let read = read(&app, &mut form);
    let (Some((account, about)), Some(new), true) = (account, read, form.is_good()) else {
        return Ok(again(page(&visitor, &form, &Reached::Typing)));
    };
    let counterparty = match new.counterparty.is_empty() {
        true => app.company_name(&account).await?,
        false => new.counterparty.clone(),
    };
    let new = NewDocument { about, counterparty, ..new };
    let file = Upload { name: new.name.clone(), bytes: new.bytes.clone() };
    if !looked_file::is_confirmed(&mut form, &file) {
        let looked = Reached::Looked(looked(&app, &account, &new).await?);
        return Ok(page(&visitor, &form, &looked).into_response());
    }
    match app.engine.file_document(&id, &account, new, &actor).await {
        Ok((_, _)) => {
            app.bring().await?;
            Ok(done("/filed"))
        }
        Err(error) => {
            faults(&mut form, "about", error)?;
            Ok(again(page(&visitor, &form, &Reached::Typing)))
        }
    }
}

/// Whose document it is, and the id that it is about unless that is the company.
async fn account(
    app: &App,
    form: &mut Form,
) -> Result<Option<(AccountId, Option<String>)>, Trouble> {
    let typed = app.named(form.text("about")).await?;
    let Some(account) = app.account_named(&typed).await? else {
        form.fault(
            "about",
            "登録されている契約・申込・見積書・請求書の番号か、法人番号を入力してください。",
        );
        return Ok(None);
    };
    let mut about = None;
    for kind in ["contract", "application", "quote", "invoice"] {
        if app.account_of(kind, &typed).await?.is_some() {
            about = Some(typed.clone());
        }
    }
    Ok(Some((account, about)))
}

/// As what it would be kept, and of whom.
async fn looked(app: &App, account: &AccountId, new: &NewDocument) -> Result<Markup, Trouble> {
    let name = app.name_of_account(account).await?;
    Ok(html! {
        h2 { "この書類を保存します" }
        (parts::list(&[
            ("ファイル", html! { (new.name) "（" (parts::count(new.bytes.len().div_ceil(1024))) " KB）" }),
            ("種類", html! { (wording::document_kind(new.kind, Language::Japanese)) }),
            ("契約者", html! { (name) }),
            ("何についてか", html! { @match &new.about { Some(about) => (about), None => "会社全体" } }),
            ("取引年月日", parts::day(new.dated)),
            ("取引先", html! { (new.counterparty) }),
            ("金額", new.amount.map_or_else(parts::none, parts::yen)),
        ]))
        p.note { "保存した書類は変えられません。誤って保存したときは、登録の訂正を起案して取り消します。" }
    })
}

fn read(app: &App, form: &mut Form) -> Option<NewDocument> {
    let file = required(form, "file", "ファイルを選んでください。");
    let kind = kind_of(form.text("kind"));
    if kind.is_none() {
        form.fault("kind", "種類を選んでください。");
    }
    let dated = form.past_day("dated", app.engine.now().day());
    let amount = if form.is_set("amount") { form.yen("amount") } else { None };
    let mut short = |name: &str| {
        if form.text(name).chars().count() > 200 {
            form.fault(name, "200 文字以内にしてください。");
        }
        Some(form.text(name).to_owned()).filter(|text| !text.is_empty())
    };
    let (counterparty, original) = (short("counterparty"), short("original"));
    let (stamp, delivery) = (short("stamp"), short("delivery"));
    let arrived_at: Option<Moment> = match form.is_set("arrived_at") {
        true => form.past_moment("arrived_at", app.engine.now()),
        false => None,
    };
    if arrived_at.is_none() && (stamp.is_some() || delivery.is_some()) {
        form.fault("arrived_at", "受付印や配達記録があるときは、届いた日時も入力してください。");
    }
    let arrival = arrived_at.map(|at| ArrivalEvidence { at, stamp, delivery });
    let file = file?;
    Some(NewDocument {
        kind: kind?,
        dated: dated?,
        counterparty: counterparty.unwrap_or_default(),
        amount,
        about: None,
        original,
        arrival,
        name: file.name,
        bytes: file.bytes,
    })
}

impl App {
    /// Who stands behind an account today.
    pub async fn company_name(&self, account: &AccountId) -> Result<String, Trouble> {
        let state = self.engine.state(account).await?;
        let today: Day = self.engine.now().day();
        Ok(company_of(&state, today).map(|company| company.name).unwrap_or_default())
    }
}

/// Where a document about something is filed.
pub fn path_for(about: &str) -> String {
    format!("/filed/new?about={}", parts::escaped(about))
}
