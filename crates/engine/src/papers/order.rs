//! 申込請書, the order acceptance (9-3, 9-5).

use contract::{ApplicationForm, ApplicationState, DueRule, LineWish, PaymentMethod, Service};
use reckon::{Day, Decimal, Moment, Month, Yen};
use typeset::{ApplicationReference, DayRange, Document, OrderAcceptance, OrderLine, SpecialTerm};

use super::{addressee, note, owned};
use crate::engine::{Engine, EngineError};

/// The order acceptance of a contract formed (or about to be formed) at `formed_at`.
pub(crate) fn order_acceptance(
    engine: &Engine,
    application: &ApplicationState,
    form: &ApplicationForm,
    formed_at: Moment,
    responsible_person: &str,
) -> Result<Document, EngineError> {
    let id = &application.content.application;
    let version = engine.law.version_at(formed_at).map(|v| v.version.clone()).unwrap_or_default();
    let terms = engine.law.effective(formed_at, &form.agreements(formed_at))?;
    let lines: Vec<OrderLine> =
        form.lines.iter().map(|line| order_line(engine, &terms, line)).collect();
    let monthly_total = lines.iter().filter_map(|line| line.monthly_fee).sum();
    let attention = Some(format!("{} 様", responsible_person));
    let number = format!("ORD-{}", id.0.trim_start_matches("P-").to_uppercase());
    Ok(Document::OrderAcceptance(OrderAcceptance {
        head: engine.letterhead(
            number,
            formed_at.day(),
            addressee(&form.applicant, attention),
            &version,
        ),
        contract_number: id.contract().0,
        application: ApplicationReference {
            date: application.content.sent_at.day(),
            message_id: application.content.reference.clone(),
        },
        formed_at,
        formed_clauses: owned(&["9-4"]),
        use_period: DayRange { from: form.period.from, to: form.period.to },
        use_period_clauses: owned(&["13-1"]),
        lines,
        monthly_total: Some(monthly_total),
        payment_method: payment_method(form.payment.method).to_owned(),
        due_rule: due_rule(form.payment.due),
        payment_clauses: owned(&["25-1"]),
        special_terms: form.special_terms.iter().map(|t| special_term(engine, t)).collect(),
        responsible_person: format!("{responsible_person} 様"),
        responsible_clauses: owned(&["30-1"]),
        notes: vec![note(
            "自動延長",
            format!(
                "期間満了の{}営業日前までに別段の意思表示がないときは、{}か月ずつ延長されます。",
                terms.rules.renewal_notice_bd, terms.rules.extension_months
            ),
            &["13-1b"],
        )],
    }))
}

fn order_line(engine: &Engine, terms: &terms::Effective, line: &LineWish) -> OrderLine {
    let item = engine.law.prices.item(&line.item);
    let listed = item.and_then(|item| item.min_term_months);
    let agreed = line.min_term_months.or(listed);
    let (from, to) = contract::minimum_term::minimum_term(terms, agreed, line.start);
    OrderLine {
        service: service(line.service).to_owned(),
        item: engine.item_name(&line.item),
        quantity: line.quantity,
        start: line.start,
        minimum_term: Some(DayRange { from, to }),
        monthly_fee: monthly_fee(engine, line),
        clauses: owned(&["14-1"]),
    }
}

/// The fixed monthly fee; none for a metered item.
pub(crate) fn monthly_fee(engine: &Engine, line: &LineWish) -> Option<Yen> {
    let item = engine.law.prices.item(&line.item)?;
    if item.kind == terms::PriceKind::Metered {
        return None;
    }
    let quantity = Decimal::whole(i64::from(line.quantity));
    let month = Month::of(line.start);
    let rated =
        rating::rate(&engine.law.prices, &line.item, month, quantity, line.agreed_fee, None)
            .ok()?;
    Some(rated.amount)
}

fn special_term(engine: &Engine, term: &contract::SpecialTerm) -> SpecialTerm {
    let parameter = engine.pack.parameters.get(&term.parameter);
    let meaning = parameter.map_or_else(|| term.parameter.clone(), |p| p.ja.clone());
    let clause = parameter.map(|p| p.clause.clone());
    SpecialTerm {
        text: format!("{meaning}：{}", term.value.to_string().trim_matches('"')),
        document: term.document.clone(),
        signed_on: term.signed_on,
        clauses: ["1-2".to_owned()].into_iter().chain(clause).collect(),
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

/// Statutory dates are days; kept here because the order prints them too.
pub(super) fn ten_years_after(day: Day) -> Day {
    reckon::Period::months(day, 120).last_day()
}
