//! 20-1(2), 31-1: the environment is declared against a version of the specification.

mod case;

use case::Story;
use contract::declare::consequence::{Consequence, EnvironmentNoted};
use contract::declare::fact::{EnvironmentDeclared, Fact};
use contract::declare::ids::ContractId;
use contract::declare::words::Language;
use contract::who::roles::Role;

fn declared(contract: &ContractId, specification: &str, differs: Option<&str>) -> Fact {
    Fact::EnvironmentDeclared(EnvironmentDeclared {
        contract: contract.clone(),
        specification: specification.into(),
        differs: differs.map(str::to_owned),
        document: "declared.pdf".into(),
    })
}

#[test]
fn each_version_that_was_declared_stands_noted() {
    let mut story = Story::new();
    let id = story.running();
    let noted = |story: &Story, of: &str| {
        story.has(|what| matches!(what, Consequence::EnvironmentNoted(EnvironmentNoted { specification, .. }) if specification == of))
    };
    story.fact("2026-06-01T10:00", declared(&id, "1.2", None));
    assert!(noted(&story, "1.2") && !noted(&story, "1.3"));
    story.fact("2026-09-01T10:00", declared(&id, "1.3", Some("OS の版")));
    assert!(noted(&story, "1.2") && noted(&story, "1.3"));
}

#[test]
fn it_says_what_differs_and_is_registered_by_whoever_brings_in_papers() {
    let id = "K-1".into();
    let fact = declared(&id, "1.2", None);
    assert!(fact.may_be_registered_by(Role::OrderDesk));
    assert!(!fact.may_be_registered_by(Role::Billing));
    assert!(fact.line(Language::Japanese).contains("異なる点 なし"));
    let fact = declared(&id, "1.2", Some("browser"));
    assert!(fact.line(Language::English).contains("differs: browser"));
}
