//! The list of contracts, and everything about one.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ContractId};
use contract::road::case::Case;
use contract::road::stream::Stream;
use contract::who::roles::Permission;
use contract::{AccountState, ContractState, LineState};
use document::wording::Language;
use maud::{Markup, html};
use reckon::{Day, Yen};

use super::answer::{Page, Trouble};
use super::console::proposals::proposal_path;
use super::console::{offers, search};
use super::field::{self, may};
use super::form::Form;
use super::paged::Asked;
use super::parts::Column::{Number, Text};
use super::rows::{ContractRow, Row};
use super::{
    App, amounts, announcements, invoices, links, matters, parts, timeline, todo_lists, words,
};
use crate::access::Visitor;
use crate::csv;

const JA: Language = Language::Japanese;

/// Among the states to filter by: taken over, and compared with its papers by nobody.
const UNVERIFIED: &str = "unverified";

/// The orders of the list, by the word of the query.
const ORDERS: [(&str, &str); 4] = [
    ("", "契約者の名前"),
    ("formed", "利用期間の新しい順"),
    ("period", "期間の末日"),
    ("limit", "更新申出期限"),
];

pub async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut form = asked.form();
    let contracts = found(&app, &mut form).await?;
    let shown = asked.part("page", &contracts)?;
    let mut rows = Vec::new();
    for contract in shown.rows {
        let account = app.account_row(&contract.account).await?;
        let owed = account.map(|account| amounts::owed(&visitor, account.outstanding));
        rows.push(row(contract, owed));
    }
    let columns = [
        Text("契約者"),
        Text("契約"),
        Text("状態"),
        Text("提供"),
        Text("期間の末日"),
        Text("更新申出期限"),
        Text("終了"),
        Number("契約者の未収"),
    ];
    let empty = match form.is_set("q") || form.is_set("status") {
        true => "当てはまる契約はありません。",
        false => "契約はまだありません。",
    };
    let body = html! {
        (filter(&form))
        @if !contracts.is_empty() {
            p.note { (contracts.len()) " 件　" a href=(asked.csv("/contracts.csv")) { "CSV で書き出す" } }
        }
        (parts::table(&columns, &rows, empty))
        (shown.links)
    };
    Ok(Page::new("契約", body))
}

/// The list as a file, with the same filters.
pub async fn file(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let contracts = found(&app, &mut asked.form()).await?;
    let heads =
        ["契約者", "契約", "状態", "提供", "期間の始まり", "期間の末日", "更新申出期限", "終了"];
    let text = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let rows = contracts.into_iter().map(|row| {
        let ContractRow { name, status, provision, period, renewal_limit, end, .. } = row.content;
        let states = [words::contract_status(&status).0, words::provision(&provision).0];
        let days = [Some(period.from), Some(period.to), renewal_limit, end.map(|end| end.on)];
        let cells = [name, row.id].into_iter().chain(states.map(str::to_owned));
        cells.chain(days.map(text)).collect()
    });
    Ok(csv::file("contracts.csv", &heads, rows))
}

/// What the filters let through, in the order that was asked for.
async fn found(app: &App, form: &mut Form) -> Result<Vec<Row<ContractRow>>, Trouble> {
    let kept = kept(form);
    let mut contracts = app.rows::<ContractRow>("contract").await?;
    contracts.retain(kept);
    contracts.sort_by(|a, b| (&a.content.name, &a.id).cmp(&(&b.content.name, &b.id)));
    match form.text("sort") {
        "formed" => contracts.sort_by_key(|row| std::cmp::Reverse(row.content.period.from)),
        "period" => contracts.sort_by_key(|row| row.content.period.to),
        // What has no limit any more comes last.
        "limit" => contracts.sort_by_key(|row| {
            let limit = row.content.renewal_limit.filter(|_| row.content.end.is_none());
            (limit.is_none(), limit)
        }),
        _ => {}
    }
    Ok(contracts)
}

/// Which contracts the filters let through.
fn kept(form: &mut Form) -> impl Fn(&Row<ContractRow>) -> bool + use<> {
    let (wanted, status) = (search::plain(form.text("q")), form.text("status").to_owned());
    let known = status.is_empty()
        || status == UNVERIFIED
        || words::CONTRACT_STATUSES.contains(&status.as_str());
    if !known {
        form.fault("status", "一覧にある状態から選んでください。");
    }
    move |row| {
        let old = row.content.taken_over.as_ref().map_or("", |taken| taken.number.as_str());
        known
            && search::suits(&wanted, &[&row.id, &row.content.name, &row.account.0, old])
            && match status.as_str() {
                "" => true,
                UNVERIFIED => row.content.is_unverified(),
                status => row.content.status == status,
            }
    }
}

fn filter(form: &Form) -> Markup {
    let statuses = words::CONTRACT_STATUSES
        .map(|status| (status, words::contract_status(status).0.to_owned()));
    let every = [("", "すべて".to_owned()), (UNVERIFIED, "引き継ぎ・未確認".to_owned())];
    let statuses: Vec<_> = every.into_iter().chain(statuses).collect();
    html! {
        form.sheet.filter method="get" action="/contracts" role="search" {
            (field::text(form, may("q", "契約者または番号", "名称や番号の一部")))
            (field::choice(form, may("status", "状態", ""), &statuses))
            (field::choice(form, may("sort", "並べ方", ""), &ORDERS.map(|(word, name)| (word, name.to_owned()))))
            div.buttons { button.strong { "絞り込む" } }
        }
    }
}

fn row(contract: &Row<ContractRow>, outstanding: Option<Markup>) -> Vec<Markup> {
    let ContractRow { name, status, provision, period, renewal_limit, end, .. } = &contract.content;
    vec![
        parts::link(&parts::path("/contracts", &contract.id), parts::name(name)),
        parts::id_link("/contracts", &contract.id),
        html! {
            (parts::chip(words::contract_status(status)))
            @if contract.content.is_unverified() { " " (unverified()) }
        },
        parts::chip(words::provision(provision)),
        parts::day(period.to),
        parts::day_or_none(renewal_limit.filter(|_| end.is_none())),
        parts::day_or_none(end.as_ref().map(|end| end.on)),
        outstanding.unwrap_or_else(parts::none),
    ]
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (account, id, state) = app.contract(&id).await?;
    let contract = &state.contracts[&id];
    let known = app.engine.account(&account).await?;
    let case = known.case();
    let money = visitor.holds(Permission::ReadMoney);
    let mut dates = app.dates_of(case, &id, contract, &state);
    dates.retain(|date| money || !state.receivables.contains_key(&date.about));
    let story = app.story(&visitor, &account, &id, &state).await?;
    let body = html! {
        (offers::of_contract(&app, &visitor, &known, &id, contract))
        (waiting(&visitor, &account, &state, &id))
        (transferred(case, &id))
        (head(&app, &visitor, &account, &state, &id, contract))
        (parts::section("明細", lines(&app, contract)))
        (parts::section("これからの期日", html! {
            p.note { "日本時間で、期間は民法のとおりに数えます。" (parts::clause("7-1")) }
            (app.date_table(&visitor, &dates))
        }))
        (parts::section("生じている権利と残っている作業", todo_lists::of_contract(&app, &visitor, case, &id, &state)))
        (matters::of_contract(&visitor, &state, &id))
        (announcements::of_contract(&visitor, &state, &id))
        @if money {
            (parts::section("請求書", invoices::of_contract(&app, &id, &state)))
        }
        (parts::section("経過", timeline::timeline(&visitor, &account, &story)))
    };
    let company = state.company_on(contract, app.engine.now().day());
    Ok(Page::new(company.name.clone(), body))
}

/// What was proposed on it, and nobody has answered.
fn waiting(
    visitor: &Visitor,
    account: &AccountId,
    state: &AccountState,
    id: &ContractId,
) -> Markup {
    let of = Stream::Contract(id.clone());
    let open = state.proposals.iter().filter(|open| open.act.done().stream() == of);
    let opens = links::opens(visitor, "/proposals/{account}/{*id}");
    html! {
        @for open in open {
            @let line = open.act.line(visitor.reads(JA));
            p.empty {
                "承認を待つ起案："
                @if opens { (parts::link(&proposal_path(account, &open.id.0), line)) } @else { (line) }
            }
        }
    }
}

/// 5-1: it has passed to another company, which its papers do not know.
fn transferred(case: &Case, id: &ContractId) -> Markup {
    let passed = case.live_in(id).find_map(|(_, live)| match &live.consequence {
        Consequence::ContractTransferred(passed) => Some(passed),
        _ => None,
    });
    html! {
        @if let Some(passed) = passed {
            p.empty { (parts::day(passed.from)) " から " b { (passed.to) } " に譲渡されています。 " (parts::clause("5-1")) " 請求書などの宛名は、成立した時の会社のままです。" }
        }
    }
}

/// The terms that apply to a contract today, or applied when it ended (4-1b), and
/// those of its formation where they are others.
pub fn terms_of(app: &App, contract: &ContractState) -> String {
    let today = app.engine.now().day();
    let day = contract.end.as_ref().map_or(today, |end| end.on.min(today));
    let (title, version) = (&app.engine.pack.title_ja, contract.version_on(&app.engine.law, day));
    match version == contract.version {
        true => format!("{title} {version}版"),
        false => format!("{title} {version}版（成立時は{}版）", contract.version),
    }
}

fn head(
    app: &App,
    visitor: &Visitor,
    account: &AccountId,
    of: &AccountState,
    id: &ContractId,
    contract: &ContractState,
) -> Markup {
    let company = of.company_on(contract, app.engine.now().day());
    let status = html! {
        (parts::chip(words::contract_status(&words::word(&contract.status)))) " "
        (parts::chip(words::provision(&words::word(&contract.provision))))
        @if contract.is_unverified() { " " (unverified()) }
    };
    let old = contract.taken_over.as_ref();
    let end = contract.end.as_ref().map_or_else(parts::none, |end| {
        html! { (parts::day(end.on)) " " (words::end_cause(end.cause)) }
    });
    let agreements = html! {
        @if contract.agreements.is_empty() { "なし" }
        @for agreement in &contract.agreements {
            div { (agreement.document) "：" code { (agreement.parameter) " = " (agreement.value) } }
        }
    };
    let terms = html! { (terms_of(app, contract)) " " (parts::clauses(&["1-1", "2-1(7)"])) };
    let period =
        html! { (parts::day(contract.period.from)) " 〜 " (parts::day(contract.period.to)) };
    let held = match of.held.is_positive() {
        true => {
            html! { (amounts::owed(visitor, of.held)) "（契約者全体） " (parts::clause("25-1b")) }
        }
        false => parts::none(),
    };
    parts::list(&[
        (
            "契約",
            html! {
                span.id { (id) } " " a href=(parts::path("/why", &id.0)) { "なぜ？" } " " (parts::clause("2-1(6)"))
            },
        ),
        ("状態", status),
        (
            "契約者",
            html! { (company.name) " " span.id { (account) } " " (parts::clause("2-1(3)")) },
        ),
        ("住所", html! { (company.address) }),
        ("これまでの番号", old.map_or_else(parts::none, |taken| html! { (taken.number) })),
        ("申込", parts::id_link("/applications", &contract.application.0)),
        ("成立", parts::moment(contract.formed_at)),
        ("適用する規約", terms),
        ("個別合意", agreements),
        ("利用期間", period),
        (
            "更新申出期限",
            parts::day_or_none(contract.renewal_limit.filter(|_| contract.end.is_none())),
        ),
        ("終了", end),
        ("仮受金", held),
    ])
}

/// Nobody has compared it with its papers yet.
fn unverified() -> Markup {
    parts::chip(parts::Chip("引き継ぎ・未確認", parts::Tone::Watch))
}

/// What a contract is for, as it stands today; for the desk and for its customer.
pub fn lines(app: &App, contract: &ContractState) -> Markup {
    let today = app.engine.now().day();
    let columns = [
        Number("番号"),
        Text("品目"),
        Number("数量"),
        Text("利用開始"),
        Text("終了"),
        Text("最低利用期間"),
        Number("今日の単価（税抜）"),
        Number("合意した月額（税抜）"),
        Number("一か月の料金（税抜）"),
    ];
    let monthly = |line: &LineState| {
        let version = line.at(today);
        let goes_on = line.removal.as_ref().is_none_or(|removal| removal.last_day >= today);
        goes_on.then(|| app.monthly(&line.item, version.quantity, version.agreed_fee)).flatten()
    };
    let row = |line: &LineState| {
        let version = line.at(today);
        let term = line.minimum_term.map_or_else(parts::none, |term| {
            html! { (parts::day(term.from)) " 〜 " (parts::day(term.to)) }
        });
        vec![
            html! { (line.number) },
            html! { (app.item_name(&line.item)) " " span.id { (line.item) } },
            html! { (version.quantity) },
            parts::day_or_none(line.started_on),
            parts::day_or_none(line.removal.as_ref().map(|removal| removal.last_day)),
            term,
            app.unit_price(&line.item).map_or_else(parts::none, |price| html! { (price) }),
            version.agreed_fee.map_or_else(parts::none, parts::yen),
            monthly(line).map_or_else(parts::none, parts::yen),
        ]
    };
    let rows: Vec<_> = contract.lines.iter().map(row).collect();
    let is_over = contract.end.as_ref().is_some_and(|end| end.on < today);
    html! {
        (parts::table(&columns, &rows, "明細はありません。"))
        @if !is_over { (monthly_total(contract.lines.iter().filter_map(monthly).sum())) }
    }
}

/// What the lines that have a monthly fee come to.
pub fn monthly_total(total: Yen) -> Markup {
    html! {
        @if total.is_positive() {
            dl.totals {
                div.sum { dt { "月額の合計（税抜、従量を除く）" } dd { (parts::yen(total)) } }
            }
        }
    }
}

impl App {
    /// A contract with the account in which it stands, as of now.
    pub async fn contract(
        &self,
        id: &str,
    ) -> Result<(AccountId, ContractId, Arc<AccountState>), Trouble> {
        let missing = || Trouble::not_found("契約", id, "契約の一覧で番号を確かめてください。");
        let account = self.account_of("contract", id).await?.ok_or_else(missing)?;
        let state = self.engine.state(&account).await?;
        let id = ContractId(id.to_owned());
        match state.contracts.contains_key(&id) {
            true => Ok((account, id, state)),
            false => Err(missing()),
        }
    }

    /// The story of a contract: its own stream, the ledger, and the applications
    /// that formed or changed it.
    pub async fn story(
        &self,
        visitor: &Visitor,
        account: &AccountId,
        id: &ContractId,
        state: &AccountState,
    ) -> Result<Vec<engine::Told>, Trouble> {
        use contract::application::receiving::Wish;
        let formed_by = state.contracts.get(id).map(|contract| &contract.application);
        let about = |application: &contract::ApplicationState| match &application.content.wish {
            Wish::Change { contract, .. } => contract == id,
            Wish::New { .. } | Wish::Faulty { .. } => false,
        };
        let streams: Vec<String> = state
            .applications
            .iter()
            .filter(|(application, content)| Some(*application) == formed_by || about(content))
            .map(|(application, _)| format!("application/{application}"))
            .chain([format!("contract/{id}"), "ledger".to_owned()])
            .collect();
        self.told(visitor, account, &streams).await
    }
}
