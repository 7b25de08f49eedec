//! The table of rules: which function speaks for which clauses, resting on which
//! readings and parameters. A reason names a rule; everything else that an
//! explanation cites is reached from here.

use serde::Serialize;
use terms::{Law, Reading};

/// One row of the table. A rule whose answer changes gets a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub id: &'static str,
    pub version: u32,
    pub clauses: &'static [&'static str],
    pub readings: &'static [&'static str],
    pub parameters: &'static [&'static str],
}

/// How far rules rest on a reading or a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reliance {
    /// It is read: another choice changes what follows.
    Chosen,
    /// A rule rests on it as it stands here; nothing else can be chosen.
    Fixed,
    /// No rule reads it.
    Nothing,
}

/// How far rules rest on a parameter of the terms.
pub fn reliance_on_parameter(law: &Law, name: &str) -> Reliance {
    if law.is_carried_out(name) {
        Reliance::Chosen
    } else if RULES.iter().any(|rule| rule.parameters.contains(&name)) {
        Reliance::Fixed
    } else {
        Reliance::Nothing
    }
}

/// How far rules rest on a reading: on its parameter, where it has one.
pub fn reliance_on_reading(law: &Law, reading: &Reading) -> Reliance {
    let parameter = reading.parameter.as_deref();
    let parameter = parameter.map_or(Reliance::Nothing, |name| reliance_on_parameter(law, name));
    let is_cited = RULES.iter().any(|rule| rule.readings.contains(&&*reading.id));
    parameter.min(if is_cited { Reliance::Fixed } else { Reliance::Nothing })
}

pub fn rule(id: &str) -> Option<Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

const fn row(
    id: &'static str,
    clauses: &'static [&'static str],
    readings: &'static [&'static str],
    parameters: &'static [&'static str],
) -> Rule {
    Rule { id, version: 1, clauses, readings, parameters }
}

pub const RULES: &[Rule] = &[
    row("recorded", &[], &[], &[]),
    row("terms_assent", &["9-6"], &["A-10"], &["assent.version_rule"]),
    row("paper_form_duty", &["9-2b"], &["A-12", "A-37"], &["prompt.speedily_bd"]),
    row("review", &["9-3", "9-10"], &["A-37"], &["prompt.without_delay_bd"]),
    row(
        "data_change",
        &["10-1", "10-1(1)", "10-1(2)", "30-2"],
        &["A-01", "A-02", "A-35"],
        &["registration.notice_bd", "bd.before_mode", "calendar.kind"],
    ),
    row("formation", &["9-4"], &["A-05", "A-10"], &["mail.sent_means", "assent.version_rule"]),
    row("takeover", &["9-4", "13-1"], &[], &[]),
    row("receivable_takeover", &["24-1", "25-1"], &[], &[]),
    row("minimum_term_takeover", &["14-1", "14-1b"], &["A-26"], &["min_term.anchor"]),
    row("change_formation", &["9-7", "9-8", "9-4"], &["A-11"], &["mail.sent_means"]),
    row("order_acceptance_duty", &["9-5"], &["A-37"], &["prompt.speedily_bd"]),
    row(
        "order_acceptance",
        &["9-3", "9-5", "9-8", "14-1", "13-1b"],
        &["A-11", "A-26"],
        &["min_term.months", "min_term.anchor", "renewal.notice_bd", "renewal.extension_months"],
    ),
    row("refusal", &["9-3b", "9-10"], &[], &[]),
    row("withdrawal", &["9-9"], &["A-13"], &["withdrawal.until"]),
    row(
        "minimum_term",
        &["14-1", "14-1b", "14-1c"],
        &["A-26"],
        &["min_term.months", "min_term.anchor"],
    ),
    row(
        "extension",
        &["13-1b"],
        &["A-02", "A-22"],
        &["renewal.notice_bd", "renewal.extension_months", "bd.before_mode", "calendar.kind"],
    ),
    row(
        "non_renewal",
        &["13-1b", "3-2"],
        &["A-02", "A-14", "A-86", "A-93"],
        &["renewal.notice_bd", "bd.before_mode", "calendar.kind"],
    ),
    row("statement_late", &["13-1b"], &["A-02", "A-14"], &["renewal.notice_bd", "bd.before_mode"]),
    row("expiry", &["13-1"], &["A-25"], &[]),
    row(
        "cancel_effective",
        &["15-1", "15-1b"],
        &["A-01", "A-02", "A-03", "A-17"],
        &[
            "cancel.notice_bd",
            "cancel.deemed_bd",
            "cancel.count_arrival_day",
            "cancel.threshold",
            "calendar.kind",
        ],
    ),
    row(
        "arrival_confirmation",
        &["15-1", "15-1b", "30-1"],
        &["A-02", "A-17", "A-37", "A-81"],
        &["arrival.confirm", "prompt.without_delay_bd"],
    ),
    row("cancel_channel", &["15-1", "9-2"], &["A-16"], &["cancel.channels"]),
    row(
        "payable_at_arrival",
        &["15-3", "26-1"],
        &["A-24", "A-48"],
        &["final.accelerate", "interest.rate"],
    ),
    row(
        "receipt_notice",
        &["15-1", "15-1b", "15-2", "15-3", "14-2"],
        &["A-18", "A-46", "A-48"],
        &["cancel.notice_bd", "cancel.deemed_bd", "early_termination.overlap", "interest.rate"],
    ),
    row(
        "cancelled",
        &["15-1"],
        &["A-18", "A-25"],
        &["cancel.effective_time", "cancel.receipt_required"],
    ),
    row("cancellation_agreed", &["15-1", "13-1b"], &[], &[]),
    row("month_end_offer", &["15-1b", "15-2"], &["A-15"], &["cancel.offer_month_end"]),
    row("terminated", &["16-1", "3-2"], &["A-30"], &[]),
    row("termination_notice", &["16-1", "16-2", "3-2"], &["A-30", "A-48"], &["interest.rate"]),
    row("final_settlement", &["16-2"], &["A-24"], &["final.accelerate"]),
    row(
        "early_termination",
        &["14-2", "15-2"],
        &["A-19", "A-21"],
        &["early_termination.overlap", "early_termination.base"],
    ),
    row("line_removal", &["14-2", "9-7"], &["A-19", "A-21"], &[]),
    row(
        "monthly_fee",
        &["24-1", "23-1", "4-1b"],
        &["A-08", "A-20"],
        &["fee_version.rule", "fee.prorate_first_month"],
    ),
    row("last_month_fee", &["15-2", "24-1"], &["A-15", "A-23"], &["fee.prorate_last_month"]),
    row("fee_while_stopped", &["24-3", "24-1"], &["A-51"], &[]),
    row("usage_fee", &["24-1", "23-1"], &["A-89"], &["rounding.line"]),
    row("cost_recovery", &["9-9"], &["A-13"], &[]),
    row("invoice_tax", &["24-1", "27-1"], &["A-49", "A-84"], &["rounding.unit"]),
    row("due_date", &["25-1(1)"], &["A-43"], &["due.roll", "due.calendar"]),
    row(
        "cash_application",
        &["25-1b", "26-1"],
        &["A-44", "A-47"],
        &["payment.allocation", "payment.date_rule"],
    ),
    row("overpayment", &["24-2"], &["A-50"], &[]),
    row("offset", &["25-1b"], &["A-50"], &["overpayment.return"]),
    row("return_of_held", &["24-2"], &["A-50"], &["overpayment.return"]),
    row("application_undone", &["25-1b"], &["A-50"], &[]),
    row("credit_note", &["14-3", "24-2"], &["A-50"], &["overpayment.return"]),
    row("waiver", &["26-1", "24-1"], &[], &[]),
    row("overdue", &["25-1", "26-1"], &["A-43"], &[]),
    row(
        "late_interest",
        &["26-1", "27-1"],
        &["A-45", "A-46", "A-47", "A-85"],
        &[
            "interest.rate",
            "interest.year_basis",
            "interest.include_payment_day",
            "interest.base",
            "payment.allocation",
        ],
    ),
    row(
        "suspension_right",
        &["12-3", "24-1b"],
        &["A-31"],
        &["suspension.grace_days", "suspension.min_amount"],
    ),
    row("arrears_right", &["16-1(2)"], &["A-28", "A-43"], &["arrears.months"]),
    row("judged_ground", &["16-1"], &["A-30", "A-91"], &["insolvency.lock"]),
    row("uncured_breach", &["16-1(7)", "16-1"], &["A-29", "A-30"], &[]),
    row("suspension", &["12-3"], &["A-31"], &[]),
    row("start_due", &["14-1", "24-1"], &[], &[]),
    row("resumption", &["12-3"], &["A-32"], &["resume.monitor_bd"]),
    row("accounts_closed", &["38-1(2)"], &[], &[]),
    row("material_disposal", &["19-1"], &["A-37"], &["prompt.immediately_bd"]),
    row("erasure_due", &["19-2"], &["A-38", "A-39"], &["erase.exceptions", "erase.legal_hold"]),
    row("secrecy", &["41-8"], &["A-64"], &["secrecy.years"]),
    row("erasure", &["19-2"], &["A-38"], &["erase.exceptions"]),
    row("correction", &[], &[], &[]),
    row("edition", &[], &[], &[]),
    row("no_effect", &[], &[], &[]),
    row("mail_refused", &["3-2", "9-4"], &["A-05"], &["mail.sent_means"]),
];
