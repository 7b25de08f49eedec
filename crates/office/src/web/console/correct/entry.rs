//! A wrong entry: voided, replaced by what happened instead, or moved to the
//! customer whose money it was.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use contract::declare::act::{Act, CorrectEntry, MovePayment, VoidEntry};
use contract::declare::fact::{
    CancellationFormArrived, Fact, NonRenewalStated, Payment, ServiceStarted,
};
use contract::declare::ids::{AccountId, InputId};
use contract::road::stream::{Content, Input};
use contract::who::roles::Role;
use document::wording::{Amounts, Language};
use maud::html;
use reckon::{Moment, Yen};

use super::{Sheet, Target, Way, page, proposes, take};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::morning;
use crate::web::field::{self, Reached, may};
use crate::web::form::Form;
use crate::web::{App, parts};

const TITLE: &str = "登録の訂正";

/// Where an entry is corrected.
pub fn path(input: &Input) -> String {
    parts::path(&format!("/correct/{}", input.account), &input.id.0)
}

/// Whether somebody entered it by hand, so that it may be wrong, and the visitor may
/// propose to mend it.
pub fn is_offered(visitor: &Visitor, input: &Input) -> bool {
    let wrong = match &input.content {
        Content::Fact(Fact::UsageImported(_)) => true,
        Content::Fact(fact) => Role::ALL.iter().any(|role| fact.may_be_registered_by(*role)),
        Content::Act(act) => act.done().is_voidable() && !matches!(act, Act::Propose(_)),
        Content::Clock | Content::Edition => false,
    };
    wrong
        && sees(visitor, input)
        && proposes(visitor, Act::VoidEntry(VoidEntry { of: input.id.clone() }))
}

/// A payment is corrected by somebody who sees what was paid.
fn sees(visitor: &Visitor, input: &Input) -> bool {
    let is_payment = matches!(input.content, Content::Fact(Fact::PaymentCredited(_)));
    !is_payment || visitor.amounts() == Amounts::Shown
}

async fn find(
    app: &App,
    visitor: &Visitor,
    account: &str,
    id: &str,
) -> Result<(Target, Input), Trouble> {
    let account = AccountId(account.to_owned());
    let missing = || Trouble::not_found("登録", id, "契約の「経過」から選んでください。");
    let records = app.engine.records(&account).await?;
    let found = records.into_iter().find(|record| record.input.id.0 == id).ok_or_else(missing)?;
    let name = app.account_row(&account).await?.map(|row| row.name).unwrap_or_default();
    let input = found.input;
    if !sees(visitor, &input) {
        let detail = "入金の訂正は、請求と入金を見る権限のある人が起案します。";
        let status = StatusCode::FORBIDDEN;
        return Err(Trouble::new(status, "forbidden", "権限がありません", detail));
    }
    let back = parts::path(&format!("/entries/{account}"), id);
    let action = path(&input);
    Ok((Target { account, name, back, action }, input))
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
) -> Result<Page, Trouble> {
    let (target, input) = find(&app, &visitor, &account, &id).await?;
    let mut form = Form::fresh()?;
    begin(&input, &mut form);
    let sheet = sheet(&visitor, &input, &form);
    Ok(page(&visitor, &target, &form, sheet, Reached::Typing))
}

pub async fn take_form(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let (target, input) = find(&app, &visitor, &account, &id).await?;
    let to = match form.text("what") {
        "move" => whose(&app, &mut form).await?,
        _ => None,
    };
    let read = |form: &mut Form| read(&app, &input, form, to);
    take(&app, &visitor, &target, form, read, |form| sheet(&visitor, &input, form)).await
}

/// What stands in the entry now.
fn begin(input: &Input, form: &mut Form) {
    match &input.content {
        Content::Fact(Fact::PaymentCredited(payment)) => {
            form.set("on", payment.on);
            form.set("amount", payment.amount);
            form.set("payer", &payment.payer);
            form.set("names", payment.names.join(" "));
        }
        Content::Fact(Fact::ServiceStarted(ServiceStarted { on, .. })) => form.set("on", on),
        Content::Fact(Fact::CancellationFormArrived(CancellationFormArrived {
            arrived_at,
            form: sheet,
            ..
        })) => {
            form.set("at", minute(*arrived_at));
            form.set("desired", sheet.desired.map(|day| day.to_string()).unwrap_or_default());
        }
        Content::Fact(Fact::NonRenewalStated(NonRenewalStated { statement, .. })) => {
            form.set("at", minute(statement.arrived_at.unwrap_or(statement.sent_at)));
        }
        _ => {}
    }
}

fn minute(at: Moment) -> String {
    at.japan().strftime("%Y-%m-%dT%H:%M").to_string()
}

fn sheet(visitor: &Visitor, input: &Input, form: &Form) -> Sheet {
    let mut ways = Vec::new();
    if is_offered(visitor, input) {
        let words = html! { b { "取り消す" } "　登録がなかったものとして、すべてを計算し直します。登録そのものは記録に残ります。" };
        ways.push(Way::new("void", words));
    }
    let instead =
        html! { b { "正しい内容に置き換える" } "　下の内容が起きたものとして、計算し直します。" };
    let fields = match &input.content {
        Content::Fact(Fact::PaymentCredited(payment)) => {
            ways.push(Way::new("instead", instead));
            let act = Act::MovePayment(MovePayment {
                payment: input.id.clone(),
                to: input.account.clone(),
                amount: payment.amount,
            });
            if proposes(visitor, act) {
                let words = html! { b { "ほかの契約者に移す" } "　この契約者からは消え、正しい契約者の入金として同じ日付で登録されます。" };
                ways.push(Way::new("move", words));
            }
            html! {
                (field::day(form, may("on", "置き換える場合：入金日", "")))
                (field::number(form, may("amount", "置き換える場合：金額", "")))
                (field::text(form, may("payer", "置き換える場合：振込名義", "")))
                (field::text(form, may("names", "置き換える場合：充てる請求書", "空白で区切ります。空なら期日の早いものから充てます。")))
                (field::text(form, may("to", "移す場合：正しい契約者", "契約番号、法人番号、または契約者番号（A-…）")))
            }
        }
        Content::Fact(Fact::ServiceStarted(_)) => {
            ways.push(Way::new("instead", instead));
            field::day(form, may("on", "置き換える場合：正しい利用開始日", ""))
        }
        Content::Fact(Fact::CancellationFormArrived(_)) => {
            ways.push(Way::new("instead", instead));
            html! {
                (field::moment(form, may("at", "置き換える場合：正しい到達日時", "")))
                (field::day(form, may("desired", "置き換える場合：希望する解除日", "空なら希望日なしです。")))
            }
        }
        Content::Fact(Fact::NonRenewalStated(_)) => {
            ways.push(Way::new("instead", instead));
            field::moment(form, may("at", "置き換える場合：正しい到達日時", ""))
        }
        _ => {
            html! { p.note { "内容が違っていた場合は、取り消しの承認の後に、正しい内容を改めて登録してください。" } }
        }
    };
    let reader = visitor.reads(Language::Japanese);
    let text = match &input.content {
        Content::Fact(fact) => fact.line(reader),
        Content::Act(act) => act.line(reader),
        Content::Clock | Content::Edition => String::new(),
    };
    let about = html! {
        p.lead { (text) }
        p.note { (parts::moment(input.occurred_at)) " " span.id { (input.id) } }
    };
    Sheet { title: TITLE, about, ways, fields }
}

/// The customer whose money it was.
async fn whose(app: &App, form: &mut Form) -> Result<Option<AccountId>, Trouble> {
    let text = app.named(form.text("to")).await?;
    let by_contract = match app.engine.contract_named(&text).await? {
        Some(view) => Some(view.account),
        None => None,
    };
    let digits = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
    let named = if digits { AccountId::of_company(&text) } else { AccountId(text.clone()) };
    let found = match by_contract {
        Some(account) => Some(account),
        None => app.account_row(&named).await?.map(|_| named),
    };
    if found.is_none() {
        form.fault("to", "正しい契約者の契約番号か法人番号を入力してください。");
    }
    Ok(found)
}

fn read(app: &App, input: &Input, form: &mut Form, to: Option<AccountId>) -> Option<Act> {
    let of = input.id.clone();
    match (form.text("what"), &input.content) {
        ("void", _) => Some(Act::VoidEntry(VoidEntry { of })),
        ("move", Content::Fact(Fact::PaymentCredited(payment))) => {
            Some(Act::MovePayment(MovePayment { payment: of, to: to?, amount: payment.amount }))
        }
        ("instead", Content::Fact(fact)) => {
            let (by, occurred_at) = instead(app, fact, form)?;
            Some(correct(of, by, occurred_at))
        }
        _ => None,
    }
}

fn correct(of: InputId, by: Fact, occurred_at: Moment) -> Act {
    Act::CorrectEntry(CorrectEntry { of, by: Box::new(by), occurred_at })
}

/// What happened instead, and when.
fn instead(app: &App, fact: &Fact, form: &mut Form) -> Option<(Fact, Moment)> {
    match fact {
        Fact::PaymentCredited(_) => {
            let (on, amount): (_, Option<Yen>) =
                (form.past_day("on", app.engine.now().day()), form.yen("amount"));
            let payer = document::payer_key(form.text("payer"));
            let names = form.text("names").split_whitespace().map(str::to_owned).collect();
            let (on, amount) = (on?, amount?);
            let payment = Payment { on, amount, payer, names };
            Some((Fact::PaymentCredited(payment), morning(app, on)))
        }
        Fact::ServiceStarted(ServiceStarted { contract, line, .. }) => {
            let on = form.past_day("on", app.engine.now().day())?;
            let (contract, line) = (contract.clone(), *line);
            Some((Fact::ServiceStarted(ServiceStarted { contract, line, on }), morning(app, on)))
        }
        Fact::CancellationFormArrived(CancellationFormArrived {
            contract,
            channel,
            form: sheet,
            ..
        }) => {
            let at = form.past_moment("at", app.engine.now());
            let desired = form.day_if_set("desired");
            let (arrived_at, mut sheet) = (at?, sheet.clone());
            sheet.desired = desired;
            let (contract, channel) = (contract.clone(), *channel);
            let fact = Fact::CancellationFormArrived(CancellationFormArrived {
                contract,
                channel,
                arrived_at,
                form: sheet,
            });
            Some((fact, arrived_at))
        }
        Fact::NonRenewalStated(NonRenewalStated { contract, statement }) => {
            let at = form.past_moment("at", app.engine.now())?;
            let mut statement = statement.clone();
            statement.sent_at = statement.sent_at.min(at);
            statement.arrived_at = Some(at);
            Some((
                Fact::NonRenewalStated(NonRenewalStated { contract: contract.clone(), statement }),
                at,
            ))
        }
        _ => None,
    }
}
