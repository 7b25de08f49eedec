//! The rules that answer with yen.

use contract::application::withdrawal::withdrawal_cost;
use contract::ending::cancellation::{Unpaid, final_month, payable_at_arrival};
use contract::money::fees::{short_payment, tax_on};
use contract::money::late_interest::{self, Payment};
use contract::service::minimum_term::remaining_charge;
use reckon::{Day, Moment, Month, TaxRate, Yen};
use serde_json::{Value, json};

use super::given::field;
use super::law::Switches;

const INTEREST: [(&str, &[&str]); 3] = [
    ("year_basis", &["interest.year_basis"]),
    ("include_payment_day", &["interest.include_payment_day"]),
    ("allocation", &["payment.allocation"]),
];

pub fn answer(switches: &Switches, rule: &str, given: &Value) -> Option<Result<Value, String>> {
    let answered = match rule {
        "withdrawal_cost" => withdrawal(switches, given),
        "early_termination" => early_termination(switches, given),
        "final_month_fee" => final_month_fee(switches, given),
        "payable_at_arrival" => payable(switches, given),
        "short_payment" => short(switches, given),
        "late_interest" => interest(switches, given),
        "late_interest_partial" => interest_partial(switches, given),
        "consumption_tax" => tax(switches, given),
        "month_fee_with_suspension" => suspended_month(switches, given),
        _ => return None,
    };
    Some(answered)
}

/// The rate of today's table; the format knows one rate of 10 %.
fn rate(switches: &Switches, day: Day) -> Result<TaxRate, String> {
    switches.law().tax.at(day).map_err(|error| error.to_string())
}

fn newest_rate(switches: &Switches) -> Result<TaxRate, String> {
    rate(switches, Day::MAX)
}

fn withdrawal(switches: &Switches, given: &Value) -> Result<Value, String> {
    let formed: Option<Moment> = field(given, "formed_at")?;
    let withdrawn: Moment = field(given, "withdrawn_at")?;
    let costs: Vec<Yen> = field(given, "costs")?;
    let answer = withdrawal_cost(formed, withdrawn, &costs, rate(switches, withdrawn.day())?);
    Ok(json!({
        "payable": answer.payable,
        "cost": answer.cost,
        "tax": answer.tax,
        "total": answer.cost + answer.tax,
    }))
}

fn early_termination(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &[("overlap", &["early_termination.overlap"])])?;
    let remaining = remaining_charge(
        &terms,
        field(given, "cancel_date")?,
        field(given, "min_term_to")?,
        field(given, "monthly_fee")?,
    );
    let tax = tax_on(&[remaining.amount], newest_rate(switches)?);
    Ok(json!({
        "within_min_term": remaining.within,
        "residual": remaining.amount,
        "tax": tax,
        "total": remaining.amount + tax,
    }))
}

fn final_month_fee(switches: &Switches, given: &Value) -> Result<Value, String> {
    let fee: Yen = field(given, "monthly_fee")?;
    let month: Month = final_month(field(given, "end_date")?);
    let tax = tax_on(&[fee], rate(switches, month.last_day())?);
    Ok(json!({ "month": month, "fee": fee, "tax": tax, "total": fee + tax }))
}

fn payable(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &INTEREST)?;
    let rows: Vec<Value> = field(given, "receivables")?;
    let debts: Result<Vec<Unpaid>, String> = rows
        .iter()
        .map(|row| Ok(Unpaid { outstanding: field(row, "outstanding")?, due: field(row, "due")? }))
        .collect();
    let (principal, interest) = payable_at_arrival(&terms, &debts?, field(given, "paid")?);
    Ok(json!({
        "principal": principal,
        "late_interest": interest,
        "total": principal + interest,
    }))
}

fn short(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &INTEREST)?;
    let answer = short_payment(
        &terms,
        field(given, "invoice_total")?,
        field(given, "sent")?,
        field(given, "transfer_fee_deducted")?,
        field(given, "due")?,
        field(given, "as_of_paid")?,
    );
    Ok(json!({
        "credited": answer.credited,
        "outstanding": answer.outstanding,
        "interest": answer.interest.amount,
    }))
}

fn interest(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &INTEREST)?;
    let answer = late_interest::on(
        &terms,
        field(given, "principal")?,
        field(given, "due")?,
        field(given, "paid")?,
    );
    Ok(json!({ "days": answer.days, "interest": answer.amount }))
}

fn interest_partial(switches: &Switches, given: &Value) -> Result<Value, String> {
    let terms = switches.terms(given, &INTEREST)?;
    let rows: Vec<Value> = field(given, "payments")?;
    let payments: Result<Vec<Payment>, String> = rows
        .iter()
        .map(|row| {
            let all = row.get("amount").and_then(Value::as_str) == Some("ALL");
            let amount = if all { None } else { Some(field(row, "amount")?) };
            Ok(Payment { on: field(row, "on")?, amount })
        })
        .collect();
    let settled = late_interest::over_payments(
        &terms,
        field(given, "principal")?,
        field(given, "due")?,
        &payments?,
    );
    let mut answer = json!({
        "interest": settled.interest,
        "principal_left": settled.principal_left,
    });
    if let Some(last) = settled.last_payment {
        answer["last_payment"] = json!(last);
    }
    Ok(answer)
}

fn tax(switches: &Switches, given: &Value) -> Result<Value, String> {
    let lines: Vec<Yen> = field(given, "lines")?;
    Ok(json!({ "tax": tax_on(&lines, newest_rate(switches)?) }))
}

/// 24-3: the suspended days are read and change nothing.
fn suspended_month(switches: &Switches, given: &Value) -> Result<Value, String> {
    let month: Month = field(given, "month")?;
    let fee: Yen = field(given, "monthly_fee")?;
    let _suspended: Vec<(Day, Day)> = field(given, "suspended")?;
    let tax = tax_on(&[fee], rate(switches, month.last_day())?);
    Ok(json!({ "fee": fee, "tax": tax, "total": fee + tax, "reduction": 0 }))
}
