//! Corrections over the whole engine: a documented example, the record after it,
//! and a preview that changes nothing.

use std::path::Path;

use contract::declare::act::{Act, Propose, VoidEntry};
use contract::declare::fact::{Fact, ServiceStarted};
use contract::road::stream::Content;
use document::wording::Language;

use crate::desk::{Lived, in_memory, live, read_scenario};

async fn example(name: &str) -> Lived {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scenarios");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    live(&read_scenario(&text), in_memory().await, "osojimo").await
}

#[tokio::test]
async fn agreements_on_a_cancellation_are_audited_clean() {
    let lived = example("agreed-cancellation.toml").await;
    assert_eq!(lived.engine.audit().await.unwrap().differences, Vec::<String>::new());
}

#[tokio::test]
async fn a_preview_says_what_would_change_and_changes_nothing() {
    let lived = example("agreed-cancellation.toml").await;
    let engine = &lived.engine;
    let account = &lived.customer.account;
    let before = engine.export().await.unwrap();
    let records = engine.records(account).await.unwrap();
    let started = records.iter().find_map(|record| match &record.input.content {
        Content::Fact(Fact::ServiceStarted(ServiceStarted { line: 1, .. })) => {
            Some(record.input.id.clone())
        }
        _ => None,
    });
    let void = Content::Act(Act::VoidEntry(VoidEntry { of: started.expect("an entry") }));
    let preview = engine.preview_entry(account, &void).await.unwrap();
    assert_eq!(preview, engine.preview_entry(account, &void).await.unwrap());
    assert!(!preview.charges.is_empty());
    assert!(preview.charges.iter().all(|charge| charge.difference.0 < 0));
    assert!(!preview.words(Language::English).is_empty());
    assert_eq!(engine.export().await.unwrap(), before);
}

#[tokio::test]
async fn what_the_proposer_saw_is_kept_with_the_proposal() {
    let lived = example("agreed-cancellation.toml").await;
    let mut kept = 0;
    for record in lived.engine.records(&lived.customer.account).await.unwrap() {
        let Content::Act(Act::Propose(Propose { act })) = &record.input.content else { continue };
        let preview = lived.engine.preview_of(&record.input.id).await.unwrap().expect("kept");
        assert!(record.input.evidence.iter().any(|name| name.starts_with("preview/")));
        assert_eq!(preview.what.en, act.line(Language::English));
        kept += 1;
    }
    assert_eq!(kept, 3);
}
