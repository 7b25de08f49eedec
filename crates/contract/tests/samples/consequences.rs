//! One of each consequence.

use contract::application::receiving::Change;
use contract::declare::consequence::{
    AbnormalityKnown, AccountsClosed, Alert, ApplicationUndone, ArrivalConfirmed, ArrivalDeclined,
    CancellationAgreed, CancellationDetermined, ChannelWithoutEffect, Consequence, ContractChanged,
    ContractEnded, ContractExtended, ContractFormed, ContractTakenOver, ContractTransferred,
    CreditApplied, DataChangeNoted, DataChanged, EnvironmentNoted, ExpiryScheduled, ExportNoted,
    GroundsFound, InterestWaived, LateInterestOwed, MatterOverdue, MinimumTermSet, MonthEndOffered,
    OrderDetermined, Overpaid, PayableNow, PaymentApplied, ReceiptNoticeDetermined,
    ReceivableOverdue, ReceivablePaid, ReceivableTakenOver, RightClosed, RightOpened, SecrecyEnds,
    StatementLate, TaskClosed, TaskOpened, TerminationNoticeDetermined, TermsAssented,
    TransferBreached,
};
use contract::declare::ids::ContractId;
use contract::declare::task::{AlertCode, TaskKind};
use contract::matters::matter::MatterId;
use contract::money::late_interest::Stretch;
use contract::notices::notice::Channel;
use contract::registered::parties::RegisteredItem;
use contract::road::stated::{
    Charged, Circumstance, Counted, Order, OrderedChange, OrderedLine, Receipt, Termination,
    UnpaidInvoice,
};
use contract::service::minimum_term::EndCause;
use contract::{Service, UsePeriod};
use reckon::CalendarKind;

use crate::case::facts::special;
use crate::case::{day, yen};

fn contract() -> ContractId {
    "K-11112222".into()
}

pub fn consequences() -> Vec<Consequence> {
    let mut all = of_applications();
    all.extend(of_contracts());
    all.extend(of_money());
    all.extend(of_corrections());
    all.extend(of_letters());
    all.extend(of_conduct());
    all.extend(super::notices::consequences());
    all
}

fn of_letters() -> Vec<Consequence> {
    vec![
        Consequence::OrderDetermined(OrderDetermined { order: Box::new(order()) }),
        Consequence::ReceiptNoticeDetermined(ReceiptNoticeDetermined {
            notice: Box::new(receipt()),
        }),
        Consequence::TerminationNoticeDetermined(TerminationNoticeDetermined {
            notice: Box::new(termination()),
        }),
    ]
}

fn order() -> Order {
    let term = UsePeriod { from: day("2026-04-01"), to: day("2026-05-31") };
    let ordered = |number: u32, item: &str| OrderedLine {
        number,
        service: Service::Sdpf,
        item: item.to_owned(),
        quantity: 2,
        start: day("2026-04-01"),
        minimum_term: term,
        monthly_fee: Some(yen(200_000)),
    };
    let removal =
        Change::RemoveLine { line: 2, last_day: day("2026-06-30"), residual: yen(33_333) };
    Order {
        contract: contract(),
        application: "P-33334444".into(),
        version: "1.1".into(),
        change: Some(OrderedChange {
            from: day("2026-07-01"),
            changes: vec![removal],
            ended: vec![ordered(2, "SUPPORT")],
        }),
        period: UsePeriod { from: day("2026-04-01"), to: day("2027-03-31") },
        lines: vec![ordered(1, "VM")],
        special_terms: vec![special("renewal.notice_bd", serde_json::json!(25))],
        renewal_notice_bd: 25,
        extension_months: 1,
    }
}

fn unpaid() -> UnpaidInvoice {
    UnpaidInvoice {
        number: "INV-2026-000001".into(),
        due: day("2026-06-01"),
        outstanding: yen(110_000),
        interest: yen(44),
    }
}

fn receipt() -> Receipt {
    Receipt {
        contract: contract(),
        form: "I-7".into(),
        version: "1.1".into(),
        items: vec!["VM".into()],
        arrived_on: day("2026-06-03"),
        desired: Some(day("2026-06-30")),
        effective: day("2026-07-01"),
        deemed: true,
        counted: Counted {
            left: Some(19),
            needed: 20,
            deemed_after: 20,
            earliest: day("2026-07-01"),
            calendar: CalendarKind::National,
        },
        last_month: "2026-07".parse().expect("a month"),
        last_month_fee: Charged { net: yen(100_000), tax: yen(10_000) },
        remaining: Some(Charged { net: yen(200_000), tax: yen(20_000) }),
        unpaid: vec![unpaid()],
        interest_to: day("2026-06-03"),
        month_end: Some(day("2026-07-31")),
    }
}

fn termination() -> Termination {
    Termination {
        contract: contract(),
        act: "I-8".into(),
        ground: "16-1(2)".into(),
        circumstances: vec![
            Circumstance::Arrears {
                number: "INV-2026-000001".into(),
                due: day("2026-06-01"),
                outstanding: yen(110_000),
            },
            Circumstance::Recorded { input: "I-9".into(), on: day("2026-09-02") },
        ],
        on: Some(day("2026-09-30")),
        unpaid: vec![unpaid()],
        interest_to: day("2026-09-02"),
        payable_by: day("2026-10-31"),
    }
}

fn of_corrections() -> Vec<Consequence> {
    let number = || "INV-2026-000001".to_owned();
    let (form, document) = (|| "I-7".into(), "MOU-2026-0007".to_owned());
    vec![
        Consequence::ApplicationUndone(ApplicationUndone {
            payment: "I-5".into(),
            number: number(),
            amount: yen(110_000),
        }),
        Consequence::CreditApplied(CreditApplied {
            note: "CN-2026-000001".into(),
            number: number(),
            amount: yen(1_100),
        }),
        Consequence::InterestWaived(InterestWaived { number: number(), amount: yen(44) }),
        Consequence::CancellationAgreed(CancellationAgreed {
            contract: contract(),
            form: form(),
            to: Some(day("2026-07-31")),
            document,
        }),
        Consequence::MonthEndOffered(MonthEndOffered {
            contract: contract(),
            form: form(),
            deemed: day("2026-07-02"),
            month_end: day("2026-07-31"),
        }),
    ]
}

fn of_applications() -> Vec<Consequence> {
    let (application, about) = (|| "P-11112222".into(), "P-11112222".to_owned());
    vec![
        Consequence::TermsAssented(TermsAssented {
            application: application(),
            version: "1.1".into(),
        }),
        Consequence::GroundsFound(GroundsFound {
            application: application(),
            grounds: vec!["9-10(2)".into()],
        }),
        Consequence::TaskOpened(TaskOpened {
            task: TaskKind::ReviewApplication,
            about: about.clone(),
            remind_on: day("2026-03-09"),
        }),
        Consequence::TaskClosed(TaskClosed { task: TaskKind::PaperForm, about }),
        Consequence::DataChangeNoted(DataChangeNoted {
            item: RegisteredItem::Company,
            planned_on: day("2026-05-11"),
            limit: Some(day("2026-04-29")),
            late: false,
            unplanned: false,
        }),
        Consequence::DataChanged(DataChanged {
            item: RegisteredItem::BillTo,
            from: day("2026-05-11"),
        }),
        Consequence::ContractFormed(ContractFormed {
            contract: contract(),
            application: application(),
            version: "1.1".into(),
        }),
        Consequence::ContractChanged(ContractChanged {
            contract: contract(),
            application: application(),
            from: day("2026-06-01"),
        }),
    ]
}

fn of_contracts() -> Vec<Consequence> {
    let (first, last) = (day("2026-05-01"), day("2026-05-31"));
    vec![
        Consequence::MinimumTermSet(MinimumTermSet {
            contract: contract(),
            line: 1,
            from: first,
            to: last,
        }),
        Consequence::ContractExtended(ContractExtended {
            contract: contract(),
            period: UsePeriod { from: first, to: last },
            limit: day("2026-04-01"),
        }),
        Consequence::ExpiryScheduled(ExpiryScheduled { contract: contract(), on: last }),
        Consequence::StatementLate(StatementLate {
            contract: contract(),
            expiry: last,
            limit: day("2026-04-27"),
        }),
        Consequence::CancellationDetermined(CancellationDetermined {
            contract: contract(),
            arrived_on: day("2026-04-02"),
            desired: Some(day("2026-04-30")),
            effective: first,
            deemed: true,
            label_zone: false,
            confirm: Vec::new(),
        }),
        Consequence::ArrivalConfirmed(ArrivalConfirmed {
            contract: contract(),
            arrival: "I-1".into(),
            effective: first,
        }),
        Consequence::ArrivalDeclined(ArrivalDeclined {
            contract: contract(),
            arrival: "I-1".into(),
        }),
        Consequence::ChannelWithoutEffect(ChannelWithoutEffect {
            contract: contract(),
            channel: Channel::Email,
        }),
        Consequence::PayableNow(PayableNow {
            contract: contract(),
            principal: yen(110_000),
            interest: yen(44),
            by: first,
        }),
        Consequence::ContractEnded(ContractEnded {
            contract: contract(),
            on: last,
            cause: EndCause::CustomerCancellation,
        }),
        Consequence::AccountsClosed(AccountsClosed { contract: contract() }),
        Consequence::ContractTakenOver(ContractTakenOver {
            contract: contract(),
            number: "旧-1".into(),
            version: "1.1".into(),
            charge_from: "2026-05".parse().expect("a month"),
        }),
        Consequence::SecrecyEnds(SecrecyEnds { contract: contract(), until: day("2028-05-31") }),
    ]
}

/// What is declared, reported and asked for.
fn of_conduct() -> Vec<Consequence> {
    vec![
        Consequence::AbnormalityKnown(AbnormalityKnown {
            matter: MatterId("M-11112222".into()),
            contract: contract(),
        }),
        Consequence::MatterOverdue(MatterOverdue {
            matter: MatterId("M-11112222".into()),
            due: day("2026-06-15"),
        }),
        Consequence::EnvironmentNoted(EnvironmentNoted {
            contract: contract(),
            specification: "1.2".into(),
        }),
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
        Consequence::PaymentApplied(PaymentApplied {
            payment: "I-1".into(),
            number: number(),
            amount: yen(5),
        }),
        Consequence::ReceivableTakenOver(ReceivableTakenOver {
            number: "旧請求-1".into(),
            outstanding: yen(60_000),
            due: day("2026-03-31"),
        }),
        Consequence::Overpaid(Overpaid { payment: "I-1".into(), amount: yen(5) }),
        Consequence::ReceivablePaid(ReceivablePaid { number: number(), on: day("2026-06-03") }),
        Consequence::ReceivableOverdue(ReceivableOverdue {
            number: number(),
            due: day("2026-06-01"),
            outstanding: yen(110_000),
        }),
        Consequence::LateInterestOwed(LateInterestOwed {
            number: number(),
            amount: yen(44),
            days: 1,
            stretches: vec![stretch],
        }),
        Consequence::RightOpened(RightOpened {
            right: right(),
            about: number(),
            from: day("2026-06-02"),
        }),
        Consequence::RightClosed(RightClosed {
            right: right(),
            about: number(),
            on: day("2026-06-03"),
        }),
        Consequence::ExportNoted(ExportNoted {
            contract: contract(),
            country: "シンガポール".into(),
        }),
        Consequence::ContractTransferred(ContractTransferred {
            contract: contract(),
            to: "青葉ホールディングス株式会社".into(),
            from: day("2026-07-01"),
        }),
        Consequence::TransferBreached(TransferBreached {
            contract: contract(),
            to: "青葉ホールディングス株式会社".into(),
            on: day("2026-06-01"),
        }),
        Consequence::Alert(Alert {
            code: AlertCode::UnknownSubject,
            about: "K-none".into(),
            detail: "input I-1 names it".into(),
        }),
    ]
}
