//! What an invoice charged in excess, what was applied to it, and its interest:
//! mended by new documents and new entries, also when it is paid or overdue.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::declare::act::{
    Act, ApplyPayment, CorrectInvoices, OffsetHeld, UndoCashApplication, WaiveInterest,
};
use contract::declare::ids::InputId;
use contract::money::charges::{Run, credit_notes};
use contract::money::payment::Part;
use maud::html;
use reckon::{Month, Yen};

use super::{Sheet, Target, Way, page, proposes, take};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, may};
use crate::web::form::Form;
use crate::web::{App, parts};

const TITLE: &str = "請求書の訂正";

/// What can be mended of an invoice now.
struct Open {
    number: String,
    month: Month,
    /// What credit notes of this account would come to, with tax.
    excess: Yen,
    /// What each payment settled of it.
    applied: BTreeMap<InputId, Yen>,
    interest: Yen,
    /// Money held and not approved for return.
    held: Yen,
    held_parts: Vec<(InputId, Yen)>,
    outstanding: Yen,
}

/// Whether the visitor may propose to mend an invoice.
pub fn is_offered(visitor: &Visitor, number: &str) -> bool {
    let (number, amount) = (number.to_owned(), Yen::ZERO);
    proposes(visitor, Act::OffsetHeld(OffsetHeld { number: number.clone(), amount }))
        || proposes(visitor, Act::WaiveInterest(WaiveInterest { number, amount }))
}

async fn find(app: &App, number: &str) -> Result<(Target, Open), Trouble> {
    let (account, state) = app.invoice(number).await?;
    let today = app.engine.now().day();
    let month = Month::of(today);
    let run = Run { id: String::new(), month, issued_on: today };
    let notes = credit_notes(&app.engine.law, &account, &state, &run, &InputId::from(""))
        .map_err(|error| Trouble::from(engine::EngineError::Law(error)))?;
    let receivable = &state.receivables[number];
    let mut applied = BTreeMap::new();
    for one in &receivable.payments {
        *applied.entry(one.payment.clone()).or_insert(Yen::ZERO) += one.amount;
    }
    let open = Open {
        number: number.to_owned(),
        month,
        excess: notes.iter().map(|note| -note.total).sum(),
        applied,
        interest: receivable.late_interest,
        held: state.held - state.to_return,
        held_parts: state.held_parts.iter().map(|p| (p.payment.clone(), p.amount)).collect(),
        outstanding: receivable.outstanding,
    };
    let name = app.account_row(&account).await?.map(|row| row.name).unwrap_or_default();
    let back = parts::path("/invoices", number);
    let action = format!("{back}/correct");
    Ok((Target { account, name, back, action }, open))
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Page, Trouble> {
    let (target, open) = find(&app, &number).await?;
    let mut form = Form::fresh()?;
    let most = [open.interest, open.held.min(open.outstanding)];
    if let Some(amount) = most.into_iter().find(|amount| amount.is_positive()) {
        form.set("amount", amount);
    }
    let sheet = sheet(&visitor, &open, &form);
    Ok(page(&visitor, &target, &form, sheet, Reached::Typing))
}

pub async fn take_form(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let (target, open) = find(&app, &number).await?;
    let read = |form: &mut Form| read(&open, form);
    take(&app, &visitor, &target, form, read, |form| sheet(&visitor, &open, form)).await
}

fn sheet(visitor: &Visitor, open: &Open, form: &Form) -> Sheet {
    let (number, amount) = (open.number.clone(), Yen::ZERO);
    let mut ways = Vec::new();
    let correct = Act::CorrectInvoices(CorrectInvoices { month: open.month, amount });
    if open.excess.is_positive() && proposes(visitor, correct) {
        let words = html! {
            b { "過大に請求した分を返還請求書で返す" } "　この契約者の " (parts::month(open.month)) " までの分、税込 "
            (parts::yen(open.excess)) "。" (parts::clause("14-3"))
        };
        ways.push(Way::new("credit", words));
    }
    for (payment, settled) in &open.applied {
        let act = Act::UndoCashApplication(UndoCashApplication {
            payment: payment.clone(),
            number: number.clone(),
            amount,
        });
        if proposes(visitor, act) {
            let words = html! {
                b { "消込を取り消す" } "　入金 " span.id { (payment) } " の " (parts::yen(*settled)) " を仮受金に戻します。"
            };
            ways.push(Way::new(format!("undo:{payment}"), words));
        }
    }
    let offset = Act::OffsetHeld(OffsetHeld { number: number.clone(), amount });
    let owed = open.outstanding.is_positive() && open.held.is_positive();
    if owed && proposes(visitor, offset) {
        let words = html! { b { "仮受金と相殺する" } "　仮受金 " (parts::yen(open.held)) " から、承認の日に充てます。" };
        ways.push(Way::new("offset", words));
        for (payment, held) in &open.held_parts {
            let words = html! {
                b { "入金を充てる" } "　仮受金になっている入金 " span.id { (payment) } "（" (parts::yen(*held)) "）を、入金の日付で充てます。"
            };
            ways.push(Way::new(format!("apply:{payment}"), words));
        }
    }
    let waive = Act::WaiveInterest(WaiveInterest { number, amount });
    if open.interest.is_positive() && proposes(visitor, waive) {
        let words = html! { b { "延滞利息を請求しない" } "　生じている延滞利息 " (parts::yen(open.interest)) "。" (parts::clause("26-1")) };
        ways.push(Way::new("interest", words));
    }
    let about = html! {
        p.lead { "発行した請求書は書き換えません。新しい書類と登録で訂正します。" }
        p { "請求書 " (parts::id_link("/invoices", &open.number)) "　未収 " (parts::yen(open.outstanding)) }
        @if !open.excess.is_positive() {
            p.note { "過大に請求した分はありません。数量や開始日などの登録が違っていた場合は、先にその登録の訂正を起案してください。返す額はそこから計算されます。" }
        }
    };
    let hint = "相殺、充当、延滞利息の場合に入力します。";
    let fields = field::number(form, may("amount", "金額", hint));
    Sheet { title: TITLE, about, ways, fields }
}

fn read(open: &Open, form: &mut Form) -> Option<Act> {
    let what = form.text("what").to_owned();
    let number = open.number.clone();
    match what.as_str() {
        "credit" => {
            Some(Act::CorrectInvoices(CorrectInvoices { month: open.month, amount: open.excess }))
        }
        "offset" => Some(Act::OffsetHeld(OffsetHeld { number, amount: form.yen("amount")? })),
        "interest" => {
            Some(Act::WaiveInterest(WaiveInterest { number, amount: form.yen("amount")? }))
        }
        other => {
            let (kind, payment) = other.split_once(':')?;
            let payment = InputId(payment.to_owned());
            match kind {
                "undo" => {
                    let amount = *open.applied.get(&payment)?;
                    Some(Act::UndoCashApplication(UndoCashApplication { payment, number, amount }))
                }
                "apply" => {
                    let amount = form.yen("amount")?;
                    Some(Act::ApplyPayment(ApplyPayment {
                        payment,
                        to: vec![Part { number, amount }],
                    }))
                }
                _ => None,
            }
        }
    }
}
