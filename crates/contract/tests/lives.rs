//! Lives of every kind of entry over ten years, drawn from the golden samples: carried
//! from step to step, an account comes to what it comes to when all of it is worked out
//! from the start, and nothing comes or goes that is dated before an entry reaches.
//! `YAKKAN_LIVES` draws more of them, `YAKKAN_SEED` others.

mod case;
// Of the samples only facts and acts are drawn.
#[allow(dead_code)]
mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::{env, thread};

use case::facts::{form, line};
use case::{account, actor, at, before_reach, consequence_name, input};
use contract::Account;
use contract::application::receiving::Wish;
use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::declare::ids::{ApplicationId, InputId};
use contract::matters::matter::{KINDS, MatterId};
use contract::road::case::Case;
use contract::road::stream::{Body, Content, Input, Stream};
use contract::who::roles::Role;
use reckon::{Day, Moment};
use serde_json::{Map, Value, json};
use terms::{Law, Pack};

/// So many lives bring each kind more than a thousand times.
const LIVES: u64 = 2_100;
const STEPS: u64 = 70;
/// One step in so many is compared with the whole; the last one always is.
const COMPARED: u64 = 20;
/// One life in so many goes on from what was stored whenever it is compared.
const STORED: u64 = 4;

#[test]
fn every_kind_of_entry_is_carried_from_step_to_step_as_if_all_came_at_once() {
    let number = |name: &str| env::var(name).ok().map(|value| value.parse().expect("a number"));
    let (lives, seed) =
        (number("YAKKAN_LIVES").unwrap_or(LIVES), number("YAKKAN_SEED").unwrap_or(1));
    let law = &case::law();
    let workers = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let counts: Vec<BTreeMap<String, u64>> = thread::scope(|scope| {
        let each = |worker: u64| {
            move || {
                let mut counts = BTreeMap::new();
                for life in (worker..lives).step_by(workers as usize) {
                    live(law, seed * 1_000_000 + life, COMPARED, &mut counts);
                }
                counts
            }
        };
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(each(worker))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a whole run")).collect()
    });
    let times = |name: &str| -> u64 { counts.iter().filter_map(|counts| counts.get(name)).sum() };
    let least = |name: &str, least: u64| {
        let times = times(name);
        assert!(times * LIVES >= least * lives, "{name} came {times} times");
    };
    Fact::KINDS.iter().chain(Act::KINDS).for_each(|kind| least(kind.name, 1_000));
    // The lives go somewhere: all that can follow does, and is taken back.
    Consequence::KINDS.iter().for_each(|kind| least(kind, 10));
    least("retracted", 10_000);
}

/// One life. When it comes out otherwise, it is lived again with each step compared, so
/// that the first such step is named.
fn live(law: &Law, seed: u64, compared: u64, counts: &mut BTreeMap<String, u64>) {
    let mut world = World::new(seed);
    let mut carried = Account::new(Case::new(account()));
    let mut told = Vec::new();
    for step in 1..=STEPS {
        let content = world.draw(step);
        *counts.entry(name(&content).to_owned()).or_default() += 1;
        let input = world.input(step, content);
        told.push(serde_json::to_string(&input).expect("plain data"));
        let (before, reach) = (carried.case().clone(), carried.reach_of(law, &input));
        // Whoever does it and whatever stands against it: what follows is asked here.
        let decision = carried.foresee(law, &input).expect("the law applies").decision;
        for event in &decision.events {
            let came = match &event.body {
                Body::Follows { consequence, .. } => consequence_name(consequence),
                Body::Retracted { .. } => "retracted".to_owned(),
                _ => continue,
            };
            *counts.entry(came).or_default() += 1;
        }
        let early = before_reach(&before, reach, &decision.events);
        let entry = told.last().expect("this one");
        assert!(early.is_empty(), "life {seed}, {step}: {early:?} before {reach}, by {entry}");
        world.register(&input);
        if step != STEPS && !world.chance(1, compared) {
            continue;
        }
        if seed.is_multiple_of(STORED) {
            carried = from_what_is_stored(law, carried, seed);
        }
        let differs = carried.differs_from_whole(law);
        let unfolded = carried.unfolded();
        let follows: BTreeSet<_> = unfolded.followed.iter().map(|one| &one.id).collect();
        let live: BTreeSet<_> = carried.case().live.keys().collect();
        if differs.is_empty() && follows == live {
            continue;
        }
        if compared > 1 {
            live_again(law, seed);
        }
        let from = told.len().saturating_sub(12);
        panic!(
            "life {seed}, step {step}: {differs:?} came out otherwise, after\n{}",
            told[from..].join("\n")
        );
    }
}

/// What goes on from what was stored is the same as what was not.
fn from_what_is_stored(law: &Law, mut carried: Account, seed: u64) -> Account {
    carried.take_looked_at();
    let body = carried.stored(law).unwrap_or_else(|| panic!("life {seed} cannot be stored"));
    let read = Account::of_stored(&account(), law, body).expect("it was read before");
    assert_eq!(read.unfolded(), carried.unfolded(), "life {seed}");
    read
}

fn live_again(law: &Law, seed: u64) {
    live(law, seed, 1, &mut BTreeMap::new());
}

/// What a life has brought so far, and what is drawn next.
struct World {
    state: u64,
    now: Moment,
    entries: Vec<(InputId, &'static str)>,
    /// By kinds.
    samples: Vec<Vec<Content>>,
    grounds: Vec<String>,
    beginning: Vec<Fact>,
}

impl World {
    fn new(seed: u64) -> World {
        let facts = samples::facts().into_iter().chain(new_applications());
        let facts = facts.chain(samples::more_changes()).map(Content::Fact);
        let lists = Pack::bundled().lists.values();
        let mut samples: BTreeMap<&str, Vec<Content>> = BTreeMap::new();
        // What meets only now and then among all kinds meets often among its own.
        let of_money = [None, Some(true), Some(false)][(seed % 3) as usize];
        for sample in facts.chain(samples::acts().into_iter().map(Content::Act)) {
            let is_of_money = matches!(stream(&sample), Stream::Ledger | Stream::Company);
            if of_money.is_none_or(|of_money| of_money == is_of_money) {
                samples.entry(name(&sample)).or_default().push(sample);
            }
        }
        let mut world = World {
            // Mixed, so that no life is another one from its second step on.
            state: mixed(seed),
            now: at("2026-04-01T09:00"),
            entries: Vec::new(),
            samples: samples.into_values().collect(),
            grounds: lists.flat_map(|list| &list.rows).map(|row| row.clause.clone()).collect(),
            beginning: Vec::new(),
        };
        if world.chance(3, 4) {
            world.beginning = beginning();
        }
        world
    }

    /// SplitMix64: the same life for the same seed, on every machine.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.state)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn chance(&mut self, one: u64, of: u64) -> bool {
        self.below(of) < one
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    /// The beginning of a contract in most lives; then time alone, or any kind of entry.
    fn draw(&mut self, step: u64) -> Content {
        if let Some(begun) = self.beginning.get(step as usize - 1) {
            return Content::Fact(begun.clone());
        }
        if self.chance(1, 12) {
            return Content::Clock;
        }
        let kind = self.below(self.samples.len() as u64) as usize;
        let sample = self.below(self.samples[kind].len() as u64) as usize;
        let mut value = serde_json::to_value(&self.samples[kind][sample]).expect("plain data");
        self.vary(&mut value, "");
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
    }

    /// Another application, contract, invoice, entry, day or amount in each place.
    fn vary(&mut self, value: &mut Value, key: &str) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    self.vary(value, key);
                }
                in_order(fields, "from", "to");
                in_order(fields, "issued_on", "due");
                in_order(fields, "issued_on", "nominal_due");
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.vary(value, key)),
            Value::String(text) => *text = self.text(text, key),
            Value::Number(_) if ["amount", "total"].contains(&key) => {
                let yen =
                    value.as_i64().unwrap_or_default() * [1, 2, 5, 10][self.below(4) as usize];
                *value = json!(yen / 4);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, key: &str) -> String {
        if text.starts_with("P-") {
            return (*self.one_of(&["P-11112222", "P-2", "P-3"])).to_owned();
        }
        if text.starts_with("K-") {
            return (*self.one_of(&["K-11112222", "K-2"])).to_owned();
        }
        if text.starts_with("INV-") {
            return format!("INV-2026-00000{}", self.below(3));
        }
        if text.starts_with("I-") {
            return self.entry(key).unwrap_or_else(|| text.to_owned());
        }
        if text.starts_with("M-") {
            return self.matter().unwrap_or_else(|| text.to_owned());
        }
        if key == "channel" {
            return (*self.one_of(&["email", "paper", "portal"])).to_owned();
        }
        if key == "clause" {
            let grounds = self.grounds.clone();
            return self.one_of(&grounds).clone();
        }
        let numbers = text.chars().filter(char::is_ascii_digit).count();
        match text.len() {
            10 if numbers == 8 && text.parse::<Day>().is_ok() => self.day().to_string(),
            7 if numbers == 6 && text.as_bytes()[4] == b'-' => {
                self.day().to_string()[..7].to_owned()
            }
            20.. if text.parse::<Moment>().is_ok() => self.earlier().to_string(),
            _ => text.to_owned(),
        }
    }

    /// One of the matters that were opened.
    fn matter(&mut self) -> Option<String> {
        let opens = |name: &str| KINDS.iter().any(|kind| kind.name == name);
        let opened = self.entries.iter().filter(|(_, name)| opens(name));
        let opened: Vec<_> = opened.map(|(id, _)| MatterId::of(id).0).collect();
        (!opened.is_empty()).then(|| self.one_of(&opened).clone())
    }

    /// An entry of the kind that stands under such a name.
    fn entry(&mut self, key: &str) -> Option<String> {
        let kind = match key {
            "payment" => "payment_credited",
            "proposal" => "propose",
            "form" | "arrival" => "cancellation_form_arrived",
            "act" => "terminate",
            _ => "",
        };
        let fits = |(_, name): &&(InputId, &str)| kind.is_empty() || *name == kind;
        let fitting: Vec<_> =
            self.entries.iter().filter(fits).map(|(id, _)| id.0.clone()).collect();
        (!fitting.is_empty()).then(|| self.one_of(&fitting).clone())
    }

    /// A day of the last year or of the months to come.
    fn day(&mut self) -> Day {
        let days = self.below(480) as i64 - 330;
        self.now.day().checked_add(jiff::Span::new().days(days)).expect("a day")
    }

    fn earlier(&mut self) -> Moment {
        let seconds = self.below(200 * 86_400) as i64;
        self.now.plus_seconds(-seconds)
    }

    /// Acts are done now; a fact is known now, and happened then or before.
    fn input(&mut self, step: u64, content: Content) -> Input {
        let gap = if self.chance(1, 3) { 0 } else { self.below(100) };
        self.now = self.now.plus_seconds((gap * 86_400 + self.below(86_400)) as i64);
        let occurred = match content {
            Content::Fact(_) if self.chance(1, 2) => self.earlier(),
            _ => self.now,
        };
        let mut input = input(&format!("E-{step:03}"), (occurred, self.now), content);
        input.actor = actor("approver-1", Role::ContractApprover);
        input
    }

    fn register(&mut self, input: &Input) {
        let name = match &input.content {
            Content::Fact(fact) => fact.name(),
            Content::Act(act) => act.done().name(),
            Content::Clock | Content::Edition => return,
        };
        self.entries.push((input.id.clone(), name));
    }
}

fn stream(content: &Content) -> Stream {
    match content {
        Content::Fact(fact) => fact.stream(),
        Content::Act(act) => act.stream(),
        Content::Clock | Content::Edition => Stream::Ledger,
    }
}

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

fn name(content: &Content) -> &'static str {
    match content {
        Content::Fact(fact) => fact.name(),
        Content::Act(act) => act.name(),
        Content::Clock | Content::Edition => "clock",
    }
}

/// Applications for new contracts, one of them with an agreed term.
fn new_applications() -> Vec<Fact> {
    let of = |lines| form("2026-04-01", "2026-09-30", lines);
    let lines = vec![line(1, "VM", "2026-04-01"), line(2, "SUPPORT", "2026-05-01")];
    let mut agreed = of(vec![line(1, "VM", "2026-04-15")]);
    agreed.special_terms.push(case::facts::special("arrears.months", json!(2)));
    let forms = [of(lines), agreed, of(vec![line(1, "VM", "2026-04-01")])];
    let application =
        |form| case::facts::application("ref-1", "2026-03-02T10:00", Wish::New { form });
    let mut facts: Vec<_> = forms.into_iter().map(application).collect();
    for (fact, id) in facts.iter_mut().zip(["P-11112222", "P-2", "P-2"]) {
        if let Fact::ApplicationReceived(application) = fact {
            application.application = id.into();
        }
    }
    facts
}

/// A contract is formed and begins.
fn beginning() -> Vec<Fact> {
    let application = new_applications().swap_remove(0);
    let id: ApplicationId = "P-11112222".into();
    let started = case::facts::started(&id.contract(), 1, "2026-04-01");
    vec![application, case::facts::mail_sent(&id), started]
}

/// A last day is not before the first.
fn in_order(fields: &mut Map<String, Value>, first: &str, last: &str) {
    let read = |name: &str| fields.get(name)?.as_str()?.parse::<Day>().ok();
    if let (Some(from), Some(to)) = (read(first), read(last)) {
        fields[first] = json!(from.min(to).to_string());
        fields[last] = json!(from.max(to).to_string());
    }
}
