//! What both sides agree on after the fact, and what is not asked for: a cancellation
//! withdrawn or moved, a fee waived, costs of an amendment, money transferred back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::application::receiving::Wish;
use contract::declare::act::{Act, AgreeCancellation, ChargeAmendmentCosts, ReturnHeld, WaiveFee};
use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::money::charges::{Run, open_lines};
use contract::money::invoice::ChargeKind;
use contract::road::case::What;
use contract::{AccountState, ApplicationStatus};
use maud::html;
use reckon::{Day, Month, Yen};

use super::{Sheet, Target, Way, page, proposes, take};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, may};
use crate::web::form::Form;
use crate::web::{App, parts};

const TITLE: &str = "合意・免除・返金の起案";

/// A charge by the name of its choice, with its words.
type Charges = BTreeMap<String, (ChargeKind, u32, Month, String)>;

/// What can be agreed or waived of a contract now.
struct Open {
    id: ContractId,
    /// Cancellation forms in force, with the day on which they arrived.
    forms: Vec<(InputId, Day, Option<Day>)>,
    charges: Charges,
    /// Changes that were formed and whose costs nobody charged.
    amendments: Vec<ApplicationId>,
    held: Yen,
}

async fn find(app: &App, id: &str) -> Result<(Target, Open), Trouble> {
    let (account, id, state) = app.contract(id).await?;
    let case = app.engine.case(&account).await?;
    let forms = case.in_force().iter().filter_map(|happening| match happening.what.as_ref() {
        What::Fact(Fact::CancellationFormArrived(CancellationFormArrived {
            contract,
            arrived_at,
            form,
            ..
        })) if *contract == id => Some((happening.input.clone(), arrived_at.day(), form.desired)),
        _ => None,
    });
    let over = state.contracts[&id].status;
    let over = matches!(over, contract::ContractStatus::Ended | contract::ContractStatus::Erased);
    let open = Open {
        forms: if over { Vec::new() } else { forms.collect() },
        charges: charges(app, &state, &id)?,
        amendments: amendments(&state, &id),
        held: state.held - state.to_return,
        id,
    };
    let contract = &state.contracts[&open.id];
    let name = state.company_on(contract, app.engine.now().day()).name.clone();
    let back = parts::path("/contracts", &open.id.0);
    let action = format!("{back}/correct");
    Ok((Target { account, name, back, action }, open))
}

/// Charges of the last twelve months that may be waived, invoiced or not.
fn charges(app: &App, state: &AccountState, id: &ContractId) -> Result<Charges, Trouble> {
    let today = app.engine.now().day();
    let run = Run { id: String::new(), month: Month::of(today), issued_on: today };
    let open = open_lines(&app.engine.law, state, &run)
        .map_err(|error| Trouble::from(engine::EngineError::Law(error)))?;
    let issued = state.receivables.values().flat_map(|one| one.invoice.lines.clone());
    let mut found = Charges::new();
    for line in issued.chain(open.lines) {
        let key = &line.charge.key;
        let waivable = key.kind != ChargeKind::LateInterest;
        let recent = Month::of(today).since(key.month) <= 12;
        if key.contract == *id && waivable && recent && line.amount.is_positive() {
            let name = format!("{} {} {:?}", key.month, key.line, key.kind);
            let words = format!("{}　{}（{} 円）", key.month, line.charge.name, line.charge.amount);
            found.insert(name, (key.kind, key.line, key.month, words));
        }
    }
    Ok(found)
}

fn amendments(state: &AccountState, id: &ContractId) -> Vec<ApplicationId> {
    let charged = &state.contracts[id].amendment_costs;
    let found = state.applications.iter().filter(|(_, application)| {
        let of_contract =
            matches!(&application.content.wish, Wish::Change { contract, .. } if contract == id);
        let formed = application.status == ApplicationStatus::Formed;
        of_contract && formed && !charged.iter().any(|one| one.application == application.input)
    });
    found.map(|(id, _)| id.clone()).collect()
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (target, open) = find(&app, &id).await?;
    let form = Form::fresh()?;
    let sheet = sheet(&visitor, &open, &form);
    Ok(page(&visitor, &target, &form, sheet, Reached::Typing))
}

pub async fn take_form(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let (target, open) = find(&app, &id).await?;
    let read = |form: &mut Form| read(&open, form);
    take(&app, &visitor, &target, form, read, |form| sheet(&visitor, &open, form)).await
}

/// Whether the visitor may propose anything of this page.
pub fn is_offered(visitor: &Visitor, id: &ContractId) -> bool {
    let (contract, amount) = (id.clone(), Yen::ZERO);
    proposes(visitor, agreed(&contract, &InputId::from(""), None, String::new()))
        || proposes(visitor, Act::ReturnHeld(ReturnHeld { amount }))
        || proposes(visitor, waived(&contract, ChargeKind::MonthlyFee, 1, Month::of(Day::MIN)))
}

fn agreed(contract: &ContractId, form: &InputId, to: Option<Day>, document: String) -> Act {
    Act::AgreeCancellation(AgreeCancellation {
        contract: contract.clone(),
        form: form.clone(),
        to,
        document,
    })
}

fn waived(contract: &ContractId, kind: ChargeKind, line: u32, month: Month) -> Act {
    Act::WaiveFee(WaiveFee { kind, contract: contract.clone(), line, month, amount: Yen::ZERO })
}

fn sheet(visitor: &Visitor, open: &Open, form: &Form) -> Sheet {
    let mut ways = Vec::new();
    for (input, arrived, desired) in &open.forms {
        if !proposes(visitor, agreed(&open.id, input, None, String::new())) {
            continue;
        }
        let which = html! {
            (parts::day(*arrived)) " に届いた解約申込書"
            @if let Some(day) = desired { "（希望日 " (parts::day(*day)) "）" }
        };
        let words = html! { b { "合意により解約を撤回する" } "　" (which) "。契約は続きます。 " (parts::clause("15-1")) };
        ways.push(Way::new(format!("withdraw:{input}"), words));
        let words =
            html! { b { "合意により終わる日を変える" } "　" (which) "。 " (parts::clause("15-1")) };
        ways.push(Way::new(format!("move:{input}"), words));
    }
    let agrees = !ways.is_empty();
    let first = open.charges.values().next();
    let waives = first.is_some_and(|(kind, line, month, _)| {
        proposes(visitor, waived(&open.id, *kind, *line, *month))
    });
    if waives {
        let words = html! { b { "料金を請求しない（免除）" } "　請求済みで未払いの料金は、承認の後に請求書の訂正で減額します。支払済みの料金は免除できません（24-2）。利用分は、当社の故意・過失（32-3b）を記録した後に免除できます。 " (parts::clause("24-1")) };
        ways.push(Way::new("fee", words));
    }
    let mut costs = false;
    for application in &open.amendments {
        let act = Act::ChargeAmendmentCosts(ChargeAmendmentCosts {
            application: application.clone(),
            costs: Vec::new(),
        });
        if proposes(visitor, act) {
            let words = html! {
                b { "変更の準備にかかった費用を請求する" } "　変更申込 " (parts::id_link("/applications", &application.0)) " " (parts::clause("9-9"))
            };
            costs = true;
            ways.push(Way::new(format!("costs:{application}"), words));
        }
    }
    let amount = Yen::ZERO;
    let returns =
        open.held.is_positive() && proposes(visitor, Act::ReturnHeld(ReturnHeld { amount }));
    if returns {
        let words = html! { b { "仮受金を振込で返す" } "　この契約者の仮受金 " (parts::yen(open.held)) "。" };
        ways.push(Way::new("return", words));
    }
    let charges: Vec<_> = open
        .charges
        .iter()
        .rev()
        .map(|(name, (.., words))| (name.clone(), words.clone()))
        .collect();
    let fields = html! {
        @if agrees {
            (field::day(form, may("to", "日を変える場合：新しい終わる日", "")))
            (field::text(form, may("document", "撤回・変更の場合：契約者の同意の書面", "文書番号や保管場所を書きます。")))
        }
        @if waives {
            (field::choice(form, may("charge", "免除の場合：どの料金か", ""), &charges))
        }
        @if waives || returns {
            (field::number(form, may("amount", "免除・返金の場合：金額", "免除は税抜の額です。")))
        }
        @if costs {
            (field::text(form, may("costs", "費用の場合：内訳の金額", "税抜。空白で区切ります（例 30000 12000）。")))
        }
    };
    let about = html! { p.lead { "契約者との合意や、請求しないことの承認を得るための起案です。" } };
    Sheet { title: TITLE, about, ways, fields }
}

fn read(open: &Open, form: &mut Form) -> Option<Act> {
    let what = form.text("what").to_owned();
    match what.as_str() {
        "fee" => {
            let chosen = open.charges.get(form.text("charge"));
            if chosen.is_none() {
                form.fault("charge", "どの料金かを選んでください。");
            }
            let amount = form.yen("amount");
            let ((kind, line, month, _), amount) = (chosen?, amount?);
            let (kind, line, month) = (*kind, *line, *month);
            Some(Act::WaiveFee(WaiveFee { kind, contract: open.id.clone(), line, month, amount }))
        }
        "return" => Some(Act::ReturnHeld(ReturnHeld { amount: form.yen("amount")? })),
        other => {
            let (kind, subject) = other.split_once(':')?;
            match kind {
                "withdraw" | "move" => cancellation(open, kind == "move", subject, form),
                "costs" => costs(subject, form),
                _ => None,
            }
        }
    }
}

fn cancellation(open: &Open, moves: bool, subject: &str, form: &mut Form) -> Option<Act> {
    let document = form.required("document", "契約者の同意の書面を書いてください。");
    let to = if moves { Some(form.day("to")?) } else { None };
    Some(agreed(&open.id, &InputId(subject.to_owned()), to, document?))
}

fn costs(subject: &str, form: &mut Form) -> Option<Act> {
    let text = form.text("costs").replace([',', '，'], "");
    let read: Result<Vec<i64>, _> = text.split_whitespace().map(str::parse).collect();
    let costs = read.ok().filter(|costs| !costs.is_empty() && costs.iter().all(|one| *one > 0));
    let Some(costs) = costs else {
        form.fault("costs", "1円以上の金額を、空白で区切って入力してください。");
        return None;
    };
    let costs = costs.into_iter().map(Yen).collect();
    Some(Act::ChargeAmendmentCosts(ChargeAmendmentCosts {
        application: ApplicationId(subject.to_owned()),
        costs,
    }))
}
