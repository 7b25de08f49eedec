//! One of each consequence.

use contract::UsePeriod;
use contract::consequence::{AlertCode, Consequence, TaskKind};
use contract::ids::ContractId;
use contract::late_interest::Stretch;
use contract::minimum_term::EndCause;
use contract::notice::Channel;
use contract::parties::RegisteredItem;

use crate::case::{day, yen};

fn contract() -> ContractId {
    "K-11112222".into()
}

pub fn consequences() -> Vec<Consequence> {
    let mut all = of_applications();
    all.extend(of_contracts());
    all.extend(of_money());
    all.extend(of_corrections());
    all
}

fn of_corrections() -> Vec<Consequence> {
    let number = || "INV-2026-000001".to_owned();
    let (form, document) = (|| "I-7".into(), "MOU-2026-0007".to_owned());
    vec![
        Consequence::ApplicationUndone {
            payment: "I-5".into(),
            number: number(),
            amount: yen(110_000),
        },
        Consequence::CreditApplied {
            note: "CN-2026-000001".into(),
            number: number(),
            amount: yen(1_100),
        },
        Consequence::InterestWaived { number: number(), amount: yen(44) },
        Consequence::CancellationAgreed {
            contract: contract(),
            form: form(),
            to: Some(day("2026-07-31")),
            document,
        },
        Consequence::MonthEndOffered {
            contract: contract(),
            form: form(),
            deemed: day("2026-07-02"),
            month_end: day("2026-07-31"),
        },
    ]
}

fn of_applications() -> Vec<Consequence> {
    let (application, about) = (|| "P-11112222".into(), "P-11112222".to_owned());
    vec![
        Consequence::TermsAssented { application: application(), version: "1.1".into() },
        Consequence::GroundsFound { application: application(), grounds: vec!["9-10(2)".into()] },
        Consequence::TaskOpened {
            task: TaskKind::ReviewApplication,
            about: about.clone(),
            remind_on: day("2026-03-09"),
        },
        Consequence::TaskClosed { task: TaskKind::PaperForm, about },
        Consequence::DataChangeNoted {
            item: RegisteredItem::Company,
            planned_on: day("2026-05-11"),
            limit: Some(day("2026-04-29")),
            late: false,
            unplanned: false,
        },
        Consequence::DataChanged { item: RegisteredItem::BillTo, from: day("2026-05-11") },
        Consequence::ContractFormed {
            contract: contract(),
            application: application(),
            version: "1.1".into(),
        },
        Consequence::ContractChanged {
            contract: contract(),
            application: application(),
            from: day("2026-06-01"),
        },
    ]
}

fn of_contracts() -> Vec<Consequence> {
    let (first, last) = (day("2026-05-01"), day("2026-05-31"));
    vec![
        Consequence::MinimumTermSet { contract: contract(), line: 1, from: first, to: last },
        Consequence::ContractExtended {
            contract: contract(),
            period: UsePeriod { from: first, to: last },
            limit: day("2026-04-01"),
        },
        Consequence::ExpiryScheduled { contract: contract(), on: last },
        Consequence::StatementLate { contract: contract(), expiry: last, limit: day("2026-04-27") },
        Consequence::CancellationDetermined {
            contract: contract(),
            arrived_on: day("2026-04-02"),
            desired: Some(day("2026-04-30")),
            effective: first,
            deemed: true,
            label_zone: false,
            confirm: Vec::new(),
        },
        Consequence::ArrivalConfirmed {
            contract: contract(),
            arrival: "I-1".into(),
            effective: first,
        },
        Consequence::ArrivalDeclined { contract: contract(), arrival: "I-1".into() },
        Consequence::ChannelWithoutEffect { contract: contract(), channel: Channel::Email },
        Consequence::PayableNow {
            contract: contract(),
            principal: yen(110_000),
            interest: yen(44),
            by: first,
        },
        Consequence::ContractEnded {
            contract: contract(),
            on: last,
            cause: EndCause::CustomerCancellation,
        },
        Consequence::AccountsClosed { contract: contract() },
        Consequence::ContractTakenOver {
            contract: contract(),
            number: "旧-1".into(),
            version: "1.1".into(),
            charge_from: "2026-05".parse().expect("a month"),
        },
        Consequence::SecrecyEnds { contract: contract(), until: day("2028-05-31") },
    ]
}

fn of_money() -> Vec<Consequence> {
    let number = || "INV-2026-000001".to_owned();
    let right = || "12-3".to_owned();
    let stretch = Stretch {
        principal: yen(110_000),
        after: day("2026-06-01"),
        paid: day("2026-06-03"),
        days: 1,
    };
    vec![
        Consequence::PaymentApplied { payment: "I-1".into(), number: number(), amount: yen(5) },
        Consequence::ReceivableTakenOver {
            number: "旧請求-1".into(),
            outstanding: yen(60_000),
            due: day("2026-03-31"),
        },
        Consequence::Overpaid { payment: "I-1".into(), amount: yen(5) },
        Consequence::ReceivablePaid { number: number(), on: day("2026-06-03") },
        Consequence::ReceivableOverdue {
            number: number(),
            due: day("2026-06-01"),
            outstanding: yen(110_000),
        },
        Consequence::LateInterestOwed {
            number: number(),
            amount: yen(44),
            days: 1,
            stretches: vec![stretch],
        },
        Consequence::RightOpened { right: right(), about: number(), from: day("2026-06-02") },
        Consequence::RightClosed { right: right(), about: number(), on: day("2026-06-03") },
        Consequence::Alert {
            code: AlertCode::UnknownSubject,
            about: "K-none".into(),
            detail: "input I-1 names it".into(),
        },
    ]
}
