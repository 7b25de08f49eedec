//! Load, decide, append: the road of a fact.
//!
//! [`Engine::register`] takes one input down the road; [`Engine::settle`] does
//! what has become due. The engine owns the traits of what it needs of the world
//! ([`Store`], [`Mail`], [`Cloud`], [`Clock`]) and knows no HTTP.

mod arrivals;
mod audit;
mod bank;
mod billing;
mod cases;
mod checks;
mod clock;
mod counted;
mod crediting;
mod edition_step;
mod effects;
mod engine;
mod erasure;
mod evidence;
pub mod examples;
mod explain;
mod export;
pub mod fault;
mod filing;
mod identity;
mod in_hand;
mod intake;
mod journal;
mod letters;
mod notices;
mod operator;
mod outbox;
mod own_mail;
mod papers;
mod parties;
pub mod people;
mod ports;
mod preview;
mod quotes;
mod read_models;
mod reading;
mod register;
mod requests;
mod restored;
pub mod scenario;
mod stopping;
mod store;
mod takeover;
mod usage;
mod views;
mod written;

pub use arrivals::CancellationArrival;
pub use audit::Audit;
pub use bank::Deposits;
pub use billing::RunResult;
pub use clock::{Clock, ManualClock, beginning};
pub use counted::{MAILS, REGISTRATIONS};
pub use effects::Effect;
pub use engine::{Engine, EngineError, Outcome};
pub use explain::Told;
pub use filing::{DocumentQuery, Found, NewDocument};
pub use identity::*;
pub use in_hand::Unfinished;
pub use intake::Registered;
pub use notices::{Notice, is_invoice};
pub use operator::{Operator, Person, system};
pub use own_mail::OwnMail;
pub use parties::ToldChange;
pub use ports::*;
pub use preview::{AccountChange, ChargeChange, EntryPreview, SentPaper, Sentence};
pub use reading::read_apart;
pub use requests::Requested;
pub use restored::{Held, NumbersSince, Opening, Review};
pub use stopping::{FilledForm, SubmittedApplication, SubmittedCancellation};
pub use store::*;
pub use takeover::{Comparison, ComparisonRow, Loaded, NextDates, Preview, Takeover, sha256_of};
pub use usage::Usage;
