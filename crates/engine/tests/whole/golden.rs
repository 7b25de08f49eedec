//! The stored form of effects and of the operator's own entries: what was written
//! once must be readable for ever. `UPDATE_GOLDEN=1` writes the files anew.

use std::collections::BTreeSet;
use std::path::PathBuf;

use contract::declare::words::Language;
use contract::matters::matter::MatterId;
use contract::notices::given::{DeliveryId, NoticeId};
use engine::effect::*;
use engine::{OperatorEntry, Wanted};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::desk::{Desk, FORM, deposits, kita, spoilt_form, usage_of};

const ENTRIES: [&str; 5] = ["run", "block", "deposit_file", "usage_file", "mail_sent"];

/// One of every kind.
pub fn effects() -> Vec<Effect> {
    let application = || "P-045827adcf33".into();
    let contract = || "K-045827adcf33".into();
    vec![
        AcceptanceMail { application: application() }.into(),
        RefusalMail { application: application() }.into(),
        FormFaultsMail { reference: "first@hokuto.example".to_owned() }.into(),
        OrderAcceptanceMail { contract: contract(), change: None }.into(),
        ReceiptNotice { contract: contract(), effective: "2026-11-04".parse().unwrap() }.into(),
        TerminationNotice { contract: contract(), act: None }.into(),
        NonRenewalNotice { contract: contract(), against: "2026-09-30".parse().unwrap() }.into(),
        InvoiceMail { number: "INV-2026-000001".to_owned() }.into(),
        CertificateMail { contract: contract() }.into(),
        Cloud { contract: contract(), wanted: Wanted::Suspended }.into(),
        Erase { contract: contract() }.into(),
        CreditNotes {
            act: "S-7".into(),
            month: "2026-05".parse().unwrap(),
            amount: reckon::Yen(110_000),
        }
        .into(),
        CreditNoteMail { number: "CN-2026-000001".to_owned() }.into(),
        AgreementNotice { contract: contract(), to: Some("2026-11-30".parse().unwrap()) }.into(),
        MatterMail { contract: contract(), matter: MatterId("M-11112222".to_owned()) }.into(),
        NoticeMail {
            notice: NoticeId::numbered(1),
            delivery: DeliveryId("T-0123456789ab".to_owned()),
        }
        .into(),
        ContractNotice {
            contract: contract(),
            kind: "extension".to_owned(),
            about: "2026-10-31".to_owned(),
        }
        .into(),
        BookPayment { payment: "S-5".into(), to: "A-1990002000006".into() }.into(),
    ]
}

/// What its row says that it is, such as `acceptance_mail`.
fn tag(effect: &Effect) -> String {
    json!(effect)["effect"].as_str().expect("a tag").to_owned()
}

#[test]
fn every_letter_of_the_list_has_a_sample_and_is_known_by_its_name() {
    let samples = effects();
    let mut begins: Vec<_> = samples.iter().map(|effect| effect.of().begins).collect();
    let mut listed: Vec<_> = Effect::KINDS.iter().map(|of| of.begins).collect();
    begins.sort_unstable();
    listed.sort_unstable();
    assert_eq!(begins, listed);
    for effect in samples {
        let of = Effect::KINDS.iter().filter(|of| effect.name().starts_with(of.begins));
        assert_eq!(of.count(), 1, "{}", effect.name());
        for language in [Language::Japanese, Language::English] {
            assert_eq!(Effect::titled(&effect.name(), language), effect.title(language));
        }
        assert!(!effect.of().menders.is_empty(), "nobody mends {}", effect.name());
    }
}

fn folder() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("run the tests with cargo");
    PathBuf::from(here).join("tests/whole/golden")
}

fn keeps_its_form<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string_pretty(value).expect("plain data") + "\n";
    let path = folder().join(format!("{name}.json"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(folder()).expect("the folder");
        std::fs::write(&path, &text).expect("the golden file can be written");
    }
    let stored = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{name}.json is missing: run once with UPDATE_GOLDEN=1"));
    assert_eq!(text, stored, "{name}");
    let read: T = serde_json::from_str(&stored).expect("the stored form");
    assert_eq!(&read, value, "{name}");
}

#[test]
fn every_effect_keeps_its_stored_form() {
    let effects = effects();
    for effect in &effects {
        keeps_its_form(&format!("effect.{}", tag(effect)), effect);
    }
}

/// A desk at which every kind of entry has come up.
async fn entries() -> Vec<OperatorEntry> {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    let faulty =
        crate::desk::Applicant { message_id: "2@hokuto.example".into(), ..kita("m@x.example") };
    let mail = faulty.mail_with(&[(FORM, spoilt_form(&[("住所", "")]))]);
    let by = desk.person("sato");
    desk.engine.receive_application_mail("b.eml", &mail, &by).await.unwrap_err();
    desk.go_to("2026-05-08T09:00:00").await;
    let billing = desk.person("takahashi");
    let rows = [("u-1", "100.5", "2026-04-12T00:00:00", "2026-04-20T00:00:00")];
    let usage = usage_of(&registered, &rows);
    desk.engine.import_usage("april.csv", &usage, &billing).await.unwrap();
    let (month, day) = ("2026-04".parse().unwrap(), "2026-05-08".parse().unwrap());
    desk.engine.bill(month, day, &billing).await.unwrap();
    let bank = deposits("2026-05-08", &[("ｶ)ﾎｸﾄｹｲｿｸ", 10_000)]);
    desk.engine.import_deposits("bank.txt", &bank, &billing).await.unwrap();
    let mut entries = Vec::new();
    for stream in
        ["billing-run/2026-04@2026-05-08", "numbers/INV-2026", "bank-files", "usage-files", "mails"]
    {
        entries.extend(desk.engine.store.operator_stream(stream).await.unwrap());
    }
    entries
}

#[tokio::test]
async fn every_entry_of_the_operator_keeps_its_stored_form() {
    let entries = entries().await;
    for entry in &entries {
        keeps_its_form(&format!("entry.{}", entry.kind), entry);
    }
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ENTRIES);
}

#[test]
fn no_golden_file_is_left_over() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return;
    }
    let effects = effects().into_iter().map(|effect| format!("effect.{}.json", tag(&effect)));
    let entries = ENTRIES.iter().map(|kind| format!("entry.{kind}.json"));
    let expected: BTreeSet<String> = effects.chain(entries).collect();
    let files = std::fs::read_dir(folder()).expect("the folder");
    let found: BTreeSet<String> = files
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, expected);
}
