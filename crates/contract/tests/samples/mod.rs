//! One value of each kind that is stored, with its optional parts filled in.

mod consequences;
mod facts;
mod notices;

#[allow(unused_imports)]
pub use consequences::consequences;
use contract::declare::act::{
    AcceptApplication, Act, AgreeCancellation, ApplyPayment, Approve, ChargeAmendmentCosts,
    ConfirmArrival, ConfirmErasure, CorrectEntry, CorrectInvoices, Decline, DeclineArrival,
    DeclineRenewal, MovePayment, OffsetHeld, OrderErasure, Propose, RefuseApplication, Resume,
    ReturnHeld, Suspend, Terminate, TransferContract, UndoCashApplication, VerifyTakeover,
    VoidEntry, WaiveFee, WaiveInterest,
};
use contract::declare::consequence::{AccountsClosed, Consequence};
use contract::declare::ids::{ConsequenceId, InputId};
use contract::declare::reason::{Because, Finding};
use contract::money::credit_note::CreditNote;
use contract::money::invoice::{ChargeKind, Invoice, InvoiceKind, TaxGroup};
use contract::money::payment::Part;
use contract::road::stream::{Body, Content, Event, Input, Record, Stream};
use contract::who::roles::Role;
#[allow(unused_imports)]
pub use facts::{facts, more_changes};
use serde_json::{Value, json};
use terms::LawId;

use crate::case::facts::{line, started};
use crate::case::{Story, account, actor, at, day, yen};

pub fn acts() -> Vec<Act> {
    let contract = "K-11112222";
    let mut acts = vec![
        Act::AcceptApplication(AcceptApplication { application: "P-11112222".into() }),
        Act::TransferContract(TransferContract {
            contract: contract.into(),
            to: "青葉ホールディングス株式会社".into(),
            from: day("2026-07-01"),
            consent: "consents/2026-06.pdf".into(),
            consented_on: day("2026-06-10"),
        }),
        Act::RefuseApplication(RefuseApplication {
            application: "P-11112222".into(),
            ground: "9-10(2)".into(),
        }),
        Act::Suspend(Suspend {
            contract: contract.into(),
            ground: "12-3".into(),
            proposed_by: "collector-1".into(),
        }),
        Act::Resume(Resume { contract: contract.into() }),
        Act::Terminate(Terminate {
            contract: contract.into(),
            ground: "16-1(2)".into(),
            proposed_by: "collector-1".into(),
            on: Some(day("2026-09-30")),
            payable_by: day("2026-10-31"),
        }),
        Act::DeclineRenewal(DeclineRenewal {
            contract: contract.into(),
            against: day("2026-09-30"),
        }),
        Act::ConfirmArrival(ConfirmArrival { contract: contract.into(), arrival: "I-1".into() }),
        Act::DeclineArrival(DeclineArrival { contract: contract.into(), arrival: "I-1".into() }),
        Act::OrderErasure(OrderErasure { contract: contract.into() }),
        Act::ConfirmErasure(ConfirmErasure { contract: contract.into() }),
        Act::VerifyTakeover(VerifyTakeover { contract: contract.into() }),
        Act::Propose(Propose { act: Box::new(suspend(contract)) }),
        Act::Approve(Approve { proposal: "I-1".into(), act: Box::new(suspend(contract)) }),
        Act::Decline(Decline { proposal: "I-1".into(), act: Box::new(suspend(contract)) }),
    ];
    acts.extend(corrections(contract));
    acts
}

fn suspend(contract: &str) -> Act {
    Act::Suspend(Suspend {
        contract: contract.into(),
        ground: "12-3".into(),
        proposed_by: String::new(),
    })
}

pub fn bodies() -> Vec<Body> {
    let (input, digest) = (InputId::from("I-1"), "0123456789abcdef".to_owned());
    let id = ConsequenceId::from("C-0123456789ab");
    let refused = vec![Finding::blocking("9-3", "already_answered", "Formed")];
    vec![
        Body::Registered { input: input.clone(), digest: digest.clone() },
        Body::Done {
            input: input.clone(),
            digest: digest.clone(),
            warnings: vec![Finding::warning("9-10(2)", "ground_for_refusal", "")],
        },
        Body::Refused { input, digest, findings: refused },
        Body::Follows {
            id: id.clone(),
            consequence: Consequence::AccountsClosed(AccountsClosed {
                contract: "K-11112222".into(),
            }),
        },
        Body::Retracted { of: id },
    ]
}

/// What corrects something, each by a proposal.
fn corrections(contract: &str) -> Vec<Act> {
    let number = || "INV-2026-000001".to_owned();
    let payment = || InputId::from("I-5");
    let (month, amount) = ("2026-05".parse().expect("a month"), yen(1_100));
    let part = Part { number: number(), amount };
    vec![
        Act::VoidEntry(VoidEntry { of: payment() }),
        Act::CorrectEntry(CorrectEntry {
            of: payment(),
            by: Box::new(started(&contract.into(), 1, "2026-04-02")),
            occurred_at: at("2026-04-02T09:00"),
        }),
        Act::MovePayment(MovePayment { payment: payment(), to: account(), amount }),
        Act::CorrectInvoices(CorrectInvoices { month, amount }),
        Act::UndoCashApplication(UndoCashApplication {
            payment: payment(),
            number: number(),
            amount,
        }),
        Act::ApplyPayment(ApplyPayment { payment: payment(), to: vec![part] }),
        Act::OffsetHeld(OffsetHeld { number: number(), amount }),
        Act::ReturnHeld(ReturnHeld { amount }),
        Act::WaiveInterest(WaiveInterest { number: number(), amount }),
        Act::WaiveFee(WaiveFee {
            kind: ChargeKind::MonthlyFee,
            contract: contract.into(),
            line: 1,
            month,
            amount,
        }),
        Act::ChargeAmendmentCosts(ChargeAmendmentCosts {
            application: "P-11112222".into(),
            costs: vec![amount],
        }),
        Act::AgreeCancellation(AgreeCancellation {
            contract: contract.into(),
            form: "I-7".into(),
            to: Some(day("2026-07-31")),
            document: "MOU-2026-0007".into(),
        }),
    ]
}

/// A reason as it is stored.
fn because(rule: &str, numbers: Value) -> Because {
    let stored = json!({ "rule": format!("{rule}@1"), "numbers": numbers });
    serde_json::from_value(stored).expect("a stored reason")
}

/// Of a monthly fee that was charged with one piece too many.
pub fn credit_note() -> CreditNote {
    let mut line = invoice().lines.remove(0);
    line.amount = -line.amount;
    let group = TaxGroup { percent: Some(10), taxable: line.amount, tax: yen(-10_000) };
    CreditNote {
        number: "CN-2026-000001".into(),
        act: "I-9".into(),
        draft: "D-0123456789ab".into(),
        invoice: "INV-2026-000001".into(),
        invoice_issued_on: day("2026-05-07"),
        kind: InvoiceKind::Fee,
        issued_on: day("2026-06-10"),
        total: line.amount - yen(10_000),
        because_tax: because("invoice_tax", json!({ "groups": [group] })),
        tax_groups: vec![group],
        lines: vec![line],
    }
}

/// A metered correction and a monthly fee on one invoice.
pub fn invoice() -> Invoice {
    let mut story = Story::new();
    let lines = vec![line(1, "VM", "2026-04-01"), line(2, "TRAFFIC", "2026-04-01")];
    let form = crate::case::facts::form("2026-04-01", "2026-04-30", lines);
    let id = story.formed("ref-1", form);
    story.fact("2026-04-01T09:00", started(&id, 1, "2026-04-01"));
    story.fact("2026-05-01T03:00", crate::case::facts::usage("a.csv", &id, "2026-04", "100.5"));
    let mut first = story.drafts("r-1", "2026-04", "2026-05-01").invoices.remove(0);
    first.number = "INV-2026-000001".into();
    story.issue(first);
    story.fact("2026-06-01T03:00", crate::case::facts::usage("b.csv", &id, "2026-04", "0.5"));
    let mut invoice = story.drafts("r-2", "2026-05", "2026-06-01").invoices.remove(0);
    invoice.number = "INV-2026-000002".into();
    assert_eq!(invoice.lines.len(), 2);
    invoice
}

pub fn record() -> Record {
    let input = Input {
        id: "I-1".into(),
        account: account(),
        occurred_at: at("2026-04-01T10:00"),
        known_at: at("2026-04-02T09:30"),
        actor: actor("approver-1", Role::ContractApprover),
        source: "page".into(),
        evidence: vec!["e-1".into()],
        edition: contract::road::editions::Edition::FIRST,
        content: Content::Act(Act::Resume(Resume { contract: "K-11112222".into() })),
    };
    let digest = input.digest();
    let events = vec![Event {
        stream: Stream::Contract("K-11112222".into()),
        occurred_at: at("2026-04-01T10:00"),
        body: Body::Done { input: "I-1".into(), digest, warnings: Vec::new() },
        because: because("recorded", json!({ "amount": yen(5) })).fact(&"I-1".into()),
    }];
    Record { input, law: LawId("0123456789abcdef".into()), events }
}
