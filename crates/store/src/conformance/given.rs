//! Small facts, effects and rows that the checks write.

use contract::declare::consequence::{Alert, Consequence};
use contract::declare::fact::{Fact, MailRefused};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::reason::Because;
use contract::declare::task::AlertCode;
use contract::road::stream::{Body, Content, Event, Input, Record, Stream};
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::{NewRecord, OutboxRow, OutboxState, PersonalRow, Transaction, UsageRow, UsageSegment};
use reckon::Moment;
use serde_json::json;
use terms::LawId;

/// An instant in 2026, by seconds.
pub fn at(seconds: i64) -> Moment {
    Moment::from_unix_seconds(1_775_000_000 + seconds)
}

/// The account of every fact that names none.
pub fn account() -> AccountId {
    "A-1010001000001".into()
}

/// A fact with two events in two streams.
pub fn record(id: &str) -> Record {
    let input = Input {
        id: id.into(),
        account: account(),
        occurred_at: at(10),
        known_at: at(20),
        actor: Actor::new("花子", Role::Billing),
        source: "mail \"<1@example>\"".to_owned(),
        evidence: vec!["P-1/mail".to_owned()],
        edition: contract::road::editions::Edition::FIRST,
        content: Content::Fact(Fact::MailRefused(MailRefused {
            about: "INV-2026-000431".to_owned(),
            mail: id.to_owned(),
            reply: "550 宛先不明\n".to_owned(),
        })),
    };
    let digest = input.digest();
    let registered = Body::Registered { input: input.id.clone(), digest };
    let alert = Consequence::Alert(Alert {
        code: AlertCode::MailRefused,
        about: "INV-2026-000431".to_owned(),
        detail: id.to_owned(),
    });
    let contract = Stream::Contract("K-1".into());
    let follows = Body::Follows { id: id.into(), consequence: alert };
    let events =
        vec![event(Stream::Ledger, registered, &input.id), event(contract, follows, &input.id)];
    Record { input, law: LawId("law-1".to_owned()), events }
}

fn event(stream: Stream, body: Body, because_of: &InputId) -> Event {
    let because = Because {
        rule: "sent@1".to_owned(),
        facts: vec![because_of.clone()],
        numbers: [("days".to_owned(), json!(30))].into(),
        parameters: Default::default(),
        agreements: Default::default(),
    };
    Event { stream, occurred_at: at(10), body, because }
}

/// A step with one record on top of `after` others.
pub fn step(id: &str, after: u64) -> Transaction {
    Transaction {
        recorded_at: Some(at(30)),
        laws: vec![("law-1".to_owned(), "{\"pack\":\"x\"}".to_owned())],
        records: vec![NewRecord { after, record: record(id), next_due: None }],
        ..Transaction::default()
    }
}

/// An effect that waits until `next_at`.
pub fn effect(id: &str, next_at: Moment) -> OutboxRow {
    OutboxRow {
        id: id.to_owned(),
        account: account(),
        kind: "mail".to_owned(),
        payload: json!({ "to": "b@example", "a": [1, 2] }),
        state: OutboxState::Waiting,
        attempts: 0,
        next_at,
        expires_at: Some(at(9000)),
        maybe_sent: false,
        last_reply: String::new(),
    }
}

/// A personal row of class `contact`.
pub fn personal(id: &str, subject: &str) -> PersonalRow {
    PersonalRow {
        id: id.to_owned(),
        subject: subject.to_owned(),
        account: account(),
        class: "contact".to_owned(),
        name: "責任者".to_owned(),
        content: b"\x00Taro <taro@example>".to_vec(),
    }
}

/// A usage row of `contract`.
pub fn usage_row(id: &str, contract: &str) -> UsageRow {
    UsageRow {
        source: "upstream".to_owned(),
        id: id.to_owned(),
        row: 2,
        account: account(),
        contract: contract.to_owned(),
        line: 1,
        resource: "vm-1".to_owned(),
        item: "vm.small".to_owned(),
        quantity: "0.10000000000000000001".to_owned(),
        unit: "時間".to_owned(),
        from: at(0),
        to: at(3600),
    }
}

/// A step with one usage segment.
pub fn import(name: &str, rows: Vec<UsageRow>) -> Transaction {
    let segment = UsageSegment {
        name: name.to_owned(),
        file: format!("{name}.csv"),
        sha256: format!("sha-of-{name}"),
        rows,
    };
    Transaction { usage: vec![segment], ..Transaction::default() }
}
