//! The list of contracts, and everything about one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ContractId};
use contract::road::account::Account;
use contract::road::case::Case;
use contract::road::stream::Stream;
use contract::who::roles::Permission;
use contract::{AccountState, ContractState, LineState, UsePeriod};
use document::wording::Language;
use engine::listed::{Field, ListOf, Test};
use engine::{Object, agreement_words};
use maud::{Markup, html};
use reckon::{Day, Yen};
use serde_json::Value;

use super::answer::{Page, Trouble};
use super::console::offers;
use super::console::proposals::proposal_path;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::parts::Column::{Number, Text};
use super::rows::{ContractRow, Line, read_line};
use super::timeline::{self, Before};
use super::{
    App, amounts, announcements, invoices, links, matters, numbered, parts, todo_lists, unsent,
    words,
};
use crate::access::Visitor;

const JA: Language = Language::Japanese;

/// Among the states to filter by: taken over, and compared with its papers by nobody.
const UNVERIFIED: &str = "unverified";

/// The list of contracts.
pub struct Contracts;

/// A contract, and what its account owes where the page shows it.
pub struct ContractLine {
    row: Line<ContractRow>,
    owed: Option<Yen>,
}

impl Listing for Contracts {
    type Row = ContractLine;
    const PATH: &'static str = "/contracts";
    const TITLE: &'static str = "契約";
    const EMPTY: &'static str = "契約はまだありません。";
    const ORDER: &'static str = "name";

    fn columns() -> Vec<Column<ContractLine>> {
        const NAME: &[Field] = &[Field::Text("name"), Field::Id];
        vec![
            Self::text("番号", |_, one| Shown::number("/contracts", &one.row))
                .by("number", numbered::ORDER),
            Self::text("契約者", |_, one| {
                let ContractRow { name, .. } = &one.row.content;
                Shown::Link(parts::path("/contracts", &one.row.id), name.clone())
            })
            .by("name", NAME),
            Self::text("ID", |_, one| Shown::Id("/contracts", one.row.id.clone())).only_in_file(),
            Self::text("状態", |_, one| status(&one.row.content))
                .by("status", &[Field::Text("status")]),
            Self::text("提供", |_, one| {
                Shown::Chip(words::provision(&one.row.content.provision))
            })
            .by("provision", &[Field::Text("provision")]),
            Self::text("期間の始まり", |_, one| Shown::Day(one.row.content.period.from))
                .by("from", &[Field::Text("period.from")])
                .only_in_file(),
            Self::text("期間の末日", |_, one| Shown::Day(one.row.content.period.to))
                .by("period", &[Field::Text("period.to")]),
            Self::text("更新申出期限", |_, one| {
                let ContractRow { renewal_limit, end, .. } = &one.row.content;
                Shown::day(renewal_limit.filter(|_| end.is_none()))
            })
            .by("limit", &[Field::Unless("renewal_limit", "end")]),
            Self::text("終了", |_, one| {
                Shown::day(one.row.content.end.as_ref().map(|end| end.on))
            })
            .by("end", &[Field::Text("end.on")]),
            Self::number("契約者の未収", |_, one| Shown::yen(one.owed)).only_on_page().money(),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let named = |status: &str| words::contract_status(status).0.to_owned();
        let statuses = words::CONTRACT_STATUSES.iter().map(|one| ((*one).to_owned(), named(one)));
        let unverified = [(UNVERIFIED.to_owned(), "引き継ぎ・未確認".to_owned())];
        html! {
            (field::text(form, may("q", "契約者または番号", "名称や番号の一部")))
            (list::choice(form, list::STATUS, unverified.into_iter().chain(statuses)))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<ContractLine>,
    ) -> Result<Found<ContractLine>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let known: Vec<_> = [UNVERIFIED].into_iter().chain(words::CONTRACT_STATUSES).collect();
        tests.extend(list::chosen(form, list::STATUS, &known).map(
            |status| match status.as_str() {
                UNVERIFIED => Test::True("taken_over.unverified"),
                status => Test::is(Field::Text("status"), status),
            },
        ));
        let query = wanted.query(tests);
        let found = seen.app.engine.store.list_views(ListOf::Kind("contract"), &query).await?;
        Found::of(found, |listed| Ok(ContractLine { row: read_line(listed)?, owed: None }))
    }

    async fn dress(seen: &Seen<'_>, rows: &mut [ContractLine]) -> Result<(), Trouble> {
        let mut owed = BTreeMap::new();
        for one in rows {
            let account = &one.row.account;
            if !owed.contains_key(account) {
                let row = seen.app.account_row(account).await?;
                owed.insert(account.clone(), row.map(|row| row.outstanding));
            }
            one.owed = owed.get(account).copied().flatten();
        }
        Ok(())
    }
}

fn status(contract: &ContractRow) -> Shown {
    let chip = words::contract_status(&contract.status);
    let word = chip.0;
    match contract.is_unverified() {
        true => Shown::both(html! { (parts::chip(chip)) " " (unverified()) }, word),
        false => Shown::Chip(chip),
    }
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(part): Query<Before>,
) -> Result<Page, Trouble> {
    let (account, id, state) = app.contract(&id).await?;
    let contract = &state.contracts[&id];
    let known = app.engine.account(&account).await?;
    let case = known.case();
    let money = visitor.holds(Permission::ReadMoney);
    let mut dates = app.dates_of(case, &id, contract, &state);
    dates.retain(|date| money || !state.receivables.contains_key(&date.about));
    let story = app.story(&visitor, &known, &id, &part).await?;
    let company = state.company_on(contract, app.engine.now().day());
    let body = html! {
        (offers::of_contract(&app, &visitor, &known, &id, contract))
        (waiting(&visitor, &account, &state, &id))
        (transferred(case, &id))
        (unsent::of(&app, &visitor, Object::Contract, &[&id.0]).await?)
        (head(&app, &visitor, &known, &id, contract))
        (parts::section("明細", lines(&app, contract)))
        (parts::section("これからの期日", html! {
            p.note { "日本時間で、期間は民法のとおりに数えます。" (parts::clause("7-1")) }
            (app.date_table(&visitor, &dates))
        }))
        (parts::section("生じている権利と残っている作業", todo_lists::of_contract(&app, &visitor, case, &id, &state)))
        (matters::of_contract(&visitor, &state, &id))
        (announcements::of_contract(&visitor, &state, &id))
        @if money {
            (parts::section("請求書", invoices::of_contract(&app, &id, &state, &company.name)))
        }
        (timeline::section(&visitor, &account, &part, &story))
    };
    Ok(Page::new(format!("{id} {}", company.name), body))
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

/// 13-1: the period in which a day lies. It is extended before it ends, so the last one may
/// be another. After the end it is the one in which the contract ended.
pub fn period_of(case: &Case, id: &ContractId, contract: &ContractState, day: Day) -> UsePeriod {
    let day = contract.end.as_ref().map_or(day, |end| end.on.min(day));
    if (contract.period.from..=contract.period.to).contains(&day) {
        return contract.period;
    }
    let extended = case.live_in(id).filter_map(|(_, live)| match &live.consequence {
        Consequence::ContractExtended(extended) => Some(extended.period),
        _ => None,
    });
    let mut periods = [contract.form.period].into_iter().chain(extended);
    let found = periods.find(|period| (period.from..=period.to).contains(&day));
    found.unwrap_or(contract.period)
}

/// The day up to which it is extended beyond a period, as far as it does not end before.
pub fn extended_to(period: UsePeriod, contract: &ContractState) -> Option<Day> {
    let to = contract.period.to;
    let to = contract.end.as_ref().map_or(to, |end| end.on.min(to));
    (to > period.to).then_some(to)
}

fn head(
    app: &App,
    visitor: &Visitor,
    known: &Account,
    id: &ContractId,
    contract: &ContractState,
) -> Markup {
    let account = &known.case().account;
    let (of, case, today) = (known.state(), known.case(), app.engine.now().day());
    let company = of.company_on(contract, today);
    let status = html! {
        (parts::chip(words::contract_status(&words::word(&contract.status)))) " "
        (parts::chip(words::provision(&words::word(&contract.provision))))
        @if contract.is_unverified() { " " (unverified()) }
    };
    let old = contract.taken_over.as_ref();
    let end = contract.end.as_ref().map_or_else(parts::none, |end| {
        html! { (parts::day(end.on)) " " (words::end_cause(end.cause)) }
    });
    let agreements = contract.agreements.iter().map(|one| Agreed {
        parameter: &one.parameter,
        value: &one.value,
        document: &one.document,
    });
    let terms = html! { (terms_of(app, contract)) " " (parts::clauses(&["1-1", "2-1(7)"])) };
    let period = period_of(case, id, contract, today);
    let period = html! {
        (parts::day(period.from)) " 〜 " (parts::day(period.to))
        @if let Some(to) = extended_to(period, contract) { "（" (parts::day(to)) " まで延長済み）" }
    };
    let held = match of.held.is_positive() {
        true => {
            html! {
                @if visitor.holds(Permission::ReadMoney) { (parts::yen(of.held)) } @else { span.note { (amounts::HIDDEN) } }
                "（契約者全体） " (parts::clause("25-1b"))
            }
        }
        false => parts::none(),
    };
    parts::list(&[
        (
            "契約",
            html! {
                (numbered::itself(&id.0)) " " a href=(parts::path("/why", &id.0)) { "なぜ？" } " " (parts::clause("2-1(6)"))
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
        ("個別合意", agreed(app, agreements)),
        ("利用期間", period),
        (
            "更新申出期限",
            parts::day_or_none(contract.renewal_limit.filter(|_| contract.end.is_none())),
        ),
        ("終了", end),
        ("仮受金", held),
    ])
}

/// 1-2: what was agreed otherwise than the terms, and where it stands.
pub struct Agreed<'a> {
    pub parameter: &'a str,
    pub value: &'a Value,
    pub document: &'a str,
}

/// Each agreement in words.
pub fn agreed<'a>(app: &App, agreements: impl Iterator<Item = Agreed<'a>>) -> Markup {
    let mut agreements = agreements.peekable();
    html! {
        @if agreements.peek().is_none() { "なし" }
        @for one in agreements {
            div {
                (agreement_words(&app.engine.pack, one.parameter, one.value))
                span.note { "（" (one.document) "）" }
            }
        }
    }
}

/// Nobody has compared it with its papers yet.
fn unverified() -> Markup {
    parts::chip(parts::Chip("引き継ぎ・未確認", parts::Tone::Watch))
}

/// What a contract is for, as it stands today; for the desk and for its customer.
pub fn lines(app: &App, contract: &ContractState) -> Markup {
    let today = app.engine.now().day();
    let is_over = contract.end.as_ref().is_some_and(|end| end.on < today);
    // What has ended stays as it was on its last day.
    let day = contract.end.as_ref().map_or(today, |end| end.on.min(today));
    let columns = [
        Number("番号"),
        Text("品目"),
        Number("数量"),
        Text("利用開始"),
        Text("最低利用期間"),
        Number(if is_over { "単価（税抜）" } else { "今日の単価（税抜）" }),
        Number("一か月の料金（税抜）"),
    ];
    let monthly = |line: &LineState| {
        let version = line.at(day);
        let removal = line.removal.as_ref();
        let counts = is_over || removal.is_none_or(|removal| removal.last_day >= day);
        let fee = || app.monthly_on(day, &line.item, version.quantity, version.agreed_fee);
        counts.then(fee).flatten()
    };
    let row = |line: &LineState| {
        let version = line.at(day);
        let term = line.minimum_term.map_or_else(parts::none, |term| {
            html! { (parts::day(term.from)) " 〜 " (parts::day(term.to)) }
        });
        vec![
            html! { (line.number) },
            html! { (parts::name(&app.item_name(&line.item))) span.id { (line.item) } },
            html! { (version.quantity) },
            html! {
                (parts::day_or_none(line.started_on))
                @if let Some(removal) = &line.removal { span.note { "終了 " (parts::day(removal.last_day)) } }
            },
            term,
            price(app.unit_price_on(day, &line.item), version.agreed_fee),
            monthly(line).map_or_else(parts::none, parts::yen),
        ]
    };
    let rows: Vec<_> = contract.lines.iter().map(row).collect();
    html! {
        div.named { (parts::table(&columns, &rows, "明細はありません。")) }
        @if !is_over { (monthly_total(contract.lines.iter().filter_map(monthly).sum())) }
    }
}

/// A price of the table, and below it what was agreed in its place.
pub fn price(listed: Option<String>, agreed: Option<Yen>) -> Markup {
    html! {
        @match listed { Some(price) => (price), None => (parts::none()) }
        @if let Some(fee) = agreed { span.note { "合意した月額 " (parts::yen(fee)) } }
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
}
