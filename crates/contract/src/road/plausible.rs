//! What no entry can mean: amounts, counts and days with which no rule could count.
//!
//! Every field is looked at, also those of facts that do not exist yet: an entry, or
//! whatever else comes as JSON, is walked as the plain data that it is.

use reckon::Yen;
use serde_json::Value;

use crate::declare::fact::{CancellationFormArrived, Fact};
use crate::road::bounds::{
    LARGEST_AMOUNT, LARGEST_COUNT, LARGEST_FEE, LONGEST_LIST, last_wished, text_problem,
};
use crate::road::stream::Content;

/// The first field of an entry that cannot be meant: where it stands, and what is
/// wrong.
pub fn implausible(content: &Content) -> Option<String> {
    let value = match content {
        // Computed from what was looked at when it came in.
        Content::Fact(Fact::InvoiceIssued(_) | Fact::UsageImported(_) | Fact::NoticeGiven(_)) => {
            return None;
        }
        Content::Fact(fact) => serde_json::to_value(fact),
        Content::Act(act) => serde_json::to_value(act),
        Content::Clock | Content::Edition => return None,
    };
    beyond("content", &value.expect("plain data")).or_else(|| wished_too_far(content))
}

/// A form may name a day after a long period of use; days are counted up to it.
fn wished_too_far(content: &Content) -> Option<String> {
    let Content::Fact(Fact::CancellationFormArrived(CancellationFormArrived {
        arrived_at,
        form,
        ..
    })) = content
    else {
        return None;
    };
    let arrived_on = arrived_at.day();
    let last = last_wished(arrived_on, last_wished(arrived_on, arrived_on));
    let desired = form.desired.filter(|day| *day > last)?;
    Some(format!("content.form.desired is {desired}, later than {last}"))
}

/// The first field of plain data that lies out of its bounds: where it stands under
/// `path`, and what is wrong.
pub fn beyond(path: &str, value: &Value) -> Option<String> {
    walk(path, "", value)
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
        Value::String(text) => text_problem(text).map(|problem| format!("{path} {problem}")),
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
