//! One of each fact.

use contract::application::checks::{Check, CheckResult};
use contract::application::quote::{PurchaseOrder, Quote, QuoteLine};
use contract::application::receiving::{Change, Wish};
use contract::declare::fact::{
    AbnormalityReported, AcceptanceMailSent, AgreementNoticeSent, Application,
    ApplicationWithdrawn, CertificateSent, ContactChanged, CreditNoteSent, CureDemanded,
    EntryVoided, EnvironmentDeclared, ExportDeclared, Fact, GroundLifted, HeldReturned,
    InformationRequested, InsolvencyReleased, InvoiceSent, JudgementRecorded, MailRefused,
    MaterialDisposed, MaterialErased, MatterClosed, MatterLetterSent, MatterNoted,
    NonRenewalStated, OrderAcceptanceSent, PaperFormReceived, PayerNameLearned, Payment,
    PaymentDisputeSettled, PaymentDisputed, PaymentReversed, RefusalSent, TerminationNoticeSent,
    TerminationUpheld, TransferredWithoutConsent, UpstreamResumed, UpstreamSuspended,
};
use contract::declare::ids::{ContractId, InputId};
use contract::ending::erasure::ErasedClass;
use contract::ending::renewal::{Side, Statement};
use contract::matters::matter::MatterId;
use contract::money::invoice::{InvoiceKind, TaxGroup};
use contract::notices::notice::Channel;
use contract::registered::filing::{ArrivalEvidence, DocumentKind, FiledDocument};
use contract::registered::parties::{BillTo, DataChange, RegisteredData};
use contract::takeover::{
    ChangeToCome, LineStanding, Notified, Origin, PartPayment, RunningNotice, StandingAgreement,
    TakenOverContract, TakenOverReceivable,
};
use reckon::Decimal;
use serde_json::json;
use terms::CheckKind;

use crate::case::facts::{cancellation, change, form, line, receipt, special, started, usage};
use crate::case::{at, day, yen};

fn contract() -> ContractId {
    "K-11112222".into()
}

fn application() -> Fact {
    let mut added = line(3, "VM", "2026-06-01");
    (added.min_term_months, added.agreed_fee) = (Some(12), Some(yen(90_000)));
    let changes = vec![
        Change::AddLine { line: added },
        Change::SetQuantity { line: 1, quantity: 2 },
        Change::SetAgreedFee { line: 1, fee: yen(95_000) },
        Change::SpecialTerm { term: special("cancel.notice_bd", json!(10)) },
    ];
    Fact::ApplicationReceived(Box::new(Application {
        application: "P-11112222".into(),
        reference: "<1@mail.example>".into(),
        channel: Channel::Email,
        sent_at: at("2026-03-02T10:00"),
        received_at: at("2026-03-02T10:01"),
        sent_doubt: None,
        wish: change(&contract(), "2026-06-01", changes),
        form_faults: vec!["applicant.corporate_number".into()],
        people: [("billing".to_owned(), "H-1".into())].into(),
        files: Vec::new(),
        registered_by: "desk-1".into(),
        resembles: Vec::new(),
    }))
}

/// The other wish, which the stored form of an application does not show.
#[test]
fn an_application_for_a_new_contract_reads_back() {
    let mut form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    form.special_terms.push(special("arrears.months", json!(2)));
    let wish = Wish::New { form };
    let text = serde_json::to_string(&wish).expect("plain data");
    assert_eq!(serde_json::from_str::<Wish>(&text).expect("what was written"), wish);
}

fn sent() -> Vec<Fact> {
    let message_id = || "<9@own.example>".to_owned();
    let application = || "P-11112222".into();
    vec![
        Fact::AcceptanceMailSent(AcceptanceMailSent {
            application: application(),
            message_id: message_id(),
        }),
        Fact::RefusalSent(RefusalSent { application: application(), message_id: message_id() }),
        Fact::OrderAcceptanceSent(OrderAcceptanceSent {
            contract: contract(),
            change: Some("P-11112222".into()),
            message_id: message_id(),
        }),
        Fact::TerminationNoticeSent(TerminationNoticeSent {
            contract: contract(),
            act: Some("I-9".into()),
            message_id: message_id(),
        }),
        Fact::InvoiceSent(InvoiceSent {
            number: "INV-2026-000001".into(),
            message_id: message_id(),
        }),
        Fact::CertificateSent(CertificateSent { contract: contract(), message_id: message_id() }),
        Fact::MailRefused(MailRefused {
            about: contract().0,
            mail: "receipt".into(),
            reply: "550 no such user".into(),
        }),
        receipt(&contract(), "2026-05-01"),
        Fact::CreditNoteIssued(Box::new(super::credit_note())),
        Fact::CreditNoteSent(CreditNoteSent {
            number: "CN-2026-000001".into(),
            message_id: message_id(),
        }),
        Fact::AgreementNoticeSent(AgreementNoticeSent {
            contract: contract(),
            to: Some(day("2026-07-31")),
            message_id: message_id(),
        }),
        Fact::HeldReturned(HeldReturned {
            on: day("2026-07-01"),
            amount: yen(1_100),
            reference: "FB-20260701-3".into(),
        }),
    ]
}

fn received() -> Vec<Fact> {
    vec![
        application(),
        Fact::PaperFormReceived(PaperFormReceived { application: "P-11112222".into() }),
        Fact::ApplicationWithdrawn(ApplicationWithdrawn {
            application: "P-11112222".into(),
            costs: vec![yen(5)],
        }),
        Fact::TerminationUpheld(TerminationUpheld {
            contract: contract(),
            document: "合意書-1006".into(),
        }),
        Fact::PayerNameLearned(PayerNameLearned {
            contract: contract(),
            name: "ｱｵﾊﾞｾｲｻｸｼﾖ ｹｲﾘﾌﾞ".into(),
        }),
        Fact::ContactChanged(ContactChanged {
            application: "P-11112222".into(),
            role: contract::PersonRole::ResponsiblePerson,
            person: "K-11112222/contact/responsible_person/0001".into(),
            kept: None,
        }),
        Fact::NonRenewalStated(NonRenewalStated {
            contract: contract(),
            statement: Statement {
                by: Side::Provider,
                channel: Channel::Homepage,
                sent_at: at("2026-04-01T10:00"),
                arrived_at: None,
                against: Some(day("2026-04-30")),
            },
        }),
        cancellation(&contract(), Channel::Paper, "2026-04-02T10:00", Some("2026-04-30")),
        Fact::PaymentCredited(Payment {
            on: day("2026-06-01"),
            amount: yen(110_000),
            payer: "ﾐﾎﾝｼﾖｳｼﾞ".into(),
            names: vec!["INV-2026-000001".into()],
        }),
        Fact::PaymentReversed(PaymentReversed {
            payment: "I-5".into(),
            on: day("2026-06-03"),
            amount: yen(110_000),
        }),
    ]
}

fn origin(sheet: &str) -> Origin {
    Origin { file: "book.xlsx".into(), sha256: "00ff".into(), sheet: sheet.into(), row: 2 }
}

fn taken_contract() -> TakenOverContract {
    TakenOverContract {
        contract: contract(),
        number: "旧-1".into(),
        origin: origin("契約"),
        formed_at: at("2025-03-20T15:00"),
        version: "1.1".into(),
        form: form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2025-04-01")]),
        charge_from: "2026-05".parse().expect("a month"),
        standing: vec![LineStanding {
            line: 1,
            started_on: day("2025-04-01"),
            minimum_term_to: Some(day("2026-09-30")),
        }],
        agreements: vec![StandingAgreement {
            term: special("arrears.months", json!(2)),
            from: day("2025-04-01"),
        }],
        changes: vec![ChangeToCome {
            from: day("2026-06-01"),
            document: "変更-7".into(),
            change: Change::SetQuantity { line: 1, quantity: 3 },
        }],
        notices: vec![
            RunningNotice::Cancellation {
                channel: Channel::Paper,
                arrived_at: at("2026-04-02T10:00"),
                desired: Some(day("2026-05-31")),
                notified: Some(Notified {
                    sent_at: at("2026-04-03T10:00"),
                    effective: day("2026-05-31"),
                }),
            },
            RunningNotice::NonRenewal {
                statement: Statement {
                    by: Side::Customer,
                    channel: Channel::Email,
                    sent_at: at("2026-04-01T10:00"),
                    arrived_at: Some(at("2026-04-01T10:00")),
                    against: None,
                },
            },
        ],
        suspended_at: Some(at("2026-03-01T09:00")),
        people: [("billing".to_owned(), "H-1".into())].into(),
    }
}

fn taken_receivable() -> TakenOverReceivable {
    TakenOverReceivable {
        number: "旧請求-1".into(),
        origin: origin("売掛金"),
        kind: InvoiceKind::Fee,
        contracts: vec![contract()],
        month: "2026-02".parse().expect("a month"),
        issued_on: day("2026-03-02"),
        due: day("2026-03-31"),
        total: yen(110_000),
        payments: vec![PartPayment { on: day("2026-04-03"), amount: yen(50_000) }],
        interest_charged: yen(12),
    }
}

fn quote() -> Quote {
    let mut wish = line(1, "VM", "2026-04-01");
    wish.agreed_fee = Some(yen(90_000));
    let form = form("2026-04-01", "2026-04-30", Vec::new());
    Quote {
        number: "QUO-2026-000001".into(),
        issued_on: day("2026-02-20"),
        valid_until: day("2026-03-31"),
        customer: form.applicant,
        lines: vec![QuoteLine {
            wish,
            name: "VM service".into(),
            unit: "month".into(),
            unit_price: Decimal::whole(90_000),
            amount: Some(yen(90_000)),
        }],
        period: Some(form.period),
        tax_groups: vec![TaxGroup { percent: Some(10), taxable: yen(90_000), tax: yen(9_000) }],
        total: yen(99_000),
    }
}

/// What else may be registered anew; the sample shows the addressee of invoices.
#[test]
fn every_registered_item_reads_back() {
    let form = form("2026-04-01", "2026-04-30", Vec::new());
    let items = [
        RegisteredData::Company { company: form.applicant },
        RegisteredData::BillTo { contract: None, to: None },
        RegisteredData::Payers { names: vec!["ﾐﾎﾝｹｲﾘ".into()] },
        RegisteredData::Contact {
            contract: contract(),
            role: contract::PersonRole::Billing,
            person: "H-1".into(),
            kept: Some("H-2".into()),
        },
    ];
    for what in items {
        let text = serde_json::to_string(&what).expect("plain data");
        assert_eq!(serde_json::from_str::<RegisteredData>(&text).expect("what was written"), what);
    }
}

/// Before and around the contracts.
fn of_the_company() -> Vec<Fact> {
    vec![
        Fact::DataChangeNotified(Box::new(DataChange {
            what: RegisteredData::BillTo {
                contract: Some(contract()),
                to: Some(BillTo {
                    name: "見本経理株式会社".into(),
                    department: "経理部".into(),
                    postal_code: "100-0002".into(),
                    address: "東京都千代田区2-2".into(),
                }),
            },
            planned_on: day("2026-05-11"),
            unplanned: true,
        })),
        Fact::QuoteIssued(Box::new(quote())),
        Fact::PurchaseOrderReceived(Box::new(PurchaseOrder {
            number: "PO-77".into(),
            ordered_on: day("2026-03-01"),
            quote: Some("QUO-2026-000001".into()),
            application: Some("P-11112222".into()),
            amount: Some(yen(99_000)),
            document: "A-7000012050002/filed/1".into(),
        })),
        Fact::DocumentFiled(Box::new(FiledDocument {
            document: "A-7000012050002/filed/1".into(),
            kind: DocumentKind::PurchaseOrder,
            dated: day("2026-03-01"),
            counterparty: "見本商事株式会社".into(),
            amount: Some(yen(99_000)),
            about: Some("P-11112222".into()),
            original: Some("cabinet 3".into()),
            arrival: Some(ArrivalEvidence {
                at: at("2026-03-02T09:30"),
                stamp: Some("R-118".into()),
                delivery: Some("1234-5678".into()),
            }),
        })),
        Fact::CheckRecorded(Check {
            kind: CheckKind::Credit,
            on: day("2026-03-02"),
            result: CheckResult::Conditional,
            by: "credit agency".into(),
            document: "A-7000012050002/check/1".into(),
            expires_on: day("2027-03-02"),
        }),
    ]
}

/// 36-1, 37-1: opened, noted on, and closed.
fn of_matters() -> [Fact; 5] {
    let matter = MatterId("M-11112222".into());
    [
        Fact::AbnormalityReported(AbnormalityReported {
            contract: contract(),
            symptom: "仮想サーバに接続できない".into(),
            since: Some("今朝から".into()),
            document: Some("doc-12".into()),
        }),
        Fact::InformationRequested(InformationRequested {
            contract: contract(),
            question: "接続元のIPアドレス".into(),
            reply_by: day("2026-06-15"),
            channel: Channel::Email,
        }),
        Fact::MatterNoted(MatterNoted {
            matter: matter.clone(),
            contract: contract(),
            note: "回線の切断を確認".into(),
            document: Some("doc-13".into()),
        }),
        Fact::MatterLetterSent(MatterLetterSent {
            matter: matter.clone(),
            contract: contract(),
            message_id: "<m-8@minato.example>".into(),
        }),
        Fact::MatterClosed(MatterClosed {
            matter,
            contract: contract(),
            result: "recovered".into(),
            note: "回線の復旧".into(),
        }),
    ]
}

/// 25-2: noted, and settled.
fn of_disputes() -> [Fact; 2] {
    [
        Fact::PaymentDisputed(PaymentDisputed {
            number: "INV-2026-000001".into(),
            with: "みほん銀行".into(),
            about: "口座振替の二重引落し".into(),
            document: "doc-9".into(),
        }),
        Fact::PaymentDisputeSettled(PaymentDisputeSettled {
            number: "INV-2026-000001".into(),
            outcome: "銀行が返金".into(),
            document: "doc-10".into(),
        }),
    ]
}

pub fn facts() -> Vec<Fact> {
    let mut facts = received();
    facts.extend(sent());
    facts.extend(of_the_company());
    facts.extend(of_disputes());
    facts.extend(of_matters());
    facts.extend(super::notices::facts());
    let erased = vec![ErasedClass { class: "contact".into(), count: 2, method: "key".into() }];
    facts.extend([
        started(&contract(), 1, "2026-04-01"),
        Fact::JudgementRecorded(JudgementRecorded {
            clause: "16-1(5)".into(),
            about: contract().0,
            document: "doc-1".into(),
        }),
        Fact::EnvironmentDeclared(EnvironmentDeclared {
            contract: contract(),
            specification: "1.2".into(),
            differs: Some("OS の版".into()),
            document: "doc-11".into(),
        }),
        Fact::ExportDeclared(ExportDeclared {
            contract: contract(),
            purpose: "開発拠点での利用".into(),
            country: "シンガポール".into(),
            licence: Some("METI-2026-0412".into()),
            document: "doc-8".into(),
        }),
        Fact::TransferredWithoutConsent(TransferredWithoutConsent {
            contract: contract(),
            to: "青葉ホールディングス株式会社".into(),
            on: day("2026-06-01"),
            document: "doc-7".into(),
        }),
        Fact::CureDemanded(CureDemanded {
            contract: contract(),
            effective_on: day("2026-06-01"),
            cure_days: 14,
            document: "doc-2".into(),
        }),
        Fact::GroundLifted(GroundLifted {
            clause: "16-1(7)".into(),
            contract: contract(),
            document: "doc-3".into(),
        }),
        Fact::InsolvencyReleased(InsolvencyReleased {
            contract: contract(),
            document: "doc-4".into(),
        }),
        Fact::MaterialDisposed(MaterialDisposed {
            contract: contract(),
            on: day("2026-07-01"),
            document: "doc-5".into(),
        }),
        Fact::InvoiceIssued(Box::new(super::invoice())),
        usage("a.csv", &contract(), "2026-04", "100.50"),
        Fact::UpstreamSuspended(UpstreamSuspended { contract: contract() }),
        Fact::UpstreamResumed(UpstreamResumed { contract: contract() }),
        Fact::MaterialErased(MaterialErased {
            contract: contract(),
            erased,
            by: "privacy-1".into(),
            confirmed_by: "privacy-2".into(),
        }),
        Fact::ContractTakenOver(Box::new(taken_contract())),
        Fact::ReceivableTakenOver(Box::new(taken_receivable())),
        Fact::EntryVoided(EntryVoided { of: InputId::from("I-1"), reason: "typing error".into() }),
    ]);
    facts
}

/// What is told of the company besides the one sample of its kind.
#[allow(dead_code, reason = "not every program asks for it")]
pub fn more_changes() -> Vec<Fact> {
    let changes = [
        RegisteredData::Company { company: form("2026-04-01", "2026-09-30", Vec::new()).applicant },
        RegisteredData::Payers {
            names: vec!["ﾐﾎﾝｹｲﾘ".into(), "ﾐﾎﾝｼﾖｳｼﾞ".into()]
        },
        RegisteredData::Contact {
            contract: contract(),
            role: contract::PersonRole::Billing,
            person: "H-1".into(),
            kept: None,
        },
    ];
    let planned_on = day("2026-05-11");
    let told = |what| DataChange { what, planned_on, unplanned: false };
    changes.map(|what| Fact::DataChangeNotified(Box::new(told(what)))).into()
}
