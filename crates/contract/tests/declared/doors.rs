//! What is declared at the door of an entry is what the entry holds.

use std::collections::BTreeSet;

use crate::samples;
use contract::declare::door::{Ask, Doorway, Of, When, held};
use contract::declare::sealed::{Mark, Sealed};
use contract::road::stream::Content;
use reckon::Moment;
use serde_json::{Map, Value, json};

fn sample(doorway: &Doorway) -> Content {
    let more = samples::more_changes();
    let facts = samples::facts().into_iter().chain(more).map(Content::Fact);
    let acts = samples::acts().into_iter().map(Content::Act);
    let name = |content: &Content| match content {
        Content::Fact(fact) => fact.name(),
        Content::Act(act) => act.name(),
        _ => "",
    };
    let says = |content: &Content| {
        let held_of = Value::Object(fields_of(content));
        let mut says = doorway.door.says.iter();
        says.all(|(field, value)| *held(&held_of, field) == *value)
    };
    let mut own = facts.chain(acts).filter(|content| name(content) == doorway.kind.name);
    own.find(says).unwrap_or_else(|| panic!("no golden sample of {}", doorway.word()))
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
    let door = doorway.door;
    let asked = door.fields.iter().flat_map(|field| field.also.iter().chain([&field.name]));
    let named = asked.chain(door.stamps).chain(door.says.iter().map(|(field, _)| field));
    let named: Vec<_> = named.copied().chain([door.of.field()]).collect();
    let mut apart = Map::new();
    for (field, value) in fields_of(content) {
        put_apart(&named, &field, value, &mut apart);
    }
    apart
}

fn put_apart(named: &[&str], field: &str, value: Value, apart: &mut Map<String, Value>) {
    let is_asked_within = named.iter().any(|name| name.starts_with(&format!("{field}/")));
    match value {
        Value::Object(inner) if is_asked_within => {
            for (name, value) in inner {
                put_apart(named, &format!("{field}/{name}"), value, apart);
            }
        }
        Value::Array(list) if is_asked_within => {
            for (at, value) in list.into_iter().enumerate() {
                put_apart(named, &format!("{field}/{at}"), value, apart);
            }
        }
        // What is kept under the name of a row is brought open.
        Value::String(_) if is_asked_within => {
            let person = json!({
                "role": "technical", "name": "髙﨑 空", "department": "基盤部",
                "mail": "sora@aoba.example", "phone": "03-1234-5678",
            });
            put_apart(named, field, person, apart);
        }
        value => drop(apart.insert(field.to_owned(), value)),
    }
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

/// What only older entries have, or the road adds, and no door asks for.
const NOT_ASKED: [&str; 3] = ["proposed_by", "kept", "what/kept"];

/// As it is stored: what is open is kept under the name of a row.
fn stored(content: &Content) -> Content {
    let mut content = content.clone();
    if let Content::Fact(fact) = &mut content {
        for mark in fact.marks() {
            if let Mark::Contact { person, .. } = mark {
                *person = Sealed::row("H-1");
            }
        }
    }
    content
}

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
        let apart = asked_in(&doorway, &sample);
        let also = doorway.door.fields.iter().flat_map(|field| field.also);
        let also: BTreeSet<_> = also.copied().collect();
        let is_same = |field: &str| also.contains(field);
        let asked: BTreeSet<_> =
            doorway.door.fields.iter().filter(|field| field.is_stored()).map(|f| f.name).collect();
        let of = doorway.door.of.field();
        for field in apart.keys().filter(|field| !NOT_ASKED.contains(&field.as_str())) {
            let follows = follows(doorway.door.of, field);
            assert!(
                field == of
                    || follows
                    || is_same(field)
                    || doorway.door.says.iter().any(|(name, _)| name == field)
                    || asked.contains(field.as_str())
                    || doorway.door.stamps.contains(&field.as_str()),
                "{}: {field}",
                doorway.word()
            );
        }
        let id = done_to(&doorway, &apart);
        let fields: Map<_, _> = apart
            .into_iter()
            .filter(|(field, _)| asked.contains(field.as_str()) || follows(doorway.door.of, field))
            .collect();
        for field in doorway.door.fields.iter().filter(|field| field.is_stored() && field.must) {
            assert!(fields.contains_key(field.name), "{}: {}", doorway.word(), field.name);
        }
        let again = doorway.entry(&id, at(), fields).expect("it reads back");
        let name = doorway.word();
        let again = asked_in(&doorway, &stored(&again));
        assert_eq!(again.get(of), asked_in(&doorway, &sample).get(of), "{name}");
        for stamp in doorway.door.stamps {
            assert_eq!(again[*stamp], json!(at()), "{name}");
        }
    }
}

#[test]
fn every_door_has_words_in_both_languages_and_a_word_of_its_own() {
    let mut words = BTreeSet::new();
    for doorway in Doorway::all() {
        let door = doorway.door;
        assert!(words.insert(doorway.word()), "{} twice", doorway.word());
        let mut said = vec![door.offer, door.verb, door.lead];
        said.extend(door.fields.iter().map(|field| field.label));
        if let When::Asked(label) = door.when {
            said.push(label);
        }
        for said in said {
            assert!(!said.ja.is_empty() && !said.en.is_empty(), "{}: {said:?}", doorway.word());
        }
        if let When::On(day) = door.when {
            let field = door.fields.iter().find(|field| field.name == day);
            assert_eq!(field.map(|field| field.ask), Some(Ask::PastDay), "{}", doorway.word());
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
