//! The record: it proves itself, holds no person in clear, and answers "why?"
//! after everything personal is gone.

use std::path::Path;
use std::sync::Arc;

use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::declare::ids::ConsequenceId;
use contract::declare::reason::Audience;
use contract::road::stream::{Body, Content, Record};
use document::wording::{self, Language};
use document::{read_application, read_mail};
use engine::{Delivery, DocumentQuery, Engine, Letter, Mail};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use store::SqlStore;

use crate::desk::{Desk, FORM, Lived, kita, live, on_disk, sample_scenario, spoilt_form};

const APPLICATION: &[u8] = include_bytes!("../../../../samples/minato/files/application.eml");

async fn lived(folder: &Path) -> Lived {
    live(&sample_scenario(), on_disk(folder).await, "aoba").await
}

async fn database(folder: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(folder.join("yakkan.db"));
    SqlitePool::connect_with(options).await.unwrap()
}

#[tokio::test]
async fn an_untouched_life_has_no_differences_and_a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let audit = lived.engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
    assert!(audit.inputs > 50 && audit.events > audit.inputs, "{audit:?}");
    let database = database(folder.path()).await;
    for (table, which) in [
        ("event", "type = 'follows/payment_applied'"),
        ("event", "type = 'registered'"),
        ("event", "stream = 'numbers/INV-2026'"),
        ("input", "payload LIKE '%payment_credited%'"),
        ("input", "payload LIKE '%invoice_issued%'"),
    ] {
        let change = |from: &str, to: &str| {
            sqlx::AssertSqlSafe(format!(
                "UPDATE {table} SET payload = replace(payload, '{from}', '{to}') \
                 WHERE rowid = (SELECT min(rowid) FROM {table} WHERE {which})"
            ))
        };
        let changed = sqlx::query(change("202", "\u{1}02")).execute(&database).await.unwrap();
        assert_eq!(changed.rows_affected(), 1, "{table}, {which}");
        let faults = lived.engine.store.check_chains().await.unwrap();
        assert!(!faults.is_empty(), "{table}, {which}: nobody noticed");
        sqlx::query(change("\u{1}02", "202")).execute(&database).await.unwrap();
        assert_eq!(lived.engine.store.check_chains().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_changed_amount_is_named_by_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let database = database(folder.path()).await;
    let sql = "UPDATE input SET payload = replace(payload, '\"amount\":660', '\"amount\":661')";
    let changed = sqlx::query(sql).execute(&database).await.unwrap();
    assert!(changed.rows_affected() > 0);
    let differences = lived.engine.audit().await.unwrap().differences;
    assert!(
        differences.iter().any(|one| one.starts_with("input ") && one.contains(", payload: ")),
        "{differences:#?}"
    );
    assert!(differences.iter().any(|one| one.contains("decided otherwise")), "{differences:#?}");
}

#[tokio::test]
async fn a_changed_invoice_pdf_is_named_by_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let database = database(folder.path()).await;
    let sql = "UPDATE document SET bytes = CAST('%PDF-1.7 forged' AS BLOB) \
               WHERE id = 'paper/invoice-INV-2026-000002'";
    let changed = sqlx::query(sql).execute(&database).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    let differences = lived.engine.audit().await.unwrap().differences;
    // Its seal and the hash in its input both tell.
    assert_eq!(differences.len(), 2, "{differences:#?}");
    assert!(differences[0].starts_with("document paper/invoice-INV-2026-000002, bytes: "));
    assert!(differences[1].contains("paper/invoice-INV-2026-000002"), "{differences:#?}");
}

/// Where in a data folder these texts stand in clear: in any table of the
/// database, its log, or a usage file.
async fn in_clear(folder: &Path, texts: &[String]) -> Vec<String> {
    let names = ["yakkan.db", "yakkan.db-wal"].map(|name| folder.join(name));
    let segments = std::fs::read_dir(folder.join("segments")).unwrap();
    let files = names.into_iter().chain(segments.map(|entry| entry.unwrap().path()));
    let mut found = Vec::new();
    for path in files.filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).unwrap();
        for text in texts {
            if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                found.push(format!("{text} in {}", path.display()));
            }
        }
    }
    found
}

#[tokio::test]
async fn no_person_stands_in_clear_in_the_database_of_a_life() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqlStore::open(folder.path()).await.unwrap());
    let lived = live(&sample_scenario(), store.clone(), "aoba").await;
    let mail = read_mail("application.eml", APPLICATION).unwrap();
    let (form, people) =
        read_application(&mail.attachments[0].name, &mail.attachments[0].bytes).unwrap();
    let personal: Vec<_> =
        people.into_iter().flat_map(|person| [person.name, person.mail, person.phone]).collect();
    assert!(personal.len() >= 3 && personal.iter().all(|text| text.len() > 5), "{personal:?}");
    let recorded = lived.engine.export().await.unwrap().to_string();
    let recorded: Vec<_> = personal.iter().filter(|text| recorded.contains(*text)).collect();
    assert!(recorded.is_empty(), "{recorded:?} stand in the record");
    store.close().await;
    assert_eq!(in_clear(folder.path(), &personal).await, Vec::<String>::new());
    // A company is no person: this is how a text is found that stands in clear.
    assert!(!in_clear(folder.path(), &[form.applicant.name]).await.is_empty());
}

/// A server that refuses and repeats the address, as many do.
struct Gossip;

#[async_trait::async_trait]
impl Mail for Gossip {
    async fn send(&self, letter: &Letter) -> Delivery {
        Delivery::Refused { reply: format!("550 5.1.1 <{}>: no such user", letter.to[0]) }
    }
}

#[tokio::test]
async fn no_person_stands_in_clear_after_faulty_forms_and_refused_mails() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqlStore::open(folder.path()).await.unwrap());
    let desk = Desk::with_mail(store.clone(), Arc::new(Gossip));
    let applicant = kita("mouri@hokuto.example");
    let registered = desk.apply(&applicant).await;
    desk.accept(&registered).await;
    let faulty = crate::desk::Applicant { message_id: "2@hokuto.example".into(), ..applicant };
    let mail = faulty.mail_with(&[(FORM, spoilt_form(&[("住所", "")]))]);
    let by = desk.person("sato");
    assert!(desk.engine.receive_application_mail("b.eml", &mail, &by).await.is_err());
    desk.engine.settle().await.unwrap();
    let replies: Vec<_> =
        desk.engine.store.outbox().await.unwrap().into_iter().map(|row| row.last_reply).collect();
    assert_eq!(replies, ["550 5.1.1 <…>: no such user"; 2]);
    store.close().await;
    let personal = ["毛利　小夜子", "mouri@hokuto.example", "011-000-4649"].map(str::to_owned);
    assert_eq!(in_clear(folder.path(), &personal).await, Vec::<String>::new());
}

#[tokio::test]
async fn after_the_erasure_contacts_are_gone_and_invoices_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let store = &lived.engine.store;
    let contract = lived.customer.application.contract();
    assert_eq!(store.personal_of(&format!("{contract}/material")).await.unwrap(), []);
    let contact = format!("{contract}/contact/responsible_person");
    assert_eq!(store.personal(&contact).await.unwrap(), None);
    assert_eq!(store.count_usage(&contract.0).await.unwrap(), 0);
    let documents = store.documents(&lived.customer.account).await.unwrap();
    let invoices = invoices(&records(&lived).await).len();
    assert_eq!(documents.iter().filter(|(_, kind, _)| kind == "invoice").count(), invoices);
    for (id, _, _) in &documents {
        let document = store.document(id).await.unwrap().unwrap();
        assert!(document.bytes.starts_with(b"%PDF"), "{id}");
    }
}

async fn records(lived: &Lived) -> Vec<Record> {
    lived.engine.records(&lived.customer.account).await.unwrap()
}

/// Numbers of the invoices, with the numbers of their lines.
fn invoices(records: &[Record]) -> Vec<(String, Vec<u32>)> {
    let invoices = records.iter().filter_map(|record| match &record.input.content {
        Content::Fact(Fact::InvoiceIssued(invoice)) => Some(invoice),
        _ => None,
    });
    invoices
        .map(|one| (one.number.clone(), one.lines.iter().map(|line| line.number).collect()))
        .collect()
}

fn consequences(records: &[Record]) -> Vec<(ConsequenceId, Consequence)> {
    let events = records.iter().flat_map(|record| &record.events);
    let follows = events.filter_map(|event| match &event.body {
        Body::Follows { id, consequence } => Some((id.clone(), consequence.clone())),
        _ => None,
    });
    follows.collect()
}

/// Marks that only staff may see, in both languages.
const STAFF_ONLY: [&str; 7] =
    ["未署名", "unsigned", "[社内]", "[staff]", "ほかの読み方", "署名", "signed"];

async fn answers(engine: &Engine, id: &str) {
    for language in [Language::Japanese, Language::English] {
        let found = engine.explain(id, language).await.unwrap();
        assert!(!found.is_empty(), "{id}");
        for one in found {
            let staff = wording::explain(&one, language, Audience::Staff);
            assert!(staff.lines().count() > 3, "{id}: {staff}");
            let public = wording::explain(&one, language, Audience::Everyone);
            if one.audience == Audience::Staff {
                assert_eq!(public, "", "{id} is for staff");
                continue;
            }
            assert!(public.lines().count() > 3, "{id}: {public}");
            for mark in STAFF_ONLY {
                assert!(!public.contains(mark), "{mark} stands in {public}");
            }
            for other in one.readings.iter().flat_map(|reading| &reading.alternatives) {
                let beside = format!(" {other}");
                assert!(!public.lines().any(|line| line.ends_with(&beside)), "{other}: {public}");
            }
        }
    }
}

#[tokio::test]
async fn why_is_answered_for_every_consequence_and_line_of_a_life() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let records = records(&lived).await;
    let consequences = consequences(&records);
    assert!(consequences.len() > 40, "only {}", consequences.len());
    for (id, _) in &consequences {
        answers(&lived.engine, &id.0).await;
    }
    let invoices = invoices(&records);
    assert!(invoices.len() > 10, "only {}", invoices.len());
    for (number, lines) in &invoices {
        answers(&lived.engine, number).await;
        for line in lines {
            answers(&lived.engine, &format!("{number}/{line}")).await;
        }
    }
    answers(&lived.engine, &lived.customer.application.contract().0).await;
    answers(&lived.engine, &lived.customer.account.0).await;
    let nothing = lived.engine.explain("C-nothing", Language::English).await.unwrap_err();
    assert!(nothing.to_string().contains("give an invoice"), "{nothing}");
}

/// Whatever came or left as a paper stands in the index, under whichever fact.
#[tokio::test]
async fn every_paper_of_a_life_is_indexed() {
    let folder = tempfile::tempdir().unwrap();
    let lived = lived(folder.path()).await;
    let found = lived.engine.search_documents(&DocumentQuery::default()).await.unwrap();
    let indexed: Vec<_> = found.iter().map(|one| one.filed.document.name()).collect();
    let mut papers = 0;
    for record in lived.engine.records(&lived.customer.account).await.unwrap() {
        let names = record.input.evidence.iter().filter_map(|name| name.split_once(" blake3:"));
        // What goes with the acceptance mail goes out once more by itself (9-5).
        let own = |id: &str| id.starts_with("paper/") && !id.starts_with("paper/acceptance-");
        for (id, _) in names.filter(|(id, _)| own(id)) {
            assert!(indexed.contains(&id), "{id} of {:?}", record.input.content);
            papers += 1;
        }
    }
    assert!(papers > 5, "{papers}");
}
