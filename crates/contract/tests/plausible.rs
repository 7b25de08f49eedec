//! Entries with which no rule could count are named by their field.

mod case;

use case::facts::{self, application, form};
use contract::application::receiving::Wish;
use contract::declare::act::Act;
use contract::declare::fact::Fact;
use contract::road::plausible::{beyond, implausible};
use contract::road::stream::Content;
use serde_json::{Value, json};

fn fact(value: Value) -> Option<String> {
    let fact: Fact = serde_json::from_value(value).expect("a fact");
    implausible(&Content::Fact(fact))
}

fn payment(on: &str, amount: i64) -> Value {
    json!({ "type": "payment_credited", "on": on, "amount": amount, "payer": "ｱ" })
}

fn line(quantity: u32, fee: i64) -> Value {
    let line = json!({
        "number": 1, "service": "SDPF", "item": "VM", "quantity": quantity,
        "start": "2026-04-01", "agreed_fee": fee,
    });
    json!({
        "type": "application_received",
        "application": "P-1", "reference": "r", "channel": "paper",
        "sent_at": "2026-04-01T09:00:00", "received_at": "2026-04-01T09:00:00",
        "wish": {
            "kind": "change", "contract": "K-1", "from": "2026-05-01",
            "changes": [{ "change": "add_line", "line": line }],
        },
        "registered_by": "sato",
    })
}

#[test]
fn amounts_counts_and_years_have_bounds() {
    assert_eq!(fact(payment("2026-04-01", 1_000_000_000_000)), None);
    let problem = fact(payment("2026-04-01", 1_000_000_000_001)).expect("too much");
    assert!(problem.starts_with("content.amount is 1000000000001"), "{problem}");
    assert!(fact(payment("2026-04-01", i64::MIN)).is_some());
    let problem = fact(payment("9999-12-31", 1)).expect("too late");
    assert!(problem.contains("content.on is 9999-12-31, not between 2000-01-01"), "{problem}");
    assert!(fact(payment("1999-12-31", 1)).is_some());
    assert_eq!(fact(payment("2199-12-31", 1)), None);
}

#[test]
fn what_is_multiplied_has_narrower_bounds() {
    assert_eq!(fact(line(10_000, 1_000_000_000)), None);
    let problem = fact(line(10_001, 1)).expect("too many");
    assert!(problem.contains("changes[0].line.quantity is 10001"), "{problem}");
    assert!(fact(line(1, 1_000_000_001)).is_some());
    assert!(fact(line(u32::MAX, 1)).is_some());
}

#[test]
fn texts_lists_and_acts_are_looked_at_too() {
    let voided = |reason: String| json!({ "type": "entry_voided", "of": "x", "reason": reason });
    assert_eq!(fact(voided("あ".repeat(4_000))), None);
    assert!(fact(voided("あ".repeat(4_001))).is_some());
    assert!(fact(voided("a\u{0}b".into())).is_some());
    let withdrawn = |count: usize| json!({ "type": "application_withdrawn", "application": "P-1", "costs": vec![1; count] });
    assert_eq!(fact(withdrawn(200)), None);
    assert!(fact(withdrawn(201)).is_some());
    let act: Act = serde_json::from_value(json!({
        "type": "propose",
        "act": { "type": "terminate", "contract": "K-1", "ground": "16-1(2)",
                 "payable_by": "2900-01-01" },
    }))
    .expect("an act");
    let problem = implausible(&Content::Act(act)).expect("too late");
    assert!(problem.contains("act.payable_by"), "{problem}");
}

#[test]
fn a_form_names_no_day_of_another_generation() {
    let arrived = |desired: &str| {
        fact(json!({
            "type": "cancellation_form_arrived", "contract": "K-1", "channel": "paper",
            "arrived_at": "2026-04-01T09:00:00",
            "form": { "desired": desired, "signed_by": "", "signed_by_other": false },
        }))
    };
    assert_eq!(arrived("2046-03-30"), None);
    let problem = arrived("2199-12-31").expect("too late");
    assert!(problem.contains("form.desired is 2199-12-31, later than 2046-"), "{problem}");
}

#[test]
fn months_are_looked_at_like_days() {
    assert_eq!(beyond("body", &json!({ "month": "2026-04" })), None);
    for month in ["9999-12", "0001-01", "1999-12", "2200-01"] {
        let problem = beyond("body", &json!({ "month": month })).expect("beyond");
        assert!(problem.contains("body.month") && problem.contains("2000-01"), "{problem}");
    }
}

#[test]
fn ordinary_entries_pass() {
    assert_eq!(implausible(&Content::Clock), None);
    let lines = vec![facts::line(1, "VM", "2026-05-01")];
    let wish = Wish::New { form: form("2026-05-01", "2027-04-30", lines) };
    let fact = application("P-1", "2026-04-01T09:00", wish);
    assert_eq!(implausible(&Content::Fact(fact)), None);
}
