//! Every consequence, fact and act has words in both languages.

use std::path::PathBuf;

use contract::UsePeriod;
use contract::declare::act::Act;
use contract::declare::consequence::{
    AccountsClosed, Alert, ArrivalConfirmed, ArrivalDeclined, CancellationDetermined,
    ChannelWithoutEffect, Consequence as C, ContractChanged, ContractEnded, ContractExtended,
    ContractFormed, DataChangeNoted, DataChanged, ExpiryScheduled, GroundsFound, LateInterestOwed,
    MinimumTermSet, Overpaid, PayableNow, PaymentApplied, ReceivableOverdue, ReceivablePaid,
    RightClosed, RightOpened, SecrecyEnds, StatementLate, TaskClosed, TaskOpened, TermsAssented,
};
use contract::declare::fact::Fact;
use contract::declare::reason::Finding;
use contract::declare::task::{AlertCode, TaskKind};
use contract::money::late_interest::Stretch;
use contract::notices::notice::Channel;
use contract::registered::parties::RegisteredItem;
use contract::service::minimum_term::EndCause;
use document::wording::{Language, finding};
use reckon::{Day, Yen};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// Each in its own language, apart from names and texts that it repeats.
fn has_words(japanese: &str, english: &str, stored: &impl Serialize) {
    let stored = serde_json::to_string(stored).expect("plain data");
    let is_japanese = |c: char| {
        matches!(c, '\u{3041}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}') && !stored.contains(c)
    };
    assert!(japanese.chars().any(is_japanese), "{japanese}");
    assert!(!english.is_empty() && !english.chars().any(is_japanese), "{english}");
    assert!(!japanese.contains('\n') && !english.contains('\n'), "{japanese}");
}

fn consequences() -> Vec<C> {
    let (contract, application) = (|| "K-1".into(), || "P-1".into());
    let (from, to) = (day("2026-06-01"), day("2026-06-30"));
    let cancelled = |desired, deemed| {
        C::CancellationDetermined(CancellationDetermined {
            contract: contract(),
            arrived_on: day("2026-04-02"),
            desired,
            effective: day("2026-05-01"),
            deemed,
            label_zone: false,
            confirm: Vec::new(),
        })
    };
    let alert = |code| C::Alert(Alert { code, about: "K-1".into(), detail: "line 1".into() });
    vec![
        C::TermsAssented(TermsAssented { application: application(), version: "1.1".into() }),
        C::TermsAssented(TermsAssented { application: application(), version: String::new() }),
        C::GroundsFound(GroundsFound {
            application: application(),
            grounds: vec!["9-10(2)".into()],
        }),
        C::TaskOpened(TaskOpened { task: TaskKind::PaperForm, about: "P-1".into(), remind_on: to }),
        C::TaskClosed(TaskClosed { task: TaskKind::Erasure, about: "K-1".into() }),
        C::ContractFormed(ContractFormed {
            contract: contract(),
            application: application(),
            version: "1.1".into(),
        }),
        C::ContractChanged(ContractChanged {
            contract: contract(),
            application: application(),
            from,
        }),
        C::MinimumTermSet(MinimumTermSet { contract: contract(), line: 1, from, to }),
        C::ContractExtended(ContractExtended {
            contract: contract(),
            period: UsePeriod { from, to },
            limit: day("2026-04-27"),
        }),
        C::ExpiryScheduled(ExpiryScheduled { contract: contract(), on: to }),
        C::StatementLate(StatementLate { contract: contract(), expiry: to, limit: from }),
        cancelled(None, true),
        cancelled(Some(day("2026-04-20")), true),
        cancelled(Some(day("2026-05-01")), false),
        C::ChannelWithoutEffect(ChannelWithoutEffect {
            contract: contract(),
            channel: Channel::Portal,
        }),
        C::PayableNow(PayableNow {
            contract: contract(),
            principal: Yen(110_000),
            interest: Yen(440),
            by: to,
        }),
        C::ContractEnded(ContractEnded { contract: contract(), on: to, cause: EndCause::Expiry }),
        C::AccountsClosed(AccountsClosed { contract: contract() }),
        C::RightOpened(RightOpened { right: "12-3".into(), about: "INV-1".into(), from }),
        C::RightClosed(RightClosed { right: "16-1(2)".into(), about: "INV-1".into(), on: to }),
        alert(AlertCode::UnknownSubject),
        alert(AlertCode::MailRefused),
        alert(AlertCode::MinimumTermOutlastsPeriod),
        alert(AlertCode::FormedThoughClosed),
        alert(AlertCode::LawNotApplicable),
    ]
}

/// What money settles or leaves open, and what outlasts the contract.
fn money() -> Vec<C> {
    let (from, to) = (day("2026-06-01"), day("2026-06-30"));
    vec![
        C::SecrecyEnds(SecrecyEnds { contract: "K-1".into(), until: to }),
        C::PaymentApplied(PaymentApplied {
            payment: "in-1".into(),
            number: "INV-1".into(),
            amount: Yen(1),
        }),
        C::Overpaid(Overpaid { payment: "in-1".into(), amount: Yen(1_000) }),
        C::ReceivablePaid(ReceivablePaid { number: "INV-1".into(), on: to }),
        C::ReceivableOverdue(ReceivableOverdue {
            number: "INV-1".into(),
            due: from,
            outstanding: Yen(5),
        }),
        C::LateInterestOwed(LateInterestOwed {
            number: "INV-1".into(),
            amount: Yen(1_188),
            days: 27,
            stretches: vec![Stretch { principal: Yen(110_000), after: from, paid: to, days: 27 }],
        }),
    ]
}

/// Around a contract: registered data (10-1), arrivals (15-1).
fn around() -> Vec<C> {
    let (from, to) = (day("2026-06-01"), day("2026-06-30"));
    let noted = |limit, late, unplanned| {
        C::DataChangeNoted(DataChangeNoted {
            item: RegisteredItem::BillTo,
            planned_on: from,
            limit,
            late,
            unplanned,
        })
    };
    vec![
        C::DataChanged(DataChanged { item: RegisteredItem::Payers, from }),
        noted(Some(to), false, false),
        noted(Some(from), true, false),
        noted(None, false, true),
        noted(None, false, false),
        C::ArrivalConfirmed(ArrivalConfirmed {
            contract: "K-1".into(),
            arrival: "I-1".into(),
            effective: from,
        }),
        C::ArrivalDeclined(ArrivalDeclined { contract: "K-1".into(), arrival: "I-1".into() }),
    ]
}

#[test]
fn a_consequence_has_words_in_each_of_its_shapes() {
    for each in consequences().into_iter().chain(money()).chain(around()) {
        let (ja, en) = (each.line(Language::Japanese), each.line(Language::English));
        has_words(&ja, &en, &each);
    }
}

#[test]
fn an_extension_names_its_period_and_limit() {
    let mut all = consequences().into_iter();
    let extended = all.find(|c| matches!(c, C::ContractExtended(_))).expect("a sample");
    assert_eq!(
        extended.line(Language::Japanese),
        "契約を2026-06-01〜2026-06-30に自動延長（申出の期限 2026-04-27 までに別段の意思表示なし）"
    );
    assert_eq!(
        extended.line(Language::English),
        "contract extended to 2026-06-01 … 2026-06-30 (no objection by the limit, 2026-04-27)"
    );
}

/// The stored form of every variant: a test of `contract` holds that there is one file
/// of each and none besides, and a new variant does not compile there without its own.
fn every<T: DeserializeOwned>(kind: &str) -> Vec<T> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/tests/golden");
    let files = std::fs::read_dir(folder).expect("the golden files of contract");
    let files = files.map(|file| file.expect("a file").path());
    let of_kind = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(kind))
    };
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a golden file");
        serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    };
    let all: Vec<T> = files.filter(of_kind).map(read).collect();
    assert!(!all.is_empty(), "no golden file of {kind}");
    all
}

#[test]
fn every_fact_has_words() {
    for each in every::<Fact>("fact.") {
        let (ja, en) = (each.line(Language::Japanese), each.line(Language::English));
        has_words(&ja, &en, &each);
    }
}

#[test]
fn every_act_has_words() {
    for each in every::<Act>("act.") {
        let (ja, en) = (each.line(Language::Japanese), each.line(Language::English));
        has_words(&ja, &en, &each);
    }
}

#[test]
fn every_consequence_has_words() {
    for each in every::<C>("consequence.") {
        let (ja, en) = (each.line(Language::Japanese), each.line(Language::English));
        has_words(&ja, &en, &each);
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
