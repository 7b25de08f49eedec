//! What is declared at the door of an entry is what the entry holds.

use std::collections::BTreeSet;

use crate::samples;
use contract::declare::door::{Ask, Doorway, Of, When};
use contract::road::stream::Content;
use reckon::Moment;
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

/// The same; what a door asks for within a field stands by itself.
fn asked_in(doorway: &Doorway, content: &Content) -> Map<String, Value> {
    let within = |field: &str| {
        let named = doorway.door.fields.iter().map(|field| field.name);
        let mut named = named.chain(doorway.door.stamps.iter().copied());
        named.any(|name| name.split_once('/').is_some_and(|(first, _)| first == field))
    };
    let mut asked = Map::new();
    for (field, value) in fields_of(content) {
        match value {
            Value::Object(inner) if within(&field) => {
                let named = |(name, value)| (format!("{field}/{name}"), value);
                asked.extend(inner.into_iter().map(named));
            }
            value => drop(asked.insert(field, value)),
        }
    }
    asked
}

/// What it is done to.
fn done_to(doorway: &Doorway, held: &Map<String, Value>) -> String {
    match doorway.door.of.field() {
        "" => "K-1".to_owned(),
        field => held[field].as_str().expect("an id").to_owned(),
    }
}

fn at() -> Moment {
    "2026-04-20T10:00:00".parse().expect("a moment")
}

/// What only older entries have, and no door asks for.
const OF_OLD: [&str; 1] = ["proposed_by"];

/// What follows from that to which it is done ([`Here::fixed`](contract::declare::door::Here)).
fn follows(of: Of, field: &str) -> bool {
    match of {
        Of::Matter(_) => field == "contract",
        Of::Delivery(_) => field == "notice",
        Of::Contract(_) => field == "statement/by",
        _ => false,
    }
}

#[test]
fn every_door_asks_for_every_field_of_its_entry_and_for_nothing_else() {
    for doorway in Doorway::all() {
        let sample = sample(&doorway);
        let held = asked_in(&doorway, &sample);
        let asked: BTreeSet<_> =
            doorway.door.fields.iter().filter(|field| field.is_stored()).map(|f| f.name).collect();
        let of = doorway.door.of.field();
        for field in held.keys().filter(|field| !OF_OLD.contains(&field.as_str())) {
            let follows = follows(doorway.door.of, field);
            assert!(
                field == of
                    || follows
                    || asked.contains(field.as_str())
                    || doorway.door.stamps.contains(&field.as_str()),
                "{}: {field}",
                doorway.word()
            );
        }
        let id = done_to(&doorway, &held);
        let fields: Map<_, _> = held
            .into_iter()
            .filter(|(field, _)| asked.contains(field.as_str()) || follows(doorway.door.of, field))
            .collect();
        for field in doorway.door.fields.iter().filter(|field| field.is_stored() && field.must) {
            assert!(fields.contains_key(field.name), "{}: {}", doorway.word(), field.name);
        }
        let again = doorway.entry(&id, at(), fields).expect("it reads back");
        let name = doorway.word();
        assert_eq!(fields_of(&again).get(of), fields_of(&sample).get(of), "{name}");
        for stamp in doorway.door.stamps {
            assert_eq!(asked_in(&doorway, &again)[*stamp], json!(at()), "{name}");
        }
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
        let held = asked_in(&doorway, &sample(&doorway));
        let id = done_to(&doorway, &held);
        let Content::Act(act) = doorway.brought(&id, at(), held).expect("it reads back") else {
            assert!(!doorway.is_act(), "{}", doorway.word());
            continue;
        };
        assert_eq!(act.name() == "propose", doorway.is_proposed(), "{}", doorway.word());
        proposed += usize::from(doorway.is_proposed());
    }
    assert!(proposed >= 3);
}
