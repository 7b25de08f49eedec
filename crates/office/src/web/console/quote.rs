//! A quotation (見積書) is drawn up: who, what, until when; its prices are shown
//! before it gets a number.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::application::quote::{Offer, Quote, Unpriced, draw_up};
use contract::declare::ids::AccountId;
use contract::who::roles::Permission;
use contract::{AccountState, Company, Person, PersonRole, UsePeriod};
use engine::EngineError;
use maud::{Markup, html};
use reckon::{Day, Month, Period};
use serde::Deserialize;

use super::desk_form::{again, done};
use super::new_application as typed;
use super::uploads::{faults, hat_with};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::{App, parts, quotes};

const TITLE: &str = "見積書の作成";

#[derive(Debug, Deserialize)]
pub struct Begin {
    /// A company that is known already.
    account: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(begin): Query<Begin>,
) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    let today = app.engine.now().day();
    form.set("issued_on", today);
    form.set("valid_until", Period::months(today, 1).last_day());
    form.set("l1_start", Month::of(today).plus(1).first_day());
    if let Some(account) = begin.account {
        let account = app.known_account(&account).await?;
        let state = app.engine.state(&account).await?;
        if let Some(company) = company_of(&state, today) {
            typed::set_company(&mut form, &company);
        }
    }
    Ok(page(&app, &visitor, &form, Reached::Typing))
}

/// Who the company of an account is on a day: as registered, by its newest
/// contract, application or quotation.
pub fn company_of(state: &AccountState, day: Day) -> Option<Company> {
    let registered = state.parties.company_on(day);
    let contracted = state.contracts.values().next_back().map(|one| &one.form.applicant);
    let newest = state.applications.values().rev().find_map(|one| match &one.content.wish {
        contract::application::receiving::Wish::New { form } => Some(&form.applicant),
        contract::application::receiving::Wish::Change { .. }
        | contract::application::receiving::Wish::Faulty { .. } => None,
    });
    let quoted = state.quotes.values().next_back().map(|one| &one.quote.customer);
    registered.or(contracted).or(newest).or(quoted).cloned()
}

fn page(app: &App, visitor: &Visitor, form: &Form, reached: Reached) -> Page {
    let inside = html! {
        (field::group("宛先", html! {
            (typed::company_fields(form))
            (field::text(form, may("attention", "担当者の氏名", "見積書に「様」を付けて印刷します。")))
        }))
        (field::group("見積書", html! {
            (field::day(form, must("issued_on", "発行日", "")))
            (field::day(form, must("valid_until", "有効期限", "この日まで有効です。")))
            (field::day(form, may("from", "利用期間の開始日", "見積書に書く場合だけ。")))
            (field::day(form, may("to", "利用期間の終了日", "")))
        }))
        (typed::lines_fields(app, form, typed::Asks::Desk))
    };
    let body = html! {
        p.lead { "価格は料金表から、または合意した月額から計算し、発行の前に示します。発行した見積書は変わりません。"
            "契約は、見積書ではなく申込と承諾で成立します。" (parts::clause("9-4")) }
        (field::frame(visitor, "/quotes/new", form, "番号を付けて発行する", reached, inside))
        p.back { a href="/quotes" { "発行せずに戻る" } }
    };
    Page::new(TITLE, body)
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterArrival)?;
    let id = format!("form-{}", form.key()?);
    let read = read(&app, &mut form).filter(|_| form.is_good());
    let drawn = read.map(|offer| (draw_up(&app.engine.law, offer.clone()), offer));
    let (quote, offer) = match drawn {
        Some((Ok(quote), offer)) => (quote, offer),
        Some((Err(unpriced), _)) => {
            form.fault("l1_item", not_priced(&unpriced));
            return Ok(again(page(&app, &visitor, &form, Reached::Typing)));
        }
        None => return Ok(again(page(&app, &visitor, &form, Reached::Typing))),
    };
    if !form.is_confirmed() {
        let reached = Reached::Looked(looked(&quote));
        return Ok(page(&app, &visitor, &form, reached).into_response());
    }
    let attention = attention(&form);
    match app.engine.issue_quote(&id, offer, attention.as_ref(), &actor).await {
        Ok((issued, _)) => {
            app.bring().await?;
            Ok(done(&parts::path("/quotes", &issued.number)))
        }
        Err(error @ EngineError::Refused(_)) => {
            faults(&mut form, "issued_on", error)?;
            Ok(again(page(&app, &visitor, &form, Reached::Typing)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What will be issued.
fn looked(quote: &Quote) -> Markup {
    html! {
        h2 { "発行する見積書" }
        p { (parts::name(&quote.customer.name)) " 御中、" (parts::day(quote.issued_on)) " 発行、" (parts::day(quote.valid_until)) " まで有効" }
        (quotes::prices(quote))
    }
}

fn not_priced(unpriced: &Unpriced) -> String {
    match unpriced {
        Unpriced::UnknownItem(item) => {
            format!("品目「{item}」は料金表にありません。料金表にある品目を選んでください。")
        }
        Unpriced::NoPrice { item, month } => format!(
            "品目「{item}」には {month} の価格がありません。開始日を変えるか、合意した月額を入力してください。"
        ),
    }
}

/// Only the name is printed, and nothing of a person stands in the record.
fn attention(form: &Form) -> Option<Person> {
    form.is_set("attention").then(|| named(form.text("attention")))
}

/// A person of whom no more than the name is known.
pub fn named(name: &str) -> Person {
    Person {
        role: PersonRole::ResponsiblePerson,
        name: name.to_owned(),
        department: String::new(),
        mail: String::new(),
        phone: String::new(),
    }
}

fn read(app: &App, form: &mut Form) -> Option<Offer> {
    let customer = typed::company(form);
    let issued_on = form.day("issued_on");
    let valid_until = form.day("valid_until");
    let (from, to) = (form.day_if_set("from"), form.day_if_set("to"));
    let lines = typed::read_lines(app, form);
    if form.text("attention").chars().count() > 100 {
        form.fault("attention", "100 文字以内にしてください。");
    }
    let today = app.engine.now().day();
    if issued_on.is_some_and(|day| day > today) {
        form.fault("issued_on", "発行日は今日以前の日にしてください。");
    }
    if issued_on.zip(valid_until).is_some_and(|(issued, until)| until < issued) {
        form.fault("valid_until", "有効期限は、発行日以後の日にしてください。");
    }
    let period = match (form.is_set("from"), form.is_set("to")) {
        (false, false) => None,
        (true, true) => Some(UsePeriod { from: from?, to: to? }),
        _ => {
            form.fault("to", "利用期間は、開始日と終了日の両方を入力してください。");
            None
        }
    };
    if period.is_some_and(|period| period.to < period.from) {
        form.fault("to", "利用期間の終了日は、開始日より後の日にしてください。");
    }
    Some(Offer {
        customer: customer?,
        lines,
        period,
        issued_on: issued_on?,
        valid_until: valid_until?,
    })
}

/// Where a quotation for the company of an account is drawn up.
pub fn path_for(account: &AccountId) -> String {
    format!("/quotes/new?account={}", parts::escaped(&account.0))
}
