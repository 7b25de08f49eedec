//! Every consequence, fact and act has words in both languages.

use contract::act::Act;
use contract::consequence::{AlertCode, Consequence as C, TaskKind};
use contract::fact::{Application, ErasedClass, Fact as F, Payment, UsageImported, Wish};
use contract::invoice::{Invoice, InvoiceKind};
use contract::late_interest::Stretch;
use contract::minimum_term::EndCause;
use contract::notice::Channel;
use contract::parties::RegisteredItem;
use contract::reason::{Because, Finding};
use contract::use_period::{Side, Statement};
use contract::{CancellationForm, UsePeriod};
use document::wording::{Language, act, consequence, fact, finding};
use reckon::{Day, Moment, Yen};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("an instant")
}

fn has_words(japanese: &str, english: &str) {
    let is_japanese = |c: char| matches!(c, '\u{3041}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}');
    assert!(japanese.chars().any(is_japanese), "{japanese}");
    assert!(!english.is_empty() && !english.chars().any(is_japanese), "{english}");
    assert!(!japanese.contains('\n') && !english.contains('\n'), "{japanese}");
}

fn consequences() -> Vec<C> {
    let (contract, application) = (|| "K-1".into(), || "P-1".into());
    let (from, to) = (day("2026-06-01"), day("2026-06-30"));
    let cancelled = |desired, deemed| C::CancellationDetermined {
        contract: contract(),
        arrived_on: day("2026-04-02"),
        desired,
        effective: day("2026-05-01"),
        deemed,
        label_zone: false,
        confirm: Vec::new(),
    };
    let alert = |code| C::Alert { code, about: "K-1".into(), detail: "line 1".into() };
    vec![
        C::TermsAssented { application: application(), version: "1.1".into() },
        C::TermsAssented { application: application(), version: String::new() },
        C::GroundsFound { application: application(), grounds: vec!["9-10(2)".into()] },
        C::TaskOpened { task: TaskKind::PaperForm, about: "P-1".into(), remind_on: from },
        C::TaskClosed { task: TaskKind::Erasure, about: "K-1".into() },
        C::ContractFormed {
            contract: contract(),
            application: application(),
            version: "1.1".into(),
        },
        C::ContractChanged { contract: contract(), application: application(), from },
        C::MinimumTermSet { contract: contract(), line: 1, from, to },
        C::ContractExtended {
            contract: contract(),
            period: UsePeriod { from, to },
            limit: day("2026-04-27"),
        },
        C::ExpiryScheduled { contract: contract(), on: to },
        C::StatementLate { contract: contract(), expiry: to, limit: from },
        cancelled(None, true),
        cancelled(Some(day("2026-04-20")), true),
        cancelled(Some(day("2026-05-01")), false),
        C::ChannelWithoutEffect { contract: contract(), channel: Channel::Portal },
        C::PayableNow { contract: contract(), principal: Yen(110_000), interest: Yen(440), by: to },
        C::ContractEnded { contract: contract(), on: to, cause: EndCause::Expiry },
        C::AccountsClosed { contract: contract() },
        C::SecrecyEnds { contract: contract(), until: to },
        C::PaymentApplied { payment: "in-1".into(), number: "INV-1".into(), amount: Yen(1) },
        C::Overpaid { payment: "in-1".into(), amount: Yen(1_000) },
        C::ReceivablePaid { number: "INV-1".into(), on: to },
        C::ReceivableOverdue { number: "INV-1".into(), due: from, outstanding: Yen(5) },
        C::LateInterestOwed {
            number: "INV-1".into(),
            amount: Yen(1_188),
            days: 27,
            stretches: vec![Stretch { principal: Yen(110_000), after: from, paid: to, days: 27 }],
        },
        C::RightOpened { right: "12-3".into(), about: "INV-1".into(), from },
        C::RightClosed { right: "16-1(2)".into(), about: "INV-1".into(), on: to },
        alert(AlertCode::UnknownSubject),
        alert(AlertCode::MailRefused),
        alert(AlertCode::MinimumTermOutlastsPeriod),
        alert(AlertCode::FormedThoughClosed),
        alert(AlertCode::LawNotApplicable),
    ]
}

/// Around a contract: registered data (10-1), arrivals (15-1).
fn around() -> Vec<C> {
    let (from, to) = (day("2026-06-01"), day("2026-06-30"));
    let noted = |limit, late, unplanned| C::DataChangeNoted {
        item: RegisteredItem::BillTo,
        planned_on: from,
        limit,
        late,
        unplanned,
    };
    vec![
        C::DataChanged { item: RegisteredItem::Payers, from },
        noted(Some(to), false, false),
        noted(Some(from), true, false),
        noted(None, false, true),
        noted(None, false, false),
        C::ArrivalConfirmed { contract: "K-1".into(), arrival: "I-1".into(), effective: from },
        C::ArrivalDeclined { contract: "K-1".into(), arrival: "I-1".into() },
    ]
}

#[test]
fn every_consequence_has_words() {
    for each in consequences().into_iter().chain(around()) {
        has_words(&consequence(&each, Language::Japanese), &consequence(&each, Language::English));
    }
}

#[test]
fn an_extension_names_its_period_and_limit() {
    let mut all = consequences().into_iter();
    let extended = all.find(|c| matches!(c, C::ContractExtended { .. })).expect("a sample");
    assert_eq!(
        consequence(&extended, Language::Japanese),
        "契約を2026-06-01〜2026-06-30に自動延長（申出の期限 2026-04-27 までに別段の意思表示なし）"
    );
    assert_eq!(
        consequence(&extended, Language::English),
        "contract extended to 2026-06-01 … 2026-06-30 (no objection by the limit, 2026-04-27)"
    );
}

fn invoice() -> Invoice {
    Invoice {
        number: "INV-1".into(),
        kind: InvoiceKind::Fee,
        run: "R-1".into(),
        draft: "D-1".into(),
        month: "2026-04".parse().expect("a month"),
        issued_on: day("2026-05-01"),
        nominal_due: day("2026-05-31"),
        due: day("2026-06-01"),
        lines: Vec::new(),
        tax_groups: Vec::new(),
        total: Yen(110_000),
        because_tax: Because::rule("invoice_tax"),
        because_due: Because::rule("due_date"),
    }
}

fn application() -> Application {
    Application {
        application: "P-1".into(),
        reference: "1@example.jp".into(),
        channel: Channel::Email,
        sent_at: moment("2026-04-01T09:00:00"),
        received_at: moment("2026-04-01T09:01:00"),
        wish: Wish::Change { contract: "K-1".into(), from: day("2026-05-01"), changes: Vec::new() },
        form_faults: Vec::new(),
        people: Default::default(),
        registered_by: "u-1".into(),
        resembles: Vec::new(),
    }
}

fn facts_of_the_contract() -> Vec<F> {
    let (contract, id) = (|| "K-1".into(), || "1@example.jp".to_owned());
    let at = moment("2026-04-02T10:00:00");
    let statement = Statement {
        by: Side::Customer,
        channel: Channel::Email,
        sent_at: at,
        arrived_at: Some(at),
        against: None,
    };
    vec![
        F::OrderAcceptanceSent { contract: contract(), message_id: id() },
        F::ServiceStarted { contract: contract(), line: 1, on: day("2026-04-10") },
        F::NonRenewalStated { contract: contract(), statement },
        F::CancellationFormArrived {
            contract: contract(),
            channel: Channel::Paper,
            arrived_at: at,
            form: CancellationForm { desired: None, signed_by: "a".into(), signed_by_other: false },
        },
        F::ReceiptNoticeSent {
            contract: contract(),
            effective: day("2026-05-01"),
            message_id: id(),
        },
        F::TerminationNoticeSent { contract: contract(), message_id: id() },
        F::UpstreamSuspended { contract: contract() },
        F::UpstreamResumed { contract: contract() },
        F::MaterialErased {
            contract: contract(),
            erased: vec![ErasedClass { class: "contact".into(), count: 2, method: "key".into() }],
            by: "u-1".into(),
            confirmed_by: "u-2".into(),
        },
        F::CertificateSent { contract: contract(), message_id: id() },
    ]
}

fn other_facts() -> Vec<F> {
    let (application, id) = (|| "P-1".into(), || "1@example.jp".to_owned());
    let payment = Payment {
        on: day("2026-05-31"),
        amount: Yen(110_000),
        payer: "ALPHA".into(),
        names: vec![],
    };
    let usage = UsageImported {
        file: "usage.csv".into(),
        segment: "s".into(),
        sha256: "0".into(),
        accepted: 3,
        refused: 1,
        totals: Vec::new(),
    };
    vec![
        F::ApplicationReceived(Box::new(self::application())),
        F::PaperFormReceived { application: application() },
        F::AcceptanceMailSent { application: application(), message_id: id() },
        F::RefusalSent { application: application(), message_id: id() },
        F::MailRefused { about: "P-1".into(), mail: "acceptance".into(), reply: "550".into() },
        F::ContactChanged {
            application: application(),
            role: contract::PersonRole::ResponsiblePerson,
            person: "K-1/contact/responsible_person/0001".into(),
            kept: None,
        },
        F::ApplicationWithdrawn { application: application(), costs: vec![Yen(10), Yen(5)] },
        F::JudgementRecorded {
            clause: "16-1(5)".into(),
            about: "K-1".into(),
            document: "doc-1".into(),
        },
        F::CureDemanded {
            contract: "K-1".into(),
            effective_on: day("2026-06-01"),
            cure_days: 14,
            document: "doc-2".into(),
        },
        F::GroundLifted {
            clause: "16-1(7)".into(),
            contract: "K-1".into(),
            document: "doc-3".into(),
        },
        F::InsolvencyReleased { contract: "K-1".into(), document: "doc-4".into() },
        F::MaterialDisposed {
            contract: "K-1".into(),
            on: day("2026-07-01"),
            document: "doc-5".into(),
        },
        F::InvoiceIssued(Box::new(invoice())),
        F::InvoiceSent { number: "INV-1".into(), message_id: id() },
        F::PaymentCredited(payment),
        F::UsageImported(usage),
        F::EntryVoided { of: "in-1".into(), reason: "typo".into() },
    ]
}

#[test]
fn every_fact_has_words() {
    let facts = [facts_of_the_contract(), other_facts()].concat();
    for each in facts {
        has_words(&fact(&each, Language::Japanese), &fact(&each, Language::English));
    }
}

#[test]
fn every_act_has_words() {
    let (contract, ground) = (|| "K-1".into(), || "16-1(2)".to_owned());
    let acts = [
        Act::AcceptApplication { application: "P-1".into() },
        Act::RefuseApplication { application: "P-1".into(), ground: "9-10(4)".into() },
        Act::Suspend { contract: contract(), ground: "12-3".into(), proposed_by: "u-1".into() },
        Act::Resume { contract: contract() },
        Act::Terminate {
            contract: contract(),
            ground: ground(),
            proposed_by: "u-1".into(),
            on: None,
            payable_by: day("2026-06-30"),
        },
        Act::OrderErasure { contract: contract() },
        Act::ConfirmErasure { contract: contract() },
    ];
    for each in acts {
        has_words(&act(&each, Language::Japanese), &act(&each, Language::English));
    }
}

#[test]
fn findings_speak_of_their_clause_and_detail() {
    let found =
        Finding::blocking("13-2", "ends_in_mid_month", "2026-05-15 is not the end of a month");
    assert_eq!(
        finding(&found, Language::Japanese),
        "利用期間が月の途中で終わる（13-2、2026-05-15）"
    );
    let found = Finding::warning("9-10(2)", "ground_for_refusal", "");
    assert_eq!(
        finding(&found, Language::English),
        "there is a ground on which it may be refused (9-10(2) false, mistaken or missing entries)"
    );
}
