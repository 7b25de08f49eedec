//! What a rule cites must be there: in the pack, and in the table itself.

use std::collections::BTreeSet;

use contract::declare::reason::Because;
use contract::declare::rules::{RULES, rule};
use terms::Pack;

#[test]
fn every_clause_reading_and_parameter_that_a_rule_cites_exists() {
    let pack = Pack::bundled();
    let mut missing = Vec::new();
    for rule in RULES {
        let clauses = rule.clauses.iter().filter(|id| !pack.clauses.contains_key(**id));
        let readings = rule.readings.iter().filter(|id| !pack.readings.contains_key(**id));
        let parameters = rule.parameters.iter().filter(|id| !pack.parameters.contains_key(**id));
        let absent = clauses.chain(readings).chain(parameters);
        missing.extend(absent.map(|id| format!("{}: {id}", rule.id)));
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// A citation taken out of the table takes what it showed with it, before anything
/// is played again.
#[test]
fn every_sighting_through_a_rule_is_of_a_clause_for_which_the_rule_speaks() {
    for seen in &Pack::bundled().sightings {
        let Some(name) = &seen.rule else { continue };
        let speaks = rule(name).is_some_and(|rule| rule.clauses.contains(&&*seen.clause));
        assert!(speaks, "{name} does not cite {}: {} showed it", seen.clause, seen.by);
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_title_in_both_languages() {
    let names: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), RULES.len());
    for rule in RULES {
        assert_eq!(Because::of(rule).rule_id(), rule.id);
        assert!(!rule.title.ja.is_ascii() && rule.title.en.is_ascii(), "{}", rule.id);
    }
}

#[test]
fn every_rule_of_the_code_is_in_the_list() {
    let mut named = Vec::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut folders = vec![std::path::PathBuf::from(source)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(path).expect("a source file");
                let calls = text.split("Rule::new(\"").skip(1);
                named.extend(calls.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
            }
        }
    }
    named.sort();
    let mut listed: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    listed.sort_unstable();
    assert_eq!(named, listed);
}
