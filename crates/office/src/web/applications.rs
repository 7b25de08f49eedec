//! Applications: the list, and one with what it wishes.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use contract::application::checks::Check;
use contract::application::form::PaymentMethod;
use contract::application::receiving::{Change, SentDoubt, Wish};
use contract::declare::fact::Application;
use contract::declare::ids::{AccountId, ApplicationId};
use contract::declare::names;
use contract::road::stream::{Body, Stream};
use contract::who::roles::Permission;
use contract::{AccountState, ApplicationForm, ApplicationState, LineWish, Person, Service};
use document::wording::Language::Japanese as JA;
use engine::Object;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::offers;
use super::contracts::Agreed;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::parts::Column::{Number, Text};
use super::rows::{ApplicationRow, Line};
use super::timeline::{self, Before};
use super::{App, contracts, numbered, parts, registered, unsent, words};
use crate::access::Visitor;

/// The list of applications.
pub struct Applications;

impl Listing for Applications {
    type Row = Line<ApplicationRow>;
    const PATH: &'static str = "/applications";
    const TITLE: &'static str = "申込";
    const EMPTY: &'static str = "申込はまだありません。";
    const ORDER: &'static str = "-received";

    fn columns() -> Vec<Column<Line<ApplicationRow>>> {
        vec![
            Self::text("番号", |_, row| Shown::number("/applications", row))
                .by("number", numbered::ORDER),
            Self::text("受領", |_, row| Shown::Moment(row.content.received_at))
                .by("received", &[Field::Text("received_at"), Field::Id]),
            Self::text("申込者", |_, row| {
                Shown::Link(parts::path("/applications", &row.id), row.content.name.clone())
            })
            .by("name", &[Field::Text("name")]),
            Self::text("ID", |_, row| Shown::Id("/applications", row.id.clone())).only_in_file(),
            Self::text("状態", |_, row| {
                Shown::Chip(words::application_status(&row.content.status))
            })
            .by("status", &[Field::Text("status")]),
            Self::text("成立", |_, row| Shown::moment(row.content.formed_at))
                .by("formed", &[Field::Text("formed_at")]),
            Self::text("登録", |seen, row| {
                Shown::Person(seen.app.engine.name_of(&row.content.registered_by))
            })
            .by("by", &[Field::Text("registered_by")]),
            Self::text("判断を要する事由", |_, row| match &row.content.grounds {
                grounds if grounds.is_empty() => Shown::None,
                grounds => Shown::both(parts::clauses(grounds), grounds.join(" ")),
            }),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let states = words::APPLICATION_STATUSES
            .map(|word| (word.to_owned(), words::application_status(word).0.to_owned()));
        html! {
            (field::text(form, may("q", "申込者または番号", "名称や番号の一部")))
            (list::choice(form, list::STATUS, states))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<ApplicationRow>>,
    ) -> Result<Found<Line<ApplicationRow>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let state = list::chosen(form, list::STATUS, &words::APPLICATION_STATUSES);
        tests.extend(state.map(|state| Test::is(Field::Text("status"), state)));
        wanted.views(seen.app, ListOf::Kind("application"), tests).await
    }
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(part): Query<Before>,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("申込", &id, "申込の一覧で番号を確かめてください。");
    let account = app.account_of("application", &id).await?.ok_or_else(missing)?;
    let known = app.engine.account(&account).await?;
    let state = known.state();
    let key = ApplicationId(id.clone());
    let application = state.applications.get(&key).ok_or_else(missing)?;
    let streams = [Stream::Application(key.clone()), Stream::Company];
    let story = app.told(&visitor, known.case(), &streams, &part, |record, event| {
        // Of what is told of the company, the checks are made for its application.
        let is_check = || state.checks.iter().any(|(check, _)| *check == record.input.id);
        let follows = matches!(event.body, Body::Follows { .. });
        event.stream != Stream::Company || (!follows && is_check())
    });
    let story = story.await?;
    let sees = visitor.holds(Permission::ReadPersonal);
    let by = match sees {
        true => app.known_as(&application.registered_by).await?,
        false => app.engine.name_of(&application.registered_by),
    };
    let people = match sees {
        true => Some(app.engine.contract_people(state, &key.contract()).await?),
        false => None,
    };
    let contract = state.contracts.contains_key(&key.contract()).then(|| key.contract().0);
    let body = html! {
        (offers::of_application(&app, &visitor, &known, &id, application))
        (head(&id, application, contract.as_deref(), &by))
        (unsent::of(&app, &visitor, Object::Application, &[&id]).await?)
        (parts::section("申込の内容", wish(&app, &application.content, people.as_deref())))
        (parts::section("申込者の確認", checks(&app, &account, state, sees).await?))
        @if sees {
            (parts::section("届いたファイル", files(&app, &key).await?))
        }
        (timeline::section(&visitor, &account, &part, &story))
    };
    let name = app.name_of_account(&account).await?;
    Ok(Page::new(format!("{id} {name}"), body))
}

fn head(id: &str, state: &ApplicationState, contract: Option<&str>, by: &str) -> Markup {
    let content = &state.content;
    let contract = match (&content.wish, contract) {
        (Wish::Change { contract, .. }, _) => parts::id_link("/contracts", &contract.0),
        (_, Some(contract)) => parts::id_link("/contracts", contract),
        _ => parts::none(),
    };
    let grounds = html! {
        @if state.grounds.is_empty() { "なし" } @else { (parts::clauses(&state.grounds)) }
    };
    parts::list(&[
        (
            "申込",
            html! { (numbered::itself(id)) " " a href=(parts::path("/why", id)) { "なぜ？" } },
        ),
        ("状態", parts::chip(words::application_status(&words::word(&state.status)))),
        ("契約", contract),
        ("送信", sent(content)),
        ("受領", html! { (parts::moment(content.received_at)) " " (parts::clause("9-2")) }),
        ("成立", state.formed_at.map_or_else(parts::none, parts::moment)),
        ("参照", html! { span.id { (content.reference) } }),
        ("登録した人", parts::person(by)),
        ("判断を要する事由", grounds),
    ])
}

/// What was found out about the company before acceptance (9-10), the newest first.
async fn checks(
    app: &App,
    account: &AccountId,
    state: &AccountState,
    sees: bool,
) -> Result<Markup, Trouble> {
    let columns = [
        Text("確認"),
        Text("結果"),
        Text("確認した日"),
        Text("有効期限"),
        Text("確認した人"),
        Text("裏付け"),
    ];
    let kept = app.engine.reports_kept(account).await?;
    let mut rows = Vec::new();
    for (_, check) in state.checks.iter().rev() {
        rows.push(vec![
            html! { (names::check(check.kind, JA)) },
            html! { (names::check_result(check.result, JA)) },
            parts::day(check.on),
            parts::day(check.expires_on),
            parts::person(app.engine.name_of(&check.by)),
            shown_by(check, &kept, sees),
        ]);
    }
    Ok(parts::table(&columns, &rows, "まだ記録されていません。"))
}

/// The report of a check: a file that is kept, for whoever may open it, or what somebody
/// typed of where it is.
fn shown_by(check: &Check, kept: &BTreeSet<String>, sees: bool) -> Markup {
    let Some(named) = check.document.kept() else { return parts::none() };
    let is_row = named.0.contains("/check/");
    match kept.contains(&named.0) {
        true if sees => parts::link(&parts::path("/api/v1/evidence", &named.0), "報告書"),
        true => html! { "報告書あり" },
        false if is_row => html! { span.note { "消去されました" } },
        false => html! { "「" (named.0) "」" },
    }
}

/// The mail and every file that came with it: the form is one of them.
async fn files(app: &App, application: &ApplicationId) -> Result<Markup, Trouble> {
    let files = app.engine.application_files(application).await?;
    Ok(html! {
        @if files.is_empty() { (parts::none()) }
        @else { ul { @for (id, name) in &files {
            li { a href=(parts::path("/api/v1/evidence", id)) { (name) } }
        } } }
    })
}

/// When it was sent, and what is doubtful of it.
fn sent(content: &Application) -> Markup {
    let doubt = match content.sent_doubt {
        None => "",
        Some(SentDoubt::Unread) => "メールの日付が読めないため、届いた時としています。",
        Some(SentDoubt::Future) => "メールの日付が未来のため、届いた時としています。",
        Some(SentDoubt::Forwarded) => "転送されたメールの中の、申込者のメールの日付です。",
    };
    html! { (parts::moment(content.sent_at)) @if !doubt.is_empty() { p.note { (doubt) } } }
}

fn wish(app: &App, content: &Application, people: Option<&[Person]>) -> Markup {
    match &content.wish {
        Wish::New { form } => html! { (new_contract(app, form, people)) (faults(content)) },
        Wish::Faulty { .. } => html! {
            p { "申込書に不備があり、読み取れた範囲だけを登録しました。直した申込書は、別の申込として登録します。" }
            (faults(content))
        },
        Wish::Change { from, changes, .. } => html! {
            p { (parts::day(*from)) " から変更" }
            ul { @for one in changes { li { (change(app, one)) } } }
        },
    }
}

/// 9-10(2): false, mistaken or missing entries, by their places.
fn faults(content: &Application) -> Markup {
    html! {
        @if !content.form_faults.is_empty() {
            h3 { "誤り・記入漏れ" }
            ul { @for fault in &content.form_faults { li { (fault) } } }
        }
    }
}

fn new_contract(app: &App, form: &ApplicationForm, people: Option<&[Person]>) -> Markup {
    html! { (applicant(app, form, people)) (lines(app, form)) }
}

/// Who applies, for how long, how they pay, and what was agreed.
fn applicant(app: &App, form: &ApplicationForm, people: Option<&[Person]>) -> Markup {
    let (company, payment) = (&form.applicant, &form.payment);
    let due = match payment.due.day {
        Some(day) => format!("請求月の{}か月後の{day}日", payment.due.months_after),
        None => format!("請求月の{}か月後の末日", payment.due.months_after),
    };
    let method = match payment.method {
        PaymentMethod::Transfer => "請求書払い（振込）",
        PaymentMethod::Debit => "口座振替",
    };
    let method = html! {
        (method) @if let Some(payer) = &payment.payer_kana { "　振込名義 " (payer) }
    };
    let agreements = form.special_terms.iter().map(|one| Agreed {
        parameter: &one.parameter,
        value: &one.value,
        document: &one.document,
    });
    let period = html! { (parts::day(form.period.from)) " 〜 " (parts::day(form.period.to)) };
    parts::list(&[
        ("申込者", html! { (company.name) "（" (company.kana) "）" }),
        ("法人番号", html! { span.id { (company.corporate_number) } }),
        ("住所", html! { "〒" (company.postal_code) " " (company.address) }),
        ("代表者の役職", html! { (company.representative_title) }),
        ("利用期間", period),
        ("支払方法", method),
        ("支払期日", html! { (due) }),
        ("個別合意", contracts::agreed(app, agreements)),
        ("連絡先", registered::contacts(people)),
    ])
}

/// What is applied for, at today's prices.
fn lines(app: &App, form: &ApplicationForm) -> Markup {
    let columns = [
        Number("番号"),
        Text("品目"),
        Text("種類"),
        Number("数量"),
        Text("開始希望"),
        Number("今日の単価（税抜）"),
        Number("一か月の料金（税抜）"),
    ];
    let monthly = |line: &LineWish| app.monthly(&line.item, line.quantity, line.agreed_fee);
    let row = |line: &LineWish| {
        let (service, clause) = match line.service {
            Service::Sdpf => ("SDPF", "2-1(1)-a"),
            Service::SdpfSupport => ("SDPF サポート", "2-1(1)-b"),
        };
        vec![
            html! { (line.number) },
            html! { (parts::name(&app.item_name(&line.item))) span.id { (line.item) } },
            html! { (service) " " (parts::clause(clause)) },
            html! { (line.quantity) },
            parts::day(line.start),
            contracts::price(app.unit_price(&line.item), line.agreed_fee),
            monthly(line).map_or_else(parts::none, parts::yen),
        ]
    };
    let rows: Vec<_> = form.lines.iter().map(row).collect();
    let total = form.lines.iter().filter_map(monthly).sum();
    html! {
        div.named { (parts::table(&columns, &rows, "明細はありません。")) }
        (contracts::monthly_total(total))
    }
}

fn change(app: &App, change: &Change) -> Markup {
    match change {
        Change::AddLine { line } => html! {
            "明細" (line.number) "を追加：" (app.item_name(&line.item)) " × " (line.quantity)
        },
        Change::SetQuantity { line, quantity } => {
            html! { "明細" (line) "の数量を " (quantity) " に" }
        }
        Change::SetAgreedFee { line, fee } => {
            html! { "明細" (line) "の月額を " (parts::yen(*fee)) " に" }
        }
        Change::RemoveLine { line, last_day, residual } => html! {
            "明細" (line) "を" (parts::day(*last_day)) "で終了（残余分 " (parts::yen(*residual)) "）"
        },
        Change::SpecialTerm { .. } => html! { "個別合意を追加" },
    }
}
