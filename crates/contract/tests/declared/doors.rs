//! What is declared at the door of an entry is what the entry holds.

use std::collections::BTreeSet;

use crate::samples;
use contract::declare::door::{Ask, Doorway, Of, When};
use contract::road::stream::Content;
use serde_json::{Map, Value, json};

fn sample(doorway: &Doorway) -> Content {
    let facts = samples::facts().into_iter().map(Content::Fact);
    let acts = samples::acts().into_iter().map(Content::Act);
    let name = |content: &Content| match content {
        Content::Fact(fact) => fact.name(),
        Content::Act(act) => act.name(),
        _ => "",
    };
    facts.chain(acts).find(|content| name(content) == doorway.kind.name).expect("a golden sample")
}

fn fields_of(content: &Content) -> Map<String, Value> {
    let value = match content {
        Content::Fact(fact) => json!(fact),
        Content::Act(act) => json!(act),
        other => panic!("{other:?} is no entry"),
    };
    let Value::Object(mut fields) = value else { panic!("an entry is an object") };
    fields.remove("type");
    fields
}

/// What only older entries have, and no door asks for.
const OF_OLD: [&str; 1] = ["proposed_by"];

/// What follows from that to which it is done ([`Here::fixed`](contract::declare::door::Here)).
fn follows(of: Of, field: &str) -> bool {
    match of {
        Of::Matter(_) => field == "contract",
        Of::Delivery(_) => field == "notice",
        _ => false,
    }
}

#[test]
fn every_door_asks_for_every_field_of_its_entry_and_for_nothing_else() {
    for doorway in Doorway::all() {
        let sample = sample(&doorway);
        let held = fields_of(&sample);
        let asked: BTreeSet<_> =
            doorway.door.fields.iter().filter(|field| field.is_stored()).map(|f| f.name).collect();
        let of = doorway.door.of.field();
        for field in held.keys().filter(|field| !OF_OLD.contains(&field.as_str())) {
            let follows = follows(doorway.door.of, field);
            assert!(
                field == of || follows || asked.contains(field.as_str()),
                "{}: {field}",
                doorway.word()
            );
        }
        let id = held[of].as_str().expect("an id").to_owned();
        let fields: Map<_, _> = held
            .into_iter()
            .filter(|(field, _)| asked.contains(field.as_str()) || follows(doorway.door.of, field))
            .collect();
        for field in doorway.door.fields.iter().filter(|field| field.is_stored() && field.must) {
            assert!(fields.contains_key(field.name), "{}: {}", doorway.word(), field.name);
        }
        let again = doorway.entry(&id, fields).expect("it reads back");
        let name = doorway.word();
        assert_eq!(fields_of(&again).get(of), fields_of(&sample).get(of), "{name}");
    }
}

#[test]
fn every_door_has_words_in_both_languages_and_a_word_of_its_own() {
    let mut words = BTreeSet::new();
    for Doorway { kind, door, .. } in Doorway::all() {
        assert!(words.insert(kind.word()), "{} twice", kind.word());
        let mut said = vec![door.offer, door.verb, door.lead];
        said.extend(door.fields.iter().map(|field| field.label));
        if let When::Asked(label) = door.when {
            said.push(label);
        }
        for said in said {
            assert!(!said.ja.is_empty() && !said.en.is_empty(), "{}: {said:?}", kind.word());
        }
        if let When::On(day) = door.when {
            let field = door.fields.iter().find(|field| field.name == day);
            assert_eq!(field.map(|field| field.ask), Some(Ask::PastDay), "{}", kind.word());
        }
    }
    assert!(words.len() > 10, "{words:?}");
}

#[test]
fn what_takes_a_second_person_is_brought_as_a_proposal() {
    let mut proposed = 0;
    for doorway in Doorway::all() {
        let held = fields_of(&sample(&doorway));
        let id = held[doorway.door.of.field()].as_str().expect("an id").to_owned();
        let Content::Act(act) = doorway.brought(&id, held).expect("it reads back") else {
            assert!(!doorway.is_act(), "{}", doorway.word());
            continue;
        };
        assert_eq!(act.name() == "propose", doorway.is_proposed(), "{}", doorway.word());
        proposed += usize::from(doorway.is_proposed());
    }
    assert!(proposed >= 3);
}
