//! The stored form of everything that stands in a stream: what was written once
//! must be readable for ever; and what is declared of every kind, as `docs/entries.md`
//! shows it. `UPDATE_GOLDEN=1` writes the files and the page anew.

mod case;
#[path = "declared/doors.rs"]
mod doors;
mod samples;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use contract::declare::Kind;
use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::door::{Doorway, When};
use contract::declare::fact::Fact;
use contract::declare::reach::Reach;
use contract::declare::words::Language;
use contract::road::stream::Body;
use contract::who::roles::Role;
use serde::Serialize;
use serde::de::DeserializeOwned;
use terms::Pack;

/// What stands in a stream, by its stored name: a match that a new variant breaks.
fn body(value: &Body) -> &'static str {
    match value {
        Body::Registered { .. } => BODIES[0],
        Body::Done { .. } => BODIES[1],
        Body::Refused { .. } => BODIES[2],
        Body::Follows { .. } => BODIES[3],
        Body::Retracted { .. } => BODIES[4],
    }
}

const BODIES: [&str; 5] = ["registered", "done", "refused", "follows", "retracted"];

fn kinds(of: &[Kind]) -> Vec<&'static str> {
    of.iter().map(|kind| kind.name).collect()
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

fn file(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    PathBuf::from(folder).join(format!("{name}.json"))
}

fn keeps_its_form<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string_pretty(value).expect("plain data") + "\n";
    let path = file(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(&path, &text).expect("the golden file can be written");
    }
    let stored = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{name}.json is missing: run once with UPDATE_GOLDEN=1"));
    assert_eq!(text, stored, "{name}");
    let read: T = serde_json::from_str(&stored).expect("the stored form");
    assert_eq!(&read, value, "{name}");
}

/// As it is stored: the tag of a variant.
fn tag(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("plain data");
    value["type"].as_str().expect("a tag").to_owned()
}

fn all_keep_their_form<T>(kind: &str, names: &[&str], values: &[T], name_of: impl Fn(&T) -> String)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    for value in values {
        keeps_its_form(&format!("{kind}.{}", name_of(value)), value);
    }
    let sampled: BTreeSet<_> = values.iter().map(name_of).collect();
    let missing: Vec<_> = names.iter().filter(|name| !sampled.contains(**name)).collect();
    assert!(missing.is_empty(), "no sample of {kind} {missing:?}");
    assert_eq!(values.len(), names.len(), "one sample of each {kind}");
}

#[test]
fn every_fact_keeps_its_stored_form() {
    all_keep_their_form("fact", &kinds(Fact::KINDS), &samples::facts(), tag);
}

#[test]
fn every_act_keeps_its_stored_form() {
    all_keep_their_form("act", &kinds(Act::KINDS), &samples::acts(), tag);
}

#[test]
fn every_entry_is_named_as_it_is_stored() {
    for fact in samples::facts() {
        assert_eq!(fact.name(), tag(&fact));
    }
    for act in samples::acts() {
        assert_eq!(act.name(), tag(&act));
    }
}

#[test]
fn every_consequence_keeps_its_stored_form() {
    let names: Vec<String> = Consequence::KINDS.iter().map(|name| snake(name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    all_keep_their_form("consequence", &names, &samples::consequences(), tag);
}

#[test]
fn every_entry_of_a_stream_keeps_its_stored_form() {
    all_keep_their_form("body", &BODIES, &samples::bodies(), |each| body(each).to_owned());
}

#[test]
fn an_invoice_and_a_record_keep_their_stored_form() {
    keeps_its_form("invoice", &samples::invoice());
    keeps_its_form("record", &samples::record());
}

#[test]
fn no_golden_file_is_left_over() {
    let mut expected: BTreeSet<String> = ["invoice.json", "record.json"].map(str::to_owned).into();
    let named = |kind: &'static str| move |name: &str| format!("{kind}.{}.json", snake(name));
    expected.extend(kinds(Fact::KINDS).into_iter().map(named("fact")));
    expected.extend(kinds(Act::KINDS).into_iter().map(named("act")));
    expected.extend(Consequence::KINDS.iter().copied().map(named("consequence")));
    expected.extend(BODIES.into_iter().map(named("body")));
    let folder = std::fs::read_dir(file("x").parent().expect("a folder")).expect("the folder");
    let found: BTreeSet<String> = folder
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, expected);
}

/// Derived from the acts, so that a new one cannot be forgotten.
#[test]
fn every_role_that_can_be_the_second_person_is_named_as_one() {
    let decided: BTreeSet<Role> = samples::acts()
        .iter()
        .filter(|act| act.needs_second_person() || act.needs_approval())
        .flat_map(|act| Role::ALL.into_iter().filter(|role| act.may(*role)))
        .collect();
    let named = Role::ALL.into_iter().filter(|role| role.can_be_second_person()).collect();
    assert_eq!(decided, named);
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/entries.md");

fn every_kind() -> impl Iterator<Item = &'static Kind> {
    Fact::KINDS.iter().chain(Act::KINDS)
}

#[test]
fn every_entry_cites_clauses_of_the_terms() {
    let pack = Pack::bundled();
    for kind in every_kind() {
        assert!(!kind.clauses.is_empty(), "{} cites none", kind.name);
        for clause in kind.clauses {
            assert!(pack.clauses.contains_key(*clause), "{}: {clause}", kind.name);
        }
    }
}

#[test]
fn every_entry_has_a_title_of_its_own_in_both_languages() {
    for language in [Language::Japanese, Language::English] {
        let titles: BTreeSet<_> = every_kind().map(|kind| kind.title.of(language)).collect();
        assert!(titles.iter().all(|title| !title.is_empty()));
        assert_eq!(titles.len(), every_kind().count(), "{titles:?}");
    }
}

#[test]
fn every_act_can_be_done_by_somebody_and_by_no_timer() {
    for act in samples::acts() {
        let may: Vec<_> = Role::ALL.into_iter().filter(|role| act.may(*role)).collect();
        assert!(!may.is_empty(), "{}", act.name());
        assert!(!may.contains(&Role::System), "{}", act.name());
        assert_eq!(act.needs_approval(), !act.proposers().is_empty(), "{}", act.name());
    }
}

/// One word of a value as it is stored: `order_desk`.
fn stored(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn page() -> String {
    let mut page = "# What can be registered and done\n\n\
        Written from what each entry declares, by a test (`UPDATE_GOLDEN=1`). Words are explained in [glossary.md](glossary.md).\n\n\
        ## Facts (事実)\n\n\
        A fact is never refused. Without a permission the program records it itself, or it comes by another road. \
        Nothing that an entry adds or takes back is dated before the moment at which it happened, \
        or before what it reaches back to, whichever is earlier.\n\n\
        | name | 題名 | title | clauses | registered by whoever may | reaches back to |\n|---|---|---|---|---|---|\n"
        .to_owned();
    let row = |kind: &Kind| {
        let clauses = kind.clauses.join(", ");
        format!("| `{}` | {} | {} | {clauses} |", kind.name, kind.title.ja, kind.title.en)
    };
    let facts = samples::facts();
    for kind in Fact::KINDS {
        let by = kind.by.map_or_else(String::new, |by| format!("`{}`", stored(by)));
        let samples = facts.iter().filter(|fact| fact.name() == kind.name);
        let reach = reach(samples.flat_map(Fact::reaches_back_to));
        writeln!(page, "{} {by} | {reach} |", row(kind)).unwrap();
    }
    page += "\n## Acts (行為)\n\n\
        An act may be refused, with every ground. Whoever proposes or began one is never the second person of it.\n\n\
        | name | 題名 | title | clauses | done or approved by | proposed by | reaches back to |\n|---|---|---|---|---|---|---|\n";
    let roles = |of: &[Role]| of.iter().map(|role| stored(*role)).collect::<Vec<_>>().join(", ");
    for act in samples::acts() {
        let kind = Act::KINDS.iter().find(|kind| kind.name == act.name()).unwrap();
        let by = (roles(act.doers()), roles(act.proposers()));
        let reach = match &act {
            Act::Approve(_) => "that of its act".to_owned(),
            act => reach(act.reaches_back_to()),
        };
        writeln!(page, "{} {} | {} | {reach} |", row(kind), by.0, by.1).unwrap();
    }
    page + &doors()
}

/// How far back a kind reaches besides the moment at which it happened.
fn reach<'a>(reaches: impl IntoIterator<Item = Reach<'a>>) -> String {
    let titles: BTreeSet<_> = reaches.into_iter().map(|reach| reach.title().en).collect();
    titles.into_iter().collect::<Vec<_>>().join(", ")
}

/// How they are brought by hand.
fn doors() -> String {
    let mut page = "\n## Doors (登録の画面)\n\n\
        What is declared of an entry makes its page (`/contracts/{id}/start`), its command \
        (`yakkan do start K-… --line 1 --by … --id …`) and its step of a scenario (`do = \"start\"`, \
        with the same fields) and its operation of the API (`POST /api/v1/contracts/{id}/start`). \
        What has no door here has a page of its own, or none. Fields in brackets may stay empty; `at` is asked for where it \
        did not happen on the day of a field.\n\n\
        | word | entry | of | asked for | last button |\n|---|---|---|---|---|\n"
        .to_owned();
    for doorway in Doorway::all() {
        let Doorway { kind, door, .. } = doorway;
        let asked = door.fields.iter().filter(|field| field.is_named());
        let mut asked: Vec<_> = asked
            .map(|field| match field.must {
                true => format!("`{}`", field.called),
                false => format!("[`{}`]", field.called),
            })
            .collect();
        if let When::Asked(_) = door.when {
            asked.push("`at`".to_owned());
        }
        let (word, of) = (doorway.word(), door.of.name());
        let asked = asked.join(", ");
        writeln!(page, "| `{word}` | `{}` | {of} | {asked} | {} |", kind.name, door.verb.ja)
            .unwrap();
    }
    page
}

#[test]
fn the_page_of_entries_says_what_they_declare() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(PAGE, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PAGE).unwrap(), page());
}
