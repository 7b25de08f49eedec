//! A case told step by step, under the bundled pack and a small price table.

// Each test file is a program of its own and uses only a part of this.
#![allow(dead_code)]

pub mod facts;
pub mod two;

use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::road::case::Case;
use contract::road::stream::{Body, Content, Event, Input, Record};
use contract::who::actor::Actor;
use contract::who::roles::Role;
use contract::{Account, AccountState, ContractState, Decision, decide};
use reckon::{Day, Decimal, Moment, Yen};
use terms::{Law, Pack, Price, PriceItem, PriceKind, PriceTable};

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn at(text: &str) -> Moment {
    text.parse().expect("a moment")
}

pub fn yen(amount: i64) -> Yen {
    Yen(amount)
}

pub fn account() -> AccountId {
    AccountId::of_company("7000012050002")
}

pub fn actor(id: &str, role: Role) -> Actor {
    Actor::new(id, role)
}

/// `VM` 100,000 and `SUPPORT` 33,333 a month, `TRAFFIC` 12.5 a GB.
pub fn law() -> Law {
    Law::of(
        Pack::bundled(),
        PriceTable {
            item: vec![
                item("VM", PriceKind::Monthly, "month", "100000"),
                item("SUPPORT", PriceKind::Monthly, "month", "33333"),
                item("TRAFFIC", PriceKind::Metered, "GB", "12.5"),
            ],
        },
    )
}

pub fn item(code: &str, kind: PriceKind, unit: &str, price: &str) -> PriceItem {
    let yen: Decimal = price.parse().expect("a price");
    PriceItem {
        code: code.to_owned(),
        name: format!("{code} service"),
        service: "SDPF".to_owned(),
        kind,
        unit: unit.to_owned(),
        prorate_first_month: false,
        min_term_months: None,
        monthly_cap: None,
        price: vec![Price { from: day("2024-01-01"), yen }],
    }
}

pub fn input(id: &str, (occurred, known): (Moment, Moment), content: Content) -> Input {
    Input {
        id: InputId::from(id),
        account: account(),
        occurred_at: occurred,
        known_at: known,
        actor: actor("desk-1", Role::OrderDesk),
        source: "test".to_owned(),
        evidence: Vec::new(),
        edition: contract::road::editions::PRESENT,
        content,
    }
}

/// Carries an account one step further, and asks for what working out all of it from the
/// start came to: the events, the state, and every cell.
pub fn carried_alike(carried: &mut Account, law: &Law, input: &Input, whole: &Decision) {
    let (before, reach) = (carried.case().clone(), carried.reach_of(law, input));
    let step = carried.decide(law, input).expect("the law applies");
    let early = before_reach(&before, reach, &step.events);
    assert!(early.is_empty(), "{early:?} before {reach}: {input:#?}");
    assert_eq!(step.events, whole.events, "{input:#?}");
    assert_eq!(carried.differs_from_whole(law), Vec::new(), "{input:#?}");
    assert_eq!(&step, whole, "{input:#?}");
}

/// What came or went that is dated before an entry reaches. What has become due since the
/// step before came with time.
pub fn before_reach(before: &Case, reach: Moment, events: &[Event]) -> Vec<String> {
    let mut early = Vec::new();
    for event in events {
        let (what, at) = match &event.body {
            Body::Follows { consequence, .. } => (consequence_name(consequence), event.occurred_at),
            Body::Retracted { of } => {
                let gone = before.live.get(of).expect("what was recorded");
                (format!("less {}", consequence_name(&gone.consequence)), gone.occurred_at)
            }
            _ => continue,
        };
        if at < reach && before.unfolded_until.is_some_and(|looked| at <= looked) {
            early.push(format!("{what} at {at}"));
        }
    }
    early
}

pub fn consequence_name(consequence: &Consequence) -> String {
    let text = format!("{consequence:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

/// A step in so many goes on from what was stored.
const STORED_EACH: usize = 7;

/// The account as it is read back.
fn from_what_is_stored(law: &Law, carried: &mut Account) -> Account {
    carried.take_looked_at();
    let body = carried.stored(law).expect("it is worked out and recorded");
    Account::of_stored(&account(), law, body).expect("it was read when it was written")
}

/// A decision that the story has appended already.
#[derive(Debug)]
pub struct Brought(pub Decision);

impl std::ops::Deref for Brought {
    type Target = Decision;
    fn deref(&self) -> &Decision {
        &self.0
    }
}

/// A case, and the decisions that were appended to it.
pub struct Story {
    pub law: Law,
    pub case: Case,
    pub records: Vec<Record>,
    pub state: AccountState,
    /// The same, carried from step to step.
    carried: Account,
    next: u32,
}

impl Story {
    pub fn new() -> Story {
        Story::under(law())
    }

    pub fn under(law: Law) -> Story {
        let case = Case::new(account());
        let carried = Account::new(case.clone());
        Story { law, case, records: Vec::new(), state: AccountState::default(), carried, next: 1 }
    }

    pub fn bring(&mut self, input: Input) -> Brought {
        let decision = decide(&self.law, &self.case, &input).expect("the law applies");
        carried_alike(&mut self.carried, &self.law, &input, &decision);
        if self.records.len().is_multiple_of(STORED_EACH) {
            self.carried = from_what_is_stored(&self.law, &mut self.carried);
        }
        let record = Record { input, law: self.law.id(), events: decision.events.clone() };
        self.case.apply(&record);
        self.records.push(record);
        self.state = decision.state.as_ref().clone();
        let stored = serde_json::to_string(&self.state).expect("plain data");
        let read: AccountState = serde_json::from_str(&stored).expect("a stored state");
        assert_eq!(read, self.state, "a state reads back as it was stored");
        Brought(decision)
    }

    fn numbered(&mut self, times: (Moment, Moment), content: Content) -> Input {
        let id = format!("I-{:03}", self.next);
        self.next += 1;
        input(&id, times, content)
    }

    pub fn fact(&mut self, when: &str, fact: Fact) -> Brought {
        self.late_fact(when, when, fact)
    }

    /// A fact that the provider learns of only later.
    pub fn late_fact(&mut self, occurred: &str, known: &str, fact: Fact) -> Brought {
        let input = self.numbered((at(occurred), at(known)), Content::Fact(fact));
        self.bring(input)
    }

    pub fn act(&mut self, when: &str, (id, role): (&str, Role), act: Act) -> Brought {
        let mut input = self.numbered((at(when), at(when)), Content::Act(act));
        input.actor = actor(id, role);
        self.bring(input)
    }

    pub fn clock(&mut self, when: &str) -> Brought {
        let input = self.numbered((at(when), at(when)), Content::Clock);
        self.bring(input)
    }

    /// The id of the input that was brought last.
    pub fn last_input(&self) -> InputId {
        self.records.last().expect("a record").input.id.clone()
    }

    pub fn contract(&self, id: &ContractId) -> &ContractState {
        &self.state.contracts[id]
    }

    pub fn has(&self, is: impl Fn(&Consequence) -> bool) -> bool {
        self.case.live.values().any(|live| is(&live.consequence))
    }

    /// When the live consequence came about that answers to this.
    pub fn when(&self, is: impl Fn(&Consequence) -> bool) -> Option<Moment> {
        self.case.live.values().find(|live| is(&live.consequence)).map(|live| live.occurred_at)
    }

    pub fn count(&self, is: impl Fn(&Consequence) -> bool) -> usize {
        self.case.live.values().filter(|live| is(&live.consequence)).count()
    }

    pub fn has_right(&self, right: &str) -> bool {
        self.state.rights.iter().any(|open| open.right == right)
    }
}

/// The codes of what stood in the way of an act.
pub fn obstacles(decision: &Decision) -> Vec<String> {
    let blocking = decision.findings.iter().filter(|finding| finding.blocks);
    blocking.map(|finding| finding.code.clone()).collect()
}

pub fn retractions(decision: &Decision) -> usize {
    decision.events.iter().filter(|e| matches!(e.body, Body::Retracted { .. })).count()
}
