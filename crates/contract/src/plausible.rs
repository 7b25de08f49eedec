//! What no entry can mean: amounts, counts and days with which no rule could count.
//!
//! Every field of an entry is looked at, also those of facts that do not exist
//! yet: the entry is walked as the plain data that is stored of it.

use reckon::{Decimal, Moment, Yen};
use serde_json::Value;

use crate::fact::Fact;
use crate::stream::Content;

/// The largest amount of an entry, in yen: a trillion.
pub const LARGEST_AMOUNT: Yen = Yen(1_000_000_000_000);

/// The largest fee of one unit for one month, in yen.
pub const LARGEST_FEE: Yen = Yen(1_000_000_000);

/// The largest number of units, months, days or lines, and the largest value that
/// an individual agreement can set a parameter to.
pub const LARGEST_COUNT: i64 = 10_000;

/// The years in which anything can have happened or been agreed.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// The longest text of one field, and the most elements of one list.
pub const LONGEST_TEXT: usize = 4_000;
pub const LONGEST_LIST: usize = 200;

/// The first field that cannot be meant: where it stands, and what is wrong.
///
/// Products of what passes fit into 64 bits: a fee, times units, times months of a
/// minimum term is 10¹⁷ yen at the most.
pub fn implausible(content: &Content) -> Option<String> {
    let value = match content {
        // Computed from what was looked at when it came in.
        Content::Fact(Fact::InvoiceIssued(_) | Fact::UsageImported(_)) => return None,
        Content::Fact(fact) => serde_json::to_value(fact),
        Content::Act(act) => serde_json::to_value(act),
        Content::Clock => return None,
    };
    walk("content", "", &value.expect("plain data"))
}

fn walk(path: &str, field: &str, value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().find_map(|(name, inside)| walk(&format!("{path}.{name}"), name, inside))
        }
        Value::Array(items) if items.len() > LONGEST_LIST => {
            Some(format!("{path} has {} elements, at most {LONGEST_LIST}", items.len()))
        }
        // The elements of a list are what the list is named after.
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, inside)| walk(&format!("{path}[{at}]"), field, inside)),
        Value::Number(number) => {
            let most = largest(field);
            let fits = number.as_i64().is_some_and(|number| (-most..=most).contains(&number));
            (!fits).then(|| format!("{path} is {number}, beyond {}", Yen(most)))
        }
        Value::String(text) => text_problem(path, text),
        Value::Null | Value::Bool(_) => None,
    }
}

fn largest(field: &str) -> i64 {
    match field {
        "agreed_fee" | "fee" => LARGEST_FEE.0,
        // Fees are multiplied by these, and days and months are counted with them.
        "quantity" | "min_term_months" | "months_after" | "day" | "line" | "number" | "value" => {
            LARGEST_COUNT
        }
        _ => LARGEST_AMOUNT.0,
    }
}

fn text_problem(path: &str, text: &str) -> Option<String> {
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        return Some(format!("{path} has {length} characters, at most {LONGEST_TEXT}"));
    }
    if text.contains('\0') {
        return Some(format!("{path} contains the character U+0000"));
    }
    let year = match text.len() {
        10 => text.parse().ok().map(|day: reckon::Day| day.year()),
        _ => text.parse().ok().map(|moment: Moment| moment.day().year()),
    };
    if let Some(year) = year.filter(|year| !YEARS.contains(year)) {
        return Some(format!(
            "{path} is in the year {year}, not between {} and {}",
            YEARS.start(),
            YEARS.end()
        ));
    }
    let number: Option<Decimal> = text.parse().ok().filter(|_| text.len() > 15);
    number.and_then(|number| {
        let most = Decimal::whole(LARGEST_AMOUNT.0).ratio();
        (number.ratio() > most).then(|| format!("{path} is {text}, beyond {LARGEST_AMOUNT}"))
    })
}
