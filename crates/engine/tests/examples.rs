//! Every worked example that ships with the pack.

use engine::examples;
use terms::Pack;

#[test]
fn every_example_of_the_pack_passes() {
    let file = include_str!("../../../packs/pcs-e/1.1/examples.json");
    let outcomes = examples::run(Pack::bundled(), &examples::read(file).unwrap());
    assert!(outcomes.len() > 90, "only {} examples", outcomes.len());
    let failed: Vec<_> = outcomes.iter().filter(|outcome| !outcome.passed()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_case_beyond_the_calendar_fails_alone() {
    let file = r#"[
        {"id": "far", "fn": "extension", "expect": {}, "given": {"expiry": "9999-12-31", "times": 3}},
        {"id": "near", "fn": "due_roll", "expect": {"effective_due": "2026-06-01"},
         "given": {"nominal_due": "2026-05-31"}}]"#;
    let outcomes = examples::run(Pack::bundled(), &examples::read(file).unwrap());
    assert!(outcomes[0].answer.as_ref().is_err_and(|why| why.contains("not between")));
    assert!(outcomes[1].passed());
}

#[test]
fn an_unknown_switch_is_an_error_that_names_it() {
    let file = r#"[{"id": "x", "fn": "due_roll", "expect": {},
        "given": {"nominal_due": "2026-05-31", "params": {"rol": "none"}}}]"#;
    let outcomes = examples::run(Pack::bundled(), &examples::read(file).unwrap());
    assert_eq!(outcomes[0].answer, Err("params.rol: no such switch".to_owned()));
}
