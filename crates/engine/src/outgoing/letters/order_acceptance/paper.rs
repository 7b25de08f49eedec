//! 申込請書, the order acceptance (9-3, 9-5), also of a change contract (9-8).

use contract::application::receiving::Change;
use contract::declare::consequence::OrderDetermined;
use contract::road::stated::{Order, OrderedLine};
use contract::{ApplicationState, DueRule, Payment, PaymentMethod, Service};
use serde_json::Value;
use terms::{Pack, Parameter};
use typeset::{
    ChangeOfContract, DayRange, Document, Note, OrderAcceptance, OrderLine, SpecialTerm,
};

use crate::outgoing::determined::latest;
use crate::outgoing::papers::{Recipient, Sender, note, owned};
use crate::outgoing::prelude::*;

/// An application that was accepted, with what the record determined of it.
pub(crate) struct Accepted<'a> {
    pub application: &'a ApplicationState,
    pub order: &'a Order,
    pub payment: &'a Payment,
    /// When the contract or change was formed, or is about to be.
    pub formed_at: Moment,
}

pub(crate) fn order_acceptance(
    sender: Sender<'_>,
    accepted: &Accepted<'_>,
    to: Recipient<'_>,
) -> Document {
    let Accepted { application, order, payment, formed_at } = *accepted;
    let id = order.application.0.trim_start_matches("P-").to_uppercase();
    let (number, date) = (format!("ORD-{id}"), formed_at.day());
    let head = sender.letterhead(number, date, to.addressee(), &order.version);
    let lines: Vec<OrderLine> = order.lines.iter().map(|line| order_line(sender, line)).collect();
    let change = letter_change(sender, order).map(|told| ChangeOfContract {
        from: told.from,
        what: told.what,
        clauses: owned(&["9-7"]),
    });
    let formed_clauses = if change.is_some() { owned(&["9-8", "9-4"]) } else { owned(&["9-4"]) };
    Document::OrderAcceptance(OrderAcceptance {
        head,
        contract_number: order.contract.0.clone(),
        applied_on: application.content.sent_at.day(),
        formed_at,
        formed_clauses,
        change,
        use_period: DayRange { from: order.period.from, to: order.period.to },
        use_period_clauses: owned(&["13-1"]),
        monthly_total: Some(lines.iter().filter_map(|line| line.monthly_fee).sum()),
        lines,
        payment_method: payment_method(payment.method).to_owned(),
        due_rule: due_rule(payment.due),
        payment_clauses: owned(&["25-1"]),
        special_terms: order.special_terms.iter().map(|t| special_term(sender, t)).collect(),
        responsible_person: format!("{} 様", to.person),
        responsible_clauses: owned(&["30-1"]),
        notes: vec![renewal(order)],
    })
}

/// 13-1b, or that no extension is agreed (1-2).
fn renewal(order: &Order) -> Note {
    let text = match order.extension_months {
        0 => "利用期間の満了をもって終了し、自動では延長されません。".to_owned(),
        months => format!(
            "期間満了の{}営業日前までに別段の意思表示がないときは、{months}か月ずつ延長されます。",
            order.renewal_notice_bd
        ),
    };
    note("自動延長", text, &["13-1b"])
}

fn order_line(sender: Sender<'_>, line: &OrderedLine) -> OrderLine {
    let (from, to) = (line.minimum_term.from, line.minimum_term.to);
    OrderLine {
        service: service(line.service).to_owned(),
        item: sender.item_name(&line.item),
        quantity: line.quantity,
        start: line.start,
        minimum_term: Some(DayRange { from, to }),
        monthly_fee: line.monthly_fee,
        clauses: owned(&["14-1"]),
    }
}

/// What was agreed otherwise than the terms say, as a statement.
pub fn agreement(pack: &Pack, parameter: &str, value: &Value) -> String {
    let found = pack.parameters.get(parameter);
    let meaning = found.map_or(parameter, |found| found.ja.as_str());
    format!("{meaning}：{}", agreed(value, found))
}

fn special_term(sender: Sender<'_>, term: &contract::SpecialTerm) -> SpecialTerm {
    let clause = sender.pack.parameters.get(&term.parameter).map(|found| found.clause.clone());
    SpecialTerm {
        text: agreement(sender.pack, &term.parameter, &term.value),
        document: term.document.clone(),
        signed_on: term.signed_on,
        clauses: ["1-2".to_owned()].into_iter().chain(clause).collect(),
    }
}

/// The value as it is printed: with its unit, and yes or no in words.
fn agreed(value: &Value, parameter: Option<&Parameter>) -> String {
    let unit = match parameter.and_then(|p| p.unit.as_deref()) {
        Some("business_days") => "営業日",
        Some("days" | "calendar_days") => "日",
        Some("months") => "か月",
        Some("years") => "年",
        Some("hours") => "時間",
        Some("minutes") => "分",
        Some("times") => "回",
        Some("persons") => "名",
        Some("percent") => "％",
        Some("percent_per_year") => "％（年率）",
        Some("yen") => "円",
        _ => "",
    };
    match value {
        Value::Bool(true) => "適用する".to_owned(),
        Value::Bool(false) => "適用しない".to_owned(),
        Value::Number(number) => format!("{number}{unit}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn service(service: Service) -> &'static str {
    match service {
        Service::Sdpf => "Smart Data Platform",
        Service::SdpfSupport => "SDPFサポート",
    }
}

fn payment_method(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Transfer => "請求書による銀行振込",
        PaymentMethod::Debit => "口座振替（集金代行）",
    }
}

fn due_rule(rule: DueRule) -> String {
    let month = match rule.months_after {
        0 => "当月".to_owned(),
        1 => "翌月".to_owned(),
        2 => "翌々月".to_owned(),
        more => format!("{more}か月後の月の"),
    };
    let day = rule.day.map_or_else(|| "末日".to_owned(), |day| format!("{day}日"));
    format!("請求書発行日の属する月の{month}{day}（金融機関の休業日にあたるときは翌営業日）")
}

/// What a change contract changes, in words, and from when.
pub(in crate::outgoing) struct LetterChange {
    pub from: Day,
    pub what: Vec<String>,
}

/// As the lines of a letter state it.
pub(in crate::outgoing) fn changed(change: &LetterChange) -> [(&'static str, String); 2] {
    [("変更日", written_day(change.from)), ("変更の内容", change.what.join("\n"))]
}

pub(in crate::outgoing) fn letter_change(
    sender: Sender<'_>,
    order: &Order,
) -> Option<LetterChange> {
    let change = order.change.as_ref()?;
    let item = |code: &str| sender.item_name(code);
    let line = |number| {
        let ordered = order.lines.iter().chain(&change.ended).find(|l| l.number == number);
        ordered.map_or_else(String::new, |line| sender.item_name(&line.item))
    };
    let what = change.changes.iter().map(|one| change_in_words(one, item, line));
    Some(LetterChange { from: change.from, what: what.collect() })
}

/// A change in words. `item` gives the printed name of an item code, `line` that of
/// a line of the contract.
fn change_in_words(
    change: &Change,
    item: impl Fn(&str) -> String,
    line: impl Fn(u32) -> String,
) -> String {
    let yen = |amount| yen(amount, Language::Japanese);
    match change {
        Change::AddLine { line } => {
            let (number, name, start) = (line.number, item(&line.item), written_day(line.start));
            format!("明細{number}を追加：{name} × {}、{start}から", line.quantity)
        }
        Change::SetQuantity { line: number, quantity } => {
            format!("明細{number}（{}）の数量を{quantity}に変更", line(*number))
        }
        Change::SetAgreedFee { line: number, fee } => {
            format!("明細{number}（{}）の月額単価を{}（税抜）に変更", line(*number), yen(*fee))
        }
        Change::SpecialTerm { term } => format!("特約を追加：{}", term.document),
        Change::RemoveLine { line: number, last_day, residual } => {
            let residual = match residual.is_zero() {
                true => String::new(),
                false => format!("（最低利用期間の残余分 {}、税抜）", yen(*residual)),
            };
            let last_day = written_day(*last_day);
            format!("明細{number}（{}）を{last_day}をもって終了{residual}", line(*number))
        }
    }
}

/// The acceptance form of an application, as the record determined it.
pub(in crate::outgoing) fn determined<'c>(
    case: &'c Case,
    id: &ApplicationId,
) -> Result<&'c Order, EngineError> {
    let found = latest(case, id, |consequence| match consequence {
        Consequence::OrderDetermined(OrderDetermined { order }) if order.application == *id => {
            Some(order.as_ref())
        }
        _ => None,
    });
    found.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "申込{id}は承諾されていません。",
            "{id}: nothing was accepted"
        ))
    })
}
