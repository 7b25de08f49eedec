//! Everybody and their rights on any day, folded from the entries.

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::ids::AccountId;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use reckon::{Day, Yen};

use super::approver::{is_approver, sleeps_after_link};
use super::change::{Belongs, PeopleChange, PeopleEntry};
use crate::keeping::clock::beginning;
use crate::people::operator::{Operator, system};

/// A role held for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hat {
    pub role: Role,
    pub from: Day,
    /// The last day.
    pub until: Option<Day>,
    /// It was ended: the first day without it.
    pub ended_from: Option<Day>,
}

/// Standing in for somebody (代理), from the first to the last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    pub stands_for: String,
    pub role: Role,
    pub from: Day,
    pub until: Day,
}

/// What may be approved from a day on; `None`: any amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub from: Day,
    pub up_to: Option<Yen>,
}

/// Where the sealed row with somebody's own address is, and who put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub row: String,
    pub by: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: String,
    /// Empty for people of customers, whose name is kept sealed.
    pub name: String,
    pub belongs: Belongs,
    pub hats: Vec<Hat>,
    pub deputies: Vec<Deputy>,
    pub limits: Vec<Limit>,
    /// The first day on which the person no longer belongs here.
    pub left_from: Option<Day>,
    /// `None`: at most the operator's file has one.
    pub address: Option<Address>,
    /// While this is not empty the roles in which one is a second person sleep: a
    /// password was set with a link, and these people may know it.
    pub link_of: BTreeSet<String>,
}

/// Everybody who ever had a right here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    members: BTreeMap<String, Member>,
    /// Proposals that wait for a second administrator, by key.
    open: BTreeMap<String, PeopleEntry>,
    entries: u64,
}

impl Hat {
    pub fn is_held_on(&self, day: Day) -> bool {
        self.from <= day
            && self.until.is_none_or(|until| day <= until)
            && self.ended_from.is_none_or(|ended| day < ended)
    }
}

impl Member {
    fn new(id: &str, name: &str, belongs: Belongs) -> Member {
        Member {
            id: id.to_owned(),
            name: name.to_owned(),
            belongs,
            hats: Vec::new(),
            deputies: Vec::new(),
            limits: Vec::new(),
            left_from: None,
            address: None,
            link_of: BTreeSet::new(),
        }
    }

    /// Whether the roles in which one is a second person sleep.
    pub fn is_asleep(&self) -> bool {
        !self.link_of.is_empty()
    }

    pub fn has_left(&self, day: Day) -> bool {
        self.left_from.is_some_and(|left| left <= day)
    }

    pub fn holds(&self, role: Role, day: Day) -> bool {
        !self.has_left(day) && self.hats.iter().any(|hat| hat.role == role && hat.is_held_on(day))
    }

    /// Whoever had the link in hand may know the password; so may whoever had it sent
    /// and whoever chose the address. What the machine's own user gives out comes from
    /// above all of them.
    fn fall_asleep(&mut self, made_by: &str, handed_by: Option<&str>) {
        if made_by == system().id {
            self.link_of.clear();
            return;
        }
        let chose = self.address.as_ref().map(|address| address.by.as_str());
        let know = match handed_by {
            Some(hand) => vec![hand],
            None => std::iter::once(made_by).chain(chose).collect(),
        };
        self.link_of.extend(know.into_iter().filter(|id| *id != system().id).map(str::to_owned));
    }

    /// The account of a customer's person.
    pub fn account(&self) -> Option<&AccountId> {
        match &self.belongs {
            Belongs::Customer { account } => Some(account),
            _ => None,
        }
    }
}

impl People {
    /// The persons of the operator's file, and what the entries made of them.
    pub fn of(operator: &Operator, entries: &[(String, PeopleEntry)]) -> People {
        let mut people = People::default();
        for person in &operator.people {
            let mut member = Member::new(&person.id, &person.name, Belongs::Staff);
            let from = beginning().day();
            let hat = |role: &Role| Hat { role: *role, from, until: None, ended_from: None };
            member.hats =
                std::iter::once(&person.role).chain(&person.more_roles).map(hat).collect();
            if let Some(limit) = person.approves_up_to {
                member.limits.push(Limit { from, up_to: Some(limit) });
            }
            people.members.insert(person.id.clone(), member);
        }
        for (key, entry) in entries {
            people.take(key, entry);
        }
        people
    }

    fn take(&mut self, key: &str, entry: &PeopleEntry) {
        self.entries += 1;
        match &entry.change {
            PeopleChange::Proposed { .. } => {
                self.open.insert(key.to_owned(), entry.clone());
            }
            PeopleChange::Approved { proposal } => {
                let Some(open) = self.open.remove(proposal) else { return };
                if let PeopleChange::Proposed { wanted } = &open.change {
                    self.apply(proposal, &open.by, wanted);
                }
            }
            PeopleChange::Declined { proposal } => {
                self.open.remove(proposal);
            }
            change => self.apply(key, &entry.by, change),
        }
    }

    fn apply(&mut self, key: &str, by: &Actor, change: &PeopleChange) {
        if let PeopleChange::PersonAdded { person, name, belongs } = change {
            let mut member = Member::new(person, name, belongs.clone());
            member.address = Some(Address { row: contact_id(person), by: by.id.clone() });
            self.members.entry(person.clone()).or_insert(member);
            return;
        }
        let Some(member) = change.person().and_then(|id| self.members.get_mut(id)) else { return };
        match change {
            PeopleChange::RoleGranted { role, from, until, .. } => {
                let (role, from, until) = (*role, *from, *until);
                member.hats.push(Hat { role, from, until, ended_from: None });
            }
            PeopleChange::RoleEnded { role, from, .. } => {
                for hat in member.hats.iter_mut().filter(|hat| hat.role == *role) {
                    let earlier = hat.ended_from.unwrap_or(*from);
                    hat.ended_from = Some(earlier.min(*from));
                }
            }
            PeopleChange::DeputyNamed { stands_for, role, from, until, .. } => {
                let stands_for = stands_for.clone();
                let (role, from, until) = (*role, *from, *until);
                member.deputies.push(Deputy { stands_for, role, from, until });
            }
            PeopleChange::LimitSet { up_to, from, .. } => {
                member.limits.push(Limit { from: *from, up_to: *up_to });
            }
            PeopleChange::PersonLeft { from, .. } => member.left_from = Some(*from),
            PeopleChange::AddressSet { person } => {
                member.address = Some(Address { row: address_id(person, key), by: by.id.clone() });
            }
            PeopleChange::LinkUsed { made_by, handed_by, .. } => {
                member.fall_asleep(made_by, handed_by.as_deref());
            }
            PeopleChange::RolesWoken { .. } => member.link_of.clear(),
            _ => {}
        }
    }

    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.get(id)
    }

    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Proposals that wait for a second administrator, with their keys.
    pub fn proposals(&self) -> impl Iterator<Item = (&str, &PeopleEntry)> {
        self.open.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// The proposal of a link for somebody that waits, with who asked.
    pub fn wish_for_link(&self, person: &str) -> Option<(&str, &str)> {
        self.open.iter().find_map(|(key, entry)| match &entry.change {
            PeopleChange::Proposed { wanted } => match &**wanted {
                PeopleChange::LinkWanted { person: of } if of == person => {
                    Some((key.as_str(), entry.by.id.as_str()))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// The key of the next entry; a second writer of it is refused by the store.
    pub(super) fn next_key(&self) -> String {
        format!("{:08}", self.entries + 1)
    }

    /// Who can act in a role on a day, without those who stand in.
    pub fn holders(&self, role: Role, day: Day) -> Vec<&str> {
        let held = self.members.values().filter(|member| {
            member.holds(role, day) && (!member.is_asleep() || !sleeps_after_link(role))
        });
        held.map(|member| member.id.as_str()).collect()
    }

    /// The roles that somebody has on a day, awake or asleep, own or in the place of
    /// somebody.
    pub fn roles(&self, id: &str, day: Day) -> Vec<Role> {
        self.all_hats(id, day).into_iter().map(|hat| hat.role).collect()
    }

    /// What somebody may approve at the most on a day; `None`: any amount.
    pub fn limit(&self, id: &str, day: Day) -> Option<Yen> {
        let limits = self.members.get(id)?.limits.iter();
        // Of those of one day the last one entered counts.
        limits.filter(|limit| limit.from <= day).max_by_key(|limit| limit.from)?.up_to
    }

    /// Everything as which somebody may act on a day: own roles first, then those
    /// in which they stand in for somebody. What sleeps is not among them.
    pub fn hats(&self, id: &str, day: Day) -> Vec<Actor> {
        let mut hats = self.all_hats(id, day);
        if self.members.get(id).is_some_and(Member::is_asleep) {
            hats.retain(|hat| !sleeps_after_link(hat.role));
        }
        hats
    }

    fn all_hats(&self, id: &str, day: Day) -> Vec<Actor> {
        let Some(member) = self.members.get(id).filter(|member| !member.has_left(day)) else {
            return Vec::new();
        };
        let mut hats: Vec<Actor> = Vec::new();
        // A key of a program is known to whoever made it: no program decides.
        let fits = |role: Role| member.belongs != Belongs::Program || !is_approver(role);
        for hat in member.hats.iter().filter(|hat| hat.is_held_on(day) && fits(hat.role)) {
            let mut actor = Actor::new(id, hat.role);
            actor.approves_up_to = self.limit(id, day);
            actor.account = member.account().cloned();
            if !hats.contains(&actor) {
                hats.push(actor);
            }
        }
        let standing = |d: &&Deputy| d.from <= day && day <= d.until && fits(d.role);
        let standing = member.deputies.iter().filter(standing);
        for deputy in standing {
            let principal = self.members.get(&deputy.stands_for);
            if principal.is_some_and(|principal| principal.holds(deputy.role, day)) {
                let mut actor = Actor::new(id, deputy.role);
                actor.deputy_for = Some(deputy.stands_for.clone());
                actor.approves_up_to = self.limit(&deputy.stands_for, day);
                actor.account = member.account().cloned();
                hats.push(actor);
            }
        }
        hats
    }

    /// The name that pages print; the id where the name is sealed or unknown.
    pub fn name_of(&self, id: &str) -> String {
        let name = self.members.get(id).map(|member| member.name.as_str()).unwrap_or_default();
        if name.is_empty() { id.to_owned() } else { name.to_owned() }
    }
}

pub(super) fn address_id(person: &str, key: &str) -> String {
    format!("address/{person}/{key}")
}

pub(super) fn contact_id(person: &str) -> String {
    format!("person/{person}/contact")
}
