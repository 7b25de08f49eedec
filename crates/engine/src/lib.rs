//! Load, decide, append: the road of a fact.
//!
//! [`Engine::register`] takes one input down the road; [`Engine::settle`] does
//! what has become due. The engine owns the traits of what it needs of the world
//! ([`Store`], [`Mail`], [`Cloud`], [`Clock`]) and knows no HTTP.

pub mod announcing;
mod asked;
pub mod examples;
mod gates;
mod keeping;
mod money;
mod outgoing;
pub mod people;
mod road;
pub mod scenario;

pub use asked::ahead::{Ahead, Hindered, Motion};
pub use asked::audit::Audit;
pub use asked::preview::{AccountChange, ChargeChange, DatedSentence, EntryPreview, SentPaper};
pub use asked::story::{StoryPart, Told};
pub use gates::arrivals::CancellationArrival;
pub use gates::bank::{
    Candidate, Deposits, DepositsAhead, Likeness, MovementAhead, MovementDetails, SetAside,
    WhyWaiting,
};
pub use gates::filing::{DocumentQuery, Found, NewDocument};
pub use gates::intake::{ApplicationCame, ChangeCame, Registered};
pub use gates::parties::{ToldChange, ToldOn};
pub use gates::reading::read_apart;
pub use gates::requests::Requested;
pub use gates::stopping::{FilledForm, SubmittedApplication, SubmittedCancellation};
pub use gates::takeover::{
    Comparison, ComparisonRow, Loaded, NextDates, Preview, Takeover, sha256_of,
};
pub use gates::usage::{Usage, UsageDoubt};
pub use keeping::clock::{Clock, ManualClock, beginning};
pub use keeping::counted::{MAILS, REGISTRATIONS};
pub use keeping::fault;
pub use keeping::identity::*;
pub use keeping::in_hand::Unfinished;
pub use keeping::listed;
pub use keeping::numbered::{NUMBERED, ShortNumber, ToNumber, is_numbered};
pub use keeping::ports::*;
pub use keeping::restored::{Held, NumbersSince, Opening, Review};
pub use keeping::sought::{narrow, plain};
pub use keeping::store::*;
pub use money::billing::{HeldBackOf, RunResult};
pub use outgoing::compose::LetterAhead;
pub use outgoing::declare::{Object, Of};
pub use outgoing::kept_mails::{KeptMail, KeptMails, MailsPart, is_invoice};
pub use outgoing::letters::agreement_words;
pub use outgoing::list::{self as effect, Effect};
pub use outgoing::mending::AnotherTry;
pub use outgoing::own_mail::OwnMail;
pub use outgoing::said::{Mending, NotMended, Way};
pub use people::operator::{Operator, Person, system};
pub use road::accounts::AccountCache;
pub use road::engine::Engine;
pub use road::outcome::{EngineError, Outcome};
pub use road::worked_out::{BEHIND, Chapter, WORKED_OUT};
