//! 33-1: an export is declared.

mod case;

use case::Story;
use contract::declare::consequence::{Consequence, ExportNoted};
use contract::declare::fact::{ExportDeclared, Fact};
use contract::declare::ids::ContractId;
use contract::declare::words::Language;
use contract::who::roles::Role;

fn declared(contract: &ContractId, country: &str, licence: Option<&str>) -> Fact {
    Fact::ExportDeclared(ExportDeclared {
        contract: contract.clone(),
        purpose: "開発拠点での利用".into(),
        country: country.into(),
        licence: licence.map(str::to_owned),
        document: "declared.pdf".into(),
    })
}

#[test]
fn what_was_declared_stands_noted_by_country() {
    let mut story = Story::new();
    let id = story.running();
    let noted = |story: &Story, of: &str| {
        story.has(|what| matches!(what, Consequence::ExportNoted(ExportNoted { country, .. }) if country == of))
    };
    story.fact("2026-06-01T10:00", declared(&id, "シンガポール", Some("METI-2026-0412")));
    assert!(noted(&story, "シンガポール") && !noted(&story, "ベトナム"));
    story.fact("2026-06-02T10:00", declared(&id, "ベトナム", None));
    assert!(noted(&story, "ベトナム"));
}

#[test]
fn it_is_registered_by_whoever_brings_in_papers_and_says_what_licence_there_is() {
    let id = "K-1".into();
    let fact = declared(&id, "ベトナム", None);
    assert!(fact.may_be_registered_by(Role::OrderDesk));
    assert!(!fact.may_be_registered_by(Role::Billing));
    assert!(fact.line(Language::Japanese).contains("許可番号 不要"));
    let fact = declared(&id, "ベトナム", Some("METI-7"));
    assert!(fact.line(Language::English).contains("licence: METI-7"));
}
