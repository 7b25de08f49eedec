//! The stored form of everything that stands in a stream: what was written once
//! must be readable for ever. `UPDATE_GOLDEN=1` writes the files anew.

mod case;
mod samples;

use std::collections::BTreeSet;
use std::path::PathBuf;

use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::road::stream::Body;
use contract::who::roles::{Role, can_be_second_person, may_act, needs_second_person};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Names the variants twice over: a match that a new variant breaks, and a list
/// that its sample must be on.
macro_rules! variants {
    ($all:ident, $of:ident: $($variant:ident),+ $(,)?) => {
        fn $of(value: &$all) -> &'static str {
            match value {
                $($all::$variant { .. } => stringify!($variant),)+
            }
        }
        mod $of {
            pub const NAMES: &[&str] = &[$(stringify!($variant)),+];
        }
    };
}

variants!(Fact, fact:
    ApplicationReceived, PaperFormReceived, AcceptanceMailSent, RefusalSent, OrderAcceptanceSent,
    MailRefused, ApplicationWithdrawn, ContactChanged, ServiceStarted, NonRenewalStated, CancellationFormArrived,
    ReceiptNoticeSent, TerminationNoticeSent, JudgementRecorded, InvoiceIssued, InvoiceSent,
    PaymentCredited, UsageImported, UpstreamSuspended, UpstreamResumed, MaterialErased,
    CertificateSent, EntryVoided, CheckRecorded, CreditNoteIssued, CreditNoteSent, HeldReturned,
    AgreementNoticeSent,
    ContractTakenOver, ReceivableTakenOver,
    CureDemanded, GroundLifted, InsolvencyReleased, MaterialDisposed,
    DataChangeNotified, QuoteIssued, PurchaseOrderReceived, DocumentFiled,
);

variants!(Act, act:
    AcceptApplication, RefuseApplication, Suspend, Resume, Terminate, OrderErasure, ConfirmErasure,
    Propose, Approve, Decline,
    DeclineRenewal, ConfirmArrival, DeclineArrival, VoidEntry, CorrectEntry, MovePayment, CorrectInvoices,
    UndoCashApplication, ApplyPayment, OffsetHeld, ReturnHeld, WaiveInterest, WaiveFee,
    ChargeAmendmentCosts, AgreeCancellation,
    VerifyTakeover,
);

variants!(Consequence, consequence:
    TermsAssented, GroundsFound, TaskOpened, TaskClosed, ContractFormed, ContractChanged,
    MinimumTermSet, ContractExtended, ExpiryScheduled, StatementLate, CancellationDetermined,
    ChannelWithoutEffect, PayableNow, ContractEnded, AccountsClosed, SecrecyEnds, PaymentApplied,
    Overpaid, ReceivablePaid, ReceivableOverdue, LateInterestOwed, RightOpened, RightClosed, Alert,
    ArrivalConfirmed, ArrivalDeclined, DataChangeNoted, DataChanged,
    ApplicationUndone, CreditApplied, InterestWaived, CancellationAgreed, MonthEndOffered,
    ContractTakenOver, ReceivableTakenOver,
    OrderDetermined, ReceiptNoticeDetermined, TerminationNoticeDetermined,
);

variants!(Body, body: Registered, Done, Refused, Follows, Retracted);

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

fn file(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    PathBuf::from(folder).join(format!("{name}.json"))
}

fn keeps_its_form<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string_pretty(value).expect("plain data") + "\n";
    let path = file(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(&path, &text).expect("the golden file can be written");
    }
    let stored = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{name}.json is missing: run once with UPDATE_GOLDEN=1"));
    assert_eq!(text, stored, "{name}");
    let read: T = serde_json::from_str(&stored).expect("the stored form");
    assert_eq!(&read, value, "{name}");
}

fn all_keep_their_form<T>(kind: &str, names: &[&str], values: &[T], name_of: fn(&T) -> &'static str)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    for value in values {
        keeps_its_form(&format!("{kind}.{}", snake(name_of(value))), value);
    }
    let sampled: BTreeSet<_> = values.iter().map(name_of).collect();
    let missing: Vec<_> = names.iter().filter(|name| !sampled.contains(**name)).collect();
    assert!(missing.is_empty(), "no sample of {kind} {missing:?}");
    assert_eq!(values.len(), names.len(), "one sample of each {kind}");
}

#[test]
fn every_fact_keeps_its_stored_form() {
    all_keep_their_form("fact", fact::NAMES, &samples::facts(), fact);
}

#[test]
fn every_act_keeps_its_stored_form() {
    all_keep_their_form("act", act::NAMES, &samples::acts(), act);
    for sample in samples::acts() {
        assert_eq!(sample.name(), snake(act(&sample)));
    }
}

#[test]
fn every_consequence_keeps_its_stored_form() {
    let samples = samples::consequences();
    all_keep_their_form("consequence", consequence::NAMES, &samples, consequence);
}

#[test]
fn every_entry_of_a_stream_keeps_its_stored_form() {
    all_keep_their_form("body", body::NAMES, &samples::bodies(), body);
}

#[test]
fn an_invoice_and_a_record_keep_their_stored_form() {
    keeps_its_form("invoice", &samples::invoice());
    keeps_its_form("record", &samples::record());
}

#[test]
fn no_golden_file_is_left_over() {
    let kinds = [
        ("fact", fact::NAMES),
        ("act", act::NAMES),
        ("consequence", consequence::NAMES),
        ("body", body::NAMES),
    ];
    let mut expected: BTreeSet<String> = ["invoice.json", "record.json"].map(str::to_owned).into();
    for (kind, names) in kinds {
        expected.extend(names.iter().map(|name| format!("{kind}.{}.json", snake(name))));
    }
    let folder = std::fs::read_dir(file("x").parent().expect("a folder")).expect("the folder");
    let found: BTreeSet<String> = folder
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, expected);
}

/// Derived from the acts, so that a new one cannot be forgotten.
#[test]
fn every_role_that_can_be_the_second_person_is_named_as_one() {
    let decided: BTreeSet<Role> = samples::acts()
        .iter()
        .filter(|act| needs_second_person(act) || act.needs_approval())
        .flat_map(|act| Role::ALL.into_iter().filter(|role| may_act(*role, act)))
        .collect();
    let named = Role::ALL.into_iter().filter(|role| can_be_second_person(*role)).collect();
    assert_eq!(decided, named);
}
