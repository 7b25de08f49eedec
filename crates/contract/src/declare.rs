//! What can be registered, done, or follow; why; and the words for it.
//!
//! A fact or act is a struct with one `impl` of [`Entry`] in the file of its clause, an
//! act with one of [`Deed`] besides, a consequence with one of [`Following`]. Three lists
//! in `lists.rs` ([`fact`], [`act`], [`consequence`]) make the enums that are stored, and
//! what is asked of all kinds is asked over `KINDS`.

use reckon::{Moment, Yen};
use terms::{Law, LawError};

use crate::declare::door::Door;
use crate::declare::ids::{ApplicationId, ContractId};
use crate::declare::reach::Reach;
use crate::declare::reason::{Audience, Finding};
use crate::declare::sealed::Mark;
use crate::declare::words::{Reader, Words};
use crate::road::case::Case;
use crate::road::kept::Kept;
use crate::road::state::{AccountState, ApplicationState, ContractState};
use crate::road::stream::Stream;
use crate::who::roles::{Permission, Role};

/// A large entry stands in a box.
macro_rules! unboxed {
    (Box<$entry:ident>) => {
        $entry
    };
    ($entry:ident) => {
        $entry
    };
}

/// The enum of all facts or of all acts, from one list.
macro_rules! entries { (
    $(#[$about:meta])*
    $all:ident: $($(#[$doc:meta])* $variant:ident($entry:ident $(<$boxed:ident>)?)),* $(,)?
) => {
    $(#[$about])*
    #[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum $all { $($(#[$doc])* $variant($entry $(<$boxed>)?)),* }

    impl $all {
        /// Every kind, in the order in which they are declared.
        pub const KINDS: &'static [Kind] = &[$(Kind::of::<$entry $(<$boxed>)?>()),*];

        /// The name by which it is stored, and by which pages and programs know it.
        pub fn name(&self) -> &'static str {
            match self { $($all::$variant(_) => <$entry $(<$boxed>)?>::NAME),* }
        }

        /// What it takes to register it by hand, where somebody does.
        pub fn by(&self) -> Option<Permission> {
            match self { $($all::$variant(entry) => entry.by()),* }
        }

        /// What of it is kept apart, under a key of its own.
        pub fn marks(&mut self) -> Vec<Mark<'_>> {
            match self { $($all::$variant(entry) => entry.marks()),* }
        }

        /// The stream of the account in which it stands.
        pub fn stream(&self) -> Stream {
            match self { $($all::$variant(entry) => entry.stream()),* }
        }

        /// How far back it reaches besides the moment at which it happened.
        pub fn reaches_back_to(&self) -> Vec<Reach<'_>> {
            match self { $($all::$variant(entry) => entry.reaches_back_to()),* }
        }

        /// What happened or is to be done, in one line, as somebody reads it. The ground
        /// of a refusal stands in it: a page for customers shows the refusal itself.
        pub fn line(&self, reader: impl Into<Reader>) -> String {
            let reader = reader.into();
            match self { $($all::$variant(entry) => entry.line(reader)),* }
        }
    }

    $(impl $crate::declare::Among<$all> for unboxed!($entry $(<$boxed>)?) {
        fn among(all: &$all) -> Option<&Self> {
            match all { $all::$variant(entry) => Some(entry), _ => None }
        }
    })*
} }

/// The enum of all acts, from one list, and what is asked of an act alone.
macro_rules! acts { ($(#[$about:meta])* $($entry:ident),* $(,)?) => {
    entries! { $(#[$about])* Act: $($entry($entry)),* }

    impl Act {
        /// Every kind, with what is declared of an act alone.
        pub const DEEDS: &'static [DeedKind] = &[$(DeedKind::of::<$entry>()),*];

        /// Who does it, or approves a proposal of it.
        pub fn doers(&self) -> &'static [Role] {
            match self { $(Act::$entry(act) => act.doers()),* }
        }

        /// Who may put it before a second person.
        pub fn proposers(&self) -> &'static [Role] {
            match self { $(Act::$entry(_) => $entry::PROPOSERS),* }
        }

        /// Which second person it takes.
        pub fn second(&self) -> Second {
            match self { $(Act::$entry(_) => $entry::SECOND),* }
        }

        /// Whether it may be found to have been wrong, and counts no longer then.
        pub fn is_voidable(&self) -> bool {
            match self { $(Act::$entry(_) => $entry::VOIDABLE),* }
        }

        /// The yen that it moves, which the limit of the approver must cover.
        pub fn amount(&self) -> Option<Yen> {
            match self { $(Act::$entry(act) => act.amount()),* }
        }

        /// Who did the step before it, where that must be another person.
        pub(crate) fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
            match self { $(Act::$entry(act) => act.earlier(state)),* }
        }

        pub(crate) fn against_entry(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
            match self { $(Act::$entry(act) => act.against(asked)),* }
        }
    }
} }

/// The enum of all consequences, from one list.
macro_rules! consequences { ($($entry:ident),* $(,)?) => {
    /// Something that follows. Its id is a hash of its content, stream and moment.
    #[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Consequence { $($entry($entry)),* }

    impl Consequence {
        /// The name of every kind, in the order in which they are declared.
        pub const KINDS: &'static [&'static str] = &[$(stringify!($entry)),*];

        /// Grounds, rights, alerts and the provider's own tasks are for staff.
        pub fn audience(&self) -> Audience {
            match self { $(Consequence::$entry(_) => $entry::AUDIENCE),* }
        }

        /// What follows, in one line, as somebody reads it.
        pub fn line(&self, reader: impl Into<Reader>) -> String {
            let reader = reader.into();
            match self { $(Consequence::$entry(entry) => entry.line(reader)),* }
        }
    }
} }

pub mod detail;
pub mod door;
pub mod figures;
pub mod ids;
mod kinds;
pub(crate) mod lists;
pub mod names;
pub(crate) mod prelude;
pub mod reach;
pub mod reason;
pub mod rules;
pub mod sealed;
pub mod task;
pub mod words;

pub use lists::{act, consequence, fact};

/// A fact or an act: what it is, where it stands, and one line that tells it.
pub trait Entry {
    /// As it is stored, and as the API, commands and scenarios name it.
    const NAME: &'static str;
    /// The clauses that speak of it.
    const CLAUSES: &'static [&'static str];
    const TITLE: Words;
    /// What it takes to register a fact by hand. Without it the engine records what it
    /// did itself (sent, issued, imported, erased), or it comes by another road (a
    /// takeover, a correction).
    const BY: Option<Permission> = None;
    /// How people bring it by hand, where it has a page of its own.
    const DOOR: Option<Door> = None;
    /// All ways by which people bring it: one, unless they bring several things as one kind.
    const DOORS: &'static [Door] = match &Self::DOOR {
        Some(door) => std::slice::from_ref(door),
        None => &[],
    };

    /// As [`Self::BY`], where it rests on what the fact says.
    fn by(&self) -> Option<Permission> {
        Self::BY
    }

    /// The stream of the account in which it stands.
    fn stream(&self) -> Stream;

    /// How far back it reaches besides the moment at which it happened: nothing that it
    /// adds or takes back is dated before that.
    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        Vec::new()
    }

    /// What happened or is to be done, in one line, without the people whom a form names.
    fn line(&self, reader: Reader) -> String;

    /// What of it is kept apart, under a key of its own (42-3, A-38): every field that is
    /// [`sealed::Sealed`].
    fn marks(&mut self) -> Vec<Mark<'_>> {
        Vec::new()
    }
}

impl<T: Entry> Entry for Box<T> {
    const NAME: &'static str = T::NAME;
    const CLAUSES: &'static [&'static str] = T::CLAUSES;
    const TITLE: Words = T::TITLE;
    const BY: Option<Permission> = T::BY;
    const DOOR: Option<Door> = T::DOOR;
    const DOORS: &'static [Door] = T::DOORS;

    fn by(&self) -> Option<Permission> {
        T::by(self)
    }

    fn stream(&self) -> Stream {
        T::stream(self)
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        T::reaches_back_to(self)
    }

    fn line(&self, reader: Reader) -> String {
        T::line(self, reader)
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        T::marks(self)
    }
}

/// One kind among all facts, or all acts.
pub trait Among<All>: Entry + Sized {
    fn among(all: &All) -> Option<&Self>;
}

/// An act besides: who may, which second person it takes, and what stands against it.
pub trait Deed: Entry {
    /// Who does it, or approves a proposal of it.
    const DOERS: &'static [Role] = &[];
    /// Who may put it before a second person.
    const PROPOSERS: &'static [Role] = &[];
    const SECOND: Second = Second::Nobody;
    /// Whether it may be found to have been wrong (20-1). What it set in motion outside
    /// did happen, and is mended by doing something else.
    const VOIDABLE: bool = matches!(Self::SECOND, Second::Correction);

    /// As [`Self::DOERS`], where it rests on what the act says.
    fn doers(&self) -> &'static [Role] {
        Self::DOERS
    }

    /// The yen that it moves, which the limit of the approver must cover.
    fn amount(&self) -> Option<Yen> {
        None
    }

    /// Who did the step before it, where that must be another person.
    fn earlier<'a>(&'a self, _state: &'a AccountState) -> Option<&'a str> {
        None
    }

    /// Every ground of the terms that speaks against it, and every warning.
    ///
    /// # Errors
    /// When an agreement of a contract cannot be laid over the law.
    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError>;
}

/// Something that follows: who may see it, and one line that tells it.
pub trait Following {
    const AUDIENCE: Audience = Audience::Everyone;

    /// What follows, in one line. It names no contract where its stream does, and says
    /// nothing that only staff may know, unless only staff see it.
    fn line(&self, reader: Reader) -> String;
}

/// Which second person an act takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// None: one person does it.
    Nobody,
    /// Somebody else than who did the step before it: registered the application,
    /// ordered the erasure.
    Other,
    /// It is only done by approving a proposal of somebody else.
    Proposed,
    /// As `Proposed`; it mends what was entered, charged, applied or agreed before.
    Correction,
}

/// What is declared of a kind of entry.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub clauses: &'static [&'static str],
    pub title: Words,
    pub by: Option<Permission>,
    pub doors: &'static [Door],
}

impl Kind {
    const fn of<T: Entry>() -> Kind {
        let (name, clauses, title, by) = (T::NAME, T::CLAUSES, T::TITLE, T::BY);
        Kind { name, clauses, title, by, doors: T::DOORS }
    }
}

/// What is declared of a kind of act besides.
#[derive(Debug, Clone, Copy)]
pub struct DeedKind {
    pub kind: Kind,
    pub doers: &'static [Role],
    pub proposers: &'static [Role],
    pub second: Second,
}

impl DeedKind {
    const fn of<T: Deed>() -> DeedKind {
        let (kind, second) = (Kind::of::<T>(), T::SECOND);
        DeedKind { kind, doers: T::DOERS, proposers: T::PROPOSERS, second }
    }
}

/// What an act is judged on.
pub struct Asked<'a> {
    pub law: &'a Law,
    pub case: &'a Case,
    pub state: &'a AccountState,
    pub at: Moment,
}

impl Asked<'_> {
    /// The contract of this id, where there is one.
    pub fn contract(&self, id: &str) -> Option<&ContractState> {
        self.state.contracts.get(&ContractId(id.to_owned())).map(Kept::as_ref)
    }

    /// The application of this id, where there is one.
    pub fn application(&self, id: &str) -> Option<&ApplicationState> {
        self.state.applications.get(&ApplicationId(id.to_owned())).map(Kept::as_ref)
    }

    /// The invoices of a contract that are not paid in full.
    pub(crate) fn unpaid(&self, contract: &str) -> Vec<&str> {
        let owed = self.state.receivables.iter().filter(|(_, one)| {
            let of = one.invoice.contracts();
            one.outstanding.is_positive() && of.iter().any(|id| id.0 == contract)
        });
        owed.map(|(number, _)| number.as_str()).collect()
    }

    /// What stands against an act on a contract: that there is none, or what is said of
    /// the one there is. What was taken over and not compared with its papers is told.
    pub(crate) fn of_contract(
        &self,
        id: &ContractId,
        against: impl FnOnce(&ContractState) -> Vec<Finding>,
    ) -> Vec<Finding> {
        let Some(contract) = self.state.contracts.get(id) else { return vec![unknown(&id.0)] };
        let mut findings = against(contract);
        if let Some(taken) = contract.taken_over.as_ref().filter(|taken| taken.unverified) {
            let number = taken.number.clone();
            findings.push(Finding::warning("takeover", "unverified_takeover", number));
        }
        findings
    }
}

pub fn unknown(about: &str) -> Finding {
    Finding::blocking("20-1", "unknown_subject", about)
}
