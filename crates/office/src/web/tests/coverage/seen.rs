//! Plays everything that comes with the program and notes what cites a clause:
//! entries through their rule, mails and papers by their text, pages by their links.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use contract::declare::consequence::{Alert, Consequence, TaskClosed, TaskOpened};
use contract::declare::fact::Fact;
use contract::declare::reason::{Because, Finding};
use contract::declare::rules::Rule;
use contract::road::stream::{Body, Content, Event, Record};
use engine::scenario::{Mailbox, Player, PublicPages, Scenario};
use engine::{Effect, Engine, ManualClock, examples};
use serde::Serialize;
use serde_json::Value;
use terms::{Pack, Sighting};

use crate::open;

/// The table of rules, or one with a row less.
pub type Rules<'a> = &'a dyn Fn(&str) -> Option<&'static Rule>;

/// What was noted before any rule is looked up: a thing and how it cites.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noted {
    pub by: String,
    pub cites: Cites,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cites {
    /// Whatever the rule speaks for.
    Rule(String),
    Clause(String),
}

/// The clauses of everything noted, by the rules of this table.
pub fn sightings(noted: &BTreeSet<Noted>, rules: Rules<'_>) -> BTreeSet<Sighting> {
    let mut seen = BTreeSet::new();
    for Noted { by, cites } in noted {
        let (clauses, rule) = match cites {
            Cites::Clause(clause) => (vec![clause.clone()], None),
            Cites::Rule(name) => {
                let clauses = rules(name).map(|rule| rule.clauses).unwrap_or_default();
                (clauses.iter().map(|&clause| clause.to_owned()).collect(), Some(name.clone()))
            }
        };
        let one = |clause| Sighting { clause, by: by.clone(), rule: rule.clone() };
        seen.extend(clauses.into_iter().map(one));
    }
    seen
}

/// One life that was played to its end.
pub struct Played {
    pub engine: Arc<Engine>,
    pub clock: Arc<ManualClock>,
    pub mail: Arc<Mailbox>,
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/minato")
}

/// The scenarios of `docs/scenarios` and `tests/mended`, the sample life and the
/// sample year.
pub fn all_scenarios() -> BTreeMap<String, Scenario> {
    let folders =
        ["docs/scenarios", "tests/mended"].map(|folder| samples().join("../..").join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut paths: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    paths.extend(["life.toml", "book.toml"].map(|name| samples().join(name)));
    let read = |path: PathBuf| {
        let name = path.display().to_string();
        (name, Scenario::read(&std::fs::read_to_string(path).unwrap()).unwrap())
    };
    paths.into_iter().map(read).collect()
}

pub async fn play(name: &str, scenario: &Scenario) -> Played {
    let clock = Arc::new(ManualClock::at(scenario.start));
    let store = open::store(None).await.unwrap();
    let mail = Arc::new(Mailbox::default());
    let (site, operator) = (Arc::new(PublicPages::default()), open::operator(None).unwrap());
    let engine =
        open::engine(store, mail.clone(), site.clone(), clock.clone(), operator).await.unwrap();
    let engine = Arc::new(engine);
    let files = |name: &str| std::fs::read(samples().join(name)).map_err(|e| e.to_string());
    let mut player =
        Player::new(engine.clone(), clock.clone(), Box::new(files), scenario).posting_on(site);
    let report = player.play(scenario).await.unwrap();
    assert_eq!(report.failed(), 0, "{name}: {report:#?}");
    Played { engine, clock, mail }
}

/// Notes of one installation or of many.
pub struct Notes<'a> {
    pub pack: &'a Pack,
    pub noted: BTreeSet<Noted>,
}

impl Notes<'_> {
    fn add(&mut self, by: &str, cites: Cites) {
        self.noted.insert(Noted { by: by.to_owned(), cites });
    }

    /// A clause, and what it is an item of: `2-1(1)-a` is of `2-1(1)`, that of `2-1`.
    fn clause(&mut self, by: &str, id: &str) {
        let item_of = |id: &str| {
            let at =
                id.strip_suffix(')').map_or(id.rfind(")-").map(|at| at + 1), |id| id.rfind('('));
            at.map(|at| id[..at].to_owned())
        };
        for id in std::iter::successors(Some(id.to_owned()), |id| item_of(id)) {
            if self.pack.clauses.contains_key(&id) {
                self.add(by, Cites::Clause(id));
            }
        }
    }

    fn because(&mut self, by: &str, because: &Because) {
        self.add(by, Cites::Rule(because.rule_id().to_owned()));
        // A reason that names an agreement says that it prevailed.
        if !because.agreements.is_empty() {
            self.clause(by, "1-2");
        }
    }

    /// What an entry names itself: the ground of an act, the right that opened.
    fn named_in(&mut self, by: &str, value: &Value) {
        for key in ["right", "ground", "grounds", "clause"] {
            let clauses: Vec<&str> = match &value[key] {
                Value::String(one) => vec![one],
                Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for clause in clauses {
                self.clause(by, clause);
            }
        }
    }

    pub async fn of_entries(&mut self, played: &Played) {
        for account in played.engine.store.accounts().await.unwrap() {
            let records = played.engine.records(&account).await.unwrap();
            let by_id: BTreeMap<_, _> =
                records.iter().map(|record| (&record.input.id, of_input(record))).collect();
            for record in &records {
                self.of_record(record);
                // A fact or act counts for what a rule makes rest on it.
                for because in reasons(record) {
                    for by in because.facts.iter().filter_map(|id| by_id.get(id)?.as_ref()) {
                        self.because(by, because);
                    }
                }
            }
        }
    }

    fn of_record(&mut self, record: &Record) {
        if let (Some(by), Some(value)) = (of_input(record), content(record)) {
            self.named_in(&by, &value);
            self.named_in(&by, &value["act"]);
        }
        match &record.input.content {
            Content::Fact(Fact::InvoiceIssued(invoice)) => {
                for line in &invoice.lines {
                    let by = format!("charge:{}", word(&line.charge.key.kind));
                    self.because(&by, &line.charge.because);
                }
                self.because("charge:tax", &invoice.because_tax);
                self.because("charge:due", &invoice.because_due);
            }
            Content::Fact(Fact::CreditNoteIssued(note)) => {
                for line in &note.lines {
                    let by = format!("credit:{}", word(&line.charge.key.kind));
                    self.because(&by, &line.charge.because);
                }
                self.because("credit:tax", &note.because_tax);
            }
            _ => {}
        }
        for event in &record.events {
            self.of_event(event);
        }
    }

    fn of_event(&mut self, event: &Event) {
        match &event.body {
            Body::Follows { consequence, .. } => {
                let value = serde_json::to_value(consequence).unwrap();
                let by = match consequence {
                    Consequence::TaskOpened(TaskOpened { task, .. }) => {
                        format!("task:{}", word(task))
                    }
                    Consequence::TaskClosed(TaskClosed { task, .. }) => {
                        format!("done:{}", word(task))
                    }
                    Consequence::Alert(Alert { code, .. }) => format!("alert:{}", word(code)),
                    _ => format!("follows:{}", value["type"].as_str().unwrap()),
                };
                self.because(&by, &event.because);
                self.named_in(&by, &value);
            }
            Body::Done { warnings: findings, .. } | Body::Refused { findings, .. } => {
                for Finding { clause, code, .. } in findings {
                    self.clause(&format!("finding:{code}"), clause);
                }
            }
            Body::Registered { .. } | Body::Retracted { .. } => {}
        }
    }

    /// Mails that left and the papers in them, and quotations.
    pub async fn of_letters(&mut self, played: &Played) {
        let mut asked = BTreeMap::new();
        for row in played.engine.store.outbox().await.unwrap() {
            let effect: Effect = serde_json::from_value(row.payload).unwrap();
            asked.insert(row.id, word_of(&serde_json::to_value(effect).unwrap(), "effect"));
        }
        for letter in played.mail.letters() {
            let id = letter.message_id.trim_start_matches('<').split('@').next().unwrap();
            let Some(effect) = asked.get(id) else { continue };
            let mail = document::read_mail("sent.eml", &letter.bytes).unwrap();
            self.text(&format!("mail:{effect}"), &format!("{}\n{}", mail.subject, mail.text));
            for paper in mail.attachments.iter().filter(|part| part.mime == "application/pdf") {
                self.text(&format!("paper:{effect}"), &text_of_pdf(&paper.bytes));
            }
        }
        for quote in played.engine.store.views("quote").await.unwrap() {
            let paper = played.engine.store.personal(&format!("paper/{}", quote.id)).await.unwrap();
            if let Some(paper) = paper {
                self.text("paper:quotation", &text_of_pdf(&paper.content));
            }
        }
    }

    fn text(&mut self, by: &str, text: &str) {
        let text = LEGEND.iter().fold(text.to_owned(), |text, part| text.replace(part, ""));
        for id in self.pack.clauses.keys().filter(|id| cites(&text, id)) {
            self.clause(by, id);
        }
    }

    /// The links to clauses that a page has, the clauses that it lists, and those
    /// that it names in words, as customers' pages do.
    pub fn of_page(&mut self, path: &str, html: &str) {
        for id in self.pack.clauses.keys().filter(|id| cites_in_words(html, id)) {
            self.clause(&format!("page:{path}"), id);
        }
        for before in ["href=\"/terms/", "<span class=\"nr\">"] {
            for rest in html.split(before).skip(1) {
                let id = rest.split(['"', '<']).next().unwrap();
                self.clause(&format!("page:{path}"), &unescaped(id));
            }
        }
    }

    /// Worked examples that come out: arithmetic, of the paragraphs that they name
    /// with all their sentences.
    pub fn of_examples(&mut self) {
        let file = include_str!("../../../../../../packs/pcs-e/1.1/examples.json");
        let read = examples::read(file).unwrap();
        let given: Vec<Value> = serde_json::from_str(file).unwrap();
        for (outcome, example) in examples::run(self.pack, &read).iter().zip(given) {
            assert!(outcome.passed(), "{}", outcome.id);
            for paragraph in example["article"].as_str().unwrap().split(" x ") {
                for sentence in ["", "b", "c"] {
                    let by = format!("example:{}", outcome.rule);
                    self.clause(&by, &format!("{paragraph}{sentence}"));
                }
            }
        }
    }
}

/// The reason of everything that a record says.
fn reasons(record: &Record) -> Vec<&Because> {
    let mut reasons: Vec<_> = record.events.iter().map(|event| &event.because).collect();
    if let Content::Fact(Fact::InvoiceIssued(invoice)) = &record.input.content {
        reasons.extend(invoice.lines.iter().map(|line| &line.charge.because));
    }
    reasons
}

/// The word under which a plain variant is stored.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn word_of(value: &Value, tag: &str) -> String {
    value[tag].as_str().unwrap().to_owned()
}

fn content(record: &Record) -> Option<Value> {
    match &record.input.content {
        Content::Fact(fact) => serde_json::to_value(fact).ok(),
        // A refused act was not done: its findings speak for themselves.
        Content::Act(act) => {
            let done = record.events.iter().any(|event| matches!(event.body, Body::Done { .. }));
            done.then(|| serde_json::to_value(act).unwrap())
        }
        Content::Clock | Content::Edition => None,
    }
}

/// `fact:…` or `act:…`; an approved act is known by its own name.
fn of_input(record: &Record) -> Option<String> {
    let value = content(record)?;
    Some(match &record.input.content {
        Content::Act(act) => format!("act:{}", act.done().name()),
        _ => format!("fact:{}", word_of(&value, "type")),
    })
}

/// How a paper says what its short citations mean.
const LEGEND: [&str; 2] = ["例：25-1は第25条第1項、", "2-1(9)は第2条第1項第9号。"];

/// Whether a text names a clause, by its id as papers print it or in words.
fn cites(text: &str, id: &str) -> bool {
    let joined = |c: char| c.is_ascii_alphanumeric() || "-(/".contains(c);
    let in_short = text.match_indices(id).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + id.len()..].chars().next();
        !before.is_some_and(joined) && !after.is_some_and(joined)
    });
    in_short || cites_in_words(text, id)
}

/// `第9条第4項` as mails write it, `第9条4項` as pages do: a paragraph with all its
/// sentences.
fn cites_in_words(text: &str, id: &str) -> bool {
    let Some((article, rest)) = id.trim_end_matches(['b', 'c']).split_once('-') else {
        return false;
    };
    let (paragraph, item) = match rest.split_once('(') {
        Some((paragraph, item)) => (paragraph, format!("第{}号", item.trim_end_matches(')'))),
        None => (rest, String::new()),
    };
    let goes_on = |rest: &str| rest.starts_with('第');
    ["第", ""].iter().any(|nth| {
        let words = format!("第{article}条{nth}{paragraph}項{item}");
        text.match_indices(&words).any(|(at, _)| !goes_on(&text[at + words.len()..]))
    })
}

fn unescaped(id: &str) -> String {
    let id = id.replace("%28", "(").replace("%29", ")");
    id.replace("%E9%99%84%E5%89%87", "附則")
}

/// What a reader sees of a paper.
pub fn text_of_pdf(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).unwrap();
    let out = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output();
    let out = out.expect("pdftotext is missing: run `./x setup`");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}
