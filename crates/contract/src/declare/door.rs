//! The door of an entry: how people bring it. Its page, its command, its step of a
//! scenario and its place in the manual are made of what is declared here, in the file of
//! the clause; nothing is written a second time for one of them.

use std::collections::BTreeMap;

use reckon::Moment;
use serde_json::{Map, Value, json};

use crate::application::form::Person;
use crate::declare::act::{Act, Propose};
use crate::declare::fact::Fact;
use crate::declare::ids::{InputId, PersonId};
use crate::declare::sealed::{Mark, Sealed};
use crate::declare::words::{Reader, Words};
use crate::declare::{Asked, DeedKind, Kind, Second};
use crate::road::stream::Content;
use crate::who::roles::Role;

/// How an entry is brought by hand.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// What it is done to.
    pub of: Of,
    /// Under which name commands and scenarios know it, and the last part of its page's
    /// path: the name of the entry, where nothing shorter is in use.
    pub word: Option<&'static str>,
    /// Of its page, where the name of the entry says too little there.
    pub title: Option<Words>,
    /// On the link that leads to it.
    pub offer: Words,
    /// On the last button: what is done by pressing it.
    pub verb: Words,
    /// What it is for, and what comes of it.
    pub lead: Words,
    /// Clauses that the lead rests on, besides those of the entry.
    pub cites: &'static [&'static str],
    pub fields: &'static [Field],
    pub when: When,
    /// Fields of the entry that hold when it happened.
    pub stamps: &'static [&'static str],
    /// Fields of the entry that are the same whoever brings it through this door: of a
    /// kind with several doors, what tells them apart.
    pub says: &'static [(&'static str, &'static str)],
    /// The field that holds a person, who is brought open and sealed by the road: its page
    /// shows to whom is written about the contract now.
    pub person: Option<&'static str>,
    /// Whether its page names people of the customer who are sealed.
    pub opens: bool,
    /// Whether the person has to say why.
    pub reason_owed: bool,
    /// What of the account stands on the page.
    pub here: fn(&Asked, &str, Reader) -> Here,
}

/// What an entry is done to, and which of its fields names that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Contract(&'static str),
    Application(&'static str),
    Invoice(&'static str),
    Matter(&'static str),
    /// A notice on its way to a customer.
    Delivery(&'static str),
    /// The customer of a contract: the entry names neither.
    Customer,
}

impl Of {
    /// The field of the entry that names it; empty where none does.
    pub const fn field(self) -> &'static str {
        match self {
            Of::Customer => "",
            Of::Contract(field)
            | Of::Application(field)
            | Of::Invoice(field)
            | Of::Matter(field)
            | Of::Delivery(field) => field,
        }
    }

    /// `contract`, `application`, `invoice`, `matter` or `delivery`.
    pub const fn name(self) -> &'static str {
        match self {
            Of::Contract(_) | Of::Customer => "contract",
            Of::Application(_) => "application",
            Of::Invoice(_) => "invoice",
            Of::Matter(_) => "matter",
            Of::Delivery(_) => "delivery",
        }
    }
}

/// When what is brought happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now: an act, or what is known from now on.
    Now,
    /// On the day of this field.
    On(&'static str),
    /// At a moment that is asked for, under this label.
    Asked(Words),
}

/// One thing that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The field of the entry; `statement/channel` is the one of what stands under
    /// `statement`, `names/0` the first of a list.
    pub name: &'static str,
    /// Fields of the entry that hold the same.
    pub also: &'static [&'static str],
    /// Under which name pages, commands and scenarios ask for it.
    pub called: &'static str,
    pub label: Words,
    pub hint: Words,
    pub ask: Ask,
    pub must: bool,
    /// The head under which it stands on the page, with those after it.
    pub under: Option<Words>,
    pub first: First,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A text in one line.
    Line,
    /// A text in one line that has a form of its own.
    Text(TextForm),
    Day,
    /// A day that is not to come.
    PastDay,
    /// A day from today on.
    ComingDay,
    Month,
    /// A sum of money above nothing, in yen.
    Yen,
    /// As [`Ask::Yen`], the only one of a list.
    Yens,
    /// A whole number.
    Count,
    /// One of what [`Here::choices`] holds.
    Choice,
    /// As [`Ask::Choice`], of numbers.
    NumberChoice,
    /// A contract of the customer, or [`ALL`] of them, which leaves the field out.
    ContractOrAll,
    /// Whether it is so: a box, which is part of the entry where it is ticked.
    Flag,
    /// A box that has to be ticked. It is no part of the entry.
    Tick,
    /// A box that leaves out whatever stands within its name, and is itself no part of the
    /// entry.
    Without,
}

/// The form that a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// The reading of a name, in katakana.
    Katakana,
    /// The name of a payer, as a bank writes it.
    PayerKana,
    CorporateNumber,
    PostalCode,
    Mail,
    Phone,
}

/// What stands in a field at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Nothing,
    Today,
    Text(&'static str),
    /// On the page what [`Here::first`] says, for a person to read over; a program or a
    /// command says it.
    Shown,
}

/// What of an account stands on the page of an entry, as it is now.
#[derive(Debug, Clone, Default)]
pub struct Here {
    /// Whether there is anything to be done here now: whether the page of its object
    /// leads to it.
    pub offered: bool,
    /// What stands in a field at first, before what is declared.
    pub first: BTreeMap<&'static str, String>,
    pub choices: BTreeMap<&'static str, Vec<Choice>>,
    /// It cannot have happened before this.
    pub not_before: Option<Moment>,
    /// Fields that can hold but this, and what to say of anything else.
    pub only: BTreeMap<&'static str, (String, Words)>,
    /// Fields of the entry that nobody is asked for: they follow from what it is done to.
    pub fixed: BTreeMap<&'static str, String>,
    /// Fields that make no sense here.
    pub hidden: Vec<&'static str>,
    /// What to know before doing it.
    pub notes: Vec<String>,
    /// Clauses that the notes rest on.
    pub cites: Vec<String>,
    /// What is told of each thing that can be chosen, in rows.
    pub told: Vec<Vec<(Words, Shown)>>,
    /// Who did what before, by their ids.
    pub people: Vec<(Words, String)>,
    /// Invoices that it rests on, by their numbers.
    pub invoices: Vec<String>,
    /// The contracts that it touches, where that is told.
    pub contracts: Option<Vec<String>>,
}

/// Something that a page shows of what can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Text(String),
    /// Somebody of the provider or a customer, by the id.
    Person(String),
    /// Whoever signed, in a sealed row, and whether that is not the responsible person.
    Signature {
        row: Option<PersonId>,
        is_other: bool,
    },
    Entry(InputId),
}

/// One of a few: what is stored, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub words: String,
}

impl Here {
    pub fn offered(offered: bool) -> Here {
        Here { offered, ..Here::default() }
    }

    /// On a contract that goes on.
    pub(crate) fn going_on(asked: &Asked, id: &str) -> Here {
        Here::offered(asked.contract(id).is_some_and(|contract| !contract.is_over()))
    }

    pub fn first(mut self, field: &'static str, text: impl ToString) -> Here {
        self.first.insert(field, text.to_string());
        self
    }

    /// What can be chosen. Where there is but one thing, it is chosen.
    pub fn choices(
        mut self,
        field: &'static str,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Here {
        let choices: Vec<_> = choices.into_iter().collect();
        if let [only] = choices.as_slice() {
            self.first.insert(field, only.value.clone());
        }
        self.choices.insert(field, choices);
        self
    }

    /// A field that follows from what the entry is done to.
    pub fn fixed(mut self, field: &'static str, value: impl ToString) -> Here {
        self.fixed.insert(field, value.to_string());
        self
    }

    /// A field that can hold but this.
    pub fn only(mut self, field: &'static str, value: &str, else_: Words) -> Here {
        self.only.insert(field, (value.to_owned(), else_));
        self.first(field, value)
    }

    pub fn hidden(mut self, field: &'static str) -> Here {
        self.hidden.push(field);
        self
    }

    /// A clause that the notes rest on.
    pub fn cite(mut self, clause: impl Into<String>) -> Here {
        self.cites.push(clause.into());
        self
    }

    /// Somebody who did something before.
    pub fn person(mut self, did: Words, id: impl Into<String>) -> Here {
        self.people.push((did, id.into()));
        self
    }

    /// An invoice that it rests on.
    pub fn invoice(mut self, number: &str) -> Here {
        if !self.invoices.iter().any(|known| known == number) {
            self.invoices.push(number.to_owned());
        }
        self
    }

    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Here {
        self.notes.extend(notes);
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Here {
        self.notes.push(note.into());
        self
    }
}

impl Choice {
    pub fn new(value: impl ToString, words: impl Into<String>) -> Choice {
        Choice { value: value.to_string(), words: words.into() }
    }
}

/// What is chosen of a [`Ask::ContractOrAll`] for all contracts of the customer.
pub const ALL: &str = "all";

const NONE: Words = Words::new("", "");

impl Field {
    const fn new(name: &'static str, ask: Ask, label: Words) -> Field {
        Field {
            name,
            also: &[],
            called: name,
            label,
            hint: NONE,
            ask,
            must: true,
            under: None,
            first: First::Nothing,
        }
    }

    pub const fn line(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Line, Words::new(ja, en))
    }

    /// A text in one line that has a form of its own.
    pub const fn text(
        name: &'static str,
        form: TextForm,
        ja: &'static str,
        en: &'static str,
    ) -> Field {
        Field::new(name, Ask::Text(form), Words::new(ja, en))
    }

    /// A contract of the customer, or all of them.
    pub const fn contract_or_all(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::ContractOrAll, Words::new(ja, en))
    }

    pub const fn day(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Day, Words::new(ja, en))
    }

    /// A day that is not to come: today, if nothing else is said.
    pub const fn past_day(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field { first: First::Today, ..Field::new(name, Ask::PastDay, Words::new(ja, en)) }
    }

    /// A day from today on.
    pub const fn coming_day(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::ComingDay, Words::new(ja, en))
    }

    /// A sum of money above nothing.
    pub const fn yen(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Yen, Words::new(ja, en))
    }

    pub const fn yens(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Yens, Words::new(ja, en))
    }

    pub const fn count(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Count, Words::new(ja, en))
    }

    pub const fn choice(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Choice, Words::new(ja, en))
    }

    pub const fn number_choice(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::NumberChoice, Words::new(ja, en))
    }

    /// Whether it is so.
    pub const fn flag(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field { must: false, ..Field::new(name, Ask::Flag, Words::new(ja, en)) }
    }

    /// Leaves out what stands within `name`.
    pub const fn without(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field { must: false, ..Field::new(name, Ask::Without, Words::new(ja, en)) }
    }

    pub const fn tick(name: &'static str, ja: &'static str, en: &'static str) -> Field {
        Field::new(name, Ask::Tick, Words::new(ja, en))
    }

    /// What backs it up: the number of a paper, or another name to find it by.
    pub const fn document(ja: &'static str, en: &'static str) -> Field {
        Field::line("document", ja, en).hint(
            "文書番号など、あとで探せる名前。",
            "A number or name by which it is found again.",
        )
    }

    pub const fn hint(self, ja: &'static str, en: &'static str) -> Field {
        Field { hint: Words::new(ja, en), ..self }
    }

    pub const fn called(self, called: &'static str) -> Field {
        Field { called, ..self }
    }

    pub const fn optional(self) -> Field {
        Field { must: false, ..self }
    }

    /// These fields of the entry hold the same.
    pub const fn also(self, also: &'static [&'static str]) -> Field {
        Field { also, ..self }
    }

    /// A head on the page begins with it.
    pub const fn under(self, ja: &'static str, en: &'static str) -> Field {
        Field { under: Some(Words::new(ja, en)), ..self }
    }

    pub const fn first(self, first: First) -> Field {
        Field { first, ..self }
    }

    /// Whether programs and commands name it.
    pub fn is_named(&self) -> bool {
        self.ask != Ask::Tick
    }

    /// Whether it stands in the entry.
    pub fn is_stored(&self) -> bool {
        !matches!(self.ask, Ask::Tick | Ask::Without)
    }

    /// Whether it stands within this.
    pub fn is_within(&self, outer: &str) -> bool {
        self.name.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Door {
    /// Of a contract, named by the field `contract`. `lead` says what it is for, and what
    /// comes of it.
    pub const fn of_contract(ja: &'static str, en: &'static str) -> Door {
        Door::of(Of::Contract("contract"), Words::new(ja, en))
    }

    /// Of an application, named by the field `application`.
    pub const fn of_application(ja: &'static str, en: &'static str) -> Door {
        Door::of(Of::Application("application"), Words::new(ja, en))
    }

    pub const fn of(of: Of, lead: Words) -> Door {
        Door {
            of,
            word: None,
            title: None,
            offer: NONE,
            verb: Words::new("登録する", "Register"),
            lead,
            cites: &[],
            fields: &[],
            when: When::Now,
            stamps: &[],
            says: &[],
            person: None,
            opens: false,
            reason_owed: false,
            here: |_, _, _| Here::offered(true),
        }
    }

    /// The link that leads to it.
    pub const fn offer(self, ja: &'static str, en: &'static str) -> Door {
        Door { offer: Words::new(ja, en), ..self }
    }

    /// Of its page.
    pub const fn title(self, ja: &'static str, en: &'static str) -> Door {
        Door { title: Some(Words::new(ja, en)), ..self }
    }

    pub const fn verb(self, ja: &'static str, en: &'static str) -> Door {
        Door { verb: Words::new(ja, en), ..self }
    }

    pub const fn cites(self, cites: &'static [&'static str]) -> Door {
        Door { cites, ..self }
    }

    pub const fn word(self, word: &'static str) -> Door {
        Door { word: Some(word), ..self }
    }

    pub const fn asks(self, fields: &'static [Field]) -> Door {
        Door { fields, ..self }
    }

    pub const fn on(self, field: &'static str) -> Door {
        Door { when: When::On(field), ..self }
    }

    /// At a moment that is asked for.
    pub const fn at(self, ja: &'static str, en: &'static str) -> Door {
        Door { when: When::Asked(Words::new(ja, en)), ..self }
    }

    /// These fields of the entry hold when it happened.
    pub const fn stamps(self, stamps: &'static [&'static str]) -> Door {
        Door { stamps, ..self }
    }

    /// These fields of the entry hold this.
    pub const fn says(self, says: &'static [(&'static str, &'static str)]) -> Door {
        Door { says, ..self }
    }

    /// Its page names people of the customer who are sealed.
    pub const fn opens(self) -> Door {
        Door { opens: true, ..self }
    }

    /// Whether its page shows what is sealed of people.
    pub fn shows_people(&self) -> bool {
        self.opens || self.person.is_some()
    }

    /// This field holds a person.
    pub const fn person(self, field: &'static str) -> Door {
        Door { person: Some(field), ..self }
    }

    /// Whether a box can leave out a field.
    pub fn can_leave_out(&self, field: &Field) -> bool {
        self.left_out_by(field).is_some()
    }

    /// The box that leaves out a field.
    pub fn left_out_by(&self, field: &Field) -> Option<&'static Field> {
        let mut boxes = self.fields.iter().filter(|one| one.ask == Ask::Without);
        boxes.find(|one| field.is_within(one.name))
    }

    pub const fn reason_owed(self) -> Door {
        Door { reason_owed: true, ..self }
    }

    pub const fn here(self, here: fn(&Asked, &str, Reader) -> Here) -> Door {
        Door { here, ..self }
    }
}

/// A kind of entry that people bring by hand, with its door.
#[derive(Debug, Clone, Copy)]
pub struct Doorway {
    pub kind: &'static Kind,
    pub door: &'static Door,
    /// Of an act, what is declared of it besides.
    deed: Option<&'static DeedKind>,
}

impl Doorway {
    /// Every kind that has a door, in the order in which they are declared.
    pub fn all() -> impl Iterator<Item = Doorway> {
        let facts = Fact::KINDS.iter().map(|kind| (kind, None));
        let acts = Act::DEEDS.iter().map(|deed| (&deed.kind, Some(deed)));
        facts.chain(acts).flat_map(|(kind, deed)| {
            kind.doors.iter().map(move |door| Doorway { kind, door, deed })
        })
    }

    /// The one that commands and scenarios know by this word.
    pub fn of(word: &str) -> Option<Doorway> {
        Doorway::all().find(|doorway| doorway.word() == word)
    }

    /// Under which name commands and scenarios know it.
    pub fn word(&self) -> &'static str {
        self.door.word.unwrap_or(self.kind.name)
    }

    /// Of its page.
    pub fn title(&self) -> Words {
        self.door.title.unwrap_or(self.kind.title)
    }

    pub fn is_act(&self) -> bool {
        self.deed.is_some()
    }

    /// Whether bringing it puts it before a second person.
    pub fn is_proposed(&self) -> bool {
        let proposed = [Second::Proposed, Second::Correction];
        self.deed.is_some_and(|deed| proposed.contains(&deed.second))
    }

    /// Whether somebody of this role may bring it, as far as that does not rest on what
    /// it says.
    pub fn may(&self, role: Role) -> bool {
        match self.deed {
            None => self.kind.by.is_some_and(|permission| role.holds(permission)),
            Some(deed) if self.is_proposed() => deed.proposers.contains(&role),
            Some(deed) => deed.doers.contains(&role),
        }
    }

    pub fn here(&self, asked: &Asked, id: &str, reader: Reader) -> Here {
        (self.door.here)(asked, id, reader)
    }

    /// Before which it cannot have happened, where it is said to have happened then: what
    /// is known by its day only may have happened at any time of it.
    pub fn too_early(&self, here: &Here, at: Moment) -> Option<Moment> {
        here.not_before.filter(|first| match self.door.when {
            When::On(_) => at.day() < first.day(),
            When::Now | When::Asked(_) => at < *first,
        })
    }

    /// Who did the step before it, where that must be another person.
    pub fn earlier(&self, asked: &Asked, id: &str) -> Option<String> {
        match self.entry(id, asked.at, Map::new()).ok()? {
            Content::Act(act) => act.earlier(asked.state).map(str::to_owned),
            _ => None,
        }
    }

    /// The entry of what was asked for, done at a moment to what has this id.
    ///
    /// # Errors
    /// When a field is missing or of another type than the entry has.
    pub fn entry(
        &self,
        id: &str,
        at: Moment,
        fields: Map<String, Value>,
    ) -> Result<Content, serde_json::Error> {
        let own = Some(self.door.of.field()).filter(|field| !field.is_empty());
        let own = own.map(|field| (field, json!(id)));
        let stamps = self.door.stamps.iter().map(|field| (*field, json!(at)));
        let says = self.door.says.iter().map(|(field, value)| (*field, json!(value)));
        let mut entry = json!({ "type": self.kind.name });
        for (field, value) in own.into_iter().chain(stamps).chain(says) {
            put(&mut entry, field, value);
        }
        for (field, value) in fields {
            let asked = self.door.fields.iter().find(|one| one.name == field);
            for also in asked.map(|asked| asked.also).unwrap_or_default() {
                put(&mut entry, also, value.clone());
            }
            put(&mut entry, &field, value);
        }
        // Only a door takes somebody who is not sealed yet.
        let person = match self.door.person {
            Some(field) => Some(serde_json::from_value::<Person>(held(&entry, field).clone())?),
            None => None,
        };
        if let Some(field) = self.door.person {
            put(&mut entry, field, json!(""));
        }
        let mut content = match self.deed {
            None => Content::Fact(serde_json::from_value(entry)?),
            Some(_) => Content::Act(serde_json::from_value(entry)?),
        };
        if let (Some(open), Content::Fact(fact)) = (person, &mut content) {
            for mark in fact.marks() {
                if let Mark::Contact { person, .. } = mark {
                    *person = Sealed::Open(open.clone());
                }
            }
        }
        Ok(content)
    }

    /// As [`Self::entry`], as somebody brings it: a proposal, where it takes a second
    /// person.
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub fn brought(
        &self,
        id: &str,
        at: Moment,
        fields: Map<String, Value>,
    ) -> Result<Content, serde_json::Error> {
        Ok(match self.entry(id, at, fields)? {
            Content::Act(act) if self.is_proposed() => {
                Content::Act(Act::Propose(Propose { act: Box::new(act) }))
            }
            other => other,
        })
    }
}

/// Puts a value under the name of a field, which may stand in another one, or in a list.
fn put(entry: &mut Value, field: &str, value: Value) {
    match field.split_once('/') {
        Some((first, rest)) => put(&mut entry[first], rest, value),
        // A list has no gaps, whatever was left empty.
        None if field.parse::<usize>().is_ok() => match entry {
            Value::Array(list) => list.push(value),
            other => *other = json!([value]),
        },
        None => entry[field] = value,
    }
}

/// What an entry holds under the name of a field.
pub fn held<'v>(entry: &'v Value, field: &str) -> &'v Value {
    field.split('/').fold(entry, |within, name| &within[name])
}
