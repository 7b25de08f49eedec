//! What an effect declares of itself, in its own file: what asks for it, whether it is still
//! wanted, what comes back of it, who mends it, and on whose page it stands.

use contract::declare::act::Act;
use contract::declare::consequence::Consequence;
use contract::declare::fact::Fact;
use contract::declare::ids::ContractId;
use contract::declare::words::{Reader, Words};
use contract::road::case::Case;
use contract::road::stream::{Body, Content, Event, Input};
use contract::who::roles::Role;
use contract::{AccountState, ContractStatus};
use reckon::Moment;

use crate::keeping::listed::Field;
use crate::keeping::store::OutboxRow;
use crate::outgoing::draft::{Desk, Draft};
use crate::outgoing::said::Way;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What holds of every effect of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    /// With what its name begins.
    pub begins: &'static str,
    pub title: Words,
    /// `mail`, `cloud`, `erase` or `book`.
    pub kind: &'static str,
    pub object: Object,
    /// Whose it is to mend it.
    pub menders: &'static [Role],
    /// In which ways it can have been done without this system.
    pub ways: &'static [Way],
    /// Whether its guard says when nobody needs it any more; of the others a person says so.
    pub is_guarded: bool,
    /// Where what it tells of is so no longer, nobody needs it, and nobody has to look.
    pub only_tells: bool,
    /// It may be asked for again: what asked tells its rows apart.
    pub is_asked_anew: bool,
    /// What stands in the names of those that speak of what is owed.
    pub of_money: Option<&'static str>,
}

impl Of {
    pub(crate) const fn mail(
        begins: &'static str,
        title: Words,
        object: Object,
        menders: &'static [Role],
    ) -> Of {
        Of {
            begins,
            title,
            kind: "mail",
            object,
            menders,
            ways: &Way::ALL,
            is_guarded: true,
            only_tells: false,
            is_asked_anew: false,
            of_money: None,
        }
    }
}

/// On whose page an effect stands that could not be done; on the customer's they all do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    Application,
    Contract,
    Invoice,
    CreditNote,
    Matter,
    Notice,
    Customer,
    /// A file that was not taken.
    File,
}

impl Object {
    /// Where the rows of the outbox name it.
    pub fn field(self) -> Field {
        Field::Text(match self {
            Object::Application => "payload.application",
            Object::Contract => "payload.contract",
            Object::Invoice | Object::CreditNote => "payload.number",
            Object::Matter => "payload.matter",
            Object::Notice => "payload.notice",
            Object::Customer => return Field::Account,
            Object::File => "payload.reference",
        })
    }
}

/// An event that may ask for something, and the input of which it came.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub input: &'a Input,
    pub event: &'a Event,
}

impl<'a> Asked<'a> {
    pub fn fact(self) -> Option<&'a Fact> {
        match (&self.event.body, &self.input.content) {
            (Body::Registered { .. }, Content::Fact(fact)) => Some(fact),
            _ => None,
        }
    }

    /// An act that was done; of an approval, what was approved.
    pub fn act(self) -> Option<&'a Act> {
        match (&self.event.body, &self.input.content) {
            (Body::Done { .. }, Content::Act(act)) => Some(act.done()),
            _ => None,
        }
    }

    pub fn consequence(self) -> Option<&'a Consequence> {
        match &self.event.body {
            Body::Follows { consequence, .. } => Some(consequence),
            _ => None,
        }
    }
}

/// Something to be performed outside.
pub(crate) trait Outgoing: Sized {
    const OF: Of;

    /// Where an event asks for it.
    fn asked(asked: Asked<'_>) -> Option<Self>;

    /// The one thing that it is about.
    fn about(&self) -> &str;

    /// What its name says after the beginning.
    fn names(&self) -> String {
        self.about().to_owned()
    }

    /// The guard, looked at again before it is performed.
    fn is_wanted(&self, case: &Case, state: &AccountState) -> bool;

    /// What stands in the record once it was done, by whatever way.
    fn done(&self, _reference: String, _at: Moment) -> Option<Fact> {
        None
    }

    /// The kind of notice that it is, if the terms say which of them leave by themselves.
    fn automatic(&self) -> Option<&str> {
        None
    }
}

/// A mail.
pub(crate) trait Letter: Outgoing {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError>;
}

/// What is no mail.
pub(crate) trait Work: Outgoing {
    async fn perform(
        &self,
        engine: &Engine,
        row: &OutboxRow,
        case: &Case,
    ) -> Result<(), EngineError>;

    /// What is done, for whoever looks ahead.
    fn ahead(&self, _reader: Reader) -> String {
        String::new()
    }

    /// How many things of which class it would destroy.
    async fn destroys(
        &self,
        _engine: &Engine,
        _row: &OutboxRow,
    ) -> Result<Vec<(String, u64)>, EngineError> {
        Ok(Vec::new())
    }

    /// The facts that come of it without a person. What people do by hand stands in the
    /// record when they say that they did.
    async fn comes_of_it(
        &self,
        _desk: &Desk<'_>,
        _input: &Input,
    ) -> Result<Vec<Fact>, EngineError> {
        Ok(Vec::new())
    }
}

pub(crate) fn has_ended(state: &AccountState, id: &ContractId) -> bool {
    let status = state.contracts.get(id).map(|contract| contract.status);
    matches!(status, Some(ContractStatus::Ended | ContractStatus::Erased))
}
