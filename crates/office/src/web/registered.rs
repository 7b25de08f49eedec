//! What is registered of a customer (Article 10, 30-2): as it holds today, and how
//! it came to be.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::declare::Entry;
use contract::declare::consequence::{Consequence, DataChangeNoted};
use contract::declare::door::Doorway;
use contract::declare::fact::{ContactChanged, Fact};
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::registered::parties::{BillTo, DataChange, RegisteredData};
use contract::road::case::{Case, What};
use contract::who::roles::Permission;
use contract::{AccountState, Company, ContractState, Person};
use document::wording::{self, Language};
use maud::{Markup, html};
use reckon::{Day, Moment};
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{Page, Trouble};
use super::links;
use super::parts::Column::Text;
use super::parts::{Chip, Tone};
use super::{App, door, parts, words};
use crate::access::Visitor;

/// One change that was told.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeTold {
    /// The entry that registered it.
    pub entry: InputId,
    pub told_at: Moment,
    /// From when it holds.
    pub planned_on: Day,
    pub unplanned: bool,
    /// 10-1: the last day on which it was told in time, where there is one.
    pub limit: Option<Day>,
    pub late: bool,
    pub what: RegisteredData,
}

/// A name under which a person saw the customer pay.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LearnedName {
    pub name: String,
    pub since: Day,
    /// By which it was learned; voided, it is forgotten.
    pub entry: InputId,
}

fn learned_names(state: &AccountState) -> Vec<LearnedName> {
    let learned = state.parties.learned.iter();
    let name = |one: &contract::registered::parties::Since<String>| LearnedName {
        name: one.value.clone(),
        since: one.from,
        entry: one.fact.clone(),
    };
    learned.map(name).collect()
}

/// What holds on a day for a contract, without its people.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Registered {
    pub contract: ContractId,
    pub account: AccountId,
    pub on: Day,
    pub company: Company,
    /// To whom invoices are addressed, if not to the company.
    pub bill_to: Option<BillTo>,
    /// Names under which money comes, besides the company's own.
    pub payers: Vec<String>,
    /// Names that a person learned from transfers, with the day and the entry.
    pub learned: Vec<LearnedName>,
    /// Every change that was told, by the day from which it holds.
    pub changes: Vec<ChangeTold>,
}

impl Registered {
    /// Names of payers come from the bank: they are for those who see money.
    pub fn show_to(&mut self, visitor: &Visitor) {
        if !visitor.holds(Permission::ReadMoney) {
            self.learned.clear();
        }
    }
}

impl App {
    pub async fn registered(&self, id: &str) -> Result<(Registered, Arc<AccountState>), Trouble> {
        let (account, contract, state) = self.contract(id).await?;
        let today = self.engine.now().day();
        let case = self.engine.case(&account).await?;
        let of = &state.contracts[&contract];
        let own = of.form.payment.payer_kana.iter();
        let mut payers: Vec<_> = own.chain(state.parties.payers_up_to(today)).cloned().collect();
        payers.sort();
        payers.dedup();
        let registered = Registered {
            company: state.company_on(of, today).clone(),
            bill_to: state.parties.bill_to_on(&contract, today).cloned(),
            payers,
            learned: learned_names(state.as_ref()),
            changes: changes_told(&case, &contract, of),
            on: today,
            account,
            contract,
        };
        Ok((registered, state))
    }
}

/// Every change that concerns a contract, and was not declared wrong later.
fn changes_told(case: &Case, id: &ContractId, contract: &ContractState) -> Vec<ChangeTold> {
    let mut found = Vec::new();
    for happening in &case.happenings {
        let What::Fact(fact) = happening.what.as_ref() else { continue };
        let at = happening.occurred_at;
        let change = match fact {
            Fact::DataChangeNotified(change) => change.as_ref().clone(),
            Fact::ContactChanged(ContactChanged { application, role, person, kept })
                if *application == contract.application =>
            {
                let (role, person, kept) = (*role, person.clone(), kept.clone());
                let what = RegisteredData::Contact { contract: id.clone(), role, person, kept };
                DataChange { what, planned_on: at.day(), unplanned: true }
            }
            _ => continue,
        };
        if case.voided.contains(&happening.input) || !concerns(&change.what, id) {
            continue;
        }
        let noted = noted(case, at, &change);
        found.push(ChangeTold {
            entry: happening.input.clone(),
            told_at: at,
            planned_on: change.planned_on,
            unplanned: change.unplanned,
            late: noted.is_some_and(|(_, late)| late),
            limit: noted.and_then(|(limit, _)| limit),
            what: change.what,
        });
    }
    found.sort_by_key(|change| (change.planned_on, change.told_at));
    found
}

/// What the record noted of a notification: its limit, and whether it came late.
fn noted(case: &Case, at: Moment, change: &DataChange) -> Option<(Option<Day>, bool)> {
    let of = change.what.item();
    case.live_in(contract::road::stream::Stream::Company).find_map(|(_, live)| {
        match &live.consequence {
            Consequence::DataChangeNoted(DataChangeNoted {
                item, planned_on, limit, late, ..
            }) if live.occurred_at == at && *item == of && *planned_on == change.planned_on => {
                Some((*limit, *late))
            }
            _ => None,
        }
    })
}

/// Whether a change is of this contract or of the whole company.
fn concerns(what: &RegisteredData, id: &ContractId) -> bool {
    match what {
        RegisteredData::Company { .. } | RegisteredData::Payers { .. } => true,
        RegisteredData::BillTo { contract, .. } => contract.as_ref().is_none_or(|of| of == id),
        RegisteredData::Contact { contract, .. } => contract == id,
    }
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (mut now, state) = app.registered(&id).await?;
    now.show_to(&visitor);
    let people = match visitor.holds(Permission::ReadPersonal) {
        true => Some(app.engine.contract_people(&state, &now.contract).await?),
        false => None,
    };
    let body = html! {
        p.subject { (parts::name(&now.company.name)) " " (parts::id_link("/contracts", &id)) }
        (offers(&visitor, &id))
        (parts::section("今日の登録内容", html! {
            (today(&now, people.as_deref()))
            p.note { "連絡先は個人情報として封じ、権限のある人にだけ表示し、消去されるまで期限なく守ります。" (parts::clauses(&["42-1", "42-3(1)", "42-9"])) }
        }))
        (parts::section("変更の記録", history(&app, &visitor, &now).await?))
        p.note { "変更日より前の日付の書類は、その日の登録内容のままです。発行した書類は変わりません。" }
    };
    Ok(Page::new("登録内容", body))
}

fn offers(visitor: &Visitor, id: &str) -> Markup {
    let ways = Doorway::all().filter(|doorway| doorway.kind.name == DataChange::NAME);
    let open = ways.filter(|doorway| door::opens(visitor, doorway));
    links::steps(
        open.map(|doorway| links::action(&door::path(&doorway, id), doorway.door.offer.ja))
            .collect(),
    )
}

fn today(now: &Registered, people: Option<&[Person]>) -> Markup {
    let company = &now.company;
    let payers = html! {
        @if now.payers.is_empty() { "会社名のフリガナのとおり" }
        @for name in &now.payers { div { (name) } }
    };
    let learned = html! {
        @if now.learned.is_empty() { (parts::none()) }
        @for one in &now.learned {
            div {
                (one.name) span.note { "（" (parts::day(one.since)) "から。" }
                a href=(parts::path(&parts::path("/entries", &now.account.0), &one.entry.0)) { "記録" } span.note { "）" }
            }
        }
    };
    parts::list(&[
        ("会社名", html! { (company.name) "（" (company.kana) "）" }),
        ("法人番号", html! { span.id { (company.corporate_number) } }),
        ("住所", html! { "〒" (company.postal_code) " " (company.address) }),
        ("代表者の役職", html! { (company.representative_title) }),
        ("請求先", now.bill_to.as_ref().map_or_else(|| html! { "契約者" }, addressee)),
        ("振込名義", payers),
        ("入金から覚えた名義", learned),
        ("連絡先", contacts(people)),
    ])
}

/// People of a customer, for whoever may see them.
pub fn contacts(people: Option<&[Person]>) -> Markup {
    html! {
        @match people {
            None => span.note { "個人情報を扱う役割の人だけが見られます。" },
            Some([]) => (parts::none()),
            Some(people) => @for one in people {
                div { (words::contact_role(one.role)) "：" (one.name) @if !one.department.is_empty() { "（" (one.department) "）" } "　" (one.mail) "　" (one.phone) }
            },
        }
    }
}

fn addressee(to: &BillTo) -> Markup {
    html! {
        (to.name) @if !to.department.is_empty() { " " (to.department) }
        "　〒" (to.postal_code) " " (to.address)
    }
}

async fn history(app: &App, visitor: &Visitor, now: &Registered) -> Result<Markup, Trouble> {
    let columns = [
        Text("変更日"),
        Text("項目"),
        Text("内容"),
        Text("届いた日時"),
        Text("期限"),
        Text("記録"),
    ];
    let record = visitor.holds(Permission::ReadRecord);
    let mut rows = Vec::new();
    for change in now.changes.iter().rev() {
        let to_come = change.planned_on > now.on;
        rows.push(vec![
            html! { (parts::day(change.planned_on)) @if to_come { " " (parts::chip(Chip("予定", Tone::Watch))) } },
            html! { (wording::registered_item(change.what.item(), Language::Japanese)) },
            content(app, visitor, &change.what).await?,
            parts::moment(change.told_at),
            in_time(change),
            match record {
                true => parts::link(
                    &parts::path(&format!("/entries/{}", now.account), &change.entry.0),
                    "開く",
                ),
                false => parts::none(),
            },
        ]);
    }
    Ok(parts::table(&columns, &rows, "申込のときから変わっていません。"))
}

fn in_time(change: &ChangeTold) -> Markup {
    match (change.limit, change.late) {
        (None, _) => parts::none(),
        (Some(limit), true) => {
            html! { (parts::chip(Chip("遅れ", Tone::Bad))) " " (parts::day(limit)) " まで " (parts::clause("10-1")) }
        }
        (Some(limit), false) => {
            html! { (parts::chip(Chip("期限内", Tone::Good))) " " (parts::day(limit)) " まで" }
        }
    }
}

async fn content(app: &App, visitor: &Visitor, what: &RegisteredData) -> Result<Markup, Trouble> {
    Ok(match what {
        RegisteredData::Company { company } => html! {
            (company.name) "（" (company.kana) "）　〒" (company.postal_code) " " (company.address) "　" (company.representative_title)
        },
        RegisteredData::BillTo { contract, to } => html! {
            @if contract.is_some() { "この契約だけ：" } @else { "すべての契約：" }
            @match to { Some(to) => (addressee(to)), None => "契約者" }
        },
        RegisteredData::Payers { names } => html! { (names.join("、")) },
        RegisteredData::Contact { role: of, .. } if !visitor.holds(Permission::ReadPersonal) => {
            html! { (words::contact_role(*of)) }
        }
        RegisteredData::Contact { role: of, person, .. } => {
            let row = app.engine.store.personal(person.name()).await?;
            let person = row.and_then(|row| serde_json::from_slice::<Person>(&row.content).ok());
            match person {
                Some(person) => {
                    html! { (words::contact_role(*of)) "：" (person.name) "　" (person.mail) "　" (person.phone) }
                }
                None => html! { (words::contact_role(*of)) "：" span.note { "消去されました" } },
            }
        }
    })
}
