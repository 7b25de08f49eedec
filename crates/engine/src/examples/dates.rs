//! The rules that answer with days.

use contract::ending::cancellation;
use contract::ending::renewal::{Statement, extension, in_time, may_end_on, renewal_limit};
use contract::ending::termination;
use contract::service::minimum_term::{minimum_term, outlasts_period};
use contract::service::suspension;
use reckon::{Day, Yen};
use serde_json::{Value, json};

use super::given::field;
use super::law::Switches;

const CALENDAR: (&str, &[&str]) = ("calendar", &["calendar.kind"]);
const BEFORE_MODE: (&str, &[&str]) = ("before_mode", &["bd.before_mode"]);

pub fn answer(switches: &Switches, rule: &str, given: &Value) -> Option<Result<Value, String>> {
    let answered = match rule {
        "notice_deadline" => notice_deadline(switches, given),
        "suspension_right" => suspension_right(switches, given),
        "extension" => extensions(switches, given),
        "renewal_decision" => renewal(switches, given),
        "period_end_valid" => period_end(switches, given),
        "min_term" => min_term(switches, given),
        "period_vs_min_term" => period_vs_min_term(given),
        "cancel_effective" => cancel_effective(switches, given),
        "cancel_channel" => cancel_channel(switches, given),
        "arrears_right" => arrears(switches, given),
        "cure_right" => cure(given),
        "due_roll" => due_roll(switches, given),
        _ => return None,
    };
    Some(answered)
}

fn notice_deadline(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[CALENDAR, BEFORE_MODE])?;
    let limit = terms.calendar.before(
        field(given, "base")?,
        field(given, "business_days")?,
        terms.rules.before_mode,
    );
    let mut answer = json!({
        "latest_day": limit.latest_day,
        "latest_business_day": limit.latest_business_day,
    });
    if let Some(received) = field::<Option<Day>>(given, "received")? {
        answer["in_time"] = json!(received <= limit.latest_day);
    }
    Ok(answer)
}

fn suspension_right(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[("grace_days", &["suspension.grace_days"])])?;
    let outstanding: Yen = field(given, "outstanding")?;
    let from = suspension::right_from(&terms, field(given, "due")?, outstanding);
    Ok(json!({ "right_from": from }))
}

fn extensions(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[("extension_months", &["renewal.extension_months"])])?;
    let times: u32 = field(given, "times")?;
    let mut expiry: Day = field(given, "expiry")?;
    let mut periods = Vec::new();
    for _ in 0..times {
        let (first, last) = extension(&terms, expiry);
        periods.push([first, last]);
        expiry = last;
    }
    Ok(json!({ "periods": periods }))
}

fn renewal(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[CALENDAR, BEFORE_MODE])?;
    let expiry: Day = field(given, "expiry")?;
    let statement: Option<Statement> = field(given, "statement")?;
    // Where nobody stated anything there is nothing that could be in time.
    let in_time = statement.map(|said| in_time(renewal_limit(&terms, expiry), said.effective_at()));
    let (ends, extended_to) = match in_time {
        Some(true) => (Some(expiry), None),
        Some(false) | None => (None, Some(extension(&terms, expiry).1)),
    };
    Ok(json!({ "in_time": in_time, "ends": ends, "extended_to": extended_to }))
}

fn period_end(switches: &Switches, given: &Value) -> Result<Value, String> {
    let mut terms = switches.terms(given, &[])?;
    if field::<Option<bool>>(given, "individual_override")?.unwrap_or(false) {
        terms.rules.period_must_end_at_month_end = false;
    }
    Ok(json!({ "valid": may_end_on(&terms, field(given, "expiry")?) }))
}

fn min_term(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[])?;
    let months: Option<u32> = field(given, "months")?;
    let (from, to) = minimum_term(&terms, months, field(given, "service_start")?);
    Ok(json!({ "from": from, "to": to }))
}

fn period_vs_min_term(given: &Value) -> Result<Value, String> {
    let agreed = field::<Option<bool>>(given, "individual_override")?.unwrap_or(false);
    let warn = outlasts_period(field(given, "expiry")?, field(given, "min_term_to")?, agreed);
    Ok(json!({ "accept": true, "warn": warn }))
}

fn cancel_effective(switches: &Switches, given: &Value) -> Result<Value, String> {
    let known: [(&str, &[&str]); 4] = [
        CALENDAR,
        ("business_days", &["cancel.notice_bd", "cancel.deemed_bd"]),
        ("count_arrival_day", &["cancel.count_arrival_day"]),
        ("threshold", &["cancel.threshold"]),
    ];
    let terms = switches.terms(given, &known)?;
    let answer =
        cancellation::effective(&terms, field(given, "arrival")?, field(given, "desired")?);
    Ok(json!({ "effective": answer.effective, "deemed": answer.deemed }))
}

fn cancel_channel(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[("channels", &["cancel.channels"])])?;
    let arrivals: Result<Vec<Option<Day>>, String> = terms
        .rules
        .cancel_channels
        .iter()
        .map(|channel| field(given, &format!("{channel}_arrival")))
        .collect();
    Ok(json!({ "arrival": arrivals?.into_iter().flatten().min() }))
}

fn arrears(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[])?;
    Ok(json!(termination::arrears(&terms, field(given, "due")?)))
}

fn cure(given: &Value) -> Result<Value, String> {
    let demand: Option<Day> = field(given, "demand_effective")?;
    let Some(demand) = demand else { return Ok(json!({ "right_from": null })) };
    let (cure_by, right_from) = contract::ending::cure::cure(demand, field(given, "cure_days")?);
    Ok(json!({ "cure_by": cure_by, "right_from": right_from }))
}

fn due_roll(switches: &Switches, given: &Value) -> Result<Value, String> {
    let known: [(&str, &[&str]); 2] = [("roll", &["due.roll"]), ("calendar", &["due.calendar"])];
    let terms = switches.terms(given, &known)?;
    let due = contract::money::fees::due_date(&terms, field(given, "nominal_due")?);
    Ok(json!({ "effective_due": due }))
}
