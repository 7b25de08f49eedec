//! What a rule counted and computed, read out of its stored reason.
//!
//! Nothing is computed again: a line only puts stored numbers into words. A
//! number that no line speaks of is shown as it is stored.

mod ends;
mod fees;
mod formation;
mod late_interest;

use contract::declare::reason::Because;
use reckon::Day;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Reader;

/// The numbers of a reason, and the language in which to speak of them.
pub(super) struct Numbers<'a> {
    because: &'a Because,
    language: Reader,
}

/// How a rule's numbers are told: which ones its lines speak of, and the lines,
/// unless a number is missing or of another kind than expected.
type Told = (&'static [&'static str], Option<Vec<String>>);

/// Rules that count in yen: without amounts nothing of their lines is left.
const OF_AMOUNTS: [&str; 8] = [
    "monthly_fee",
    "last_month_fee",
    "fee_while_stopped",
    "usage_fee",
    "early_termination",
    "cost_recovery",
    "invoice_tax",
    "late_interest",
];

/// Lines that show what was counted or computed.
pub fn arithmetic(because: &Because, reader: impl Into<Reader>) -> Vec<String> {
    let language = reader.into();
    let numbers = Numbers { because, language };
    let (names, lines) = told(&numbers);
    if !language.sees_amounts() {
        return if OF_AMOUNTS.contains(&because.rule_id()) {
            vec![]
        } else {
            lines.unwrap_or_default()
        };
    }
    let names = if lines.is_some() { names } else { &[] };
    let rest = because.numbers.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    let rest = rest.map(|(name, value)| format!("{name} = {}", plain(value)));
    lines.unwrap_or_default().into_iter().chain(rest).collect()
}

fn told(n: &Numbers) -> Told {
    match n.because.rule_id() {
        "terms_assent" => (&["sent_at"], formation::assent(n)),
        "data_change" => (&["notified_on", "planned_on", "limit"], formation::data_change(n)),
        "formation" => (&["sent_at"], formation::formed(n)),
        "change_formation" => (&["from"], formation::changed(n)),
        "minimum_term" => (&["started_on", "months_agreed"], formation::minimum_term(n)),
        "extension" => {
            (&["expiry", "limit", "calendar_version", "provisional"], ends::extension(n))
        }
        "non_renewal" => (&["effective_at", "limit", "expiry"], ends::non_renewal(n)),
        "statement_late" => (&["effective_at"], ends::statement(n)),
        "cancel_effective" => (ends::CANCELLATION, ends::cancellation(n)),
        "arrival_confirmation" => (ends::ARRIVAL, ends::arrival(n)),
        "expiry" | "cancelled" | "terminated" | "withdrawal" => (&["on"], ends::last_day(n)),
        "secrecy" => (&["ended_on"], ends::secrecy(n)),
        "suspension" => (&["ground"], ends::ground(n)),
        "suspension_right" => (&["due", "outstanding"], ends::suspension_right(n)),
        "uncured_breach" => (&["demand_effective", "cure_days", "cure_by"], ends::uncured(n)),
        "arrears_right" => (&["due", "period_from", "period_to"], ends::arrears_right(n)),
        "monthly_fee" | "last_month_fee" | "fee_while_stopped" | "usage_fee" => {
            (fees::FEE, fees::fee(n))
        }
        "early_termination" => (fees::EARLY, fees::early_termination(n)),
        "cost_recovery" => (&["costs"], fees::costs(n)),
        "invoice_tax" => (&["groups"], fees::tax(n)),
        "due_date" => (&["nominal_due", "due"], fees::due_date(n)),
        "cash_application" => (&["credited_on"], fees::credited(n)),
        "overdue" => (&["due"], fees::overdue(n)),
        "payable_at_arrival" | "final_settlement" => (&["interest_to"], fees::interest_to(n)),
        "late_interest" => (late_interest::NAMES, late_interest::lines(n)),
        _ => (&[], None),
    }
}

impl Numbers<'_> {
    fn number<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read(self.because.numbers.get(name)?)
    }

    fn parameter<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read(self.because.parameters.get(name)?)
    }

    /// A number as a day with its weekday.
    fn day(&self, name: &str) -> Option<String> {
        self.number(name).map(|day: Day| super::figures::day(day, self.language))
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// A stored value without the quotes of JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
