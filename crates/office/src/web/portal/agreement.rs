//! The customer's own contract: what was agreed, and which day brings what.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::declare::ids::ContractId;
use contract::road::account::Account;
use contract::service::minimum_term::EndCause;
use contract::who::roles::Permission;
use contract::{AccountState, ArrivalStatus, ContractState, ContractStatus, Person};
use maud::{Markup, html};
use reckon::{Day, japanese_era};

use crate::web::answer::{Page, Trouble};
use crate::web::contracts::{extended_to, lines, period_of, terms_of};
use crate::web::links::{self, Offer};
use crate::web::own::Own;
use crate::web::parts::Column::Text;
use crate::web::{App, numbered, parts, words};

/// One's own contract; another's is as if it were not there.
///
/// # Errors
/// When the account has no such contract.
pub async fn own_contract(own: &Own, id: &str) -> Result<(ContractId, Arc<AccountState>), Trouble> {
    let state = own.state().await?;
    let key = ContractId(id.to_owned());
    match state.contracts.contains_key(&key) {
        true => Ok((key, state)),
        false => Err(Trouble::not_found("契約", id, "「契約と請求」の一覧から選んでください。")),
    }
}

/// A day with its Japanese era, as custom wants it for contracts.
pub fn day(day: Day) -> Markup {
    let era = japanese_era(day).unwrap_or_default();
    html! { (parts::day(day)) span.era { "（" (era) "）" } }
}

pub async fn show(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    let contract = &state.contracts[&id];
    let folder = parts::path("/my/contracts", &id.0);
    let offer = |last, words, template| Offer {
        path: format!("{folder}/{last}"),
        words,
        template,
        act: None,
    };
    let report = offer("report", "異常を知らせる", "/my/contracts/{id}/report");
    let mut offers = vec![report, offer("contact", "連絡先を変える", "/my/contracts/{id}/contact")];
    if contract.end.is_none() && contract.status != ContractStatus::CancellationRequested {
        offers.insert(0, offer("stop", "解約・更新しない", "/my/contracts/{id}/stop"));
    }
    let money = own.visitor.holds(Permission::ReadOwnMoney);
    let people = app.engine.contract_people(&state, &id).await?;
    let known = app.engine.account(own.account()).await?;
    let body = html! {
        (asked_for(contract))
        (head(&app, &id, &known))
        (links::row(&own.visitor, &offers))
        (parts::section("サービス", lines(&app, contract)))
        (parts::section("これからの期日", dates(&app, &id, contract, &state, money)))
        (parts::section("通知の宛先", contacts(&people)))
    };
    Ok(Page::new("契約の内容", body))
}

/// What became of a wish to stop: that it came, and what follows now.
fn asked_for(contract: &ContractState) -> Markup {
    let open = contract.arrivals.iter().rev().find(|one| one.status == ArrivalStatus::Open);
    html! {
        @if let Some(end) = &contract.end {
            p.warning role="status" { "この契約は " (day(end.on)) " に終わります（" (words::end_cause(end.cause)) "）。 " (clause_note(clause_of(end.cause))) }
        } @else if let Some(one) = open {
            p.warning role="status" {
                (parts::moment(one.arrived_at)) " に解約のお申込みを受け付けました。当社で確かめてから、受領の通知をお送りします。解除の日は "
                (day(one.effective)) " となる見込みです。 " (clause_note("15-1"))
            }
        } @else if contract.status == ContractStatus::CancellationRequested {
            p.warning role="status" { "解約のお申込みを受け付けました。受領の通知で解除の日をお知らせします。 " (clause_note("15-1")) }
        }
    }
}

/// To whom the provider writes.
fn contacts(people: &[Person]) -> Markup {
    let columns = [Text("役割"), Text("氏名"), Text("部署"), Text("メール"), Text("電話")];
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            vec![
                html! { (words::contact_role(person.role)) },
                html! { (person.name) },
                html! { (person.department) },
                html! { (person.mail) },
                html! { (person.phone) },
            ]
        })
        .collect();
    parts::table(&columns, &rows, "登録されている宛先はありません。")
}

fn head(app: &App, id: &ContractId, known: &Account) -> Markup {
    let (state, today) = (known.state(), app.engine.now().day());
    let contract = &state.contracts[id];
    let period = period_of(known.case(), id, contract, today);
    let status = html! {
        (parts::chip(words::contract_status(&words::word(&contract.status)))) " "
        (parts::chip(words::provision(&words::word(&contract.provision))))
    };
    parts::list(&[
        ("契約番号", numbered::itself(&id.0)),
        ("状態", status),
        ("契約者", html! { (state.company_on(contract, today).name) }),
        ("成立", parts::moment(contract.formed_at)),
        ("適用する規約", html! { a href="/my/terms" { (terms_of(app, contract)) } }),
        (
            "利用期間",
            html! {
                (day(period.from)) " 〜 " (day(period.to))
                @if let Some(to) = extended_to(period, contract) { "（" (day(to)) " まで延長済み）" }
            },
        ),
    ])
}

/// What each coming day brings the customer.
fn dates(
    app: &App,
    id: &ContractId,
    contract: &ContractState,
    state: &AccountState,
    money: bool,
) -> Markup {
    let today = app.engine.now().day();
    let mut coming: Vec<(Day, Markup, &str)> = Vec::new();
    match &contract.end {
        Some(end) => {
            let what = html! { "契約の終了（" (words::end_cause(end.cause)) "）" };
            coming.push((end.on, what, clause_of(end.cause)));
        }
        None => {
            if let Some(limit) = contract.renewal_limit {
                let what = html! { "更新しない申出の期限（この日までに届けば、利用期間の末日で終わります）" };
                coming.push((limit, what, "13-1"));
            }
            let what = match contract.status {
                ContractStatus::CancellationRequested => {
                    html! { "利用期間の末日（解約のお申込みを受け付けています）" }
                }
                _ => html! { "利用期間の末日（申出がなければ、自動で延長されます）" },
            };
            coming.push((contract.period.to, what, "13-1"));
        }
    }
    for line in &contract.lines {
        if let Some(term) = line.minimum_term {
            coming.push((
                term.to,
                html! { "サービス" (line.number) "の最低利用期間の末日" },
                "14-1",
            ));
        }
    }
    for (number, receivable) in state.receivables.iter().filter(|_| money) {
        if receivable.outstanding.is_positive() && receivable.invoice.contracts().contains(&id) {
            let what = html! { "請求書 " (number) " の支払期日（" (parts::yen(receivable.outstanding)) "）" };
            coming.push((receivable.due, what, "25-1"));
        }
    }
    coming.retain(|(on, _, _)| *on >= today);
    coming.sort_by_key(|(on, _, _)| *on);
    let rows: Vec<_> = coming
        .into_iter()
        .map(|(on, what, clause)| vec![day(on), what, clause_note(clause)])
        .collect();
    parts::table(
        &[Text("日"), Text("何の日か"), Text("規約")],
        &rows,
        "これからの期日はありません。",
    )
}

fn clause_of(cause: EndCause) -> &'static str {
    match cause {
        EndCause::Expiry => "13-1",
        EndCause::CustomerCancellation => "15-1",
        EndCause::ProviderTermination => "16-1",
        EndCause::Discontinuation => "17-1",
        EndCause::UserBreach => "39-2",
        EndCause::Withdrawal => "9-9",
    }
}

/// 15-1: Article 15, paragraph 1.
pub fn clause_note(clause: &str) -> Markup {
    match clause.split_once('-') {
        Some((article, paragraph)) => html! {
            a href={ "/my/terms#article-" (article) } { "第" (article) "条" (paragraph) "項" }
        },
        None => html! { (clause) },
    }
}
