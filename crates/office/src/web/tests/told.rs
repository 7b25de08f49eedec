//! What the program says, held as a whole: every sentence of every kind of entry, every
//! explanation, letter, paper and record of what comes with it. A change of the code
//! that is meant to change none of it shows here when it does.
//!
//! `tests/told.tsv` keeps a digest of each. `UPDATE_GOLDEN=1` keeps them anew; with
//! `YAKKAN_TOLD=FOLDER` the texts themselves are written there, so that those of two
//! versions can be compared line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::declare::reason::{Audience, Because};
use contract::declare::rules::{RULES, Rule};
use contract::road::stream::{Body, Content, Record};
use document::wording::{self, Language};
use serde::de::DeserializeOwned;

use super::coverage::seen::{Played, all_scenarios, play, text_of_pdf};
use crate::web::Front;
use crate::web::openapi::document;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];

/// The texts by name, such as `late-payment.toml/explanations`.
type Told = BTreeMap<String, String>;

/// The golden sample of every kind of entry, with what the program says of it.
fn sentences() -> String {
    let mut told = String::new();
    of_kind("fact", &mut told, |fact: &Fact, language| fact.line(language));
    of_kind("act", &mut told, |act: &Act, language| act.line(language));
    of_kind("consequence", &mut told, |consequence: &Consequence, language| {
        consequence.line(language)
    });
    told
}

fn of_kind<T: DeserializeOwned>(
    kind: &str,
    told: &mut String,
    say: impl Fn(&T, Language) -> String,
) {
    let folder = Path::new(ROOT).join("crates/contract/tests/golden");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(&format!("{kind}.")))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no golden sample of {kind}");
    for path in files {
        let sample = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for language in LANGUAGES {
            writeln!(told, "{name}: {}", say(&sample, language)).unwrap();
        }
    }
}

/// Why, of everything that followed and of every line that was charged.
async fn explanations(played: &Played) -> String {
    let mut told = String::new();
    for account in played.engine.store.accounts().await.unwrap() {
        for record in played.engine.records(&account).await.unwrap() {
            let mut ids: Vec<String> = Vec::new();
            if let Content::Fact(Fact::InvoiceIssued(invoice)) = &record.input.content {
                ids.extend(
                    (1..=invoice.lines.len()).map(|line| format!("{}/{line}", invoice.number)),
                );
            }
            ids.extend(record.events.iter().filter_map(|event| match &event.body {
                Body::Follows { id, .. } => Some(id.0.clone()),
                _ => None,
            }));
            for id in ids {
                for language in LANGUAGES {
                    let found = played.engine.explain(&id, language).await.unwrap();
                    for one in found {
                        told += &wording::explain(&one, language, Audience::Staff);
                    }
                }
            }
        }
    }
    told
}

/// The reasons of everything that happened, and of every invoice with its lines.
async fn reasons(played: &Played) -> Vec<Because> {
    let mut reasons = Vec::new();
    for account in played.engine.store.accounts().await.unwrap() {
        for record in played.engine.records(&account).await.unwrap() {
            if let Content::Fact(Fact::InvoiceIssued(invoice)) = &record.input.content {
                reasons.extend([invoice.because_due.clone(), invoice.because_tax.clone()]);
                reasons.extend(invoice.lines.iter().map(|line| line.charge.because.clone()));
            }
            reasons.extend(record.events.into_iter().map(|event| event.because));
        }
    }
    reasons
}

/// Rules of which no scenario has a reason.
const UNPLAYED: &[&str] = &[
    "takeover",
    "receivable_takeover",
    "minimum_term_takeover",
    "refusal",
    "waiver",
    "erasure",
    "edition",
    "mail_refused",
];

/// Kinds of entry that no scenario plays, and the tests that do.
const PLAYED_BY_TESTS: &[(&str, &str)] = &[
    ("contract_taken_over", "crates/contract/tests/takeover.rs"),
    ("receivable_taken_over", "crates/contract/tests/takeover.rs"),
    ("payment_reversed", "crates/engine/tests/whole/bad_input/bank_files.rs"),
    ("decline_renewal", "crates/engine/tests/whole/papers_and_arrivals.rs"),
    ("verify_takeover", "crates/contract/tests/takeover.rs"),
    ("correct_entry", "crates/contract/tests/corrections.rs"),
    ("undo_cash_application", "crates/contract/tests/corrections.rs"),
    ("apply_payment", "crates/contract/tests/corrections.rs"),
    ("waive_interest", "crates/contract/tests/corrections.rs"),
    ("waive_fee", "crates/contract/tests/corrections.rs"),
    ("decline", "crates/contract/tests/approval.rs"),
    ("interest_waived", "crates/contract/tests/corrections.rs"),
    ("notice_confirmed", "crates/office/src/web/tests/announce.rs"),
];

/// The kinds of everything that a record holds, by their stored names.
fn kinds(record: &Record) -> impl Iterator<Item = String> {
    let entry = match &record.input.content {
        Content::Fact(fact) => vec![fact.name()],
        Content::Act(act) => vec![act.name(), act.done().name()],
        Content::Clock | Content::Edition => Vec::new(),
    };
    let follows = record.events.iter().filter_map(|event| match &event.body {
        Body::Follows { consequence, .. } => {
            let value = serde_json::to_value(consequence).unwrap();
            Some(value["type"].as_str().unwrap().to_owned())
        }
        _ => None,
    });
    entry.into_iter().map(str::to_owned).chain(follows.collect::<Vec<_>>())
}

/// An entry that nothing brings about is known to nobody but its author.
fn each_kind_of_entry_is_played(played: &BTreeSet<String>) {
    let entries = Fact::KINDS.iter().chain(Act::KINDS).map(|kind| kind.name.to_owned());
    let follows = Consequence::KINDS.iter().map(|kind| snake(kind));
    let unplayed: BTreeSet<_> =
        entries.chain(follows).filter(|kind| !played.contains(kind)).collect();
    let listed: BTreeSet<_> = PLAYED_BY_TESTS.iter().map(|(kind, _)| kind.to_string()).collect();
    assert_eq!(unplayed, listed);
    for (kind, file) in PLAYED_BY_TESTS {
        let test = std::fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        assert!(
            test.split(|c: char| !c.is_alphanumeric()).any(|word| snake(word) == *kind),
            "{kind}: {file}"
        );
    }
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

/// Numbers that no line tells, by their rule.
const AS_STORED: &[&str] = &[
    "line_removal: last_day",
    "line_removal: residual",
    "month_end_offer: deemed",
    "month_end_offer: month_end",
    "offset: credited_on",
];

/// A rule reads back what it wrote: a number that it does not know is shown as stored.
fn each_rule_tells_its_numbers(reasons: &[Because]) {
    let mut as_stored = BTreeSet::new();
    for because in reasons {
        let lines = because.arithmetic(Language::English);
        let is_stored = |name: &String| lines.iter().any(|l| l.starts_with(&format!("{name} = ")));
        let names = because.numbers.keys().filter(|name| is_stored(name));
        as_stored.extend(names.map(|name| format!("{}: {name}", because.rule_id())));
    }
    let is_played = |rule: &&&Rule| reasons.iter().any(|because| because.rule_id() == rule.id);
    let unplayed: Vec<_> = RULES.iter().filter(|rule| !is_played(rule)).map(|r| r.id).collect();
    assert_eq!(
        (as_stored, unplayed),
        (AS_STORED.iter().map(|n| n.to_string()).collect(), UNPLAYED.to_vec())
    );
}

/// Mails that left and the papers in them, word by word.
fn letters(played: &Played) -> String {
    let mut told = String::new();
    for letter in played.mail.letters() {
        let mail = document::read_mail("sent.eml", &letter.bytes).unwrap();
        writeln!(told, "{}\n{}\n{}", letter.message_id, mail.subject, mail.text).unwrap();
        for part in mail.attachments.iter().filter(|part| part.mime == "application/pdf") {
            let text = text_of_pdf(&part.bytes);
            let words: Vec<_> = text.split_whitespace().collect();
            writeln!(told, "{}\n{}", part.name, words.join("\n")).unwrap();
        }
    }
    told
}

async fn everything() -> (Told, Vec<Because>, BTreeSet<String>) {
    let (mut told, mut why, mut seen) = (Told::new(), Vec::new(), BTreeSet::new());
    told.insert("sentences".to_owned(), sentences());
    let api = serde_json::to_string_pretty(&document(&Front::default())).unwrap();
    told.insert("openapi".to_owned(), api);
    for (path, scenario) in all_scenarios() {
        let name = Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        let folder = Path::new(&path).parent().unwrap().file_name().unwrap().to_string_lossy();
        let played = play(&path, &scenario).await;
        let export = serde_json::to_string_pretty(&played.engine.export().await.unwrap()).unwrap();
        told.insert(format!("{folder}/{name}/record"), export);
        told.insert(format!("{folder}/{name}/explanations"), explanations(&played).await);
        told.insert(format!("{folder}/{name}/letters"), letters(&played));
        why.extend(reasons(&played).await);
        for account in played.engine.store.accounts().await.unwrap() {
            seen.extend(played.engine.records(&account).await.unwrap().iter().flat_map(kinds));
        }
    }
    (told, why, seen)
}

#[tokio::test]
async fn everything_that_is_told_is_told_as_before() {
    let (told, why, seen) = everything().await;
    each_rule_tells_its_numbers(&why);
    each_kind_of_entry_is_played(&seen);
    if let Some(folder) = std::env::var_os("YAKKAN_TOLD") {
        for (name, text) in &told {
            let path = Path::new(&folder).join(name).with_extension("txt");
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let digest = |text: &String| blake3::hash(text.as_bytes()).to_hex()[..16].to_owned();
    let lines = told.iter().map(|(name, text)| format!("{name}\t{}\n", digest(text)));
    let now: String = lines.collect();
    let file = Path::new(ROOT).join("tests/told.tsv");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differ: Vec<_> =
        now.lines().filter(|line| !kept.lines().any(|kept| kept == *line)).collect();
    assert!(
        differ.is_empty() && kept.lines().count() == now.lines().count(),
        "told otherwise than before (YAKKAN_TOLD=FOLDER writes the texts, UPDATE_GOLDEN=1 keeps \
         the digests): {differ:#?}"
    );
}
